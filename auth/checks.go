package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/org/zscalermcp/internal/bounded"
	"github.com/org/zscalermcp/internal/remote"
)

// checks are for credentials that somebody else must judge: each is checked once at a time, whoever waits for it, and the
// outcome is remembered for a while. A check goes on when who asked has gone. The key of a credential is a keyed hash.
type checks struct {
	hash     *bounded.Hash
	good     *bounded.Cache[verdict]
	bad      *bounded.Cache[setback]
	badAge   time.Duration // how long a wrong credential is remembered
	attempts *attempts
	flights  singleflight.Group

	life    context.Context // ends with close
	end     context.CancelFunc
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// A verdict is that a credential is good until some time. After it the credential is checked anew, and still known.
type verdict struct {
	principal *Principal
	until     time.Time
	cost      int64 // in entries of the cache; 0 means one

	early int       // how often in a row a credential was checked anew before its time, because it was revoked
	again time.Time // before this it is not
}

// A setback is a check without a verdict that the credential is good: it was wrong, or nobody could tell.
type setback struct {
	refusal *Error
	until   time.Time
}

// pauseAfterTrouble is how long a credential waits whose check could not be made: clients that try again at once must not
// add to the trouble.
const pauseAfterTrouble = time.Second

// A checker judges one credential within ctx.
type checker func(ctx context.Context) (verdict, *Error)

func newChecks(entries int, badAge time.Duration, attempts *attempts) *checks {
	c := &checks{
		hash: bounded.NewHash(), badAge: badAge, attempts: attempts,
		good: bounded.NewCache[verdict](int64(entries)), bad: bounded.NewCache[setback](int64(entries)),
	}
	c.life, c.end = context.WithCancel(context.Background())
	return c
}

// await has the credential checked, or waits for the check that is under way.
func (c *checks) await(ctx context.Context, key bounded.Key, a attempt, check checker) (*Principal, error) {
	select {
	case done := <-c.flights.DoChan(string(key[:]), func() (any, error) { return c.run(key, a, check) }):
		if done.Err != nil {
			return nil, done.Err
		}
		return done.Val.(*Principal), nil
	case <-ctx.Done():
		return nil, unavailable(ctx.Err(), pauseAfterTrouble)
	}
}

// remembered answers from memory; neither a principal nor an error means that somebody must be asked.
func (c *checks) remembered(key bounded.Key, now time.Time) (*Principal, error) {
	if v, ok := c.good.Get(key); ok && now.Before(v.until) && (!isRevoked(v.principal) || now.Before(v.again)) {
		return v.principal, nil
	}
	if s, ok := c.bad.Get(key); ok && now.Before(s.until) {
		return nil, s.refusal
	}
	return nil, nil
}

// isRevoked asks what came with the principal whether the credential must be checked anew. What panics cannot be asked.
func isRevoked(p *Principal) (revoked bool) {
	r, ok := p.attachment.(interface{ Revoked() bool })
	if !ok {
		return false
	}
	defer func() { revoked = recover() != nil || revoked }()
	return r.Revoked()
}

// run checks a credential. It runs once at a time for one key.
func (c *checks) run(key bounded.Key, a attempt, check checker) (*Principal, error) {
	if p, err := c.remembered(key, time.Now()); p != nil || err != nil { // another check has ended between look-up and this one
		return p, err
	}
	if !c.begin() {
		return nil, unavailable(remote.ErrClosed, 0)
	}
	defer c.running.Done()
	before, known := c.good.Get(key)
	a.known = known
	leave, refused := c.attempts.enter(c.life, a)
	if refused != nil {
		return nil, refused
	}
	defer leave()
	v, refusal := guarded(c.life, check)
	now := time.Now()
	if refusal == nil && !now.Before(v.until) {
		refusal = unavailable(errors.New("what was granted has ended already"), remote.Retry)
	}
	switch {
	case refusal == nil:
		c.attempts.succeeded(a)
		if known && now.Before(before.until) {
			v.early, v.again = before.early+1, now.Add(pauseBetween(before.early))
		}
		c.good.Put(key, v, max(v.cost, 1))
		return v.principal, nil
	case errors.Is(refusal, errSender):
		c.bad.Put(key, setback{refusal, now.Add(pauseAfterTrouble)}, 1)
		c.attempts.failed(a, now)
	case refusal.Status == http.StatusUnauthorized:
		c.good.Drop(key)
		c.bad.Put(key, setback{refusal, now.Add(c.badAge)}, 1)
		c.attempts.failed(a, now)
	default:
		c.bad.Put(key, setback{refusal, now.Add(pauseAfterTrouble)}, 1)
	}
	return nil, refusal
}

// pauseBetween is how long a credential is good at least that has been found revoked, and then good, n times before in a row: whoever says the one and
// whoever says the other disagree, and asking will not end that.
func pauseBetween(n int) time.Duration {
	if n == 0 {
		return 0
	}
	return min(time.Second<<min(n-1, 10), 5*time.Minute)
}

// errSender is in the cause of a refusal that counts against the sender of the credential, though it is no verdict on it.
var errSender = errors.New("the credential is not of a form that is looked at")

// guarded makes a refusal of a panic: in the goroutine of a flight it would end the process. Its value may be anything, so it is not kept.
func guarded(ctx context.Context, check checker) (v verdict, refusal *Error) {
	defer func() {
		if p := recover(); p != nil {
			v, refusal = verdict{}, internal(fmt.Errorf("panic: %T\n%s", p, debug.Stack()))
		}
	}()
	return check(ctx)
}

func (c *checks) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.running.Add(1)
	}
	return !c.closed
}

// close ends and awaits checks that are under way. What is remembered as good stays so until it must be checked.
func (c *checks) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.end()
	c.running.Wait()
}
