package tool

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
)

// A washing says what is done to the strings of an answer.
type washing struct {
	mask     bool
	sanitise bool
	members  []string // names of members that hold secrets, beside those that are known
}

// A washer masks and sanitises answers in one pass over their bytes. What needs no change is not copied.
type washer struct {
	washing
	masked int // values that are masked, or were when they came

	names   map[string]secrecy // by the literal of a name; what a name means is asked once
	scratch []byte             // a text without its escapes
	depth   int                // of JSON in texts in JSON
}

// maxKnownNames bounds what a washer remembers; the names of a service are some thousands.
const maxKnownNames = 4096

var washers = sync.Pool{New: func() any { return &washer{names: map[string]secrecy{}} }}

func borrowWasher(how washing) *washer {
	w := washers.Get().(*washer)
	if len(w.names) > maxKnownNames {
		clear(w.names)
	}
	w.washing, w.masked, w.depth = how, 0, 0
	return w
}

func (w *washer) giveBack() {
	if cap(w.scratch) > 1<<20 {
		w.scratch = nil
	}
	washers.Put(w)
}

// A spot is where a washer is in JSON: whether the next string is the value of a secret member, and of which kind.
type spot struct {
	depth  int     // of objects and arrays
	inside int     // the depth below which everything is masked, 0 for none
	next   secrecy // of the member whose value comes
}

// wash returns raw, which is valid JSON, with its strings masked and sanitised. Names, numbers and everything else keep their bytes,
// but for numbers that are secret; what cannot be seen in a name is written as an escape. It is raw itself if nothing changes.
func (w *washer) wash(raw json.RawMessage) json.RawMessage {
	var at spot
	out := patch{raw: raw}
	for i := 0; i < len(raw); {
		switch raw[i] {
		case '"':
			i = w.literal(&out, i, &at)
			continue
		case '{', '[':
			at.enter()
		case '}', ']':
			at.leave()
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			end := valueEnd(raw, i)
			if w.mask && at.secret() {
				w.masked++
				out.replace(i, end, quotedMask)
			}
			at.next = open
			i = end
			continue
		case ',':
			at.next = open
		}
		i++ // white space, true, false and null too
	}
	return out.done()
}

// literal washes the string that begins at raw[i], a name or a value, and returns where to go on.
func (w *washer) literal(out *patch, i int, at *spot) int {
	raw := out.raw
	end, has := scanString(raw, i)
	if colon := spaceEnd(raw, end); colon < len(raw) && raw[colon] == ':' {
		at.next = w.member(raw[i:end])
		if has.suspicious() {
			out.replace(i, end, w.name(raw[i:end]))
		}
		return colon + 1
	}
	out.replace(i, end, w.value(raw[i:end], has, *at))
	at.next = open
	return end
}

// A patch is a text of which parts are replaced.
type patch struct {
	raw    []byte
	out    []byte // what raw[:copied] has become; nil while nothing has changed
	copied int
}

// replace puts with in place of raw[start:end]; nil changes nothing.
func (p *patch) replace(start, end int, with []byte) {
	if with == nil {
		return
	}
	if p.out == nil {
		p.out = make([]byte, 0, len(p.raw)+len(p.raw)/8+len(Masked))
	}
	p.out = append(append(p.out, p.raw[p.copied:start]...), with...)
	p.copied = end
}

func (p *patch) done() []byte {
	if p.out == nil {
		return p.raw
	}
	return append(p.out, p.raw[p.copied:]...)
}

var quotedMask = []byte(`"` + Masked + `"`)

func (p *spot) enter() {
	p.depth++
	if p.next == secret && p.inside == 0 {
		p.inside = p.depth
	}
	p.next = open
}

func (p *spot) leave() {
	if p.depth == p.inside {
		p.inside = 0
	}
	p.depth--
	p.next = open
}

// secret reports whether the value that comes is masked.
func (p spot) secret() bool { return p.next == secret || p.inside > 0 && p.next != harmless }

// member judges the literal of a name.
func (w *washer) member(literal []byte) secrecy {
	if !w.mask {
		return open
	}
	for _, name := range w.members {
		if unquote(literal) == name {
			return secret
		}
	}
	verdict, known := w.names[string(literal)]
	if !known && len(literal) <= maxName {
		verdict = secrecyOf(unquote(literal))
		w.names[string(literal)] = verdict
	}
	return verdict
}

// value returns what a string literal becomes, nil for itself.
func (w *washer) value(literal []byte, has traits, at spot) json.RawMessage {
	inner := literal[1 : len(literal)-1]
	if w.mask && len(inner) > 0 && at.secret() {
		w.masked++
		if string(literal) == string(quotedMask) {
			return nil
		}
		return quotedMask
	}
	if !has.suspicious() && !(at.next == hooked && w.mask) {
		return nil
	}
	if has&hasEscape != 0 {
		w.scratch = appendUnquoted(w.scratch[:0], inner)
		inner = w.scratch
		has = traitsOf(inner)
	}
	if at.next == hooked && w.mask && len(inner) > 0 {
		w.masked++
		if masked := maskBehindHost(string(inner)); masked != string(inner) {
			return quote(masked)
		}
		return nil
	}
	if !w.mayChange(inner, has) {
		return nil
	}
	before := string(inner)
	if after := w.text(before); after != before {
		return quote(after)
	}
	return nil
}

// text masks and sanitises one text. What sanitising has joined is looked at for secrets again.
func (w *washer) text(before string) string {
	after := before
	if w.mask {
		after = w.maskText(after)
	}
	if w.sanitise {
		if clean := sanitize(after); clean != after {
			if after = clean; w.mask {
				w.masked -= strings.Count(after, Masked)
				after = w.maskText(after)
			}
		}
	}
	return after
}

// name returns how the literal of a name is written where it would hide something: what cannot be seen becomes an escape, and means the same.
func (w *washer) name(literal []byte) json.RawMessage {
	text := unquote(literal)
	if w.mask {
		if masked := w.maskText(text); masked != text {
			return quote(masked)
		}
	}
	if !w.sanitise || visible(text) == text {
		return nil
	}
	if escaped := appendEscaped(nil, text); !bytes.Equal(escaped, literal) {
		return escaped
	}
	return nil
}

// mayChange reports whether text could do so, without making anything.
func (w *washer) mayChange(text []byte, has traits) bool {
	return w.mask && mayHoldSecret(text, has) || w.sanitise && mayNeedCleaning(text, has)
}
