package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
)

// A certified is a certificate with its key.
type certified struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// certify makes a certificate by by; nil means by itself, as a CA.
func certify(t testing.TB, by *certified, change ...func(*x509.Certificate)) *certified {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return certifyKey(t, key, by, change...)
}

func certifyKey(t testing.TB, key *ecdsa.PrivateKey, by *certified, change ...func(*x509.Certificate)) *certified {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour).Truncate(time.Second),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if by == nil {
		asCA(template)
		template.Subject.CommonName = "Acme clients"
	}
	for _, f := range change {
		f(template)
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.Certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &certified{cert, key}
}

func asCA(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage, c.ExtKeyUsage = true, true, x509.KeyUsageCertSign, nil
}

func cn(name string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.Subject.CommonName = name }
}

// dn sets the subject, attribute by attribute in the order of DER.
func dn(attributes ...pkix.AttributeTypeAndValue) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.Subject = pkix.Name{ExtraNames: attributes} }
}

func attribute(value any, oid ...int) pkix.AttributeTypeAndValue {
	return pkix.AttributeTypeAndValue{Type: oid, Value: value}
}

func dns(names ...string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.DNSNames = names }
}

func emails(addresses ...string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.EmailAddresses = addresses }
}

func uri(t testing.TB, all ...string) func(*x509.Certificate) {
	t.Helper()
	var parsed []*url.URL
	for _, one := range all {
		u, err := url.Parse(one)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, u)
	}
	return func(c *x509.Certificate) { c.URIs = parsed }
}

// connected lets r come over a connection whose client has shown chain, which was verified.
func connected(chain ...*certified) func(*http.Request) {
	var certs []*x509.Certificate
	for _, c := range chain {
		certs = append(certs, c.Certificate)
	}
	return func(r *http.Request) {
		r.TLS = &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: certs[:1], VerifiedChains: [][]*x509.Certificate{certs}}
	}
}

// over is a request without a credential in a header.
func over(bear func(*http.Request)) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://mcp.example.com/mcp", nil)
	r.TLS = nil
	if bear != nil {
		bear(r)
	}
	return r
}

// byRules returns an authenticator for rules.
func byRules(t testing.TB, rules ...auth.ClientCertificateRule) *auth.ClientCertificates {
	t.Helper()
	a, err := auth.NewClientCertificate(auth.ClientCertificateConfig{Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
