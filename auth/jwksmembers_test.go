package auth_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/internal/bubble"
)

// publishing is a client for which every address has the key set that it points to.
func publishing(set *string, requests *int) *http.Client {
	return &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		*requests++
		return reply(200, strings.NewReader(*set)), nil
	})}
}

// setOf is a key set of these members.
func setOf(members ...string) string { return `{"keys":[` + strings.Join(members, ",") + `]}` }

// memberOf is the only member of the provider's key set, with another id; "" for none.
func memberOf(t *testing.T, idp *authtest.Provider, kid string) string {
	t.Helper()
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal([]byte(keysOf(t, idp)), &set); err != nil || len(set.Keys) != 1 {
		t.Fatal(err, len(set.Keys))
	}
	set.Keys[0]["kid"] = kid
	if kid == "" {
		delete(set.Keys[0], "kid")
	}
	text, err := json.Marshal(set.Keys[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// R125, R129: what is no key for signatures here is left out of the set (RFC 7517 section 5), and spoils nothing.
func TestKeySetWithStrangeMembers(t *testing.T) {
	first, second, rsa := newIDP(t, "ES256"), newIDP(t, "ES256"), newIDP(t, "RS256")
	one, other := memberOf(t, first, "a"), memberOf(t, second, "a")
	for name, test := range map[string]struct {
		set  string
		want int // of a token of first
	}{
		"alone":                       {setOf(one), 200},
		"a type of tomorrow":          {setOf(`{"kty":"AKP","kid":"b","alg":"ML-DSA-44","pub":"AAAA"}`, one), 200},
		"a member of another type":    {setOf(`{"kty":"EC","kid":7,"key_ops":"verify"}`, one), 200},
		"no object":                   {setOf(`"text"`, `7`, `null`, `[]`, one), 200},
		"broken coordinates":          {setOf(`{"kty":"EC","kid":"b","crv":"P-256","x":"AA","y":"AA"}`, one), 200},
		"an unknown curve":            {setOf(`{"kty":"EC","kid":"b","crv":"P-999","x":"AA","y":"AA"}`, one), 200},
		"odd certificates":            {setOf(strings.Replace(one, "{", `{"x5c":["!"],"x5t":"!",`, 1)), 200},
		"one id, another type":        {setOf(memberOf(t, rsa, "a"), one), 200},
		"the same key twice":          {setOf(one, one), 200},
		"one id, the same type":       {setOf(one, other), 503},
		"two ids, the same type":      {setOf(one, memberOf(t, second, "b")), 200},
		"nothing but strange members": {setOf(`{"kty":"AKP","kid":"a"}`), 503},
		"no list":                     {`{"keys":{}}`, 503},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, requests := jwtConfig(first), 0
			cfg.HTTPClient = publishing(&test.set, &requests)
			token := first.MintWith(map[string]any{"kid": "a"}, map[string]any{"aud": resource})
			if got := statusOf(t, newJWT(t, cfg), token); got != test.want {
				t.Errorf("status %d, want %d", got, test.want)
			}
		})
	}
	both := setOf(memberOf(t, rsa, "a"), one)
	cfg, requests := jwtConfig(first), 0
	cfg.HTTPClient = publishing(&both, &requests)
	j := newJWT(t, cfg)
	if got := statusOf(t, j, rsa.MintWith(map[string]any{"kid": "a"}, map[string]any{"aud": resource})); got != 200 {
		t.Errorf("the other key of the id: status %d", got)
	}
	if got := statusOf(t, j, second.MintWith(map[string]any{"kid": "a"}, map[string]any{"aud": resource})); got != 401 {
		t.Errorf("a key that is not in the set: status %d", got)
	}
}

// R129, R157: a provider that puts a new key in the place of an old one, under the same id or without ids, is asked again when a signature
// is not of the key that we know, as often as for an unknown id and no more.
func TestKeyReplacedUnderItsID(t *testing.T) {
	for name, header := range map[string]map[string]any{"same id": {"kid": "1"}, "no ids": {"kid": nil}} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				kid, _ := header["kid"].(string)
				before, after, stranger := newIDP(t, "ES256"), newIDP(t, "ES256"), newIDP(t, "ES256")
				set, requests := setOf(memberOf(t, before, kid)), 0
				cfg := jwtConfig(before)
				cfg.HTTPClient = publishing(&set, &requests)
				cfg.Issuers[0].RequiredScopes = []string{"mcp:use"}
				j := newJWT(t, cfg)
				expect := func(what string, idp *authtest.Provider, scope string, want, fetches int) {
					t.Helper()
					token := idp.MintWith(header, map[string]any{"aud": resource, "scope": scope})
					if got := statusOf(t, j, token); got != want || requests != fetches {
						t.Errorf("%s: status %d, want %d; %d fetches, want %d", what, got, want, requests, fetches)
					}
				}
				expect("at first", before, "mcp:use", 200, 1)
				for range 100 {
					expect("a stranger in the cool-down", stranger, "mcp:use", 401, 1)
				}
				time.Sleep(31 * time.Second)
				set = setOf(memberOf(t, after, kid))
				expect("the new key, too few scopes", after, "", 403, 2)
				expect("the new key", after, "mcp:use", 200, 2)
				expect("the old key", before, "mcp:use", 401, 2)
				expect("a stranger", stranger, "mcp:use", 401, 2)
				time.Sleep(31 * time.Second)
				expect("a stranger after the cool-down", stranger, "mcp:use", 401, 3)
				expect("the new key still", after, "mcp:use", 200, 3)
				time.Sleep(31 * time.Second)
				set = "down"
				expect("a stranger in an outage", stranger, "mcp:use", 401, 4)
				expect("the new key in an outage", after, "mcp:use", 200, 4)
			})
		})
	}
}

// D5: an empty kid means no key, also not one without an id.
func TestEmptyKeyID(t *testing.T) {
	idp := newIDP(t, "ES256")
	set, requests := setOf(memberOf(t, idp, "")), 0
	cfg := jwtConfig(idp)
	cfg.HTTPClient = publishing(&set, &requests)
	j := newJWT(t, cfg)
	for kid, want := range map[any]int{"": 401, nil: 200} {
		if got := statusOf(t, j, idp.MintWith(map[string]any{"kid": kid}, map[string]any{"aud": resource})); got != want {
			t.Errorf("kid %v: status %d, want %d", kid, got, want)
		}
	}
}
