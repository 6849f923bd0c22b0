//go:build !windows

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// SIGHUP makes the server read its file of keys again. A file with a mistake leaves the old keys in force, and the log says so.
func TestHangupReloadsTheKeys(t *testing.T) {
	const before, after = "the-key-before-0123456789", "the-key-after-0123456789"
	file := filepath.Join(t.TempDir(), "keys.json")
	old := time.Now().Add(-time.Hour)
	put := func(text string) { // with the modification time and the length that the file had
		write(t, file, text)
		if err := os.Chtimes(file, old, old); err != nil {
			t.Fatal(err)
		}
	}
	entry := func(key string) string {
		digest := sha256.Sum256([]byte(key))
		return `{"keys":[{"name":"ci","sha256":"` + hex.EncodeToString(digest[:]) + `"}]}`
	}
	put(entry(before))
	ctx, stop := context.WithCancel(t.Context())
	var stderr buffer
	done := make(chan int, 1)
	env := map[string]string{"ZSCALER_MCP_AUTH_API_KEYS_FILE": file, "ZSCALER_MCP_PORT": "0", "ZSCALER_MCP_TRANSPORT": "streamable-http", "ZSCALER_MCP_LOG_FORMAT": "json"}
	go func() {
		done <- run(ctx, []string{"--demo"}, of(env), streams{in: strings.NewReader(""), out: &buffer{}, err: &stderr})
	}()
	url := waitForURL(t, &stderr)
	hangup := func(said string) {
		t.Helper()
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		for t.Context().Err() == nil && !strings.Contains(stderr.String(), said) {
			time.Sleep(5 * time.Millisecond)
		}
	}
	expect := func(when, key string, want int) {
		t.Helper()
		if got := statusWith(t, url, key); got != want {
			t.Errorf("%s: status %d, want %d", when, got, want)
		}
	}
	expect("before", before, http.StatusOK)
	put(entry(after))
	hangup("SIGHUP: reloaded")
	expect("the new key", after, http.StatusOK)
	expect("the old key", before, http.StatusUnauthorized)
	put(`{"keys":[{"name":"ci","key":"` + before + `"}]}`)
	hangup("SIGHUP: reloaded in part")
	expect("after a file with a mistake", after, http.StatusOK)
	stop()
	if status := <-done; status != 0 {
		t.Errorf("status %d", status)
	}
	for _, key := range []string{before, after} {
		if strings.Contains(stderr.String(), key) {
			t.Error("the log holds a key")
		}
	}
}

// The file of variables is read again at SIGHUP, and without one when it changes. What the server cannot take while it runs is named,
// a mistake in the file is told by its line, and the keys are read in any case.
func TestVariablesFileOfARunningServer(t *testing.T) {
	const secret = "hunter2-is-the-secret"
	file := filepath.Join(t.TempDir(), "vars")
	common := "ZSCALER_MCP_AUTH_API_KEY=" + testKey + "\nZSCALER_MCP_PORT=0\nZSCALER_MCP_TRANSPORT=streamable-http\nZSCALER_MCP_LOG_FORMAT=json\n"
	write(t, file, common)
	ctx, stop := context.WithCancel(t.Context())
	var stderr buffer
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"--demo", "--dotenv-path", file}, of(nil), streams{in: strings.NewReader(""), out: &buffer{}, err: &stderr})
	}()
	waitForURL(t, &stderr)
	expect := func(said ...string) {
		t.Helper()
		for _, one := range said {
			for !strings.Contains(stderr.String(), one) {
				if time.Sleep(5 * time.Millisecond); t.Context().Err() != nil {
					t.Fatalf("the log does not say %s: %s", one, stderr.String())
				}
			}
		}
	}
	write(t, file, common+"ZSCALER_MCP_TOOLSETS=zia_admin\nZSCALER_CLIENT_SECRET="+secret+"\n")
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	expect("SIGHUP: reloaded", `take effect at the next start","variables":["ZSCALER_CLIENT_SECRET","ZSCALER_MCP_TOOLSETS"]`)
	expect(`"posture":{"transport":"streamable-http"`)
	expect("the variables file has changed: reloaded") // nobody has to ask
	write(t, file, common+secret+"\n")
	expect("the variables file has changed: the variables file is not taken", "line 5", "the variables file has changed: reloaded but for the variables file")
	stop()
	if status := <-done; status != 0 || strings.Contains(stderr.String(), secret) || strings.Contains(stderr.String(), testKey) {
		t.Errorf("status %d: %s", status, stderr.String())
	}
}

// statusWith pings the server in the newest protocol.
func statusWith(t *testing.T, url, key string) int {
	t.Helper()
	body := `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Authorization": {"Bearer " + key}, "Content-Type": {"application/json"}, "Mcp-Protocol-Version": {"2026-07-28"}, "Mcp-Method": {"tools/list"}}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
