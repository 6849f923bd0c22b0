package zscalermcp_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

func TestNilsAreRefusedAtOnce(t *testing.T) {
	var keys *auth.APIKeys
	var memory *store.Memory
	_, err := zscalermcp.New(tenantEnv.option(), zscalermcp.WithAuth(keys), zscalermcp.WithAuth(auth.AuthenticatorFunc(nil)), zscalermcp.WithStore(memory), zscalermcp.WithHTTPClient(nil))
	if err == nil || strings.Count(err.Error(), "WithAuth: the Authenticator is nil") != 2 || !strings.Contains(err.Error(), "WithStore") || !strings.Contains(err.Error(), "WithHTTPClient") {
		t.Errorf("typed nils: %v", err)
	}
	srv, err := zscalermcp.New(tenantEnv.option(), withKey(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Mount(nil); err == nil {
		t.Error("Mount(nil) is accepted")
	}
}

func TestAClosedServerServesNothing(t *testing.T) {
	_, opts := tenantOptions(t)
	srv, err := zscalermcp.New(append(opts, withKey(t), zscalermcp.WithListen("127.0.0.1:0"))...)
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, handlerErr := srv.Handler()
	for name, err := range map[string]error{
		"Handler": handlerErr, "Mount": srv.Mount(http.NewServeMux()), "Run": srv.Run(t.Context()),
		"ServeStdio": srv.ServeStdio(t.Context(), strings.NewReader(""), io.Discard),
	} {
		if !errors.Is(err, zscalermcp.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A proxy on the same machine hands on the public host; any other host is DNS rebinding.
func TestPublicHostOverLoopback(t *testing.T) {
	_, opts := tenantOptions(t)
	url := serve(t, newServer(t, append(opts, withKey(t), zscalermcp.WithPublicURL("https://svc.example.com/mcp"))...)) + "/mcp"
	for host, want := range map[string]int{"svc.example.com": 401, "evil.example": 421} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("Host %s: %d, want %d", host, resp.StatusCode, want)
		}
	}
}

// A variable of Zscaler's own server that has no effect here is told of.
func TestVariablesWithoutEffect(t *testing.T) {
	srv, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_SKIP_CONFIRMATIONS", "true").option(), withKey(t))
	if err != nil {
		t.Fatal(err)
	}
	if warnings := srv.Posture().Warnings; len(warnings) != 1 || !strings.Contains(warnings[0], "ZSCALER_MCP_SKIP_CONFIRMATIONS") {
		t.Errorf("warnings: %q", warnings)
	}
}

// A list that comes out empty must not widen what is offered.
func TestEmptySelectionsAreRefused(t *testing.T) {
	for _, value := range []string{",", " , "} {
		if _, err := zscalermcp.Tools(environ{"ZSCALER_MCP_TOOLSETS": value}.option(), zscalermcp.WithoutAuth()); err == nil {
			t.Errorf("ZSCALER_MCP_TOOLSETS=%q is accepted", value)
		}
	}
	for name, option := range map[string]zscalermcp.Option{"WithToolsets": zscalermcp.WithToolsets(), "WithServices": zscalermcp.WithServices()} {
		if _, err := zscalermcp.Tools(zscalermcp.WithEnv(nil), option); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s(): %v", name, err)
		}
	}
	if infos, err := zscalermcp.Tools(zscalermcp.WithEnv(nil), zscalermcp.WithToolsets("zia_admin")); err != nil || len(infos) != 1+5 {
		t.Errorf("one toolset: %d tools, %v", len(infos), err)
	}
}

// A secret comes from a small regular file: a device would not end.
func TestSecretFilesAreRegular(t *testing.T) {
	_, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_AUTH_API_KEY_FILE", "/dev/zero").option())
	if err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("/dev/zero: %v", err)
	}
}

func TestWarnings(t *testing.T) {
	for want, env := range map[string]environ{
		"ZSCALER_CUSTOMER_ID":      tenantEnv.with("ZSCALER_CUSTOMER_ID", ""),
		"read-only":                tenantEnv.with("ZSCALER_MCP_WRITE_TOOLS", "zia_*"),
		"authentication":           tenantEnv.with("ZSCALER_MCP_AUTH_MODE", "none"),
		"ZSCALER_MCP_AUTH_API_KEY": tenantEnv.with("ZSCALER_MCP_AUTH_MODE", "none", "ZSCALER_MCP_AUTH_API_KEY", testKey),
		"no tool of a service":     tenantEnv.with("ZSCALER_MCP_DISABLED_TOOLS", "[^z]*,z[^s]*"),
		"":                         tenantEnv.with("ZSCALER_MCP_MASTER_KEYS", strings.Repeat("ab", 32)),
	} {
		srv, err := zscalermcp.New(env.option())
		if err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		warnings := strings.Join(srv.Posture().Warnings, "\n")
		if (want == "") != (warnings == "") || !strings.Contains(warnings, want) {
			t.Errorf("want %q among the warnings: %s", want, warnings)
		}
		if strings.Contains(warnings, testKey) {
			t.Error("the key is shown")
		}
	}
}

// A shared store without keys is warned of, and scopes that nothing reads.
func TestWarningsOfOptions(t *testing.T) {
	warnings := func(opts ...zscalermcp.Option) string {
		return strings.Join(newServer(t, append(opts, tenantEnv.option())...).Posture().Warnings, "\n")
	}
	shared, keys := zscalermcp.WithStore(store.NewMemory(store.MemoryConfig{})), zscalermcp.WithMasterKeys(store.GenerateKey())
	if got := warnings(shared); !strings.Contains(got, "needs master keys") {
		t.Errorf("a store alone: %s", got)
	}
	if got := warnings(shared, keys); got != "" {
		t.Errorf("both: %s", got)
	}
	provider := func(cfg oidcproxy.Config) zscalermcp.Option {
		cfg.ResourceURL, cfg.Upstream, cfg.LazyDiscovery = "https://svc.example.com/mcp", oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy"}, true
		p, err := oidcproxy.New(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		return zscalermcp.WithAuth(p)
	}
	scopes := provider(oidcproxy.Config{Scopes: []oidcproxy.Scope{{Name: "zscaler:read"}, {Name: "zscaler:write"}}, RequiredScopes: []string{"zscaler:read"}})
	policy, err := auth.NewScopePolicy(auth.ScopePolicyConfig{Rules: []auth.ScopeRule{{Scope: "zscaler:read"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := warnings(scopes); !strings.Contains(got, "WithPolicy") {
		t.Errorf("scopes without a policy: %s", got)
	}
	if got := warnings(scopes, zscalermcp.WithPolicy(policy)); got != "" {
		t.Errorf("with one: %s", got)
	}
	if got := warnings(provider(oidcproxy.Config{RequiredScopes: []string{"zscaler:read"}})); got != "" {
		t.Errorf("scopes that every token has: %s", got)
	}
}

// What clients are told at the start names no tool that is not offered.
func TestInstructionsNameOfferedTools(t *testing.T) {
	_, opts := tenantOptions(t)
	for pattern, offered := range map[string]bool{"zia_create_rule_label": false, "zia_activate_*": true} {
		session := connect(t, serve(t, newServer(t, append(opts, withKey(t), zscalermcp.WithWriteTools(pattern))...))+"/mcp", testKey, "2025-11-25", nil)
		if text := session.InitializeResult().Instructions; strings.Contains(text, "zia_activate_configuration") != offered || text == "" {
			t.Errorf("%s: %s", pattern, text)
		}
	}
}

// Clients are told of the tool that finds the others where there are tools that are not listed, and it is offered.
func TestInstructionsTellOfToolsThatAreNotListed(t *testing.T) {
	_, opts := tenantOptions(t)
	for name, c := range map[string]struct {
		opts []zscalermcp.Option
		told bool
	}{
		"everything is listed":    {nil, false},
		"default":                 {[]zscalermcp.Option{zscalermcp.WithToolsets("default")}, true},
		"default, without finder": {[]zscalermcp.Option{zscalermcp.WithToolsets("default"), zscalermcp.WithoutTools("zscaler_find_tool")}, false},
	} {
		server := newServer(t, slices.Concat(opts, c.opts, []zscalermcp.Option{withKey(t)})...)
		session := connect(t, serve(t, server)+"/mcp", testKey, "2025-11-25", nil)
		if text := session.InitializeResult().Instructions; strings.Contains(text, "zscaler_find_tool") != c.told {
			t.Errorf("%s: %s", name, text)
		}
	}
}
