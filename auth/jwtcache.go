package auth

import (
	"time"
)

// A verified is a token that was found good.
type verified struct {
	principal *Principal
	expires   time.Time
	keys      *keySource
	key       cacheKey // fingerprint of the key that signed it
	bytes     int64
}

// good reports whether the token still counts: neither it nor its key may have gone.
func (v *verified) good(now time.Time) bool { return now.Before(v.expires) && v.keys.has(v.key, now) }

// A tokenCache holds verified tokens; nil holds none.
type tokenCache struct {
	hash    *keyedHash
	entries *boundedCache[*verified]
}

// newTokenCache returns nil if bytes is negative.
func newTokenCache(bytes int64) *tokenCache {
	if bytes < 0 {
		return nil
	}
	return &tokenCache{newKeyedHash(), newBoundedCache[*verified](bytes)}
}

// get returns the principal of a token that is in the cache and still counts, else nil.
func (c *tokenCache) get(token string) *Principal {
	if c == nil {
		return nil
	}
	key := c.hash.sum(token)
	v, ok := c.entries.get(key)
	if !ok {
		return nil
	}
	if !v.good(time.Now()) {
		c.entries.drop(key)
		return nil
	}
	return v.principal
}

// put keeps a verified token.
func (c *tokenCache) put(token string, v *verified) {
	if c != nil && time.Now().Before(v.expires) {
		c.entries.put(c.hash.sum(token), v, v.bytes)
	}
}
