package store

import "time"

// An entry is one key of a [Memory]. All fields are guarded by the store's lock.
type entry struct {
	key     string
	value   []byte
	indexes []string
	expires time.Time
	slot    int // place in the expiry queue
}

func (e *entry) live(now time.Time) bool { return now.Before(e.expires) }

// Bookkeeping of the maps and the queue that an entry costs beside its bytes, measured and rounded up.
const (
	entryOverhead = 256
	indexOverhead = 192
)

func (e *entry) size() int {
	n := entryOverhead + len(e.key) + len(e.value)
	for _, index := range e.indexes {
		n += indexOverhead + len(index)
	}
	return n
}

// An expiryQueue is a [container/heap] of entries, the first to expire on top.
type expiryQueue []*entry

func (q expiryQueue) Len() int           { return len(q) }
func (q expiryQueue) Less(i, j int) bool { return q[i].expires.Before(q[j].expires) }

func (q expiryQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].slot, q[j].slot = i, j
}

// Push is called by [container/heap] only.
func (q *expiryQueue) Push(x any) {
	e := x.(*entry)
	e.slot = len(*q)
	*q = append(*q, e)
}

// Pop is called by [container/heap] only.
func (q *expiryQueue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil // lets the entry be collected
	*q = (*q)[:last]
	return e
}
