package store

import (
	"fmt"
	"log/slog"
)

const redacted = "store.Keyring[redacted]"

// String returns a fixed text.
func (k *Keyring) String() string { return redacted }

// GoString returns a fixed text.
func (k *Keyring) GoString() string { return redacted }

// Format prints a fixed text for every verb.
func (k *Keyring) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText returns a fixed text, for encoding/json and the like.
func (k *Keyring) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns a fixed text.
func (k *Keyring) LogValue() slog.Value { return slog.StringValue(redacted) }
