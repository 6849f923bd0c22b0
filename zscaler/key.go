package zscaler

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
)

const (
	minKeyBits  = 2048
	maxKeyBits  = 16384
	maxKeyBytes = 64 << 10
)

// privateKey reads a key from its text or, when the text is neither PEM nor a JWK, from the file that
// it names. No error quotes the text: it may be a key that was cut or mistyped.
func privateKey(source string) (*rsa.PrivateKey, error) {
	mistake := func(problem string) (*rsa.PrivateKey, error) {
		return nil, &ConfigError{Field: "Credentials.PrivateKey", Env: "ZSCALER_PRIVATE_KEY", Problem: problem}
	}
	key := strings.TrimSpace(source)
	if !isKeyText(key) {
		var err error
		if key, err = readKeyFile(key); err != nil {
			return mistake(err.Error())
		}
	}
	parsed, err := parseKey(key)
	if err != nil {
		return mistake(err.Error())
	}
	if n := parsed.N.BitLen(); n < minKeyBits || n > maxKeyBits {
		return mistake(fmt.Sprintf("is an RSA key of %d bits: at least %d are needed", n, minKeyBits))
	}
	return parsed, nil
}

func isKeyText(s string) bool {
	return strings.HasPrefix(s, "{") || strings.Contains(s, "-----BEGIN") || strings.ContainsAny(s, "\r\n")
}

// readKeyFile returns the text of the key file at path.
func readKeyFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		if pathErr := (*os.PathError)(nil); errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		return "", fmt.Errorf("is neither PEM nor JWK text nor a readable file: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxKeyBytes))
	if err != nil {
		return "", errors.New("names a file that cannot be read")
	}
	return strings.TrimSpace(string(b)), nil
}

func parseKey(key string) (*rsa.PrivateKey, error) {
	if strings.HasPrefix(key, "{") {
		return parseJWK([]byte(key))
	}
	// Environment files often hold the PEM on one line with \n written out.
	if !strings.Contains(key, "\n") {
		key = strings.ReplaceAll(key, `\n`, "\n")
	}
	block, _ := pem.Decode([]byte(key))
	if block == nil {
		return nil, errors.New("holds no PEM block")
	}
	switch block.Type {
	case "RSA PRIVATE KEY":
		k, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("is not a valid PKCS #1 key; encrypted keys are not supported")
		}
		return k, nil
	case "PRIVATE KEY":
		k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if rsaKey, ok := k.(*rsa.PrivateKey); err == nil && ok {
			return rsaKey, nil
		}
		return nil, errors.New("is not a valid PKCS #8 RSA key")
	}
	return nil, errors.New("is a PEM block of another type: PRIVATE KEY or RSA PRIVATE KEY is needed")
}

// parseJWK reads an RSA private key in JSON (RFC 7517, RFC 7518 section 6.3). Both primes must be
// there: a key without them cannot sign in constant time.
func parseJWK(data []byte) (*rsa.PrivateKey, error) {
	var j struct{ Kty, N, E, D, P, Q string }
	if json.Unmarshal(data, &j) != nil {
		return nil, errors.New("is not a valid JWK")
	}
	if j.Kty != "RSA" {
		return nil, errors.New(`is a JWK whose kty is not "RSA"`)
	}
	var n [5]*big.Int
	for i, s := range []string{j.N, j.E, j.D, j.P, j.Q} {
		b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
		if err != nil || len(b) == 0 || len(b) > maxKeyBits/8+1 {
			return nil, errors.New("is a JWK whose n, e, d, p and q are not all there")
		}
		n[i] = new(big.Int).SetBytes(b)
	}
	if !n[1].IsInt64() || n[1].Int64() > 1<<31-1 {
		return nil, errors.New("is a JWK with an unusable exponent")
	}
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n[0], E: int(n[1].Int64())}, D: n[2], Primes: n[3:]}
	if n[0].BitLen() >= minKeyBits { // a shorter key is refused for its length, by the caller
		key.Precompute()
		if key.Validate() != nil {
			return nil, errors.New("is a JWK whose numbers do not belong together")
		}
	}
	return key, nil
}
