package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/internal/bubble"
)

// R137: an answer is remembered for GoodAge or BadAge, and never beyond the end of the token.
func TestIntrospectionAges(t *testing.T) {
	for name, test := range map[string]struct {
		goodAge, badAge time.Duration // 0: default
		life            time.Duration // of the token; 0 makes it a wrong one
		want            time.Duration // until the next question
		then            int           // status of that
	}{
		"good":                 {0, 0, time.Hour, 30 * time.Second, 200},
		"good, for longer":     {5 * time.Minute, 0, time.Hour, 5 * time.Minute, 200},
		"good, for a moment":   {time.Second, 0, time.Hour, time.Second, 200},
		"ends before that":     {5 * time.Minute, 0, 20 * time.Second, 20 * time.Second, 401},
		"wrong":                {0, 0, 0, 5 * time.Second, 401},
		"wrong, for longer":    {0, 10 * time.Second, 0, 10 * time.Second, 401},
		"wrong, for a moment":  {5 * time.Minute, time.Second, 0, time.Second, 401},
		"ends with its moment": {20 * time.Second, 0, 20 * time.Second, 20 * time.Second, 401},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				idp := newIDP(t, "ES256")
				cfg := introspectionConfig(idp)
				cfg.GoodAge, cfg.BadAge = test.goodAge, test.badAge
				i := newIntrospection(t, cfg)
				token, status := "wrong-0123456789", 401
				if test.life > 0 {
					token, status = opaque(idp, map[string]any{"exp": time.Now().Add(test.life).Unix()}), 200
				}
				for range 100 {
					questions(t, idp, i, bearing(token), status, 1)
				}
				time.Sleep(test.want - 1)
				questions(t, idp, i, bearing(token), status, 1)
				time.Sleep(time.Nanosecond)
				questions(t, idp, i, bearing(token), test.then, 2)
			})
		})
	}
}

// R137: a token that is revoked at the provider is refused within GoodAge; another one of the same caller is not.
func TestIntrospectionRevoked(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		i := newIntrospection(t, introspectionConfig(idp))
		token, other := opaque(idp, nil), opaque(idp, nil)
		questions(t, idp, i, bearing(token), 200, 1)
		questions(t, idp, i, bearing(other), 200, 2)
		idp.Revoke(token)
		time.Sleep(30*time.Second - 1)
		questions(t, idp, i, bearing(token), 200, 2)
		time.Sleep(time.Nanosecond)
		questions(t, idp, i, bearing(token), 401, 3)
		questions(t, idp, i, bearing(token), 401, 3)
		questions(t, idp, i, bearing(other), 200, 4)
	})
}

// R121, D93: a good token with too few scopes gets 403 with those it needs; that is no failure, and asked about once.
func TestIntrospectionRequiredScopes(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		cfg.RequiredScopes = []string{"mcp:use", "mcp:read"}
		i := newIntrospection(t, cfg)
		asked := 0
		for range 15 { // 60 tokens, of which none is held against the address
			for _, scope := range []any{"mcp:read", nil, "MCP:USE mcp:read", []string{"mcp:use"}} {
				asked++
				r := bearing(opaque(idp, map[string]any{"scope": scope}))
				for range 3 {
					questions(t, idp, i, r, 403, asked)
				}
				_, err := i.Authenticate(r)
				if e := errorOf(t, err); e.Code != "insufficient_scope" || !cmp.Equal(e.Scopes, cfg.RequiredScopes) {
					t.Errorf("scope %v: %+v", scope, e)
				}
				want := fmt.Sprintf(`Bearer realm="zscaler-mcp", error="insufficient_scope", error_description="%s", scope="mcp:use mcp:read"`, errorOf(t, err).Description)
				if got := answered(i, r).Header().Get("Www-Authenticate"); got != want {
					t.Errorf("challenge %s, want %s", got, want)
				}
			}
		}
		questions(t, idp, i, bearing(opaque(idp, map[string]any{"scope": "other mcp:read mcp:use"})), 200, asked+1)
		narrow := bearing(opaque(idp, map[string]any{"scope": "mcp:use"}))
		questions(t, idp, i, narrow, 403, asked+2)
		time.Sleep(30*time.Second - 1)
		questions(t, idp, i, narrow, 403, asked+2)
		time.Sleep(time.Nanosecond)
		questions(t, idp, i, narrow, 403, asked+3)
	})
}

// R137: through an outage the callers who are remembered pass for GoodAge, and nobody else; it is held against nobody.
func TestIntrospectionOutage(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		i := newIntrospection(t, introspectionConfig(idp))
		known, late := opaque(idp, nil), opaque(idp, nil)
		questions(t, idp, i, bearing(known), 200, 1)
		idp.Fail(http.StatusInternalServerError)
		questions(t, idp, i, bearing(late), 503, 2)
		questions(t, idp, i, bearing(late), 503, 2) // within a second
		time.Sleep(30*time.Second - 1)
		questions(t, idp, i, bearing(known), 200, 2)
		time.Sleep(time.Nanosecond)
		for round := range 30 {
			questions(t, idp, i, bearing(known), 503, 3+2*round)
			questions(t, idp, i, bearing(late), 503, 4+2*round)
			time.Sleep(time.Second)
		}
		idp.Fail(0)
		questions(t, idp, i, bearing(known), 200, 63)
		questions(t, idp, i, bearing(late), 200, 64)
	})
}

// R137: one question serves all who wait for it, and goes on when the first of them has gone.
func TestOneQuestionServesAll(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		cfg.HTTPClient = slowed(idp, 5*time.Second)
		i := newIntrospection(t, cfg)
		r := bearing(opaque(idp, nil))
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() { questions(t, idp, i, r.WithContext(impatient), 503, 0) })
		synctest.Wait()
		for range 50 {
			all.Go(func() { questions(t, idp, i, r, 200, 1) })
		}
		began := time.Now()
		all.Wait()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("after %s", took)
		}
	})
}

// A dripping body gives nothing for as long as somebody waits.
type dripping struct{ ctx context.Context }

func (d dripping) Read(p []byte) (int, error) {
	select {
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	case <-time.After(time.Second):
		p[0] = ' '
		return 1, nil
	}
}

// A provider that is slow is asked for 10 seconds; so is one whose answer does not end.
func TestIntrospectionTimesOut(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		for name, test := range map[string]struct {
			client *http.Client
			want   int
		}{
			"nearly too slow": {slowed(idp, 10*time.Second-1), 200},
			"too slow":        {slowed(idp, time.Hour), 503},
			"drip by drip":    {network(func(r *http.Request) *http.Response { return reply(200, dripping{r.Context()}) }), 503},
		} {
			cfg := introspectionConfig(idp)
			cfg.HTTPClient = test.client
			began := time.Now()
			got := statusOf(t, newIntrospection(t, cfg), opaque(idp, nil))
			if took := time.Since(began).Round(time.Millisecond); got != test.want || took != 10*time.Second {
				t.Errorf("%s: status %d after %s, want %d", name, got, took, test.want)
			}
		}
	})
}

// Close ends a question that is under way and waits for its end. Who is remembered passes until the next question.
func TestIntrospectionClose(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		cfg.HTTPClient = slowed(idp, 5*time.Second)
		i := newIntrospection(t, cfg)
		known, late := opaque(idp, nil), opaque(idp, nil)
		questions(t, idp, i, bearing(known), 200, 1)
		var all sync.WaitGroup
		all.Go(func() { questions(t, idp, i, bearing(late), 503, 1) })
		synctest.Wait()
		began := time.Now()
		if err := i.Close(); err != nil || time.Since(began) > 0 {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		all.Wait()
		questions(t, idp, i, bearing(known), 200, 1)
		questions(t, idp, i, bearing(late), 503, 1)
		time.Sleep(30 * time.Second)
		questions(t, idp, i, bearing(known), 503, 1)
		if err := i.Close(); err != nil {
			t.Errorf("Close again: %v", err)
		}
	})
}

// R160: principals never mix up, whether entries come and go or stay.
func TestIntrospectionPrincipalsNeverMix(t *testing.T) {
	for _, entries := range []int{0, 4} {
		bubble.Test(t, func(t *testing.T) {
			idp := newIDP(t, "ES256")
			cfg := introspectionConfig(idp)
			cfg.MaxEntries = entries
			i := newIntrospection(t, cfg)
			var all sync.WaitGroup
			for n := range 8 {
				name := fmt.Sprint("user-", n)
				token := opaque(idp, map[string]any{"sub": name, "exp": time.Now().Add(24 * time.Hour).Unix()})
				all.Go(func() {
					for range 100 {
						if p, err := i.Authenticate(bearing(token)); err != nil || p.Subject != name {
							t.Errorf("%v, %v; want %s", p, err, name)
							return
						}
						time.Sleep(time.Second)
					}
				})
			}
			all.Wait()
			if n := idp.Requests(authtest.IntrospectionPath); entries == 0 && n != 8*4 || entries == 4 && n < 100 {
				t.Errorf("%d questions with %d entries", n, entries)
			}
		})
	}
}
