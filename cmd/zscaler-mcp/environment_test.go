package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// A variable that is misspelt may have been meant to keep somebody out.
func TestMisspeltVariables(t *testing.T) {
	base := map[string]string{"ZSCALER_MCP_TRANSPORT": "streamable-http", "ZSCALER_MCP_AUTH_API_KEY": testKey, "ZSCALER_MCP_PORT": "0"}
	for name, test := range map[string]struct {
		variable string
		stdio    bool
		refusal  string // empty for a warning
	}{
		"singular":              {"ZSCALER_MCP_AUTH_REQUIRED_SCOPE", false, "did you mean ZSCALER_MCP_AUTH_REQUIRED_SCOPES?"},
		"URL":                   {"ZSCALER_MCP_AUTH_JWKS_URL", false, "did you mean ZSCALER_MCP_AUTH_JWKS_URI?"},
		"of the proxy":          {"OIDCPROXY_REQUIRED_SCOPE", false, "did you mean OIDCPROXY_REQUIRED_SCOPES?"},
		"of the tools":          {"ZSCALER_MCP_DISABLED_TOOL", false, "did you mean ZSCALER_MCP_DISABLED_TOOLS?"},
		"of the tools on stdio": {"ZSCALER_MCP_DISABLED_TOOL", true, "did you mean ZSCALER_MCP_DISABLED_TOOLS?"},
		"of the binary":         {"ZSCALER_MCP_DEBUGS", false, "did you mean ZSCALER_MCP_DEBUG?"},
		"authentication":        {"ZSCALER_MCP_AUTH_ALLOWED_CLIENTS", false, "ZSCALER_MCP_AUTH_ALLOWED_CLIENTS is not known to this version"},
		"which stdio has not":   {"ZSCALER_MCP_AUTH_ALLOWED_CLIENTS", true, ""},
		"a script's":            {"OIDCPROXY_DOMAIN", false, ""},
		"Kubernetes'":           {"ZSCALER_MCP_SERVICE_HOST", false, ""},
		"a newer version's":     {"ZSCALER_MCP_BRAND_NEW", false, ""},
	} {
		env := map[string]string{test.variable: "x"}
		for name, value := range base {
			env[name] = value
		}
		if test.stdio {
			env["ZSCALER_MCP_TRANSPORT"] = "stdio"
		}
		status, _, stderr := zscalerMCP(t, env, "--demo", "--check")
		refused, warned := status != 0 && strings.Contains(stderr, test.refusal), status == 0 && strings.Contains(stderr, "level=WARN") && strings.Contains(stderr, test.variable)
		if test.refusal != "" && !refused || test.refusal == "" && !warned {
			t.Errorf("%s: status %d: %s", name, status, stderr)
		}
	}
	for name, env := range map[string]map[string]string{
		"an empty one":     {"ZSCALER_MCP_AUTH_REQUIRED_SCOPE": ""},
		"somebody else's":  {"ZSCALER_SDK_LOG": "true", "ZSCALER_CLIENT_IDS": "x"},
		"one that is read": {"ZSCALER_MCP_AUTH_HEADERS": "X-Api-Key", "ZSCALER_MCP_DEBUG": "true"},
	} {
		for name, value := range base {
			env[name] = value
		}
		if status, _, stderr := zscalerMCP(t, env, "--demo", "--check"); status != 0 || strings.Contains(stderr, "not known") {
			t.Errorf("%s: status %d: %s", name, status, stderr)
		}
	}
}

// Names in the file of variables are looked at like those of the environment.
func TestMisspeltVariablesOfTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "variables")
	write(t, file, "ZSCALER_MCP_AUTH_API_KEY="+testKey+"\nZSCALER_MCP_TRUSTED_PROXY=10.0.0.1\n")
	status, _, stderr := zscalerMCP(t, nil, "--demo", "--check", "--transport", "streamable-http", "--dotenv-path", file)
	if status == 0 || !strings.Contains(stderr, "ZSCALER_MCP_TRUSTED_PROXY is not known") || strings.Contains(stderr, testKey) {
		t.Errorf("status %d: %s", status, stderr)
	}
}
