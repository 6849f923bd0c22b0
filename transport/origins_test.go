package transport_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/org/zscalermcp/transport"
)

const app = "https://app.example.com"

// preflight is what a browser asks before it sends a credential.
func (rg *rig) preflight(origin, headers string) answer {
	return rg.send(http.MethodOptions, "", "Accept", "", "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", headers)
}

// R8: pages of listed origins can ask, call, and read answers and challenges; nobody else's can.
func TestAllowedOrigins(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, AllowedOrigins: []string{app, "http://localhost:6274"}}, map[string]handler{"echo": echo})
	for _, origin := range []string{app, "http://localhost:6274"} {
		a := rg.preflight(origin, "authorization,content-type,mcp-protocol-version,mcp-param-region,x-other")
		allowed := strings.ToLower(a.header.Get("Access-Control-Allow-Headers"))
		if a.status != http.StatusNoContent || a.header.Get("Access-Control-Allow-Origin") != origin || a.header.Get("Access-Control-Allow-Methods") != "POST, GET, DELETE" || a.body != "" {
			t.Errorf("%s: preflight %d %v", origin, a.status, a.header)
		}
		for _, name := range []string{"authorization", "content-type", "accept", "last-event-id", "mcp-protocol-version", "mcp-param-region"} {
			if !strings.Contains(allowed, name) {
				t.Errorf("%s: the header %s is not allowed: %s", origin, name, allowed)
			}
		}
		if strings.Contains(allowed, "x-other") {
			t.Errorf("%s: allowed headers %s", origin, allowed)
		}
		refused := rg.send(http.MethodPost, initialize, "Origin", origin, "Sec-Fetch-Site", "cross-site")
		if refused.status != http.StatusUnauthorized || !canRead(refused, origin) {
			t.Errorf("%s: a challenge that its page cannot read: %d %v", origin, refused.status, refused.header)
		}
		for _, era := range eras {
			if a := rg.call(era, "echo", "Origin", origin, "Sec-Fetch-Site", "cross-site", "Authorization", "Bearer alice"); a.status != http.StatusOK || !canRead(a, origin) {
				t.Errorf("%s %s: %d %v %s", origin, era, a.status, a.header, a.body)
			}
		}
	}
	for _, origin := range []string{"https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "https://app.example.com:8443", "https://APP.example.com", "null"} {
		for _, method := range []string{http.MethodOptions, http.MethodGet, http.MethodHead, http.MethodDelete} {
			if a := rg.send(method, "", "Origin", origin, "Authorization", "Bearer alice"); a.status != http.StatusForbidden || hasCORS(a) {
				t.Errorf("%s: %s %d %v", origin, method, a.status, a.header)
			}
		}
		if a := rg.preflight(origin, "authorization"); a.status != http.StatusForbidden || hasCORS(a) {
			t.Errorf("%s: preflight %d %v", origin, a.status, a.header)
		}
		a := rg.call(modern, "echo", "Origin", origin, "Authorization", "Bearer alice")
		if a.status != http.StatusForbidden || hasCORS(a) || !strings.Contains(a.body, "(WithAllowedOrigins, ZSCALER_MCP_ALLOWED_ORIGINS)") {
			t.Errorf("%s: %d %v %s", origin, a.status, a.header, a.body)
		}
		if !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Origin") {
			t.Errorf("%s: a cache could give the answer to a listed origin: %v", origin, a.header)
		}
	}
}

func canRead(a answer, origin string) bool {
	return a.header.Get("Access-Control-Allow-Origin") == origin && a.header.Get("Access-Control-Allow-Credentials") == "" &&
		strings.Contains(a.header.Get("Access-Control-Expose-Headers"), "WWW-Authenticate, Mcp-Session-Id")
}

func hasCORS(a answer) bool {
	for name := range a.header {
		if strings.HasPrefix(name, "Access-Control-") {
			return true
		}
	}
	return false
}

// Without a list no page of another site gets in. Programs, and pages of the endpoint's own origin, do.
func TestNoOriginIsAllowedByDefault(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, PublicHost: "mcp.example.com"}, map[string]handler{"echo": echo})
	for _, test := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"a program", nil, http.StatusOK},
		{"the endpoint's own page", []string{"Origin", rg.url, "Sec-Fetch-Site", "same-origin"}, http.StatusOK},
		{"its page in an old browser", []string{"Origin", rg.url}, http.StatusOK},
		{"its page, behind a proxy with another Host", []string{"Origin", "https://mcp.example.com"}, http.StatusOK},
		{"another page", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"a page of a subdomain", []string{"Origin", "https://x.mcp.example.com", "Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		{"a frame without an origin", []string{"Origin", "null"}, http.StatusForbidden},
		{"a page of another port", []string{"Origin", "http://localhost:1"}, http.StatusForbidden},
		{"its page in the clear", []string{"Origin", "http://mcp.example.com", "Host", "mcp.example.com"}, http.StatusForbidden},
		{"capitals", []string{"Origin", "https://MCP.example.com"}, http.StatusOK},
		{"another port of its host", []string{"Origin", "https://mcp.example.com:9999"}, http.StatusForbidden},
		{"the default port", []string{"Origin", "https://mcp.example.com:443"}, http.StatusOK},
		{"its page, hidden", []string{"Origin", "null", "Sec-Fetch-Site", "same-origin", "Host", "mcp.example.com"}, http.StatusOK},
		{"another page, hidden", []string{"Origin", "null", "Sec-Fetch-Site", "cross-site", "Host", "mcp.example.com"}, http.StatusForbidden},
		{"a page that leaves its origin out", []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
	} {
		if a := rg.call(modern, "echo", append(test.headers, "Authorization", "Bearer alice")...); a.status != test.want || hasCORS(a) {
			t.Errorf("%s: %d %s %v", test.name, a.status, a.body, a.header)
		}
	}
	if a := rg.preflight(app, "authorization"); a.status != http.StatusForbidden || hasCORS(a) {
		t.Errorf("preflight: %d %v", a.status, a.header)
	}
	if log := rg.log.String(); strings.Count(log, "a page of another origin") != 1 || !strings.Contains(log, "origin=https://evil.example") || !strings.Contains(log, "public_origin=https://mcp.example.com") {
		t.Errorf("the operator is told: %s", log)
	}
}

// A page is the endpoint's own by scheme, host and port together.
func TestOwnOrigin(t *testing.T) {
	for _, test := range []struct {
		scheme, host string // that are public
		origin, at   string // of the page, and the Host of its request
		site         string
		want         int
	}{
		{"http", "localhost:8000", "http://localhost:8000", "localhost:8000", "same-origin", http.StatusOK},
		{"http", "localhost:8000", "http://localhost:3000", "localhost:8000", "same-site", http.StatusForbidden},
		{"http", "127.0.0.1:8000", "http://127.0.0.1:3000", "127.0.0.1:8000", "same-site", http.StatusForbidden},
		{"https", "mcp.example.com:8443", "https://mcp.example.com:8443", "127.0.0.1:8000", "same-origin", http.StatusOK},
		{"https", "mcp.example.com:8443", "https://mcp.example.com", "mcp.example.com:8443", "same-site", http.StatusForbidden},
		{"http", "intranet", "http://intranet", "intranet", "same-origin", http.StatusOK},
		{"http", "intranet", "https://intranet", "intranet", "same-site", http.StatusForbidden},
		{"https", "[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443", "[2001:db8::1]:8443", "same-origin", http.StatusOK},
		{"", "", "https://svc.example.com", "backend:8000", "same-origin", http.StatusOK}, // a proxy between
		{"", "", "https://svc.example.com", "svc.example.com", "", http.StatusOK},
		{"", "", "https://evil.example", "svc.example.com", "cross-site", http.StatusForbidden},
		{"", "", "https://evil.example", "svc.example.com", "", http.StatusForbidden},
	} {
		rg := newRig(t, transport.Config{Auth: byToken, PublicHost: test.host, PublicScheme: test.scheme}, nil)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+test.at+"/mcp", strings.NewReader(initialize))
		for name, value := range map[string]string{
			"Origin": test.origin, "Sec-Fetch-Site": test.site, "Authorization": "Bearer alice", "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
		} {
			r.Header.Set(name, value)
		}
		if test.site == "" {
			r.Header.Del("Sec-Fetch-Site")
		}
		w := httptest.NewRecorder()
		if rg.e.ServeHTTP(w, r); w.Code != test.want {
			t.Errorf("%+v: %d %s", test, w.Code, w.Body)
		}
	}
}

// Pictures and scripts of other sites are refused; a link that somebody follows is not.
func TestRequestsWithoutOrigin(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, nil)
	for _, test := range []struct {
		site, mode string
		want       int
	}{
		{"", "", http.StatusUnauthorized}, {"none", "navigate", http.StatusUnauthorized}, {"same-origin", "cors", http.StatusUnauthorized}, {"cross-site", "navigate", http.StatusUnauthorized},
		{"cross-site", "no-cors", http.StatusForbidden}, {"same-site", "no-cors", http.StatusForbidden},
	} {
		if a := rg.send(http.MethodGet, "", "Sec-Fetch-Site", test.site, "Sec-Fetch-Mode", test.mode); a.status != test.want {
			t.Errorf("%s %s: %d", test.site, test.mode, a.status)
		}
	}
}

// D77: a page whose name leads to this server, from a network where nobody asks for Host, names itself in Origin too.
func TestRebindingPagesAreForeign(t *testing.T) {
	for public, want := range map[string]int{"mcp.example.com": http.StatusForbidden, "": http.StatusOK} {
		rg := newRig(t, transport.Config{Auth: byToken, PublicHost: public}, map[string]handler{"echo": echo})
		local := &net.TCPAddr{IP: net.IPv4(192, 168, 1, 5), Port: 8000}
		r := httptest.NewRequestWithContext(context.WithValue(t.Context(), http.LocalAddrContextKey, local), http.MethodPost, "http://evil.example:8080/mcp", strings.NewReader(initialize))
		for name, value := range map[string]string{
			"Origin": "http://evil.example:8080", "Sec-Fetch-Site": "same-origin", "Authorization": "Bearer alice", "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
		} {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		if rg.e.ServeHTTP(w, r); w.Code != want {
			t.Errorf("public host %q: %d %s", public, w.Code, w.Body)
		}
	}
}

func TestAllOriginsAllowed(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, AllowedOrigins: []string{"*"}}, map[string]handler{"echo": echo})
	if a := rg.preflight(app, "authorization"); a.status != http.StatusNoContent || a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("preflight: %d %v", a.status, a.header)
	}
	if a := rg.call(modern, "echo", "Origin", app, "Authorization", "Bearer alice"); a.status != http.StatusOK || !canRead(a, "*") {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := rg.call(modern, "echo", "Origin", app); a.status != http.StatusUnauthorized || !canRead(a, "*") {
		t.Errorf("without a credential: %d %v", a.status, a.header)
	}
}

func TestOriginsThatNoBrowserSends(t *testing.T) {
	for origin, want := range map[string]string{
		"https://app.example.com/":    "write https://app.example.com",
		"https://app.example.com:443": "write https://app.example.com",
		"https://App.example.com":     "write https://app.example.com",
		"app.example.com":             "is no web origin",
		"https://*.example.com":       "is no web origin",
		"https://bücher.example":      "is no web origin",
		"http://localhost:06274":      "write http://localhost:6274",
		"https://a.example:99999":     "no possible port",
		"https://[0:0:0:0:0:0:0:1]":   "write https://[::1]",
		"null":                        "is no web origin",
		"https://":                    "is no web origin",
		"https://a.example/path?s3cr": "browsers do not send",
	} {
		_, err := transport.New(transport.Config{Server: newServer(nil), AllowedOrigins: []string{app, origin}})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "AllowedOrigins") || strings.Contains(err.Error(), "s3cr") {
			t.Errorf("%s: %v", origin, err)
		}
	}
	for _, origin := range []string{"http://localhost:6274", "https://[::1]:8443", "app://obsidian.md", "http://127.0.0.1"} {
		if _, err := transport.New(transport.Config{Server: newServer(nil), AllowedOrigins: []string{origin}}); err != nil {
			t.Errorf("%s: %v", origin, err)
		}
	}
}
