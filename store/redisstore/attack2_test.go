package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/redisstore"
)

// A server that is killed among calls and started again with its log: what was taken is not there again, what is there was not lost, no false answer.
func TestAttackServerKilled(t *testing.T) {
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip(err)
	}
	ln, _ := net.Listen("tcp", "127.0.0.1:0")
	port := fmt.Sprint(ln.Addr().(*net.TCPAddr).Port)
	_ = ln.Close()
	dir := t.TempDir()
	start := func() *exec.Cmd {
		cmd := exec.Command(binary, "--port", port, "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--dir", dir, "--bind", "127.0.0.1")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for range 200 {
			if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
				_ = c.Close()
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		return cmd
	}
	server := start()
	s, err := redisstore.New(t.Context(), redisstore.Config{URL: redisstore.Secret("redis://127.0.0.1:" + port), Timeout: time.Second, Lazy: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	deadline := time.Now().Add(4 * time.Second)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := 0; time.Now().Before(deadline); i++ {
				key := fmt.Sprint(w, "-", i)
				err := s.Create(ctx, key, []byte("v"), time.Hour, "a")
				if errors.Is(err, store.ErrExists) {
					t.Errorf("%s: a false ErrExists", key)
				}
				if err != nil {
					time.Sleep(5 * time.Millisecond)
					continue
				}
				v, err := s.Take(ctx, key)
				if errors.Is(err, store.ErrNotFound) {
					t.Errorf("%s: a false ErrNotFound", key)
				}
				if err != nil {
					continue
				}
				if _, err = s.Take(ctx, key); err == nil || string(v) != "v" {
					t.Errorf("%s: taken twice", key)
				}
			}
		})
	}
	for range 3 {
		time.Sleep(900 * time.Millisecond)
		_ = server.Process.Kill()
		_ = server.Wait()
		server = start()
	}
	all.Wait()
	if _, err := s.DeleteIndex(ctx, "a"); err != nil {
		t.Error(err)
	}
	if left, err := s.List(ctx, "a"); err != nil || len(left) != 0 {
		t.Errorf("%q %v", left, err)
	}
	client := raw(t, "redis://127.0.0.1:"+port)
	if keys := client.Keys(ctx, "*").Val(); len(keys) > 0 {
		t.Errorf("left %q", keys)
	}
	_ = server.Process.Kill()
	_ = server.Wait()
	_ = s.Close()
}

// A flood of sources: what the buckets take in the server, and that they go.
func TestAttackFlood(t *testing.T) {
	url := realURL(t)
	s := open(t, url)
	client := raw(t, url)
	ctx := t.Context()
	used := func() (n int) {
		for line := range strings.Lines(client.Info(ctx, "memory").Val()) {
			if v, ok := strings.CutPrefix(line, "used_memory:"); ok {
				_, _ = fmt.Sscan(v, &n)
			}
		}
		return n
	}
	before := used()
	const n = 20000
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := range n / 8 {
				if _, err := s.Limiter().Take(ctx, fmt.Sprintf("%016x%016x", w, i), 0.2, 10); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d bytes a source", (used()-before)/n)
	time.Sleep(8 * time.Second)
	if left := client.DBSize(ctx).Val(); left > 2000 {
		t.Errorf("%d left", left)
	}
}
