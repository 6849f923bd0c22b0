package zscaler

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
)

// PublicError is what callers may read: the error without the addresses and names of the operator's network (resolver, proxy, gateway), which
// are in Error, for the log.
func (e *NetworkError) PublicError() string {
	return fmt.Sprintf("%s: %s %s: no answer: %s. %s", e.Service.name(), e.Method, e.Path, plainCause(e.Err), e.Advice())
}

// plainCause names the kind of a cause whose own words name hosts and addresses; others have no such words.
func plainCause(err error) string {
	var (
		op       *net.OpError
		dns      *net.DNSError
		name     x509.HostnameError
		verifies *tls.CertificateVerificationError
		record   tls.RecordHeaderError
	)
	timeout := net.Error(nil)
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "the proxy could not be reached"
	case errors.As(err, &dns):
		return "its name could not be resolved"
	case errors.As(err, &verifies), errors.As(err, &name):
		return "its certificate is not trusted"
	case errors.As(err, &record):
		return "it does not speak TLS"
	case op == nil:
		return clean(fmt.Sprint(err))
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it took too long"
	case op.Op == "dial":
		return "it could not be reached"
	}
	return "the connection broke"
}
