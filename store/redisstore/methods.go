package redisstore

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/org/zscalermcp/store"
)

// Create implements [store.Store].
func (s *Store) Create(ctx context.Context, key string, value []byte, ttl time.Duration, indexes ...string) error {
	if err := store.CheckEntry(key, ttl, indexes...); err != nil {
		return err
	}
	names := slices.Compact(slices.Sorted(slices.Values(indexes)))
	keys := append(make([]string, 0, 1+len(names)), s.entryKey(key))
	for _, name := range names {
		keys = append(keys, s.indexKey(name))
	}
	answer, err := s.call(ctx, scriptCreate, keys, key, append(head(names), value...), micros(ttl))
	if err == nil && status(answer) != done {
		err = store.ErrExists
	}
	return err
}

// Get implements [store.Store]. Now and then it is a script too, so that the time of the server stays known.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	entry, err := s.read(ctx, key)
	if errors.Is(err, redis.Nil) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return body(entry)
}

func (s *Store) read(ctx context.Context, key string) (string, error) {
	if s.clock.isOld() {
		answer, err := s.call(ctx, scriptGet, []string{s.entryKey(key)})
		if err != nil {
			return "", err
		}
		if status(answer) == absent {
			return "", redis.Nil
		}
		entry, err := value(answer)
		return string(entry), err
	}
	ctx, cancel, err := s.begin(ctx)
	if err != nil {
		return "", err
	}
	defer cancel()
	entry, err := s.client.Get(ctx, s.entryKey(key)).Result()
	if err != nil {
		return "", failure(ctx, err)
	}
	return entry, nil
}

// Take implements [store.Store].
func (s *Store) Take(ctx context.Context, key string) ([]byte, error) {
	answer, err := s.call(ctx, scriptTake, []string{s.entryKey(key)}, key, s.indexKey(""))
	if err != nil {
		return nil, err
	}
	if status(answer) != done {
		return nil, store.ErrNotFound
	}
	return value(answer)
}

// Swap implements [store.Store].
func (s *Store) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) error {
	if err := store.CheckEntry(key, ttl); err != nil {
		return err
	}
	answer, err := s.call(ctx, scriptSwap, []string{s.entryKey(key)}, key, s.indexKey(""), nonNil(value), micros(ttl), nonNil(old))
	if err != nil {
		return err
	}
	switch status(answer) {
	case done:
		return nil
	case refused:
		return store.ErrConflict
	}
	return store.ErrNotFound
}

// Exchange implements [store.Exchanger].
func (s *Store) Exchange(ctx context.Context, key string, replacement []byte, ttl time.Duration) (old []byte, err error) {
	if err := store.CheckEntry(key, ttl); err != nil {
		return nil, err
	}
	answer, err := s.call(ctx, scriptExchange, []string{s.entryKey(key)}, key, s.indexKey(""), nonNil(replacement), micros(ttl))
	if err != nil {
		return nil, err
	}
	if status(answer) != done {
		return nil, store.ErrNotFound
	}
	return value(answer)
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string) error {
	_, err := s.call(ctx, scriptDelete, []string{s.entryKey(key)}, key, s.indexKey(""))
	return err
}

// List implements [store.Store].
func (s *Store) List(ctx context.Context, index string) ([]string, error) {
	answer, err := s.call(ctx, scriptList, []string{s.indexKey(index)})
	if err != nil || len(answer) <= atValue {
		return nil, err
	}
	members, _ := answer[atValue].([]any)
	var keys []string
	for _, member := range members {
		if key, ok := member.(string); ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// DeleteIndex implements [store.Store]. It reads and deletes all entries in one script, during which the server does nothing else: indexes should be small.
func (s *Store) DeleteIndex(ctx context.Context, index string) (int, error) {
	answer, err := s.call(ctx, scriptDeleteIndex, []string{s.indexKey(index)}, index, s.indexKey(""), s.entryKey(""))
	if err != nil {
		return 0, err
	}
	return int(status(answer)), nil
}

// nonNil is a value as the client can send it.
func nonNil(value []byte) []byte {
	if value == nil {
		return []byte{}
	}
	return value
}
