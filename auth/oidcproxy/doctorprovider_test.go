package oidcproxy_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// What an identity provider lacks, refuses or does not know has its name.
func TestDoctorOfTheIdentityProvider(t *testing.T) {
	without := func(names ...string) func(*site) {
		return func(s *site) {
			s.idp.Tamper(authtest.Tampering{Metadata: func(document map[string]any) {
				for _, name := range names {
					delete(document, name)
				}
			}})
		}
	}
	with := func(name string, value any) func(*site) {
		return func(s *site) {
			s.idp.Tamper(authtest.Tampering{Metadata: func(document map[string]any) { document[name] = value }})
		}
	}
	fails := func(path string, status int) func(*site) {
		return func(s *site) { s.idp.FailPath(path, status) }
	}
	client := func(c authtest.Client) func(*site) { return func(s *site) { s.idp.AddClient(c) } }
	elsewhere := []string{"https://mcp.example.com/auth/callback"}
	for name, fault := range map[string]struct {
		change func(*site)
		want   string // codes of notes and worse
	}{
		"all is well":                      {func(*site) {}, ""},
		"no discovery document":            {fails(authtest.DiscoveryPath, 404), "provider.discovery"},
		"an outage":                        {fails(authtest.DiscoveryPath, 503), "provider.unreachable"},
		"another issuer":                   {with("issuer", "https://other.example.com"), "provider.issuer"},
		"an issuer with a slash":           {func(s *site) { with("issuer", s.idp.Issuer()+"/")(s) }, "provider.issuer"},
		"PKCE of the old kind":             {with("code_challenge_methods_supported", []string{"plain"}), "provider.pkce"},
		"nothing said of PKCE":             {without("code_challenge_methods_supported"), "provider.pkce_unknown"},
		"no iss":                           {with("authorization_response_iss_parameter_supported", false), "provider.iss"},
		"no refresh tokens":                {with("grant_types_supported", []string{"authorization_code"}), "provider.refresh"},
		"no offline_access":                {without("scopes_supported"), "provider.refresh_unknown"},
		"no keys":                          {with("jwks_uri", "gone"), ""}, // the endpoints that are known go on
		"keys that cannot be read":         {fails(authtest.JWKSPath, 502), "provider.unreachable"},
		"a redirect URI that is not there": {client(authtest.Client{ID: "proxy", Secret: upSecret, RedirectURIs: elsewhere}), "provider.redirect_uri"},
		"a firewall before the sign-in":    {fails(authtest.AuthorizePath, 403), "provider.redirect_unknown"},
		"an outage of the sign-in":         {fails(authtest.AuthorizePath, 500), "provider.redirect_unknown"},
		"an unknown client id":             {client(authtest.Client{ID: "proxy", Secret: "another-secret", RedirectURIs: elsewhere}), "provider.redirect_uri provider.secret"},
		"a wrong secret": {func(s *site) {
			s.idp.AddClient(authtest.Client{ID: "proxy", Secret: "another-secret", RedirectURIs: []string{s.front.URL + "/auth/callback"}})
		}, "provider.secret"},
		"no codes for the application": {func(s *site) { s.idp.Tamper(authtest.Tampering{TokenRefusal: "unauthorized_client"}) }, "provider.grant_type"},
		"a strange refusal":            {func(s *site) { s.idp.Tamper(authtest.Tampering{TokenRefusal: "invalid_request"}) }, "provider.secret_unknown"},
		"an outage of the tokens":      {fails(authtest.TokenPath, 500), "provider.secret_unknown"},
		"a user who may not":           {func(s *site) { s.idp.SignIn(authtest.User{Subject: "eve"}); s.idp.Disable("eve") }, "provider.request_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, "/mcp", nil)
			fault.change(s)
			wantCodes(t, s.p.Doctor(t.Context()), oidcproxy.SeverityNote, strings.Fields(fault.want)...)
		})
	}
}

// A redirect URI that is not registered shows in many ways; a sign-in page is none of them.
func TestDoctorOfSignInPages(t *testing.T) {
	for name, fault := range map[string]struct {
		status         int
		location, body string
		want           string
	}{
		"a sign-in page":             {200, "", "Sign in. a-foreign-body", "provider.redirect_ok"},
		"a way to the sign-in page":  {302, "/login?continue=%2Fauthorize%3Fredirect_uri%3Dx", "", "provider.redirect_ok"},
		"an error page of 200":       {200, "", "AADSTS50011: a-foreign-body", "provider.redirect_uri"},
		"an error page":              {400, "", "Error: redirect_uri_mismatch", "provider.redirect_uri"},
		"an error page that says no": {400, "", "a-foreign-body", "provider.redirect_uri"},
		"a way to an error page":     {302, "https://idp.example.com/oauth/error?authError=x", "", "provider.redirect_uri"},
		"no way at all":              {302, "%zz", "", "provider.redirect_unknown"},
		"too many":                   {429, "", "", "provider.redirect_unknown"},
	} {
		s := newSite(t, "/mcp", func(c *oidcproxy.Config) {
			through := c.HTTPClient.Transport
			c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path != authtest.AuthorizePath || r.URL.Query().Get("client_id") == "" {
					return through.RoundTrip(r)
				}
				if q := r.URL.Query(); q.Get("prompt") != "none" || r.Header.Get("Cookie") != "" || q.Get("code_challenge") == "" || len(q.Get("state")) < 40 {
					t.Errorf("%s", r.URL)
				}
				return &http.Response{StatusCode: fault.status, Header: http.Header{"Location": {fault.location}}, Body: io.NopCloser(strings.NewReader(fault.body)), Request: r}, nil
			})}
			c.Upstream.AuthorizeParams = map[string]string{"prompt": "consent"}
		})
		report := s.p.Doctor(t.Context())
		if !strings.Contains(report.String(), fault.want) || strings.Contains(report.String(), "a-foreign-body") {
			t.Errorf("%s: want %s:\n%s", name, fault.want, report)
		}
	}
}

// D90: of three clocks, the one that the two others contradict is the one that is named.
func TestDoctorOfClocks(t *testing.T) {
	const off = 10 * time.Minute
	for want, test := range map[string]struct{ here, there time.Duration }{
		"": {0, 30 * time.Second}, "clock.local": {off, 0}, "clock.provider": {0, -off},
	} {
		s := newSite(t, "/mcp", func(c *oidcproxy.Config) {
			c.Clock = func() time.Time { return time.Now().Add(test.here) }
			through := c.HTTPClient.Transport
			c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				resp, err := through.RoundTrip(r)
				if err == nil && r.URL.Scheme == "http" {
					resp.Header.Set("Date", time.Now().Add(test.there).UTC().Format(http.TimeFormat))
				}
				return resp, err
			})}
		})
		wantCodes(t, s.p.Doctor(t.Context()), oidcproxy.SeverityWarning, strings.Fields(want)...)
	}
}
