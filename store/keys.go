package store

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// GenerateKey returns a new random master key of 32 bytes.
func GenerateKey() []byte {
	key := make([]byte, minKeyBytes)
	_, _ = rand.Read(key) // never fails: the process ends if the system has no randomness
	return key
}

// ParseKeys reads master keys from configuration: a comma-separated list, the sealing key first,
// each of at least 32 bytes in hex, base64 or base64url, with or without padding. Text that is hex
// is read as hex. The error names every bad entry by its place and never by its content.
func ParseKeys(s string) ([][]byte, error) {
	entries := strings.Split(s, ",")
	keys := make([][]byte, 0, len(entries))
	var mistakes []error
	for i, text := range entries {
		key, err := parseKey(strings.TrimSpace(text))
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("store: master key %d %w", i+1, err))
			continue
		}
		keys = append(keys, key)
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return keys, nil
}

func parseKey(text string) ([]byte, error) {
	if text == "" {
		return nil, errors.New("is empty")
	}
	key, ok := decodeKey(text)
	if !ok {
		return nil, errors.New("is neither hex nor base64 nor base64url")
	}
	if len(key) < minKeyBytes {
		return nil, fmt.Errorf("has %d bytes, but needs %d", len(key), minKeyBytes)
	}
	return key, nil
}

// decodeKey drops the errors of the decoders, since they quote the text.
func decodeKey(text string) ([]byte, bool) {
	if strings.ContainsAny(text, "\r\n") { // which base64 would skip
		return nil, false
	}
	if key, err := hex.DecodeString(text); err == nil {
		return key, true
	}
	text = strings.TrimRight(text, "=")
	text = strings.NewReplacer("+", "-", "/", "_").Replace(text)
	key, err := base64.RawURLEncoding.DecodeString(text)
	return key, err == nil
}
