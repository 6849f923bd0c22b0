package tool

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// traits are the kinds of bytes that a text holds. Most texts of most answers hold none that matters, and are then not looked at again.
type traits uint16

const (
	hasWide    traits = 1 << iota // bytes beyond ASCII
	hasControl                    // ASCII control characters
	hasEscape                     // a backslash: in a literal, an escape
	hasLess                       // <
	hasClosing                    // ]
	hasTicks                      // ` or ~
	hasColon
	hasDash
	hasPipe
	hasJ // J, of eyJ
	hasK // K, of KEY and MASKED
	hasZ // Z, of ZSCALER
	hasHash
)

// needsLook are traits that matter whatever else is there.
const needsLook = hasWide | hasControl | hasEscape | hasLess | hasClosing | hasTicks | hasColon | hasPipe | hasJ | hasHash

var traitOf = func() (table [256]traits) {
	for c := range table {
		switch {
		case c < ' ', c == 0x7f:
			table[c] = hasControl
		case c >= utf8.RuneSelf:
			table[c] = hasWide
		}
	}
	for c, t := range map[byte]traits{
		'\\': hasEscape, '<': hasLess, ']': hasClosing, '`': hasTicks, '~': hasTicks, ':': hasColon, '-': hasDash, '|': hasPipe, 'J': hasJ, 'K': hasK, 'Z': hasZ, '#': hasHash,
	} {
		table[c] = t
	}
	return table
}()

// suspicious reports whether a text with these traits must be looked at.
func (t traits) suspicious() bool {
	return t&needsLook != 0 || t&(hasDash|hasK) == hasDash|hasK || t&(hasZ|hasK) == hasZ|hasK
}

func traitsOf[text string | []byte](s text) (has traits) {
	for i := range len(s) {
		has |= traitOf[s[i]]
	}
	return has
}

// scanString returns where the literal that begins at raw[i] ends, and its traits.
func scanString(raw []byte, i int) (end int, has traits) {
	for i++; ; i++ {
		c := raw[i]
		if c == '"' {
			return i + 1, has
		}
		has |= traitOf[c]
		if c == '\\' {
			i++
		}
	}
}

// appendUnquoted appends to b what the inside of a literal says, as encoding/json reads it.
func appendUnquoted(b, inner []byte) []byte {
	for len(inner) > 0 {
		plain := bytes.IndexByte(inner, '\\')
		if plain < 0 {
			return append(b, inner...)
		}
		b = append(b, inner[:plain]...)
		inner = inner[plain:]
		n := escapeLength(inner)
		if n != len(`\u0000`) {
			b = append(b, shortEscape(inner[1]))
			inner = inner[n:]
			continue
		}
		r := escaped(inner)
		inner = inner[n:]
		if utf16.IsSurrogate(r) {
			low := rune(-1)
			if len(inner) >= n && inner[0] == '\\' && inner[1] == 'u' {
				low = escaped(inner)
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				inner = inner[n:]
			}
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

func shortEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// appendEscaped appends s to b as a JSON string in which everything that cannot be seen is an escape.
func appendEscaped(b []byte, s string) json.RawMessage {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= ' ' && r < 0x7f, r >= utf8.RuneSelf && !unseen(r):
			b = utf8.AppendRune(b, r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			b = appendUnit(appendUnit(b, high), low)
		default:
			b = appendUnit(b, r)
		}
	}
	return append(b, '"')
}

func appendUnit(b []byte, unit rune) []byte {
	hex := strconv.FormatUint(uint64(unit)|0x10000, 16) // five digits, of which four count
	return append(append(b, '\\', 'u'), hex[1:]...)
}
