package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// A sealer makes the states of one tool, which clients can read but not change.
type sealer struct{ key [sha256.Size]byte }

func newSealer() *sealer {
	s := new(sealer)
	_, _ = rand.Read(s.key[:]) // never fails
	return s
}

func (s *sealer) seal(round int) string {
	return base64.RawURLEncoding.EncodeToString(s.mac(byte(round)))
}

// open returns the round of a state that seal has made.
func (s *sealer) open(state string) (round int, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil || len(raw) == 0 || !hmac.Equal(raw, s.mac(raw[0])) {
		return 0, false
	}
	return int(raw[0]), true
}

func (s *sealer) mac(round byte) []byte {
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write([]byte{round})
	return mac.Sum([]byte{round})
}
