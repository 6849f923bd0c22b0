package store

import (
	"fmt"
	"time"
)

const maxNameBytes = 512 // of a key or an index name

// CheckEntry is for implementations of [Store]: it returns an error that wraps [ErrInvalid] when a
// key or an index name is empty or longer than 512 bytes, or when ttl is not positive. The error
// never holds the name.
func CheckEntry(key string, ttl time.Duration, indexes ...string) error {
	if err := checkName("key", key); err != nil {
		return err
	}
	for _, index := range indexes {
		if err := checkName("index name", index); err != nil {
			return err
		}
	}
	if ttl <= 0 {
		return fmt.Errorf("%w: time to live of %v is not positive", ErrInvalid, ttl)
	}
	return nil
}

func checkName(kind, name string) error {
	if name == "" {
		return fmt.Errorf("%w: empty %s", ErrInvalid, kind)
	}
	if len(name) > maxNameBytes {
		return fmt.Errorf("%w: %s of %d bytes, at most %d", ErrInvalid, kind, len(name), maxNameBytes)
	}
	return nil
}
