package zscalertest

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	tokenPattern = regexp.MustCompile(`^(?:[_A-Za-z][_0-9A-Za-z]*|-?[0-9]+|"(?:[^"\\\n]|\\.)*"|\.\.\.|[!$():{}\[\]=|@])`)
	namePattern  = regexp.MustCompile(`^[_A-Za-z][_0-9A-Za-z]*$`)
)

// scanQuery splits a GraphQL document into tokens. White space, commas and comments mean nothing.
func scanQuery(text string) ([]string, error) {
	var out []string
	for {
		text = strings.TrimLeft(text, " \t\r\n,\ufeff")
		if text == "" {
			return out, nil
		}
		if text[0] == '#' {
			_, text, _ = strings.Cut(text, "\n")
			continue
		}
		token := tokenPattern.FindString(text)
		if token == "" {
			return nil, fmt.Errorf("syntax error: unexpected character near %.10q", text)
		}
		out = append(out, token)
		text = text[len(token):]
	}
}

func isName(token string) bool { return namePattern.MatchString(token) }
