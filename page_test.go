package zscalermcp_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/tool"
)

// visit opens an address as a browser does, with Host for what is in front of the path; headers come in pairs.
func visit(t *testing.T, srv *zscalermcp.Server, method, host, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := srv.Handler()
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Host = host
	for name, value := range map[string]string{"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"} {
		r.Header.Set(name, value)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// markedEnv is a tenant of which no word may be on the page.
var markedEnv = environ{
	"ZSCALER_VANITY_DOMAIN": "marked-vanity", "ZSCALER_CLOUD": "govus", "ZSCALER_CLIENT_ID": "marked-client", "ZSCALER_CLIENT_SECRET": "marked-secret", "ZSCALER_MCP_DISABLE_ENTITLEMENT_FILTER": "true",
	"ZSCALER_CUSTOMER_ID": "216196257331281920", "ZPA_MICROTENANT_ID": "72058304855015424", "ZSCALER_PARTNER_ID": "marked-partner", "ZSCALER_MCP_USER_AGENT_COMMENT": "marked-comment",
	"ZSCALER_MCP_WRITE_ENABLED": "true", "ZSCALER_MCP_WRITE_TOOLS": "zia_create_*", "ZSCALER_MCP_TRUSTED_PROXIES": "203.0.113.77",
}

var secretsOfThePage = []string{
	"marked", "govus", "216196257331281920", "72058304855015424", "203.0.113.77", "zia_create", testKey, "idp.example.com", "the-secret-at-the-provider",
}

const publicURL = "https://svc.example.com/mcp"

// A pageCase is an environment, and the host by which the page is asked for.
type pageCase struct {
	env  []string
	host string
}

// pages are the modes, and the hosts by which the page is asked for.
func pages() map[string]pageCase {
	withURL := func(vars ...string) []string { return append(vars, "ZSCALER_MCP_PUBLIC_URL", publicURL) }
	local := slices.Clone(serverVars)
	local[slices.Index(local, "OIDCPROXY_BASE_URL")+1] = "http://127.0.0.1:8000"
	return map[string]pageCase{
		"api-key":                    {withURL(keyVars...), "svc.example.com"},
		"api-key-in-its-own-header":  {withURL(append(slices.Clone(keyVars), "ZSCALER_MCP_AUTH_HEADERS", "X-Api-Key")...), "svc.example.com"},
		"jwt":                        {withURL(jwtVars...), "svc.example.com"},
		"zscaler":                    {withURL("ZSCALER_MCP_AUTH_MODE", "zscaler"), "svc.example.com"},
		"zscaler-in-two-headers":     {withURL("ZSCALER_MCP_AUTH_MODE", "zscaler", "ZSCALER_MCP_AUTH_HEADERS", "X-Zscaler-Client-Id"), "svc.example.com"},
		"oidc":                       {withURL(oidcVars...), "svc.example.com"},
		"authorization-server":       {withURL(serverVars...), "svc.example.com"},
		"authorization-server-local": {local, "127.0.0.1:8000"},
		"sse":                        {withURL(append(slices.Clone(keyVars), "ZSCALER_MCP_TRANSPORT", "sse")...), "svc.example.com"},
		"sse-authorization-server":   {withURL(append(slices.Clone(serverVars), "ZSCALER_MCP_TRANSPORT", "sse")...), "svc.example.com"},
		"none":                       {[]string{"ZSCALER_MCP_AUTH_MODE", "none"}, "svc.example.com"},
		"none-local":                 {[]string{"ZSCALER_MCP_AUTH_MODE", "none"}, "localhost:8000"},
	}
}

// What people read in each mode is what is in testdata (-update rewrites it).
func TestPageOfEachMode(t *testing.T) {
	for name, test := range pages() {
		t.Run(name, func(t *testing.T) {
			w := visit(t, newServer(t, markedEnv.with(test.env...).option(), zscalermcp.WithContact("it@example.com")), http.MethodGet, test.host, "/mcp")
			if w.Code != http.StatusOK || w.Header().Get("WWW-Authenticate") != "" {
				t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			golden(t, name, w.Body.String())
			wellFormed(t, w)
			for _, secret := range secretsOfThePage {
				if strings.Contains(w.Body.String(), secret) {
					t.Errorf("the page has %q", secret)
				}
			}
		})
	}
	custom := auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { return nil, auth.ErrNotMine })
	golden(t, "authenticator", visit(t, newServer(t, tenantEnv.option(), zscalermcp.WithAuth(custom), zscalermcp.WithPublicURL(publicURL)), http.MethodGet, "svc.example.com", "/mcp").Body.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "page", name+".html")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

var (
	styleElement = regexp.MustCompile(`(?s)<style>(.*)</style>`)
	block        = regexp.MustCompile(`(?s)<pre tabindex="0" role="group" aria-label="([^"]+)">(.*?)</pre>`)
	active       = regexp.MustCompile(`(?i)<(script|iframe|img|form|link|base|object|embed|meta http)|\s(on[a-z]+|style|src)=|javascript:|https?://[^"<]*\.(js|css)`)
)

// wellFormed demands that the page is inert, that its policy admits its own style and nothing else, and that the configurations on it are JSON (R61, R66).
func wellFormed(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	text, h := w.Body.String(), w.Header()
	if found := active.FindString(text); found != "" {
		t.Errorf("the page has %q", found)
	}
	style := sha256.Sum256([]byte(styleElement.FindStringSubmatch(text)[1]))
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Vary": "Accept, Sec-Fetch-Mode, Sec-Fetch-Dest, Authorization",
		"Content-Security-Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) + "'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	labels := map[string]bool{}
	for _, found := range block.FindAllStringSubmatch(text, -1) {
		if labels[found[1]] {
			t.Errorf("two blocks are called %q", found[1])
		}
		labels[found[1]] = true
		if body := html.UnescapeString(found[2]); strings.HasPrefix(body, "{") && !json.Valid([]byte(body)) {
			t.Errorf("%s is no JSON:\n%s", found[1], body)
		}
	}
	if len(labels) < 4 || strings.Count(text, "<pre") != len(labels) {
		t.Errorf("%d blocks, %d of which are labelled", strings.Count(text, "<pre"), len(labels))
	}
}

// The page knows of no tool, toolset or version, of the host's own neither.
func TestPageNamesNoTool(t *testing.T) {
	mine := tool.Set{Name: "marked_tools", Doc: "Marked tools.", Tools: []tool.Tool{
		tool.Func(tool.Read, "marked_tool", "Do a marked thing.", func(context.Context, struct{}) (any, error) { return nil, nil }),
	}}
	srv := newServer(t, markedEnv.with(keyVars...).option(), zscalermcp.WithTools(mine), zscalermcp.WithPublicURL(publicURL))
	text := visit(t, srv, http.MethodGet, "svc.example.com", "/mcp").Body.String()
	words := []string{"marked", `v[0-9]+\.[0-9]`, "go1", "devel"}
	for _, info := range srv.Tools() {
		words = append(words, info.Name)
		if info.Service != tool.AgentService { // which the page is about
			words = append(words, info.Toolset, info.Service)
		}
	}
	for _, word := range words {
		if word != "" && regexp.MustCompile(`\b`+word+`\b`).MatchString(text) {
			t.Errorf("the page has %q", word)
		}
	}
	if !strings.Contains(text, publicURL) || len(words) < 50 {
		t.Errorf("%d words, and the page:\n%s", len(words), text)
	}
}

// What the Authenticator is decides where the environment does not.
func TestPageOfAuthenticatorsInCode(t *testing.T) {
	tenant, opts := tenantOptions(t)
	modes := authModes(t, tenant)
	resource, err := auth.NewProtectedResource(auth.ProtectedResourceConfig{
		Resource: publicURL, AuthorizationServers: []string{"https://idp.example.com"}, Verifier: auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { return nil, auth.ErrNotMine }),
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		option zscalermcp.Option
		want   string // the page of which mode
	}{
		"keys": {modes["api-key"].option, "api-key"}, "tokens": {modes["jwt"].option, "jwt"}, "pairs": {modes["zscaler"].option, "zscaler"},
		"keys or tokens": {modes["api-key and jwt"].option, "authenticator"}, "resource": {zscalermcp.WithAuth(resource), "oidc"},
	} {
		srv := newServer(t, append(opts, test.option, zscalermcp.WithPublicURL(publicURL))...)
		text := strings.Replace(visit(t, srv, http.MethodGet, "svc.example.com", "/mcp").Body.String(), noContact, mailContact, 1)
		want, err := os.ReadFile(filepath.Join("testdata", "page", test.want+".html"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Replace(string(want), noContact, mailContact, 1), text); diff != "" {
			t.Errorf("%s is not as %s (-want +got):\n%s", name, test.want, diff)
		}
	}
}

const (
	noContact   = `<p>Whoever gave you this address, or runs MCP servers where you work.</p>`
	mailContact = `<p><a href="mailto:it@example.com">it@example.com</a></p>`
)

// R1, D74: of the Host header nothing is repeated but a name of the person's own machine.
func TestPageRepeatsNoHost(t *testing.T) {
	srv := newServer(t, tenantEnv.with(keyVars...).option())
	for _, host := range []string{
		"evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", "evil@localhost", "localhost/evil", "localhost?evil", "localhost#evil",
		`localhost"><script>evil()</script>`, "localhost:evil", "127.0.0.1:80:90", "[::1%25evil]", "[::1%evil]", "127.0.0.1.evil.example", "10.0.0.1", "", "::1", " localhost", "localhost evil",
	} {
		text := visit(t, srv, http.MethodGet, host, "/mcp").Body.String()
		if strings.Contains(text, "evil") || strings.Contains(text, "://10.0.0.1") || !strings.Contains(text, "zscaler ADDRESS --header") {
			t.Errorf("%q: %s", host, text)
		}
	}
	for host, want := range map[string]string{
		"localhost:8000": "http://localhost:8000/mcp", "127.0.0.1": "http://127.0.0.1/mcp", "[::1]:8000": "http://[::1]:8000/mcp", "LOCALHOST": "http://LOCALHOST/mcp",
	} {
		if text := visit(t, srv, http.MethodGet, host, "/mcp/").Body.String(); !strings.Contains(text, "zscaler "+want+" --header") {
			t.Errorf("%q: no %s in %s", host, want, text)
		}
	}
	known := newServer(t, tenantEnv.with(keyVars...).option(), zscalermcp.WithPublicURL(publicURL), zscalermcp.WithAllowedHosts("inner.example", "svc.example.com"))
	for host, want := range map[string]int{"evil.example": http.StatusMisdirectedRequest, "inner.example": http.StatusOK} { // the public URL is the address, whatever was opened
		w := visit(t, known, http.MethodGet, host, "/mcp")
		text := w.Body.String()
		if w.Code != want || strings.Contains(text, host) || strings.Contains(text, "zscaler "+publicURL+" --header") != (want == http.StatusOK) {
			t.Errorf("%q: %d %s", host, w.Code, text)
		}
	}
}

// The page is at the endpoint and nowhere else, mounted or not.
func TestWhereThePageIs(t *testing.T) {
	srv := newServer(t, tenantEnv.with(keyVars...).option(), zscalermcp.WithPublicURL("https://svc.example.com/zscaler/mcp"))
	for path, want := range map[string]int{
		"/zscaler/mcp": 200, "/zscaler/mcp/": 200, "/zscaler/mcp?q=%3Cscript%3E": 200, "/zscaler/mcp/below": 401, "/zscaler": 404, "/mcp": 404, "/": 404, "/.well-known/oauth-protected-resource": 404,
	} {
		w := visit(t, srv, http.MethodGet, "svc.example.com", path)
		if isHTML := strings.HasPrefix(w.Header().Get("Content-Type"), "text/html"); w.Code != want || isHTML != (want == 200) || strings.Contains(w.Body.String(), "<script") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	if err := srv.Mount(mux); err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(mux)
	defer hs.Close()
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for path, want := range map[string]int{"/zscaler/mcp": 200, "/zscaler/mcp/": 200, "/": http.StatusTeapot, "/zscaler/mcp/below": 404} {
			r, _ := http.NewRequestWithContext(t.Context(), method, hs.URL+path, nil)
			r.Header = http.Header{"Accept": {"text/html"}, "Sec-Fetch-Mode": {"navigate"}}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != want || (resp.ContentLength > 1000) != (want == 200) {
				t.Errorf("%s %s: %d, %d bytes", method, path, resp.StatusCode, resp.ContentLength)
			}
		}
	}
}

// R117, R119: programs get their challenge, and so do people once the page is off.
func TestPageLeavesChallengesAlone(t *testing.T) {
	on := newServer(t, tenantEnv.with(keyVars...).option())
	refused := map[string]*httptest.ResponseRecorder{
		"a program":    visit(t, on, http.MethodGet, "localhost", "/mcp", "Sec-Fetch-Mode", ""),
		"a client":     visit(t, on, http.MethodPost, "localhost", "/mcp", "Accept", "application/json, text/event-stream"),
		"a wrong key":  visit(t, on, http.MethodGet, "localhost", "/mcp", "Authorization", "Bearer wrong-key-0123456789"),
		"off":          visit(t, newServer(t, tenantEnv.with(keyVars...).option(), zscalermcp.WithoutPage()), http.MethodGet, "localhost", "/mcp"),
		"off by env":   visit(t, newServer(t, tenantEnv.with(append(keyVars, "ZSCALER_MCP_PAGE", "false")...).option()), http.MethodGet, "localhost", "/mcp"),
		"off for good": visit(t, newServer(t, tenantEnv.with(append(keyVars, "ZSCALER_MCP_PAGE", "true")...).option(), zscalermcp.WithoutPage()), http.MethodGet, "localhost", "/mcp"),
	}
	for name, w := range refused {
		if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer ") || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
	}
	if w := visit(t, newServer(t, tenantEnv.with(append(keyVars, "ZSCALER_MCP_PAGE", "yes")...).option()), http.MethodGet, "localhost", "/mcp"); w.Code != http.StatusOK {
		t.Errorf("on: %d", w.Code)
	}
	on.Drain()
	if w := visit(t, on, http.MethodGet, "localhost", "/mcp"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("while draining: %d %s", w.Code, w.Body)
	}
}
