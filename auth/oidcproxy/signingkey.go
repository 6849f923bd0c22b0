package oidcproxy

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"

	"github.com/org/zscalermcp/store"
)

// A signingKey signs access tokens: Ed25519 (RFC 8037), from a master key, so that replicas and restarts have the same.
type signingKey struct {
	private ed25519.PrivateKey
	public  ed25519.PublicKey
	header  string // of its tokens, encoded
	jwk     jsonWebKey
}

// A jsonWebKey is the public half (RFC 7517, RFC 8037 section 2).
type jsonWebKey struct {
	KeyType   string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	ID        string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
}

// newSigningKeys returns a key for each master key; the first one signs.
func newSigningKeys(keys *store.Keyring, issuer string) ([]signingKey, error) {
	seeds, err := keys.Derive("oidcproxy signing key "+issuer, ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	var all []signingKey
	for _, seed := range seeds {
		private := ed25519.NewKeyFromSeed(seed)
		public := private.Public().(ed25519.PublicKey)
		x := base64.RawURLEncoding.EncodeToString(public)
		sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + x + `"}`))
		id := base64.RawURLEncoding.EncodeToString(sum[:])
		header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","kid":"` + id + `","typ":"` + accessTokenType + `"}`))
		all = append(all, signingKey{private, public, header, jsonWebKey{"OKP", "Ed25519", x, id, "sig", "EdDSA"}})
	}
	return all, nil
}
