package auth

import (
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/bounded"
)

// A verified is a token that was found good.
type verified struct {
	principal *Principal
	expires   time.Time
	keys      *keySource
	key       [32]byte // fingerprint of the key that signed it
	bytes     int64
	signed    string // the token up to its signature
}

// good reports whether the token still counts: neither it nor its key may have gone.
func (v *verified) good(now time.Time) bool {
	return now.Before(v.expires) && v.keys.has(v.key, time.Now())
}

// A tokenCache holds verified tokens; nil holds none. A token is found by the keyed hash of its signature and then
// compared to the last byte with what was signed: hashing all of it would take as long as the rest of a request.
// The signature is not kept, so what is in memory is no credential.
type tokenCache struct {
	hash    *bounded.Hash
	entries *bounded.Cache[*verified]
}

// newTokenCache returns nil if bytes is negative.
func newTokenCache(bytes int64) *tokenCache {
	if bytes < 0 {
		return nil
	}
	return &tokenCache{bounded.NewHash(), bounded.NewCache[*verified](bytes)}
}

// get returns the principal of a token that is in the cache and still counts, else nil.
func (c *tokenCache) get(token string, now time.Time) *Principal {
	signed, signature, ok := cutSignature(token)
	if c == nil || !ok {
		return nil
	}
	key := c.hash.Sum(signature)
	v, ok := c.entries.Get(key)
	if !ok || v.signed != signed {
		return nil
	}
	if !v.good(now) {
		c.entries.Drop(key)
		return nil
	}
	return v.principal
}

// put keeps a verified token.
func (c *tokenCache) put(token string, v *verified, now time.Time) {
	signed, signature, ok := cutSignature(token)
	if c == nil || !ok || !now.Before(v.expires) {
		return
	}
	v.signed = strings.Clone(signed) // not a part of the whole
	c.entries.Put(c.hash.Sum(signature), v, v.bytes+int64(len(signed)))
}

// cutSignature splits a compact JWS (RFC 7515 section 3.1) before its signature.
func cutSignature(token string) (signed, signature string, ok bool) {
	_, rest, _ := strings.Cut(token, ".")
	_, signature, ok = strings.Cut(rest, ".")
	return token[:len(token)-len(signature)], signature, ok
}
