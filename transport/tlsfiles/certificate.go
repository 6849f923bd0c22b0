package tlsfiles

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

const minRSABits = 2048

func isCertificate(block *pem.Block) bool { return block.Type == "CERTIFICATE" }

// readChain reads the certificates of a file, and judges the first one as that of a server.
func readChain(path string, now time.Time) ([]*x509.Certificate, error) {
	blocks, err := readPEM(path)
	if err != nil {
		return nil, err
	}
	chain, err := parseCertificates(blocks)
	if err == nil {
		err = judgeLeaf(chain[0], now)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	return chain, nil
}

// parseCertificates returns the certificates among blocks, at least one.
func parseCertificates(blocks []*pem.Block) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for i, block := range ofType(blocks, isCertificate) {
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("has a certificate, number %d, that cannot be read: %w", i+1, err)
		}
		certs = append(certs, cert)
	}
	switch {
	case len(certs) > 0:
		return certs, nil
	case slices.ContainsFunc(blocks, isKey):
		return nil, errors.New("has a private key and no certificate: were the files of certificate and key exchanged?")
	case slices.ContainsFunc(blocks, func(b *pem.Block) bool { return b.Type == "CERTIFICATE REQUEST" || b.Type == "NEW CERTIFICATE REQUEST" }):
		return nil, errors.New("has the request for a certificate, not the certificate: give what the CA has answered")
	}
	return nil, fmt.Errorf("has no CERTIFICATE block, but %q: is it the right file?", blocks[0].Type)
}

// judgeLeaf refuses a certificate with which no client would be content.
func judgeLeaf(cert *x509.Certificate, now time.Time) error {
	if err := judgeTimes(cert, now); err != nil {
		return err
	}
	limited := len(cert.ExtKeyUsage)+len(cert.UnknownExtKeyUsage) > 0
	if limited && !slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageServerAuth) && !slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageAny) {
		return errors.New("has a certificate that is not for servers (no serverAuth in its extended key usage): get one that is")
	}
	return judgeKey(cert.PublicKey)
}

// judgeTimes refuses a certificate that does not count now.
func judgeTimes(cert *x509.Certificate, now time.Time) error {
	switch {
	case now.After(cert.NotAfter):
		return fmt.Errorf("has a certificate that has expired, at %s: renew it", stamp(cert.NotAfter))
	case now.Before(cert.NotBefore):
		return fmt.Errorf("has a certificate that does not count before %s: wait, or check the clock, which says %s", stamp(cert.NotBefore), stamp(now))
	}
	return nil
}

// judgeKey refuses keys that clients refuse, or that TLS does not know.
func judgeKey(key crypto.PublicKey) error {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minRSABits {
			return fmt.Errorf("has an RSA key of %d bits: make one of at least %d, and a certificate for it", bits, minRSABits)
		}
		return nil
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() || key.Curve == elliptic.P384() || key.Curve == elliptic.P521() {
			return nil
		}
		return fmt.Errorf("has a key on the curve %s: use P-256, P-384 or P-521", key.Curve.Params().Name)
	case ed25519.PublicKey:
		return nil
	}
	return errors.New("has a key of a kind that TLS cannot use here: use RSA, ECDSA or Ed25519")
}

// stamp is a time for people.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
