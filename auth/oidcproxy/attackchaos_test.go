package oidcproxy_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store/redisstore"
)

// cutter passes bytes on, and ends some connections in place of an answer.
func cutter(t *testing.T, to string, oneIn *atomic.Int64, cuts *atomic.Int64) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("tcp", to)
			if err != nil {
				_ = c.Close()
				continue
			}
			go func() { _, _ = io.Copy(s, c); _ = s.Close() }()
			go func() {
				defer c.Close()
				defer s.Close()
				buf := make([]byte, 64<<10)
				for {
					n, err := s.Read(buf)
					if err != nil {
						return
					}
					if k := oneIn.Load(); k > 0 && rand.Int64N(k) == 0 {
						cuts.Add(1)
						return
					}
					if _, err := c.Write(buf[:n]); err != nil {
						return
					}
				}
			}()
		}
	}()
	return ln.Addr().String()
}

// D66, R104, R109, D88: three replicas, answers of the store that are lost now and then, processes of one client that share a token and try again after 503:
// nobody is signed out, and the provider of identity is never asked with a token twice.
func TestAttackChaos(t *testing.T) {
	address := os.Getenv("ATTACK_REDIS")
	if address == "" {
		address = miniredis.RunT(t).Addr()
	}
	var oneIn, cuts atomic.Int64
	at := cutter(t, address, &oneIn, &cuts)
	configure := func(c *oidcproxy.Config) {
		shared, err := redisstore.New(t.Context(), redisstore.Config{URL: redisstore.Secret("redis://" + at), Lazy: true, Prefix: fmt.Sprintf("{%s%d}:", t.Name(), os.Getpid())})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = shared.Close() })
		c.Store, c.Limiter, c.Limits.StatusCache = shared, shared.Limiter(), -1
		c.RateLimits = oidcproxy.RateLimits{Register: oidcproxy.Rate{PerSecond: -1}, Authorize: oidcproxy.Rate{PerSecond: -1}, Consent: oidcproxy.Rate{PerSecond: -1}, Callback: oidcproxy.Rate{PerSecond: -1}, Token: oidcproxy.Rate{PerSecond: 1e5, Burst: 1e5}}
	}
	rg := newRig(t, configure)
	handlers := []http.Handler{rg.handler, rg.mount(rg.provider(configure)), rg.mount(rg.provider(configure))}
	const families, processes, rounds = 6, 3, 12
	fs := make([]family, families)
	for i := range fs {
		fs[i] = rg.signInAs(fmt.Sprint("u", i), rg.client())
	}
	oneIn.Store(12)
	var all sync.WaitGroup
	var wrong, fine, temporary atomic.Int64
	deadline := time.Now().Add(25 * time.Second)
	for i := range fs {
		all.Go(func() {
			token := fs[i].refresh
			for round := 0; round < rounds && time.Now().Before(deadline); round++ {
				got := make([]string, processes)
				var procs sync.WaitGroup
				for k := range processes {
					procs.Go(func() {
						for time.Now().Before(deadline) {
							a := serveOn(t, handlers[rand.IntN(3)], "/token", refreshing(fs[i].client, token))
							switch {
							case a.StatusCode == http.StatusOK:
								fine.Add(1)
								got[k] = a.json(t)["refresh_token"].(string)
								return
							case a.StatusCode == http.StatusServiceUnavailable:
								temporary.Add(1)
							default:
								wrong.Add(1)
								t.Errorf("family %d round %d: %d %s", i, round, a.StatusCode, a.body)
								return
							}
							time.Sleep(50 * time.Millisecond)
						}
					})
				}
				procs.Wait()
				for _, g := range got {
					if g != "" {
						token = g
					}
				}
			}
		})
	}
	all.Wait()
	t.Logf("fine %d, temporary %d, wrong %d, cuts %d", fine.Load(), temporary.Load(), wrong.Load(), cuts.Load())
	if wrong.Load() > 0 {
		for line := range strings.Lines(rg.logged()) {
			if strings.Contains(line, "grant_ended") || strings.Contains(line, "reused") || strings.Contains(line, "invalid_grant") {
				t.Log(line)
			}
		}
	}
	oneIn.Store(0)
}
