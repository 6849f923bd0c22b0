package oidcproxy_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// deniesClient answers at the token endpoint as Auth0 does to an application whose secret is wrong.
type deniesClient struct {
	next http.RoundTripper
	on   *atomic.Bool
}

func (d deniesClient) RoundTrip(r *http.Request) (*http.Response, error) {
	if d.on.Load() && r.Method == http.MethodPost && r.URL.Path == "/token" && r.URL.Scheme+r.Host != "" {
		return &http.Response{
			StatusCode: http.StatusUnauthorized, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
			Body: io.NopCloser(strings.NewReader(`{"error":"access_denied","error_description":"Unauthorized"}`)),
		}, nil
	}
	return d.next.RoundTrip(r)
}

// R109: a secret that the identity provider does not accept any more (401, whatever the code) is no word about the user: nobody is signed out, and the doctor
// does not call it accepted.
func TestRefusedSecret(t *testing.T) {
	var on atomic.Bool
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.HTTPClient = &http.Client{Transport: deniesClient{c.HTTPClient.Transport, &on}}
	})
	f := rg.signedIn()
	on.Store(true)
	a := rg.post("/token", refreshing(f.client, f.refresh))
	if a.StatusCode == http.StatusBadRequest {
		t.Errorf("the secret is refused, and the user signed out: %d %s", a.StatusCode, a.body)
	}
	for _, finding := range rg.p.Doctor(t.Context()).Findings {
		if finding.Code == "provider.secret_ok" {
			t.Errorf("the doctor: %s", finding.Text)
		}
	}
	on.Store(false)
	if a := rg.post("/token", refreshing(f.client, f.refresh)); a.StatusCode != http.StatusOK {
		t.Errorf("when the secret is right again: %d %s", a.StatusCode, a.body)
	}
}

// R154: one network is one source, however it is written.
func TestSourcesOfALimiter(t *testing.T) {
	l := &tally{}
	rg := newRig(t, func(c *oidcproxy.Config) { c.Limiter = l })
	keys := map[string]bool{}
	for _, remote := range []string{"192.0.2.1:1", "[::ffff:192.0.2.1]:2", "[::ffff:c000:201]:3"} {
		r := request(t, http.MethodPost, "/revoke", "token=x&client_id=y", "Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = remote
		rg.do(r)
	}
	for _, asked := range l.asked {
		keys[asked] = true
	}
	if len(keys) != 1 {
		t.Errorf("%v", l.asked)
	}
	l.asked, keys = nil, map[string]bool{}
	for _, remote := range []string{"[2001:db8::1]:1", "[2001:db8::ffff:1]:2", "[2001:db8::1%eth0]:3"} {
		r := request(t, http.MethodPost, "/revoke", "token=x&client_id=y", "Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = remote
		rg.do(r)
	}
	for _, asked := range l.asked {
		keys[asked] = true
	}
	if len(keys) != 1 {
		t.Errorf("%v", l.asked)
	}
}

// Whom Authorize refuses learns nothing: neither which paths there are, nor which grants.
func TestAdminTellsNothing(t *testing.T) {
	rg := newRig(t, nil)
	rg.signedIn()
	id := rg.grants(oidcproxy.GrantFilter{})[0].ID
	h, err := rg.p.AdminHandler(oidcproxy.AdminConfig{Authorize: func(*http.Request) (string, error) { return "", io.EOF }})
	if err != nil {
		t.Fatal(err)
	}
	rg.handler = h
	first := ""
	for _, try := range [][2]string{{"GET", "/grants"}, {"GET", "/grants?limit=x"}, {"DELETE", "/grants/" + id}, {"DELETE", "/grants/" + strings.Repeat("a", len(id))}, {"POST", "/grants/end"}, {"GET", "/x"}, {"BREW", "/grants"}, {"OPTIONS", "/grants"}, {"HEAD", "/grants"}} {
		a := rg.do(request(t, try[0], try[1], "", "X-HTTP-Method-Override", "DELETE"))
		if first == "" {
			first = a.body
		}
		if a.StatusCode != http.StatusForbidden || a.body != first || a.Header.Get("Allow") != "" {
			t.Errorf("%v: %d %s", try, a.StatusCode, a.body)
		}
	}
	h, _ = rg.p.AdminHandler(oidcproxy.AdminConfig{Authorize: func(*http.Request) (string, error) { return "a\r\nX-Evil: 1", nil }})
	rg.handler = h
	for _, cross := range [][]string{{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://mcp.example.com.evil.example"}, {"Origin", "https://mcp.example.com:8443"}} {
		for _, try := range [][2]string{{"GET", "/grants"}, {"DELETE", "/grants/" + id}, {"POST", "/grants/end"}, {"HEAD", "/grants"}} {
			if a := rg.do(request(t, try[0], try[1], "", cross...)); a.StatusCode != http.StatusForbidden {
				t.Errorf("%v %v: %d", cross, try, a.StatusCode)
			}
		}
	}
	a := rg.do(request(t, "GET", "/grants", "", "X-HTTP-Method-Override", "DELETE", "X-HTTP-Method", "DELETE"))
	if a.StatusCode != http.StatusOK || a.Header.Get("X-Evil") != "" || len(rg.grants(oidcproxy.GrantFilter{})) != 1 {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	if strings.Contains(rg.logged(), "\nX-Evil") {
		t.Error("a line of the log is the administrator's")
	}
}
