package zscalermcp_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
)

// environ is an environment for tests.
type environ map[string]string

func (e environ) option() zscalermcp.Option {
	return zscalermcp.WithEnv(func(name string) (string, bool) {
		value, ok := e[name]
		return value, ok
	})
}

// with returns a copy with more variables.
func (e environ) with(pairs ...string) environ {
	out := environ{}
	for name, value := range e {
		out[name] = value
	}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

var tenantEnv = environ{
	"ZSCALER_VANITY_DOMAIN": "acme", "ZSCALER_CLIENT_ID": "client", "ZSCALER_CLIENT_SECRET": "the-client-secret", "ZSCALER_CUSTOMER_ID": "216196257331281920",
	"ZSCALER_MCP_DISABLE_ENTITLEMENT_FILTER": "true", // which would ask the tenant of that name
}

func TestEveryMistakeComesBackAtOnce(t *testing.T) {
	_, err := zscalermcp.New(
		environ{"ZSCALER_MCP_PORT": "http", "ZSCALER_MCP_WRITE_ENABLED": "perhaps", "ZSCALER_MCP_MASTER_KEYS": "short", "ZSCALER_VANITY_DOMAIN": "acme.example.com"}.option(),
		zscalermcp.WithPublicURL("svc.example.com/mcp"), zscalermcp.WithToolsets("zia_rule_lables"), zscalermcp.WithListen("8000"),
		zscalermcp.WithLogger(nil), zscalermcp.WithAuth(nil), nil,
	)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		"ZSCALER_MCP_PORT", "ZSCALER_MCP_WRITE_ENABLED", "ZSCALER_MCP_MASTER_KEYS", "ZSCALER_VANITY_DOMAIN", "ZSCALER_CLIENT_ID", "ZSCALER_CLIENT_SECRET",
		"the public URL must begin with https://", "zia_rule_lables", "zia_rule_labels", "listen address", "WithLogger", "WithAuth", "Option is nil",
	} {
		if want == "ZSCALER_MCP_PORT" { // WithListen has been given, so the variable is not read
			if strings.Contains(err.Error(), want) {
				t.Errorf("%s is judged although an option replaces it", want)
			}
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not mention %s:\n%v", want, err)
		}
	}
}

// The variable and the option say the same, and what they open is served.
func TestOriginsOfPages(t *testing.T) {
	const page = "https://app.example.com"
	for name, test := range map[string]struct {
		env     environ
		options []zscalermcp.Option
		want    string // in the error; empty: pages of the origin may call
	}{
		"variable":              {env: environ{"ZSCALER_MCP_ALLOWED_ORIGINS": "http://localhost:6274, " + page}},
		"option":                {env: environ{"ZSCALER_MCP_ALLOWED_ORIGINS": "no origin"}, options: []zscalermcp.Option{zscalermcp.WithAllowedOrigins(page)}},
		"a page":                {env: environ{"ZSCALER_MCP_ALLOWED_ORIGINS": page + "/app"}, want: "ZSCALER_MCP_ALLOWED_ORIGINS: browsers do not send"},
		"two that are none":     {env: environ{"ZSCALER_MCP_ALLOWED_ORIGINS": page + "/app, " + page + ", null"}, want: "write https://app.example.com\n\"null\" is no web origin"},
		"a host":                {options: []zscalermcp.Option{zscalermcp.WithAllowedOrigins("app.example.com")}, want: `WithAllowedOrigins: "app.example.com" is no web origin`},
		"all, and everyone":     {env: environ{"ZSCALER_MCP_ALLOWED_ORIGINS": "*", "ZSCALER_MCP_AUTH_MODE": "none"}, want: "any web page that a user opens could call the tools"},
		"a named one, everyone": {env: environ{"ZSCALER_MCP_ALLOWED_ORIGINS": page, "ZSCALER_MCP_AUTH_MODE": "none"}},
		"all, with keys":        {env: environ{"ZSCALER_MCP_ALLOWED_ORIGINS": "*"}},
	} {
		env := tenantEnv.with("ZSCALER_MCP_AUTH_API_KEY", testKey)
		if test.env["ZSCALER_MCP_AUTH_MODE"] != "" {
			env = tenantEnv.with()
		}
		for key, value := range test.env {
			env = env.with(key, value)
		}
		srv, err := zscalermcp.New(append(test.options, env.option())...)
		if test.want != "" {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		handler, err := srv.Handler()
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodOptions, "/mcp", nil)
		r.Header.Set("Origin", page)
		r.Header.Set("Access-Control-Request-Method", "POST")
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Origin") == "" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
}

func TestNewNeitherStartsNorAsks(t *testing.T) {
	before := runtime.NumGoroutine()
	srv, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_AUTH_API_KEY", testKey).option(), zscalermcp.WithHTTPClient(&http.Client{Transport: noNetwork{t}}))
	if err != nil {
		t.Fatal(err)
	}
	if after := runtime.NumGoroutine(); after > before { // earlier tests may still be ending theirs
		t.Errorf("New has left %d goroutines", after-before)
	}
	if err := srv.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := srv.Close(t.Context()); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("request to %s", r.URL)
	return nil, errors.New("no network")
}

func TestOneSourceOfThePath(t *testing.T) {
	for raw, ok := range map[string]bool{
		"https://svc.example.com": true, "https://svc.example.com/": true, "https://svc.example.com/a/b/": true, "http://127.0.0.1:8000/mcp": true,
		"https://svc.example.com:8443/mcp": true, "https://svc.example.com:65535/mcp": true, "https://svc.example.com:0/mcp": false, "https://svc.example.com:99999/mcp": false,
		"https://svc.example.com:/mcp": false, "https://svc.example.com:https/mcp": false,
		"/mcp": false, "svc.example.com/mcp": false, "ftp://svc.example.com/mcp": false, "https://user@svc.example.com/mcp": false,
		"https://svc.example.com/mcp?x=1": false, "https://svc.example.com/mcp#x": false, "https://svc.example.com/a/../b": false,
		"https://svc.example.com/{id}": false, "https://svc.example.com/a//b": false, "https://svc.example.com/a%2fb": false,
	} {
		srv, err := zscalermcp.New(tenantEnv.option(), withKey(t), zscalermcp.WithPublicURL(raw))
		if (err == nil) != ok {
			t.Errorf("public URL %s: %v, want accepted %v", raw, err, ok)
			continue
		}
		if ok {
			if err := srv.Mount(http.NewServeMux()); err != nil {
				t.Errorf("public URL %s: %v", raw, err)
			}
		}
	}
}

func TestRunServesLoopbackOnly(t *testing.T) {
	_, opts := tenantOptions(t)
	for address, ok := range map[string]bool{
		"127.0.0.1:0": true, "localhost:0": true, "127.9.8.7:0": true,
		"0.0.0.0:0": false, ":0": false, "[::]:0": false, "192.0.2.1:0": false, "0:0": false,
	} {
		srv, err := zscalermcp.New(append(opts, withKey(t), zscalermcp.WithListen(address))...)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if err := srv.Run(ctx); (err == nil) != ok {
			t.Errorf("Run on %s: %v, want served %v", address, err, ok)
		}
		cancel()
	}
}

func TestWritesNeedBothOfTheirVariables(t *testing.T) {
	count := func(env environ) (writes int, err error) {
		infos, err := zscalermcp.Tools(env.option(), zscalermcp.WithoutAuth())
		for _, info := range infos {
			if info.Effect != tool.Read {
				writes++
			}
		}
		return writes, err
	}
	for name, test := range map[string]struct {
		env    environ
		writes bool
		err    bool
	}{
		"neither":      {env: environ{}},
		"names only":   {env: environ{"ZSCALER_MCP_WRITE_TOOLS": "zia_*"}},
		"switch only":  {env: environ{"ZSCALER_MCP_WRITE_ENABLED": "true"}, err: true},
		"both":         {env: environ{"ZSCALER_MCP_WRITE_ENABLED": "true", "ZSCALER_MCP_WRITE_TOOLS": "zia_create_*"}, writes: true},
		"switched off": {env: environ{"ZSCALER_MCP_WRITE_ENABLED": "false", "ZSCALER_MCP_WRITE_TOOLS": "zia_*"}},
	} {
		writes, err := count(test.env)
		if (err != nil) != test.err || (writes > 0) != test.writes {
			t.Errorf("%s: %d write tools, %v", name, writes, err)
		}
	}
}

func TestPostureHoldsNoSecret(t *testing.T) {
	key := store.GenerateKey()
	srv, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_AUTH_API_KEY", testKey).option(), zscalermcp.WithMasterKeys(key), zscalermcp.WithHTTPClient(http.DefaultClient))
	if err != nil {
		t.Fatal(err)
	}
	text := srv.Posture().LogValue().String() + srv.LogValue().String() + fmt.Sprintf("%v %+v %#v %s", srv, srv, srv, srv)
	for _, secret := range []string{testKey, string(key), tenantEnv["ZSCALER_CLIENT_SECRET"]} {
		if strings.Contains(text, secret) {
			t.Errorf("the posture holds a secret: %s", text)
		}
	}
	for _, want := range []string{"api-key", "write_tools=0", "stable_keys=true", "warnings=[]"} {
		if !strings.Contains(text, want) {
			t.Errorf("the posture lacks %q: %s", want, text)
		}
	}
}
