package main

import (
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/org/zscalermcp"
)

// advise warns of secrets in the file of variables, and names them. It never shows one.
func (v *variables) advise(log *slog.Logger) {
	secrets := secretsIn(v.file)
	if len(secrets) == 0 {
		return
	}
	log.Warn("the variables file holds secrets in plain text: name a file for each (the variable's name with _FILE), or have a secret store set it",
		"path", v.path, "variables", secrets)
	info, err := os.Stat(v.path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 { // Windows has no such rights
		log.Warn("others than its owner have rights to the variables file and its secrets: take them away (chmod 600), and replace the secrets if somebody may have read them",
			"path", v.path, "mode", info.Mode().Perm().String())
	}
}

// secretsIn returns the names of the variables that are secrets, sorted.
func secretsIn(file map[string]string) []string {
	var secrets []string
	known := zscalermcp.Variables()
	for name, value := range file {
		isSecret := slices.Contains(known, name+"_FILE") && !strings.HasPrefix(name, "ZSCALER_MCP_ALLOWED_") // only secrets and lists have such a twin
		if isSecret && holdsSecret(name, value) {
			secrets = append(secrets, name)
		}
	}
	slices.Sort(secrets)
	return secrets
}

// holdsSecret tells a secret from what stands for one: an empty value, the path of a private key, the address of a store that asks for no password.
func holdsSecret(name, value string) bool {
	switch value = strings.TrimSpace(value); name {
	case "ZSCALER_PRIVATE_KEY":
		return strings.HasPrefix(value, "{") || strings.Contains(value, "-----BEGIN") || strings.ContainsAny(value, "\r\n")
	case "ZSCALER_MCP_STORE_URL":
		return strings.Contains(value, "@")
	}
	return value != ""
}
