package transport_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

// from is a request of a peer, with headers in pairs.
func from(peer string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	r.RemoteAddr = peer
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func newSources(tb testing.TB, proxies auth.Proxies, entries ...string) *transport.SourceCheck {
	tb.Helper()
	c, err := transport.NewSourceCheck(proxies, entries...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func proxiesAt(tb testing.TB, prefixes ...string) auth.Proxies {
	tb.Helper()
	p, err := auth.ParseProxies(prefixes, "")
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// Exactly the addresses of the list pass.
func TestSourceEntries(t *testing.T) {
	for entry, test := range map[string]struct{ right, wrong string }{
		"192.0.2.7":              {"192.0.2.7:1 [::ffff:192.0.2.7]:1", "192.0.2.8:1 [::192.0.2.7]:1 [2002:c000:207::]:1"},
		"10.0.0.0/8":             {"10.0.0.0:1 10.255.255.255:1 [::ffff:10.1.2.3]:1", "11.0.0.0:1 9.255.255.255:1 [::]:1"},
		"192.0.2.7/32":           {"192.0.2.7:1", "192.0.2.6:1"},
		"0.0.0.0/0":              {"192.0.2.7:1 255.255.255.255:1", "[2001:db8::1]:1 [::1]:1"},
		"::/0":                   {"[2001:db8::1]:1", "192.0.2.7:1 [::ffff:192.0.2.7]:1"},
		"2001:db8::/32":          {"[2001:db8:ffff::1]:1 [2001:DB8::]:1 [2001:db8::1%eth0]:1", "[2001:db9::]:1 32.1.13.184:1"},
		"2001:db8::7":            {"[2001:db8::7]:1", "[2001:db8::8]:1"},
		"::ffff:192.0.2.7":       {"192.0.2.7:1 [::ffff:192.0.2.7]:1", "192.0.2.8:1"},
		"::ffff:10.0.0.0/104":    {"10.0.0.1:1 [::ffff:10.255.0.1]:1", "11.0.0.1:1"},
		"::ffff:0.0.0.0/96":      {"203.0.113.1:1", "[2001:db8::7]:1"},
		"::ffff:192.0.2.128/121": {"192.0.2.129:1", "192.0.2.127:1"},
		"fe80::/10":              {"[fe80::1%eth0]:1 [fe80::1]:1", "[fec0::1]:1"},
	} {
		c := newSources(t, auth.Proxies{}, "198.51.100.1", entry)
		for _, peer := range append(strings.Fields(test.right), "198.51.100.1:1") {
			if got := through(c.Wrap, from(peer)); got != http.StatusNoContent {
				t.Errorf("%s: %s is answered with %d", entry, peer, got)
			}
		}
		for _, peer := range append(strings.Fields(test.wrong), "", "@", "pipe", "198.51.100.1") { // a Unix socket has no address
			if got := through(c.Wrap, from(peer, "X-Forwarded-For", "198.51.100.1")); got != http.StatusForbidden {
				t.Errorf("%s: %q is answered with %d", entry, peer, got)
			}
		}
	}
	for _, c := range []*transport.SourceCheck{{}, newSources(t, auth.Proxies{}, "0.0.0.0/0", "::/0")} {
		if got := through(c.Wrap, from("@")); got != http.StatusForbidden {
			t.Errorf("no address: %d", got)
		}
	}
	if got := through((&transport.SourceCheck{}).Wrap, from("192.0.2.7:1")); got != http.StatusForbidden {
		t.Errorf("a check without a list: %d", got)
	}
}

// R155, D75: the address is that before the proxies which are named, and nobody else's word counts.
func TestSourcesBehindProxies(t *testing.T) {
	c := newSources(t, proxiesAt(t, "10.0.0.0/8"), "203.0.113.7")
	for _, test := range []struct {
		peer, forwarded string
		want            int
	}{
		{"10.0.0.1:1", "203.0.113.7", http.StatusNoContent},
		{"10.0.0.1:1", "198.51.100.1, 203.0.113.7, 10.0.0.2", http.StatusNoContent},
		{"10.0.0.1:1", "203.0.113.7, 198.51.100.1", http.StatusForbidden},
		{"10.0.0.1:1", "203.0.113.7, unknown", http.StatusForbidden},
		{"10.0.0.1:1", "", http.StatusForbidden},
		{"192.0.2.1:1", "203.0.113.7", http.StatusForbidden},
		{"203.0.113.7:1", "198.51.100.1", http.StatusNoContent},
	} {
		if got := through(c.Wrap, from(test.peer, "X-Forwarded-For", test.forwarded)); got != test.want {
			t.Errorf("%+v: %d", test, got)
		}
	}
}

// Every bad entry is named, with how to write it, and the list stays as it was.
func TestSourceMistakes(t *testing.T) {
	c := newSources(t, auth.Proxies{}, "192.0.2.7")
	for entry, want := range map[string]string{
		"":                    "is no IP address",
		"example.com":         "is no IP address",
		"10.0.0":              "is no IP address",
		"10/8":                "is no IP address",
		"010.0.0.1":           "is no IP address",
		"10.0.0.1:80":         "is no IP address",
		"[2001:db8::1]":       "is no IP address",
		" 10.0.0.1":           "is no IP address",
		"10.0.0.0/33":         "is no IP address",
		"10.0.0.0/08":         "is no IP address",
		"10.0.0.0/":           "is no IP address",
		"10.0.0.0/255.0.0.0":  "is no IP address",
		"10.0.0.1-10.0.0.9":   "is no IP address",
		"*":                   "is no IP address",
		"fe80::1%eth0":        "has a zone",
		"fe80::%eth0/10":      "has a zone",
		"10.0.0.5/8":          "write 10.0.0.0/8 for the network, or 10.0.0.5 for the one address",
		"2001:db8::5/32":      "write 2001:db8::/32 for the network, or 2001:db8::5 for the one address",
		"1.2.3.4/0":           "write 0.0.0.0/0 for the network",
		"::ffff:10.0.0.5/104": "write 10.0.0.0/8 for the network",
		"::ffff:0:0/90":       "write the IPv4 prefix",
	} {
		_, err := transport.NewSourceCheck(auth.Proxies{}, "192.0.2.1", entry, "bad too")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"`+entry+`"`) || !strings.Contains(err.Error(), `"bad too"`) || strings.Contains(err.Error(), "192.0.2.1\"") {
			t.Errorf("%q: %v", entry, err)
		}
		if c.Set("0.0.0.0/0", entry) == nil || through(c.Wrap, from("192.0.2.7:1")) != http.StatusNoContent || through(c.Wrap, from("192.0.2.8:1")) != http.StatusForbidden {
			t.Errorf("%q: the list has changed", entry)
		}
	}
	if c, err := transport.NewSourceCheck(auth.Proxies{}); err == nil || c != nil {
		t.Error("an empty list is no mistake")
	}
	if _, err := transport.NewSourceCheck(auth.Proxies{Header: "X-Real-Ip"}, "192.0.2.1"); err == nil {
		t.Error("proxies that are none")
	}
	if err := c.Set("192.0.2.8"); err != nil || through(c.Wrap, from("192.0.2.8:1")) != http.StatusNoContent || through(c.Wrap, from("192.0.2.7:1")) != http.StatusForbidden {
		t.Errorf("the new list does not count: %v", err)
	}
}

// Who is refused learns nothing of the list; the operator is told once a minute who it was.
func TestSourcesAreToldOf(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := newSources(t, auth.Proxies{}, "192.0.2.7")
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		for range 3 {
			w := httptest.NewRecorder()
			c.Wrap(http.NotFoundHandler()).ServeHTTP(w, from("203.0.113.9:1"))
			if body := w.Body.String(); strings.Contains(body, "192.") || strings.Contains(body, "203.") || !strings.Contains(body, "not accepted") || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("body: %s", body)
			}
		}
		if s := log.String(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "client_addr=203.0.113.9") || !strings.Contains(s, "ZSCALER_MCP_ALLOWED_SOURCE_IPS") {
			t.Errorf("log: %s", s)
		}
		time.Sleep(time.Minute)
		if through(c.Wrap, from("@")); !strings.Contains(log.String(), "client_addr=none") {
			t.Errorf("a minute later: %s", log.String())
		}
	})
}

// A request from elsewhere is refused before anybody asks who calls, and is an event.
func TestEndpointChecksSources(t *testing.T) {
	var events eventLog
	proxies := proxiesAt(t, "10.0.0.0/8")
	rg := newRig(t, transport.Config{Auth: byToken, Audit: events.add, Proxies: proxies, Sources: newSources(t, proxies, "203.0.113.0/24", "127.0.0.1")}, map[string]handler{"echo": echo})
	if a := rg.call(modern, "echo", "Authorization", "Bearer alice"); a.status != http.StatusOK {
		t.Errorf("a listed address: %d %s", a.status, a.body)
	}
	ask := func(h http.Handler, r *http.Request) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodOptions, http.MethodDelete} {
		r := from("10.0.0.1:1", "X-Forwarded-For", "198.51.100.9", "Authorization", "Bearer alice")
		r.Method = method
		if got := ask(rg.e, r); got != http.StatusForbidden {
			t.Errorf("%s: %d", method, got)
		}
	}
	if got := ask(rg.e, from("10.0.0.1:1", "X-Forwarded-For", "203.0.113.9")); got != http.StatusUnauthorized {
		t.Errorf("a listed one behind a proxy: %d", got)
	}
	if refused, passed := through(rg.e.Defended, from("198.51.100.9:1")), through(rg.e.Defended, from("203.0.113.9:1")); refused != http.StatusForbidden || passed != http.StatusNoContent {
		t.Errorf("beside it: %d and %d", refused, passed)
	}
	if got := ask(rg.e.Health(), from("198.51.100.9:1")); got != http.StatusMethodNotAllowed {
		t.Errorf("health: %d", got)
	}
	if got := events.of(auth.ReasonSource); len(got) != 5 || got[0].ClientAddr.String() != "198.51.100.9" || got[0].Status != http.StatusForbidden || got[0].Name != auth.EventRefused || got[0].Time.IsZero() {
		t.Errorf("events: %+v", got)
	}
	_, err := transport.New(transport.Config{Server: newServer(nil), Sources: newSources(t, proxies, "203.0.113.0/24")})
	if err == nil || !strings.Contains(err.Error(), "Config.Proxies") {
		t.Errorf("two opinions on proxies: %v", err)
	}
}
