package remote

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

// A Published is a document of an identity provider: fetched at the first need and again, in the background, before it
// is old. One fetch at a time serves all who wait, and goes on when one of them has gone. The last good document serves
// through an outage until it is stale. Reading it takes no lock.
type Published[T any] struct {
	download func(context.Context) (T, time.Duration, error) // the document, and how long it is fresh
	stale    time.Duration                                   // age at which it counts no more

	flights singleflight.Group
	latest  atomic.Pointer[Edition[T]]
	tried   atomic.Pointer[time.Time] // when a fetch in the background began
	life    context.Context           // ends with close
	end     context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// An Edition is the document as it was last seen. It is never modified.
type Edition[T any] struct {
	Value   T
	Fetched time.Time // when value was; zero for never
	Fresh   time.Time // until when value need not be fetched again
	Asked   time.Time // when the last fetch ended
	Failure error     // of the last fetch
}

// ErrClosed is what a closed Published answers.
var ErrClosed = errors.New("the authenticator is closed")

// Waits between two fetches.
const (
	Cooldown = 30 * time.Second // while there is a document (R129)
	Retry    = 5 * time.Second  // while there is none
)

// NewPublished returns a document that download fetches, with how long it is fresh. At the age of stale it counts no more.
func NewPublished[T any](stale time.Duration, download func(context.Context) (T, time.Duration, error)) *Published[T] {
	p := &Published[T]{download: download, stale: stale}
	p.life, p.end = context.WithCancel(context.Background())
	p.latest.Store(&Edition[T]{})
	return p
}

// Latest returns what is known, without fetching anything.
func (p *Published[T]) Latest() *Edition[T] { return p.latest.Load() }

// Current returns the document that counts now, if there is one.
func (p *Published[T]) Current(now time.Time) (T, bool) {
	e := p.latest.Load()
	switch {
	case e.Fetched.IsZero() || now.Sub(e.Fetched) > p.stale:
		var none T
		return none, false
	case now.After(e.Fresh) && now.Sub(e.Asked) >= Cooldown && p.mayTry(now):
		p.flights.DoChan("", p.refresh)
	}
	return e.Value, true
}

// mayTry lets one caller in a while begin a fetch in the background.
func (p *Published[T]) mayTry(now time.Time) bool {
	last := p.tried.Load()
	if last != nil && now.Sub(*last) < Cooldown {
		return false
	}
	begins := now // so that only this one is allocated
	return p.tried.CompareAndSwap(last, &begins)
}

// Get returns the current document, or fetches it. While it cannot be fetched the last failure is the answer for a
// while.
func (p *Published[T]) Get(ctx context.Context) (T, error) {
	if value, ok := p.Current(time.Now()); ok {
		return value, nil
	}
	if e := p.latest.Load(); e.Failure != nil && time.Since(e.Asked) < Retry {
		var none T
		return none, e.Failure
	}
	return p.Newer(ctx)
}

// Newer fetches the document now, or waits for the fetch that is under way.
func (p *Published[T]) Newer(ctx context.Context) (T, error) {
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
func (p *Published[T]) refresh() (any, error) {
	if !p.begin() {
		return nil, ErrClosed
	}
	defer p.running.Done()
	value, fresh, err := p.safely()
	next := *p.latest.Load()
	next.Asked, next.Failure = time.Now(), err
	if err == nil {
		next.Value, next.Fetched, next.Fresh = value, next.Asked, next.Asked.Add(fresh)
	}
	p.latest.Store(&next)
	return value, err
}

// safely makes an error of a panic, in the HTTP client of the host for example: in the goroutine of a flight it would end the process.
func (p *Published[T]) safely() (value T, fresh time.Duration, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %T\n%s", v, debug.Stack())
		}
	}()
	return p.download(p.life)
}

func (p *Published[T]) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.running.Add(1)
	}
	return !p.closed
}

// Close ends a fetch that is under way and waits for it.
func (p *Published[T]) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.end()
	p.running.Wait()
}
