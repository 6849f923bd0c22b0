package authtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// A signingKey is a key pair with its id.
type signingKey struct {
	id      string
	method  jwt.SigningMethod
	private crypto.Signer
}

func newSigningKey(algorithm string) *signingKey {
	key := &signingKey{id: rand.Text()[:8], method: jwt.GetSigningMethod(algorithm)}
	var err error
	switch algorithm {
	case "RS256", "PS256":
		key.private = rsaKeys.next()
	case "ES256":
		key.private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "EdDSA":
		_, key.private, err = ed25519.GenerateKey(rand.Reader)
	default:
		panic("authtest: algorithm " + algorithm + " is not known: use RS256, PS256, ES256 or EdDSA")
	}
	if err != nil {
		panic("authtest: " + err.Error())
	}
	return key
}

// rsaKeys are made once in a process, since making one takes long: providers take turns with them under ids of their own.
var rsaKeys rsaPool

type rsaPool struct {
	mu    sync.Mutex
	keys  [4]*rsa.PrivateKey
	taken int
}

func (p *rsaPool) next() *rsa.PrivateKey {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := p.taken % len(p.keys)
	p.taken++
	if p.keys[i] == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic("authtest: " + err.Error())
		}
		p.keys[i] = key
	}
	return p.keys[i]
}

// keySet is the JSON Web Key Set (RFC 7517 section 5).
func (p *Provider) keySet() map[string]any {
	p.mu.Lock()
	defer p.mu.Unlock()
	keys := []map[string]any{}
	for _, key := range p.keys {
		keys = append(keys, key.public())
	}
	return map[string]any{"keys": keys}
}

func (k *signingKey) public() map[string]any {
	member := map[string]any{"kid": k.id, "use": "sig", "alg": k.method.Alg()}
	switch key := k.private.Public().(type) {
	case *rsa.PublicKey:
		member["kty"], member["n"], member["e"] = "RSA", encode(key.N.Bytes()), encode(big.NewInt(int64(key.E)).Bytes())
	case *ecdsa.PublicKey:
		point, err := key.ECDH()
		if err != nil {
			panic("authtest: " + err.Error())
		}
		raw := point.Bytes() // 4, X, Y
		member["kty"], member["crv"], member["x"], member["y"] = "EC", "P-256", encode(raw[1:33]), encode(raw[33:])
	case ed25519.PublicKey:
		member["kty"], member["crv"], member["x"] = "OKP", "Ed25519", encode(key)
	}
	return member
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func randomText() string { return rand.Text() + rand.Text() }
