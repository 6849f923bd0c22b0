package auth_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/internal/bubble"
)

// A token is not in the cache for longer than it is good.
func TestCachedTokenExpires(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		j := newJWT(t, jwtConfig(idp))
		token := mint(idp, map[string]any{"exp": time.Now().Add(10 * time.Minute).Unix()})
		for _, step := range []struct {
			wait time.Duration
			want int
		}{{0, 200}, {9 * time.Minute, 200}, {time.Minute + 59*time.Second, 200}, {2 * time.Second, 401}} {
			time.Sleep(step.wait)
			if got := statusOf(t, j, token); got != step.want {
				t.Errorf("after another %s: status %d, want %d", step.wait, got, step.want)
			}
		}
	})
}

// A token is not in the cache for longer than MaxAge lets it be good, and streams end by then.
func TestCachedTokenObeysMaxAge(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := jwtConfig(idp)
		cfg.MaxAge, cfg.Leeway = 10*time.Minute, -1
		j := newJWT(t, cfg)
		began := time.Now()
		token := mint(idp, nil)
		p, err := j.Authenticate(bearing(token))
		if err != nil || !p.Expires.Equal(began.Truncate(time.Second).Add(10*time.Minute)) {
			t.Fatalf("expires %v, %v", p, err)
		}
		time.Sleep(9 * time.Minute)
		if got := statusOf(t, j, token); got != http.StatusOK {
			t.Errorf("after 9 minutes: status %d", got)
		}
		time.Sleep(61 * time.Second)
		if got := statusOf(t, j, token); got != http.StatusUnauthorized {
			t.Errorf("after 10 minutes: status %d", got)
		}
	})
}

// R125, D85: what is in the cache is one exact token; a change of one character is another token.
func TestCacheHoldsExactTokens(t *testing.T) {
	idp := newIDP(t, "ES256")
	j := newJWT(t, jwtConfig(idp))
	token := mint(idp, nil)
	if got := statusOf(t, j, token); got != http.StatusOK {
		t.Fatalf("status %d", got)
	}
	for i := 0; i < len(token)-1; i += 7 { // the last character has bits that mean nothing
		if token[i] == '.' {
			continue
		}
		other := byte('A')
		if token[i] == other {
			other = 'B'
		}
		if got := statusOf(t, j, token[:i]+string(other)+token[i+1:]); got != http.StatusUnauthorized {
			t.Errorf("character %d changed: status %d", i, got)
		}
	}
}

// The cache is bounded in bytes, by what the heap says, and callers beyond it are verified anew.
func TestCacheIsBoundedInBytes(t *testing.T) {
	idp := authtest.NewProvider(authtest.Options{Algorithm: "EdDSA", BaseURL: idpURL})
	cfg := jwtConfig(idp)
	cfg.Algorithms, cfg.CacheBytes = []string{"EdDSA"}, 1<<20
	j := newJWT(t, cfg)
	tokens := make([]string, 3000)
	for i := range tokens {
		tokens[i] = mint(idp, map[string]any{"sub": fmt.Sprint("user-", i), "pad": strings.Repeat("x", 1000)})
	}
	before := heap()
	for _, token := range tokens {
		if got := statusOf(t, j, token); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
	}
	if grown := heap() - before; grown > 2<<20 {
		t.Errorf("a cache of 1 MiB holds %d bytes", grown)
	}
	runtime.KeepAlive(j)
	runtime.KeepAlive(tokens)
	if got := statusOf(t, j, tokens[0]); got != http.StatusOK {
		t.Errorf("a token that the cache has dropped: status %d", got)
	}
}

// 10 000 callers with claims of 600 bytes cost at most 4 KiB each.
func TestCachedCallersAreSmall(t *testing.T) {
	idp := authtest.NewProvider(authtest.Options{Algorithm: "EdDSA", BaseURL: idpURL})
	cfg := jwtConfig(idp)
	cfg.Algorithms = []string{"EdDSA"}
	j := newJWT(t, cfg)
	const callers = 10_000
	tokens := make([]string, callers)
	for i := range tokens {
		tokens[i] = mint(idp, map[string]any{"sub": fmt.Sprintf("user-%05d", i), "client_id": "app", "scope": "zscaler:read", "pad": strings.Repeat("x", 350)})
	}
	before := heap()
	for _, token := range tokens {
		if _, err := j.Authenticate(bearing(token)); err != nil {
			t.Fatal(err)
		}
	}
	if each := (heap() - before) / callers; each > 4<<10 {
		t.Errorf("%d bytes a caller", each)
	} else {
		t.Logf("%d bytes a caller", each)
	}
	runtime.KeepAlive(j)
	runtime.KeepAlive(tokens)
}

// heap is the live heap in bytes.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Principals never mix up, in the cache or out of it.
func TestConcurrentCallersGetTheirOwnPrincipal(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.CacheBytes = 8 << 10 // so that entries come and go
	j := newJWT(t, cfg)
	var all sync.WaitGroup
	for i := range 8 {
		token, name := mint(idp, map[string]any{"sub": fmt.Sprint("user-", i)}), fmt.Sprint("user-", i)
		all.Go(func() {
			for range 50 {
				p, err := j.Authenticate(bearing(token))
				if err != nil || p.Subject != name {
					t.Errorf("%v, %v; want %s", p, err, name)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestNoCache(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.CacheBytes = -1
	j := newJWT(t, cfg)
	token := mint(idp, nil)
	a, errA := j.Authenticate(bearing(token))
	b, errB := j.Authenticate(bearing(token))
	if errA != nil || errB != nil || a == b {
		t.Errorf("%p %v, %p %v", a, errA, b, errB)
	}
	var _ auth.Authenticator = j
}
