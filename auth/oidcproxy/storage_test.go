package oidcproxy_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// D88, R148: whenever the store fails, the answer is 503, nothing is half-done, and nobody is signed out.
func TestD88StoreFailures(t *testing.T) {
	dead := errors.New("secret-cause of the store")
	for _, op := range []string{"create", "get", "swap", "exchange", "list"} {
		for _, after := range []int{0, 1, 2, 3} {
			rg := newRig(t, nil)
			client := rg.client()
			old := rg.signedIn()
			count := 0
			rg.failing(func(each string) error {
				if each == op {
					if count++; count > after {
						return dead
					}
				}
				return nil
			})
			b := rg.browser()
			tokens := 0
			a := b.answerForm(b.authorize(asking(client)).field(t), "approve")
			if a.StatusCode == http.StatusOK {
				a = b.open(rg.atUpstream(a.link(t)))
				if code := queryOf(t, a.Header.Get("Location")).Get("code"); code != "" {
					for range 3 {
						if a = rg.post("/token", redeeming(client, code)); a.StatusCode == http.StatusOK {
							tokens++
						}
					}
				}
			}
			if strings.Contains(a.body+a.Header.Get("Location"), "secret-cause") || a.StatusCode == http.StatusInternalServerError || tokens > 1 {
				t.Errorf("%s after %d: %d %s %s, %d tokens", op, after, a.StatusCode, a.Header.Get("Location"), a.body, tokens)
			}
			if op == "get" && count > after {
				rg.want("call", rg.call(old.access), http.StatusServiceUnavailable, "temporarily_unavailable")
				rg.want("refresh", rg.post("/token", refreshing(old.client, old.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
				rg.want("code", rg.post("/token", redeeming(old.client, old.code)), http.StatusServiceUnavailable, "temporarily_unavailable")
			}
			rg.failing(nil)
			if got := rg.call(old.access); got.StatusCode != http.StatusOK {
				t.Errorf("%s after %d: signed out: %d", op, after, got.StatusCode)
			}
			if rg.refreshed(old).access == "" {
				t.Errorf("%s after %d: no refresh", op, after)
			}
		}
	}
}

// With a store elsewhere each call is a round trip: six for a sign-in up to its tokens, three for a refresh, one for a request, and one more for an assertion.
func TestRoundTrips(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		k := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		rg, _ := documented(t, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": k.jwks()}, nil)
		trips := func(what string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, rg.store.(*counting).called()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		f := rg.signedIn()
		trips("a sign-in", "create", "exchange", "list", "create", "get", "swap")
		f = rg.refreshed(f)
		trips("a refresh", "get", "swap", "swap")
		rg.refreshed(family{client: f.client, refresh: f.refresh})
		trips("a refresh", "get", "swap", "swap")
		rg.call(f.access)
		trips("a request", "get")
		f = rg.signedInWith(k)
		trips("a sign-in with an assertion", "create", "exchange", "list", "create", "create", "get", "swap")
		rg.redeemed(f, rg.post("/token", asserting(refreshing(k.id, f.refresh), k.assertion(t, nil))))
		trips("a refresh with an assertion", "create", "get", "swap", "swap")
	})
}

// D87, R144, R145: records that were exchanged, changed or put back are no records.
func TestD87StoreTampering(t *testing.T) {
	rg := newRig(t, nil)
	ann, bob := rg.signedIn(), rg.signedIn()
	s := rg.store.(*counting)
	var grants []string
	for key := range s.live() {
		if strings.HasPrefix(key, "oauth/grant/") {
			grants = append(grants, key)
		}
	}
	put := func(key string, value []byte) {
		old, err := s.Store.Get(t.Context(), key)
		if err == nil {
			err = s.Store.Swap(t.Context(), key, old, value, hour)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	before := s.live()
	put(grants[0], before[grants[1]])
	put(grants[1], before[grants[0]])
	for _, f := range []family{ann, bob} {
		rg.want("exchanged", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
		rg.want("exchanged", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
	}
	if rg.happened(oidcproxy.EventUnreadable) == 0 {
		t.Error("no event")
	}
	put(grants[0], before[grants[0]])
	put(grants[1], before[grants[1]])
	later := rg.refreshed(ann)
	after := s.live()
	for _, key := range grants { // an old state, in which the retired token was the current one
		put(key, before[key])
	}
	rg.want("the newer token on an older state", rg.post("/token", refreshing(later.client, later.refresh)), http.StatusBadRequest, "invalid_grant")
	for _, key := range grants {
		put(key, after[key])
	}
	if rg.refreshed(later).access == "" {
		t.Error("the newest state is not accepted")
	}
	for _, key := range grants {
		put(key, append([]byte("x"), after[key]...))
	}
	rg.want("changed", rg.call(later.access), http.StatusUnauthorized, "invalid_token")
}

// D86, R144, R106: whoever reads the store and every log gets nothing that is good for anything.
func TestD86StoreDisclosure(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.Claims = []string{"email"} })
	f := rg.signedIn()
	f = rg.refreshed(f)
	rg.browser().begun(f.client)
	for key, value := range rg.store.(*counting).live() {
		for _, secret := range []string{f.access, f.refresh, f.code, f.client, "user@example.com", "refresh", "client-state", clientCB, "idp.example.com"} {
			if strings.Contains(key+string(value), secret) {
				t.Errorf("%s holds %q", key, secret)
			}
		}
		for _, text := range []string{string(value), key} {
			for _, prefix := range []string{"", "mcpr_", "mcpa_", "mcpc_"} {
				if a := rg.post("/token", refreshing(f.client, prefix+text)); a.StatusCode == http.StatusOK {
					t.Errorf("the record %s is a refresh token", key)
				}
				if a := rg.get("/mcp", "Authorization", "Bearer "+prefix+fmt.Sprintf("%x", text)); a.StatusCode != http.StatusUnauthorized {
					t.Errorf("the record %s is an access token", key)
				}
			}
		}
	}
}
