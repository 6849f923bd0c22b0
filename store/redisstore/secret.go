package redisstore

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// A Secret is text that never prints: fmt, log/slog and encoding/json show "[redacted]" in its place.
type Secret string

// String returns a fixed text.
func (Secret) String() string { return redacted }

// GoString returns a fixed text.
func (Secret) GoString() string { return redacted }

// Format prints a fixed text for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText returns a fixed text, for encoding/json and the like.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns a fixed text.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
