package zscalermcp_test

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/org/zscalermcp"
)

// Strangers whose handshakes fail do not fill the log, neither with many of them nor with long texts (ALPN, RFC 7301); the operator hears of the first ones.
func TestFailedHandshakesDoNotFillTheLog(t *testing.T) {
	cert := newCertificate(t, "mcp.example.com")
	var logs logBuffer
	base, end := runs(t, &logs, newServer(t, zscalermcp.WithTLS(zscalermcp.TLS{CertFile: cert.certFile, KeyFile: cert.keyFile}), tenantEnv.option(), withKey(t), logs.option(), zscalermcp.WithListen("127.0.0.1:0"), zscalermcp.WithLimits(quick)))
	before := len(logs.String())
	var protocols []string
	for range 200 {
		protocols = append(protocols, strings.Repeat("\x01", 255))
	}
	for range 300 {
		if conn, err := tls.Dial("tcp", strings.TrimPrefix(base, "https://"), &tls.Config{RootCAs: cert.pool, NextProtos: protocols}); err == nil {
			t.Errorf("protocol %q is spoken", conn.ConnectionState().NegotiatedProtocol)
			_ = conn.Close()
		}
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n")
	_, _ = io.ReadAll(conn)
	if err := end(); err != nil {
		t.Error(err)
	}
	written := logs.String()[before:]
	if n := strings.Count(written, "TLS handshake error"); n < 10 || n > 100 || len(written) > 100*2048 {
		t.Errorf("%d handshakes are told of, in %d bytes", n, len(written))
	}
}

// Nor do those fill it who speak HTTP/2 wrongly when TLS is through.
func TestBadFramesDoNotFillTheLog(t *testing.T) {
	cert := newCertificate(t, "mcp.example.com")
	var logs logBuffer
	base, end := runs(t, &logs, newServer(t, zscalermcp.WithTLS(zscalermcp.TLS{CertFile: cert.certFile, KeyFile: cert.keyFile}), tenantEnv.option(), withKey(t), logs.option(), zscalermcp.WithListen("127.0.0.1:0"), zscalermcp.WithLimits(quick)))
	before := len(logs.String())
	const hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	const settings, wrong = "\x00\x00\x00\x04\x00\x00\x00\x00\x00", "\x00\x00\x00\x00\x00\x00\x00\x00\x00" // DATA on stream 0 (RFC 9113 section 6.1)
	const goAway = "\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	var all sync.WaitGroup
	for i := range 150 { // net/http closes each a second later
		all.Go(func() {
			conn, err := tls.Dial("tcp", strings.TrimPrefix(base, "https://"), &tls.Config{RootCAs: cert.pool, NextProtos: []string{"h2"}})
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(conn, []string{"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", hello + wrong, hello + settings + goAway + wrong}[i%3])
			_, _ = io.ReadAll(conn)
			_ = conn.Close()
		})
	}
	all.Wait()
	if err := end(); err != nil {
		t.Error(err)
	}
	if n := strings.Count(logs.String()[before:], `"msg":"http2:`); n < 10 || n > 100 {
		t.Errorf("%d lines", n)
	}
}
