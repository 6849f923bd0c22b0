package tlsfiles_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptrace"
	"testing"

	"github.com/org/zscalermcp/transport/tlsfiles"
)

// serve starts a server that answers with the name of the client's certificate, and returns its address.
func serve(t testing.TB, f *tlsfiles.Files) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := "nobody"
		if len(r.TLS.VerifiedChains) > 0 {
			name = r.TLS.VerifiedChains[0][0].Subject.CommonName
		}
		_, _ = fmt.Fprint(w, name)
	})
	hs := &http.Server{Handler: handler, TLSConfig: f.TLS(), ErrorLog: log.New(io.Discard, "", 0)}
	served := make(chan error, 1)
	go func() { served <- hs.ServeTLS(ln, "", "") }()
	t.Cleanup(func() {
		_ = hs.Close()
		<-served
	})
	return ln.Addr().String()
}

// A visitor is a client, which trusts any server: the tests look at its certificate.
type visitor struct {
	*http.Client
	url string
}

// visit returns a client for the server at address.
func visit(t testing.TB, address string, change ...func(*tls.Config)) *visitor {
	t.Helper()
	cfg := &tls.Config{InsecureSkipVerify: true}
	for _, f := range change {
		f(cfg)
	}
	transport := &http.Transport{TLSClientConfig: cfg, ForceAttemptHTTP2: len(cfg.NextProtos) == 0}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{Client: &http.Client{Transport: transport}, url: "https://" + address + "/"}
}

func shows(i *identity) func(*tls.Config) {
	return func(c *tls.Config) {
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return &tls.Certificate{Certificate: [][]byte{i.cert.Raw}, PrivateKey: i.key}, nil
		}
	}
}

func only(version uint16) func(*tls.Config) {
	return func(c *tls.Config) { c.MinVersion, c.MaxVersion = version, version }
}

func http1(c *tls.Config) { c.NextProtos = []string{"http/1.1"} }

// A meeting is what came of a request.
type meeting struct {
	client, serial, protocol string
	version                  uint16
	resumed, fresh           bool
}

// get sends a request, over the connection that is open if there is one.
func (v *visitor) get(t testing.TB) (meeting, error) {
	t.Helper()
	got := meeting{fresh: true}
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { got.fresh = !c.Reused }})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := v.Do(r)
	if err != nil {
		return got, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	got.client, got.protocol, got.version = string(body), resp.Proto, resp.TLS.Version
	got.serial, got.resumed = resp.TLS.PeerCertificates[0].SerialNumber.String(), resp.TLS.DidResume
	return got, err
}

func (v *visitor) mustGet(t testing.TB) meeting {
	t.Helper()
	got, err := v.get(t)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// servedSerial is the serial number of the certificate that a new client sees.
func servedSerial(t testing.TB, f *tlsfiles.Files) string {
	t.Helper()
	client, server := net.Pipe()
	defer func() { _, _ = client.Close(), server.Close() }()
	done := make(chan error, 1)
	go func() { done <- tls.Server(server, f.TLS()).HandshakeContext(t.Context()) }()
	c := tls.Client(client, &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(tls.ConnectionState) error { return nil }})
	if err := c.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return c.ConnectionState().PeerCertificates[0].SerialNumber.String()
}

// pool is what a client that looks at certificates trusts.
func pool(all ...*identity) *x509.CertPool {
	p := x509.NewCertPool()
	for _, i := range all {
		p.AddCert(i.cert)
	}
	return p
}
