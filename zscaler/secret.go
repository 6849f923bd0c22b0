package zscaler

import (
	"fmt"
	"io"
	"log/slog"
)

// A Secret is a credential that does not print: fmt, log/slog and the encodings show "[redacted]".
// Reflection reaches what methods cannot hide, so do not print structs that keep one in an unexported
// field.
type Secret string

const redacted = "[redacted]"

// Reveal returns the value itself. Keep it out of logs, errors and URLs.
func (s Secret) Reveal() string { return string(s) }

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s == "" }

// String returns "[redacted]", or "" for an empty secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return fmt.Sprintf("%q", s.String()) }

// Format prints String with every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the value out of JSON, XML and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
