package tlsfiles

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"

	"github.com/org/zscalermcp/auth"
)

// Causes of a key that cannot be read. Those of the decoder are left out: they may tell of what is in it.
var (
	errDamagedKey    = errors.New("has a private key that cannot be read: it is damaged, or of another form than its BEGIN line says")
	errWrongPassword = errors.New("cannot be opened with this password: the password is wrong, the file is damaged, or its key is of a kind that TLS cannot use")
	errNoPassword    = errors.New("has an encrypted private key, and no password is given: give it, or decrypt the key with openssl pkey -in OLD -out NEW")
	errPlainKey      = errors.New("is not encrypted, so that the password that is given for it protects nothing: encrypt it, or do without the password")
)

// readKey reads the one private key of a file. Beside a key, errPlainKey is a warning; errWrongPassword concerns the password.
func readKey(path string, password auth.Secret) (crypto.Signer, error) {
	blocks, err := readPEM(path)
	if err != nil {
		return nil, err
	}
	key, err := parseKey(blocks, password)
	if err != nil {
		err = fmt.Errorf("%s %w", path, err)
	}
	return key, err
}

// parseKey returns the one private key among blocks.
func parseKey(blocks []*pem.Block, password auth.Secret) (crypto.Signer, error) {
	keys := ofType(blocks, isKey)
	switch {
	case len(keys) > 1:
		return nil, fmt.Errorf("has %d private keys: leave the one of the certificate", len(keys))
	case len(keys) == 1:
	case slices.ContainsFunc(blocks, isCertificate):
		return nil, errors.New("has a certificate and no private key: were the files of certificate and key exchanged?")
	default:
		return nil, fmt.Errorf("has no PRIVATE KEY block, but %q: is it the right file?", blocks[0].Type)
	}
	block := keys[0]
	if block.Type == "OPENSSH PRIVATE KEY" {
		return nil, errors.New("has a key in the form of OpenSSH: convert a copy of it with ssh-keygen -p -m PEM -f COPY")
	}
	if isEncrypted(block) {
		if password == "" {
			return nil, errNoPassword
		}
		return decryptKey(block, []byte(password))
	}
	key, err := parsePlainKey(block.Bytes)
	if err == nil && password != "" {
		err = errPlainKey
	}
	return key, err
}

// parsePlainKey reads PKCS#8 (RFC 5958), PKCS#1 (RFC 8017) or SEC 1 (RFC 5915).
func parsePlainKey(der []byte) (crypto.Signer, error) {
	var key any
	var err error
	if key, err = x509.ParsePKCS8PrivateKey(der); err != nil {
		if key, err = x509.ParsePKCS1PrivateKey(der); err != nil {
			key, err = x509.ParseECPrivateKey(der)
		}
	}
	if err != nil {
		return nil, errDamagedKey
	}
	return signer(key)
}

// signer is a key with which a server can prove who it is.
func signer(key any) (crypto.Signer, error) {
	s, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("has a private key that cannot sign: use RSA, ECDSA or Ed25519")
	}
	return s, nil
}

// isOf reports whether the key is that of the certificate.
func isOf(key crypto.Signer, cert *x509.Certificate) bool {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(cert.PublicKey)
}
