package oidcproxy_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A large key set of the identity provider, one that sign-ins read well, is no error.
func TestDoctorLargeKeySet(t *testing.T) {
	s := newSite(t, "/mcp", func(c *oidcproxy.Config) {
		c.HTTPClient = &http.Client{Transport: padded{c.HTTPClient.Transport}}
	})
	if err := s.p.Discover(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantCodes(t, s.p.Doctor(t.Context()), oidcproxy.SeverityWarning)
}

// padded puts 100 KB of white space behind what it gets at /jwks.
type padded struct{ next http.RoundTripper }

func (p padded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := p.next.RoundTrip(r)
	if err == nil && strings.HasSuffix(r.URL.Path, "/jwks") && r.URL.Scheme == "http" {
		resp.Body = struct {
			*strings.Reader
			closer
		}{strings.NewReader(`{"pad":"` + strings.Repeat("x", 100<<10) + `","keys":[{"kty":"EC"}]}`), closer{}}
		resp.ContentLength = -1
		resp.Header.Del("Content-Length")
	}
	return resp, err
}

type closer struct{}

func (closer) Close() error { return nil }

// An evil identity provider: redirects, escape sequences, endless bodies. The secret goes nowhere else, and the report has nothing of it.
func TestDoctorEvilProvider(t *testing.T) {
	var stolen atomic.Value
	stolen.Store("")
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := make([]byte, 4096)
		n, _ := r.Body.Read(b)
		stolen.Store(stolen.Load().(string) + r.Method + r.URL.String() + r.Header.Get("Authorization") + string(b[:n]))
	}))
	t.Cleanup(thief.Close)
	for _, code := range []int{301, 302, 303, 307, 308} {
		s := newSite(t, "/mcp", nil)
		evil := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", thief.URL+"/\x1b[2J?error=\u202e")
			w.Header().Set("X-Request-Id", "\u009b31m")
			w.WriteHeader(code)
		})
		s.behind(evil)
		r := s.p.Doctor(t.Context())
		if strings.ContainsAny(r.String(), "\x1b\u009b\u202e") {
			t.Errorf("%q", r.String())
		}
	}
	if got := stolen.Load().(string); got != "" {
		t.Errorf("the thief got %q", got)
	}
}

type evilRoundTrip struct {
	next http.RoundTripper
	to   string
	code int
}

func (e evilRoundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && r.URL.Path == "/token" || r.URL.Path == "/authorize" {
		return &http.Response{StatusCode: e.code, Header: http.Header{"Location": {e.to}}, Body: http.NoBody, Request: r}, nil
	}
	return e.next.RoundTrip(r)
}

func TestDoctorSecretInRedirect(t *testing.T) {
	hits := atomic.Int64{}
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(thief.Close)
	for _, code := range []int{302, 307, 308} {
		s := newSite(t, "/mcp", func(c *oidcproxy.Config) {
			c.HTTPClient = &http.Client{Transport: evilRoundTrip{c.HTTPClient.Transport, thief.URL, code}, CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
		})
		r := s.p.Doctor(t.Context())
		if strings.Contains(r.String(), thief.URL) || strings.Contains(r.String(), upSecret) {
			t.Errorf("%s", r)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d hits", hits.Load())
	}
}

// A discovery document with escapes in its addresses.
func TestDoctorEscapesInAddresses(t *testing.T) {
	for _, evil := range []string{"https://evil.example/\x1b[2J", "https://evil.example/\u009b31m/\u202etxt", "https://\u202eevil.example/k", "https://evil.example/k%1b[2J", "https://evil.example/a\nb", "https://evil.example/%0aerror%20x", "https://[::1%25\u009b]/x"} {
		s := newSite(t, "/mcp", nil)
		s.idp.Tamper(authtest.Tampering{Metadata: func(m map[string]any) { m["jwks_uri"], m["token_endpoint"] = evil, evil }})
		r := s.p.Doctor(t.Context())
		if strings.ContainsAny(r.String(), "\x1b\u009b\u202e") {
			t.Errorf("%q: %q", evil, r.String())
		}
	}
}

// Many administrators' requests beside refreshes: nobody loops, nothing is ended twice, no refresh brings a grant back.
func TestEndWhileRefreshing(t *testing.T) {
	rg := newRig(t, nil)
	var fs []family
	client := rg.client()
	for range 8 {
		code := rg.browser().signIn(asking(client)).Get("code")
		fs = append(fs, rg.redeemed(family{client: client, code: code}, rg.post("/token", redeeming(client, code))))
	}
	var all sync.WaitGroup
	var total atomic.Int64
	h := rg.handler
	for i := range fs {
		all.Go(func() {
			for range 20 {
				a := serveOn(t, h, "/token", refreshing(fs[i].client, fs[i].refresh))
				if a.StatusCode != http.StatusOK {
					return
				}
				fs[i].refresh = a.json(t)["refresh_token"].(string)
			}
		})
	}
	for range 4 {
		all.Go(func() {
			n, err := rg.p.Administrator("x").EndAll(t.Context())
			if err != nil {
				t.Error(err)
			}
			total.Add(int64(n))
		})
	}
	all.Wait()
	if total.Load() != int64(len(fs)) {
		t.Logf("%d ended of %d", total.Load(), len(fs))
	}
	for i := range fs {
		if a := serveOn(t, h, "/token", refreshing(fs[i].client, fs[i].refresh)); a.StatusCode == http.StatusOK {
			t.Errorf("%d lives", i)
		}
	}
	time.Sleep(200 * time.Millisecond)
	if n := rg.idp.LiveRefreshTokens(); n != 0 {
		t.Errorf("%d live at the provider", n)
	}
	_ = url.Values{}
}
