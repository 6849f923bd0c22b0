package transport_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

// through is the status of a request behind a check, 204 if it passes.
func through(wrap func(http.Handler) http.Handler, r *http.Request) int {
	w := httptest.NewRecorder()
	wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })).ServeHTTP(w, r)
	return w.Code
}

// toHost is a request that names a host and comes in at an address of the server.
func toHost(host, local string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	r.Host = host
	if local == "" {
		return r
	}
	at := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(local))
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(at)))
}

func newHosts(tb testing.TB, entries ...string) *transport.HostCheck {
	tb.Helper()
	c, err := transport.NewHostCheck(entries...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// D77: exactly the hosts of the list pass, in every spelling of these.
func TestHostEntries(t *testing.T) {
	for entry, test := range map[string]struct{ right, wrong string }{ // hosts, separated by spaces
		"mcp.example.com": {
			"mcp.example.com MCP.Example.COM mcp.example.com. mcp.example.com:80 mcp.example.com:443 mcp.example.com.:443",
			"example.com x.mcp.example.com mcp.example.com:8443 mcp.example.com:4430 mcp.example.com.. .mcp.example.com mcp.example.com.evil.example xmcp.example.com mcp-example.com",
		},
		"MCP.example.com.":     {"mcp.example.com", "mcp.example"},
		"mcp.example.com:8443": {"mcp.example.com:8443 MCP.example.com.:8443", "mcp.example.com mcp.example.com:443 mcp.example.com:84430 mcp.example.com:08443"},
		"mcp.example.com:443":  {"mcp.example.com:443 mcp.example.com", "mcp.example.com:80 mcp.example.com:8443"},
		"mcp.example.com:80":   {"mcp.example.com:80 mcp.example.com", "mcp.example.com:443"},
		"mcp.example.com:*":    {"mcp.example.com mcp.example.com:1 mcp.example.com:65535", "mcp.example.com:0 mcp.example.com:65536 mcp.example.com:* mcp.example.com: example.com"},
		"*.example.com":        {"a.example.com a.b.example.com A.EXAMPLE.com. a.example.com:443", "example.com .example.com aexample.com a.example.com:8443 a..example.com *.example.com a.example.com.evil"},
		"*.example.com:8443":   {"a.example.com:8443", "a.example.com example.com:8443"},
		"*.example.com:*":      {"a.example.com a.b.c.example.com:7", "example.com:7"},
		"*.internal":           {"mcp.internal", "internal"},
		"my_service":           {"my_service MY_service:80", "my-service"},
		"192.0.2.7":            {"192.0.2.7 192.0.2.7:80 192.0.2.7. [::ffff:192.0.2.7] [::ffff:c000:207]:443", "192.0.2.70 192.0.2.7:8000 3221225991 192.0.519 0xc0.0.2.7 192.000.002.007 0300.0.2.7 [192.0.2.7]"},
		"192.0.2.7:8000":       {"192.0.2.7:8000", "192.0.2.7 192.0.2.8:8000"},
		"2001:db8::7":          {"[2001:db8::7] [2001:DB8:0:0:0:0:0:7]:443 [2001:0db8::0007]", "2001:db8::7 [2001:db8::7]:8443 [2001:db8::8] [2001:db8::7 2001:db8::7] [[2001:db8::7]] [2001:db8::7]x"},
		"[2001:db8::7]":        {"[2001:db8::7]", "[2001:db8::7]:1"},
		"[2001:db8::7]:8443":   {"[2001:db8::7]:8443", "[2001:db8::7] [2001:db8::7]:443"},
		"[2001:db8::7]:*":      {"[2001:db8::7] [2001:db8::7]:1", "[2001:db8::7]: [2001:db8::7]:0"},
		"[fe80::1]":            {"[fe80::1]", "[fe80::1%25eth0] [fe80::1%eth0] [fe80::1%25]"}, // a zone is never sent by clients
		"::ffff:10.0.0.1":      {"10.0.0.1 [::ffff:10.0.0.1]", "10.0.0.2 [::10.0.0.1]"},
		"localhost":            {"localhost LOCALHOST:80", "localhost:8000 127.0.0.1 [::1] localhost.localdomain"},
	} {
		c := newHosts(t, "other.example", entry)
		for _, host := range strings.Fields(test.right + " other.example") {
			if got := through(c.Wrap, toHost(host, "")); got != http.StatusNoContent {
				t.Errorf("%s: %s is answered with %d", entry, host, got)
			}
		}
		for _, host := range append(strings.Fields(test.wrong), "", ":80", ".", "good@"+entry, entry+"@evil.example", entry+"/", entry+"?", entry+"#", entry+" ", " "+entry, entry+":80:80", "evil.example", entry+",evil.example", strings.Repeat("a", 300)) {
			if got := through(c.Wrap, toHost(host, "")); got != http.StatusMisdirectedRequest {
				t.Errorf("%s: %q is answered with %d", entry, host, got)
			}
		}
	}
}

// Every bad entry is named, with how to write it; secrets of URLs are not repeated. The list stays as it was.
func TestHostMistakes(t *testing.T) {
	c := newHosts(t, "mcp.example.com")
	for entry, want := range map[string]string{
		"":                                  "is empty",
		"https://mcp.example.com":           "without a scheme",
		"//mcp.example.com":                 "without a scheme",
		"mcp.example.com/mcp":               "has a path",
		"mcp.example.com?x=s3cr3t":          "has a path",
		"mcp.example.com, other.example":    "has a space",
		" mcp.example.com":                  "has a space",
		"mcp.example.com\n":                 "has a space",
		"me:s3cr3t@mcp.example.com":         "has a user",
		"https://me:s3cr3t@mcp.example.com": "has a user",
		"bücher.example":                    "xn--",
		"*":                                 "(InsecureAllowAnyHost, ZSCALER_MCP_DISABLE_HOST_VALIDATION=true)",
		"*:*":                               "stands for every host",
		"*.":                                "is no host",
		"*.*":                               "in the middle",
		"a.*.b":                             "in the middle",
		"*a.example.com":                    "in the middle",
		"*.*.example.com":                   "in the middle",
		"mcp.example.com:*:*":               "in the middle",
		"mcp.example.com:":                  "is no host",
		"mcp.example.com:0":                 "port from 1 to 65535",
		"mcp.example.com:70000":             "port from 1 to 65535",
		"mcp.example.com:https":             "port from 1 to 65535",
		"mcp.example.com:443:*":             "is no host",
		"mcp..example.com":                  "is no host",
		"mcp.example.com..":                 "is no host",
		"10.0.0.256":                        "is no host",
		"127.1":                             "is no host",
		"*.192.0.2.7":                       "address behind *.",
		"*.[::1]":                           "address behind *.",
		"[::1":                              "is no host",
		"::1]":                              "is no host",
		"[127.0.0.1]":                       "is no host",
		"fe80::1%eth0":                      "has a zone",
		"[fe80::1%25eth0]:80":               "has a zone",
		strings.Repeat("a", 64) + ".com":    "is no host",
	} {
		_, err := transport.NewHostCheck("a.example", entry, "b.example", "also bad")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cr3t") || !strings.Contains(err.Error(), `"also bad"`) || strings.Contains(err.Error(), "a.example\"") {
			t.Errorf("%q: %v", entry, err)
		}
		if c.Set("new.example", entry) == nil || through(c.Wrap, toHost("mcp.example.com", "")) != http.StatusNoContent || through(c.Wrap, toHost("new.example", "")) == http.StatusNoContent {
			t.Errorf("%q: the list has changed", entry)
		}
	}
	if c, err := transport.NewHostCheck(); err == nil || c != nil {
		t.Error("an empty list is no mistake")
	}
	if got := through((&transport.HostCheck{}).Wrap, toHost("mcp.example.com", "127.0.0.1:8000")); got != http.StatusMisdirectedRequest {
		t.Errorf("a check without a list: %d", got)
	}
}

// A list that is replaced counts for the next request.
func TestHostsAreReplaced(t *testing.T) {
	c := newHosts(t, "old.example")
	wrap := func(http.Handler) http.Handler { return c.Wrap(http.NotFoundHandler()) }
	if err := c.Set("new.example"); err != nil {
		t.Fatal(err)
	}
	if old, now := through(wrap, toHost("old.example", "")), through(wrap, toHost("new.example", "")); old != http.StatusMisdirectedRequest || now != http.StatusNotFound {
		t.Errorf("old %d, new %d", old, now)
	}
}

// D77: a list that the operator has written counts alone. One that was derived lets what comes in over loopback name loopback, as do probes and proxies on the machine.
func TestLoopbackHosts(t *testing.T) {
	written, derived := newHosts(t, "mcp.example.com"), newHosts(t, "x")
	if err := derived.SetDefaults("mcp.example.com"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		host, local string
		derived     int
	}{
		{"localhost:8000", "127.0.0.1:8000", http.StatusNoContent},
		{"LocalHost.", "127.0.0.1:8000", http.StatusNoContent},
		{"127.9.9.9:1", "[::1]:8000", http.StatusNoContent},
		{"[::1]:8000", "[::ffff:127.0.0.1]:8000", http.StatusNoContent},
		{"[::ffff:127.0.0.1]", "127.0.0.1:8000", http.StatusNoContent},
		{"localhost:8000", "192.168.1.5:8000", http.StatusMisdirectedRequest},
		{"localhost:8000", "", http.StatusMisdirectedRequest},
		{"127.0.0.1.evil.example", "127.0.0.1:8000", http.StatusMisdirectedRequest},
		{"localhost.evil.example", "127.0.0.1:8000", http.StatusMisdirectedRequest},
		{"evil@localhost", "127.0.0.1:8000", http.StatusMisdirectedRequest},
		{"[::1%25lo]:8000", "[::1]:8000", http.StatusMisdirectedRequest},
		{"[::ffff:127.0.0.1%25lo]", "127.0.0.1:8000", http.StatusMisdirectedRequest},
		{"0.0.0.0:8000", "127.0.0.1:8000", http.StatusMisdirectedRequest},
		{"[::]:8000", "[::1]:8000", http.StatusMisdirectedRequest},
		{"evil.example", "127.0.0.1:8000", http.StatusMisdirectedRequest},
		{"", "127.0.0.1:8000", http.StatusMisdirectedRequest},
	} {
		if got := through(derived.Wrap, toHost(test.host, test.local)); got != test.derived {
			t.Errorf("%+v: %d", test, got)
		}
		if got := through(written.Wrap, toHost(test.host, test.local)); got != http.StatusMisdirectedRequest {
			t.Errorf("%+v: a list of the operator's: %d", test, got)
		}
	}
	if got := through(derived.Wrap, toHost("mcp.example.com", "192.168.1.5:1")); got != http.StatusNoContent {
		t.Errorf("the derived host: %d", got)
	}
}

// The operator is told once a minute what to set, and of a host no more than a host can be long.
func TestHostsAreToldOf(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := new(transport.HostCheck)
		if err := c.SetDefaults("mcp.example.com"); err != nil {
			t.Fatal(err)
		}
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		for range 3 {
			through(c.Wrap, toHost("evil.example"+strings.Repeat("x", 10_000), ""))
		}
		if s := log.String(); strings.Count(s, "\n") != 1 || len(s) > 1000 || !strings.Contains(s, "evil.example") || !strings.Contains(s, "ZSCALER_MCP_ALLOWED_HOSTS") || !strings.Contains(s, "level=WARN") {
			t.Errorf("log: %s", s)
		}
		time.Sleep(time.Minute)
		if through(c.Wrap, toHost("again.example", "")); !strings.Contains(log.String(), "again.example") {
			t.Error("a minute later nobody is told")
		}
	})
}

// D77: the endpoint checks the host before it asks who calls, and what is served beside it likewise.
func TestEndpointChecksHosts(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, Hosts: newHosts(t, "mcp.example.com", "127.0.0.1:*")}, map[string]handler{"echo": echo})
	if a := rg.call(modern, "echo", "Host", "mcp.example.com", "Authorization", "Bearer alice"); a.status != http.StatusOK {
		t.Errorf("a listed host: %d %s", a.status, a.body)
	}
	for _, host := range []string{"evil.example", "localhost", "[::1]"} {
		for _, authorization := range []string{"Bearer alice", ""} {
			a := rg.call(modern, "echo", "Host", host, "Authorization", authorization)
			if a.status != http.StatusMisdirectedRequest || a.code() != -32600 || !strings.Contains(a.body, "WithAllowedHosts") || !strings.Contains(a.body, "ZSCALER_MCP_ALLOWED_HOSTS") || a.header.Get("Www-Authenticate") != "" {
				t.Errorf("%s: %d %s", host, a.status, a.body)
			}
		}
	}
	if got := through(rg.e.Defended, toHost("evil.example", "192.0.2.1:1")); got != http.StatusMisdirectedRequest {
		t.Errorf("beside it: %d", got)
	}
	if got := through(rg.e.Defended, toHost("mcp.example.com", "192.0.2.1:1")); got != http.StatusNoContent {
		t.Errorf("beside it, a listed host: %d", got)
	}
	rg = newRig(t, transport.Config{AnyHost: true, PublicHost: "mcp.example.com"}, map[string]handler{"echo": echo})
	if a := rg.call(modern, "echo", "Host", "evil.example"); a.status != http.StatusOK {
		t.Errorf("without a check: %d %s", a.status, a.body)
	}
	if _, err := transport.New(transport.Config{Server: newServer(nil), AnyHost: true, Hosts: newHosts(t, "a.example")}); err == nil {
		t.Error("a check that is off and on")
	}
}

// Without a list what does not come in over loopback is the affair of the server that embeds the endpoint.
func TestWithoutHostsOnlyLoopbackIsChecked(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, PublicHost: "mcp.example.com:8443"}, nil)
	for host, want := range map[string][2]int{ // over loopback and elsewhere
		"mcp.example.com": {401, 401}, "mcp.example.com:1": {401, 401}, "localhost:1": {401, 401}, "evil.example": {421, 401}, "evil@mcp.example.com": {421, 401}, "": {421, 401},
	} {
		for i, local := range []string{"127.0.0.1:8000", "192.168.1.5:8000"} {
			w := httptest.NewRecorder()
			if rg.e.ServeHTTP(w, toHost(host, local)); w.Code != want[i] {
				t.Errorf("%q at %s: %d, want %d", host, local, w.Code, want[i])
			}
		}
	}
	for _, host := range []string{"bücher.example", "a b"} {
		if _, err := transport.New(transport.Config{Server: newServer(nil), PublicHost: host}); err == nil || !strings.Contains(err.Error(), "PublicHost") {
			t.Errorf("public host %q: %v", host, err)
		}
	}
	for _, host := range []string{"[2001:db8::1]:8443", "[2001:db8::1]", "2001:db8::1"} {
		if _, err := transport.New(transport.Config{Server: newServer(nil), PublicHost: host}); err != nil {
			t.Errorf("public host %q: %v", host, err)
		}
	}
}
