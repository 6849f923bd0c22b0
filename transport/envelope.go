package transport

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// An envelope is what the router knows of a body.
type envelope struct {
	id         json.RawMessage // of the call, nil if it is none; points into the body
	version    []byte          // _meta protocol version; points into the body
	calls      bool            // the message expects an answer
	initialize bool            // it is an initialize call
	listen     bool            // it opens a subscription stream
	callsTool  bool            // it is a tools/call
	tool       []byte          // that it names; points into the body
}

// A message is what a scanner keeps of the JSON-RPC message that it reads. The slices point into the
// body; nil means that the member is missing.
type message struct {
	id, method, version, name []byte
}

// A scope says where in a body a value stands.
type scope uint8

const (
	elsewhere  scope = iota
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

// roleOf is the role of a member of that name in an object of that scope, and the scope of its value.
func roleOf(in scope, name []byte) (role, scope) {
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
func (s *scanner) object(in scope, end byte) *refusal {
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
			return nil
		}
	}
}

// member reads one name and value.
func (s *scanner) member(in scope) (role, *refusal) {
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
func (s *scanner) note(in scope, r role, value []byte) {
	switch {
	case in == inEnvelope && r == roleID:
		s.msg.id = value
	case in == inEnvelope && r == roleMethod:
		s.msg.method = content(value)
	case in == inParams && r == roleName:
		s.msg.name = content(value)
	case in == inMeta && r == roleVersion:
		s.msg.version = content(value)
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

// envelope judges the message as a whole. Ids that the SDK would not give back as they came are
// refused: null and compounds (MCP, base protocol), and numbers that are no integers or that a
// float64, which the SDK makes of them, cannot hold (RFC 8259 section 6).
func (m *message) envelope() (envelope, *refusal) {
	e := envelope{
		version:    m.version,
		calls:      m.method != nil && m.id != nil,
		initialize: string(m.method) == methodInitialize,
		listen:     string(m.method) == methodListen,
		callsTool:  string(m.method) == methodCallTool,
		tool:       m.name,
	}
	switch {
	case m.id == nil || m.method == nil && string(m.id) == "null":
	case !isID(m.id):
		return e, badMessage("invalid request: the id must be a string or an integer between -(2^53-1) and 2^53-1")
	case e.calls:
		e.id = m.id
	}
	return e, nil
}

// isID reports whether a JSON value is an id that can be answered.
func isID(value []byte) bool {
	const maxInteger = 1<<53 - 1
	if value[0] == '"' {
		return true
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	return err == nil && -maxInteger <= n && n <= maxInteger
}
