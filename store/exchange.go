package store

import (
	"bytes"
	"context"
	"errors"
	"time"
)

// An Exchanger is a [Store] that replaces a value and returns the one before in one step, where others need two. A Store need not be one: see [Exchange].
type Exchanger interface {
	// Exchange replaces the value of key, gives it a new time to live, and returns the value that was there; of several concurrent callers one gets it,
	// the others what the one before them has put there. The indexes stay. ErrNotFound when there is no such key; ErrInvalid as Create.
	Exchange(ctx context.Context, key string, value []byte, ttl time.Duration) (old []byte, err error)
}

// maxExchanges bounds how often a value is read again that others change all the time.
const maxExchanges = 16

// Exchange is the method of an [Exchanger], for every Store: with Get and Swap where there is no such method. Then a value that nobody else makes can be told
// from others even where the answer to the Swap is lost, and ErrConflict means that others change the value all the time. After any other error the value may
// have been replaced.
func Exchange(ctx context.Context, s Store, key string, value []byte, ttl time.Duration) ([]byte, error) {
	if direct, ok := s.(Exchanger); ok {
		return direct.Exchange(ctx, key, value, ttl)
	}
	var before []byte
	var lost error // of the last Swap
	for range maxExchanges {
		found, err := s.Get(ctx, key)
		switch {
		case err != nil:
			return nil, errors.Join(lost, err)
		case lost != nil && bytes.Equal(found, value):
			return before, nil
		case lost != nil && !errors.Is(lost, ErrConflict):
			return nil, lost
		}
		if lost = s.Swap(ctx, key, found, value, ttl); lost == nil {
			return found, nil
		}
		if errors.Is(lost, ErrNotFound) {
			return nil, lost
		}
		before = found
	}
	return nil, ErrConflict
}
