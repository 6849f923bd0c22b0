package safefetch_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// direct is a Fetcher that dials by itself, in the world of a server on loopback, whose port is accepted.
func direct(t *testing.T, networks ...string) (*world, *safefetch.Fetcher, netip.AddrPort) {
	w, server := web(t, answer)
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	f := w.fetcher(func(c *safefetch.Config) {
		c.Dial, c.Ports = nil, []uint16{at.Port()}
		for _, network := range networks {
			c.AllowNetworks = append(c.AllowNetworks, netip.MustParsePrefix(network))
		}
	})
	w.answers[host] = [][]netip.Addr{{at.Addr()}}
	return w, f, at
}

// D58: without a Dial of the configuration, loopback is refused as literal and as answer, and reached where it is allowed.
func TestLoopbackWithTheRealDialer(t *testing.T) {
	_, f, at := direct(t)
	_, allowed, there := direct(t, "127.0.0.0/8")
	for _, name := range []string{"127.0.0.1", host} {
		_, err := f.Get(t.Context(), fmt.Sprintf("https://%s:%d/id", name, at.Port()))
		demand(t, name, err, safefetch.ErrRefused)
		if _, err := allowed.Get(t.Context(), fmt.Sprintf("https://%s:%d/id", name, there.Port())); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// R34: the dialer judges what it connects to, even if nobody has done so before.
func TestDialerJudgesAgain(t *testing.T) {
	_, f, at := direct(t)
	_, err := f.DialDirectly(t.Context(), at)
	demand(t, "address", err, safefetch.ErrRefused)
	_, allowed, there := direct(t, "127.0.0.0/8")
	conn, err := allowed.DialDirectly(t.Context(), there)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	_, err = allowed.DialDirectly(t.Context(), at) // its port is not accepted
	demand(t, "port", err, safefetch.ErrRefused)
}

// A port that nobody listens on is no refusal of ours.
func TestClosedPort(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := netip.MustParseAddrPort(listener.Addr().String())
	_ = listener.Close()
	w := newWorld(t)
	f := w.fetcher(func(c *safefetch.Config) {
		c.Dial, c.Ports, c.AllowNetworks = nil, []uint16{at.Port()}, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	_, err = f.Get(t.Context(), "https://"+at.String()+"/id")
	demand(t, "closed", err, safefetch.ErrUnavailable)
}

// Without a Resolver the standard one is asked, for the name in full: search domains of the machine would make another name of one that does not exist.
func TestStandardResolver(t *testing.T) {
	standard := net.DefaultResolver
	defer func() { net.DefaultResolver = standard }()
	questions := make(chan []byte, 100)
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			question := make([]byte, 512)
			n, _ := far.Read(question)
			questions <- question[:n]
			_ = far.Close()
		}()
		return near, nil
	}}
	f := newWorld(t).fetcher(func(c *safefetch.Config) { c.Resolver = nil })
	_, err := f.Get(t.Context(), document)
	demand(t, "no answer", err, safefetch.ErrUnavailable)
	if len(questions) == 0 {
		t.Fatalf("nothing was asked: %v", err)
	}
	for range len(questions) {
		if question := <-questions; !strings.Contains(string(question), "\x06client\x07example\x03com\x00") {
			t.Errorf("asked for %q", question)
		}
	}
	if f.Resolver() != safefetch.Rooted(net.DefaultResolver) {
		t.Errorf("%T is in use", f.Resolver())
	}
	w := newWorld(t)
	_, _ = safefetch.Rooted(w).LookupNetIP(t.Context(), "ip", host)
	if len(w.lookups) != 1 || w.lookups[0] != host+"." {
		t.Errorf("asked for %q", w.lookups)
	}
}
