package zscalermcp

import (
	"context"
	"errors"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// ErrNoDoctor is returned by [Server.Doctor] where there is no authorization server to look at.
var ErrNoDoctor = errors.New("zscalermcp: only an authorization server can be looked at from outside: set ZSCALER_MCP_AUTH_MODE=authorization-server, or give an oidcproxy.Provider to WithAuth")

// Doctor asks the public addresses of the authorization server as a client does, and says what a proxy, path, header, clock or registration got wrong, and
// what to change: see [oidcproxy.Provider.Doctor]. This server need not be the one that answers there: another process with the same settings may.
func (s *Server) Doctor(ctx context.Context) (oidcproxy.Report, error) {
	if s.closed.Load() {
		return oidcproxy.Report{}, ErrClosed
	}
	if s.cfg.authErr != nil { // New lets it pass where the environment asks for stdio
		return oidcproxy.Report{}, s.cfg.authErr
	}
	d, ok := s.cfg.auth.(interface {
		Doctor(ctx context.Context) oidcproxy.Report
	})
	if !ok {
		return oidcproxy.Report{}, ErrNoDoctor
	}
	return d.Doctor(ctx), nil
}
