package store

import (
	"context"
	"errors"
	"time"
)

// Errors that a [Store] returns, to be tested with [errors.Is]. Any other error means that the store
// could not be asked: the caller must fail closed and let the client retry.
var (
	ErrNotFound = errors.New("store: no such key")
	ErrExists   = errors.New("store: key exists")
	ErrConflict = errors.New("store: value has changed")
	ErrInvalid  = errors.New("store: invalid argument") // a caller's mistake, see [CheckEntry]
)

// A Store holds the state that must outlive a request or be shared by replicas. Every method is
// atomic and safe for concurrent use. Keys and index names are at most 512 bytes; an entry whose
// time to live has passed is absent for every method at once. Values belong to the side that made
// them: a Store copies what it is given, and what it returns is the caller's to change. A method
// called with a context that has ended changes nothing and returns the context's error.
type Store interface {
	// Create stores value under key for ttl (which must be positive) and adds key to the named
	// indexes. ErrExists: the key is taken, and nothing has changed. ErrInvalid: see [CheckEntry].
	Create(ctx context.Context, key string, value []byte, ttl time.Duration, indexes ...string) error
	// Get returns the value of key, or ErrNotFound.
	Get(ctx context.Context, key string) ([]byte, error)
	// Take returns the value of key and deletes it; of several concurrent callers one gets the
	// value, the others ErrNotFound.
	Take(ctx context.Context, key string) ([]byte, error)
	// Swap replaces the value of key, if it is still old, and gives it a new time to live. The
	// indexes stay. ErrNotFound, or ErrConflict when the value is another; ErrInvalid as Create.
	Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) error
	// Delete removes key; an absent key is no error.
	Delete(ctx context.Context, key string) error
	// List returns the live keys of index, sorted.
	List(ctx context.Context, index string) ([]string, error)
	// DeleteIndex deletes every live key of index and returns how many there were.
	DeleteIndex(ctx context.Context, index string) (int, error)
}
