package zscaler_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler"
)

// Callers read what kind of failure it was, and nothing of the operator's network; the log gets all of it.
func TestCallersReadNothingOfTheNetwork(t *testing.T) {
	inside := &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 3128}
	lookup := &net.DNSError{Err: "no such host", Name: "proxy.corp.example", Server: "10.1.2.3:53", IsNotFound: true}
	for want, err := range map[string]error{
		"the proxy could not be reached":        &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.OpError{Op: "dial", Net: "tcp", Err: lookup}},
		"its name could not be resolved":        &net.OpError{Op: "dial", Net: "tcp", Err: lookup},
		"it could not be reached":               &net.OpError{Op: "dial", Net: "tcp", Addr: inside, Err: errors.New("refused by proxy.corp.example")},
		"it took too long":                      &net.OpError{Op: "read", Net: "tcp", Source: inside, Err: os.ErrDeadlineExceeded},
		"the connection broke":                  &net.OpError{Op: "write", Net: "tcp", Source: inside, Err: errors.New("broken by proxy.corp.example")},
		"its certificate is not trusted":        &tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"proxy.corp.example"}}, Host: "10.1.2.3"}},
		"it does not speak TLS":                 tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
		"waiting for another change of this te": fmt.Errorf("waiting for another change of this tenant: %w", context.DeadlineExceeded),
	} {
		failure := &zscaler.NetworkError{Service: zscaler.ZIA, Method: "GET", Path: "/zia/api/v1/status", Host: "gateway.corp.example", Err: err}
		text := failure.PublicError()
		if !strings.Contains(text, want) || !strings.Contains(text, "GET /zia/api/v1/status") || !strings.HasSuffix(text, failure.Advice()) {
			t.Errorf("callers read %q, want %s", text, want)
		}
		if strings.Contains(text, "corp.example") || strings.Contains(text, "10.1.2.3") {
			t.Errorf("callers read %q", text)
		}
		if all := failure.Error(); !strings.Contains(all, "gateway.corp.example") {
			t.Errorf("the log gets %q", all)
		}
	}
}
