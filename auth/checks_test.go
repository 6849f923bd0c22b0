package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// R159: a panic in Verify costs the request that caused it, not the process. It is tried in a process of its own.
func TestPanicInVerify(t *testing.T) {
	const child = "AUTH_TEST_PANIC"
	if os.Getenv(child) != "" {
		z, err := auth.NewZscaler(auth.ZscalerConfig{Verify: func(context.Context, string, auth.Secret) (auth.ZscalerGrant, error) {
			panic("PANICSECRET")
		}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if w := answered(z, basicAuth("alice", "s3cret")); w.Code != http.StatusInternalServerError && w.Code != http.StatusServiceUnavailable {
				t.Errorf("status %d", w.Code)
			}
		}
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPanicInVerify$")
	cmd.Env = append(os.Environ(), child+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "PANICSECRET") {
		t.Errorf("the process: %v\n%.600s", err, out)
	}
}

// R159: the same for the transport of the HTTP client that is given to introspection.
func TestPanicInTransport(t *testing.T) {
	const child = "AUTH_TEST_PANIC_TRANSPORT"
	if os.Getenv(child) != "" {
		cfg := introspectionConfig(newIDP(t, "ES256"))
		cfg.HTTPClient = network(func(*http.Request) *http.Response { panic("PANICSECRET") })
		if got := statusOf(t, newIntrospection(t, cfg), "token-0123456789"); got != http.StatusInternalServerError && got != http.StatusServiceUnavailable {
			t.Errorf("status %d", got)
		}
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPanicInTransport$")
	cmd.Env = append(os.Environ(), child+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "PANICSECRET") {
		t.Errorf("the process: %v\n%.600s", err, out)
	}
}

// D94, R152: no verb prints the server's secret. (fmt cannot call the methods of what is in an unexported field.)
func TestIntrospectionPrintsItsSecret(t *testing.T) {
	idp := newIDP(t, "ES256")
	i := newIntrospection(t, introspectionConfig(idp))
	var logs logBuffer
	debugLog(&logs).Info("m", "i", i)
	fmt.Fprintf(&logs, "%v %+v %#v", i, i, i)
	if n := strings.Count(logs.String(), idp.ClientSecret); n > 0 {
		t.Errorf("the secret is printed %d times", n)
	}
}

// R135: a margin is left before the end of any token, also of one that lasts about as long as MaxAge.
func TestMarginOfTokensThatLastAsLongAsMaxAge(t *testing.T) {
	for _, test := range []struct{ life, maxAge, want time.Duration }{
		{time.Hour, time.Hour, 59 * time.Minute},
		{time.Hour + 30*time.Second, time.Hour, 59*time.Minute + 30*time.Second},
		{time.Hour + time.Minute, time.Hour, time.Hour},
		{10 * time.Minute, 10 * time.Minute, 9 * time.Minute},
	} {
		bubble.Test(t, func(t *testing.T) {
			z := newZscaler(t, &oneAPI{life: test.life}, auth.ZscalerConfig{MaxAge: test.maxAge})
			p, err := z.Authenticate(basicAuth("alice", "s3cret"))
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Until(p.Expires); got != test.want {
				t.Errorf("token of %s, MaxAge %s: remembered for %s, want %s", test.life, test.maxAge, got, test.want)
			}
		})
	}
}

// R135: who is known is checked at once, though a stranger's check in the same name and from the same address is under way.
func TestKnownCallerWaitsForAStrangersCheck(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}, life: 10 * time.Minute}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
		time.Sleep(9 * time.Minute)
		o.change(func() { o.delay = 5 * time.Second })
		var all sync.WaitGroup
		all.Go(func() { answered(z, basicAuth(guess("alice", 0))) })
		synctest.Wait()
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 3)
		all.Wait()
	})
}

// R135: who is known is checked at once, though strangers from everywhere have taken every check that may be under way.
func TestKnownCallerWaitsForStrangersSlots(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}, life: 10 * time.Minute}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
		time.Sleep(9 * time.Minute)
		o.change(func() { o.delay = 5 * time.Second })
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() { answered(z, at(fmt.Sprint("198.51.100.", i), basicAuth(fmt.Sprint("stranger-", i), "wrong"))) })
		}
		synctest.Wait()
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 18)
		all.Wait()
	})
}

// R135: the same for introspection, where known tokens are asked about every 30 seconds.
func TestKnownTokenWaitsForStrangersSlots(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		cfg.HTTPClient = slowed(idp, 5*time.Second)
		i := newIntrospection(t, cfg)
		known := opaque(idp, nil)
		questions(t, idp, i, bearing(known), 200, 1)
		time.Sleep(30 * time.Second)
		var all sync.WaitGroup
		for n := range 32 {
			all.Go(func() { answered(i, at("198.51.100.1", bearing(fmt.Sprintf("wrong-%010d", n)))) })
		}
		synctest.Wait()
		if w := answered(i, bearing(known)); w.Code != http.StatusOK {
			t.Errorf("status %d", w.Code)
		}
		all.Wait()
	})
}

// D91: guesses at once are no way around the wait: no time passes here, so one check of each name is all there may be.
func TestGuessesOvertakeTheWait(t *testing.T) {
	const rounds, guesses = 400, 64
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		for round := range rounds {
			before, id := o.calls(), fmt.Sprint("client-", round)
			var all sync.WaitGroup
			for i := range guesses {
				all.Go(func() {
					_, err := z.Authenticate(at(fmt.Sprintf("10.0.%d.%d", round/250, round%250), basicAuth(guess(id, i))))
					if e := (*auth.Error)(nil); !errors.As(err, &e) {
						t.Errorf("%v", err)
					}
				})
			}
			all.Wait()
			if n := o.calls() - before; n != 1 {
				t.Fatalf("round %d: %d checks of %d guesses at once", round, n, guesses)
			}
			time.Sleep(time.Second)
		}
	})
}

// R154: tokens that the provider refuses to look at (status 400, say) are tries of their sender, and throttled as such: one
// address must not use up the rate that is for everybody.
func TestRefusedQuestionsAreUnthrottled(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg, asked := introspectionConfig(idp), 0
		inner := cfg.HTTPClient.Transport
		cfg.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if err := r.ParseForm(); err != nil || strings.HasPrefix(r.PostForm.Get("token"), "garbage") {
				asked++
				return reply(http.StatusBadRequest, strings.NewReader(`{"error":"invalid_request"}`)), err
			}
			return inner.RoundTrip(r)
		})}
		i := newIntrospection(t, cfg)
		for n := range 1000 {
			answered(i, at("198.51.100.1", bearing(fmt.Sprintf("garbage-%010d", n))))
		}
		if asked > 75 { // the share of one address
			t.Errorf("%d questions about garbage of one address", asked)
		}
		if w := answered(i, bearing(opaque(idp, nil))); w.Code != http.StatusOK {
			t.Errorf("another address: status %d", w.Code)
		}
	})
}

// D91: who guesses from ever other addresses does not keep the owner out, who comes again when he is told to.
func TestOwnerStarves(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		guesses, admitted, again := 0, time.Duration(0), time.Duration(0)
		for now := time.Duration(0); now < 10*time.Minute && admitted == 0; now += 100 * time.Millisecond {
			if answered(z, at(fmt.Sprintf("[2001:db8:0:%x::1]", guesses), basicAuth(guess("alice", guesses)))).Code == http.StatusUnauthorized {
				guesses++ // each from another network
			}
			if guesses > 20 && now >= again {
				w := answered(z, basicAuth("alice", "s3cret"))
				if w.Code == http.StatusOK {
					admitted = now
				}
				seconds, _ := strconv.Atoi(w.Header().Get("Retry-After"))
				again = now + time.Duration(seconds)*time.Second
			}
			time.Sleep(100 * time.Millisecond)
		}
		if admitted == 0 {
			t.Errorf("the owner is still kept out after 10 minutes and %d guesses", guesses)
		}
	})
}
