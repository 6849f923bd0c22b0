package store

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// minKeyBytes is the shortest master key: the strength of what is derived from it.
const minKeyBytes = 32

// A Keyring holds master keys, from which it derives a key for each purpose with HKDF-SHA256
// (RFC 5869). The first key seals and authenticates, all of them open. It is safe for concurrent
// use and never prints its keys. The zero Keyring holds no key; use [NewKeyring].
//
// Purposes are fixed words of the calling code, such as "confirmation"; never let a request choose one.
type Keyring struct {
	ring func() *ring // behind a func, which fmt cannot look into, whatever the verb
}

type ring struct {
	keys []masterKey

	mu    sync.RWMutex
	aeads map[aeadName]cipher.AEAD // derived keys, at most maxDerived
}

type masterKey struct {
	secret []byte
	id     [keyIDBytes]byte // public: tells which key sealed a token
	mac    []byte           // root of every MAC
}

// NewKeyring returns a ring of the given master keys, which it copies. The error names every key
// that is shorter than 32 bytes or repeats another, by its place and never by its content.
func NewKeyring(keys ...[]byte) (*Keyring, error) {
	if len(keys) == 0 {
		return nil, errors.New("store: a keyring needs at least one master key")
	}
	r := &ring{aeads: map[aeadName]cipher.AEAD{}}
	var mistakes []error
	for i, secret := range keys {
		if err := checkKey(secret, keys[:i]); err != nil {
			mistakes = append(mistakes, fmt.Errorf("store: master key %d %w", i+1, err))
			continue
		}
		key, err := newMasterKey(slices.Clone(secret))
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("store: master key %d: %w", i+1, err))
			continue
		}
		r.keys = append(r.keys, key)
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return &Keyring{ring: func() *ring { return r }}, nil
}

func checkKey(secret []byte, earlier [][]byte) error {
	if len(secret) < minKeyBytes {
		return fmt.Errorf("has %d bytes, but needs %d", len(secret), minKeyBytes)
	}
	for i, other := range earlier {
		if subtle.ConstantTimeCompare(secret, other) == 1 {
			return fmt.Errorf("repeats key %d", i+1)
		}
	}
	return nil
}

func newMasterKey(secret []byte) (masterKey, error) {
	k := masterKey{secret: secret}
	id, err := hkdf.Key(sha256.New, secret, nil, "zscalermcp key id v1", keyIDBytes)
	if err != nil {
		return k, err
	}
	copy(k.id[:], id)
	k.mac, err = hkdf.Key(sha256.New, secret, nil, "zscalermcp mac v1", sha256.Size)
	return k, err
}

// MAC returns the HMAC-SHA256 (RFC 2104) of parts under a key for purpose. Purpose and parts are
// each preceded by their length, so ("a", "bc") and ("ab", "c") differ. Compare it with
// [hmac.Equal]. It is made with the first key: after a rotation the same parts give another MAC.
// It panics on a zero Keyring, since any result would be a forgery.
func (k *Keyring) MAC(purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, k.ring().keys[0].mac)
	write := func(part []byte) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		h.Write(part)
	}
	write([]byte(purpose))
	for _, part := range parts {
		write(part)
	}
	return h.Sum(nil)
}

// Derive returns a key of size bytes (at most 255 times 32) for purpose from each master key, the first one first: HKDF-SHA256
// (RFC 5869). It is for keys of other kinds, such as those that sign. It panics on a zero Keyring.
func (k *Keyring) Derive(purpose string, size int) ([][]byte, error) {
	var derived [][]byte
	for _, master := range k.ring().keys {
		key, err := hkdf.Key(sha256.New, master.secret, nil, "zscalermcp derive v1 "+purpose, size)
		if err != nil {
			return nil, fmt.Errorf("store: derive key: %w", err)
		}
		derived = append(derived, key)
	}
	return derived, nil
}
