package zscaler_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/zscaler"
)

func limited(cfg *zscaler.Config) { cfg.Limits = nil }

// TestRequestRate counts what reaches the tenant in the first ten seconds when everybody calls at once.
func TestRequestRate(t *testing.T) {
	for path, most := range map[string]int{labels: 2 + 20, segments: 20 + 20, "/ziam/admin/api/v1/users": 60} {
		bubble.Test(t, func(t *testing.T) {
			f := &fake{answer: replies(is(200, `[]`))}
			c := newClient(t, f, limited, func(cfg *zscaler.Config) { cfg.MaxWait = time.Minute })
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			start := time.Now()
			var wg sync.WaitGroup
			for range 60 {
				wg.Go(func() {
					if _, err := c.Do(ctx, get(path)); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			early := 0
			for _, s := range f.sent() {
				if s.at.Sub(start) <= 10*time.Second {
					early++
				}
			}
			if early != most {
				t.Errorf("%s: %d calls in 10 s, want %d", path, early, most)
			}
		})
	}
}

// TestRateIsPerEndpoint: ZIA counts each resource by itself, so another one is not held back.
func TestRateIsPerEndpoint(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		c := newClient(t, &fake{answer: replies(is(200, `{}`))}, limited)
		write := func(path string) time.Duration {
			start := time.Now()
			if _, err := do(t, c, &zscaler.Request{Method: "DELETE", Path: path}); err != nil {
				t.Fatal(err)
			}
			return time.Since(start)
		}
		first, other, again := write(labels+"/1"), write("/zia/api/v1/locations/1"), write(labels+"/2")
		if first != 0 || other != 0 || again != time.Second {
			t.Error(first, other, again)
		}
	})
}

func TestUsedUpRateIsAnError(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{answer: replies(is(200, `[]`))}
		c := newClient(t, f, limited)
		for range 100 {
			if _, err := do(t, c, get("/zcc/papi/public/v1/getDevices")); err != nil {
				t.Fatal(err)
			}
		}
		_, err := do(t, c, get("/zcc/papi/public/v1/getDevices"))
		e := (*zscaler.LimitError)(nil)
		if !errors.As(err, &e) || e.RetryAfter != 36*time.Second || !strings.Contains(err.Error(), "Wait 36 seconds") || len(f.sent()) != 100 {
			t.Fatal(err, len(f.sent()))
		}
		time.Sleep(36 * time.Second)
		if _, err := do(t, c, get("/zcc/papi/public/v1/getDevices")); err != nil {
			t.Error(err)
		}
	})
}

// TestWritesAreSerialised: changes that share a lock never overlap; reads and other locks run free.
func TestWritesAreSerialised(t *testing.T) {
	const policy = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/policySet/1/rule"
	for name, test := range map[string]struct {
		a, b *zscaler.Request
		want int32
	}{
		"ZIA writes":            {&zscaler.Request{Method: "DELETE", Path: labels}, &zscaler.Request{Method: "PUT", Path: "/zia/api/v1/locations"}, 1},
		"ZTW writes":            {&zscaler.Request{Method: "DELETE", Path: "/ztw/a"}, &zscaler.Request{Method: "DELETE", Path: "/ztw/b"}, 1},
		"ZIA and ZTW":           {&zscaler.Request{Method: "DELETE", Path: labels}, &zscaler.Request{Method: "DELETE", Path: "/ztw/b"}, 2},
		"ZIA read and write":    {&zscaler.Request{Method: "DELETE", Path: labels}, get(labels), 2},
		"ZIA look-up and write": {&zscaler.Request{Method: "DELETE", Path: labels}, &zscaler.Request{Method: "POST", Path: "/zia/api/v1/urlLookup", Safe: true}, 2},
		"ZPA policy writes":     {&zscaler.Request{Method: "POST", Path: policy}, &zscaler.Request{Method: "DELETE", Path: policy + "/2"}, 1},
		"ZPA other writes":      {&zscaler.Request{Method: "POST", Path: segments}, &zscaler.Request{Method: "POST", Path: policy}, 2},
	} {
		bubble.Test(t, func(t *testing.T) {
			var now, most atomic.Int32
			f := &fake{answer: func(int, *http.Request) (*http.Response, error) {
				if n := now.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second)
				now.Add(-1)
				return reply(200, `{}`), nil
			}}
			c := newClient(t, f)
			var wg sync.WaitGroup
			for _, req := range []*zscaler.Request{test.a, test.b} {
				wg.Go(func() {
					if _, err := c.Do(t.Context(), req); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if most.Load() != test.want {
				t.Errorf("%s: %d at once, want %d", name, most.Load(), test.want)
			}
		})
	}
}

// TestLockWaitObeysContext: a caller in the queue can leave it, and nothing was sent for him.
func TestLockWaitObeysContext(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{answer: func(int, *http.Request) (*http.Response, error) {
			time.Sleep(30 * time.Second)
			return reply(200, `{}`), nil
		}}
		c := newClient(t, f)
		go func() { _, _ = c.Do(t.Context(), &zscaler.Request{Method: "DELETE", Path: labels}) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Do(ctx, &zscaler.Request{Method: "DELETE", Path: labels})
		e := (*zscaler.NetworkError)(nil)
		if !errors.As(err, &e) || e.Sent || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "another change") {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if n := len(f.sent()); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}
