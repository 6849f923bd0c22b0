package oidcproxy

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A revocationQueue has the refresh tokens that the identity provider must still be told to end. An administrator can end many grants in a moment.
type revocationQueue struct {
	mu     sync.Mutex
	tokens []queuedToken
	lanes  int // that work on it
}

type queuedToken struct {
	token string
	until time.Time // then it ends by itself
}

const (
	maxRevoking   = 16 // at once
	maxQueued     = 10_000
	queueTime     = 10 * time.Minute
	revokeTimeout = 30 * time.Second // of one
)

// revokeUpstream ends the identity provider's refresh token in the background (R114), as well as it can. Those for which there is no room, or no time, end by
// themselves.
func (p *Provider) revokeUpstream(token string) {
	q := &p.upRevoking
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tokens) >= maxQueued {
		return
	}
	q.tokens = append(q.tokens, queuedToken{token, time.Now().Add(queueTime)})
	if q.lanes >= maxRevoking {
		return
	}
	if !p.begin() {
		q.tokens = nil
		return
	}
	q.lanes++
	go p.revokeQueued()
}

// revokeQueued revokes until nothing is left, or the provider closes.
func (p *Provider) revokeQueued() {
	defer p.running.Done()
	for token, ok := p.upRevoking.next(p.life); ok; token, ok = p.upRevoking.next(p.life) {
		p.revokeInTime(token)
	}
}

// next takes the oldest token whose time has not passed. Without one, the lane that asks has ended.
func (q *revocationQueue) next(life context.Context) (string, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for now := time.Now(); len(q.tokens) > 0 && life.Err() == nil; {
		first := q.tokens[0]
		if q.tokens = q.tokens[1:]; first.until.After(now) {
			return first.token, true
		}
	}
	q.tokens = nil
	q.lanes--
	return "", false
}

// revokeInTime tries it a few times.
func (p *Provider) revokeInTime(token string) {
	ctx, cancel := context.WithTimeout(p.life, revokeTimeout)
	defer cancel()
	for try := range 3 {
		err := p.revokeQuietly(ctx, token)
		if err == nil || !errors.Is(err, ErrUnavailable) || !pause(ctx, time.Second<<try) {
			return
		}
	}
}

// revokeQuietly makes an error of a panic in the host's HTTP client, which would end the process.
func (p *Provider) revokeQuietly(ctx context.Context, token string) (err error) {
	defer func() {
		if recover() != nil {
			err = errUpstreamRefused
		}
	}()
	return p.upstream.revoke(ctx, token)
}
