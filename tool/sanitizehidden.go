package tool

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain removes control characters but tab and line ends, and every character that cannot be seen or that reorders text: bidirectional
// overrides, zero-width characters, tag characters, variation selectors. It is for names and errors; see visible for text.
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

// Characters that join or dress the ones around them. In Persian, in the scripts of India and in emoji they are part of the spelling.
const (
	nonJoiner    = '\u200c'
	joiner       = '\u200d'
	lineEnd      = '\u2028'
	paragraphEnd = '\u2029'
)

// unseen reports whether r is no part of a text that can be seen. It asks the tables only where there is something to find.
func unseen(r rune) bool {
	switch {
	case r < 0x7f:
		return r < ' ' && r != '\n' && r != '\t' && r != '\r'
	case r < 0xa0, r == 0xad:
		return true
	case r < 0x034f, 0x3165 <= r && r < 0xfe00, 0x0370 <= r && r < 0x0600:
		return 0xd800 <= r && r < 0xe000
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(blanks, r) || 0xe0000 <= r && r < 0xe1000 || r == utf8.RuneError
}

// allVisible reports whether visible leaves text as it is; it may say false where it does.
func allVisible(text []byte) bool {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if unseen(rune(c)) {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if unseen(r) || r == lineEnd || r == paragraphEnd {
			return false
		}
		i += size
	}
	return true
}

// visible removes what cannot be seen. A single joiner or variation selector stays behind a character that it can belong to, and the
// separators of lines and paragraphs become line ends. What is no UTF-8 becomes U+FFFD.
func visible(s string) string {
	var b strings.Builder
	changed, last := false, rune(0)
	for i, r := range s {
		size := utf8.RuneLen(r)
		switch {
		case r == lineEnd || r == paragraphEnd:
			r, changed = '\n', true
		case r == utf8.RuneError:
			_, n := utf8.DecodeRuneInString(s[i:])
			changed = changed || n != size
		case (r == joiner || r == nonJoiner) && (joins(last) || selects(last)) && joins(runeOf(s[i+size:])), selects(r) && last > '~' && !unseen(last):
		case unseen(r):
			changed = true
			continue
		}
		b.WriteRune(r)
		last = r
	}
	if !changed {
		return s
	}
	return b.String()
}

// joins reports whether a joiner can belong to r: to a letter or mark of a script that has them, or to an emoji.
func joins(r rune) bool { return r >= 0x0600 && !unseen(r) }

// selects reports whether r is one of the first sixteen variation selectors, which choose between the forms of a character.
func selects(r rune) bool { return 0xfe00 <= r && r <= 0xfe0f }

func runeOf(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
