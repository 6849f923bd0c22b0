package oidcproxy_test

import (
	"context"
	"sync"
	"time"

	"github.com/org/zscalermcp/store"
)

// counting is a store that tells how many entries it has, and can be made to fail.
type counting struct {
	store.Store
	mu    sync.Mutex
	keys  map[string]bool
	fail  func(op string) error
	calls []string
}

func newCounting() *counting {
	return &counting{Store: store.NewMemory(store.MemoryConfig{MaxEntries: 1 << 20, MaxBytes: 1 << 30}), keys: map[string]bool{}}
}

func (s *counting) before(op string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, op)
	if s.fail != nil {
		return s.fail(op)
	}
	return nil
}

func (s *counting) Create(ctx context.Context, key string, value []byte, ttl time.Duration, indexes ...string) error {
	if err := s.before("create"); err != nil {
		return err
	}
	err := s.Store.Create(ctx, key, value, ttl, indexes...)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[key] = true
	return err
}

func (s *counting) Get(ctx context.Context, key string) ([]byte, error) {
	if err := s.before("get"); err != nil {
		return nil, err
	}
	return s.Store.Get(ctx, key)
}

func (s *counting) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) error {
	if err := s.before("swap"); err != nil {
		return err
	}
	return s.Store.Swap(ctx, key, old, value, ttl)
}

func (s *counting) Exchange(ctx context.Context, key string, value []byte, ttl time.Duration) ([]byte, error) {
	if err := s.before("exchange"); err != nil {
		return nil, err
	}
	return store.Exchange(ctx, s.Store, key, value, ttl)
}

func (s *counting) Delete(ctx context.Context, key string) error {
	if err := s.before("delete"); err != nil {
		return err
	}
	return s.Store.Delete(ctx, key)
}

func (s *counting) Take(ctx context.Context, key string) ([]byte, error) {
	if err := s.before("take"); err != nil {
		return nil, err
	}
	return s.Store.Take(ctx, key)
}

func (s *counting) List(ctx context.Context, index string) ([]string, error) {
	if err := s.before("list"); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, index)
}

// called returns the calls since the last time.
func (s *counting) called() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

// live returns the entries that are there.
func (s *counting) live() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]byte{}
	for key := range s.keys {
		if value, err := s.Store.Get(context.Background(), key); err == nil {
			all[key] = value
		}
	}
	return all
}

// entries counts what is stored.
func (rg *rig) entries() int { return len(rg.store.(*counting).live()) }

// failing makes the store fail from now on; nil ends it.
func (rg *rig) failing(fail func(op string) error) {
	s := rg.store.(*counting)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}
