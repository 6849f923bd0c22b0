package store

import (
	"bytes"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Errors of a [Memory].
var (
	ErrFull   = errors.New("store: full")
	ErrClosed = errors.New("store: closed")
)

// A MemoryConfig bounds a [Memory]. The zero value has the defaults.
type MemoryConfig struct {
	MaxEntries int // entries held at once; 0 or less means 100,000
	MaxBytes   int // bytes of keys, values and index names, with bookkeeping; 0 or less means 64 MiB
}

// A Memory is a [Store] in the memory of this process. It runs no goroutine: an expired entry is
// absent at once, and its memory is given back by later calls, a few entries each.
type Memory struct {
	maxEntries, maxBytes int

	mu      sync.Mutex
	closed  bool
	entries map[string]*entry
	indexes map[string]map[string]*entry
	queue   expiryQueue
	bytes   int
}

var (
	_ Store     = (*Memory)(nil)
	_ Exchanger = (*Memory)(nil)
)

// NewMemory returns an empty store. When it is full, Create (and a Swap for a longer value) fails
// with an error that wraps [ErrFull]; a live entry is never dropped to make room.
func NewMemory(cfg MemoryConfig) *Memory {
	m := &Memory{
		maxEntries: cfg.MaxEntries,
		maxBytes:   cfg.MaxBytes,
		entries:    map[string]*entry{},
		indexes:    map[string]map[string]*entry{},
	}
	if m.maxEntries <= 0 {
		m.maxEntries = 100_000
	}
	if m.maxBytes <= 0 {
		m.maxBytes = 64 << 20
	}
	return m
}

// Create implements [Store].
func (m *Memory) Create(ctx context.Context, key string, value []byte, ttl time.Duration, indexes ...string) error {
	if err := CheckEntry(key, ttl, indexes...); err != nil {
		return err
	}
	return m.do(ctx, func(now time.Time) error {
		if old := m.entries[key]; old != nil {
			if old.live(now) {
				return ErrExists
			}
			m.remove(old)
		}
		e := &entry{key: strings.Clone(key), value: slices.Clone(value), expires: now.Add(ttl), indexes: distinct(indexes)}
		if err := m.makeRoom(now, 1, e.size()); err != nil {
			return err
		}
		m.insert(e)
		return nil
	})
}

// Get implements [Store].
func (m *Memory) Get(ctx context.Context, key string) (value []byte, err error) {
	err = m.do(ctx, func(now time.Time) error {
		e := m.entries[key]
		if e == nil || !e.live(now) {
			return ErrNotFound
		}
		value = slices.Clone(e.value)
		return nil
	})
	return value, err
}

// Take implements [Store].
func (m *Memory) Take(ctx context.Context, key string) (value []byte, err error) {
	err = m.do(ctx, func(now time.Time) error {
		e := m.entries[key]
		if e == nil || !e.live(now) {
			return ErrNotFound
		}
		value = e.value
		m.remove(e)
		return nil
	})
	return value, err
}

// Swap implements [Store].
func (m *Memory) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) error {
	if err := CheckEntry(key, ttl); err != nil {
		return err
	}
	return m.do(ctx, func(now time.Time) error {
		e := m.entries[key]
		if e == nil || !e.live(now) {
			return ErrNotFound
		}
		if !bytes.Equal(e.value, old) {
			return ErrConflict
		}
		return m.replace(now, e, value, ttl)
	})
}

// Exchange implements [Exchanger].
func (m *Memory) Exchange(ctx context.Context, key string, value []byte, ttl time.Duration) (old []byte, err error) {
	if err := CheckEntry(key, ttl); err != nil {
		return nil, err
	}
	err = m.do(ctx, func(now time.Time) error {
		e := m.entries[key]
		if e == nil || !e.live(now) {
			return ErrNotFound
		}
		before := e.value // which nobody changes: replace puts another in its place
		if err := m.replace(now, e, value, ttl); err != nil {
			return err
		}
		old = before
		return nil
	})
	return old, err
}

// replace gives a live entry another value. The caller holds mu.
func (m *Memory) replace(now time.Time, e *entry, value []byte, ttl time.Duration) error {
	growth := len(value) - len(e.value)
	if err := m.makeRoom(now, 0, growth); err != nil {
		return err
	}
	m.bytes += growth
	e.value = slices.Clone(value)
	e.expires = now.Add(ttl)
	heap.Fix(&m.queue, e.slot)
	return nil
}

// Delete implements [Store].
func (m *Memory) Delete(ctx context.Context, key string) error {
	return m.do(ctx, func(time.Time) error {
		if e := m.entries[key]; e != nil {
			m.remove(e)
		}
		return nil
	})
}

// List implements [Store].
func (m *Memory) List(ctx context.Context, index string) (keys []string, err error) {
	err = m.do(ctx, func(now time.Time) error {
		for key, e := range m.indexes[index] {
			if e.live(now) {
				keys = append(keys, key)
			}
		}
		return nil
	})
	slices.Sort(keys)
	return keys, err
}

// DeleteIndex implements [Store].
func (m *Memory) DeleteIndex(ctx context.Context, index string) (count int, err error) {
	err = m.do(ctx, func(now time.Time) error {
		for _, e := range m.indexes[index] {
			if e.live(now) {
				count++
			}
			m.remove(e)
		}
		return nil
	})
	return count, err
}

// Close forgets every entry. Later calls fail with [ErrClosed]; closing again is no error.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.entries, m.indexes, m.queue, m.bytes = nil, nil, nil, 0
	return nil
}

// purgeStep is how many expired entries a call removes at most. More than one, so that the purge
// keeps up with any mix of calls; few, so that no call pays for many.
const purgeStep = 8

// do runs f under the lock, at one instant.
func (m *Memory) do(ctx context.Context, f func(now time.Time) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	now := time.Now()
	for range purgeStep {
		if !m.purge(now) {
			break
		}
	}
	return f(now)
}

// purge removes one expired entry, and reports whether there was one.
func (m *Memory) purge(now time.Time) bool {
	if len(m.queue) == 0 || m.queue[0].live(now) {
		return false
	}
	m.remove(m.queue[0])
	return true
}

// makeRoom removes expired entries until so many more entries and bytes fit.
func (m *Memory) makeRoom(now time.Time, entries, size int) error {
	for len(m.entries)+entries > m.maxEntries || size > m.maxBytes-m.bytes {
		if !m.purge(now) {
			return fmt.Errorf("%w: %d of %d entries, %d of %d bytes are in use", ErrFull, len(m.entries), m.maxEntries, m.bytes, m.maxBytes)
		}
	}
	return nil
}

func (m *Memory) insert(e *entry) {
	m.entries[e.key] = e
	m.bytes += e.size()
	heap.Push(&m.queue, e)
	for _, index := range e.indexes {
		if m.indexes[index] == nil {
			m.indexes[index] = map[string]*entry{}
		}
		m.indexes[index][e.key] = e
	}
}

func (m *Memory) remove(e *entry) {
	delete(m.entries, e.key)
	m.bytes -= e.size()
	heap.Remove(&m.queue, e.slot)
	for _, index := range e.indexes {
		delete(m.indexes[index], e.key)
		if len(m.indexes[index]) == 0 {
			delete(m.indexes, index)
		}
	}
}

// distinct returns a sorted copy of names without repetitions. The names are copied too, lest they
// keep the longer strings alive that they were cut from.
func distinct(names []string) []string {
	sorted := make([]string, len(names))
	for i, name := range names {
		sorted[i] = strings.Clone(name)
	}
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
