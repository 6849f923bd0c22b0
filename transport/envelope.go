package transport

import (
	"bytes"
	"encoding/json"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// An envelope is what the router knows of a body.
type envelope struct {
	id         json.RawMessage // of the only call, nil in a batch; points into the body
	version    []byte          // _meta protocol version of the only message, nil in a batch; points into the body
	batch      bool
	calls      bool // a message expects an answer
	initialize bool // a message is an initialize call
	listen     bool // a message opens a subscription stream
}

// A message is what a scanner keeps of the JSON-RPC message that it is reading. The slices point
// into the body.
type message struct {
	id, method, version []byte
}

// A place says where in a body a value stands.
type place uint8

const (
	elsewhere  place = iota
	inBatch          // an array of messages
	inEnvelope       // a JSON-RPC message
	inParams         // its params
	inMeta           // the _meta of its params
)

// A role is a member that decides about the way of a message, as a bit: each may stand there once.
type role uint8

const (
	roleID role = 1 << iota
	roleMethod
	roleParams
	roleResult
	roleError
	roleMeta
	roleName
	roleVersion
)

// roleOf is the role of a member of that name in an object at that place, and the place of its value.
func roleOf(in place, name []byte) (role, place) {
	switch in {
	case inEnvelope:
		switch string(name) {
		case "id":
			return roleID, elsewhere
		case "method":
			return roleMethod, elsewhere
		case "params":
			return roleParams, inParams
		case "result":
			return roleResult, elsewhere
		case "error":
			return roleError, elsewhere
		case "jsonrpc":
			return roleVersion, elsewhere
		}
	case inParams:
		switch string(name) {
		case "_meta":
			return roleMeta, inMeta
		case "name":
			return roleName, elsewhere
		case "arguments":
			return roleParams, elsewhere
		case "protocolVersion":
			return roleVersion, elsewhere
		}
	case inMeta:
		if string(name) == mcp.MetaKeyProtocolVersion {
			return roleVersion, elsewhere
		}
	}
	return 0, elsewhere
}

// object reads the members of an object.
func (s *scanner) object(in place, end byte) *refusal {
	if in == inEnvelope {
		s.current = message{}
	}
	var seen role
	for {
		r, err := s.member(in)
		if err != nil {
			return err
		}
		if seen&r != 0 {
			return badMessage("invalid request: a member of the message is there twice")
		}
		seen |= r
		done, err := s.next(end)
		if err != nil {
			return err
		}
		if done {
			break
		}
	}
	if in == inEnvelope {
		s.env.add(s.current)
	}
	return nil
}

// member reads one name and value.
func (s *scanner) member(in place) (role, *refusal) {
	start := s.pos
	if s.peek() != '"' {
		return 0, s.syntax()
	}
	if err := s.text(); err != nil {
		return 0, err
	}
	r, child := role(0), elsewhere
	if in >= inEnvelope {
		r, child = roleOf(in, content(s.data[start:s.pos]))
	}
	s.space()
	if s.peek() != ':' {
		return 0, s.syntax()
	}
	s.pos++
	s.space()
	start = s.pos
	if err := s.value(child); err != nil {
		return 0, err
	}
	s.note(in, r, s.data[start:s.pos])
	return r, nil
}

// note keeps a value that the router needs.
func (s *scanner) note(in place, r role, value []byte) {
	switch {
	case in == inEnvelope && r == roleID:
		s.current.id = value
	case in == inEnvelope && r == roleMethod:
		s.current.method = content(value)
	case in == inMeta && r == roleVersion:
		s.current.version = content(value)
	}
}

// content is what a JSON string says; other values are as they stand.
func content(value []byte) []byte {
	if len(value) < 2 || value[0] != '"' {
		return value
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1]
	}
	var text string
	if json.Unmarshal(value, &text) != nil { // the scanner has checked it already
		return nil
	}
	return []byte(text)
}

// add takes note of one message.
func (e *envelope) add(m message) {
	isCall := len(m.method) > 0 && len(m.id) > 0 && string(m.id) != "null"
	e.calls = e.calls || isCall
	e.initialize = e.initialize || string(m.method) == methodInitialize
	e.listen = e.listen || string(m.method) == methodListen
	if e.batch {
		return
	}
	if isCall && (m.id[0] == '"' || m.id[0] == '-' || isDigit(m.id[0])) {
		e.id = m.id
	}
	e.version = m.version
}
