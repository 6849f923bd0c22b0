package oidcproxy_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A tally is a limiter whose buckets never fill again. It can be made to fail.
type tally struct {
	mu    sync.Mutex
	taken map[string]int
	asked []string // key, rate and burst
	fail  func(ctx context.Context) error
}

func (l *tally) Take(ctx context.Context, key string, perSecond float64, burst int) (time.Duration, error) {
	l.mu.Lock()
	fail := l.fail
	l.asked = append(l.asked, fmt.Sprint(key, " ", perSecond, " ", burst))
	l.mu.Unlock()
	if fail != nil {
		if err := fail(ctx); err != nil {
			return 0, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken == nil {
		l.taken = map[string]int{}
	}
	if l.taken[key] == burst {
		return 7 * time.Second, nil
	}
	l.taken[key]++
	return 0, nil
}

func (l *tally) questions() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.asked)
}

// replicas are three providers behind one limiter, or none.
func replicas(t *testing.T, limiter oidcproxy.Limiter, rate oidcproxy.Rate) (*rig, []http.Handler) {
	t.Helper()
	configure := func(c *oidcproxy.Config) {
		c.Limiter = limiter
		c.RateLimits = oidcproxy.RateLimits{Register: rate, Authorize: rate, Consent: rate, Callback: rate, Token: rate, Revoke: rate}
	}
	rg := newRig(t, configure)
	handlers := []http.Handler{rg.handler}
	for range 2 {
		handlers = append(handlers, rg.mount(rg.provider(configure)))
	}
	return rg, handlers
}

// through counts the requests of a peer that are let through, one replica after the other.
func through(rg *rig, handlers []http.Handler, method, path, peer string, n int) (passed int) {
	rg.Helper()
	for i := range n {
		rg.handler = handlers[i%len(handlers)]
		r := request(rg.TB, method, path, "", "Accept", "text/html")
		r.RemoteAddr = peer
		a := rg.do(r)
		if a.StatusCode != http.StatusTooManyRequests {
			passed++
		} else if a.Header.Get("Retry-After") == "" {
			rg.Errorf("%s: no Retry-After", path)
		}
	}
	return passed
}

var limited = map[string]string{"/register": "POST", "/authorize": "GET", "/consent": "POST", "/auth/callback": "GET", "/token": "POST", "/revoke": "POST"}

// R154: replicas with one limiter have one burst, for each endpoint and each address; without one each has its own.
func TestR154OneLimiterForAllReplicas(t *testing.T) {
	rate := oidcproxy.Rate{PerSecond: 0.001, Burst: 5}
	shared := &tally{}
	rg, handlers := replicas(t, shared, rate)
	alone, each := replicas(t, nil, rate)
	for path, method := range limited {
		for peer, passed := range map[string]int{"192.0.2.1:1": 5, "[2001:db8::1]:1": 5} {
			if got := through(rg, handlers, method, path, peer, 18); got != passed {
				t.Errorf("%s of %s: %d passed, want %d", path, peer, got, passed)
			}
		}
		if got := through(rg, handlers, method, path, "[2001:db8::2]:1", 3); got != 0 {
			t.Errorf("%s: %d of the same network passed", path, got)
		}
		if got := through(alone, each, method, path, "192.0.2.1:1", 18); got != 15 {
			t.Errorf("%s without a limiter: %d passed, want 15", path, got)
		}
	}
	if len(shared.taken) != 2*len(limited) {
		t.Errorf("%d buckets, want %d", len(shared.taken), 2*len(limited))
	}
	for _, asked := range shared.asked {
		if strings.Contains(asked, "192.0.2") || strings.Contains(asked, "2001:db8") || !strings.HasSuffix(asked, " 0.001 5") || len(asked) > 100 {
			t.Errorf("the limiter was asked %q", asked)
		}
	}
}

// What this process refuses is not asked about, nor what has no limit.
func TestLimiterIsAskedLast(t *testing.T) {
	shared := &tally{}
	rg, _ := replicas(t, shared, oidcproxy.Rate{PerSecond: 0.001, Burst: 2})
	through(rg, []http.Handler{rg.handler}, "POST", "/token", "192.0.2.1:1", 10)
	if got := shared.questions(); got != 2 {
		t.Errorf("asked %d times, want 2", got)
	}
	free := &tally{}
	rg, handlers := replicas(t, free, oidcproxy.Rate{PerSecond: -1})
	if got := through(rg, handlers, "POST", "/token", "192.0.2.1:1", 300); got != 300 || free.questions() != 0 {
		t.Errorf("without a limit %d of 300 passed, and the limiter was asked %d times", got, free.questions())
	}
}

// A limiter that fails, in whatever way, keeps nobody out: the limits of each process hold. It is told once, and asked again later.
func TestLimiterFails(t *testing.T) {
	for name, fail := range map[string]func(context.Context) error{
		"error": func(context.Context) error { return errors.New("down") },
		"panic": func(context.Context) error { panic("secret-of-the-limiter") },
		"hangs": func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				shared := &tally{fail: fail}
				rg, handlers := replicas(t, shared, oidcproxy.Rate{PerSecond: 0.001, Burst: 5})
				began := time.Now()
				if got := through(rg, handlers, "POST", "/token", "192.0.2.1:1", 18); got != 15 {
					t.Errorf("%d passed, want 15", got)
				}
				if took := time.Since(began); took > 3*500*time.Millisecond {
					t.Errorf("18 requests took %s", took)
				}
				if got := strings.Count(rg.logged(), "the limiter fails"); got != 3 || strings.Contains(rg.logged(), "secret-of") {
					t.Errorf("told %d times by three replicas: %s", got, rg.logged())
				}
				asked := shared.questions()
				sleep(5*time.Second - 1500*time.Millisecond)
				through(rg, handlers[:1], "POST", "/token", "192.0.2.9:1", 1)
				if got := shared.questions(); got != asked {
					t.Errorf("asked %d times more within the pause", got-asked)
				}
				sleep(1500 * time.Millisecond)
				shared.fail = nil
				if got := through(rg, handlers, "POST", "/token", "192.0.2.2:1", 18); got != 5 {
					t.Errorf("when it works again %d passed, want 5", got)
				}
			})
		})
	}
}

// A client that goes away says nothing of the limiter.
func TestLimiterWhoseClientIsGone(t *testing.T) {
	shared := &tally{fail: func(ctx context.Context) error { return ctx.Err() }}
	rg, _ := replicas(t, shared, oidcproxy.Rate{PerSecond: 0.001, Burst: 5})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rg.do(request(t, http.MethodPost, "/token", "").WithContext(ctx))
	rg.do(request(t, http.MethodPost, "/token", ""))
	if got := shared.questions(); got != 2 || strings.Contains(rg.logged(), "limiter fails") {
		t.Errorf("asked %d times, want 2: %s", got, rg.logged())
	}
}

// Replicas without common keys would count apart, which is said.
func TestLimiterWithoutKeys(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.Limiter, c.Keys = &tally{}, nil })
	if !strings.Contains(rg.logged(), "a limiter was given without master keys") {
		t.Errorf("%s", rg.logged())
	}
	if rg = newRig(t, func(c *oidcproxy.Config) { c.Limiter = &tally{} }); strings.Contains(rg.logged(), "a limiter was given") {
		t.Errorf("%s", rg.logged())
	}
}
