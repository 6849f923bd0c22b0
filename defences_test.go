package zscalermcp_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// status is the answer to a request over the handler h, from an address.
func status(t *testing.T, h http.Handler, method, target, from string, headers ...string) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	r.RemoteAddr = from + ":4711"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func handlerOf(t *testing.T, opts ...zscalermcp.Option) http.Handler {
	t.Helper()
	h, err := newServer(t, opts...).Handler()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// D77: the Host that a request names is judged by the list, else by the public URL; health probes name what they like.
func TestHostsOfRequests(t *testing.T) {
	const misdirected = http.StatusMisdirectedRequest
	public := []string{"ZSCALER_MCP_PUBLIC_URL", "https://mcp.example.com/mcp"}
	listed := append(slices.Clone(public), "ZSCALER_MCP_ALLOWED_HOSTS", "inner.example.com:*, *.pods.example.com")
	for name, test := range map[string]struct {
		env  []string
		host string
		want int
	}{
		"the public host":                {public, "mcp.example.com", 401},
		"another host":                   {public, "evil.example", misdirected},
		"a host below":                   {public, "x.mcp.example.com", misdirected},
		"another port":                   {public, "mcp.example.com:8443", misdirected},
		"listed":                         {listed, "inner.example.com:8443", 401},
		"below a suffix":                 {listed, "a.pods.example.com", 401},
		"the suffix itself":              {listed, "pods.example.com", misdirected},
		"not listed, though public":      {listed, "mcp.example.com", misdirected},
		"no list and no public URL":      {nil, "evil.example", 401}, // the affair of the server around the handler
		"switched off":                   {append(slices.Clone(public), "ZSCALER_MCP_DISABLE_HOST_VALIDATION", "true"), "evil.example", 401},
		"switched off, in another place": {append(slices.Clone(public), "ZSCALER_MCP_DISABLE_HOST_VALIDATION", "no"), "evil.example", misdirected},
	} {
		t.Run(name, func(t *testing.T) {
			h := handlerOf(t, tenantEnv.with(test.env...).option(), withKey(t))
			for path, want := range map[string]int{"/mcp": test.want, "/mcp/": test.want, "/mcp/below": test.want, "/health": 200, "/healthz": 200, "/ready": 200} {
				if got := status(t, h, http.MethodGet, "http://"+test.host+path, "192.0.2.1"); got != want {
					t.Errorf("%s: %d, want %d", path, got, want)
				}
			}
		})
	}
}

// R155: a source that is not listed is refused whatever it has to show, and the word of a stranger on its own address has no effect.
func TestSourcesOfRequests(t *testing.T) {
	env := tenantEnv.with("ZSCALER_MCP_ALLOWED_SOURCE_IPS", "10.0.0.0/8, 2001:db8::/32, 192.0.2.7", "ZSCALER_MCP_AUTH_API_KEY", testKey)
	proxied := env.with("ZSCALER_MCP_TRUSTED_PROXIES", "198.51.100.1")
	for name, test := range map[string]struct {
		env             environ
		from, forwarded string
		want            int
	}{
		"listed":                    {env, "192.0.2.7", "", 405},
		"in a prefix":               {env, "10.1.2.3", "", 405},
		"mapped":                    {env, "[::ffff:10.1.2.3]", "", 405},
		"IPv6":                      {env, "[2001:db8::1]", "", 405},
		"not listed":                {env, "192.0.2.8", "", 403},
		"loopback is not listed":    {env, "127.0.0.1", "", 403},
		"a stranger's word":         {env, "192.0.2.8", "10.1.2.3", 403},
		"the proxy itself":          {proxied, "198.51.100.1", "", 403},
		"a listed one behind it":    {proxied, "198.51.100.1", "10.1.2.3", 405},
		"another one behind it":     {proxied, "198.51.100.1", "192.0.2.8", 403},
		"a forged one behind it":    {proxied, "198.51.100.1", "10.1.2.3, 192.0.2.8", 403},
		"no list: everybody may":    {tenantEnv.with("ZSCALER_MCP_AUTH_API_KEY", testKey), "192.0.2.8", "", 405},
		"no list: behind no proxy,": {tenantEnv.with("ZSCALER_MCP_AUTH_API_KEY", testKey), "192.0.2.8", "192.0.2.9", 405},
	} {
		t.Run(name, func(t *testing.T) {
			h := handlerOf(t, test.env.option())
			headers := []string{"Authorization", "Bearer " + testKey, "Accept", "application/json"}
			if test.forwarded != "" {
				headers = append(headers, "X-Forwarded-For", test.forwarded)
			}
			if got := status(t, h, http.MethodGet, "http://mcp.example.com/mcp", test.from, headers...); got != test.want {
				t.Errorf("%d, want %d", got, test.want)
			}
			if got := status(t, h, http.MethodGet, "http://mcp.example.com/health", test.from); got != http.StatusOK {
				t.Errorf("health: %d", got)
			}
		})
	}
}

// Beside WithAuth the proxies of the environment count too: addresses are judged by them.
func TestProxiesOfTheEnvironmentBesideWithAuth(t *testing.T) {
	env := tenantEnv.with("ZSCALER_MCP_ALLOWED_SOURCE_IPS", "10.0.0.0/8", "ZSCALER_MCP_TRUSTED_PROXIES", "198.51.100.1")
	h := handlerOf(t, env.option(), withKey(t))
	for forwarded, want := range map[string]int{"10.1.2.3": 401, "192.0.2.8": 403} {
		if got := status(t, h, http.MethodPost, "http://mcp.example.com/mcp", "198.51.100.1", "X-Forwarded-For", forwarded); got != want {
			t.Errorf("%s: %d, want %d", forwarded, got, want)
		}
	}
	if _, err := zscalermcp.New(env.with("ZSCALER_MCP_TRUSTED_PROXIES", "everybody").option(), withKey(t)); err == nil || !strings.Contains(err.Error(), "ZSCALER_MCP_TRUSTED_PROXIES") {
		t.Errorf("nonsense: %v", err)
	}
}

// An authorization server's endpoints are behind the same checks.
func TestDefencesOfOAuthEndpoints(t *testing.T) {
	p, err := oidcproxy.New(t.Context(), oidcproxy.Config{
		Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy"}, ResourceURL: "https://mcp.example.com/mcp", LazyDiscovery: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, tenantEnv.option(), zscalermcp.WithAuth(p), zscalermcp.WithSourceIPs("10.0.0.0/8"))
	const metadata = "/.well-known/oauth-authorization-server"
	for name, test := range map[string]struct {
		url, from string
		want      int
	}{
		"its host":       {"http://mcp.example.com" + metadata, "10.0.0.1", 200},
		"a stranger's":   {"http://evil.example" + metadata, "10.0.0.1", 421},
		"another source": {"http://mcp.example.com" + metadata, "192.0.2.1", 403},
		"unknown path":   {"http://mcp.example.com/nothing", "192.0.2.1", 403},
	} {
		if got := status(t, h, http.MethodGet, test.url, test.from); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

// Mount puts the same checks on each route.
func TestDefencesOfMountedRoutes(t *testing.T) {
	mux := http.NewServeMux()
	srv := newServer(t, tenantEnv.option(), withKey(t), zscalermcp.WithPublicURL("https://mcp.example.com/mcp"), zscalermcp.WithSourceIPs("10.0.0.0/8"), zscalermcp.WithHealth("/up"))
	if err := srv.Mount(mux); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]int{"http://mcp.example.com/mcp": 401, "http://evil.example/mcp": 421, "http://evil.example/up": 200} {
		if got := status(t, mux, http.MethodGet, target, "10.0.0.1"); got != want {
			t.Errorf("%s: %d, want %d", target, got, want)
		}
	}
	if got := status(t, mux, http.MethodGet, "http://mcp.example.com/mcp", "192.0.2.1"); got != http.StatusForbidden {
		t.Errorf("another source: %d", got)
	}
}

// Every bad entry is named, with the variable or option; nothing is skipped.
func TestBadLists(t *testing.T) {
	for variable, value := range map[string]string{
		"ZSCALER_MCP_ALLOWED_HOSTS": "mcp.example.com, https://bad.example", "ZSCALER_MCP_ALLOWED_SOURCE_IPS": "10.0.0.0/8, bad.example", "ZSCALER_MCP_ALLOWED_ORIGINS": "https://app.example.com, bad.example",
	} {
		if _, err := zscalermcp.New(tenantEnv.with(variable, value).option(), withKey(t)); err == nil || !strings.Contains(err.Error(), variable+":") || !strings.Contains(err.Error(), "bad.example") {
			t.Errorf("%s: %v", variable, err)
		}
		if _, err := zscalermcp.New(tenantEnv.with(variable, " , ").option(), withKey(t)); err == nil || !strings.Contains(err.Error(), variable) {
			t.Errorf("%s, empty: %v", variable, err)
		}
	}
	for name, option := range map[string]zscalermcp.Option{
		"WithAllowedHosts": zscalermcp.WithAllowedHosts("https://bad.example"), "WithSourceIPs": zscalermcp.WithSourceIPs("bad.example"), "WithAllowedOrigins": zscalermcp.WithAllowedOrigins("bad.example"),
		"WithAllowedHosts names nothing": zscalermcp.WithAllowedHosts(), "WithSourceIPs names nothing": zscalermcp.WithSourceIPs(),
	} {
		if _, err := zscalermcp.New(tenantEnv.option(), withKey(t), option); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_ALLOWED_HOSTS", "a.example", "ZSCALER_MCP_DISABLE_HOST_VALIDATION", "true").option(), withKey(t)); err == nil || !strings.Contains(err.Error(), "contradicts") {
		t.Errorf("a list that is not looked at: %v", err)
	}
	if _, err := zscalermcp.New(tenantEnv.option(), withKey(t), zscalermcp.WithAllowedHosts("a.example"), zscalermcp.InsecureAllowAnyHost()); err == nil || !strings.Contains(err.Error(), "contradicts") {
		t.Errorf("options that contradict: %v", err)
	}
}

// A flood from one address waits before it can try credentials, and the health endpoints answer meanwhile.
func TestFloodsWait(t *testing.T) {
	h := handlerOf(t, tenantEnv.with("ZSCALER_MCP_LIMITS", "address-rate=0.01/3").option(), withKey(t))
	var got []int
	for range 5 {
		got = append(got, status(t, h, http.MethodPost, "http://mcp.example.com/mcp", "192.0.2.1", "Authorization", "Bearer wrong"))
	}
	if !slices.Equal(got, []int{401, 401, 401, 429, 429}) {
		t.Errorf("%v", got)
	}
	for from, want := range map[string]int{"192.0.2.1": 429, "192.0.2.2": 401} {
		if got := status(t, h, http.MethodPost, "http://mcp.example.com/mcp", from); got != want {
			t.Errorf("%s: %d, want %d", from, got, want)
		}
	}
	if got := status(t, h, http.MethodGet, "http://mcp.example.com/ready", "192.0.2.1"); got != http.StatusOK {
		t.Errorf("ready: %d", got)
	}
}
