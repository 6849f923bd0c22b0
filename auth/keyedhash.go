package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"hash"
	"sync"
)

// A keyedHash is HMAC-SHA-256 (RFC 2104) with a key of this process, for the keys of caches of secrets: what is in memory does not
// tell them, and nobody can aim at a place in the cache.
type keyedHash struct{ pool sync.Pool }

func newKeyedHash() *keyedHash {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	h := &keyedHash{}
	h.pool.New = func() any { return &hasher{mac: hmac.New(sha256.New, key)} }
	return h
}

type hasher struct {
	mac hash.Hash
	buf []byte
}

// sum hashes the parts, each behind its length.
func (h *keyedHash) sum(parts ...string) (digest cacheKey) {
	worker := h.pool.Get().(*hasher)
	defer h.pool.Put(worker)
	worker.buf = worker.buf[:0]
	for _, part := range parts {
		n := uint32(len(part)) // credentials are bounded
		worker.buf = append(worker.buf, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
		worker.buf = append(worker.buf, part...)
	}
	worker.mac.Reset()
	_, _ = worker.mac.Write(worker.buf)
	clear(worker.buf)
	worker.buf = worker.mac.Sum(worker.buf[:0])
	copy(digest[:], worker.buf)
	return digest
}
