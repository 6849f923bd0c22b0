package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/internal/bubble"
)

// R154: wrong tokens of one address cause 75 questions at once, 12 a second, and after 200 of them one in a while of up to 30 seconds; nobody else is
// kept waiting.
func TestFloodOfWrongTokens(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		i := newIntrospection(t, introspectionConfig(idp))
		known := opaque(idp, map[string]any{"exp": time.Now().Add(24 * time.Hour).Unix()})
		questions(t, idp, i, at("192.0.2.3", bearing(known)), 200, 1)
		for n := range 1000 {
			status := http.StatusUnauthorized
			if n >= 75 {
				status = http.StatusTooManyRequests
			}
			questions(t, idp, i, bearing(fmt.Sprintf("wrong-%010d", n)), status, min(n+2, 76))
			questions(t, idp, i, bearing(known), 200, min(n+2, 76))
		}
		if w := answered(i, bearing("wrong-again-0123456789")); w.Header().Get("Retry-After") != "1" || w.Header().Get("Www-Authenticate") != "" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
		questions(t, idp, i, at("192.0.2.2", bearing(opaque(idp, nil))), 200, 77)
		questions(t, idp, i, at("192.0.2.2", bearing("wrong-0123456789")), 401, 78)
		fresh := opaque(idp, nil)
		questions(t, idp, i, bearing(fresh), 429, 78)
		time.Sleep(time.Second)
		questions(t, idp, i, bearing(fresh), 200, 79)
		before := idp.Requests(authtest.IntrospectionPath)
		flood := func(period time.Duration) (asked int) {
			t.Helper()
			begin := idp.Requests(authtest.IntrospectionPath)
			for end := time.Now().Add(period); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				answered(i, bearing(fmt.Sprint("later-", time.Now().UnixNano())))
			}
			return idp.Requests(authtest.IntrospectionPath) - begin
		}
		if asked := flood(8 * time.Second); asked < 100 || asked > 112 { // 12.5 a second, and what was left of the second before
			t.Errorf("%d questions in 8 seconds", asked)
		}
		flood(time.Minute) // in which the free failures end
		for range 20 {
			if asked := flood(30 * time.Second); asked > 1 {
				t.Errorf("%d questions in half a minute", asked)
			}
			if got := guardedBy(i)(bearing(known)); got != http.StatusOK {
				t.Fatalf("known token: status %d", got)
			}
		}
		if asked := idp.Requests(authtest.IntrospectionPath) - before; asked < 120 {
			t.Errorf("%d questions: the test shows nothing", asked)
		}
	})
}

// R154, R158: tokens that were good and have ended count for nobody: many callers behind one address, each with a token that has just expired, come in with
// the next one.
func TestEndOfTokensThrottlesNobody(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		i := newIntrospection(t, cfg)
		through := guardedBy(i)
		token := func() string { return opaque(idp, map[string]any{"exp": time.Now().Add(time.Minute).Unix()}) }
		tokens := make([]string, 400)
		for n := range tokens {
			tokens[n] = token()
			if got := through(bearing(tokens[n])); got != http.StatusOK {
				t.Fatalf("caller %d: status %d", n, got)
			}
			time.Sleep(100 * time.Millisecond)
		}
		for range 3 {
			time.Sleep(time.Minute)
			for n := range tokens {
				if got := through(bearing(tokens[n])); got != http.StatusUnauthorized {
					t.Fatalf("expired token of caller %d: status %d", n, got)
				}
				tokens[n] = token()
				if got := through(bearing(tokens[n])); got != http.StatusOK {
					t.Fatalf("fresh token of caller %d: status %d", n, got)
				}
				time.Sleep(100 * time.Millisecond)
			}
		}
	})
}

// R137: strangers from everywhere cause 100 questions at once and 50 a second; tokens that are known are asked about all the same.
func TestFloodOfWrongTokensFromEverywhere(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		i := newIntrospection(t, introspectionConfig(idp))
		known := opaque(idp, nil)
		questions(t, idp, i, bearing(known), 200, 1)
		time.Sleep(30 * time.Second)
		through := guardedBy(i)
		for n := range 1000 {
			got := through(at(fmt.Sprintf("10.0.%d.%d", n/250, n%250), bearing(fmt.Sprintf("wrong-%010d", n))))
			if got != http.StatusUnauthorized && got != http.StatusTooManyRequests {
				t.Errorf("stranger: status %d", got)
			}
			if got := through(bearing(known)); got != http.StatusOK {
				t.Errorf("known token: status %d", got)
			}
		}
		if got := idp.Requests(authtest.IntrospectionPath); got != 102 {
			t.Errorf("%d questions in an instant", got-2)
		}
		time.Sleep(time.Second)
		for n := range 100 {
			through(at(fmt.Sprint("10.1.0.", n), bearing(fmt.Sprintf("later-%010d", n))))
		}
		if got := idp.Requests(authtest.IntrospectionPath); got < 151 || got > 152 {
			t.Errorf("%d questions a second later", got-102)
		}
	})
}

// R154: the address is that which a trusted proxy names, and IPv6 counts by networks.
func TestFloodOfWrongTokensBehindAProxy(t *testing.T) {
	for name, test := range map[string]struct {
		proxies auth.Proxies
		header  func(n int) string
		asked   int
	}{
		"untrusted":        {auth.Proxies{}, func(n int) string { return fmt.Sprint("198.51.100.", n) }, 75},
		"trusted":          {proxies("192.0.2.1"), func(n int) string { return fmt.Sprint("198.51.100.", n) }, 90},
		"one client":       {proxies("192.0.2.1"), func(int) string { return "198.51.100.1" }, 75},
		"one network":      {proxies("192.0.2.1"), func(n int) string { return fmt.Sprintf("2001:db8::%x", n) }, 75},
		"one site":         {proxies("192.0.2.1"), func(n int) string { return fmt.Sprintf("2001:db8:0:%x::1", n) }, 75},
		"several networks": {proxies("192.0.2.1"), func(n int) string { return fmt.Sprintf("2001:db8:%x::1", n) }, 90},
	} {
		bubble.Test(t, func(t *testing.T) {
			idp := newIDP(t, "ES256")
			cfg := introspectionConfig(idp)
			cfg.Proxies = test.proxies
			i := newIntrospection(t, cfg)
			for n := range 90 {
				r := bearing(fmt.Sprintf("wrong-%010d", n))
				r.Header.Set("X-Forwarded-For", test.header(n))
				answered(i, r)
			}
			if got := idp.Requests(authtest.IntrospectionPath); got != test.asked {
				t.Errorf("%s: %d questions, want %d", name, got, test.asked)
			}
		})
	}
}

// At most 32 questions are under way, however slow the provider is, and 16 of them about tokens from one address.
func TestQuestionsAtOnceAreBounded(t *testing.T) {
	for addresses, want := range map[int]int{1: 16, 2: 32, 80: 32} {
		bubble.Test(t, func(t *testing.T) {
			idp := newIDP(t, "ES256")
			cfg := introspectionConfig(idp)
			cfg.HTTPClient = slowed(idp, time.Second)
			i := newIntrospection(t, cfg)
			var all sync.WaitGroup
			var mu sync.Mutex
			got := map[int]int{}
			for n := range 80 {
				token := opaque(idp, nil)
				all.Go(func() {
					w := answered(i, at(fmt.Sprint("198.51.100.", n%addresses), bearing(token)))
					mu.Lock()
					defer mu.Unlock()
					got[w.Code]++
				})
			}
			all.Wait()
			if got[200] != want || got[429] != 80-want {
				t.Errorf("%d addresses: answers %v", addresses, got)
			}
		})
	}
}

// The table of good tokens is bounded, by what the heap says too; what falls out of it is asked about again.
func TestIntrospectionEntriesAreBounded(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg, asked := introspectionConfig(idp), 0
		cfg.MaxEntries = 100
		cfg.HTTPClient = network(func(*http.Request) *http.Response {
			asked++
			return reply(200, strings.NewReader(activeAnswer(map[string]any{"pad": strings.Repeat("x", 10<<10)})))
		})
		i := newIntrospection(t, cfg)
		through, before := guardedBy(i), heap()
		for n := range 2000 {
			if got := through(at(fmt.Sprint("10.0.0.", n%250), bearing(fmt.Sprint("token-", n)))); got != http.StatusOK {
				t.Fatalf("status %d", got)
			}
			time.Sleep(20 * time.Millisecond)
		}
		if grown := heap() - before; grown > 8<<20 {
			t.Errorf("100 entries of 10 KiB hold %d bytes", grown)
		}
		through(bearing("token-1999"))
		if asked != 2000 {
			t.Errorf("%d questions", asked)
		}
		if through(bearing("token-0")); asked != 2001 {
			t.Errorf("%d questions with one that has fallen out", asked)
		}
	})
}

// D94, R149: neither log nor events nor answers hold a token or the server's secret, at any level and whatever happens.
func TestIntrospectionTellsNoSecret(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var out logBuffer
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		cfg.Logger, cfg.RequiredScopes = debugLog(&out), []string{"use"}
		i := newIntrospection(t, cfg)
		mc := auth.MiddlewareConfig{Logger: debugLog(&out), Audit: func(_ context.Context, e auth.Event) { fmt.Fprintf(&out, "%+v\n", e) }}
		h := auth.Middleware(i, mc)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			p, _ := auth.PrincipalFromContext(r.Context())
			fmt.Fprintf(&out, "%+v %#v %v\n", p, p, r.Header)
		}))
		secrets := []string{"wrong-0123456789", opaque(idp, map[string]any{"scope": "use", "jti": "CLAIM-0123456789"}), opaque(idp, nil), mint(idp, map[string]any{"scope": "use"})}
		serve := func() {
			for n, token := range secrets {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, at(fmt.Sprint("198.51.100.", n), bearing(token)))
				fmt.Fprintln(&out, w.Code, w.Header(), w.Body)
			}
			time.Sleep(time.Minute)
		}
		serve()
		for _, status := range []int{401, 500} {
			idp.Fail(status)
			serve()
		}
		fmt.Fprintf(&out, "%v %+v", cfg, cfg)
		cfg.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })}
		down := newIntrospection(t, cfg)
		_, err := down.Authenticate(bearing(secrets[1]))
		fmt.Fprintln(&out, err)
		for _, want := range []string{"request admitted", "not active", "insufficient_scope", "check the client id and secret", "status 500", "connection refused"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("nothing says %q: the test shows nothing\n%s", want, out.String())
			}
		}
		for _, secret := range append(secrets, idp.ClientSecret, "CLAIM-0123456789", encoded(idp.ClientID+":"+idp.ClientSecret)) {
			if strings.Contains(out.String(), secret[:16]) || strings.Contains(out.String(), secret[len(secret)-16:]) {
				t.Errorf("%q is told:\n%s", secret, out.String())
			}
		}
	})
}
