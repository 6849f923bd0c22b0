package transport_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

// An eventLog keeps audit events.
type eventLog struct {
	mu   sync.Mutex
	kept []auth.Event
}

func (l *eventLog) add(_ context.Context, event auth.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, event)
}

func (l *eventLog) of(reason string) (found []auth.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, event := range l.kept {
		if event.Reason == reason {
			found = append(found, event)
		}
	}
	return found
}

// R154, R155, D75: an address has its burst, then its rate; IPv6 counts by network, whoever is behind a proxy by the address that this one names.
func TestAddressRate(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c, err := transport.NewAddressRate(proxiesAt(t, "10.0.0.0/8"), 0.4, 2)
		if err != nil {
			t.Fatal(err)
		}
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		answer := func(r *http.Request) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			c.Wrap(http.NotFoundHandler()).ServeHTTP(w, r)
			return w
		}
		for _, test := range []struct{ first, again, other *http.Request }{
			{from("192.0.2.1:1"), from("[::ffff:192.0.2.1]:9", "X-Forwarded-For", "203.0.113.1"), from("192.0.2.2:1")},
			{from("[2001:db8::1]:1"), from("[2001:db8::ffff:1]:1"), from("[2001:db8:0:1::1]:1")},
			{from("10.0.0.1:1", "X-Forwarded-For", "198.51.100.1"), from("10.0.0.2:1", "X-Forwarded-For", "203.0.113.5, 198.51.100.1"), from("10.0.0.1:1", "X-Forwarded-For", "198.51.100.2")},
			{from("@"), from("pipe"), from("127.0.0.1:1")},
		} {
			got := fmt.Sprint(answer(test.first).Code, answer(test.again).Code, answer(test.first).Code, answer(test.again).Code, answer(test.other).Code)
			if got != "404 404 429 429 404" {
				t.Errorf("%s: %s", test.first.RemoteAddr, got)
			}
		}
		if w := answer(from("192.0.2.1:1")); w.Header().Get("Retry-After") != "3" || !strings.Contains(w.Body.String(), "this address") { // 2.5 seconds
			t.Errorf("%v %s", w.Header(), w.Body)
		}
		time.Sleep(2 * time.Second)
		if w := answer(from("192.0.2.1:1")); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
			t.Errorf("too early: %d %v", w.Code, w.Header())
		}
		time.Sleep(time.Second)
		if got := fmt.Sprint(answer(from("192.0.2.1:1")).Code, answer(from("192.0.2.1:1")).Code); got != "404 429" {
			t.Errorf("in time: %s", got)
		}
		if s := log.String(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "client_addr=192.0.2.1") || !strings.Contains(s, "ZSCALER_MCP_TRUSTED_PROXIES") {
			t.Errorf("log: %s", s)
		}
	})
}

func TestAddressRateMistakes(t *testing.T) {
	for _, test := range []struct {
		perSecond float64
		burst     int
	}{{0, 1}, {-1, 1}, {1, 0}, {1, -1}, {math.NaN(), 1}, {math.Inf(1), 1}} {
		if c, err := transport.NewAddressRate(auth.Proxies{}, test.perSecond, test.burst); err == nil || c != nil {
			t.Errorf("%+v is accepted", test)
		}
	}
	for _, rate := range []transport.Rate{{math.NaN(), 1}, {math.Inf(1), 1}, {1, -1}, {0, 5}} {
		_, err := transport.New(transport.Config{Server: newServer(nil), AddressRate: rate, PrincipalRate: rate})
		if err == nil || !strings.Contains(err.Error(), "AddressRate") || !strings.Contains(err.Error(), "PrincipalRate") {
			t.Errorf("%+v: %v", rate, err)
		}
	}
}

// passed counts how many of n requests are not answered with 429.
func passed(h http.Handler, n int, request func(i int) *http.Request) (count int) {
	for i := range n {
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, request(i)); w.Code != http.StatusTooManyRequests {
			count++
		}
	}
	return count
}

// newEndpoint is an endpoint without a server around it.
func newEndpoint(t *testing.T, cfg transport.Config) *transport.Endpoint {
	t.Helper()
	cfg.Server = newServer(nil)
	e, err := transport.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// R154, R158: the endpoint limits addresses before it asks who calls, and principals, from whatever address, behind that. Both can be set and switched off.
func TestEndpointRates(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		as := func(name string) func(int) *http.Request {
			return func(int) *http.Request { return from("192.0.2.1:1", "Authorization", "Bearer "+name) }
		}
		roaming := func(i int) *http.Request {
			return from(fmt.Sprintf("192.0.2.%d:1", i%250), "Authorization", "Bearer alice")
		}
		off := transport.Rate{PerSecond: -1}
		for name, test := range map[string]struct {
			cfg     transport.Config
			request func(int) *http.Request
			want    int
		}{
			"default of an address":           {transport.Config{Auth: byToken}, func(int) *http.Request { return from("192.0.2.1:1") }, 1000},
			"default of a principal":          {transport.Config{Auth: byToken}, roaming, 500},
			"a rate of an address":            {transport.Config{Auth: byToken, AddressRate: transport.Rate{PerSecond: 3}}, func(int) *http.Request { return from("192.0.2.1:1") }, 12},
			"a slow rate":                     {transport.Config{Auth: byToken, AddressRate: transport.Rate{PerSecond: 0.001}}, func(int) *http.Request { return from("192.0.2.1:1") }, 1},
			"a rate of a principal":           {transport.Config{Auth: byToken, PrincipalRate: transport.Rate{PerSecond: 3, Burst: 7}}, roaming, 7},
			"no rate of an address":           {transport.Config{Auth: byToken, AddressRate: off}, func(int) *http.Request { return from("192.0.2.1:1") }, 1500},
			"no rate of a principal":          {transport.Config{Auth: byToken, PrincipalRate: off}, roaming, 1500},
			"everybody is the same principal": {transport.Config{}, roaming, 1500},
			"unless that is asked for":        {transport.Config{PrincipalRate: transport.Rate{PerSecond: 3, Burst: 7}}, roaming, 7},
		} {
			if got := passed(newEndpoint(t, test.cfg), 1500, test.request); got != test.want {
				t.Errorf("%s: %d passed, want %d", name, got, test.want)
			}
		}
		var events eventLog
		e := newEndpoint(t, transport.Config{Auth: byToken, Audit: events.add, PrincipalRate: transport.Rate{PerSecond: 0.5, Burst: 2}})
		if alice, bob := passed(e, 5, as("alice")), passed(e, 5, as("bob")); alice != 2 || bob != 2 {
			t.Errorf("alice %d, bob %d, want 2 each", alice, bob)
		}
		w := httptest.NewRecorder()
		if e.ServeHTTP(w, as("alice")(0)); w.Header().Get("Retry-After") != "2" || !strings.Contains(w.Body.String(), "this caller") || !strings.Contains(w.Body.String(), `"jsonrpc"`) {
			t.Errorf("%v %s", w.Header(), w.Body)
		}
		if got := events.of(auth.ReasonThrottled); len(got) != 7 || got[0].Subject != "alice" || got[0].Status != http.StatusTooManyRequests {
			t.Errorf("events: %+v", got)
		}
		time.Sleep(2 * time.Second)
		if got := passed(e, 5, as("alice")); got != 1 {
			t.Errorf("2 seconds later %d passed", got)
		}
	})
}

// R8: a page of a listed origin can read that it has to wait.
func TestThrottledPagesCanReadWhy(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, AllowedOrigins: []string{app}, AddressRate: transport.Rate{PerSecond: 0.001, Burst: 1}}, nil)
	rg.send(http.MethodPost, initialize, "Origin", app)
	if a := rg.send(http.MethodPost, initialize, "Origin", app); a.status != http.StatusTooManyRequests || !canRead(a, app) || a.header.Get("Retry-After") == "" || !strings.Contains(a.header.Get("Access-Control-Expose-Headers"), "Retry-After") {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := rg.send(http.MethodPost, initialize, "Origin", "https://evil.example"); a.status != http.StatusForbidden || hasCORS(a) {
		t.Errorf("a page of another origin: %d %v", a.status, a.header)
	}
}
