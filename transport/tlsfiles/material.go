package tlsfiles

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// A material is what was read at one time. It is never changed.
type material struct {
	cfg       Config
	cert      *tls.Certificate
	above     []*x509.Certificate // the CAs behind the certificate of the server
	clientCAs *x509.CertPool      // nil where no certificates are asked for
	cas       []*x509.Certificate
	remarks   []string // warnings that stay true
}

// load reads all files and judges them. The error names every mistake.
func load(cfg Config, now time.Time) (*material, error) {
	m := &material{cfg: cfg}
	var wrong mistakes
	wrong.halves(cfg)
	if cfg.CertFile != "" && cfg.KeyFile != "" {
		m.loadPair(&wrong, now)
	}
	if cfg.ClientCAFile != "" {
		m.loadClientCAs(&wrong, now)
	}
	if err := wrong.err(); err != nil {
		return nil, err
	}
	return m, nil
}

// loadPair reads certificate and key.
func (m *material) loadPair(wrong *mistakes, now time.Time) {
	chain, err := readChain(m.cfg.CertFile, now)
	wrong.check("CertFile", err)
	key, keyErr := readKey(m.cfg.KeyFile, m.cfg.KeyPassword)
	switch {
	case errors.Is(keyErr, errPlainKey):
		m.remarks = append(m.remarks, keyErr.Error())
	case errors.Is(keyErr, errWrongPassword):
		wrong.check("KeyPassword", keyErr)
	default:
		wrong.check("KeyFile", keyErr)
	}
	if chain == nil || key == nil {
		return
	}
	if !isOf(key, chain[0]) {
		wrong.check("KeyFile", m.strange(key, chain))
		return
	}
	m.cert = &tls.Certificate{PrivateKey: key, Leaf: chain[0]}
	for i, cert := range chain {
		m.cert.Certificate = append(m.cert.Certificate, cert.Raw)
		if i > 0 && chain[i-1].CheckSignatureFrom(cert) != nil {
			m.remarks = append(m.remarks, fmt.Sprintf("certificate number %d in %s (%s) has not issued the one before it: clients that do not know the CA between them will refuse the server",
				i+1, m.cfg.CertFile, nameOf(cert)))
		}
	}
	m.above = chain[1:]
}

// strange says of what certificate the key is, if not of the first one.
func (m *material) strange(key crypto.Signer, chain []*x509.Certificate) error {
	for i, cert := range chain[1:] {
		if isOf(key, cert) {
			return fmt.Errorf("%s has the key of certificate number %d of %s: put that certificate first, and those of its CAs behind it", m.cfg.KeyFile, i+2, m.cfg.CertFile)
		}
	}
	return fmt.Errorf("%s has a key that is not that of the certificate in %s: give the two that belong together", m.cfg.KeyFile, m.cfg.CertFile)
}

// loadClientCAs reads the CAs of clients.
func (m *material) loadClientCAs(wrong *mistakes, now time.Time) {
	cas, err := readClientCAs(m.cfg.ClientCAFile, now)
	wrong.check("ClientCAFile", err)
	m.cas, m.clientCAs = cas, x509.NewCertPool()
	for _, ca := range cas {
		m.clientCAs.AddCert(ca)
	}
}

const (
	warnAhead = 14 * 24 * time.Hour // of the end of a certificate
	warnEvery = 24 * time.Hour      // at most
)

// endings are warnings of what ends soon, or has ended.
func (m *material) endings(now time.Time) []string {
	var texts []string
	if text := ending(m.cert.Leaf, now); text != "" {
		texts = append(texts, fmt.Sprintf("the certificate of the server in %s %s: renew it", m.cfg.CertFile, text))
	}
	for _, ca := range m.above { // clients may know another way to a root, so it is no mistake
		if text := ending(ca, now); text != "" {
			texts = append(texts, fmt.Sprintf("the intermediate certificate %s in %s %s: clients will refuse the server, renew it", nameOf(ca), m.cfg.CertFile, text))
		}
	}
	for _, ca := range m.cas {
		if text := ending(ca, now); text != "" {
			texts = append(texts, fmt.Sprintf("the CA of clients %s in %s %s: clients with its certificates are then refused", nameOf(ca), m.cfg.ClientCAFile, text))
		}
	}
	return texts
}

// ending says when a certificate ends, if that is soon or past.
func ending(cert *x509.Certificate, now time.Time) string {
	switch {
	case now.After(cert.NotAfter):
		return "has expired at " + stamp(cert.NotAfter)
	case now.Add(warnAhead).After(cert.NotAfter):
		return "ends at " + stamp(cert.NotAfter)
	}
	return ""
}
