// Package lexical has the rules for text that comes from others.
package lexical

import (
	"strings"
	"unicode"
)

// IsScope reports whether s is a scope-token (RFC 6749 section 3.3).
func IsScope(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' || c == '"' || c == '\\' })
}

// Plain removes control characters, and what makes text read backwards, from text of others (R150).
func Plain(s string) string {
	const longest = 256
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return -1
	}, s)
}
