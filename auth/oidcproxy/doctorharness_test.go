package oidcproxy_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A site is a provider behind a proxy that ends TLS, as in the world: client, front, back.
type site struct {
	*rig
	front *httptest.Server
	back  *httptest.Server
	proxy atomic.Pointer[http.Handler]
	asked atomic.Int64 // requests that the proxy got
}

// newSite starts a provider at path behind a proxy that changes nothing.
func newSite(t *testing.T, path string, change func(*oidcproxy.Config)) *site {
	t.Helper()
	s := &site{rig: &rig{TB: t}}
	s.front = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		(*s.proxy.Load()).ServeHTTP(w, r)
	}))
	s.front.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	s.front.StartTLS()
	t.Cleanup(s.front.Close)
	s.idp = authtest.NewProvider(authtest.Options{Algorithm: "ES256"}) // its keys are quickly made
	t.Cleanup(s.idp.Close)
	s.idp.AddClient(authtest.Client{ID: "proxy", Secret: upSecret, RedirectURIs: []string{s.front.URL + "/auth/callback", s.front.URL + "/svc/auth/callback"}})
	s.p = s.rig.provider(func(c *oidcproxy.Config) {
		c.Upstream.Issuer, c.ResourceURL, c.HTTPClient = s.idp.Issuer(), s.front.URL+path, s.front.Client()
		if path == "/svc/mcp" {
			c.IssuerURL = s.front.URL + "/svc"
		}
		if change != nil {
			change(c)
		}
	})
	s.back = httptest.NewServer(s.handler)
	t.Cleanup(s.back.Close)
	s.behind(s.pass(nil, nil))
	return s
}

// behind puts another proxy in front.
func (s *site) behind(h http.Handler) { s.proxy.Store(&h) }

// pass is a proxy that passes everything on, changed by request and answer.
func (s *site) pass(request func(*http.Request), answer func(*http.Response)) http.Handler {
	target, _ := url.Parse(s.back.URL)
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			if request != nil {
				request(r.Out)
			}
		},
		ModifyResponse: func(r *http.Response) error {
			if answer != nil {
				answer(r)
			}
			return nil
		},
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
}

// instead is a proxy that answers some paths by itself.
func (s *site) instead(when func(*http.Request) bool, h http.HandlerFunc) http.Handler {
	pass := s.pass(nil, nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if when(r) {
			h(w, r)
			return
		}
		pass.ServeHTTP(w, r)
	})
}

func wellKnown(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/.well-known/") }

func at(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == path }
}

func anywhere(*http.Request) bool { return true }

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "a-foreign-body", code) }
}

func sendTo(location string, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", strings.ReplaceAll(strings.ReplaceAll(location, "PATH", r.URL.Path), "HOST", r.Host))
		w.WriteHeader(code)
	}
}

// codes are those of the findings that are as bad as severity, or worse, without doubles.
func codes(r oidcproxy.Report, severity oidcproxy.Severity) []string {
	var all []string
	for _, f := range r.Findings {
		if f.Severity.AtLeast(severity) && !slices.Contains(all, f.Code) {
			all = append(all, f.Code)
		}
	}
	slices.Sort(all)
	return all
}

// wantCodes compares the findings with those wanted, and shows the report where they differ.
func wantCodes(t *testing.T, r oidcproxy.Report, severity oidcproxy.Severity, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := codes(r, severity); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("found %v, want %v:\n%s", got, want, r)
	}
	for _, f := range r.Findings {
		if f.Severity.AtLeast(oidcproxy.SeverityWarning) && (f.Text == "" || f.Advice == "") {
			t.Errorf("%s: without text or advice", f.Code)
		}
		if strings.ContainsAny(f.URL, "?#") {
			t.Errorf("%s: a query in %s", f.Code, f.URL)
		}
	}
	for _, secret := range []string{upSecret, "a-foreign-body", "eyJ"} {
		if strings.Contains(r.String(), secret) {
			t.Errorf("the report has %s:\n%s", secret, r)
		}
	}
}
