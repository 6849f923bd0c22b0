package transport

import (
	"fmt"
	"strconv"
)

// scan checks in one pass that data is one JSON text (RFC 8259), nests no deeper than maxDepth, and
// names no member that decides about the way of the message twice: two decoders may differ in which
// of the two counts. The text must be one message: batches left MCP with 2025-06-18, and one of them
// could hold thousands of calls. It returns what the router needs of the message.
func scan(data []byte, maxDepth int) (envelope, *refusal) {
	s := scanner{data: data, maxDepth: maxDepth}
	s.space()
	start := s.pos
	if err := s.value(inEnvelope); err != nil {
		return envelope{}, err
	}
	s.space()
	if s.pos < len(data) {
		return envelope{}, s.syntax()
	}
	switch data[start] {
	case '{':
		return s.msg.envelope()
	case '[':
		return envelope{}, badMessage("invalid request: JSON-RPC batches are not served; send one message at a time")
	}
	return envelope{}, badMessage("invalid request: a JSON-RPC message is an object")
}

// A scanner walks over a JSON text. Its recursion is bounded by maxDepth.
type scanner struct {
	data     []byte
	pos      int
	depth    int
	maxDepth int
	msg      message
}

func (s *scanner) syntax() *refusal {
	return badJSON("parse error: invalid JSON at byte " + strconv.Itoa(s.pos))
}

// peek is the next byte, 0 at the end (and 0 is no part of JSON outside of strings).
func (s *scanner) peek() byte {
	if s.pos < len(s.data) {
		return s.data[s.pos]
	}
	return 0
}

func (s *scanner) space() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// value reads one value whose first byte is next.
func (s *scanner) value(in scope) *refusal {
	switch c := s.peek(); c {
	case '{':
		return s.nested(in, '}', (*scanner).object)
	case '[':
		return s.nested(in, ']', (*scanner).array)
	case '"':
		return s.text()
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	default:
		return s.number()
	}
}

// nested reads an object or array up to its closing byte.
func (s *scanner) nested(in scope, end byte, elements func(*scanner, scope, byte) *refusal) *refusal {
	if s.depth++; s.depth > s.maxDepth {
		return badMessage(fmt.Sprintf("invalid request: JSON nested deeper than %d levels", s.maxDepth))
	}
	s.pos++
	s.space()
	if s.peek() == end {
		s.pos++
	} else if err := elements(s, in, end); err != nil {
		return err
	}
	s.depth--
	return nil
}

func (s *scanner) array(_ scope, end byte) *refusal {
	for {
		if err := s.value(elsewhere); err != nil {
			return err
		}
		if done, err := s.next(end); done || err != nil {
			return err
		}
	}
}

// next reads the comma between two elements, or the end of them all.
func (s *scanner) next(end byte) (done bool, err *refusal) {
	s.space()
	switch s.peek() {
	case ',':
		s.pos++
		s.space()
		return false, nil
	case end:
		s.pos++
		return true, nil
	}
	return false, s.syntax()
}

func (s *scanner) literal(word string) *refusal {
	if len(s.data)-s.pos < len(word) || string(s.data[s.pos:s.pos+len(word)]) != word {
		return s.syntax()
	}
	s.pos += len(word)
	return nil
}

// text reads a string. Escapes are checked, not decoded.
func (s *scanner) text() *refusal {
	data := s.data
	for i := s.pos + 1; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			s.pos = i + 1
			return nil
		case c == '\\':
			n := escapeLength(data[i:])
			if n == 0 {
				s.pos = i
				return s.syntax()
			}
			i += n - 1
		case c < ' ':
			s.pos = i
			return s.syntax()
		}
	}
	s.pos = len(data)
	return s.syntax()
}

// escapeLength is the length of the escape sequence at the start of b, 0 if it is none.
func escapeLength(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(b) < 6 {
			return 0
		}
		for _, c := range b[2:6] {
			if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
				return 0
			}
		}
		return 6
	}
	return 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (s *scanner) digits() bool {
	start := s.pos
	for isDigit(s.peek()) {
		s.pos++
	}
	return s.pos > start
}

// number reads a number by the grammar of RFC 8259 section 6.
func (s *scanner) number() *refusal {
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if !s.digits() {
		return s.syntax()
	}
	if s.peek() == '.' {
		s.pos++
		if !s.digits() {
			return s.syntax()
		}
	}
	if s.peek()|0x20 == 'e' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		if !s.digits() {
			return s.syntax()
		}
	}
	return nil
}
