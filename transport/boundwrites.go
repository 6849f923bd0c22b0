package transport

import (
	"net"
	"sync"
	"time"
)

// BoundWrites returns ln with connections that end when their peer does not take what is written: each 64 KiB have at least limit, and at
// most half as much more. Without it a stranger who sends requests and reads no answer holds a connection of a [http.Server] for ever, unless that has
// a WriteTimeout, which would cut streams. [Serve] uses it; for a server of your own give it its listener. A limit that is not positive, such as [Off], is none.
func BoundWrites(ln net.Listener, limit time.Duration) net.Listener {
	if limit <= 0 {
		return ln
	}
	return &boundedListener{ln, min(limit, forever)} // far from where time runs over
}

type boundedListener struct {
	net.Listener
	limit time.Duration
}

// Accept implements [net.Listener].
func (l *boundedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &boundedConn{Conn: conn, limit: l.limit}, nil
}

// A boundedConn moves the deadline of its writes once in a while: to set it for each would wake another thread with every request.
type boundedConn struct {
	net.Conn
	limit time.Duration

	mu     sync.Mutex
	until  time.Time // the deadline that a write has set
	chosen bool      // somebody else has set one, which counts
}

// Write implements [net.Conn].
func (c *boundedConn) Write(p []byte) (int, error) { return inPieces(p, c.writePiece) }

func (c *boundedConn) writePiece(p []byte) (int, error) {
	if err := c.renew(); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (c *boundedConn) renew() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if c.chosen || c.until.Sub(now) >= c.limit {
		return nil
	}
	c.until = now.Add(c.limit + c.limit/2)
	return c.Conn.SetWriteDeadline(c.until)
}

// SetWriteDeadline implements [net.Conn].
func (c *boundedConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.chosen, c.until = !t.IsZero(), time.Time{}
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline implements [net.Conn].
func (c *boundedConn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}
