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
		if c := text[0]; letter(c) || c == '/' || c == '!' || c == '?' || c == '|' || c == '<' || c == wideOpening[1] {
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
	m := markup{text: s, lastTag: strings.LastIndexByte(s, '>'), lastComment: strings.LastIndex(s, "-->")}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '&':
			b.WriteString("&amp;")
		case '<':
			kind, drop, closes := m.judge(i)
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

// markup is a text that is judged, and what is looked for in it once, not for every <.
type markup struct {
	text                 string
	lastTag, lastComment int            // where the last > is, and the last end of a comment; -1 for nowhere
	lower                string         // the text in lower case, "" until it is needed
	lastEnd              map[string]int // where the last end tag of an element is, by its name
}

// judge says what the < at text[i] begins. If it is broken, drop is how much of it to remove, and closes, if not 0, where the > is
// that goes too, both from i on.
func (m *markup) judge(i int) (kind tagKind, drop, closes int) {
	rest := m.text[i+1:]
	switch {
	case strings.HasPrefix(rest, "!--"):
		if i < m.lastComment {
			return realTag, 0, 0
		}
		return brokenTag, len("<!--"), 0
	case rest == "" || len(rest) == 1:
		return noTag, 0, 0
	case rest[0] == '/' && letter(rest[1]), (rest[0] == '!' || rest[0] == '?') && letter(rest[1]), strings.HasPrefix(rest, "![CDATA["):
		if i < m.lastTag {
			return realTag, 0, 0
		}
		return brokenTag, 1, 0
	case !letter(rest[0]):
		return noTag, 0, 0
	}
	return m.judgeElement(i, rest)
}

// judgeElement is judge for what begins with the letter of a name.
func (m *markup) judgeElement(i int, rest string) (kind tagKind, drop, closes int) {
	tag := rest[:tagEnd(rest)]
	written := tag[:nameEnd(tag)]
	name := strings.ToLower(written)
	whole := len(rest) > len(tag) && rest[len(tag)] == '>'
	assigns := strings.IndexByte(tag, '=') > 0
	element := elements[name] || assigns && attributed(tag[len(written):])
	raw := rawElements[name] || element && swallowing[name] && !m.ended(name, i)
	link := strings.HasSuffix(written, ":") && strings.HasPrefix(rest[len(written):], "//") || scripted(name)
	switch {
	case raw && whole: // it would keep what is in it from being looked at, or take what comes behind it away
		return brokenTag, len("<") + len(tag) + len(">"), 0
	case link && whole: // without a text of its own
		return brokenTag, 1, len("<") + len(tag)
	case raw, link:
		return brokenTag, 1, 0
	case !element || m.groups(i, name, tag) || compares(name, tag):
		return noTag, 0, 0
	case i < m.lastTag:
		return realTag, 0, 0
	case assigns:
		return brokenTag, 1, 0
	}
	return noTag, 0, 0
}

// ended reports whether an end tag of the element comes behind text[i].
func (m *markup) ended(name string, i int) bool {
	if m.lower == "" {
		m.lower, m.lastEnd = lowered(m.text), map[string]int{}
	}
	last, known := m.lastEnd[name]
	if !known {
		last = strings.LastIndex(m.lower, "</"+name)
		m.lastEnd[name] = last
	}
	return i < last
}

// lowered is text with its ASCII letters in lower case, so that every place in it stays where it is.
func lowered(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// groups reports whether the tag is the name of a group in a regular expression: (?<time>, (?P<code>.
func (m *markup) groups(i int, name, tag string) bool {
	before := m.text[:i]
	return len(tag) == len(name) && words[name] && (strings.HasSuffix(before, "(?") || strings.HasSuffix(before, "(?P"))
}

// compares reports whether what looks like a tag of one letter compares numbers: a<b && c>d. It has what attributes have not, and sets none.
func compares(name, tag string) bool {
	return len(name) == 1 && strings.ContainsAny(tag, "&|();+*") && strings.IndexByte(comparisons.Replace(tag), '=') < 0
}

var comparisons = strings.NewReplacer("===", "", "!==", "", "==", "", "!=", "")

// scripted reports whether a name is an address in brackets that runs or holds something.
func scripted(name string) bool {
	return strings.HasPrefix(name, "javascript:") || strings.HasPrefix(name, "vbscript:") || strings.HasPrefix(name, "data:")
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

// swallowing are those that are removed with all that is in them. One without an end would go with all that is behind it. Never modified.
var swallowing = setOf("frame frameset iframe noscript nostyle object script style")

// words are elements that do nothing by themselves, and whose names people give to groups. Never modified.
var words = setOf("a address b body code data footer head header i input label link main map meta option output p q s section source summary table time u var")
