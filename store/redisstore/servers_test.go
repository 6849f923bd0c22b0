package redisstore_test

import (
	"context"
	"crypto/rand"
	"os"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/redisstore"
	"github.com/org/zscalermcp/store/storetest"
)

// realServer names the variable with the address of a server that tests may use. They keep to keys below a prefix of their own.
const realServer = "REDISSTORE_TEST_URL"

// startMini starts a server in this process.
func startMini(t testing.TB) *miniredis.Miniredis {
	t.Helper()
	mini := miniredis.NewMiniRedis()
	if err := mini.StartAddr("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(mini.Close)
	return mini
}

// open opens a store on a server, with a prefix that no other has, and much patience: machines that run tests are busy.
func open(t testing.TB, url string, change ...func(*redisstore.Config)) *redisstore.Store {
	t.Helper()
	cfg := redisstore.Config{URL: redisstore.Secret(url), Prefix: "{test-" + rand.Text()[:12] + "}:", Timeout: time.Minute}
	for _, f := range change {
		f(&cfg)
	}
	s, err := redisstore.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if url == os.Getenv(realServer) {
		t.Cleanup(func() { sweep(t, url, cfg.Prefix) })
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return s
}

// sweep deletes what a test has left on a server that it does not own.
func sweep(t testing.TB, url, prefix string) {
	client := raw(t, url)
	ctx := context.Background() // that of the test has ended
	for keys := client.Scan(ctx, 0, prefix+"*", 1000).Iterator(); keys.Next(ctx); {
		client.Del(ctx, keys.Val())
	}
}

// raw is a client of the server without anything of ours.
func raw(t testing.TB, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// onServers runs a test on a server in this process, and on a real one where the environment names it.
func onServers(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) { test(t, "redis://"+startMini(t).Addr()) })
	t.Run("server", func(t *testing.T) { test(t, realURL(t)) })
}

func realURL(t testing.TB) string {
	t.Helper()
	url := os.Getenv(realServer)
	if url == "" {
		t.Skip(realServer + " names no server")
	}
	return url
}

// R143: the tests of every store, on a server whose clock stands still but for the steps of the test.
func TestStoreOnMiniredis(t *testing.T) {
	var mini *miniredis.Miniredis
	var now time.Time
	start := func(t *testing.T) store.Store {
		mini, now = startMini(t), time.Now()
		mini.SetTime(now)
		return open(t, "redis://"+mini.Addr())
	}
	storetest.TestStore(t, start, storetest.Advance(func(d time.Duration) {
		now = now.Add(d)
		mini.SetTime(now)
		mini.FastForward(d)
	}))
}

// R143: and on a real one.
func TestStoreOnAServer(t *testing.T) {
	url := realURL(t)
	storetest.TestStore(t, func(t *testing.T) store.Store { return open(t, url) }, storetest.Advance(time.Sleep))
}
