package tool

import (
	"bytes"
	"html"
	"strings"
)

// mayBeLink reports whether text holds what could be the middle of a link.
func mayBeLink(text []byte) bool {
	for {
		i := bytes.IndexByte(text, ']')
		if i < 0 || i+1 == len(text) {
			return false
		}
		text = text[i+1:]
		if text[0] == '(' || text[0] == ':' {
			return true
		}
	}
}

// withoutLinks makes text of the links and images of Markdown, and of the definitions of their targets: a space comes between the
// brackets, and the target loses its scheme, so that [text](https://host/path) becomes [text] (host/path). Addresses that stand for
// themselves are data and stay.
func withoutLinks(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, ']')
		if i < 0 || i+1 == len(s) {
			break
		}
		b.WriteString(s[:i+1])
		s = s[i+1:]
		if s[0] != '(' && s[0] != ':' {
			continue
		}
		target := strings.TrimLeft(s[1:], " \t\r\n")
		target = strings.TrimPrefix(target, "<")
		scheme, ok := addressed(target)
		switch {
		case !ok:
		case s[0] == ':':
			b.WriteByte(' ')
		default:
			b.WriteString(" (")
			s = target[scheme:]
		}
	}
	if b.Len() == 0 {
		return s
	}
	return b.String() + s
}

// schemes are those that need no host. Never modified.
var schemes = []string{"javascript:", "vbscript:", "data:", "mailto:", "tel:", "sms:", "file:", "http:", "https:", "ftp:", "blob:"}

// addressed reports whether s begins like the address of something on another host, and how long its scheme is: 0 where Markdown writes it
// with escapes or entities, as in https\://host and h&#116;tps://host.
func addressed(s string) (scheme int, ok bool) {
	if scheme, ok = address(s); ok {
		return scheme, true
	}
	if start := s[:min(len(s), longestTarget)]; strings.ContainsAny(start, `\&`) {
		_, ok = address(unescaped.Replace(html.UnescapeString(start)))
	}
	return 0, ok
}

// longestTarget is how far escapes are looked for in a target, in bytes: a scheme of which every character is an entity has less.
const longestTarget = 128

// unescaped is a target without the backslashes of Markdown, and without what browsers leave out of addresses.
var unescaped = strings.NewReplacer(`\:`, ":", `\/`, "/", `\.`, ".", "\t", "", "\n", "", "\r", "")

// address is addressed for a target without escapes.
func address(s string) (scheme int, ok bool) {
	start := strings.ToLower(s[:min(len(s), 24)])
	for scheme < len(start) && (letter(start[scheme]) || scheme > 0 && (digit(start[scheme]) || strings.IndexByte("+.-", start[scheme]) >= 0)) {
		scheme++
	}
	if scheme > 0 && strings.HasPrefix(start[scheme:], "://") {
		return scheme + len("://"), true
	}
	for _, known := range schemes {
		if strings.HasPrefix(start, known) {
			return len(known), true
		}
	}
	slashes := strings.ReplaceAll(start[:min(len(start), 4)], `\`, "")
	return 0, strings.HasPrefix(start, "www.") || strings.HasPrefix(start, "&#") || strings.HasPrefix(slashes, "//")
}
