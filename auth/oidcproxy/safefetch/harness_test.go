package safefetch_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

const (
	host     = "client.example.com"
	document = "https://client.example.com/id.json"
	good     = `{"client_id":"https://client.example.com/id.json"}`
)

var public = netip.MustParseAddr("93.184.215.14")

// A world is what is around a Fetcher: names, and a server that every address leads to. It notes what was asked of it.
type world struct {
	testing.TB
	roots   *x509.CertPool
	tls     *tls.Config
	reach   func(ctx context.Context) (net.Conn, error)
	answers map[string][][]netip.Addr // by host, one for each lookup; the last one stays
	servers sync.WaitGroup

	mu      sync.Mutex
	lookups []string
	dialled []netip.AddrPort
}

// newWorld has a server that speaks TLS for the names and addresses of the tests. Its certificate is of now, which in a bubble is long ago.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, answers: map[string][][]netip.Addr{host: {{public}}}}
	w.certify(host, "*."+host)
	return w
}

// certify makes the certificate of the server, and its issuer the one that is trusted.
func (w *world) certify(names ...string) {
	w.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: names, IPAddresses: []net.IP{public.AsSlice(), net.IPv4(127, 0, 0, 1), net.ParseIP("2606:4700::1111")},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		w.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		w.Fatal(err)
	}
	w.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	w.roots = x509.NewCertPool()
	w.roots.AddCert(leaf)
}

// web is a world with an HTTP server on loopback.
func web(t testing.TB, handler http.HandlerFunc, prepare ...func(*world)) (*world, *httptest.Server) {
	t.Helper()
	w := newWorld(t)
	for _, change := range prepare {
		change(w)
	}
	server := httptest.NewUnstartedServer(handler)
	server.TLS = w.tls
	server.Config.ErrorLog = discard
	server.StartTLS()
	t.Cleanup(server.Close)
	w.reach = func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", server.Listener.Addr().String())
	}
	return w, server
}

// raw is a world with a server that reads a request and then does as it likes. It needs no network, and may be in a bubble.
func raw(t testing.TB, serve func(conn net.Conn)) *world {
	t.Helper()
	w := newWorld(t)
	w.reach = func(context.Context) (net.Conn, error) {
		near, far := net.Pipe()
		w.servers.Go(func() {
			defer func() { _ = far.Close() }()
			conn := tls.Server(far, w.tls)
			if conn.Handshake() == nil {
				_, _ = conn.Read(make([]byte, 4096))
				serve(conn)
			}
		})
		return near, nil
	}
	return w
}

// LookupNetIP makes a world a resolver.
func (w *world) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if network != "ip" {
		w.Errorf("a lookup in %q", network)
	}
	w.lookups = append(w.lookups, host)
	answers := w.answers[host]
	if len(answers) == 0 {
		return nil, errors.New("no such host")
	}
	if len(answers) > 1 {
		w.answers[host] = answers[1:]
	}
	return slices.Clone(answers[0]), nil
}

func (w *world) dial(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
	w.mu.Lock()
	w.dialled = append(w.dialled, to)
	w.mu.Unlock()
	if network != "tcp" {
		w.Errorf("dialled in %q", network)
	}
	return w.reach(ctx)
}

// fetcher is one in this world.
func (w *world) fetcher(changes ...func(*safefetch.Config)) *safefetch.Fetcher {
	w.Helper()
	cfg := safefetch.Config{Resolver: w, Dial: w.dial, RootCAs: w.roots}
	for _, change := range changes {
		change(&cfg)
	}
	f, err := safefetch.New(cfg)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(f.Close)
	return f
}

// untouched fails if anything was dialled, or if there were other lookups than so many.
func (w *world) untouched(what string, lookups int) {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.dialled) != 0 || len(w.lookups) != lookups {
		w.Errorf("%s: lookups %q, dialled %v", what, w.lookups, w.dialled)
	}
	w.lookups = nil
}

// demand fails if err is not of the kind, or of a second one.
func demand(t testing.TB, what string, err, kind error) {
	t.Helper()
	if (err == nil) != (kind == nil) {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
	for _, one := range []error{safefetch.ErrRefused, safefetch.ErrBusy, safefetch.ErrUnavailable, safefetch.ErrDocument} {
		if errors.Is(err, one) != (one == kind) {
			t.Errorf("%s: %v, want %v", what, err, kind)
		}
	}
}

func answer(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(good))
}
