package redisstore_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"

	"github.com/org/zscalermcp/store/redisstore"
)

const password = "a-password/with:odd@characters?#%"

// escaped is the password as a URL has it.
const escaped = "a-password%2Fwith%3Aodd%40characters%3F%23%25"

// wantRefusal checks what New says.
func wantRefusal(t *testing.T, what string, cfg redisstore.Config, passing bool, words ...string) {
	t.Helper()
	if cfg.Timeout == 0 {
		cfg.Timeout = 2 * time.Second
	}
	s, err := redisstore.New(t.Context(), cfg)
	if err == nil {
		_ = s.Close()
		t.Errorf("%s: no error", what)
		return
	}
	if errors.Is(err, redisstore.ErrUnavailable) != passing {
		t.Errorf("%s: passing is %t: %v", what, !passing, err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v does not say %q", what, err, word)
		}
	}
	if strings.Contains(err.Error(), "a-password") {
		t.Errorf("%s: %v shows the password", what, err)
	}
}

func TestPasswords(t *testing.T) {
	mini := startMini(t)
	mini.RequireUserAuth("zscalermcp", password)
	mini.RequireUserAuth("default", password)
	url := func(userinfo string) redisstore.Secret { return redisstore.Secret("redis://" + userinfo + mini.Addr()) }
	open(t, string(url("zscalermcp:"+escaped+"@")))
	open(t, string(url(":"+escaped+"@"))+"/3")
	wantRefusal(t, "wrong password", redisstore.Config{URL: url("zscalermcp:a-password@")}, false, "the server refuses the user or the password")
	wantRefusal(t, "another user", redisstore.Config{URL: url("nobody:" + escaped + "@")}, false, "the server refuses the user or the password")
	wantRefusal(t, "no password", redisstore.Config{URL: url("")}, false, "the server refuses the user or the password")
}

// What is wrong is said in words that tell what to do.
func TestServersThatWillNotDo(t *testing.T) {
	for word, row := range map[string]struct {
		passing bool
		want    string
	}{
		"READONLY You can't write against a read only replica.":                        {false, "give the address of the primary"},
		"NOPERM this user has no permissions to run the 'evalsha' command":             {false, "have the line for its rights"},
		"MOVED 3999 127.0.0.1:6381":                                                    {false, "give a client of the cluster"},
		"CROSSSLOT Keys in request don't hash to the same slot":                        {false, "give a client of the cluster"},
		"DENIED Redis is running in protected mode":                                    {false, "protected mode"},
		"ERR unknown command 'evalsha'":                                                {false, "Redis 6.2 or later"},
		"LOADING Redis is loading the dataset in memory":                               {true, "does not serve at the moment"},
		"CLUSTERDOWN The cluster is down":                                              {true, "does not serve at the moment"},
		"MISCONF Redis is configured to save RDB snapshots, but it's currently unable": {true, "does not serve at the moment"},
		"ERR something that nobody has heard of":                                       {false, "something that nobody has heard of"},
	} {
		mini := startMini(t)
		mini.Server().SetPreHook(func(c *server.Peer, command string, _ ...string) bool {
			if command == "EVALSHA" {
				c.WriteError(word)
			}
			return command == "EVALSHA"
		})
		wantRefusal(t, word, redisstore.Config{URL: redisstore.Secret("redis://" + mini.Addr())}, row.passing, row.want, word)
	}
	mini := startMini(t)
	gone := redisstore.Secret("redis://zscalermcp:" + escaped + "@" + mini.Addr())
	mini.Close()
	wantRefusal(t, "gone", redisstore.Config{URL: gone}, true, "cannot be reached", "redis://zscalermcp@127.0.0.1:")
	p := startProxy(t, startMini(t).Addr())
	p.set(stalled)
	wantRefusal(t, "silent", redisstore.Config{URL: redisstore.Secret(p.url()), Timeout: 200 * time.Millisecond}, true, "cannot be reached", "rediss://")
}

// A server that forgets what it is told is noticed.
func TestServerThatForgets(t *testing.T) {
	mini := startMini(t)
	var calls int
	mini.Server().SetPreHook(func(_ *server.Peer, command string, _ ...string) bool {
		if command == "EVALSHA" {
			if calls++; calls == 3 {
				mini.FlushAll()
			}
		}
		return false
	})
	wantRefusal(t, "forgets", redisstore.Config{URL: redisstore.Secret("redis://" + mini.Addr())}, false, "does not keep what it is told")
}

func TestTLS(t *testing.T) {
	web := httptest.NewTLSServer(nil) // for its certificate
	defer web.Close()
	mini, err := miniredis.RunTLS(&tls.Config{Certificates: web.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	defer mini.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	encrypted := redisstore.Secret("rediss://" + mini.Addr())
	open(t, string(encrypted), func(c *redisstore.Config) { c.TLS = &tls.Config{RootCAs: roots} })
	wantRefusal(t, "unknown authority", redisstore.Config{URL: encrypted}, false, "certificate is not trusted")
	wantRefusal(t, "another name", redisstore.Config{URL: encrypted, TLS: &tls.Config{RootCAs: roots, ServerName: "other.example.net"}}, false, "certificate is not trusted")
	wantRefusal(t, "no TLS there", redisstore.Config{URL: redisstore.Secret("rediss://" + startMini(t).Addr())}, true, "if it does not speak TLS, use redis://")
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	go func() {
		for conn, err := silent.Accept(); err == nil; conn, err = silent.Accept() {
			_, _ = conn.Write([]byte("-ERR Protocol error\r\n"))
		}
	}()
	wantRefusal(t, "a word in the clear", redisstore.Config{URL: redisstore.Secret("rediss://" + silent.Addr().String())}, false, "does not speak TLS")
	wantRefusal(t, "TLS there", redisstore.Config{URL: redisstore.Secret("redis://" + mini.Addr())}, true, "use rediss://")
}

// What is lawful and has a price is a warning, and what has none is not.
func TestWarnings(t *testing.T) {
	for info, want := range map[string]string{
		"maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:1\r\n":              "",
		"maxmemory:0\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n":               "",
		"maxmemory:1000000\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n":         "",
		"maxmemory:1000000\r\nmaxmemory_policy:volatile-lru\r\naof_enabled:1\r\n":       "maxmemory-policy noeviction",
		"maxmemory:0\r\nmaxmemory_policy:noeviction\r\naof_enabled:0\r\n":               "appendonly yes",
		"-NOPERM this user has no permissions to run the 'info' command":                "does not say whether it evicts keys",
		"maxmemory:1000000\r\nmaxmemory_policy:allkeys-random\r\nrole:master\r\n":       "allkeys-random",
		"# Memory\r\nmaxmemory:1000000\r\n# Persistence\r\naof_enabled:1\r\nrole:a\r\n": "",
	} {
		mini := startMini(t)
		mini.Server().SetPreHook(func(c *server.Peer, command string, _ ...string) bool {
			switch {
			case command != "INFO":
			case strings.HasPrefix(info, "-"):
				c.WriteError(info[1:])
			default:
				c.WriteBulk(info)
			}
			return command == "INFO"
		})
		var log bytes.Buffer
		open(t, "redis://:"+escaped+"@"+mini.Addr(), func(c *redisstore.Config) {
			mini.RequireAuth(password)
			c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		})
		if got := log.String(); want == "" && got != "" || !strings.Contains(got, want) || strings.Count(got, "\n") > 1 || strings.Contains(got, "a-password") {
			t.Errorf("%q: log %s, want %q", info, got, want)
		}
	}
}

// The line in the documentation is exact: with it everything works, and without any of its commands something does not.
func TestTheACLLine(t *testing.T) {
	url := realURL(t)
	admin, ctx := raw(t, url), context.Background()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(text), "ACL SETUSER zscalermcp on >PASSWORD ")
	line, _, _ = strings.Cut(line, "\n")
	rules := strings.Fields(line)
	if len(rules) < 10 {
		t.Fatalf("no line in the documentation: %q", rules)
	}
	user := "test-" + rand.Text()
	t.Cleanup(func() { admin.Do(ctx, "ACL", "DELUSER", user) })
	for _, without := range append([]string{""}, rules...) {
		words := []any{"ACL", "SETUSER", user, "reset", "on", ">" + password}
		for _, rule := range rules {
			if rule != without {
				words = append(words, rule)
			}
		}
		if err := admin.Do(ctx, words...).Err(); err != nil {
			t.Fatal(err)
		}
		cfg := redisstore.Config{URL: redisstore.Secret(strings.Replace(url, "redis://", "redis://"+user+":"+escaped+"@", 1))}
		switch without {
		case "", "+info", "resetchannels", "+eval": // the scripts are known by now
			s, err := redisstore.New(ctx, cfg)
			if err != nil {
				t.Errorf("without %q: %v", without, err)
				continue
			}
			_ = s.Close()
		default:
			wantRefusal(t, "without "+without, cfg, false, "have the line for its rights")
		}
		admin.Do(ctx, "ACL", "SETUSER", user, "off")
	}
}
