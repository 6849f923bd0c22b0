package zscalermcp_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

// secretFile writes a file with text and returns its path.
func secretFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// keysFile writes a file of one named key.
func keysFile(t *testing.T, name, key string) string {
	t.Helper()
	digest := sha256.Sum256([]byte(key))
	return secretFile(t, `{"keys":[{"name":"`+name+`","sha256":"`+hex.EncodeToString(digest[:])+`"}]}`)
}

var (
	jwtVars = []string{
		"ZSCALER_MCP_AUTH_JWKS_URI", "https://idp.example.com/jwks", "ZSCALER_MCP_AUTH_ISSUER", "https://idp.example.com/",
		"ZSCALER_MCP_AUTH_AUDIENCE", "https://svc.example.com/mcp",
	}
	keyVars  = []string{"ZSCALER_MCP_AUTH_API_KEY", testKey}
	oidcVars = []string{
		"ZSCALER_MCP_AUTH_MODE", "oidc", "OIDCPROXY_CONFIG_URL", "https://idp.example.com/.well-known/openid-configuration",
		"OIDCPROXY_BASE_URL", "https://svc.example.com",
	}
)

func TestTheEnvironmentSelectsAMode(t *testing.T) {
	for name, test := range map[string]struct {
		env      []string
		mode     string   // of the posture
		warnings []string // parts of them
	}{
		"key":                    {env: keyVars, mode: "api-key"},
		"key file":               {env: []string{"ZSCALER_MCP_AUTH_API_KEY_FILE", secretFile(t, testKey+"\n")}, mode: "api-key"},
		"keys file":              {env: []string{"ZSCALER_MCP_AUTH_API_KEYS_FILE", keysFile(t, "ci", testKey)}, mode: "api-key"},
		"mode and key":           {env: append([]string{"ZSCALER_MCP_AUTH_MODE", "api-key"}, keyVars...), mode: "api-key"},
		"mode in upper case":     {env: append([]string{"ZSCALER_MCP_AUTH_MODE", "API-KEY"}, keyVars...), mode: "api-key"},
		"enabled and key":        {env: append([]string{"ZSCALER_MCP_AUTH_ENABLED", "true"}, keyVars...), mode: "api-key"},
		"jwks":                   {env: jwtVars, mode: "jwt"},
		"jwks wins over the key": {env: slices.Concat(jwtVars, keyVars), mode: "jwt", warnings: []string{"ZSCALER_MCP_AUTH_API_KEY has no effect"}},
		"the mode wins over all": {
			env: slices.Concat(jwtVars, keyVars, []string{"ZSCALER_MCP_AUTH_MODE", "api-key"}), mode: "api-key",
			warnings: []string{"ZSCALER_MCP_AUTH_JWKS_URI has no effect", "ZSCALER_MCP_AUTH_ISSUER has no effect"},
		},
		"zscaler":                 {env: []string{"ZSCALER_MCP_AUTH_MODE", "zscaler"}, mode: "zscaler"},
		"callers":                 {env: []string{"ZSCALER_MCP_AUTH_MODE", "zscaler", "ZSCALER_MCP_CALLER_CREDENTIALS", "true", "ZSCALER_CLIENT_ID", "", "ZSCALER_CLIENT_SECRET", ""}, mode: "zscaler"},
		"protected resource":      {env: oidcVars, mode: "oidc"},
		"as the vendor's":         {env: slices.Concat(oidcVars, []string{"ZSCALER_MCP_AUTH_MODE", "oidcproxy"}), mode: "oidc"},
		"another spelling":        {env: slices.Concat(oidcVars, []string{"ZSCALER_MCP_AUTH_MODE", "oauth-proxy"}), mode: "oidc"},
		"a secret of no use":      {env: slices.Concat(oidcVars, []string{"OIDCPROXY_CLIENT_ID", "app", "OIDCPROXY_CLIENT_SECRET", "the-idp-secret"}), mode: "oidc", warnings: []string{"OIDCPROXY_CLIENT_SECRET has no effect"}},
		"introspection":           {env: slices.Concat(oidcVars, []string{"OIDCPROXY_CLIENT_ID", "app", "OIDCPROXY_CLIENT_SECRET", "s", "OIDCPROXY_INTROSPECTION_URL", "https://idp.example.com/introspect"}), mode: "oidc"},
		"the path is in the base": {env: slices.Concat(oidcVars, []string{"OIDCPROXY_BASE_URL", "https://svc.example.com/tools/mcp"}), mode: "oidc"},
		"an issuer by name":       {env: slices.Concat(oidcVars, []string{"OIDCPROXY_ISSUER", "https://sts.example.com/"}), mode: "oidc"},
		"a public URL":            {env: slices.Concat(oidcVars, []string{"ZSCALER_MCP_PUBLIC_URL", "https://svc.example.com/tools/mcp"}), mode: "oidc"},
		"platform":                {env: slices.Concat(keyVars, []string{"ZSCALER_MCP_TRUST_PLATFORM_AUTH", "true", "ZSCALER_MCP_TRUSTED_PROXIES", "10.0.0.0/8"}), mode: "api-key", warnings: []string{"ZSCALER_MCP_TRUST_PLATFORM_AUTH is on"}},
		"platform, not so":        {env: slices.Concat(keyVars, []string{"ZSCALER_MCP_TRUST_PLATFORM_AUTH", "false"}), mode: "api-key"},
		"one header":              {env: slices.Concat(keyVars, []string{"ZSCALER_MCP_AUTH_HEADERS", "X-Api-Key"}), mode: "api-key"},
		"off":                     {env: []string{"ZSCALER_MCP_AUTH_ENABLED", "false"}, mode: "none (opted out)", warnings: []string{"authentication over HTTP is off"}},
		"off by mode":             {env: []string{"ZSCALER_MCP_AUTH_MODE", "none"}, mode: "none (opted out)"},
		"off beside a key":        {env: append([]string{"ZSCALER_MCP_AUTH_MODE", "none"}, keyVars...), mode: "none (opted out)", warnings: []string{"ZSCALER_MCP_AUTH_API_KEY has no effect"}},
		"nothing":                 {mode: "not configured: HTTP is refused"},
		"OIDC without a mode":     {env: oidcVars[2:], mode: "not configured: HTTP is refused", warnings: []string{"OIDCPROXY_CONFIG_URL has no effect: it is for ZSCALER_MCP_AUTH_MODE=oidc"}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := newServer(t, tenantEnv.with(test.env...).option())
			posture := srv.Posture()
			if posture.Auth != test.mode {
				t.Errorf("mode %q, want %q", posture.Auth, test.mode)
			}
			warnings := strings.Join(posture.Warnings, "\n")
			for _, want := range test.warnings {
				if !strings.Contains(warnings, want) {
					t.Errorf("no warning %q in:\n%s", want, warnings)
				}
			}
			if len(test.warnings) == 0 && strings.Contains(warnings, "has no effect") {
				t.Errorf("warned without a reason:\n%s", warnings)
			}
			if _, err := srv.Handler(); (err != nil) != strings.HasPrefix(test.mode, "not configured") {
				t.Errorf("Handler: %v", err)
			}
		})
	}
}

// R124, R133: what is half configured does not start, and the error names every mistake and no secret.
func TestTheEnvironmentRefusesHalfAConfiguration(t *testing.T) {
	for name, test := range map[string]struct {
		env  []string
		want []string
	}{
		"an unknown mode":        {env: []string{"ZSCALER_MCP_AUTH_MODE", "magic"}, want: []string{"magic", "api-key, jwt, zscaler, oidc, authorization-server or none"}},
		"short key":              {env: []string{"ZSCALER_MCP_AUTH_API_KEY", "short"}, want: []string{"ZSCALER_MCP_AUTH_API_KEY: the key has 5 bytes", "16"}},
		"key and file":           {env: append([]string{"ZSCALER_MCP_AUTH_API_KEY_FILE", secretFile(t, testKey)}, keyVars...), want: []string{"use one"}},
		"no such file":           {env: []string{"ZSCALER_MCP_AUTH_API_KEY_FILE", "/does/not/exist"}, want: []string{"ZSCALER_MCP_AUTH_API_KEY_FILE"}},
		"no such keys file":      {env: []string{"ZSCALER_MCP_AUTH_API_KEYS_FILE", "/does/not/exist"}, want: []string{"/does/not/exist"}},
		"mode without key":       {env: []string{"ZSCALER_MCP_AUTH_MODE", "api-key"}, want: []string{"ZSCALER_MCP_AUTH_API_KEY", "ZSCALER_MCP_AUTH_API_KEYS_FILE"}},
		"enabled without mode":   {env: []string{"ZSCALER_MCP_AUTH_ENABLED", "true"}, want: []string{"ZSCALER_MCP_AUTH_MODE", "ZSCALER_MCP_AUTH_JWKS_URI", "ZSCALER_MCP_AUTH_API_KEY"}},
		"off and mode":           {env: []string{"ZSCALER_MCP_AUTH_ENABLED", "false", "ZSCALER_MCP_AUTH_MODE", "jwt"}, want: []string{"contradicts"}},
		"on and none":            {env: []string{"ZSCALER_MCP_AUTH_ENABLED", "true", "ZSCALER_MCP_AUTH_MODE", "none"}, want: []string{"contradicts"}},
		"neither on nor off":     {env: append([]string{"ZSCALER_MCP_AUTH_ENABLED", "maybe"}, keyVars...), want: []string{"ZSCALER_MCP_AUTH_ENABLED"}},
		"jwks alone":             {env: jwtVars[:2], want: []string{"ZSCALER_MCP_AUTH_ISSUER", "ZSCALER_MCP_AUTH_AUDIENCE"}},
		"mode jwt alone":         {env: []string{"ZSCALER_MCP_AUTH_MODE", "jwt"}, want: []string{"ZSCALER_MCP_AUTH_JWKS_URI", "ZSCALER_MCP_AUTH_ISSUER", "ZSCALER_MCP_AUTH_AUDIENCE"}},
		"issuer without jwks":    {env: jwtVars[2:4], want: []string{"ZSCALER_MCP_AUTH_ISSUER", "ZSCALER_MCP_AUTH_JWKS_URI"}},
		"jwks in the clear":      {env: slices.Concat(jwtVars, []string{"ZSCALER_MCP_AUTH_JWKS_URI", "http://idp.example.com/jwks"}), want: []string{"https"}},
		"algorithms":             {env: slices.Concat(jwtVars, []string{"ZSCALER_MCP_AUTH_ALGORITHMS", "RS256,none"}), want: []string{"none"}},
		"zscaler without tenant": {env: []string{"ZSCALER_MCP_AUTH_MODE", "zscaler", "ZSCALER_VANITY_DOMAIN", ""}, want: []string{"ZSCALER_VANITY_DOMAIN"}},
		"callers without zscaler": {
			env: append([]string{"ZSCALER_MCP_CALLER_CREDENTIALS", "true"}, keyVars...), want: []string{"ZSCALER_MCP_CALLER_CREDENTIALS", "zscaler"},
		},
		"a base with another path": {env: slices.Concat(oidcVars, []string{"OIDCPROXY_BASE_URL", "https://svc.example.com/tools", "ZSCALER_MCP_PUBLIC_URL", "https://svc.example.com/tools/mcp"}), want: []string{"OIDCPROXY_BASE_URL"}},
		"a refresh scope":          {env: slices.Concat(oidcVars, []string{"OIDCPROXY_REQUIRED_SCOPES", "read,offline_access"}), want: []string{"offline_access"}},
		"discovery of nobody":      {env: slices.Concat(oidcVars, []string{"OIDCPROXY_CONFIG_URL", "https://idp.example.com/oidc"}), want: []string{"OIDCPROXY_ISSUER", "/.well-known/openid-configuration"}},
		"oidc alone":               {env: oidcVars[:2], want: []string{"OIDCPROXY_CONFIG_URL", "OIDCPROXY_BASE_URL"}},
		"two public URLs":          {env: slices.Concat(oidcVars, []string{"ZSCALER_MCP_PUBLIC_URL", "https://other.example.com/mcp"}), want: []string{"OIDCPROXY_BASE_URL", "other.example.com"}},
		"introspection by nobody":  {env: slices.Concat(oidcVars, []string{"OIDCPROXY_INTROSPECTION_URL", "https://idp.example.com/introspect"}), want: []string{"OIDCPROXY_CLIENT_ID"}},
		"platform without proxies": {env: append([]string{"ZSCALER_MCP_TRUST_PLATFORM_AUTH", "true"}, keyVars...), want: []string{"ZSCALER_MCP_TRUSTED_PROXIES"}},
		"platform and jwt": {
			env: slices.Concat(jwtVars, []string{"ZSCALER_MCP_TRUST_PLATFORM_AUTH", "true", "ZSCALER_MCP_TRUSTED_PROXIES", "10.0.0.0/8"}), want: []string{"ZSCALER_MCP_TRUST_PLATFORM_AUTH"},
		},
		"a bad proxy":               {env: append([]string{"ZSCALER_MCP_TRUSTED_PROXIES", "10.0.0.0/8,10.0.0.300"}, keyVars...), want: []string{"ZSCALER_MCP_TRUSTED_PROXIES", "10.0.0.300"}},
		"a header without proxies":  {env: append([]string{"ZSCALER_MCP_TRUSTED_PROXY_HEADER", "Forwarded"}, keyVars...), want: []string{"ZSCALER_MCP_TRUSTED_PROXIES"}},
		"a header of another mode":  {env: append([]string{"ZSCALER_MCP_AUTH_HEADERS", "X-Zscaler-Client-ID"}, keyVars...), want: []string{"X-Zscaler-Client-ID"}},
		"headers of no mode":        {env: append([]string{"ZSCALER_MCP_AUTH_HEADERS", "X-Api-Key"}, jwtVars...), want: []string{"ZSCALER_MCP_AUTH_HEADERS"}},
		"several mistakes in one":   {env: []string{"ZSCALER_MCP_AUTH_MODE", "jwt", "ZSCALER_MCP_CALLER_CREDENTIALS", "true", "ZSCALER_MCP_TRUSTED_PROXIES", "x"}, want: []string{"ZSCALER_MCP_AUTH_JWKS_URI", "ZSCALER_MCP_CALLER_CREDENTIALS", "ZSCALER_MCP_TRUSTED_PROXIES"}},
		"an API key shaped as JWT":  {env: []string{"ZSCALER_MCP_AUTH_API_KEY", "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"}, want: []string{"ZSCALER_MCP_AUTH_API_KEY: "}},
		"platform without any mode": {env: []string{"ZSCALER_MCP_TRUST_PLATFORM_AUTH", "true"}, want: []string{"ZSCALER_MCP_TRUST_PLATFORM_AUTH"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := zscalermcp.New(tenantEnv.with(test.env...).option())
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not name %s:\n%v", want, err)
				}
			}
			for _, secret := range []string{testKey, "the-idp-secret", tenantEnv["ZSCALER_CLIENT_SECRET"]} {
				if strings.Contains(err.Error(), secret) {
					t.Error("the error holds a secret")
				}
			}
		})
	}
}

// Every mistake shows at once, in the words of the environment and once.
func TestTheEnvironmentTellsEveryMistakeOnce(t *testing.T) {
	for name, test := range map[string]struct {
		env  []string
		want []string
	}{
		"jwt": {
			[]string{
				"ZSCALER_MCP_AUTH_MODE", "jwt", "ZSCALER_MCP_AUTH_JWKS_URI", "http://idp.example.com/jwks", "ZSCALER_MCP_AUTH_ALGORITHMS", "rs256", "ZSCALER_MCP_AUTH_AUDIENCE", ",",
				"ZSCALER_MCP_AUTH_REQUIRED_SCOPES", "offline_access", "ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY", "perhaps", "ZSCALER_MCP_TRUSTED_PROXIES", "x",
			},
			[]string{
				"ZSCALER_MCP_AUTH_JWKS_URI: must be https", `ZSCALER_MCP_AUTH_ALGORITHMS: has "rs256"`, "ZSCALER_MCP_AUTH_AUDIENCE=\",\" names nothing", "ZSCALER_MCP_AUTH_ISSUER is not set",
				`ZSCALER_MCP_AUTH_REQUIRED_SCOPES: has "offline_access"`, "ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY=", "ZSCALER_MCP_TRUSTED_PROXIES: ",
			},
		},
		"several issuers": {
			slices.Concat(jwtVars, []string{"ZSCALER_MCP_AUTH_ISSUER", "https://a.example.com/,https://b.example.com/"}),
			[]string{"ZSCALER_MCP_AUTH_ISSUER has a comma"},
		},
		"oidc": {
			[]string{"ZSCALER_MCP_AUTH_MODE", "oidc", "OIDCPROXY_CONFIG_URL", "http://idp.example.com/oidc", "OIDCPROXY_BASE_URL", "http://svc.example.com", "OIDCPROXY_REQUIRED_SCOPES", "offline_access"},
			[]string{"OIDCPROXY_CONFIG_URL: must be https", "set OIDCPROXY_ISSUER", "OIDCPROXY_BASE_URL: must be https", `OIDCPROXY_REQUIRED_SCOPES: has "offline_access"`},
		},
		"introspection": {
			[]string{"ZSCALER_MCP_AUTH_MODE", "oidc", "OIDCPROXY_CONFIG_URL", "https://idp.example.com", "OIDCPROXY_BASE_URL", "svc", "OIDCPROXY_INTROSPECTION_URL", "http://idp.example.com/introspect"},
			[]string{"OIDCPROXY_INTROSPECTION_URL needs one OIDCPROXY_CLIENT_ID", `OIDCPROXY_BASE_URL="svc" is not an absolute URL`, "OIDCPROXY_BASE_URL"},
		},
		"oidc, no URLs": {
			[]string{"ZSCALER_MCP_AUTH_MODE", "oidc", "OIDCPROXY_CONFIG_URL", `"https://idp.example.com/.well-known/openid-configuration"`, "OIDCPROXY_BASE_URL", "svc.example.com"},
			[]string{"OIDCPROXY_CONFIG_URL", "OIDCPROXY_BASE_URL"},
		},
		"keys": {
			[]string{"ZSCALER_MCP_AUTH_API_KEYS_FILE", secretFile(t, `{"keys":[{"name":"a"},{"name":"b","sha256":"x"}]}`), "ZSCALER_MCP_AUTH_HEADERS", "X-Other"},
			[]string{"ZSCALER_MCP_AUTH_HEADERS: ", "X-Other", "ZSCALER_MCP_AUTH_API_KEYS_FILE: ", "key 1: ", "key 2: "},
		},
		"keys file": {
			[]string{"ZSCALER_MCP_AUTH_API_KEYS_FILE", secretFile(t, `{"keys":[{"name":"a"},{"name":"b","sha256":"x"}]}`)},
			[]string{"ZSCALER_MCP_AUTH_API_KEYS_FILE: ", "key 1: ", "key 2: "},
		},
	} {
		_, err := zscalermcp.New(tenantEnv.with(test.env...).option())
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		for _, want := range test.want {
			if n := strings.Count(err.Error(), want); n != 1 {
				t.Errorf("%s: %q is said %d times:\n%v", name, want, n, err)
			}
		}
		if strings.Contains(err.Error(), "Config") {
			t.Errorf("%s: the error speaks of Go:\n%v", name, err)
		}
	}
}

// The OneAPI credentials are the server's own: they select no mode, and loopback is no credential.
func TestNothingIsAdmittedByDefault(t *testing.T) {
	srv := newServer(t, tenantEnv.with("ZSCALER_MCP_HOST", "127.0.0.1").option())
	for _, err := range []error{srv.CheckRun(t.Context()), srv.Mount(http.NewServeMux())} {
		if err == nil {
			t.Fatal("served without authentication")
		}
		for _, want := range []string{"api-key", "jwt", "zscaler", "oidc", "ZSCALER_MCP_AUTH_JWKS_URI", "ZSCALER_MCP_AUTH_API_KEY", "ZSCALER_MCP_AUTH_ENABLED=false", "ZSCALER_MCP_AUTH_MODE=none"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the error does not name %s: %v", want, err)
			}
		}
	}
}

func TestWithAuthIgnoresTheAuthenticationVariables(t *testing.T) {
	nonsense := tenantEnv.with("ZSCALER_MCP_AUTH_ENABLED", "perhaps")
	judged := regexp.MustCompile("^(ZSCALER_MCP_AUTH_|ZSCALER_MCP_TRUST_|ZSCALER_MCP_CALLER|OIDCPROXY_)")
	for _, name := range zscalermcp.Variables() {
		if judged.MatchString(name) && name != "ZSCALER_MCP_AUTH_ENABLED" {
			nonsense[name] = ":: non sense\x00"
		}
	}
	if len(nonsense) < 25 {
		t.Fatalf("only %d variables are tried", len(nonsense))
	}
	if _, err := zscalermcp.New(nonsense.option()); err == nil {
		t.Error("the same variables without WithAuth are accepted")
	}
	var logs bytes.Buffer
	srv := newServer(t, nonsense.option(), withKey(t), zscalermcp.WithLogger(slog.New(slog.NewTextHandler(&logs, nil))))
	if _, err := srv.Handler(); err != nil {
		t.Error(err)
	}
	for _, text := range append(srv.Posture().Warnings, logs.String()) {
		if strings.Contains(text, "ZSCALER_MCP_AUTH") || strings.Contains(text, "OIDCPROXY") {
			t.Errorf("a variable was judged: %s", text)
		}
	}
}

func TestBasicAuthorization(t *testing.T) {
	lookup := func(e environ) zscalermcp.Lookup {
		return func(name string) (string, bool) { value, ok := e[name]; return value, ok }
	}
	header, err := zscalermcp.BasicAuthorization(lookup(environ{"ZSCALER_CLIENT_ID": "id", "ZSCALER_CLIENT_SECRET": "se:cret"}))
	if err != nil || header != "Basic aWQ6c2U6Y3JldA==" {
		t.Errorf("%q, %v", header, err)
	}
	for want, env := range map[string]environ{
		"ZSCALER_CLIENT_ID is not set": {"ZSCALER_CLIENT_SECRET": "secret"},
		"ZSCALER_CLIENT_SECRET":        {"ZSCALER_CLIENT_ID": "id", "ZSCALER_PRIVATE_KEY": "key"},
		"colon":                        {"ZSCALER_CLIENT_ID": "i:d", "ZSCALER_CLIENT_SECRET": "secret"},
	} {
		if _, err := zscalermcp.BasicAuthorization(lookup(env)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", env, err, want)
		}
	}
}

// On stdio nobody authenticates: what would keep HTTP from starting is told there, and keeps nothing but HTTP from starting.
func TestStdioNeedsNoAuthentication(t *testing.T) {
	for want, variables := range map[string][]string{
		"ZSCALER_MCP_AUTH_JWKS_URI is not set": {"ZSCALER_MCP_AUTH_MODE", "jwt"},
		"neither true nor false":               {"ZSCALER_MCP_AUTH_ENABLED", "flase"},
		"contradicts":                          {"ZSCALER_MCP_AUTH_ENABLED", "true", "ZSCALER_MCP_AUTH_MODE", "none"},
		"names nothing":                        append([]string{"ZSCALER_MCP_AUTH_REQUIRED_SCOPES", ", ,"}, jwtVars...),
		"ACCESS_TOKENS_ONLY":                   append([]string{"ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY", "ture"}, jwtVars...),
		"CALLER_CREDENTIALS":                   {"ZSCALER_MCP_AUTH_MODE", "zscaler", "ZSCALER_MCP_CALLER_CREDENTIALS", "ture"},
		"TRUSTED_PROXIES":                      append([]string{"ZSCALER_MCP_TRUSTED_PROXIES", "everybody"}, keyVars...),
	} {
		broken := tenantEnv.with(append([]string{"ZSCALER_MCP_TRANSPORT", "stdio"}, variables...)...)
		srv := newServer(t, broken.option())
		if warnings := strings.Join(srv.Posture().Warnings, "\n"); !strings.Contains(warnings, want) {
			t.Errorf("%q is not told:\n%s", want, warnings)
		}
		_, err := srv.Handler()
		for name, err := range map[string]error{"Handler": err, "Mount": srv.Mount(http.NewServeMux()), "CheckRun": srv.CheckRun(t.Context()), "Run": srv.Run(t.Context())} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s with %v: %v", name, variables, err)
			}
		}
		if _, err := zscalermcp.New(broken.with("ZSCALER_MCP_TRANSPORT", "streamable-http").option()); err == nil {
			t.Errorf("over HTTP a server with %v starts", variables)
		}
	}
	srv := newServer(t, tenantEnv.with(append([]string{"ZSCALER_MCP_TRANSPORT", "stdio"}, keyVars...)...).option())
	if _, err := srv.Handler(); err != nil {
		t.Errorf("a host that mounts a server of a sound environment: %v", err)
	}
}

// R149: addresses may hold secrets; errors, the posture and the log show them without.
func TestAddressesAreShownWithoutSecrets(t *testing.T) {
	const secret = "s3cret-in-an-address"
	withUser := func(url string) string { return strings.Replace(url, "//", "//user:"+secret+"@", 1) }
	jwks := "https://idp.example.com/jwks"
	for name, env := range map[string][]string{
		"query of the keys":       slices.Concat(jwtVars, []string{"ZSCALER_MCP_AUTH_JWKS_URI", jwks + "?code=" + secret}),
		"user of the keys":        slices.Concat(jwtVars, []string{"ZSCALER_MCP_AUTH_JWKS_URI", withUser(jwks)}),
		"no port of the keys":     slices.Concat(jwtVars, []string{"ZSCALER_MCP_AUTH_JWKS_URI", withUser("https://idp.example.com:x/jwks")}),
		"user of the document":    slices.Concat(oidcVars, []string{"OIDCPROXY_CONFIG_URL", withUser(oidcVars[3])}),
		"query of the document":   slices.Concat(oidcVars, []string{"OIDCPROXY_ISSUER", "https://idp.example.com", "OIDCPROXY_CONFIG_URL", oidcVars[3] + "?code=" + secret}),
		"user of the base":        slices.Concat(oidcVars, []string{"OIDCPROXY_BASE_URL", withUser("https://svc.example.com")}),
		"no port of the base":     slices.Concat(oidcVars, []string{"OIDCPROXY_BASE_URL", withUser("https://svc.example.com:x")}),
		"query of the base":       slices.Concat(oidcVars, []string{"OIDCPROXY_BASE_URL", "https://svc.example.com/mcp?code=" + secret}),
		"user of the public URL":  slices.Concat(keyVars, []string{"ZSCALER_MCP_PUBLIC_URL", withUser("https://svc.example.com/mcp")}),
		"query of the public URL": slices.Concat(keyVars, []string{"ZSCALER_MCP_PUBLIC_URL", "https://svc.example.com/mcp?code=" + secret}),
		"both, and they disagree": slices.Concat(oidcVars, []string{"ZSCALER_MCP_PUBLIC_URL", withUser("https://other.example.com/mcp")}),
	} {
		var logs logBuffer
		srv, err := zscalermcp.New(tenantEnv.with(env...).option(), logs.option())
		text := logs.String()
		if err != nil {
			text += err.Error()
		} else {
			text += srv.Posture().LogValue().String()
		}
		if text == "" || strings.Contains(text, secret) {
			t.Errorf("%s: nothing, or the secret, in: %s", name, text)
		}
	}
}

func TestWarningsOfAddresses(t *testing.T) {
	zscaler, asking := []string{"ZSCALER_MCP_AUTH_MODE", "zscaler"}, slices.Concat(oidcVars, []string{
		"OIDCPROXY_INTROSPECTION_URL", "https://idp.example.com/introspect", "OIDCPROXY_CLIENT_ID", "app", "OIDCPROXY_CLIENT_SECRET", "the-idp-secret",
	})
	public := func(url string) []string { return []string{"ZSCALER_MCP_PUBLIC_URL", url} }
	const clear, shared = "the public URL is http", "seem to share its address"
	for name, test := range map[string]struct {
		env  []string
		want string // of the two warnings
	}{
		"http":                  {slices.Concat(keyVars, public("http://svc.example.com/mcp")), clear},
		"https":                 {slices.Concat(keyVars, public("https://svc.example.com/mcp")), ""},
		"http on loopback":      {slices.Concat(keyVars, public("http://127.0.0.1:8000/mcp")), ""},
		"http on localhost":     {slices.Concat(keyVars, public("http://LOCALHOST:8000/mcp")), ""},
		"no public URL":         {keyVars, ""},
		"pairs behind a proxy":  {slices.Concat(zscaler, public("https://svc.example.com/mcp")), shared},
		"the proxy is named":    {slices.Concat(zscaler, public("https://svc.example.com/mcp"), []string{"ZSCALER_MCP_TRUSTED_PROXIES", "10.0.0.1"}), ""},
		"pairs on loopback":     {slices.Concat(zscaler, public("http://localhost:8000/mcp")), ""},
		"asking behind a proxy": {asking, shared},
		"tokens verified here":  {oidcVars, ""},
	} {
		warnings := strings.Join(newServer(t, tenantEnv.with(test.env...).option()).Posture().Warnings, "\n")
		for _, warning := range []string{clear, shared} {
			if got := strings.Contains(warnings, warning); got != (warning == test.want) {
				t.Errorf("%s: warned %q: %t", name, warning, got)
			}
		}
	}
}

// Whoever looks at the posture sees every key that opens the door.
func TestPostureTellsEverySourceOfKeys(t *testing.T) {
	file := keysFile(t, "ci", "file-key-0123456789-abcdefghijklmn")
	inFile := []string{"ZSCALER_MCP_AUTH_API_KEYS_FILE", file}
	for want, env := range map[string][]string{"one key": keyVars, "file of keys " + file: inFile, "one key and file of keys " + file: slices.Concat(keyVars, inFile)} {
		if got := newServer(t, tenantEnv.with(env...).option()).Posture().AuthDetail; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
