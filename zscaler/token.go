package zscaler

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	tokenMargin      = time.Minute      // refresh this long before expiry, or a tenth of the lifetime
	tokenLife        = time.Hour        // when the endpoint names no lifetime
	tokenTimeout     = 45 * time.Second // bounds one flight, whoever waits for it
	tokenFailureLife = 3 * time.Second  // how long a failure answers for the endpoint
)

// An accessToken is one answer of the token endpoint.
type accessToken struct {
	value           string
	refresh, expiry time.Time
}

func newAccessToken(value string, expiry, now time.Time) *accessToken {
	life := expiry.Sub(now)
	if expiry.IsZero() {
		life = tokenLife
	}
	return &accessToken{
		value:   value,
		refresh: now.Add(life - min(tokenMargin, life/10)),
		expiry:  now.Add(life),
	}
}

// A tokenSource has the token that calls are sent with.
type tokenSource interface {
	get(ctx context.Context) (string, error)
	invalidate(value string) // the gateway has refused it
}

// A tokenCache hands out one access token to all callers. It fetches a new one when the cached one is
// about to expire, once for all who wait, and remembers a failure for a moment, so that wrong
// credentials do not hammer the endpoint.
type tokenCache struct {
	fetch   func(context.Context) (*accessToken, error)
	flights singleflight.Group

	mu       sync.Mutex
	current  *accessToken
	failure  error
	failedAt time.Time
	closed   bool
	running  sync.WaitGroup
	life     context.Context // ends with close
	end      context.CancelFunc
}

func newTokenCache(fetch func(context.Context) (*accessToken, error)) *tokenCache {
	c := &tokenCache{fetch: fetch}
	c.life, c.end = context.WithCancel(context.Background())
	return c
}

// get returns a token that is good for now. The flight goes on when ctx ends, for the others and for
// the next call, but not beyond its own deadline or close.
func (c *tokenCache) get(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if token, err := c.cached(time.Now()); token != "" || err != nil {
		return token, err
	}
	flight := c.flights.DoChan("", func() (any, error) { return c.fly(context.WithoutCancel(ctx)) })
	select {
	case r := <-flight:
		if r.Err != nil {
			return "", r.Err
		}
		return r.Val.(string), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// cached returns the cached token or failure; neither when the endpoint must be asked.
func (c *tokenCache) cached(now time.Time) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	recent := c.failure != nil && now.Sub(c.failedAt) < tokenFailureLife
	switch {
	case c.closed:
		return "", errClosed
	case c.current != nil && now.Before(c.current.refresh):
		return c.current.value, nil
	case recent && c.current != nil && now.Before(c.current.expiry):
		return c.current.value, nil // early refresh failed, but the old token still holds
	case recent:
		return "", c.failure
	}
	return "", nil
}

// fly asks the endpoint and stores what it answers.
func (c *tokenCache) fly(ctx context.Context) (string, error) {
	if !c.begin() {
		return "", errClosed
	}
	defer c.running.Done()
	if token, err := c.cached(time.Now()); token != "" || err != nil {
		return token, err // another flight landed between the look-up and this one
	}
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	defer context.AfterFunc(c.life, cancel)()
	token, err := c.fetch(ctx)
	return c.store(token, err)
}

func (c *tokenCache) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.running.Add(1)
	return true
}

func (c *tokenCache) store(token *accessToken, err error) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.current, c.failure = token, nil
		return token.value, nil
	}
	c.failure, c.failedAt = err, time.Now()
	if c.current != nil && time.Now().Before(c.current.expiry) {
		return c.current.value, nil
	}
	return "", err
}

// invalidate drops the token that the gateway refused, unless a newer one has replaced it.
func (c *tokenCache) invalidate(value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.current.value == value {
		c.current = nil
	}
}

// close ends the flight that is under way and waits for it.
func (c *tokenCache) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.end()
	c.running.Wait()
}
