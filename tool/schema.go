package tool

import (
	"bytes"
	"encoding/json"
)

// schema returns the JSON Schema (2020-12) of the arguments, compact. It is written here rather than
// reflected by a library, because the reflected one says ["null","array"] for a slice and true for
// any JSON, and because the validator then reads the same table.
func (s *shape) schema() json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	s.write(&b)
	b.WriteByte('}')
	return b.Bytes()
}

// write writes the members of the schema of s, without braces.
func (s *shape) write(b *bytes.Buffer) {
	if s.kind == kindAny {
		return
	}
	member(b, "type", quote(s.kind.String()))
	switch s.kind {
	case kindArray:
		s.elem.nested(b, "items")
	case kindMap:
		if s.elem.kind != kindAny {
			s.elem.nested(b, "additionalProperties")
		}
	case kindObject:
		s.writeFields(b)
	}
	s.writeLimits(b)
}

func (s *shape) nested(b *bytes.Buffer, key string) {
	member(b, key, s.schema())
}

func (s *shape) writeFields(b *bytes.Buffer) {
	member(b, "properties", []byte{'{'})
	var required []string
	for _, f := range s.fields {
		if f.hidden {
			continue
		}
		member(b, f.name, []byte{'{'})
		f.shape.write(b)
		member(b, "description", quote(f.doc))
		if f.preset != nil {
			member(b, "default", f.preset)
		}
		b.WriteByte('}')
		if f.required {
			required = append(required, f.name)
		}
	}
	b.WriteByte('}')
	if required != nil {
		member(b, "required", marshal(required))
	}
	member(b, "additionalProperties", []byte("false"))
}

func (s *shape) writeLimits(b *bytes.Buffer) {
	if s.low != nil {
		member(b, "minimum", []byte(s.low.text))
	}
	if s.high != nil {
		member(b, "maximum", []byte(s.high.text))
	}
	if s.enum != nil {
		s.writeEnum(b)
	}
	if s.pattern != nil {
		member(b, "pattern", quote(s.pattern.String()))
	}
	if s.full {
		member(b, map[kind]string{kindString: "minLength", kindArray: "minItems", kindMap: "minProperties"}[s.kind], []byte("1"))
	}
}

func (s *shape) writeEnum(b *bytes.Buffer) {
	if s.kind == kindString {
		member(b, "enum", marshal(s.enum))
		return
	}
	numbers := make([]json.Number, len(s.enum))
	for i, n := range s.enum {
		numbers[i] = json.Number(n)
	}
	member(b, "enum", marshal(numbers))
}

// member writes "key":value, behind a comma where one is due.
func member(b *bytes.Buffer, key string, value []byte) {
	if last := b.Bytes()[b.Len()-1]; last != '{' {
		b.WriteByte(',')
	}
	b.Write(appendQuoted(b.AvailableBuffer(), key))
	b.WriteByte(':')
	b.Write(value)
}
