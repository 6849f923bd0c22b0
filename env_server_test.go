package zscalermcp_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth/authtest"
)

var serverVars = []string{
	"ZSCALER_MCP_AUTH_MODE", "authorization-server", "OIDCPROXY_CONFIG_URL", "https://idp.example.com/.well-known/openid-configuration",
	"OIDCPROXY_BASE_URL", "https://svc.example.com", "OIDCPROXY_CLIENT_ID", "proxy", "OIDCPROXY_CLIENT_SECRET", "the-secret-at-the-provider",
}

// The environment makes the server an authorization server, whose metadata and challenge are those of its public address.
func TestEnvironmentOfAnAuthorizationServer(t *testing.T) {
	srv := newServer(t, tenantEnv.with(slices.Concat(serverVars, []string{
		"OIDCPROXY_REQUIRED_SCOPES", "zscaler:read", "OIDCPROXY_REDIRECT_URIS", "https://claude.ai/api/mcp/auth_callback,http://localhost:*/callback", "ZSCALER_MCP_MASTER_KEYS", strings.Repeat("ab", 32),
	})...).option())
	posture := srv.Posture()
	if posture.Auth != "authorization-server" || !strings.Contains(posture.AuthDetail, "https://svc.example.com/auth/callback") || strings.Contains(posture.AuthDetail, "the-secret") {
		t.Errorf("%+v", posture)
	}
	h, err := srv.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, body string) (*http.Response, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), method, "https://svc.example.com"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(w, r)
		data, _ := io.ReadAll(w.Result().Body)
		return w.Result(), string(data)
	}
	var metadata map[string]any
	if _, body := ask(http.MethodGet, "/.well-known/oauth-authorization-server", ""); json.Unmarshal([]byte(body), &metadata) != nil || metadata["issuer"] != "https://svc.example.com" {
		t.Errorf("%s", body)
	}
	if resp, body := ask(http.MethodPost, "/mcp", "{}"); resp.StatusCode != http.StatusUnauthorized || !strings.Contains(resp.Header.Get("Www-Authenticate"), `scope="zscaler:read"`) {
		t.Errorf("%d %v %s", resp.StatusCode, resp.Header, body)
	}
	if resp, body := ask(http.MethodPost, "/register", `{"redirect_uris":["http://localhost:1/callback"]}`); resp.StatusCode != http.StatusCreated {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if resp, body := ask(http.MethodPost, "/register", `{"redirect_uris":["https://app.example.com/callback"]}`); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

// Metadata documents of clients are served unless the variable says otherwise.
func TestEnvironmentOfMetadataDocuments(t *testing.T) {
	for value, want := range map[string]string{"": "true", "true": "true", "false": "false"} {
		hosts := map[bool]string{true: "claude.ai,*.example.com"}[want == "true"]
		srv := newServer(t, tenantEnv.with(slices.Concat(serverVars, []string{"OIDCPROXY_ENABLE_CIMD", value, "OIDCPROXY_CIMD_HOSTS", hosts})...).option())
		if detail := srv.Posture().AuthDetail; !strings.HasSuffix(detail, map[bool]string{true: "documents of claude.ai, *.example.com", false: "documents off"}[want == "true"]) {
			t.Errorf("%q: %s", value, detail)
		}
		h, err := srv.Handler()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://svc.example.com/.well-known/oauth-authorization-server", nil))
		if !strings.Contains(w.Body.String(), `"client_id_metadata_document_supported":`+want) {
			t.Errorf("%q: %s", value, w.Body)
		}
	}
}

// Each mistake is said in the words of the variables.
func TestMistakesOfAnAuthorizationServer(t *testing.T) {
	for name, row := range map[string]struct {
		env  []string
		want string
	}{
		"no secret file":             {[]string{"OIDCPROXY_CLIENT_SECRET", "", "OIDCPROXY_CLIENT_SECRET_FILE", "/nowhere"}, "OIDCPROXY_CLIENT_SECRET_FILE: "},
		"no discovery":               {[]string{"OIDCPROXY_CONFIG_URL", ""}, "OIDCPROXY_CONFIG_URL is not set"},
		"no client":                  {[]string{"OIDCPROXY_CLIENT_ID", ""}, "OIDCPROXY_CLIENT_ID is not set"},
		"no base":                    {[]string{"OIDCPROXY_BASE_URL", ""}, "OIDCPROXY_BASE_URL is not set"},
		"http base":                  {[]string{"OIDCPROXY_BASE_URL", "http://svc.example.com"}, "OIDCPROXY_BASE_URL"},
		"http discovery":             {[]string{"OIDCPROXY_CONFIG_URL", "http://idp.example.com/.well-known/openid-configuration"}, "OIDCPROXY_CONFIG_URL"},
		"a pattern":                  {[]string{"OIDCPROXY_REDIRECT_URIS", "https://*/cb"}, "OIDCPROXY_REDIRECT_URIS"},
		"an issuer for the document": {[]string{"OIDCPROXY_CONFIG_URL", "https://idp.example.com"}, "OIDCPROXY_CONFIG_URL does not end in /.well-known/openid-configuration"},
		"many tenants":               {[]string{"OIDCPROXY_ISSUER", "https://login.microsoftonline.com/{tenantid}/v2.0"}, "OIDCPROXY_ISSUER is one for many tenants"},
		"http issuer":                {[]string{"OIDCPROXY_ISSUER", "http://idp.example.com"}, "OIDCPROXY_ISSUER: must be https"},
		"a host of documents":        {[]string{"OIDCPROXY_CIMD_HOSTS", "https://claude.ai"}, "OIDCPROXY_CIMD_HOSTS"},
		"hosts of no documents":      {[]string{"OIDCPROXY_CIMD_HOSTS", "claude.ai", "OIDCPROXY_ENABLE_CIMD", "false"}, "OIDCPROXY_CIMD_HOSTS contradicts"},
		"documents, perhaps":         {[]string{"OIDCPROXY_ENABLE_CIMD", "perhaps"}, `OIDCPROXY_ENABLE_CIMD="perhaps" is neither true nor false`},
		"a short key":                {[]string{"ZSCALER_MCP_MASTER_KEYS", "abc"}, "master key 1"},
		"headers":                    {[]string{"ZSCALER_MCP_AUTH_HEADERS", "Authorization"}, "ZSCALER_MCP_AUTH_HEADERS has no effect in mode authorization-server"},
	} {
		_, err := zscalermcp.New(tenantEnv.with(slices.Concat(serverVars, row.env)...).option())
		if err == nil || strings.Count(err.Error(), row.want) != 1 || strings.Contains(err.Error(), "the-secret") || strings.Contains(err.Error(), "oidcproxy.Config") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A provider that is another one keeps the server from starting; one that does not answer does not.
func TestCheckOfAnAuthorizationServer(t *testing.T) {
	idp := authtest.NewProvider(authtest.Options{})
	defer idp.Close()
	var warnings string
	check := func() error {
		srv := newServer(t, tenantEnv.with(slices.Concat(serverVars, []string{"OIDCPROXY_CONFIG_URL", idp.DiscoveryURL(), "OIDCPROXY_BASE_URL", "http://127.0.0.1:8000"})...).option())
		err := srv.CheckRun(t.Context())
		warnings = strings.Join(srv.Posture().Warnings, "\n")
		return err
	}
	if err := check(); err != nil || strings.Contains(warnings, "identity provider answers") || !strings.Contains(warnings, "ZSCALER_MCP_MASTER_KEYS is not set") {
		t.Errorf("lawful: %v %s", err, warnings)
	}
	idp.Fail(http.StatusBadGateway)
	if err := check(); err != nil || !strings.Contains(warnings, "nobody can sign in until the identity provider answers") {
		t.Errorf("down: %v %s", err, warnings)
	}
	idp.Fail(http.StatusNotFound)
	if err := check(); err == nil || !strings.Contains(err.Error(), "answered with status 404") {
		t.Errorf("no document: %v", err)
	}
	idp.Fail(0)
	idp.Tamper(authtest.Tampering{Metadata: func(d map[string]any) { d["issuer"] = "https://evil.example" }})
	if err := check(); err == nil || !strings.Contains(err.Error(), "evil.example") {
		t.Errorf("another issuer: %v", err)
	}
}
