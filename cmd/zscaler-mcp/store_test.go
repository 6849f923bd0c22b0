package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/org/zscalermcp/auth/authtest"
)

const storePassword = "the-password-of-the-store"

// --check shows the store without its password, and connects to nobody.
func TestCheckShowsTheStore(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var connections atomic.Int32
	done := make(chan struct{})
	go func() {
		defer close(done)
		for conn, err := ln.Accept(); err == nil; conn, err = ln.Accept() {
			connections.Add(1)
			_ = conn.Close()
		}
	}()
	file := filepath.Join(t.TempDir(), "url")
	address := "redis://zscalermcp:" + storePassword + "@" + ln.Addr().String() + "/2"
	write(t, file, address+"\n")
	for _, env := range []map[string]string{{"ZSCALER_MCP_STORE_URL": address}, {"ZSCALER_MCP_STORE_URL_FILE": file}} {
		status, out, stderr := zscalerMCP(t, env, "--check", "--demo")
		var posture struct {
			Store       string
			SharedState bool
			Warnings    []string
		}
		if err := json.Unmarshal([]byte(out), &posture); status != 0 || err != nil {
			t.Fatalf("status %d, %v: %s", status, err, stderr)
		}
		if !posture.SharedState || posture.Store != "redis://zscalermcp@"+ln.Addr().String()+"/2, prefix {zscalermcp}:" {
			t.Errorf("%+v", posture)
		}
		if strings.Contains(out+stderr, storePassword) || !strings.Contains(out, "ZSCALER_MCP_MASTER_KEYS") {
			t.Errorf("%s%s", out, stderr)
		}
	}
	_ = ln.Close()
	<-done
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

// Mistakes are said with the others, in the words of the variable.
func TestMistakesOfTheStore(t *testing.T) {
	for address, want := range map[string]string{
		"http://:" + storePassword + "@host":      "ZSCALER_MCP_STORE_URL begins with another scheme",
		"redis://" + storePassword + "@host":      "ZSCALER_MCP_STORE_URL has a user without a password",
		"redis://:" + storePassword + "%@host":    "ZSCALER_MCP_STORE_URL is malformed",
		"redis://:" + storePassword + "@host/all": "ZSCALER_MCP_STORE_URL has a path that is no number",
	} {
		env := map[string]string{"ZSCALER_MCP_STORE_URL": address, "ZSCALER_MCP_PORT": "y"}
		status, out, stderr := zscalerMCP(t, env, "--check", "--demo")
		if status != 1 || strings.Count(stderr, want) != 1 || !strings.Contains(stderr, "ZSCALER_MCP_PORT") || strings.Contains(out+stderr, storePassword) || strings.Contains(stderr, "redisstore.Config") {
			t.Errorf("%s: %d %s%s", want, status, out, stderr)
		}
	}
	env := map[string]string{"ZSCALER_MCP_STORE_URL": "redis://host", "ZSCALER_MCP_STORE_URL_FILE": "/nowhere"}
	if status, _, stderr := zscalerMCP(t, env, "--check", "--demo"); status != 1 || !strings.Contains(stderr, "are both set") {
		t.Errorf("both: %d %s", status, stderr)
	}
	if status, _, stderr := zscalerMCP(t, map[string]string{"ZSCALER_MCP_STORE_UR": "redis://host"}, "--check", "--demo"); status != 1 || !strings.Contains(stderr, "did you mean ZSCALER_MCP_STORE_URL?") {
		t.Errorf("misspelt: %d %s", status, stderr)
	}
}

// A store that will not do keeps the server from starting, on stdio too.
func TestStoreThatWillNotDo(t *testing.T) {
	mini := miniredis.RunT(t)
	mini.RequireAuth("another")
	env := map[string]string{"ZSCALER_MCP_STORE_URL": "redis://:" + storePassword + "@" + mini.Addr()}
	status, _, stderr := zscalerMCP(t, env, "--demo")
	if status != 1 || !strings.Contains(stderr, "ZSCALER_MCP_STORE_URL: the server refuses the user or the password") || strings.Contains(stderr, storePassword) {
		t.Errorf("%d %s", status, stderr)
	}
	mini.RequireAuth(storePassword)
	if status, _, stderr := zscalerMCP(t, env, "--demo"); status != 0 {
		t.Errorf("the right password: %d: %s", status, stderr)
	}
	waitForNoConnection(t, mini)
}

// One that does not answer is warned of.
func TestStoreThatDoesNotAnswer(t *testing.T) {
	mini := miniredis.RunT(t)
	env := map[string]string{"ZSCALER_MCP_STORE_URL": "redis://" + mini.Addr()}
	mini.Close()
	if status, _, stderr := zscalerMCP(t, env, "--demo"); status != 0 || !strings.Contains(stderr, "the store of ZSCALER_MCP_STORE_URL does not answer") {
		t.Errorf("%d %s", status, stderr)
	}
}

// The authorization server keeps its state and its rates in the store, and closes it at the end.
func TestAuthorizationServerWithAStore(t *testing.T) {
	idp := authtest.NewProvider(authtest.Options{})
	defer idp.Close()
	mini := miniredis.RunT(t)
	env := map[string]string{
		"ZSCALER_MCP_AUTH_MODE": "authorization-server", "OIDCPROXY_CONFIG_URL": idp.DiscoveryURL(), "OIDCPROXY_BASE_URL": "http://127.0.0.1:8000",
		"OIDCPROXY_CLIENT_ID": "mcp", "OIDCPROXY_CLIENT_SECRET": testKey, "ZSCALER_MCP_MASTER_KEYS": strings.Repeat("ab", 32), "ZSCALER_MCP_PORT": "0",
		"ZSCALER_MCP_TRANSPORT": "streamable-http", "ZSCALER_MCP_LOG_FORMAT": "json", "ZSCALER_MCP_STORE_URL": "redis://" + mini.Addr(),
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var stdout, stderr buffer
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"--demo"}, of(env), streams{in: strings.NewReader(""), out: &stdout, err: &stderr})
	}()
	register := strings.TrimSuffix(waitForURL(t, &stderr), "/mcp") + "/register"
	resp, err := http.Post(register, "application/json", strings.NewReader(`{"redirect_uris":["http://localhost:1/callback"]}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	bucket := func(key string) bool {
		return strings.HasPrefix(key, "{zscalermcp}:l:") && !strings.Contains(key, "probe")
	}
	if keys := mini.Keys(); resp.StatusCode != http.StatusCreated || !slices.ContainsFunc(keys, bucket) {
		t.Errorf("%d, keys %q", resp.StatusCode, keys)
	}
	stop()
	if status := <-done; status != 0 {
		t.Errorf("%d: %s", status, stderr.String())
	}
	waitForNoConnection(t, mini)
}

// waitForNoConnection waits until the server has noticed that its connections are closed.
func waitForNoConnection(t *testing.T, mini *miniredis.Miniredis) {
	t.Helper()
	for range 1000 {
		if mini.CurrentConnectionCount() == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("a connection is left")
}
