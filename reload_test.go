package zscalermcp_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/org/zscalermcp"
)

// A changing environment can change while a server runs.
type changing struct {
	mu sync.Mutex
	environ
}

func (c *changing) set(pairs ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.environ = c.with(pairs...)
}

func (c *changing) option() zscalermcp.Option {
	return zscalermcp.WithEnv(func(name string) (string, bool) {
		c.mu.Lock()
		defer c.mu.Unlock()
		value, ok := c.environ[name]
		return value, ok
	})
}

// Lists are replaced whole or not at all, and none begins or ends while the server runs.
func TestReloadOfLists(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sources")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# offices\n10.0.0.0/8 # Berlin\n\n192.0.2.7, 192.0.2.8\n")
	env := &changing{environ: tenantEnv.with("ZSCALER_MCP_ALLOWED_HOSTS", "one.example", "ZSCALER_MCP_ALLOWED_SOURCE_IPS_FILE", file)}
	srv := newServer(t, env.option(), withKey(t))
	h, err := srv.Handler()
	if err != nil {
		t.Fatal(err)
	}
	expect := func(when string, want map[string]int) {
		t.Helper()
		for place, want := range want {
			host, from, _ := strings.Cut(place, " ")
			if got := status(t, h, http.MethodGet, "http://"+host+"/mcp", from); got != want {
				t.Errorf("%s: %s: %d, want %d", when, place, got, want)
			}
		}
	}
	expect("at first", map[string]int{"one.example 10.0.0.1": 401, "one.example 192.0.2.8": 401, "one.example 192.0.2.9": 403, "two.example 10.0.0.1": 421})

	env.set("ZSCALER_MCP_ALLOWED_HOSTS", "two.example", "ZSCALER_MCP_ALLOWED_ORIGINS", "https://app.example.com")
	write("192.0.2.9")
	if err := srv.Reload(); err != nil {
		t.Error(err)
	}
	expect("replaced", map[string]int{"two.example 192.0.2.9": 401, "one.example 192.0.2.9": 421, "two.example 10.0.0.1": 403})
	if p := srv.Posture(); strings.Join(p.Hosts, " ") != "two.example" || strings.Join(p.Sources, " ") != "192.0.2.9" || strings.Join(p.Origins, " ") != "https://app.example.com" {
		t.Errorf("the posture has %v %v %v", p.Hosts, p.Sources, p.Origins)
	}
	if got := status(t, h, http.MethodPost, "http://two.example/mcp", "192.0.2.9", "Origin", "https://app.example.com"); got != http.StatusUnauthorized {
		t.Errorf("a page of the new origin: %d", got)
	}

	write("192.0.2.9\nnonsense")
	env.set("ZSCALER_MCP_ALLOWED_HOSTS", "three.example")
	if err := srv.Reload(); err == nil || !strings.Contains(err.Error(), "nonsense") || !strings.Contains(err.Error(), "ZSCALER_MCP_ALLOWED_SOURCE_IPS stays as it was") {
		t.Errorf("a bad entry: %v", err)
	}
	expect("one is bad", map[string]int{"three.example 192.0.2.9": 401, "three.example 10.0.0.1": 403})

	env.set("ZSCALER_MCP_ALLOWED_SOURCE_IPS_FILE", "", "ZSCALER_MCP_ALLOWED_HOSTS", "")
	if err := srv.Reload(); err == nil || !strings.Contains(err.Error(), "ZSCALER_MCP_ALLOWED_SOURCE_IPS:") || !strings.Contains(err.Error(), "ZSCALER_MCP_ALLOWED_HOSTS:") {
		t.Errorf("lists that are gone: %v", err)
	}
	expect("lists gone", map[string]int{"three.example 192.0.2.9": 401, "three.example 10.0.0.1": 403, "evil.example 192.0.2.9": 421})

	env.set("ZSCALER_MCP_ALLOWED_SOURCE_IPS_FILE", file+".old", "ZSCALER_MCP_ALLOWED_HOSTS", "four.example")
	if err := srv.Reload(); err == nil || !strings.Contains(err.Error(), "sources.old") {
		t.Errorf("a file that is gone: %v", err)
	}
	expect("a file gone", map[string]int{"four.example 192.0.2.9": 401, "four.example 10.0.0.1": 403, "three.example 192.0.2.9": 421})
}

// A list that was not there at the start would be thought to be in force.
func TestListsThatBeginLater(t *testing.T) {
	env := &changing{environ: tenantEnv}
	srv := newServer(t, env.option(), withKey(t))
	env.set("ZSCALER_MCP_ALLOWED_SOURCE_IPS", "10.0.0.0/8")
	if err := srv.Reload(); err == nil || !strings.Contains(err.Error(), "next start") {
		t.Errorf("%v", err)
	}
	if sources := srv.Posture().Sources; len(sources) > 0 {
		t.Errorf("the posture has %q", sources)
	}
}

// The API key of the environment, or of its file, is replaced; without one the old stays.
func TestReloadOfTheKey(t *testing.T) {
	const next = "next-key-0123456789-abcdefghijklmnop"
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(testKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	srv := newServer(t, tenantEnv.with("ZSCALER_MCP_AUTH_API_KEY_FILE", file).option())
	h, err := srv.Handler()
	if err != nil {
		t.Fatal(err)
	}
	expect := func(when string, want map[string]int) {
		t.Helper()
		for key, want := range want {
			if got := status(t, h, http.MethodGet, "http://mcp.example.com/mcp", "192.0.2.1", "Accept", "application/json", "Authorization", "Bearer "+key); got != want {
				t.Errorf("%s: %d, want %d", when, got, want)
			}
		}
	}
	expect("at first", map[string]int{testKey: 405, next: 401})
	replace := func(text string) error {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return srv.Reload()
	}
	for _, text := range []string{"short", "", "\n"} {
		if err := replace(text); err == nil || !strings.Contains(err.Error(), "ZSCALER_MCP_AUTH_API_KEY") || !strings.Contains(err.Error(), "stays as it was") || strings.Contains(err.Error(), testKey) {
			t.Errorf("%q: %v", text, err)
		}
		expect("a bad file", map[string]int{testKey: 405, next: 401})
	}
	if err := replace(next); err != nil {
		t.Error(err)
	}
	expect("replaced", map[string]int{testKey: 401, next: 405})
}

// What New refuses, a reload refuses too: pages of every origin may not call a server without authentication. With it they may.
func TestReloadDoesNotOpenToEveryPage(t *testing.T) {
	for name, refused := range map[string]bool{"none": true, "api-key": false} {
		env := &changing{environ: tenantEnv.with("ZSCALER_MCP_ALLOWED_ORIGINS", "https://app.example.com", "ZSCALER_MCP_AUTH_MODE", name)}
		if !refused {
			env.set("ZSCALER_MCP_AUTH_API_KEY", testKey)
		}
		srv := newServer(t, env.option())
		h, err := srv.Handler()
		if err != nil {
			t.Fatal(err)
		}
		env.set("ZSCALER_MCP_ALLOWED_ORIGINS", "*")
		if err := srv.Reload(); (err != nil) != refused || refused && !strings.Contains(err.Error(), "ZSCALER_MCP_ALLOWED_ORIGINS stays as it was") {
			t.Errorf("%s: %v", name, err)
		}
		got := status(t, h, http.MethodPost, "http://localhost/mcp", "192.0.2.9", "Origin", "https://evil.example")
		if (got == http.StatusForbidden) != refused || (srv.Posture().Origins[0] != "*") != refused {
			t.Errorf("%s: %d, and the posture has %q", name, got, srv.Posture().Origins)
		}
	}
}
