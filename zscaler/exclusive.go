package zscaler

import (
	"context"
	"fmt"
	"sync"
)

var _ Locker = (*Client)(nil)

// Lock implements [Locker] for the callers of this client. It waits no longer than the Timeout of the
// [Config]. Its error wraps that of the context. Nothing is kept of a key that nobody holds or waits
// for. It is independent of the locks that [Client.Do] takes for single writes, so Do may be called
// while it is held.
func (c *Client) Lock(ctx context.Context, key string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if unlock, err = c.objects.lock(ctx, key); err != nil {
		return nil, fmt.Errorf("zscaler: another change of %s is still under way, so this one was not begun: try again later: %w", key, err)
	}
	return unlock, nil
}

// An objectLocks holds a lock for every key that somebody holds or waits for.
type objectLocks struct {
	mu    sync.Mutex
	byKey map[string]*objectLock
}

// An objectLock is held by whoever has filled its slot.
type objectLock struct {
	slot  chan struct{}
	users int // that hold it or wait for it; guarded by objectLocks.mu
}

func newObjectLocks() *objectLocks { return &objectLocks{byKey: make(map[string]*objectLock)} }

func (l *objectLocks) lock(ctx context.Context, key string) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lock := l.join(key)
	select {
	case lock.slot <- struct{}{}:
		return sync.OnceFunc(func() {
			<-lock.slot
			l.leave(key, lock)
		}), nil
	case <-ctx.Done():
		l.leave(key, lock)
		return nil, ctx.Err()
	}
}

// join returns the lock of key, which stays until all who joined have left.
func (l *objectLocks) join(key string) *objectLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	lock := l.byKey[key]
	if lock == nil {
		lock = &objectLock{slot: make(chan struct{}, 1)}
		l.byKey[key] = lock
	}
	lock.users++
	return lock
}

func (l *objectLocks) leave(key string, lock *objectLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if lock.users--; lock.users == 0 {
		delete(l.byKey, key)
	}
}
