package auth_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/internal/bubble"
)

// roundTripper is a network made of a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func reply(status int, body io.Reader) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(body)}
}

// D7, R129: made-up ids cause one request in 30 seconds, and harm nobody.
func TestUnknownKeyIDsAreThrottled(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		j := newJWT(t, jwtConfig(idp))
		good := mint(idp, nil)
		if got := statusOf(t, j, good); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
		flood := func(round int) {
			for i := range 100 {
				token := idp.MintWith(map[string]any{"kid": fmt.Sprint(round, "-", i)}, map[string]any{"aud": resource})
				if got := statusOf(t, j, token); got != http.StatusUnauthorized {
					t.Fatalf("made-up id: status %d", got)
				}
			}
			if got := statusOf(t, j, mint(idp, nil)); got != http.StatusOK {
				t.Fatalf("good token in the flood: status %d", got)
			}
		}
		for round := range 10 { // a second each
			flood(round)
			time.Sleep(time.Second)
		}
		if n := idp.Requests(authtest.JWKSPath); n != 1 {
			t.Errorf("%d requests in the first 10 seconds", n)
		}
		time.Sleep(25 * time.Second)
		flood(10)
		if n := idp.Requests(authtest.JWKSPath); n != 2 {
			t.Errorf("%d requests after 35 seconds", n)
		}
		// A key that is published a little after the first token of it is taken up when the cool-down is over.
		time.Sleep(31 * time.Second)
		early := idp.MintWith(map[string]any{"kid": "early"}, map[string]any{"aud": resource})
		statusOf(t, j, early)
		idp.Rotate()
		if got := statusOf(t, j, mint(idp, nil)); got != http.StatusUnauthorized {
			t.Errorf("a new key in the cool-down: status %d", got)
		}
		time.Sleep(31 * time.Second)
		if got := statusOf(t, j, mint(idp, nil)); got != http.StatusOK {
			t.Errorf("a new key after the cool-down: status %d", got)
		}
		if n := idp.Requests(authtest.JWKSPath); n != 4 {
			t.Errorf("%d requests in all", n)
		}
	})
}

// R129: a new key is taken up when a token names it, and an old one counts for as long as it is published.
func TestKeyRotation(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		j := newJWT(t, jwtConfig(idp))
		old := mint(idp, map[string]any{"exp": time.Now().Add(48 * time.Hour).Unix()})
		expect := func(when, token string, want int) {
			t.Helper()
			if got := statusOf(t, j, token); got != want {
				t.Errorf("%s: status %d, want %d", when, got, want)
			}
		}
		expect("at first", old, 200)
		time.Sleep(time.Minute)
		idp.Rotate()
		expect("a new key", mint(idp, nil), 200)
		expect("the old token", old, 200)
		idp.Retire()
		time.Sleep(16 * time.Minute) // the set is no longer fresh: the next request has it fetched
		expect("while it is fetched", old, 200)
		synctest.Wait()
		expect("a cached token whose key has gone", old, 401)
		expect("the new key", mint(idp, nil), 200)
	})
}

// D8, R129: an outage harms nobody for a day, and admits nobody after it.
func TestKeysThroughAnOutage(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := jwtConfig(idp)
		j := newJWT(t, cfg)
		idp.Fail(http.StatusInternalServerError)
		_, err := j.Authenticate(bearing(mint(idp, nil)))
		if e := errorOf(t, err); e.Status != http.StatusServiceUnavailable || e.RetryAfter <= 0 {
			t.Errorf("cold start: %+v", e)
		}
		for range 50 {
			statusOf(t, j, mint(idp, nil))
		}
		if n := idp.Requests(authtest.JWKSPath); n != 1 {
			t.Errorf("%d requests while it fails", n)
		}
		idp.Fail(0)
		time.Sleep(6 * time.Second)
		expect := func(when string, want int) {
			t.Helper()
			if got := statusOf(t, j, mint(idp, nil)); got != want {
				t.Errorf("%s: status %d, want %d", when, got, want)
			}
			synctest.Wait()
		}
		expect("when it is back", 200)
		idp.Fail(http.StatusBadGateway)
		for range 23 {
			time.Sleep(time.Hour)
			expect("in the outage", 200)
		}
		unknown := idp.MintWith(map[string]any{"kid": "new"}, map[string]any{"aud": resource})
		time.Sleep(31 * time.Second)
		if got := statusOf(t, j, unknown); got != http.StatusServiceUnavailable {
			t.Errorf("an unknown key in the outage: status %d", got)
		}
		time.Sleep(2 * time.Hour)
		expect("after a day", 503)
		idp.Fail(0)
		time.Sleep(31 * time.Second)
		expect("after the outage", 200)
	})
}

// D8, R125: what a key server may answer, and what is made of it.
func TestHostileKeySets(t *testing.T) {
	idp := newIDP(t, "ES256")
	member := func(replace ...string) string { return strings.NewReplacer(replace...).Replace(keysOf(t, idp)) }
	many := func(n int) string {
		var set struct{ Keys []map[string]any }
		_ = json.Unmarshal([]byte(keysOf(t, idp)), &set)
		for i := range n - 1 {
			set.Keys = append(set.Keys, map[string]any{"kty": "oct", "kid": fmt.Sprint(i), "k": "AAAA"})
		}
		text, _ := json.Marshal(map[string]any{"keys": set.Keys})
		return string(text)
	}
	for name, test := range map[string]struct {
		answer func() *http.Response
		want   int
	}{
		"the set":  {func() *http.Response { return reply(200, strings.NewReader(keysOf(t, idp))) }, 200},
		"100 keys": {func() *http.Response { return reply(200, strings.NewReader(many(100))) }, 200},
		"101 keys": {func() *http.Response { return reply(200, strings.NewReader(many(101))) }, 503},
		"big": {func() *http.Response {
			return reply(200, strings.NewReader(member("{\"keys\"", strings.Repeat(" ", 200<<10)+"{\"keys\"")))
		}, 200},
		"too big": {func() *http.Response {
			return reply(200, strings.NewReader(member("{\"keys\"", strings.Repeat(" ", 300<<10)+"{\"keys\"")))
		}, 503},
		"endless": {func() *http.Response { return reply(200, endless{}) }, 503},
		"redirect": {func() *http.Response {
			r := reply(302, strings.NewReader(""))
			r.Header.Set("Location", idp.JWKSURL())
			return r
		}, 503},
		"not found": {func() *http.Response { return reply(404, strings.NewReader(keysOf(t, idp))) }, 503},
		"no JSON":   {func() *http.Response { return reply(200, strings.NewReader("<html>")) }, 503},
		"empty":     {func() *http.Response { return reply(200, strings.NewReader(`{"keys":[]}`)) }, 503},
		"shared secret": {func() *http.Response {
			return reply(200, strings.NewReader(`{"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"}]}`))
		}, 503},
		"for encryption": {func() *http.Response { return reply(200, strings.NewReader(member(`"use":"sig"`, `"use":"enc"`))) }, 503},
		"to sign, not check": {func() *http.Response {
			return reply(200, strings.NewReader(member(`"use":"sig"`, `"key_ops":["sign"]`)))
		}, 503},
		"to check": {func() *http.Response {
			return reply(200, strings.NewReader(member(`"use":"sig"`, `"key_ops":["verify"]`)))
		}, 200},
		"for another alg": {func() *http.Response { return reply(200, strings.NewReader(member(`"alg":"ES256"`, `"alg":"ES384"`))) }, 401},
		"without alg":     {func() *http.Response { return reply(200, strings.NewReader(member(`"alg":"ES256",`, ""))) }, 200},
		"x5u": {func() *http.Response {
			return reply(200, strings.NewReader(member(`"use":"sig"`, `"use":"sig","x5u":"https://evil.example.com/"`)))
		}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := jwtConfig(idp)
			cfg.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.URL.String() != idp.JWKSURL() {
					t.Errorf("request to %s", r.URL)
				}
				return test.answer(), nil
			})}
			if got := statusOf(t, newJWT(t, cfg), mint(idp, nil)); got != test.want {
				t.Errorf("status %d, want %d", got, test.want)
			}
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// R125, R157: RSA keys that are short verify nothing, nor do those that make a signature dear to judge.
func TestSizeOfRSAKeys(t *testing.T) {
	for size, accepted := range map[int]bool{1024: false, 2040: false, 2048: true, 8192: true, 8200: false, 80_000: false} {
		modulus := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xef}, size/8))
		set := `{"keys":[{"kty":"RSA","kid":"a","e":"AQAB","n":"` + modulus + `"}]}`
		_, err := auth.NewJWT(auth.JWTConfig{Issuers: []auth.JWTIssuer{{Issuer: idpURL, Audiences: []string{resource}, PublicKeys: set}}})
		if (err == nil) != accepted {
			t.Errorf("%d bits: %v", size, err)
		}
	}
}

// R129: one fetch serves all, goes on when the first who needed it has gone, and ends with Close.
func TestOneFetchServesAll(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := jwtConfig(idp)
		inner, asked := idp.Client().Transport, 0
		cfg.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			asked++
			select {
			case <-time.After(5 * time.Second):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			return inner.RoundTrip(r)
		})}
		j := newJWT(t, cfg)
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := j.Authenticate(bearing(mint(idp, nil)).WithContext(impatient))
		if e := errorOf(t, err); e.Status != http.StatusServiceUnavailable {
			t.Errorf("%+v", e)
		}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if got := statusOf(t, j, mint(idp, nil)); got != http.StatusOK {
					t.Errorf("status %d", got)
				}
			})
		}
		all.Wait()
		if asked != 1 {
			t.Errorf("%d fetches", asked)
		}
		second := newJWT(t, cfg)
		all.Go(func() { _, err = second.Authenticate(bearing(mint(idp, nil))) })
		synctest.Wait()
		began := time.Now()
		if err := second.Close(); err != nil {
			t.Error(err)
		}
		all.Wait()
		if time.Since(began) > 0 || errorOf(t, err).Status != http.StatusServiceUnavailable {
			t.Errorf("Close took %s; the waiting request got %v", time.Since(began), err)
		}
	})
}

// Discovery: the document says the exact issuer and where the keys are.
func TestDiscovery(t *testing.T) {
	idp := newIDP(t, "ES256")
	document := func(issuer, jwks string) string { return `{"issuer":"` + issuer + `","jwks_uri":"` + jwks + `"}` }
	for name, test := range map[string]struct {
		issuer, document string
		iss              string // of the token
		want             int
	}{
		"derived":               {"", document(idpURL, idp.JWKSURL()), idpURL, 200},
		"with a slash":          {"", document(idpURL+"/", idp.JWKSURL()), idpURL + "/", 200},
		"slash in one only":     {"", document(idpURL+"/", idp.JWKSURL()), idpURL, 401},
		"named":                 {idpURL, document(idpURL, idp.JWKSURL()), idpURL, 200},
		"named otherwise":       {idpURL, document(idpURL+"/", idp.JWKSURL()), idpURL, 503},
		"another issuer":        {"", document("https://evil.example.com", idp.JWKSURL()), idpURL, 503},
		"keys in the clear":     {"", document(idpURL, "http://idp.example.com/jwks"), idpURL, 503},
		"issuer twice":          {"", `{"issuer":"` + idpURL + `","issuer":"x","jwks_uri":"` + idp.JWKSURL() + `"}`, idpURL, 503},
		"a token of a stranger": {"", document(idpURL, idp.JWKSURL()), "https://evil.example.com", 401},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := jwtConfig(idp)
			cfg.Issuers[0].Issuer, cfg.Issuers[0].JWKSURL, cfg.Issuers[0].DiscoveryURL = test.issuer, "", idp.DiscoveryURL()
			inner := idp.Client().Transport
			cfg.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, authtest.DiscoveryPath) {
					return reply(200, strings.NewReader(test.document)), nil
				}
				return inner.RoundTrip(r)
			})}
			if got := statusOf(t, newJWT(t, cfg), mint(idp, map[string]any{"iss": test.iss})); got != test.want {
				t.Errorf("status %d, want %d", got, test.want)
			}
		})
	}
}

func TestIssuersOfDiscovery(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.Issuers[0] = auth.JWTIssuer{DiscoveryURL: idp.DiscoveryURL(), Audiences: []string{resource}}
	j := newJWT(t, cfg)
	if got := j.Issuers(t.Context()); len(got) != 1 || got[0] != idpURL {
		t.Errorf("%v", got)
	}
	cfg.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("down") })}
	if got := newJWT(t, cfg).Issuers(t.Context()); len(got) != 1 || got[0] != idpURL {
		t.Errorf("while it is down: %v", got)
	}
}

// R159: a panic in the host's HTTP client costs the requests that wait for it, not the process, and says nothing of itself.
func TestPanicWhileKeysAreFetched(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg, broken := jwtConfig(idp), true
		inner := cfg.HTTPClient.Transport
		cfg.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if broken {
				panic("PANICSECRET")
			}
			return inner.RoundTrip(r)
		})}
		j := newJWT(t, cfg)
		_, err := j.Authenticate(bearing(mint(idp, nil)))
		if e := errorOf(t, err); e.Status != http.StatusServiceUnavailable || strings.Contains(e.Error(), "PANICSECRET") {
			t.Errorf("%v", e)
		}
		broken = false
		time.Sleep(6 * time.Second)
		if got := statusOf(t, j, mint(idp, nil)); got != http.StatusOK {
			t.Errorf("afterwards: status %d", got)
		}
	})
}
