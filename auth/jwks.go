package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/MicahParks/jwkset"
)

const (
	maxKeys    = 100  // in a key set (R129)
	minRSABits = 2048 // R125
	maxRSABits = 8192 // a signature of 80,000 takes seconds to judge, and strangers publish keys of clients
)

// A keySet is one state of an issuer's keys. It is never modified.
type keySet struct {
	all    []*verificationKey
	prints map[[sha256.Size]byte]bool // of all, to tell whether a key is still there
}

// A verificationKey is a public key with what identifies it.
type verificationKey struct {
	jwk     jwkset.JWK
	id, alg string // as the set says them
	issuer  string // for whom it may sign, where the set says it
	print   [sha256.Size]byte
}

// parseKeySet reads a JSON Web Key Set (RFC 7517 section 5). Members that are no keys to verify signatures with here are left out, as
// section 5 asks for: other types, RSA keys that are too short, those for encryption. It is an error if none is left, or if
// two share an id and an algorithm (section 4.5).
func parseKeySet(data []byte) (*keySet, error) {
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, errors.New("is no JSON Web Key Set")
	}
	if len(document.Keys) > maxKeys {
		return nil, fmt.Errorf("has more than %d keys", maxKeys)
	}
	set := newKeySet()
	for _, raw := range document.Keys {
		var member keyMember
		if json.Unmarshal(raw, &member) != nil {
			continue
		}
		if jwk, ok := publicJWK(member.JWKMarshal); ok {
			if err := set.add(jwk, member.Issuer); err != nil {
				return nil, err
			}
		}
	}
	if len(set.all) == 0 {
		return nil, errors.New("is no JSON Web Key Set with a key that can verify signatures (a discovery document is none: its jwks_uri has the address)")
	}
	return set, nil
}

// A keyMember is a member of a set; issuer is a word of Microsoft Entra's.
type keyMember struct {
	jwkset.JWKMarshal
	Issuer string `json:"issuer"`
}

func newKeySet() *keySet { return &keySet{prints: map[[sha256.Size]byte]bool{}} }

// add takes a key up, once.
func (s *keySet) add(jwk jwkset.JWK, issuer string) error {
	told := jwk.Marshal()
	key := &verificationKey{jwk: jwk, id: told.KID, alg: told.ALG.String(), issuer: issuer, print: fingerprint(jwk, issuer)}
	if s.prints[key.print] {
		return nil
	}
	for _, alg := range asymmetric {
		if _, twice := s.withID(key.id, alg); twice && key.fits(alg) {
			return errors.New("has two keys of one id and algorithm")
		}
	}
	s.all = append(s.all, key)
	s.prints[key.print] = true
	return nil
}

// fits reports whether the key is for alg.
func (k *verificationKey) fits(alg string) bool {
	return fitsAlgorithm(k.jwk.Key(), alg) && (k.alg == "" || k.alg == alg)
}

// publicJWK returns the public key of a member of a set, if it is one for signatures.
func publicJWK(member jwkset.JWKMarshal) (jwkset.JWK, bool) {
	if member.USE != "" && member.USE != jwkset.UseSig ||
		len(member.KEYOPS) > 0 && !slices.Contains(member.KEYOPS, jwkset.KeyOpsVerify) {
		return jwkset.JWK{}, false
	}
	// Certificates decide nothing here, and x5u would be fetched.
	member.X5U, member.X5C, member.X5T, member.X5TS256, member.KEYOPS = "", nil, "", "", nil
	key, err := jwkset.NewJWKFromMarshal(member, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{SkipKeyOps: true})
	if err != nil || !isStrong(key.Key()) {
		return jwkset.JWK{}, false
	}
	return key, true
}

// isStrong reports whether key is a public key of a type and size that we take.
func isStrong(key any) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() >= minRSABits && key.N.BitLen() <= maxRSABits
	case *ecdsa.PublicKey:
		bits := key.Curve.Params().BitSize
		return bits == 256 || bits == 384 || bits == 521
	case ed25519.PublicKey:
		return true
	}
	return false
}

// fitsAlgorithm reports whether key is of the type that alg (RFC 7518 section 3.1, RFC 8037) is for. golang-jwt checks the type of
// the key, but not its curve.
func fitsAlgorithm(key any, alg string) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return alg[0] == 'R' || alg[0] == 'P'
	case *ecdsa.PublicKey:
		return alg == map[int]string{256: "ES256", 384: "ES384", 521: "ES512"}[key.Curve.Params().BitSize]
	case ed25519.PublicKey:
		return alg == "EdDSA"
	case []byte:
		return alg[0] == 'H'
	}
	return false
}

// fingerprint identifies a key with its id, algorithm and issuer: the same key under another id is another one.
func fingerprint(key jwkset.JWK, issuer string) [sha256.Size]byte {
	text, _ := json.Marshal(keyMember{key.Marshal(), issuer}) // strings only
	return sha256.Sum256(text)
}

// withID returns the key of the set with this id that fits alg. Keys without an id are not meant by an empty one.
func (s *keySet) withID(id, alg string) (*verificationKey, bool) {
	for _, key := range s.all {
		if id != "" && key.id == id && key.fits(alg) {
			return key, true
		}
	}
	return nil, false
}

// only returns the one key of the set that fits alg, for tokens without kid.
func (s *keySet) only(alg string) (*verificationKey, bool) {
	var only *verificationKey
	for _, key := range s.all {
		if key.fits(alg) {
			if only != nil {
				return nil, false
			}
			only = key
		}
	}
	return only, only != nil
}
