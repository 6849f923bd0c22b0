package tool

import (
	"encoding/json"
	"strings"
)

// maxInnerJSON is how deep JSON that stands in texts of JSON is looked into.
const maxInnerJSON = 4

// maskJSON masks the secret members of JSON that stands in a text, as in records of audits, whole or in part.
func (w *washer) maskJSON(text string) string {
	body := strings.TrimSpace(text)
	if w.depth < maxInnerJSON && body != "" && (body[0] == '{' || body[0] == '[') && valid([]byte(body)) {
		inner := borrowWasher(washing{mask: true, members: w.members})
		defer inner.giveBack()
		inner.depth = w.depth + 1
		before, after, _ := strings.Cut(text, body)
		return before + string(inner.wash(json.RawMessage(body))) + after
	}
	return maskPairs(text)
}

// maskPairs masks the values of secret members in text that only looks like JSON in places: "name": "value" or "name": 123, with
// backslashes before the quotes or without.
func maskPairs(text string) string {
	var b strings.Builder
	for from := 0; ; {
		colon := strings.IndexByte(text[from:], ':')
		if colon < 0 {
			break
		}
		colon += from
		from = colon + 1
		start := valueAfter(text, from)
		if start == len(text) || !secretBefore(text[:colon]) {
			continue
		}
		start, end := looseValue(text, start)
		if end == start || text[start:end] == Masked {
			continue
		}
		b.WriteString(text[:start])
		b.WriteString(Masked)
		text, from = text[end:], 0
	}
	if b.Len() == 0 {
		return text
	}
	return b.String() + text
}

func valueAfter(text string, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n') {
		i++
	}
	return i
}

// secretBefore reports whether a secret name in quotes stands at the end of text.
func secretBefore(text string) bool {
	text = strings.TrimRight(text[max(0, len(text)-maxName-2):], " \t")
	if !strings.HasSuffix(text, `"`) {
		return false
	}
	text = strings.TrimRight(strings.TrimSuffix(text, `"`), `\`)
	return secrecyOf(text[strings.LastIndexByte(text, '"')+1:]) == secret
}

// looseValue returns where the inside of a text in quotes, or a number, begins and ends that starts at text[i]; nothing for all else.
func looseValue(text string, i int) (start, end int) {
	if c := text[i]; digit(c) || c == '-' {
		for end = i + 1; end < len(text) && strings.IndexByte("0123456789.eE+-", text[end]) >= 0; {
			end++
		}
		return i, end
	}
	for start = i; start < len(text) && text[start] == '\\'; {
		start++
	}
	if start == len(text) || text[start] != '"' {
		return i, i
	}
	start++
	if quote := text[i:start]; len(quote) > 1 {
		if end = strings.Index(text[start:], quote); end < 0 {
			return start, len(text)
		}
		return start, start + end
	}
	for end = start; end < len(text) && text[end] != '"'; end++ {
		if text[end] == '\\' {
			end++
		}
	}
	return start, min(end, len(text))
}
