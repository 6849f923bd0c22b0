package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const plainText, rights = "the variables file holds secrets in plain text", "others than its owner have rights"

// Secrets in the file are advised against by name, and never shown. What stands for a secret is none.
func TestSecretsInTheVariablesFile(t *testing.T) {
	for line, want := range map[string]string{
		"ZSCALER_CLIENT_SECRET=hunter2-is-it":                                             "ZSCALER_CLIENT_SECRET",
		"ZSCALER_PRIVATE_KEY=\"-----BEGIN PRIVATE KEY-----\nhunter2\n-----END KEY-----\"": "ZSCALER_PRIVATE_KEY",
		"ZSCALER_PRIVATE_KEY='{\"kty\":\"hunter2\"}'":                                     "ZSCALER_PRIVATE_KEY",
		"ZSCALER_MCP_AUTH_API_KEY=hunter2-0123456789":                                     "ZSCALER_MCP_AUTH_API_KEY",
		"OIDCPROXY_CLIENT_SECRET=hunter2":                                                 "OIDCPROXY_CLIENT_SECRET",
		"ZSCALER_MCP_MASTER_KEYS=hunter2":                                                 "ZSCALER_MCP_MASTER_KEYS",
		"ZSCALER_MCP_STORE_URL=redis://:hunter2@127.0.0.1:1/0":                            "ZSCALER_MCP_STORE_URL",
		"ZSCALER_MCP_TLS_KEYFILE_PASSWORD=hunter2":                                        "ZSCALER_MCP_TLS_KEYFILE_PASSWORD",
		"ZSCALER_CLIENT_SECRET_FILE=/run/secrets/client":                                  "",
		"ZSCALER_CLIENT_SECRET=":                                                          "",
		"ZSCALER_PRIVATE_KEY=/run/secrets/key.pem":                                        "",
		"ZSCALER_MCP_STORE_URL=redis://127.0.0.1:1/0":                                     "",
		"ZSCALER_MCP_TLS_KEYFILE=/run/secrets/key.pem":                                    "",
		"ZSCALER_CLIENT_ID=id":                                                            "",
		"SOMEBODY_ELSES_SECRET=hunter2":                                                   "",
	} {
		file := filepath.Join(t.TempDir(), "vars")
		write(t, file, line+"\n")
		_, out, stderr := zscalerMCP(t, nil, "--demo", "--check", "--dotenv-path", file) // some of these values are mistakes of their own
		if strings.Contains(stderr, plainText) != (want != "") || !strings.Contains(stderr, want) || strings.Contains(stderr, rights) {
			t.Errorf("%s: %s", line, stderr)
		}
		if strings.Contains(out+stderr, "hunter2") {
			t.Errorf("%s: a secret is shown: %s%s", line, out, stderr)
		}
	}
}

// The environment is no file: nothing is said of its secrets. Rights of others matter only where there are secrets.
func TestRightsToTheVariablesFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no such rights")
	}
	for mode, open := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o644: true, 0o620: true} {
		for line, secret := range map[string]bool{"ZSCALER_CLIENT_SECRET=hunter2": true, "ZSCALER_CLIENT_ID=id": false} {
			file := filepath.Join(t.TempDir(), "vars")
			write(t, file, line+"\n")
			if err := os.Chmod(file, mode); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{"ZSCALER_CLIENT_SECRET": "another", "ZSCALER_MCP_DOTENV_PATH": file}
			status, _, stderr := zscalerMCP(t, env, "--demo", "--check")
			if status != 0 || strings.Contains(stderr, plainText) != secret || strings.Contains(stderr, rights) != (secret && open) {
				t.Errorf("%v, %s: status %d: %s", mode, line, status, stderr)
			}
		}
	}
	if _, _, stderr := zscalerMCP(t, map[string]string{"ZSCALER_CLIENT_SECRET": "hunter2"}, "--demo", "--check"); strings.Contains(stderr, plainText) {
		t.Errorf("without a file: %s", stderr)
	}
}
