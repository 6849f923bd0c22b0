package auth

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

// published is a document of an identity provider: fetched at the first need and again, in the background, before it
// is old. One fetch at a time serves all who wait, and goes on when one of them has gone. The last good document serves
// through an outage until it is stale. Reading it takes no lock.
type published[T any] struct {
	download func(context.Context) (T, time.Duration, error) // the document, and how long it is fresh
	stale    time.Duration                                   // age at which it counts no more

	flights singleflight.Group
	latest  atomic.Pointer[edition[T]]
	tried   atomic.Pointer[time.Time] // when a fetch in the background began
	life    context.Context           // ends with close
	end     context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// An edition is the document as it was last seen. It is never modified.
type edition[T any] struct {
	value   T
	fetched time.Time // when value was; zero for never
	fresh   time.Time // until when value need not be fetched again
	asked   time.Time // when the last fetch ended
	failure error     // of the last fetch
}

var errClosed = errors.New("the authenticator is closed")

func newPublished[T any](stale time.Duration, download func(context.Context) (T, time.Duration, error)) *published[T] {
	p := &published[T]{download: download, stale: stale}
	p.life, p.end = context.WithCancel(context.Background())
	p.latest.Store(&edition[T]{})
	return p
}

// current returns the document that counts now, if there is one.
func (p *published[T]) current(now time.Time) (T, bool) {
	e := p.latest.Load()
	switch {
	case e.fetched.IsZero() || now.Sub(e.fetched) > p.stale:
		var none T
		return none, false
	case now.After(e.fresh) && now.Sub(e.asked) >= fetchCooldown && p.mayTry(now):
		p.flights.DoChan("", p.refresh)
	}
	return e.value, true
}

// mayTry lets one caller in a while begin a fetch in the background.
func (p *published[T]) mayTry(now time.Time) bool {
	last := p.tried.Load()
	if last != nil && now.Sub(*last) < fetchCooldown {
		return false
	}
	begins := now // so that only this one is allocated
	return p.tried.CompareAndSwap(last, &begins)
}

// get returns the current document, or fetches it. While it cannot be fetched the last failure is the answer for a
// while.
func (p *published[T]) get(ctx context.Context) (T, error) {
	if value, ok := p.current(time.Now()); ok {
		return value, nil
	}
	if e := p.latest.Load(); e.failure != nil && time.Since(e.asked) < fetchRetry {
		var none T
		return none, e.failure
	}
	return p.newer(ctx)
}

// newer fetches the document now, or waits for the fetch that is under way.
func (p *published[T]) newer(ctx context.Context) (T, error) {
	var none T
	select {
	case done := <-p.flights.DoChan("", p.refresh):
		if done.Err != nil {
			return none, done.Err
		}
		return done.Val.(T), nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// refresh fetches the document. It runs once at a time.
func (p *published[T]) refresh() (any, error) {
	if !p.begin() {
		return nil, errClosed
	}
	defer p.running.Done()
	value, fresh, err := p.safely()
	next := *p.latest.Load()
	next.asked, next.failure = time.Now(), err
	if err == nil {
		next.value, next.fetched, next.fresh = value, next.asked, next.asked.Add(fresh)
	}
	p.latest.Store(&next)
	return value, err
}

// safely makes an error of a panic, in the HTTP client of the host for example: in the goroutine of a flight it would end the process.
func (p *published[T]) safely() (value T, fresh time.Duration, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %T\n%s", v, debug.Stack())
		}
	}()
	return p.download(p.life)
}

func (p *published[T]) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.running.Add(1)
	}
	return !p.closed
}

// close ends a fetch that is under way and waits for it.
func (p *published[T]) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.end()
	p.running.Wait()
}
