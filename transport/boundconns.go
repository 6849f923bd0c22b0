package transport

import (
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
)

// BoundConnections returns ln with at most so many connections open at a time. Those beyond are closed at once, and logger is told, once a minute at most; nil
// discards. Each takes a descriptor and, with TLS, tens of KiB, before anybody knows who it is. It is safe for concurrent use.
func BoundConnections(ln net.Listener, most int, logger *slog.Logger) net.Listener {
	return &countedListener{Listener: ln, most: int64(most), log: loggerOr(logger)}
}

type countedListener struct {
	net.Listener
	most int64
	open atomic.Int64
	log  *slog.Logger
	told reminder
}

// Accept implements [net.Listener].
func (l *countedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= l.most {
			return &countedConn{Conn: conn, open: &l.open}, nil
		}
		l.open.Add(-1)
		_ = conn.Close() // nothing was said on it
		l.told.do(func() {
			l.log.Warn("a connection was closed at once: as many as the limit allows are open", "limit", l.most, "client_addr", conn.RemoteAddr().String())
		})
	}
}

// A countedConn counts until it is closed.
type countedConn struct {
	net.Conn
	open   *atomic.Int64
	closed sync.Once
}

// Close implements [net.Conn].
func (c *countedConn) Close() error {
	err := c.Conn.Close()
	c.closed.Do(func() { c.open.Add(-1) })
	return err
}
