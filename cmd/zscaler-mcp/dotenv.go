package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/joho/godotenv"

	"github.com/org/zscalermcp"
)

// maxDotenv bounds the file of variables, in bytes.
const maxDotenv = 1 << 20

// dotenvPath returns the file of variables that the flag or ZSCALER_MCP_DOTENV_PATH names. A file in the working
// directory is not read unasked: desktop clients start servers in the folder of a project, and one that
// brings an .env of its own could send the secret elsewhere, or switch writing on.
func dotenvPath(env zscalermcp.Lookup, flag string) string {
	if flag == "" {
		flag, _ = env("ZSCALER_MCP_DOTENV_PATH")
	}
	return flag
}

// readDotenv reads the file of variables; without a path there are none. An error names the line, and never quotes it: it may hold a secret.
func readDotenv(path string) (map[string]string, error) {
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
	vars, err := parseDotenv(string(text))
	if err != nil {
		return nil, fmt.Errorf("variables file %s, line %d: not of the form NAME=value", path, firstMistake(string(text)))
	}
	return vars, nil
}

// parseDotenv ends the last line, or it could be anything.
func parseDotenv(text string) (map[string]string, error) {
	return godotenv.Parse(strings.NewReader(text + "\n"))
}

// maxValueLines is how many lines a value in quotes may have where firstMistake looks at it; a private key has 54.
const maxValueLines = 200

// firstMistake returns the number of the line on which the first statement begins that cannot be parsed. 0 is none.
func firstMistake(text string) int {
	lines := strings.Split(text, "\n")
	for first := 0; first < len(lines); {
		last := first + 1
		for ; last <= min(len(lines), first+maxValueLines); last++ {
			if _, err := parseDotenv(strings.Join(lines[first:last], "\n")); err == nil {
				break
			}
		}
		if last > min(len(lines), first+maxValueLines) {
			return first + 1
		}
		first = last
	}
	return 0
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
