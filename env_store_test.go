package zscalermcp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/store"
)

// labelled is a store that says where it is.
type labelled struct{ store.Store }

func (*labelled) String() string { return "redis://redis.example.com:6379/0" }

// onlyOne is a limiter that lets the first through.
type onlyOne struct{ asked atomic.Int32 }

func (l *onlyOne) Take(context.Context, string, float64, int) (time.Duration, error) {
	if l.asked.Add(1) > 1 {
		return time.Minute, nil
	}
	return 0, nil
}

// What replicas share is used by the environment's authorization server, and shown; that they need the same keys is said.
func TestSharedStateOfAnAuthorizationServer(t *testing.T) {
	shared := &labelled{Store: store.NewMemory(store.MemoryConfig{})}
	environment := func(more ...string) zscalermcp.Option {
		return tenantEnv.with(slices.Concat(serverVars, more)...).option()
	}
	srv := newServer(t, environment(), zscalermcp.WithStore(shared), zscalermcp.WithLimiter(&onlyOne{}))
	posture := srv.Posture()
	if !posture.SharedState || posture.Store != shared.String() || !strings.Contains(strings.Join(posture.Warnings, "\n"), "a shared store needs master keys beside it") {
		t.Errorf("%+v", posture)
	}
	keys := environment("ZSCALER_MCP_MASTER_KEYS", strings.Repeat("ab", 32))
	if got := newServer(t, keys, zscalermcp.WithStore(shared)).Posture(); strings.Contains(strings.Join(got.Warnings, "\n"), "master keys") {
		t.Errorf("with keys: %q", got.Warnings)
	}
	h, err := srv.Handler()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{http.StatusCreated, http.StatusTooManyRequests} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://svc.example.com/register", strings.NewReader(`{"redirect_uris":["http://localhost:1/callback"]}`))
		r.Header.Set("Content-Type", "application/json")
		if h.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%d, want %d: %s", w.Code, want, w.Body)
		}
	}
}

func TestMistakesOfALimiter(t *testing.T) {
	limiter := &onlyOne{}
	for want, options := range map[string][]zscalermcp.Option{
		"WithLimiter: the Limiter is nil":           {zscalermcp.WithLimiter((*onlyOne)(nil)), withKey(t)},
		"WithLimiter has no effect beside WithAuth": {zscalermcp.WithLimiter(limiter), withKey(t)},
		"": {withKey(t)},
	} {
		_, err := zscalermcp.New(append(options, tenantEnv.option())...)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// The address is read as secrets are. In code, where it has no effect, it is warned of.
func TestStoreURL(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("rediss://:secret@host\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	lookup := func(pairs ...string) zscalermcp.Lookup {
		return func(name string) (string, bool) {
			i := slices.Index(pairs, name)
			if i < 0 {
				return "", false
			}
			return pairs[i+1], true
		}
	}
	for _, row := range []struct {
		vars      []string
		want, err string
	}{
		{nil, "", ""},
		{[]string{"ZSCALER_MCP_STORE_URL", " redis://host "}, "redis://host", ""},
		{[]string{"ZSCALER_MCP_STORE_URL_FILE", file}, "rediss://:secret@host", ""},
		{[]string{"ZSCALER_MCP_STORE_URL_FILE", file, "ZSCALER_MCP_STORE_URL", "redis://:secret@host"}, "", "ZSCALER_MCP_STORE_URL and ZSCALER_MCP_STORE_URL_FILE are both set"},
		{[]string{"ZSCALER_MCP_STORE_URL_FILE", file + "x"}, "", "ZSCALER_MCP_STORE_URL_FILE: "},
	} {
		got, err := zscalermcp.StoreURL(lookup(row.vars...))
		if string(got) != row.want || (err == nil) != (row.err == "") || err != nil && (!strings.Contains(err.Error(), row.err) || strings.Contains(err.Error(), "secret@")) {
			t.Errorf("%q: %q, %v", row.vars, string(got), err)
		}
	}
	for _, row := range []struct {
		options []zscalermcp.Option
		warned  bool
	}{{nil, true}, {[]zscalermcp.Option{zscalermcp.WithStore(&labelled{})}, false}} {
		srv := newServer(t, append(row.options, zscalermcp.WithoutAuth(), tenantEnv.with("ZSCALER_MCP_STORE_URL", "redis://:secret@host").option())...)
		text := strings.Join(srv.Posture().Warnings, "\n")
		if strings.Contains(text, "ZSCALER_MCP_STORE_URL") != row.warned || strings.Contains(text, "secret@") {
			t.Errorf("%t: %s", row.warned, text)
		}
	}
}
