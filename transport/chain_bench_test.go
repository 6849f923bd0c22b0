package transport_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport"
)

// A sink is a response that costs nothing.
type sink struct{ header http.Header }

func (s sink) Header() http.Header              { return s.header }
func (s sink) Write(p []byte) (int, error)      { return len(p), nil }
func (s sink) WriteHeader(int)                  {}
func (s sink) SetReadDeadline(time.Time) error  { return nil }
func (s sink) SetWriteDeadline(time.Time) error { return nil }

// An again is a body that can be read over and over.
type again struct{ strings.Reader }

func (a *again) Close() error { return nil }

const chainBody = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{}}}`

// chained is an endpoint with every check, and nothing behind authentication but a handler that reads the body.
func chained(tb testing.TB) http.Handler {
	proxies := auth.Proxies{Prefixes: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fd00::/8")}}
	var names, prefixes []string
	for i := range 18 {
		names, prefixes = append(names, fmt.Sprintf("mcp%d.example.com", i)), append(prefixes, fmt.Sprintf("198.51.%d.0/24", i))
	}
	hosts, err := transport.NewHostCheck(append(names, "*.internal.example.com:*", "[2001:db8::1]:8443")...)
	if err != nil {
		tb.Fatal(err)
	}
	sources, err := transport.NewSourceCheck(proxies, append(prefixes, "2001:db8::/32", "203.0.113.0/24")...)
	if err != nil {
		tb.Fatal(err)
	}
	fast := transport.Rate{PerSecond: 1e9, Burst: 1e9}
	e, err := transport.New(transport.Config{
		Server: newServer(nil), Auth: byToken, Proxies: proxies, Hosts: hosts, Sources: sources, PublicHost: "mcp17.example.com",
		AllowedOrigins: []string{app, "https://other.example.com"}, AddressRate: fast, PrincipalRate: fast,
	})
	if err != nil {
		tb.Fatal(err)
	}
	e.Hollow(http.HandlerFunc(drainBody))
	return e
}

func drainBody(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

// asked is the request of a client behind a proxy, with the headers that such a client sends.
func asked(tb testing.TB) (*http.Request, *again) {
	body := &again{*strings.NewReader(chainBody)}
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, "https://mcp17.example.com/mcp", body)
	if err != nil {
		tb.Fatal(err)
	}
	r.RemoteAddr = "10.1.2.3:4711"
	for name, value := range map[string]string{
		"Accept": "application/json, text/event-stream", "Content-Type": "application/json", "Mcp-Session-Id": "s", "Mcp-Protocol-Version": legacy, "Accept-Encoding": "gzip",
		"User-Agent": "client/1.0", "Connection": "keep-alive", "Authorization": "Bearer alice", "X-Forwarded-For": "203.0.113.7, 10.9.9.9", "X-Forwarded-Proto": "https",
	} {
		r.Header.Set(name, value)
	}
	ctx := auth.ContextWithPrincipal(r.Context(), &auth.Principal{Issuer: "test", Subject: "alice"})
	local := &net.TCPAddr{IP: net.IPv4(10, 1, 1, 1), Port: 8443}
	return r.WithContext(context.WithValue(ctx, http.LocalAddrContextKey, net.Addr(local))), body
}

// BenchmarkChain is everything but authentication that a request passes before its message is looked at: drain gate, time limit of the body, source address, host, origin,
// rates, normalising. The floor is what a handler in front of another one must do to change anything: a request with another context and a copy of the header.
func BenchmarkChain(b *testing.B) {
	r, body := asked(b)
	h, w := chained(b), sink{http.Header{}}
	measure := func(one func()) func(*testing.B) {
		return func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				one()
			}
		}
	}
	floor := func() {
		clone := r.WithContext(r.Context())
		clone.Header = r.Header.Clone()
	}
	chain := func() {
		body.Reset(chainBody)
		h.ServeHTTP(w, r)
	}
	empty := func() {
		body.Reset(chainBody)
		drainBody(w, r)
	}
	b.Run("floor", measure(floor))
	b.Run("empty", measure(empty))
	b.Run("chain", func(b *testing.B) {
		measure(chain)(b)
		b.ReportMetric(float64(quickest(chain)-quickest(empty))/float64(quickest(floor)), "x-floor")
	})
}

// quickest is how long 100 calls take at best, so that what else the machine does counts little.
func quickest(one func()) time.Duration {
	best := time.Hour
	for range 1000 {
		begun := time.Now()
		for range 100 {
			one()
		}
		best = min(best, time.Since(begun))
	}
	return best
}

// The chain takes at most six allocations.
func TestChainAllocates(t *testing.T) {
	r, body := asked(t)
	h, w := chained(t), sink{http.Header{}}
	reached := 0
	h.(*transport.Endpoint).Hollow(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached++
		drainBody(w, r)
	}))
	n := testing.AllocsPerRun(100, func() {
		body.Reset(chainBody)
		h.ServeHTTP(w, r)
	})
	if n > 6 || reached != 101 {
		t.Errorf("%v allocations, at most 6; %d requests came through", n, reached)
	}
}
