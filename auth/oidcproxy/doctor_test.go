package oidcproxy_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A provider whose proxy is right gets neither a warning nor an error, whatever its paths.
func TestDoctorOfAHealthySite(t *testing.T) {
	for _, path := range []string{"/mcp", "/svc/mcp", ""} {
		s := newSite(t, path, nil)
		report := s.p.Doctor(t.Context())
		wantCodes(t, report, oidcproxy.SeverityNote)
		for _, code := range []string{"metadata.ok", "endpoint.ok", "token.ok", "token_endpoint.ok", "page.ok", "cors.ok", "clock.ok", "provider.ok", "provider.keys_ok", "provider.redirect_ok", "provider.secret_ok"} {
			if !strings.Contains(report.String(), code) {
				t.Errorf("%s: %s is not in the report:\n%s", path, code, report)
			}
		}
		if n := s.happened(oidcproxy.EventRegistered) + s.happened(oidcproxy.EventTokenIssued); n != 0 || s.entries() != 0 {
			t.Errorf("%s: the doctor has left something behind: %d events, %d entries", path, n, s.entries())
		}
		if s.asked.Load() > 40 {
			t.Errorf("%s: %d requests", path, s.asked.Load())
		}
	}
}

// Each fault of a proxy has its name, and no other.
func TestDoctorNamesFaults(t *testing.T) {
	header := func(name, value string) func(*site) http.Handler {
		return func(s *site) http.Handler {
			return s.pass(nil, func(r *http.Response) { r.Header.Set(name, value) })
		}
	}
	lost := func(name string) func(*site) http.Handler {
		return func(s *site) http.Handler { return s.pass(nil, func(r *http.Response) { r.Header.Del(name) }) }
	}
	doubled := func(name, value string) func(*site) http.Handler {
		return func(s *site) http.Handler {
			return s.pass(nil, func(r *http.Response) { r.Header.Add(name, value) })
		}
	}
	only := func(when func(*http.Request) bool, h http.HandlerFunc) func(*site) http.Handler {
		return func(s *site) http.Handler { return s.instead(when, h) }
	}
	cut := func(prefix string) func(*site) http.Handler {
		return func(s *site) http.Handler {
			return s.pass(func(r *http.Request) {
				if rest, ok := strings.CutPrefix(r.URL.Path, prefix); ok {
					r.URL.Path = rest
				}
			}, nil)
		}
	}
	for name, fault := range map[string]struct {
		proxy func(*site) http.Handler
		path  string // of the endpoint, /mcp if empty
		want  string // codes of errors and warnings
	}{
		"no well-known paths":               {only(wellKnown, status(404)), "", "metadata.missing"},
		"a page for unknown paths":          {only(wellKnown, page), "", "metadata.not_json"},
		"a password for well-known paths":   {only(wellKnown, guarded), "", "proxy.guarded"},
		"a password for all":                {only(anywhere, guarded), "", "proxy.guarded"},
		"a firewall before the token":       {only(at("/token"), status(403)), "", "proxy.guarded"},
		"no server behind":                  {only(anywhere, status(502)), "", "proxy.no_server"},
		"an error of the proxy":             {only(at("/authorize"), status(500)), "", "proxy.status"},
		"too many requests":                 {only(at("/jwks"), status(429)), "", "check.throttled"},
		"a redirect to a slash":             {only(at("/mcp"), sendTo("PATH/", 301)), "", "redirect.slash"},
		"a redirect from a slash":           {only(at("/mcp/"), sendTo("/mcp", 308)), "", "redirect.slash"},
		"a redirect of metadata to a slash": {only(wellKnown, sendTo("PATH/", 302)), "", "redirect.slash"},
		"a redirect to http":                {only(wellKnown, sendTo("http://HOSTPATH", 301)), "", "scheme.http"},
		"a redirect to a sign-in elsewhere": {only(anywhere, sendTo("https://login.example.com/?rd=PATH", 302)), "", "redirect.host"},
		"a redirect to another path":        {only(at("/token"), sendTo("/oauth/token", 307)), "", "redirect.path"},
		"the prefix is taken away":          {cut("/svc"), "/svc/mcp", "path.stripped"},
		"well-known is taken away":          {cut("/.well-known"), "", "path.stripped"},
		"an unknown path": {func(s *site) http.Handler {
			return s.pass(func(r *http.Request) { r.URL.Path = "/other" + r.URL.Path }, nil)
		}, "", "metadata.missing path.missing"},
		"the endpoint is not passed on": {only(at("/mcp"), status(404)), "", "path.missing"},
		"the slash is not passed on":    {only(at("/mcp/"), status(404)), "", "endpoint.slash"},
		"the server's own 404":          {only(at("/mcp"), notFound), "", "path.changed"},
		"a strange Host":                {only(at("/mcp"), refusing(http.StatusMisdirectedRequest)), "", "host.changed"},
		"a strange Host, not by us":     {only(at("/mcp"), status(http.StatusMisdirectedRequest)), "", "proxy.status"},
		"a strange address":             {only(at("/mcp"), refusing(http.StatusForbidden)), "", "check.refused"},
		"no OPTIONS":                    {only(method("OPTIONS"), status(405)), "", "cors.preflight"},
		"OPTIONS without CORS":          {only(method("OPTIONS"), status(204)), "", "cors.preflight"},
		"OPTIONS that is too narrow":    {only(method("OPTIONS"), preflight("GET", "Content-Type")), "", "cors.preflight"},
		"OPTIONS that is enough":        {only(method("OPTIONS"), preflight("GET, POST", "mcp-protocol-version")), "", ""},
		"no POST":                       {only(at("/token"), status(405)), "", "method.changed"},
		"a body that is too large":      {only(at("/token"), status(413)), "", "body.refused"},
		"CORS twice":                    {doubled("Access-Control-Allow-Origin", "*"), "", "cors.doubled"},
		"CORS twice on a line":          {header("Access-Control-Allow-Origin", "*, *"), "", "cors.doubled"},
		"CORS lost":                     {lost("Access-Control-Allow-Origin"), "", "cors.missing"},
		"CORS for one":                  {header("Access-Control-Allow-Origin", "https://app.example.com"), "", "cors.changed"},
		"CORS with credentials":         {doubled("Access-Control-Allow-Credentials", "true"), "", "cors.credentials"},
		"a challenge lost":              {lost("Www-Authenticate"), "", "header.challenge_lost"},
		"another challenge":             {only(at("/mcp"), challenge(`Bearer resource_metadata="https://other.example.com/"`)), "", "challenge.differs"},
		"an open endpoint":              {only(at("/mcp"), status(200)), "", "endpoint.open"},
		"no Authorization": {func(s *site) http.Handler {
			return s.pass(func(r *http.Request) { r.Header.Del("Authorization") }, nil)
		}, "", "header.authorization_lost"},
		"no Content-Type": {func(s *site) http.Handler { return s.pass(func(r *http.Request) { r.Header.Del("Content-Type") }, nil) }, "", "body.type_lost"},
		"no body": {func(s *site) http.Handler {
			return s.pass(func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 }, nil)
		}, "", "body.lost"},
		"no Content-Type of documents":  {header("Content-Type", "application/octet-stream"), "", "metadata.content_type page.replaced"},
		"another issuer":                {only(at("/.well-known/oauth-authorization-server"), document(`{"issuer":"https://other.example.com"}`)), "", "metadata.other_issuer"},
		"another resource":              {only(at("/.well-known/oauth-protected-resource/mcp"), document(`{"resource":"https://other.example.com/mcp"}`)), "", "metadata.other_issuer"},
		"an http issuer":                {only(at("/.well-known/oauth-authorization-server"), document(`{"issuer":"http://HOST"}`)), "", "metadata.scheme"},
		"an issuer with a slash":        {only(at("/.well-known/oauth-authorization-server"), document(`{"issuer":"https://HOST/"}`)), "", "metadata.slash"},
		"another version":               {only(at("/.well-known/oauth-authorization-server"), document(`{"issuer":"https://HOST","more":1}`)), "", "metadata.differs"},
		"other keys":                    {only(at("/jwks"), document(`{"keys":[]}`)), "", "keys.differ"},
		"a page of the proxy":           {only(at("/authorize"), status(400)), "", "page.replaced"},
		"CSP twice":                     {doubled("Content-Security-Policy", "default-src 'self'"), "", "header.csp_doubled"},
		"CSP lost":                      {lost("Content-Security-Policy"), "", "header.csp_lost"},
		"another CSP":                   {header("Content-Security-Policy", "default-src 'self'"), "", "header.csp_changed"},
		"the token answer of the proxy": {only(at("/token"), status(400)), "", "token.not_json"},
		"no no-store":                   {lost("Cache-Control"), "", "cache.token"},
		"a clock that is slow":          {header("Date", "Mon, 02 Jan 2006 15:04:05 GMT"), "", "clock.public"},
		"an old answer of a cache is no clock": {func(s *site) http.Handler {
			return s.pass(nil, func(r *http.Response) {
				r.Header.Set("Date", "Mon, 02 Jan 2006 15:04:05 GMT")
				r.Header.Set("Age", "1000000000")
			})
		}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if fault.path == "" {
				fault.path = "/mcp"
			}
			s := newSite(t, fault.path, nil)
			s.behind(fault.proxy(s))
			wantCodes(t, s.p.Doctor(t.Context()), oidcproxy.SeverityWarning, strings.Fields(fault.want)...)
		})
	}
}

func page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<html>a-foreign-body</html>"))
}

func guarded(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("WWW-Authenticate", `Basic realm="staff only"`)
	w.WriteHeader(http.StatusUnauthorized)
}

func notFound(w http.ResponseWriter, r *http.Request) {
	answerJSON(w, http.StatusNotFound, `{"error":"not_found"}`, r)
}

// refusing answers as the endpoint does before authentication.
func refusing(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, status, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"a-foreign-body"}}`, r)
	}
}

func challenge(value string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("WWW-Authenticate", value)
		code := ""
		if r.Header.Get("Authorization") != "" {
			code = `"error":"invalid_token",`
		}
		answerJSON(w, http.StatusUnauthorized, `{`+code+`"error_description":"a-foreign-body"}`, r)
	}
}

func document(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.Method == http.MethodOptions {
			preflight("GET, HEAD, OPTIONS", "MCP-Protocol-Version")(w, r)
			return
		}
		answerJSON(w, http.StatusOK, body, r)
	}
}

func answerJSON(w http.ResponseWriter, status int, body string, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(strings.ReplaceAll(body, "HOST", r.Host)))
}

func method(name string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == name }
}

func preflight(methods, headers string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", methods)
		w.Header().Set("Access-Control-Allow-Headers", headers)
		w.WriteHeader(http.StatusNoContent)
	}
}
