package tool

import (
	"bytes"
	"html"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// strict allows no markup. A policy is not changed by its use.
var strict = sync.OnceValue(bluemonday.StrictPolicy)

// mayBeMarkup reports whether a < of text is followed by what could make it markup.
func mayBeMarkup(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '<')
		if i < 0 || i+1 == len(text) {
			return false
		}
		text = text[i+1:]
		if c := text[0]; letter(c) || c == '/' || c == '!' || c == '?' || c == '|' || c == '<' {
			return true
		}
	}
}

// withoutMarkup removes HTML: tags, comments, and scripts and styles with what is in them. Which < begins a tag is decided here: the
// element is one of HTML, or there are attributes. Everything else is kept from bluemonday, which takes all for markup that looks it.
func withoutMarkup(s string) string {
	if !mayBeMarkup([]byte(s)) {
		return s
	}
	var b strings.Builder
	found, closer := false, -1
	last := strings.LastIndexByte(s, '>')
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '&':
			b.WriteString("&amp;")
		case '<':
			kind, drop, closes := judge(s[i:], i < last)
			found = found || kind != noTag
			if closes > 0 {
				closer = i + closes
			}
			switch kind {
			case noTag:
				b.WriteString("&lt;")
			case realTag:
				b.WriteByte('<')
			case brokenTag:
				i += drop - 1
			}
		default:
			if i != closer {
				b.WriteByte(s[i])
			}
		}
	}
	if !found {
		return s
	}
	return html.UnescapeString(strict().Sanitize(b.String()))
}

// A tagKind is what a < begins.
type tagKind uint8

const (
	noTag     tagKind = iota // text
	realTag                  // something for bluemonday to remove
	brokenTag                // only its beginning is removed: the rest is text, or would swallow what follows the text
)

// longestTag is how far an element's attributes are looked for, in bytes.
const longestTag = 512

// judge says what the < at the start of s begins. If it is broken, drop is how much of it to remove, and closes, if not 0, where the >
// is that goes too. ends tells whether a > follows.
func judge(s string, ends bool) (kind tagKind, drop, closes int) {
	rest := s[1:]
	switch {
	case strings.HasPrefix(rest, "!--"):
		if strings.Contains(rest, "-->") {
			return realTag, 0, 0
		}
		return brokenTag, len("<!--"), 0
	case rest == "" || len(rest) == 1:
		return noTag, 0, 0
	case rest[0] == '/' && letter(rest[1]), (rest[0] == '!' || rest[0] == '?') && letter(rest[1]), strings.HasPrefix(rest, "![CDATA["):
		if ends {
			return realTag, 0, 0
		}
		return brokenTag, 1, 0
	case !letter(rest[0]):
		return noTag, 0, 0
	}
	return judgeElement(rest, ends)
}

// judgeElement is judge for what begins with the letter of a name.
func judgeElement(rest string, ends bool) (kind tagKind, drop, closes int) {
	name := rest[:nameEnd(rest)]
	tag := rest[:tagEnd(rest)]
	whole := len(rest) > len(tag) && rest[len(tag)] == '>'
	switch known, assigns := elements[strings.ToLower(name)], strings.IndexByte(tag, '=') > 0; {
	case rawElements[strings.ToLower(name)] && whole: // it would keep what is in it from being looked at
		return brokenTag, len("<") + len(tag) + len(">"), 0
	case strings.HasSuffix(name, ":") && strings.HasPrefix(rest[len(name):], "//") && whole: // a link without text
		return brokenTag, 1, len("<") + len(tag)
	case rawElements[strings.ToLower(name)], strings.HasSuffix(name, ":") && strings.HasPrefix(rest[len(name):], "//"):
		return brokenTag, 1, 0
	case !known && (!assigns || !attributed(tag[len(name):])):
		return noTag, 0, 0
	case ends:
		return realTag, 0, 0
	case assigns:
		return brokenTag, 1, 0
	}
	return noTag, 0, 0
}

// attributed reports whether what follows a name could be attributes: a space or slash comes first.
func attributed(s string) bool { return s != "" && strings.IndexByte(" \t\r\n\f/", s[0]) >= 0 }

func nameEnd(s string) int {
	if end := strings.IndexAny(s, " \t\r\n\f/><"); end >= 0 {
		return end
	}
	return len(s)
}

func tagEnd(s string) int {
	s = s[:min(len(s), longestTag)]
	if end := strings.IndexAny(s, "<>"); end >= 0 {
		return end
	}
	return len(s)
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// elements are those of HTML, old ones and the roots of SVG and MathML among them. An object without attributes is none: schemas have
// array<object>. Never modified.
var elements = setOf(`a abbr acronym address animate applet area article aside audio b base basefont bdi bdo bgsound big blink
	blockquote body br button canvas caption center cite code col colgroup command content datalist dd del details dfn dialog dir div dl dt
	em embed fieldset figcaption figure font footer foreignobject form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i
	iframe image img input ins isindex kbd keygen label legend li link main map mark marquee math menu menuitem meta meter multicol
	nav nextid nobr noscript ol optgroup option output p param picture pre progress q rb rp rt rtc ruby s samp
	script section select slot small source spacer span strike strong style sub summary sup svg table tbody td template tfoot th
	thead time tr track tt u ul var video wbr`)

// rawElements are those whose content HTML reads as text. Never modified.
var rawElements = setOf("listing noembed noframes plaintext textarea title xmp")
