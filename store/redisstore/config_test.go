package redisstore_test

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/org/zscalermcp/store/redisstore"
)

// Mistakes: by field, all at once, and nothing of the password.
func TestConfigMistakes(t *testing.T) {
	var none *redis.Client
	cluster := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"127.0.0.1:1"}})
	defer func() { _ = cluster.Close() }()
	for name, cfg := range map[string]redisstore.Config{
		"URL is empty":                    {},
		"URL begins with another scheme":  {URL: "http://a-password@host"},
		"URL begins with another scheme2": {URL: "host:6379"},
		"URL is malformed":                {URL: "redis://user:a-password%@host"},
		"URL is malformed2":               {URL: "redis://user:a-password/1@host"},
		"URL has a query or a fragment":   {URL: "redis://user:x@host/0?a-password"},
		"URL has a query or a fragment2":  {URL: "redis://host/0#a-password"},
		"URL has a query or a fragment3":  {URL: "unix:///run/redis.sock?password=a-password"},
		"URL has no host":                 {URL: "redis://:6379"},
		"URL has a port":                  {URL: "redis://host:70000"},
		"URL has a port2":                 {URL: "redis://host:0"},
		"URL has a path that is no":       {URL: "redis://host/a-password"},
		"URL has a path that is no2":      {URL: "redis://host/0/1"},
		"URL has a path that is no3":      {URL: "redis://host/-1"},
		"URL has a user without":          {URL: "redis://a-password@host"},
		"URL has a user without2":         {URL: "redis://user:@host"},
		"URL has no absolute path":        {URL: "unix://run/redis.sock"},
		"TLS is given":                    {URL: "redis://host", TLS: &tls.Config{MinVersion: tls.VersionTLS13}},
		"Timeout is negative":             {URL: "redis://host", Timeout: -1},
		"Prefix has 65 bytes":             {URL: "redis://host", Prefix: strings.Repeat("p", 65)},
		"Client is a nil pointer":         {Client: none},
		"Client is given, and URL":        {Client: cluster, URL: "redis://host"},
		`Prefix is "zscalermcp:"`:         {Client: cluster, Prefix: "zscalermcp:"},
		`Prefix is "{}zscalermcp:"`:       {Client: cluster, Prefix: "{}zscalermcp:"},
	} {
		cfg.Lazy = true
		_, err := redisstore.New(t.Context(), cfg)
		var mistake *redisstore.ConfigError
		if !errors.As(err, &mistake) || !strings.Contains(err.Error(), "redisstore.Config."+strings.TrimRight(name, "23")) || strings.Contains(err.Error(), "a-password") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := redisstore.New(t.Context(), redisstore.Config{URL: "redis://:0/x", Timeout: -1, Prefix: strings.Repeat("p", 65)})
	if err == nil || strings.Count(err.Error(), "redisstore.Config.") != 5 {
		t.Errorf("not all at once: %v", err)
	}
}

// Lawful neighbours of the mistakes. Nobody is asked.
func TestLazyStores(t *testing.T) {
	for url, label := range map[redisstore.Secret]string{
		"redis://host":                                 "redis://host:6379/0",
		"redis://:" + escaped + "@host:7/3":            "redis://host:7/3",
		"rediss://zscalermcp:" + escaped + "@[::1]/":   "rediss://zscalermcp@[::1]:6379/0",
		"unix:///run/redis.sock":                       "unix:///run/redis.sock",
		"unix://:" + escaped + "@/run/redis.sock?db=2": "unix:///run/redis.sock",
	} {
		s, err := redisstore.New(t.Context(), redisstore.Config{URL: url, Lazy: true})
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		if got := s.String(); got != label+", prefix {zscalermcp}:" {
			t.Errorf("%s, want %s", got, label)
		}
		if d := time.Since(s.Now()); d < -time.Minute || d > time.Minute {
			t.Errorf("before the first answer the time is off by %s", d)
		}
		_ = s.Close()
	}
}

// R152: whatever prints a store or its configuration shows no password.
func TestNothingPrintsThePassword(t *testing.T) {
	cfg := redisstore.Config{URL: "redis://user:" + escaped + "@host", Lazy: true}
	s, err := redisstore.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	var log strings.Builder
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("x", "store", s, "config", cfg, "url", cfg.URL)
	}
	text, err := json.Marshal(map[string]any{"url": cfg.URL, "store": s})
	if err != nil {
		t.Fatal(err)
	}
	all := log.String() + string(text)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all += fmt.Sprintf(verb+verb+verb, s, cfg, cfg.URL)
	}
	if strings.Contains(all, "a-password") || strings.Contains(all, fmt.Sprintf("%x", "a-password")) {
		t.Error(all)
	}
	if !strings.Contains(all, "redis://user@host:6379/0") {
		t.Errorf("no address: %s", all)
	}
}

func TestUnixSocket(t *testing.T) {
	url := realURL(t)
	path, err := raw(t, url).ConfigGet(t.Context(), "unixsocket").Result()
	if err != nil || path["unixsocket"] == "" {
		t.Skip("the server has no socket in the file system")
	}
	s := open(t, "unix://"+path["unixsocket"])
	mustCreate(t, s, "k")
	if err := s.Delete(t.Context(), "k"); err != nil {
		t.Error(err)
	}
}

// A client of the host's own is used as it is, and stays open.
func TestClientOfTheHost(t *testing.T) {
	mini := startMini(t)
	host := redis.NewClient(&redis.Options{Addr: mini.Addr()})
	defer func() { _ = host.Close() }()
	s, err := redisstore.New(t.Context(), redisstore.Config{Client: host, Prefix: "mine:"})
	if err != nil {
		t.Fatal(err)
	}
	mustCreate(t, s, "k", "a")
	if got := fmt.Sprint(mini.Keys()); got != "[mine:i:a mine:k:k]" && !strings.Contains(got, "mine:k:k") {
		t.Error(got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := host.Ping(t.Context()).Err(); err != nil {
		t.Errorf("the host's client is closed: %v", err)
	}
}

// Two prefixes on one server are two stores.
func TestPrefixesAreApart(t *testing.T) {
	onServers(t, func(t *testing.T, url string) {
		one, other := open(t, url), open(t, url)
		mustCreate(t, one, "k", "a")
		mustCreate(t, other, "k", "a")
		if n, err := one.DeleteIndex(t.Context(), "a"); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if got, err := other.Get(t.Context(), "k"); err != nil || string(got) != "v" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// All keys begin with the prefix, whose hash tag is that of all of them, whatever braces are in the rest.
func TestKeysAreInOneSlot(t *testing.T) {
	mini := miniredis.RunT(t)
	s := open(t, "redis://"+mini.Addr(), func(c *redisstore.Config) { c.Prefix = "" })
	mustCreate(t, s, "{a}k", "{b}i")
	if _, err := s.Limiter().Take(t.Context(), "{c}l", 1, 2); err != nil {
		t.Fatal(err)
	}
	for _, key := range mini.Keys() {
		if !strings.HasPrefix(key, "{zscalermcp}:") {
			t.Errorf("key %q", key)
		}
	}
}
