package tlsfiles_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport/tlsfiles"
)

const password = "correct-horse-battery" // of the keys in testdata

// An identity is a certificate with its key.
type identity struct {
	cert *x509.Certificate
	key  crypto.Signer
}

var serials = struct {
	sync.Mutex
	last int64
}{}

// issue makes a certificate for localhost, signed by issuer; nil means by itself.
func issue(t testing.TB, issuer *identity, change ...func(*x509.Certificate)) *identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return issueFor(t, key, issuer, change...)
}

// issueFor is issue for a key.
func issueFor(t testing.TB, key crypto.Signer, issuer *identity, change ...func(*x509.Certificate)) *identity {
	t.Helper()
	serials.Lock()
	serials.last++
	serial := serials.last
	serials.Unlock()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "of the test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(100 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	for _, f := range change {
		f(template)
	}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.cert, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &identity{cert, key}
}

func isCA(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage, c.DNSNames, c.IPAddresses = true, true, x509.KeyUsageCertSign, nil, nil
}

func forClients(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }

func named(name string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.Subject.CommonName = name }
}

func endsIn(d time.Duration) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.NotAfter = time.Now().Add(d) }
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func (i *identity) certPEM() string { return block("CERTIFICATE", i.cert.Raw) }

func (i *identity) keyPEM(t testing.TB) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(i.key)
	if err != nil {
		t.Fatal(err)
	}
	return block("PRIVATE KEY", der)
}

// A place is a directory with the files of a server.
type place struct {
	testing.TB
	dir string
	log logBuffer
}

func newPlace(t testing.TB) *place {
	t.Helper()
	return &place{TB: t, dir: t.TempDir()}
}

// write makes a file anew, and returns its path.
func (p *place) write(name, text string) string {
	p.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		p.Fatal(err)
	}
	return path
}

// writePair writes certificate and key of i, and names their files.
func (p *place) writePair(i *identity) tlsfiles.Config {
	p.Helper()
	return tlsfiles.Config{
		CertFile: p.write("tls.crt", i.certPEM()), KeyFile: p.write("tls.key", i.keyPEM(p)),
		Logger: slog.New(slog.NewTextHandler(&p.log, nil)),
	}
}

func mustNew(t testing.TB, cfg tlsfiles.Config) *tlsfiles.Files {
	t.Helper()
	f, err := tlsfiles.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustReload(t testing.TB, f *tlsfiles.Files) {
	t.Helper()
	if err := f.Reload(); err != nil {
		t.Fatal(err)
	}
}

// fieldsOf are the fields of all mistakes, with what is wrong.
func fieldsOf(err error) map[string]string {
	fields := map[string]string{}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return fields
	}
	for _, one := range joined.Unwrap() {
		if mistake := (*auth.ConfigError)(nil); errors.As(one, &mistake) {
			fields[strings.TrimPrefix(mistake.Field, "Config.")] = mistake.Problem
		}
	}
	return fields
}

type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
