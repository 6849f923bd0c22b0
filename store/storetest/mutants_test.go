package storetest_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/org/zscalermcp/store"
)

// A mutant is a store with one fault, and the check that must notice it.
type mutant struct {
	noticedBy string
	wrap      func(store.Store) store.Store
}

var mutants = map[string]mutant{
	"takes and deletes in two steps": {"one of many takes wins", func(s store.Store) store.Store { return twoStepTake{s} }},
	"does not delete on take":        {"take reads once", func(s store.Store) store.Store { return readingTake{s} }},
	"overwrites on create":           {"create of a taken key changes nothing", func(s store.Store) store.Store { return overwriting{s} }},
	"creates in two steps":           {"one of many creates wins", func(s store.Store) store.Store { return twoStepCreate{s} }},
	"swaps whatever is there":        {"swap of another value changes nothing", func(s store.Store) store.Store { return blindSwap{s} }},
	"swaps in two steps":             {"swap counts every step", func(s store.Store) store.Store { return twoStepSwap{s} }},
	"never expires":                  {"entries expire", func(s store.Store) store.Store { return eternal{s} }},
	"ignores the swap's ttl":         {"swap gives a longer time to live", func(s store.Store) store.Store { return shortSwap{s} }},
	"loses indexes on swap":          {"swap keeps the indexes", func(s store.Store) store.Store { return unindexedSwap{s} }},
	"lists unsorted":                 {"list is sorted and apart per index", func(s store.Store) store.Store { return reversedList{s} }},
	"miscounts deletions":            {"delete index", func(s store.Store) store.Store { return miscount{s} }},
	"keeps the caller's slice":       {"values are copied", func(s store.Store) store.Store { return &aliasing{Store: s} }},
	"ignores the context":            {"ended context changes nothing", func(s store.Store) store.Store { return heedless{s} }},
	"takes any name":                 {"names too long or empty", func(s store.Store) store.Store { return anyName{s} }},
	"exchanges in two steps":         {"every exchanged value is returned once", func(s store.Store) store.Store { return twoStepExchange{s} }},
	"returns the new value":          {"exchange returns the value before", func(s store.Store) store.Store { return newExchange{s} }},
	"creates on exchange":            {"exchange of an absent key changes nothing", func(s store.Store) store.Store { return creatingExchange{s} }},
	"ignores the exchange's ttl":     {"exchange gives a new time to live", func(s store.Store) store.Store { return shortExchange{s} }},
	"complains of absent keys":       {"absent key", func(s store.Store) store.Store { return strictDelete{s} }},
}

// pause lets the other goroutines of a bubble come to the same point.
func pause() { time.Sleep(time.Millisecond) }

type twoStepTake struct{ store.Store }

func (s twoStepTake) Take(ctx context.Context, key string) ([]byte, error) {
	v, err := s.Get(ctx, key)
	pause()
	return v, errors.Join(err, s.Delete(ctx, key))
}

type readingTake struct{ store.Store }

func (s readingTake) Take(ctx context.Context, key string) ([]byte, error) { return s.Get(ctx, key) }

type overwriting struct{ store.Store }

func (s overwriting) Create(ctx context.Context, key string, v []byte, ttl time.Duration, indexes ...string) error {
	err := s.Store.Create(ctx, key, v, ttl, indexes...)
	if errors.Is(err, store.ErrExists) {
		_ = s.Delete(ctx, key)
		return errors.Join(err, s.Store.Create(ctx, key, v, ttl, indexes...))
	}
	return err
}

type twoStepCreate struct{ store.Store }

func (s twoStepCreate) Create(ctx context.Context, key string, v []byte, ttl time.Duration, indexes ...string) error {
	if _, err := s.Get(ctx, key); err == nil {
		return store.ErrExists
	}
	pause()
	if err := s.Store.Create(ctx, key, v, ttl, indexes...); !errors.Is(err, store.ErrExists) {
		return err
	}
	return nil
}

type blindSwap struct{ store.Store }

func (s blindSwap) Swap(ctx context.Context, key string, _, v []byte, ttl time.Duration) error {
	now, err := s.Get(ctx, key)
	if err != nil {
		return err
	}
	return s.Store.Swap(ctx, key, now, v, ttl)
}

type twoStepSwap struct{ store.Store }

func (s twoStepSwap) Swap(ctx context.Context, key string, old, v []byte, ttl time.Duration) error {
	now, err := s.Get(ctx, key)
	if err == nil && !bytes.Equal(now, old) {
		return store.ErrConflict
	}
	pause()
	if now, err = s.Get(ctx, key); err != nil {
		return err
	}
	return s.Store.Swap(ctx, key, now, v, ttl)
}

type eternal struct{ store.Store }

func (s eternal) Create(ctx context.Context, key string, v []byte, ttl time.Duration, indexes ...string) error {
	return s.Store.Create(ctx, key, v, ttl*1000, indexes...)
}

type shortSwap struct{ store.Store }

func (s shortSwap) Swap(ctx context.Context, key string, old, v []byte, ttl time.Duration) error {
	return s.Store.Swap(ctx, key, old, v, min(ttl, time.Second))
}

type unindexedSwap struct{ store.Store }

func (s unindexedSwap) Swap(ctx context.Context, key string, old, v []byte, ttl time.Duration) error {
	if err := s.Store.Swap(ctx, key, old, v, ttl); err != nil {
		return err
	}
	return errors.Join(s.Delete(ctx, key), s.Create(ctx, key, v, ttl))
}

type reversedList struct{ store.Store }

func (s reversedList) List(ctx context.Context, index string) ([]string, error) {
	keys, err := s.Store.List(ctx, index)
	slices.Reverse(keys)
	return keys, err
}

type miscount struct{ store.Store }

func (s miscount) DeleteIndex(ctx context.Context, index string) (int, error) {
	n, err := s.Store.DeleteIndex(ctx, index)
	return n / 2, err
}

type aliasing struct {
	store.Store
	given sync.Map
}

func (s *aliasing) Create(ctx context.Context, key string, v []byte, ttl time.Duration, indexes ...string) error {
	s.given.Store(key, v)
	return s.Store.Create(ctx, key, v, ttl, indexes...)
}

func (s *aliasing) Get(ctx context.Context, key string) ([]byte, error) {
	if _, err := s.Store.Get(ctx, key); err != nil {
		return nil, err
	}
	v, _ := s.given.Load(key)
	return v.([]byte), nil
}

type heedless struct{ store.Store }

func (s heedless) Delete(ctx context.Context, key string) error {
	return s.Store.Delete(context.WithoutCancel(ctx), key)
}

type anyName struct{ store.Store }

func (s anyName) Create(ctx context.Context, key string, v []byte, ttl time.Duration, indexes ...string) error {
	if key == "" {
		key = "empty"
	}
	return s.Store.Create(ctx, strings.TrimSpace(key), v, ttl, indexes...)
}

type strictDelete struct{ store.Store }

func (s strictDelete) Delete(ctx context.Context, key string) error {
	if _, err := s.Get(ctx, key); err != nil {
		return err
	}
	return s.Store.Delete(ctx, key)
}

type twoStepExchange struct{ store.Store }

func (s twoStepExchange) Exchange(ctx context.Context, key string, v []byte, ttl time.Duration) ([]byte, error) {
	old, err := s.Get(ctx, key)
	pause()
	return old, errors.Join(err, blindSwap(s).Swap(ctx, key, nil, v, ttl))
}

type newExchange struct{ store.Store }

func (s newExchange) Exchange(ctx context.Context, key string, v []byte, ttl time.Duration) ([]byte, error) {
	_, err := store.Exchange(ctx, s.Store, key, v, ttl)
	return v, err
}

type creatingExchange struct{ store.Store }

func (s creatingExchange) Exchange(ctx context.Context, key string, v []byte, ttl time.Duration) ([]byte, error) {
	old, err := store.Exchange(ctx, s.Store, key, v, ttl)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errors.Join(err, s.Create(ctx, key, v, ttl))
	}
	return old, err
}

type shortExchange struct{ store.Store }

func (s shortExchange) Exchange(ctx context.Context, key string, v []byte, ttl time.Duration) ([]byte, error) {
	return store.Exchange(ctx, s.Store, key, v, min(ttl, time.Second))
}
