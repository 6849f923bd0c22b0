package tool

import "strings"

// byPart masks or cleans what a tool says of a deletion, one quoted text after the other. A text of the tenant, such as a name, may
// begin like a secret or like markup and not end like it: taken as a whole, the description would lose what comes behind it.
func byPart(text string, wash func(string) string) string {
	var b strings.Builder
	for len(text) > 0 {
		end := partEnd(text)
		part, quoted := wash(text[:end]), text[end-1] == '"'
		text = text[end:]
		b.WriteString(part)
		if quoted && !strings.HasSuffix(part, `"`) {
			b.WriteByte('"')
		}
	}
	return b.String()
}

// partEnd returns where the first part of text ends: behind its first quoted text, or where that is the name of a member, behind the value.
func partEnd(text string) int {
	for i := 0; ; {
		start := strings.IndexByte(text[i:], '"')
		if start < 0 {
			return len(text)
		}
		i = quoteEnd(text, i+start)
		if next := strings.TrimLeft(text[i:], " "); next == "" || next[0] != ':' && next[0] != '=' {
			return i
		}
	}
}

// quoteEnd returns where the quoted text that starts at text[start] ends, the length of text if it does not.
func quoteEnd(text string, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
