package oidcproxy

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"math/big"

	"github.com/golang-jwt/jwt/v5"
)

var errAssertionKey = errors.New("must be RSA of 2048 bits or more, P-256 or Ed25519")

// checkAssertionKey refuses keys that cannot sign assertions. The key itself may be elsewhere, in hardware or a service.
func checkAssertionKey(key crypto.Signer) (err error) {
	defer func() {
		if recover() != nil { // a key that is nil in an interface
			err = errAssertionKey
		}
	}()
	lawful := false
	switch public := key.Public().(type) {
	case *rsa.PublicKey:
		lawful = public.N.BitLen() >= 2048
	case *ecdsa.PublicKey:
		lawful = public.Curve == elliptic.P256()
	case ed25519.PublicKey:
		lawful = len(public) == ed25519.PublicKeySize
	}
	if !lawful {
		return errAssertionKey
	}
	return nil
}

// maxSigning is how many signatures are made at once: a service that does not answer holds no more.
const maxSigning = 16

// sign is signText within the time of ctx, which a [crypto.Signer] does not know.
func (u *upstream) sign(ctx context.Context, text string) ([]byte, error) {
	select {
	case u.signing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	type result struct {
		signature []byte
		err       error
	}
	done := make(chan result, 1)
	go func() { // ends with the signer
		defer func() {
			if recover() != nil {
				done <- result{err: errors.New("the key panicked")}
			}
			<-u.signing
		}()
		signature, err := signText(u.cfg.PrivateKey, text)
		done <- result{signature, err}
	}()
	select {
	case made := <-done:
		return made.signature, made.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func assertionMethod(key crypto.Signer) jwt.SigningMethod {
	switch key.Public().(type) {
	case *rsa.PublicKey:
		return jwt.SigningMethodRS256
	case *ecdsa.PublicKey:
		return jwt.SigningMethodES256
	}
	return jwt.SigningMethodEdDSA
}

// signText returns the signature of a JWS (RFC 7518 sections 3.3 and 3.4, RFC 8037 section 3.1). The JWT library signs with keys in memory only.
func signText(key crypto.Signer, text string) ([]byte, error) {
	if _, ok := key.Public().(ed25519.PublicKey); ok {
		return key.Sign(rand.Reader, []byte(text), crypto.Hash(0))
	}
	sum := sha256.Sum256([]byte(text))
	signature, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if _, ok := key.Public().(*ecdsa.PublicKey); !ok || err != nil {
		return signature, err
	}
	var point struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(signature, &point); err != nil || len(rest) > 0 {
		return nil, errors.New("the key made no ECDSA signature")
	}
	const half = 32
	if point.R.Sign() <= 0 || point.S.Sign() <= 0 || point.R.BitLen() > 8*half || point.S.BitLen() > 8*half {
		return nil, errors.New("the key made no ECDSA signature")
	}
	raw := make([]byte, 2*half)
	point.R.FillBytes(raw[:half])
	point.S.FillBytes(raw[half:])
	return raw, nil
}
