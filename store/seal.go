package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// ErrSeal is the one error of [Keyring.Open], whatever is wrong with the token.
var ErrSeal = errors.New("store: the value was not sealed by this keyring for this purpose, or has been changed")

// A token is the base64url text of: version, key id, nonce, ciphertext and tag.
const (
	sealVersion = 1
	keyIDBytes  = 8
	headerBytes = 1 + keyIDBytes
	maxToken    = 16 << 10 // characters
	maxSealed   = 64 << 10 // bytes
	maxDerived  = 64       // purposes times keys; there are few purposes, and they are not the request's to choose
)

// Strict, and with \r and \n refused below: a token has one spelling, so that a mark on the spent
// token cannot be evaded by respelling it.
var tokenEncoding = base64.RawURLEncoding.Strict()

type aeadName struct {
	key     int
	purpose string
}

// Seal encrypts plaintext with AES-256-GCM and a random nonce, and binds it to purpose and to aad,
// which [Keyring.Open] must be given again. The token is URL-safe text, about 4/3 of the plaintext
// plus 50 characters. A plaintext whose token would be longer than 16 KiB is refused. One master key
// may seal 2^32 values per purpose (NIST SP 800-38D section 8.3).
func (k *Keyring) Seal(purpose string, plaintext, aad []byte) (string, error) {
	sealed, err := k.SealBytes(purpose, plaintext, aad)
	if err != nil {
		return "", err
	}
	if tokenEncoding.EncodedLen(len(sealed)) > maxToken {
		return "", errTooLong(plaintext)
	}
	return tokenEncoding.EncodeToString(sealed), nil
}

func errTooLong(plaintext []byte) error {
	return fmt.Errorf("store: a value of %d bytes is too long to seal", len(plaintext))
}

// SealBytes is [Keyring.Seal] for values of a store: the bytes that the token is the text of, at most 64 KiB.
func (k *Keyring) SealBytes(purpose string, plaintext, aad []byte) ([]byte, error) {
	if k == nil || k.ring == nil {
		return nil, errors.New("store: the keyring has no key: make it with NewKeyring")
	}
	r := k.ring()
	aead, err := r.aead(0, purpose)
	if err != nil {
		return nil, err
	}
	size := headerBytes + aead.Overhead() + len(plaintext)
	if size > maxSealed {
		return nil, errTooLong(plaintext)
	}
	sealed := make([]byte, headerBytes, size)
	sealed[0] = sealVersion
	copy(sealed[1:], r.keys[0].id[:])
	return aead.Seal(sealed, nil, plaintext, additional(sealed, aad)), nil
}

// Open returns the plaintext of a token that [Keyring.Seal] made with any key of the ring, the same
// purpose and the same aad. Everything else is [ErrSeal]. Tokens may come from anyone.
func (k *Keyring) Open(purpose, token string, aad []byte) ([]byte, error) {
	if len(token) > maxToken || strings.ContainsAny(token, "\r\n") {
		return nil, ErrSeal
	}
	sealed, err := tokenEncoding.DecodeString(token)
	if err != nil {
		return nil, ErrSeal
	}
	return k.OpenBytes(purpose, sealed, aad)
}

// OpenBytes is [Keyring.Open] for what [Keyring.SealBytes] made.
func (k *Keyring) OpenBytes(purpose string, sealed, aad []byte) ([]byte, error) {
	if k == nil || k.ring == nil || len(sealed) < headerBytes || sealed[0] != sealVersion {
		return nil, ErrSeal
	}
	r := k.ring()
	header, body := sealed[:headerBytes], sealed[headerBytes:]
	for i := range r.keys {
		if string(header[1:]) != string(r.keys[i].id[:]) {
			continue
		}
		aead, err := r.aead(i, purpose)
		if err != nil {
			return nil, ErrSeal
		}
		if plaintext, err := aead.Open(nil, nil, body, additional(header, aad)); err == nil {
			return plaintext, nil
		}
	}
	return nil, ErrSeal
}

// additional is what the tag covers beside the ciphertext. The header's length is fixed, so no two
// pairs of header and aad give the same bytes.
func additional(header, aad []byte) []byte {
	joined := make([]byte, 0, headerBytes+len(aad))
	return append(append(joined, header...), aad...)
}

// aead returns the cipher of the key'th master key for purpose.
func (r *ring) aead(key int, purpose string) (cipher.AEAD, error) {
	name := aeadName{key, purpose}
	r.mu.RLock()
	aead := r.aeads[name]
	r.mu.RUnlock()
	if aead != nil {
		return aead, nil
	}
	aead, err := newAEAD(r.keys[key].secret, purpose)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.aeads) < maxDerived {
		r.aeads[name] = aead
	}
	return aead, nil
}

func newAEAD(secret []byte, purpose string) (cipher.AEAD, error) {
	derived, err := hkdf.Key(sha256.New, secret, nil, "zscalermcp seal v1 "+purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("store: derive sealing key: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, fmt.Errorf("store: sealing cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
