package tool

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
)

// sanitize cleans text of outsiders: markup goes, and what a human who looks at it would not see.
func sanitize(s string) string {
	s = plain(s)
	if strings.ContainsRune(s, '<') {
		s = strict().Sanitize(s)
	}
	return s
}

// strict allows no markup. A policy is not changed by its use.
var strict = sync.OnceValue(bluemonday.StrictPolicy)

// plain removes control characters but tab and line ends, and invisible ones: bidirectional
// overrides, zero-width characters, tag characters, variation selectors beyond the first sixteen.
func plain(s string) string {
	if strings.IndexFunc(s, invisible) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, s)
}

func invisible(r rune) bool {
	switch {
	case ' ' <= r && r <= '~', r == '\n', r == '\t', r == '\r':
		return false
	case r >= 0xE0100 && r <= 0xE01EF:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf)
}

// rewriteStrings returns raw, which is valid JSON, with fn applied to every string and name in it.
// All else keeps its bytes.
func rewriteStrings(raw json.RawMessage, fn func(string) string) json.RawMessage {
	var b bytes.Buffer
	for i := 0; i < len(raw); {
		if raw[i] != '"' {
			b.WriteByte(raw[i])
			i++
			continue
		}
		end := stringEnd(raw, i)
		literal := raw[i:end]
		i = end
		var text string
		if json.Unmarshal(literal, &text) == nil {
			if changed := fn(text); changed != text {
				literal = quote(changed)
			}
		}
		b.Write(literal)
	}
	return b.Bytes()
}

func sanitizeRows(rows []json.RawMessage) []json.RawMessage {
	clean := make([]json.RawMessage, len(rows))
	for i, row := range rows {
		clean[i] = rewriteStrings(row, sanitize)
	}
	return clean
}
