package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/isolated"
)

// readerWait is how long ServeStdio waits for a Read of its input to return after closing it.
const readerWait = time.Second

// ServeStdio serves one client that writes a JSON-RPC message a line to in and reads answers from
// out, as principal "stdio". A line that is no message is answered with an error and the next line
// is read. JSON-RPC batches, which MCP dropped in 2025-06-18, are refused so.
//
// At the end of in it answers the calls in flight and returns nil. When ctx ends it reads no more,
// ends the contexts of the calls in flight so that they are answered, and returns nil; it closes in
// if that is an [io.Closer], to end a Read that blocks. Nothing can end a blocking Read otherwise:
// the goroutine in it then stays until in has more (for an [os.File] that is no pipe or socket,
// Close does not help either). The error is what reading or writing failed with, or says that
// handlers ignored the end of their context.
func (e *Endpoint) ServeStdio(ctx context.Context, in io.Reader, out io.Writer) error {
	c := e.newStdioConn(out)
	ss, err := e.cfg.Server.Connect(auth.ContextWithPrincipal(ctx, isolated.Stdio), c, nil)
	if err != nil {
		return fmt.Errorf("transport: connecting standard input and output: %w", err)
	}
	go c.read(in)
	ended := make(chan error, 1)
	go func() { ended <- ss.Wait() }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		c.end(nil)
		e.work.halt(ss)
		defer e.work.forget(ss)
		select {
		case err = <-ended:
		case <-time.After(lastWait):
			err = errors.New("transport: handlers that ignore their context still run")
		}
	}
	return errors.Join(err, c.finish(in))
}

// finish ends the reader goroutine if it still runs and returns what reading failed with.
func (c *stdioConn) finish(in io.Reader) error {
	_ = c.Close() // it has no error
	select {
	case <-c.readerDone:
		return c.failure()
	default:
	}
	if c.failure() != nil { // the reader is about to end
		<-c.readerDone
		return c.failure()
	}
	closer, ok := in.(io.Closer)
	if !ok {
		return nil
	}
	_ = closer.Close() // only to end the Read
	select {
	case <-c.readerDone:
	case <-time.After(readerWait):
	}
	return nil
}

// Connect implements [mcp.Transport].
func (c *stdioConn) Connect(context.Context) (mcp.Connection, error) { return c, nil }
