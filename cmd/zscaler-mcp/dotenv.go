package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/joho/godotenv"

	"github.com/org/zscalermcp"
)

// maxDotenv bounds the file of variables, in bytes.
const maxDotenv = 1 << 20

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
	info, err := os.Stat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxDotenv) {
		err = fmt.Errorf("%s is not a regular file of at most %d bytes", path, maxDotenv)
	}
	if err != nil {
		return nil, fmt.Errorf("variables file: %w", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("variables file: %w", err)
	}
	if line := firstExpansion(string(text)); line > 0 {
		return nil, fmt.Errorf("variables file %s, line %d: put a value with $ in single quotes, or a part of it would be replaced", path, line)
	}
	vars, err := godotenv.Parse(bytes.NewReader(text))
	if err != nil { // its message quotes the line, which may hold a secret
		return nil, fmt.Errorf("variables file %s: a line is not of the form NAME=value", path)
	}
	return vars, nil
}

// firstExpansion returns the number of the first line on which godotenv would replace a part of a value, and
// so perhaps of a secret: one with a $ that is neither in a comment nor in a value in single quotes. 0 is none.
func firstExpansion(text string) int {
	quoted := false // inside a value in double quotes, which may span lines
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		_, value, _ := strings.Cut(line, "=")
		plain := !quoted && (strings.HasPrefix(line, "#") || strings.HasPrefix(strings.TrimSpace(value), "'"))
		if !plain && strings.Contains(line, "$") {
			return i + 1
		}
		if !plain && strings.Count(line, `"`)%2 == 1 {
			quoted = !quoted
		}
	}
	return 0
}
