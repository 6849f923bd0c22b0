package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// The one document, and its host, which no resolver knows.
const (
	documentHost = "client.example.com"
	documentPath = "/oauth/client.json"
)

// A publisher serves the document on loopback.
type publisher struct {
	server *http.Server
	addr   string
	roots  *x509.CertPool
	ended  chan error
}

// publish starts a publisher.
func publish() (*publisher, error) {
	certificate, roots, err := certificateOf(documentHost)
	if err != nil {
		return nil, err
	}
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+documentPath, serveDocument)
	pub := &publisher{server: &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}, addr: ln.Addr().String(), roots: roots, ended: make(chan error, 1)}
	go func() { pub.ended <- pub.server.Serve(ln) }()
	return pub, nil
}

func serveDocument(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"client_id": "https://" + documentHost + documentPath, "client_name": "interop", "redirect_uris": []string{"http://127.0.0.1/callback"},
		"grant_types": []string{"authorization_code", "refresh_token"}, "token_endpoint_auth_method": "none",
	})
}

// close ends the publisher, and waits for it.
func (pub *publisher) close() error {
	err := pub.server.Close()
	if ended := <-pub.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

// fetching finds every host at a public address, and behind that address the publisher.
func (pub *publisher) fetching() safefetch.Config {
	return safefetch.Config{Resolver: public{}, RootCAs: pub.roots, Dial: func(ctx context.Context, network string, _ netip.AddrPort) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, pub.addr)
	}}
}

// public is a [safefetch.Resolver].
type public struct{}

func (public) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("8.8.8.8")}, nil
}

// certificateOf makes a certificate for a host, and what trusts it alone.
func certificateOf(host string) (tls.Certificate, *x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), DNSNames: []string{host}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(own)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots, nil
}
