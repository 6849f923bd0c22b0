package tlsfiles

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Info says what is served now, for a start-up line and for readiness.
type Info struct {
	NotAfter           time.Time // when the certificate ends
	Names              []string  // DNS names and addresses that it is for
	ClientCertificates bool      // whether clients must show one
	Warnings           []string  // in plain words: what ends within 14 days, a password that protects nothing
}

// Info returns what is served now.
func (f *Files) Info() Info {
	m := f.current.Load()
	return Info{
		NotAfter: m.cert.Leaf.NotAfter, Names: namesOf(m.cert.Leaf), ClientCertificates: m.clientCAs != nil,
		Warnings: append(slices.Clone(m.remarks), m.endings(time.Now())...),
	}
}

// Covers returns nil if the certificate is for host, a DNS name or an address without port, and else an error that says for what it is.
func (f *Files) Covers(host string) error {
	leaf := f.current.Load().cert.Leaf
	if leaf.VerifyHostname(host) == nil {
		return nil
	}
	names := strings.Join(namesOf(leaf), ", ")
	if names == "" {
		names = "no name at all (clients read the subject alternative names only)"
	}
	return fmt.Errorf("tlsfiles: the certificate in %s is for %s, not for %q: clients that use this name will refuse it", f.cfg.CertFile, names, host)
}

// namesOf are the DNS names and addresses of a certificate.
func namesOf(cert *x509.Certificate) []string {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// nameOf is how texts call a CA.
func nameOf(cert *x509.Certificate) string { return fmt.Sprintf("%.128q", cert.Subject.String()) }
