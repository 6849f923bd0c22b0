package oidcproxy

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
)

// A handle is what a client holds of a grant: a code or a refresh token. Outside it is sealed, so that made-up ones cost no look-up; in the store there
// is only the hash of its secret, so that the store makes no handle.
type handle struct {
	grant      string // id of the grant
	generation uint32
	secret     [32]byte
}

// Kinds of handles, which are their prefixes too.
const (
	codeHandle    = "mcpa_"
	refreshHandle = "mcpr_"
	maxHandle     = 256 // characters
)

func newHandle(grant string, generation uint32) handle {
	h := handle{grant: grant, generation: generation}
	_, _ = rand.Read(h.secret[:]) // never fails
	return h
}

func newGrantID() string {
	var id [grantIDBytes]byte
	_, _ = rand.Read(id[:]) // never fails
	return string(id[:])
}

func (h handle) hash() []byte {
	sum := sha256.Sum256(h.secret[:])
	return sum[:]
}

// sealHandle makes the text of a handle.
func (p *Provider) sealHandle(kind string, h handle) (string, error) {
	plain := binary.BigEndian.AppendUint32([]byte(h.grant), h.generation)
	text, err := p.keys.Seal("oidcproxy handle "+kind, append(plain, h.secret[:]...), []byte(p.aad(kind)))
	return kind + text, err
}

// openHandle reads the text of a handle of this kind, and no other.
func (p *Provider) openHandle(kind, text string) (handle, bool) {
	var h handle
	sealed, ok := strings.CutPrefix(text, kind)
	if !ok || len(text) > maxHandle {
		return h, false
	}
	plain, err := p.keys.Open("oidcproxy handle "+kind, sealed, []byte(p.aad(kind)))
	if err != nil || len(plain) != grantIDBytes+4+len(h.secret) {
		return h, false
	}
	h.grant, h.generation = string(plain[:grantIDBytes]), binary.BigEndian.Uint32(plain[grantIDBytes:])
	copy(h.secret[:], plain[grantIDBytes+4:])
	return h, true
}

// sealSuccessor hides the text of the next refresh token under a key that only this one gives (R106).
func (h handle) sealSuccessor(text string) ([]byte, error) {
	aead, err := h.successorKey()
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, []byte(text), []byte(h.grant)), nil
}

func (h handle) openSuccessor(sealed []byte) (string, error) {
	aead, err := h.successorKey()
	if err != nil {
		return "", err
	}
	text, err := aead.Open(nil, nil, sealed, []byte(h.grant))
	if err != nil {
		return "", errors.New("the token is not the one that was retired")
	}
	return string(text), nil
}

func (h handle) successorKey() (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, h.secret[:], nil, "zscalermcp oidcproxy refresh successor v1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
