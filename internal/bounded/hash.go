package bounded

import (
	"crypto/rand"
	"crypto/sha256"
)

// A Hash is SHA-256 behind a key of this process, for the keys of caches of secrets: what is in memory does not tell them, and
// nobody can aim at a place in the cache. Each part goes behind its length, so that no input is the beginning of another of as many
// parts; on such inputs the hash behind a key is as good as HMAC (Bellare, Canetti, Krawczyk: the cascade construction), and takes half
// the time.
type Hash struct{ key [sha256.Size]byte }

func NewHash() *Hash {
	h := &Hash{}
	_, _ = rand.Read(h.key[:]) // never fails
	return h
}

// sum hashes the parts.
func (h *Hash) Sum(parts ...string) Key {
	var stack [512]byte
	buf := append(stack[:0], h.key[:]...)
	for _, part := range parts {
		n := uint32(len(part)) // credentials are bounded
		buf = append(buf, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
		buf = append(buf, part...)
	}
	digest := sha256.Sum256(buf)
	clear(buf)
	return digest
}
