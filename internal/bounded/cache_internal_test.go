package bounded

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"testing"
)

func numbered(i int) (key Key) {
	binary.BigEndian.PutUint64(key[:], uint64(i))
	return key
}

// check fails the test if c holds more than it may, or miscounts it.
func (c *Cache[V]) check(t *testing.T, limit int64) {
	t.Helper()
	young, total := int64(0), int64(0)
	for _, held := range c.young {
		young += held.cost
	}
	total = young
	for key, held := range c.old {
		if _, twice := c.young[key]; !twice {
			total += held.cost
		}
	}
	if young != c.used || total > limit {
		t.Fatalf("%d held, at most %d; %d of it young, counted as %d", total, limit, young, c.used)
	}
}

// Whatever is done to it, a cache holds no more than its limit, and for a key what was last put there, or nothing.
func TestCacheProperties(t *testing.T) {
	const limit, keys = 100, 40
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 0))
		c, last := NewCache[int](limit), map[int]int{}
		for step := range 2000 {
			i := random.IntN(keys)
			switch random.IntN(10) {
			case 0:
				c.Drop(numbered(i))
				delete(last, i)
			case 1, 2, 3, 4:
				cost := 1 + random.Int64N(60) // more than half of the limit is too much
				c.Put(numbered(i), step, cost)
				if held, ok := c.young[numbered(i)]; cost <= limit/2 {
					last[i] = step
					if !ok || held.value != step {
						t.Fatalf("seed %d, step %d: what was put is not there", seed, step)
					}
				}
			default:
				value, ok := c.Get(numbered(i))
				if want, put := last[i]; ok && (!put || value != want) {
					t.Fatalf("seed %d, step %d: %d, want %d, %v", seed, step, value, want, put)
				}
			}
			c.check(t, limit)
		}
	}
}

// What is used survives generations; what is not used goes within two.
func TestCacheKeepsWhatIsUsed(t *testing.T) {
	c := NewCache[string](20)
	used, unused := numbered(-1), numbered(-2)
	c.Put(used, "used", 1)
	c.Put(unused, "unused", 1)
	for i := range 1000 {
		c.Put(numbered(i), "other", 1)
		if value, ok := c.Get(used); !ok || value != "used" {
			t.Fatalf("gone after %d others", i+1)
		}
		c.check(t, 20)
	}
	if _, ok := c.Get(unused); ok {
		t.Error("what was never used is still there")
	}
	if _, ok := c.Get(numbered(999)); !ok {
		t.Error("the last one is not there")
	}
}

// What is dropped is gone from both generations, and its room is free.
func TestCacheDrop(t *testing.T) {
	c := NewCache[string](8)
	for i := range 6 {
		c.Put(numbered(i), "value", 1) // the first four are old then
	}
	for _, i := range []int{0, 5, 99} {
		c.Drop(numbered(i))
		c.Drop(numbered(i))
		if _, ok := c.Get(numbered(i)); ok {
			t.Errorf("%d is still there", i)
		}
	}
	if _, ok := c.Get(numbered(1)); !ok {
		t.Error("another one is gone")
	}
	if c.used != 2 { // 4, and 1 that has been used
		t.Errorf("%d used", c.used)
	}
	c.check(t, 8)
}

// What costs more than a generation is not kept, and drives nothing out.
func TestCacheRefusesWhatIsTooMuch(t *testing.T) {
	c := NewCache[string](20)
	c.Put(numbered(1), "small", 1)
	c.Put(numbered(2), "too much", 11)
	if _, ok := c.Get(numbered(2)); ok {
		t.Error("kept")
	}
	c.Put(numbered(3), "just right", 10)
	for _, i := range []int{1, 3} {
		if _, ok := c.Get(numbered(i)); !ok {
			t.Errorf("%d is gone", i)
		}
	}
	c.check(t, 20)
}

// R160: many at once.
func TestCacheConcurrently(t *testing.T) {
	c := NewCache[int](64)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 1))
			for range 2000 {
				i := random.IntN(100)
				switch random.IntN(8) {
				case 0:
					c.Drop(numbered(i))
				case 1, 2, 3:
					c.Put(numbered(i), i, 1+int64(i%5))
				default:
					if value, ok := c.Get(numbered(i)); ok && value != i {
						t.Errorf("%d is %d", i, value)
					}
				}
			}
		})
	}
	all.Wait()
	c.check(t, 64)
}

// The limit is that of the whole, also where it is odd.
func TestOddLimit(t *testing.T) {
	for _, limit := range []int64{3, 9} { // 1 holds two, as long as there are two generations
		c := NewCache[int](limit)
		for i := range 100 {
			c.Put(numbered(i), i, 1)
			c.check(t, limit)
		}
	}
}

// What is dropped while it is read does not come back, since nobody puts it there. (Often enough to be seen with -race only.)
func TestDroppedEntryReturns(t *testing.T) {
	for round := range 50_000 {
		c, key := NewCache[int](8), numbered(-1)
		for i := range 5 { // the first, key, is old then
			c.Put(numbered(i-1), 1, 1)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { c.Get(key) })
		}
		all.Go(func() { c.Drop(key) })
		all.Wait()
		if _, ok := c.Get(key); ok {
			t.Fatalf("round %d: it is back", round)
		}
	}
}
