package store

import (
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

// Exchange is the method of an [Exchanger], for every Store: with Get and Swap where there is no such method. Then it may return ErrConflict, when others
// change the value all the time. After any other error the value may have been replaced.
func Exchange(ctx context.Context, s Store, key string, value []byte, ttl time.Duration) ([]byte, error) {
	if direct, ok := s.(Exchanger); ok {
		return direct.Exchange(ctx, key, value, ttl)
	}
	for range maxExchanges {
		old, err := s.Get(ctx, key)
		if err == nil {
			err = s.Swap(ctx, key, old, value, ttl)
		}
		if err == nil {
			return old, nil
		}
		if !errors.Is(err, ErrConflict) {
			return nil, err
		}
	}
	return nil, ErrConflict
}
