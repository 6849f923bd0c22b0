package transport

import (
	"context"
	"fmt"
	"io"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Connect implements [mcp.Transport]. It writes the first event before the SDK knows the session and could write one.
func (s *sseSession) Connect(context.Context) (mcp.Connection, error) {
	if err := s.stream.event("endpoint", []byte(s.endpoint), func() {}); err != nil {
		return nil, err
	}
	return s, nil
}

// SessionID implements [mcp.Connection]. The SDK would log it.
func (*sseSession) SessionID() string { return "" }

// deliver hands a message to Read. It reports false when the session has ended or the POST is gone before.
func (s *sseSession) deliver(ctx context.Context, msg jsonrpc.Message) bool {
	select {
	case s.incoming <- msg:
		return true
	case <-s.closed:
	case <-ctx.Done():
	}
	return false
}

// Read implements [mcp.Connection].
func (s *sseSession) Read(context.Context) (jsonrpc.Message, error) {
	select {
	case msg := <-s.incoming:
		if req, ok := msg.(*jsonrpc.Request); ok {
			s.number(req)
		}
		return msg, nil
	case <-s.closed:
		return nil, io.EOF
	}
}

// number takes note of the order in which the SDK gets messages: it is the order in which it handles notifications.
func (s *sseSession) number(req *jsonrpc.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if call := s.calls[req.ID]; call != nil {
		call.after = s.taken
		return
	}
	extra, ok := req.Extra.(*mcp.RequestExtra)
	if !ok || req.IsCall() {
		return
	}
	s.taken++
	n := s.taken
	extra.TokenInfo.Extra[handledExtra] = func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.done(n)
	}
}

// Write implements [mcp.Connection].
func (s *sseSession) Write(_ context.Context, msg jsonrpc.Message) error {
	data, err := jsonrpc.EncodeMessage(msg)
	if err != nil {
		return fmt.Errorf("transport: encoding a message: %w", err)
	}
	taken := func() {}
	if answer, ok := msg.(*jsonrpc.Response); ok {
		call := s.answering(answer.ID)
		taken = func() { s.answered(call) }
	}
	if err := s.stream.event("message", data, taken); err != nil {
		_ = s.Close() // what reads nothing more has no use for a session
		return err
	}
	return nil
}
