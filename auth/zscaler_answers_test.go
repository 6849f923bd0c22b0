package auth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// R131, R135: with Headers the others are a platform's own: ignored, and not seen by the next handler either.
func TestZscalerHeaders(t *testing.T) {
	const id, secret = "X-Zscaler-Client-ID", "X-Zscaler-Client-Secret"
	basic := "Basic " + encoded("alice:s3cret")
	for name, test := range map[string]struct {
		headers []string
		r       *http.Request
		status  int
	}{
		"pair, and a platform's token":     {[]string{id}, with(id, "alice", secret, "s3cret", "Authorization", "Bearer platform"), 200},
		"pair, and a platform's Basic":     {[]string{id, secret}, with(id, "alice", secret, "s3cret", "Authorization", "Basic cGxhdGZvcm06eA=="), 200},
		"Basic where the pair is read":     {[]string{id}, with("Authorization", basic), 401},
		"Basic, and a platform's id":       {[]string{"Authorization"}, with("Authorization", basic, id, "platform"), 200},
		"Basic, and a platform's pair":     {[]string{"Authorization"}, with("Authorization", basic, id, "platform", secret, "x"), 200},
		"pair where Authorization is read": {[]string{"Authorization"}, with(id, "alice", secret, "s3cret"), 401},
		"Basic, and a platform's key":      {[]string{"Authorization"}, with("Authorization", basic, "X-Api-Key", "platform"), 200},
		"both where both are read":         {nil, with("Authorization", basic, id, "platform"), 400},
	} {
		t.Run(name, func(t *testing.T) {
			z := newZscaler(t, &oneAPI{secrets: map[string]string{"alice": "s3cret"}}, auth.ZscalerConfig{Headers: test.headers})
			test.r.Header.Set("X-Other", "kept")
			w := httptest.NewRecorder()
			auth.Middleware(z, auth.MiddlewareConfig{Logger: debugLog(io.Discard)})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if p, _ := auth.PrincipalFromContext(r.Context()); p.Subject != "alice" {
					t.Errorf("caller %v", p)
				}
				if diff := cmp.Diff(http.Header{"X-Other": {"kept"}}, r.Header); diff != "" {
					t.Errorf("headers of the next handler (-want +got):\n%s", diff)
				}
			})).ServeHTTP(w, test.r)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
		})
	}
}

// R131, R135: among others, too, a pair is taken from its own headers only, whatever the others read.
func TestZscalerHeadersAmongOthers(t *testing.T) {
	o := &oneAPI{}
	z := newZscaler(t, o, auth.ZscalerConfig{Headers: []string{"Authorization"}})
	all, err := auth.AnyOf(z, auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { return nil, auth.ErrNotMine }))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, o, all, pairHeaders("alice", "s3cret"), 401, 0)
	expect(t, o, all, basicAuth("alice", "s3cret"), 200, 1)
	expect(t, o, all, pairHeaders("alice", "s3cret"), 401, 1)
}

// R120, R133, R136: the one challenge is Basic, with text on use and no hint of OAuth; trouble has none.
func TestZscalerChallenges(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		down := newZscaler(t, &oneAPI{trouble: errors.New("UPSTREAMTEXT")}, auth.ZscalerConfig{})
		slow := newZscaler(t, &oneAPI{trouble: fmt.Errorf("UPSTREAMTEXT: %w", context.DeadlineExceeded)}, auth.ZscalerConfig{})
		for name, test := range map[string]struct {
			a      auth.Authenticator
			r      *http.Request
			status int
			code   string
			says   string
		}{
			"none":             {z, with(), 401, "", "X-Zscaler-Client-Secret"},
			"another kind":     {z, with("Authorization", "Bearer t"), 401, "invalid_token", "as Basic authentication"},
			"wrong":            {z, basicAuth("alice", "wrong"), 401, "invalid_token", "invalid"},
			"no such client":   {z, basicAuth("bob", "s3cret"), 401, "invalid_token", "invalid"},
			"malformed":        {z, with("Authorization", "Basic x"), 401, "invalid_token", "invalid"},
			"half":             {z, with("X-Zscaler-Client-Id", "alice"), 400, "invalid_request", "go together"},
			"throttled":        {z, basicAuth("alice", "wrong again"), 429, "too_many_requests", "wait"},
			"down":             {down, basicAuth("alice", "s3cret"), 503, "temporarily_unavailable", "try again"},
			"too slow to tell": {slow, basicAuth("alice", "s3cret"), 503, "temporarily_unavailable", "try again"},
		} {
			if name == "throttled" {
				answered(z, basicAuth("alice", "wrong"))
			}
			w := answered(test.a, test.r)
			var want []string
			if test.status < 429 {
				want = []string{basicChallenge}
			}
			if diff := cmp.Diff(want, w.Header()["Www-Authenticate"]); diff != "" || w.Code != test.status {
				t.Errorf("%s: status %d, want %d; challenges (-want +got):\n%s", name, w.Code, test.status, diff)
			}
			body := w.Body.String()
			if !strings.Contains(body, test.says) || test.code != "" && !strings.Contains(body, `"error":"`+test.code+`"`) || test.code == "" && strings.Contains(body, `"error":`) {
				t.Errorf("%s: %s", name, body)
			}
			if wait := w.Header().Get("Retry-After"); (wait != "") != (test.status >= 429) {
				t.Errorf("%s: Retry-After %q", name, wait)
			}
			if text := fmt.Sprint(w.Header(), body); strings.Contains(text, "Bearer") || strings.Contains(text, "resource_metadata") || strings.Contains(text, "UPSTREAMTEXT") {
				t.Errorf("%s: %s", name, text)
			}
		}
		unknown, wrong := answered(z, at("192.0.2.8", basicAuth("bob", "x"))), answered(z, at("192.0.2.9", basicAuth("alice", "x")))
		if diff := cmp.Diff(unknown.Body.String(), wrong.Body.String()); diff != "" || unknown.Code != wrong.Code { // D85
			t.Errorf("unknown client, wrong secret:\n%s", diff)
		}
	})
}

// D94, R149, R152: neither log nor events nor answers hold a secret, at any level and whatever happens.
func TestZscalerTellsNoSecret(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var out logBuffer
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret-0123456789"}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		guarded := auth.Middleware(z, auth.MiddlewareConfig{Logger: debugLog(&out), Audit: func(_ context.Context, e auth.Event) { fmt.Fprintf(&out, "%+v\n", e) }})
		h := guarded(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			p, _ := auth.PrincipalFromContext(r.Context())
			fmt.Fprintf(&out, "%+v %#v %v\n", p, p, r.Header)
		}))
		secrets := []string{"s3cret-0123456789", "guess-0123456789", "trouble-0123456789", "half-0123456789", "broken-0123456789\x00"}
		requests := []*http.Request{
			basicAuth("alice", secrets[0]), pairHeaders("alice", secrets[0]), basicAuth("alice", secrets[1]), pairHeaders("alice", secrets[1]),
			with("X-Zscaler-Client-Secret", secrets[3]), basicAuth("alice", secrets[4]), with("Authorization", "Bearer "+encoded("alice:"+secrets[0])),
		}
		for _, r := range requests {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			fmt.Fprintln(&out, w.Code, w.Header(), w.Body)
		}
		o.change(func() { o.trouble = errors.New("connection refused") })
		h.ServeHTTP(httptest.NewRecorder(), at("192.0.2.7", basicAuth("bob", secrets[2])))
		fmt.Fprintf(&out, "%v %+v %#v", z, z, z)
		for _, want := range []string{"request admitted", "UPSTREAMTEXT", "connection refused", "throttled", "malformed"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("nothing says %q: the test shows nothing\n%s", want, out.String())
			}
		}
		for _, secret := range secrets {
			for _, form := range []string{secret, encoded("alice:" + secret), encoded("bob:" + secret)} {
				if strings.Contains(out.String(), form[:len(form)-4]) {
					t.Errorf("%q is told:\n%s", form, out.String())
				}
			}
		}
	})
}
