// Package bounded holds caches with a limit, for what is found by a secret.
package bounded

import (
	"crypto/sha256"
	"sync"
)

// A Key is the keyed hash of a credential.
type Key = [sha256.Size]byte

// A Cache holds values up to a total cost, in two generations: when the young one has half of it, the old one is
// dropped and the young one becomes old. What is used moves to the young one. It is safe for concurrent use.
type Cache[V any] struct {
	limit int64 // of each generation

	mu         sync.RWMutex
	young, old map[Key]costed[V]
	used       int64 // by young
}

type costed[V any] struct {
	value V
	cost  int64
}

func NewCache[V any](limit int64) *Cache[V] {
	return &Cache[V]{limit: max(limit/2, 1), young: map[Key]costed[V]{}}
}

func (c *Cache[V]) Get(key Key) (V, bool) {
	c.mu.RLock()
	held, young := c.young[key]
	found := young
	if !young {
		held, found = c.old[key]
	}
	c.mu.RUnlock()
	if found && !young {
		c.promote(key)
	}
	return held.value, found
}

// promote moves what is still among the old to the young.
func (c *Cache[V]) promote(key Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	held, old := c.old[key]
	if _, young := c.young[key]; old && !young {
		c.keep(key, held)
	}
}

// put keeps a value, unless it alone is too much.
func (c *Cache[V]) Put(key Key, value V, cost int64) {
	if cost > c.limit {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, costed[V]{value, cost})
}

// keep adds to the young. The caller holds mu.
func (c *Cache[V]) keep(key Key, held costed[V]) {
	if replaced, ok := c.young[key]; ok {
		c.used -= replaced.cost
	}
	if c.used+held.cost > c.limit {
		c.old, c.young, c.used = c.young, map[Key]costed[V]{}, 0
	}
	c.young[key] = held
	c.used += held.cost
}

func (c *Cache[V]) Drop(key Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if held, ok := c.young[key]; ok {
		c.used -= held.cost
		delete(c.young, key)
	}
	delete(c.old, key)
}
