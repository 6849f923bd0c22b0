package oidcproxy_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// A publisher has metadata documents of clients, at every host: names lead to an address in public, and the connection to it into this process.
type publisher struct {
	testing.TB
	conns chan net.Conn
	ended chan struct{}
	roots *x509.CertPool

	mu    sync.Mutex
	pages map[string]http.HandlerFunc // by address
	hits  map[string]int
	down  bool
}

// publisherCertificate is good for hosts of tests, always.
var publisherCertificate = sync.OnceValues(func() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"app.example.com", "other.example.com", "evil.example.org", "claude.ai", "chatgpt.com", "vscode.dev", "zed.dev", "opencode.ai"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
})

// newPublisher starts one; it ends with the test, which must be in a bubble.
func newPublisher(t testing.TB) *publisher {
	t.Helper()
	certificate, err := publisherCertificate()
	if err != nil {
		t.Fatal(err)
	}
	authority, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pub := &publisher{TB: t, conns: make(chan net.Conn), ended: make(chan struct{}), roots: x509.NewCertPool(), pages: map[string]http.HandlerFunc{}, hits: map[string]int{}}
	pub.roots.AddCert(authority)
	server := &http.Server{Handler: pub, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	done := make(chan error)
	go func() {
		done <- server.Serve(tls.NewListener(pub, &tls.Config{Certificates: []tls.Certificate{certificate}}))
	}()
	t.Cleanup(func() {
		sleep(time.Minute) // both ends of a connection say goodbye, and wait some seconds for the other to hear it
		_ = server.Close()
		<-done
	})
	return pub
}

// Accept, Close and Addr implement net.Listener.
func (pub *publisher) Accept() (net.Conn, error) {
	select {
	case conn := <-pub.conns:
		return conn, nil
	case <-pub.ended:
		return nil, net.ErrClosed
	}
}

func (pub *publisher) Close() error   { close(pub.ended); return nil }
func (pub *publisher) Addr() net.Addr { return &net.TCPAddr{} }

// LookupNetIP implements safefetch.Resolver.
func (pub *publisher) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	pub.mu.Lock()
	defer pub.mu.Unlock()
	if pub.down {
		return nil, errors.New("no answer")
	}
	return []netip.Addr{netip.MustParseAddr("8.8.8.8")}, nil
}

// configure lets a provider fetch from here.
func (pub *publisher) configure(c *oidcproxy.Config) {
	c.MetadataDocuments.Fetch = safefetch.Config{Resolver: pub, RootCAs: pub.roots, Dial: func(ctx context.Context, _ string, _ netip.AddrPort) (net.Conn, error) {
		near, far := net.Pipe()
		select {
		case pub.conns <- far:
			return near, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
}

// with is configure and another change.
func (pub *publisher) with(change func(*oidcproxy.Config)) func(*oidcproxy.Config) {
	return func(c *oidcproxy.Config) {
		pub.configure(c)
		change(c)
	}
}

func (pub *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from := "https://" + r.Host + r.URL.Path
	pub.mu.Lock()
	page := pub.pages[from]
	pub.hits[from]++
	pub.mu.Unlock()
	if page == nil {
		http.NotFound(w, r)
		return
	}
	page(w, r)
}

// serve puts a page at an address.
func (pub *publisher) serve(from string, page http.HandlerFunc) {
	pub.mu.Lock()
	defer pub.mu.Unlock()
	pub.pages[from] = page
}

// publish puts a JSON document at an address; header are names and values.
func (pub *publisher) publish(from, document string, header ...string) {
	pub.serve(from, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		_, _ = w.Write([]byte(document))
	})
}

// document is that of a client with one redirect URI; changes replace members, and nil takes one out.
func (pub *publisher) document(from string, changes map[string]any) string {
	members := map[string]any{"client_id": from, "client_name": "Example app", "redirect_uris": []string{clientCB}}
	for name, value := range changes {
		if members[name] = value; value == nil {
			delete(members, name)
		}
	}
	return metadata(pub.TB, members)
}

// asked counts the requests for an address.
func (pub *publisher) asked(from string) int {
	pub.mu.Lock()
	defer pub.mu.Unlock()
	return pub.hits[from]
}

// fail makes names lead nowhere.
func (pub *publisher) fail(down bool) {
	pub.mu.Lock()
	defer pub.mu.Unlock()
	pub.down = down
}
