package transport_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/org/zscalermcp/transport"
)

// people is a page for people.
var people = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Page", "yes")
	_, _ = w.Write([]byte("for people"))
})

// navigation is what a browser sends when somebody opens the address, changed by headers; an empty value takes a header away.
func navigation(t *testing.T, method, url, body string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"Accept":         {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"},
		"Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"document"}, "Sec-Fetch-Site": {"none"}, "Sec-Fetch-User": {"?1"},
		"Upgrade-Insecure-Requests": {"1"}, "User-Agent": {"Mozilla/5.0"},
	}
	for i := 0; i < len(headers); i += 2 {
		switch name, value := headers[i], headers[i+1]; {
		case name == "Host":
			r.Host = value
		case value == "":
			delete(r.Header, name)
		case value == "empty":
			r.Header[name] = []string{""}
		default:
			r.Header[name] = strings.Split(value, "|")
		}
	}
	return r
}

func (rg *rig) visit(r *http.Request) answer {
	rg.t.Helper()
	resp, err := rg.client.Do(r)
	if err != nil {
		rg.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		rg.t.Fatal(err)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: string(body)}
}

func isPage(a answer) bool {
	return a.header.Get("X-Page") != "" || strings.Contains(a.body, "for people")
}

// Browsers that open the address get the page, by whatever link they come.
func TestPageForPeople(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, Page: people, AllowedOrigins: []string{app}}, nil)
	for name, headers := range map[string][]string{
		"typed":                                 nil,
		"a link of another site":                {"Sec-Fetch-Site", "cross-site", "Referer", "https://wiki.example.com/"},
		"a link of an allowed origin":           {"Sec-Fetch-Site", "cross-site", "Referer", app},
		"a browser that tells no destination":   {"Sec-Fetch-Dest", ""},
		"HTML alone":                            {"Accept", "text/html"},
		"HTML among others":                     {"Accept", "application/json, Text/HTML ; Q=0.1"},
		"HTML in a second line":                 {"Accept", "image/png|text/html;charset=utf-8"},
		"cookies of the host":                   {"Cookie", "session=1"},
		"a header that looks like a credential": {"X-Api-Keys", "1"},
	} {
		if a := rg.visit(navigation(t, http.MethodGet, rg.url, "", headers...)); a.status != http.StatusOK || a.body != "for people" || a.header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s: %d %q %v", name, a.status, a.body, a.header)
		}
	}
	if a := rg.visit(navigation(t, http.MethodHead, rg.url, "")); a.status != http.StatusOK || !isPage(a) || a.body != "" {
		t.Errorf("HEAD: %d %q %v", a.status, a.body, a.header)
	}
	if log := rg.log.String(); log != "" {
		t.Errorf("the log: %s", log)
	}
}

// R117, R119, D72, D77: what is no navigation, or bears a credential, good or bad, gets no page but what it got before.
func TestNoPageForPrograms(t *testing.T) {
	with, without := newRig(t, transport.Config{Auth: byToken, Page: people}, nil), newRig(t, transport.Config{Auth: byToken}, nil)
	for name, test := range map[string]struct {
		method, body string
		headers      []string
		want         int
	}{
		"a program":                        {headers: []string{"Sec-Fetch-Mode", "", "Sec-Fetch-Dest", "", "Sec-Fetch-Site", "", "Sec-Fetch-User", ""}},
		"a program that asks for HTML":     {headers: []string{"Accept", "text/html", "Sec-Fetch-Mode", ""}},
		"a script":                         {headers: []string{"Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty"}},
		"fetch of Node":                    {headers: []string{"Sec-Fetch-Mode", "cors", "Accept", "*/*"}},
		"a script without CORS":            {headers: []string{"Sec-Fetch-Mode", "no-cors"}},
		"a mode in capitals":               {headers: []string{"Sec-Fetch-Mode", "Navigate"}},
		"two modes":                        {headers: []string{"Sec-Fetch-Mode", "navigate|cors"}},
		"a mode twice":                     {headers: []string{"Sec-Fetch-Mode", "navigate|navigate"}},
		"a list of modes":                  {headers: []string{"Sec-Fetch-Mode", "navigate, cors"}},
		"a frame":                          {headers: []string{"Sec-Fetch-Dest", "iframe"}},
		"an object":                        {headers: []string{"Sec-Fetch-Dest", "object"}},
		"two destinations":                 {headers: []string{"Sec-Fetch-Dest", "document|iframe"}},
		"no destination":                   {headers: []string{"Sec-Fetch-Dest", "empty"}},
		"anything":                         {headers: []string{"Accept", "*/*"}},
		"any text":                         {headers: []string{"Accept", "text/*"}},
		"no Accept":                        {headers: []string{"Accept", "empty"}},
		"an MCP client":                    {headers: []string{"Accept", "application/json, text/event-stream"}},
		"a stream":                         {headers: []string{"Accept", "text/event-stream"}},
		"HTML of weight 0":                 {headers: []string{"Accept", "text/html;q=0, */*"}},
		"HTML of no weight":                {headers: []string{"Accept", "text/html;q=much"}},
		"HTML of weight NaN":               {headers: []string{"Accept", "text/html; level=1; q=NaN"}},
		"HTML in a parameter":              {headers: []string{"Accept", "application/json;x=text/html"}},
		"a longer type":                    {headers: []string{"Accept", "text/html5, text/html+x"}},
		"a session":                        {headers: []string{"Mcp-Session-Id", "s"}},
		"a protocol version":               {headers: []string{"Mcp-Protocol-Version", modern}},
		"a method of MCP":                  {headers: []string{"Mcp-Method", "tools/list"}},
		"a stream resumed":                 {headers: []string{"Last-Event-Id", "1"}},
		"a wrong credential":               {headers: []string{"Authorization", "Basic d3Jvbmc6d3Jvbmc="}},
		"an empty credential":              {headers: []string{"Authorization", "empty"}},
		"an API key":                       {headers: []string{"X-Api-Key", "key"}},
		"an API key, for some gateways":    {headers: []string{"X_api_key", "key"}},
		"a Zscaler client":                 {headers: []string{"X-Zscaler-Client-Id", "id", "X-Zscaler-Client-Secret", "s"}},
		"half a Zscaler client":            {headers: []string{"X-Zscaler-Client-Secret", "s"}},
		"a credential for a proxy":         {headers: []string{"Proxy-Authorization", "Basic d3Jvbmc6d3Jvbmc="}},
		"a credential for the hop before":  {headers: []string{"Authorization", "Bearer alice", "Connection", "Authorization"}},
		"two credentials":                  {headers: []string{"Authorization", "Bearer alice", "X-Api-Key", "key"}, want: http.StatusBadRequest},
		"a form":                           {method: http.MethodPost, body: "a=b", headers: []string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}},
		"a form without fields":            {method: http.MethodPost},
		"DELETE":                           {method: http.MethodDelete},
		"OPTIONS":                          {method: http.MethodOptions},
		"GET with a body":                  {body: "{}"},
		"a frame in another site":          {headers: []string{"Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}},
		"a form of another site":           {method: http.MethodPost, body: "a=b", headers: []string{"Sec-Fetch-Site", "cross-site"}, want: http.StatusForbidden},
		"another site, by HEAD":            {method: http.MethodHead, headers: []string{"Sec-Fetch-Site", "cross-site"}, want: http.StatusForbidden},
		"a page that says where it is":     {headers: []string{"Origin", "https://evil.example"}, want: http.StatusForbidden},
		"a name that leads to the machine": {headers: []string{"Host", "evil.example"}, want: http.StatusMisdirectedRequest},
	} {
		if test.method == "" {
			test.method = http.MethodGet
		}
		if test.want == 0 {
			test.want = http.StatusUnauthorized
		}
		a, before := with.visit(navigation(t, test.method, with.url, test.body, test.headers...)), without.visit(navigation(t, test.method, without.url, test.body, test.headers...))
		if a.status != test.want || isPage(a) || (a.header.Get("WWW-Authenticate") == "") != (test.want == http.StatusForbidden || test.want == http.StatusMisdirectedRequest) {
			t.Errorf("%s: %d %q %v", name, a.status, a.body, a.header)
		}
		if before.status != a.status || before.body != a.body {
			t.Errorf("%s: without a page %d %q, with one %d %q", name, before.status, before.body, a.status, a.body)
		}
	}
	if a := with.visit(navigation(t, http.MethodGet, with.url, "", "Authorization", "Bearer alice")); a.status == http.StatusOK || a.status == http.StatusUnauthorized || isPage(a) {
		t.Errorf("with a good credential: %d %q", a.status, a.body)
	}
	if a := without.visit(navigation(t, http.MethodGet, without.url, "")); a.status != http.StatusUnauthorized {
		t.Errorf("without a page: %d %q", a.status, a.body)
	}
}

// A server that ends says so to people too.
func TestPageWhileDraining(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, Page: people}, nil)
	if a := rg.visit(navigation(t, http.MethodGet, rg.url, "")); !isPage(a) {
		t.Fatalf("before: %d %q", a.status, a.body)
	}
	rg.e.Drain()
	if a := rg.visit(navigation(t, http.MethodGet, rg.url, "")); a.status != http.StatusServiceUnavailable || isPage(a) {
		t.Errorf("%d %q", a.status, a.body)
	}
}

// Where nobody authenticates, a program's GET is served as before.
func TestPageWithoutAuthentication(t *testing.T) {
	rg := newRig(t, transport.Config{Page: people}, nil)
	if a := rg.visit(navigation(t, http.MethodGet, rg.url, "")); a.status != http.StatusOK || !isPage(a) {
		t.Errorf("a browser: %d %q", a.status, a.body)
	}
	if a := rg.visit(navigation(t, http.MethodGet, rg.url, "", "Sec-Fetch-Mode", "")); isPage(a) || a.status == http.StatusUnauthorized {
		t.Errorf("a program: %d %q", a.status, a.body)
	}
}

// At the addresses of the older transport people get the same page, and programs the same refusal.
func TestPageBesideSSE(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, Page: people}, nil)
	stream, messages := rg.e.SSE("/messages", "/mcp")
	mux := http.NewServeMux()
	mux.Handle("/sse", stream)
	mux.Handle("/messages", messages)
	srv := httptest.NewServer(mux)
	defer srv.Close()
	for _, path := range []string{"/sse", "/messages"} {
		if a := rg.visit(navigation(t, http.MethodGet, srv.URL+path, "")); a.status != http.StatusOK || !isPage(a) {
			t.Errorf("%s: %d %q", path, a.status, a.body)
		}
		for name, headers := range map[string][]string{
			"an EventSource": {"Accept", "text/event-stream", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty", "Sec-Fetch-Site", "same-origin"},
			"a wrong key":    {"Authorization", "Basic d3Jvbmc6d3Jvbmc="},
		} {
			if a := rg.visit(navigation(t, http.MethodGet, srv.URL+path, "", headers...)); a.status != http.StatusUnauthorized || isPage(a) {
				t.Errorf("%s: %s: %d %q", path, name, a.status, a.body)
			}
		}
	}
}
