package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/joho/godotenv"

	"github.com/org/zscalermcp"
)

// readDotenv reads the file that the flag or ZSCALER_MCP_DOTENV_PATH names. A file in the working
// directory is not read unasked: desktop clients start servers in the folder of a project, and one that
// brings an .env of its own could send the secret elsewhere, or switch writing on.
func readDotenv(env zscalermcp.Lookup, path string) (map[string]string, error) {
	if path == "" {
		path, _ = env("ZSCALER_MCP_DOTENV_PATH")
	}
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("variables file: %w", err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		if expands(line) {
			return nil, fmt.Errorf("variables file %s, line %d: put a value with $ in single quotes, or it would be expanded", path, i+1)
		}
	}
	vars, err := godotenv.Parse(bytes.NewReader(text))
	if err != nil { // its message quotes the line, which may hold a secret
		return nil, fmt.Errorf("variables file %s: a line is not of the form NAME=value", path)
	}
	return vars, nil
}

// expands reports whether godotenv would replace a part of the line, and so perhaps of a secret.
func expands(line string) bool {
	line = strings.TrimSpace(line)
	_, value, _ := strings.Cut(line, "=")
	return !strings.HasPrefix(line, "#") && !strings.HasPrefix(strings.TrimSpace(value), "'") && strings.Contains(line, "$")
}
