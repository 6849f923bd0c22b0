package safefetch_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

var discard = log.New(io.Discard, "", 0)

// R33, R34: one request, to the checked address, under the original name, and with nothing in it that it does not need.
func TestGet(t *testing.T) {
	var seen *http.Request
	w, _ := web(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("Cache-Control", "max-age=600")
		w.Header().Set("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
		answer(w, r)
	})
	f := w.fetcher()
	for range 2 { // the second has no cookie, either
		doc, err := f.Get(t.Context(), document)
		if err != nil {
			t.Fatal(err)
		}
		want := &safefetch.Document{Body: []byte(good), Header: http.Header{
			"Content-Type": {"application/json"}, "Cache-Control": {"max-age=600"}, "Date": {"Thu, 01 Jan 2026 00:00:00 GMT"},
		}}
		if diff := cmp.Diff(want, doc); diff != "" {
			t.Error(diff)
		}
		headers := http.Header{"User-Agent": {"zscalermcp"}, "Accept": {"application/json"}, "Accept-Encoding": {"identity"}, "Connection": {"close"}}
		if diff := cmp.Diff(headers, seen.Header); diff != "" {
			t.Error(diff)
		}
		if seen.Method != http.MethodGet || seen.Host != host || seen.TLS.ServerName != host || seen.RequestURI != "/id.json" || seen.ProtoMajor != 1 {
			t.Errorf("%s %s of %s (%s), %s", seen.Method, seen.RequestURI, seen.Host, seen.TLS.ServerName, seen.Proto)
		}
	}
	if diff := cmp.Diff([]string{host, host}, w.lookups); diff != "" {
		t.Error(diff)
	}
	to := netip.AddrPortFrom(public, 443)
	if len(w.dialled) != 2 || w.dialled[0] != to || w.dialled[1] != to {
		t.Errorf("dialled %v", w.dialled)
	}
}

// A port and an address of the URL are what is dialled; nothing is looked up for an address.
func TestGetOfOtherForms(t *testing.T) {
	var at string
	w, _ := web(t, func(w http.ResponseWriter, r *http.Request) { at = r.Host; answer(w, r) })
	f := w.fetcher(func(c *safefetch.Config) { c.Ports = []uint16{443, 8443} })
	for text, want := range map[string]string{
		"https://client.example.com:8443/a": "93.184.215.14:8443",
		"https://93.184.215.14/a":           "93.184.215.14:443",
		"https://[2606:4700::1111]:8443/a":  "[2606:4700::1111]:8443",
	} {
		w.dialled, w.lookups = nil, nil
		u, _ := f.CheckURL(text)
		if _, err := f.Get(t.Context(), text); err != nil || len(w.dialled) != 1 || w.dialled[0].String() != want || at != u.Host {
			t.Errorf("%s: %v, dialled %v, Host %q", text, err, w.dialled, at)
		}
		if len(w.lookups) != 0 && u.Hostname() != host {
			t.Errorf("%s: looked up", text)
		}
	}
}

// R33: the proxies of the environment, which other clients of this process use, are not asked.
func TestProxyOfTheEnvironmentIsIgnored(t *testing.T) {
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = proxy.Close() }()
	var asked atomic.Bool
	go func() {
		if conn, err := proxy.Accept(); err == nil {
			asked.Store(true)
			_ = conn.Close()
		}
	}()
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"} {
		t.Setenv(name, "http://"+proxy.Addr().String())
	}
	w, _ := web(t, answer)
	if _, err := w.fetcher().Get(t.Context(), document); err != nil || asked.Load() {
		t.Errorf("%v, proxy asked: %t", err, asked.Load())
	}
}

// R34, D58: one address that is not global spoils the whole answer, wherever it stands, and nothing is dialled.
func TestMixedAnswersAreRefused(t *testing.T) {
	v6 := netip.MustParseAddr("2606:4700::1111")
	w, _ := web(t, answer)
	f := w.fetcher()
	bad := []netip.Addr{{}, netip.MustParseAddr("fe80::1%eth0"), netip.MustParseAddr("2606:4700::1%eth0"), netip.MustParseAddr("::ffff:127.0.0.1")}
	for _, row := range notGlobal {
		bad = append(bad, netip.MustParsePrefix(row.prefix).Addr(), last(netip.MustParsePrefix(row.prefix)))
	}
	for _, addr := range bad {
		many := make([]netip.Addr, 0, 100)
		for range 99 {
			many = append(many, public)
		}
		for _, set := range [][]netip.Addr{{addr}, {addr, public}, {public, addr}, {v6, public, addr}, append(many, addr)} {
			w.answers[host] = [][]netip.Addr{set}
			_, err := f.Get(t.Context(), document)
			demand(t, addr.String(), err, safefetch.ErrRefused)
			w.untouched(addr.String(), 1)
		}
	}
	for _, set := range [][]netip.Addr{{v6, public}, {netip.MustParseAddr("::ffff:93.184.215.14")}} {
		w.answers[host] = [][]netip.Addr{set}
		if _, err := f.Get(t.Context(), document); err != nil {
			t.Errorf("%v: %v", set, err)
		}
	}
	if want := []netip.AddrPort{netip.AddrPortFrom(v6, 443), netip.AddrPortFrom(public, 443)}; w.dialled[0] != want[0] || w.dialled[1] != want[1] {
		t.Errorf("dialled %v, want %v", w.dialled, want)
	}
}

// R34, D59: a name is asked for once, and what it answered then is dialled; a later answer counts for a later fetch.
func TestRebinding(t *testing.T) {
	w, _ := web(t, answer)
	f := w.fetcher()
	w.answers[host] = [][]netip.Addr{{public}, {netip.MustParseAddr("169.254.169.254")}}
	if _, err := f.Get(t.Context(), document); err != nil || len(w.lookups) != 1 || len(w.dialled) != 1 || w.dialled[0].Addr() != public {
		t.Errorf("%v, lookups %q, dialled %v", err, w.lookups, w.dialled)
	}
	_, err := f.Get(t.Context(), document)
	demand(t, "the second answer", err, safefetch.ErrRefused)
	if len(w.dialled) != 1 { // and no connection of before was used
		t.Errorf("dialled %v", w.dialled)
	}
}

// R34: networks of a company's own are reached if they are named.
func TestAllowedNetworks(t *testing.T) {
	w, _ := web(t, answer)
	f := w.fetcher(func(c *safefetch.Config) { c.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")} })
	for text, want := range map[string]error{
		"10.1.255.255": nil, "::ffff:10.1.0.1": nil, "10.2.0.0": safefetch.ErrRefused, "10.0.255.255": safefetch.ErrRefused, "::ffff:10.2.0.1": safefetch.ErrRefused, "127.0.0.1": safefetch.ErrRefused,
	} {
		w.answers[host] = [][]netip.Addr{{netip.MustParseAddr(text), public}}
		_, err := f.Get(t.Context(), document)
		demand(t, text, err, want)
	}
	if _, err := f.CheckURL("https://10.1.0.1/id"); err != nil {
		t.Error(err)
	}
}

// R34: whoever answers must prove the name, over TLS that is not old.
func TestTLS(t *testing.T) {
	for name, row := range map[string]struct {
		prepare func(*world)
		cause   string // of the failure; "" for none
	}{
		"TLS 1.3":           {func(w *world) { w.tls.MinVersion = tls.VersionTLS13 }, ""},
		"TLS 1.2":           {func(w *world) { w.tls.MaxVersion = tls.VersionTLS12 }, ""},
		"TLS 1.1":           {func(w *world) { w.tls.MinVersion, w.tls.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, "protocol version"},
		"no HTTP/1.1":       {func(w *world) { w.tls.NextProtos = []string{"x"} }, "no application protocol"},
		"another name":      {func(w *world) { w.certify("other.example.com") }, "not client.example.com"},
		"an unknown issuer": {func(w *world) { w.roots = x509.NewCertPool() }, "unknown authority"},
	} {
		w, _ := web(t, answer, row.prepare)
		_, err := w.fetcher().Get(t.Context(), document)
		if row.cause == "" {
			demand(t, name, err, nil)
			continue
		}
		if demand(t, name, err, safefetch.ErrUnavailable); !strings.Contains(err.Error(), row.cause) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// R34: an answer without TLS is none.
func TestAnswerInTheClear(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(answer))
	defer server.Close()
	w := newWorld(t)
	w.reach = func(context.Context) (net.Conn, error) { return net.Dial("tcp", server.Listener.Addr().String()) }
	_, err := w.fetcher().Get(t.Context(), document)
	demand(t, "no TLS", err, safefetch.ErrUnavailable)
}

// What cannot be resolved or reached is unavailable, and a panic of the host's code is no more than that (R159).
func TestUnavailable(t *testing.T) {
	refusedConn := errors.New("connection refused")
	for name, change := range map[string]func(*world, *safefetch.Config){
		"no such name": func(w *world, _ *safefetch.Config) { delete(w.answers, host) },
		"no address":   func(w *world, _ *safefetch.Config) { w.answers[host] = [][]netip.Addr{{}} },
		"not reached": func(w *world, _ *safefetch.Config) {
			w.reach = func(context.Context) (net.Conn, error) { return nil, refusedConn }
		},
		"no connection": func(w *world, _ *safefetch.Config) {
			w.reach = func(context.Context) (net.Conn, error) { return nil, nil }
		},
		"a panic in Dial": func(w *world, _ *safefetch.Config) {
			w.reach = func(context.Context) (net.Conn, error) { panic("s3cret") }
		},
		"a panic in lookup": func(_ *world, c *safefetch.Config) { c.Resolver = panicking{} },
	} {
		w, _ := web(t, answer)
		f := w.fetcher(func(c *safefetch.Config) { c.ConcurrentPerHost = 1; change(w, c) })
		for range 2 { // its place is free again
			_, err := f.Get(t.Context(), document)
			demand(t, name, err, safefetch.ErrUnavailable)
		}
	}
}

// An answer without addresses is told from a connection that failed, and a gateway may refuse what it is to dial.
func TestKindsOfFailure(t *testing.T) {
	w := newWorld(t)
	w.answers[host] = [][]netip.Addr{{}, {public}}
	w.reach = func(context.Context) (net.Conn, error) { return nil, fmt.Errorf("gateway: %w", safefetch.ErrRefused) }
	f := w.fetcher()
	_, err := f.Get(t.Context(), document)
	if demand(t, "no address", err, safefetch.ErrUnavailable); !strings.Contains(err.Error(), "there is none") {
		t.Error(err)
	}
	_, err = f.Get(t.Context(), document)
	demand(t, "refused by the gateway", err, safefetch.ErrRefused)
	w.reach = func(context.Context) (net.Conn, error) {
		return nil, errors.New("\x1b[31m\n" + strings.Repeat("a", 1<<20))
	}
	if _, err = f.Get(t.Context(), document); strings.ContainsAny(err.Error(), "\x1b\n") || len(err.Error()) > 1024 { // R150
		t.Errorf("%.80q, %d bytes", err, len(err.Error()))
	}
}

type panicking struct{}

func (panicking) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) { panic("s3cret") }

// The addresses of a name are tried in order, each once, and not more of them than is sensible.
func TestNextAddress(t *testing.T) {
	w, _ := web(t, answer)
	works := w.reach
	var tries int
	w.reach = func(ctx context.Context) (net.Conn, error) {
		if tries++; tries < 3 {
			return nil, errors.New("no route")
		}
		return works(ctx)
	}
	set := []netip.Addr{public, netip.MustParseAddr("2606:4700::1111"), netip.MustParseAddr("::ffff:93.184.215.14"), netip.MustParseAddr("1.1.1.1"), netip.MustParseAddr("8.8.8.8")}
	w.answers[host] = [][]netip.Addr{set}
	f := w.fetcher()
	if _, err := f.Get(t.Context(), document); err != nil || tries != 3 {
		t.Errorf("%v after %d", err, tries)
	}
	for i, want := range []netip.Addr{public, set[1], set[3]} {
		if w.dialled[i].Addr() != want {
			t.Errorf("dialled %v", w.dialled)
		}
	}
	w.reach = func(context.Context) (net.Conn, error) { return nil, errors.New("no route") }
	for i := range 100 {
		set = append(set, netip.AddrFrom4([4]byte{8, 8, 4, byte(i)}))
	}
	w.answers[host], w.dialled = [][]netip.Addr{set}, nil
	if _, err := f.Get(t.Context(), document); !errors.Is(err, safefetch.ErrUnavailable) || len(w.dialled) != 8 {
		t.Errorf("%v after %d", err, len(w.dialled))
	}
}
