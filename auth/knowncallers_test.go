package auth_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/internal/bubble"
)

// R135: callers who are known and must all be checked at once, from one address, wait in a row of a few seconds and come in. When OneAPI hangs they are told
// that it cannot be asked, not that they tried too often.
func TestKnownCallersWaitInARow(t *testing.T) {
	const callers = 400
	for name, test := range map[string]struct {
		delay time.Duration
		want  map[int]int
	}{
		"slow":  {300 * time.Millisecond, map[int]int{200: callers}},
		"hangs": {time.Hour, map[int]int{503: callers}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				o := &oneAPI{}
				z := newZscaler(t, o, auth.ZscalerConfig{MaxAge: 30 * time.Minute})
				from := func(i int) *http.Request {
					return at("192.0.2.1", basicAuth(fmt.Sprint("client-", i), "s3cret"))
				}
				for i := range callers {
					if w := answered(z, from(i)); w.Code != http.StatusOK {
						t.Fatalf("caller %d: status %d", i, w.Code)
					}
					time.Sleep(time.Second)
				}
				time.Sleep(30 * time.Minute)
				o.change(func() { o.delay, o.most = test.delay, 0 })
				var all sync.WaitGroup
				var mu sync.Mutex
				got, began := map[int]int{}, time.Now()
				for i := range callers {
					all.Go(func() {
						w := answered(z, from(i))
						mu.Lock()
						defer mu.Unlock()
						got[w.Code]++
						if w.Code == 503 && w.Header().Get("Retry-After") == "" {
							t.Error("no Retry-After")
						}
					})
				}
				all.Wait()
				if fmt.Sprint(got) != fmt.Sprint(test.want) || o.most > 64 || time.Since(began) > 40*time.Second {
					t.Errorf("answers %v after %s, %d checks at once", got, time.Since(began), o.most)
				}
			})
		})
	}
}

// R137: the same where many tokens are asked about every 30 seconds and the provider is slow.
func TestKnownTokensWaitInARow(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		slow := slowed(idp, 2*time.Second)
		var lag atomic.Bool
		inner := cfg.HTTPClient.Transport
		cfg.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if lag.Load() {
				return slow.Transport.RoundTrip(r)
			}
			return inner.RoundTrip(r)
		})}
		i := newIntrospection(t, cfg)
		tokens := make([]string, 500)
		for n := range tokens {
			tokens[n] = opaque(idp, nil)
			if w := answered(i, bearing(tokens[n])); w.Code != http.StatusOK {
				t.Fatalf("caller %d: status %d", n, w.Code)
			}
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(31 * time.Second)
		lag.Store(true)
		before := idp.Requests(authtest.IntrospectionPath)
		var all sync.WaitGroup
		for n := range tokens {
			all.Go(func() {
				if w := answered(i, bearing(tokens[n])); w.Code != http.StatusOK {
					t.Errorf("status %d", w.Code)
				}
			})
		}
		all.Wait()
		if asked := idp.Requests(authtest.IntrospectionPath) - before; asked != len(tokens) {
			t.Errorf("%d questions", asked)
		}
	})
}

// A caller whose token the gateway refuses each time it is given one is checked anew ever more rarely, and meanwhile passes: the gateway's word on what it may
// do is not that on who it is.
func TestRevokedEachTime(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{attach: func(string) any {
			revoked := &revocable{}
			revoked.revoked.Store(true) // at the first use, say
			return revoked
		}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		for end := time.Now().Add(59 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			if w := answered(z, basicAuth("alice", "s3cret")); w.Code != http.StatusOK {
				t.Fatalf("status %d", w.Code)
			}
		}
		// at first, twice at once, after 1, 2, 4, ... 256 s, and then every 5 minutes
		if got := o.calls(); got < 15 || got > 25 {
			t.Errorf("%d checks in an hour", got)
		}
	})
}

type panicky struct{ from, looks atomic.Int64 }

func (p *panicky) Revoked() bool {
	if p.looks.Add(1) >= p.from.Load() {
		panic("PANICSECRET")
	}
	return false
}

// R159: an attachment whose Revoked panics has its caller checked anew; neither the request nor the process ends. It is tried in a process of its own.
func TestPanicInRevoked(t *testing.T) {
	const child = "AUTH_TEST_PANIC_REVOKED"
	if os.Getenv(child) != "" {
		for from := range int64(5) {
			o := &oneAPI{attach: func(string) any {
				p := &panicky{}
				p.from.Store(from)
				return p
			}}
			z := newZscaler(t, o, auth.ZscalerConfig{})
			for range 5 {
				if w := answered(z, basicAuth("alice", "s3cret")); w.Code != http.StatusOK {
					t.Errorf("status %d", w.Code)
				}
			}
		}
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPanicInRevoked$")
	cmd.Env = append(os.Environ(), child+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "PANICSECRET") {
		t.Errorf("the process: %v\n%.600s", err, out)
	}
}
