package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// methodCancelled is what the SDK sends when it gives up one of its own calls.
const methodCancelled = "notifications/cancelled"

var errInputEnded = &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "the client has closed its side and cannot answer"}

// A stdioConn is an [mcp.Connection] over lines. The SDK's own ends at the first malformed line, and
// drops the calls in flight at the end of its input; this one shows the SDK that end only after the
// last answer was written.
type stdioConn struct {
	work                *work // counts a call until its answer is written
	lineLimit, maxDepth int
	maxCalls            int // of the client, without an answer

	incoming   chan jsonrpc.Message // from the reader goroutine
	wake       chan struct{}        // tells Read that the state below has changed
	closed     chan struct{}
	closeOnce  sync.Once
	readerDone chan struct{}

	writeMu sync.Mutex
	out     io.Writer

	mu      sync.Mutex
	pending map[jsonrpc.ID]bool     // calls of the client that are not answered; true if the end waits for them
	waiting int                     // the true ones
	asked   map[jsonrpc.ID]struct{} // calls of the server that are not answered
	orphans []jsonrpc.ID            // calls of the server that cannot be answered any more
	ended   bool                    // nothing more is read
	readErr error
}

func (e *Endpoint) newStdioConn(out io.Writer) *stdioConn {
	return &stdioConn{
		work: &e.work, lineLimit: int(e.cfg.MaxBodyBytes), maxDepth: e.cfg.MaxDepth, maxCalls: e.cfg.MaxCallsPerPrincipal, out: out,
		incoming:   make(chan jsonrpc.Message),
		wake:       make(chan struct{}, 1),
		closed:     make(chan struct{}),
		readerDone: make(chan struct{}),
		pending:    make(map[jsonrpc.ID]bool),
		asked:      make(map[jsonrpc.ID]struct{}),
	}
}

// SessionID implements [mcp.Connection]: stdio has no session ids.
func (*stdioConn) SessionID() string { return "" }

// Close implements [mcp.Connection]. Calls without an answer will get none.
func (c *stdioConn) Close() error {
	c.closeOnce.Do(func() { close(c.closed) })
	c.mu.Lock()
	defer c.mu.Unlock()
	for ; c.waiting > 0; c.waiting-- {
		c.work.leave()
	}
	clear(c.pending)
	return nil
}

// Read implements [mcp.Connection]. After the end of the input it fails the server's open calls,
// waits for the answers to the client's, and then returns [io.EOF].
func (c *stdioConn) Read(context.Context) (jsonrpc.Message, error) {
	for {
		incoming, orphan, done := c.source()
		switch {
		case done:
			return nil, io.EOF
		case orphan.IsValid():
			return &jsonrpc.Response{ID: orphan, Error: errInputEnded}, nil
		}
		select {
		case msg := <-incoming:
			refused, id := c.accept(msg)
			if refused == nil {
				return msg, nil
			}
			c.refuse(refused, id)
		case <-c.wake:
		case <-c.closed:
			return nil, io.EOF
		}
	}
}

// source says where the next message comes from: from the client, from one of the server's calls
// that nobody will answer any more, or from nowhere.
func (c *stdioConn) source() (incoming <-chan jsonrpc.Message, orphan jsonrpc.ID, done bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case len(c.orphans) > 0:
		orphan, c.orphans = c.orphans[0], c.orphans[1:]
	case !c.ended:
		incoming = c.incoming
	default:
		done = c.waiting == 0
	}
	return incoming, orphan, done
}

// accept takes note of a message of the client. It refuses a call whose id is in use, since the SDK
// would not answer it, and new calls when there are too many or the endpoint closes. It returns the
// id to refuse with, nil when that is the id of another call.
func (c *stdioConn) accept(msg jsonrpc.Message) (*refusal, json.RawMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer, ok := msg.(*jsonrpc.Response); ok {
		delete(c.asked, answer.ID)
		return nil, nil
	}
	req, ok := msg.(*jsonrpc.Request)
	if !ok || !req.IsCall() {
		return nil, nil
	}
	if _, used := c.pending[req.ID]; used {
		return badMessage("invalid request: the id is in use by a call in flight"), nil
	}
	switch {
	case c.work.isClosing():
		return refuseShutdown, rawID(req.ID)
	case len(c.pending) >= c.maxCalls:
		return refuseBusy, rawID(req.ID)
	}
	c.pending[req.ID] = req.Method != methodListen
	if c.pending[req.ID] {
		c.waiting++
		c.work.enter()
	}
	return nil, nil
}

var refuseBusy = &refusal{code: codeUnavailable, text: "too many calls in flight; wait for an answer before the next one"}

// rawID is the id as JSON: a string or an integer.
func rawID(id jsonrpc.ID) json.RawMessage {
	raw, err := json.Marshal(id.Raw())
	if err != nil {
		return nil
	}
	return raw
}

// Write implements [mcp.Connection].
func (c *stdioConn) Write(_ context.Context, msg jsonrpc.Message) error {
	line, err := jsonrpc.EncodeMessage(msg)
	if err != nil {
		return fmt.Errorf("transport: encoding a message: %w", err)
	}
	if !c.ask(msg) {
		return nil
	}
	answer, ok := msg.(*jsonrpc.Response)
	if !ok {
		return c.writeLine(line)
	}
	waited := c.free(answer.ID)
	defer c.answered(waited)
	return c.writeLine(line)
}

// free lets the id of an answered call be used again: the client may do so as soon as it has the
// answer. It reports whether the end of the input waits for the call.
func (c *stdioConn) free(id jsonrpc.ID) (waited bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	waited = c.pending[id]
	delete(c.pending, id)
	return waited
}

// ask takes note of a call of the server before it is written, since the answer may come at once.
// It reports whether the message is to be written: nobody would answer a call after the end.
func (c *stdioConn) ask(msg jsonrpc.Message) bool {
	req, ok := msg.(*jsonrpc.Request)
	if !ok {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case req.IsCall() && c.ended:
		c.orphans = append(c.orphans, req.ID)
		c.signal()
		return false
	case req.IsCall():
		c.asked[req.ID] = struct{}{}
	case req.Method == methodCancelled:
		delete(c.asked, cancelledID(req.Params))
	}
	return true
}

func cancelledID(params json.RawMessage) jsonrpc.ID {
	var p struct {
		RequestID any `json:"requestId"`
	}
	if json.Unmarshal(params, &p) != nil {
		return jsonrpc.ID{}
	}
	id, err := jsonrpc.MakeID(p.RequestID)
	if err != nil {
		return jsonrpc.ID{}
	}
	return id
}

func (c *stdioConn) writeLine(line []byte) error {
	c.writeMu.Lock()
	defer c.writeMu.Unlock()
	if _, err := c.out.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("transport: writing an answer: %w", err)
	}
	return nil
}

// refuse answers a line that the SDK does not get to see.
func (c *stdioConn) refuse(r *refusal, id json.RawMessage) {
	_ = c.writeLine(r.message(id)) // when the output is gone, the next answer of the SDK ends the session
}

// answered notes that an answer was written.
func (c *stdioConn) answered(waited bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if waited && c.waiting > 0 { // else Close has counted it already
		c.waiting--
		c.work.leave()
	}
	c.signal()
}

// end notes that nothing more is read, because of err if that is not nil or [io.EOF].
func (c *stdioConn) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.ended = true
	if err != nil && !errors.Is(err, io.EOF) {
		c.readErr = fmt.Errorf("transport: reading messages: %w", err)
	}
	for id := range c.asked {
		c.orphans = append(c.orphans, id)
	}
	clear(c.asked)
	c.signal()
}

// signal wakes Read. The caller holds mu.
func (c *stdioConn) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *stdioConn) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.readErr
}
