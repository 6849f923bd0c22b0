package zscalermcp

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/org/zscalermcp/tool"
)

// Posture is what is on and off: one value for a log line or a human. It holds no secret.
type Posture struct {
	Path         string   // of the MCP endpoint
	Auth         string   // "authenticator", "none (opted out)" or "missing: HTTP is refused"
	Tools        int      // how many tools are offered
	WriteTools   int      // how many of them change the tenant
	WritePattern []string // what WithWriteTools or ZSCALER_MCP_WRITE_TOOLS names
	SharedState  bool     // a Store was given: replicas can share state
	StableKeys   bool     // master keys were given: sealed state outlives a restart
	Warnings     []string // what an operator should know
}

// Posture returns what is on and off.
func (s *Server) Posture() Posture {
	p := Posture{
		Path: s.path, Auth: "authenticator", WritePattern: s.cfg.writeTools,
		SharedState: s.cfg.store != nil, StableKeys: len(s.cfg.masterKeys) > 0,
	}
	switch {
	case s.cfg.withoutAuth:
		p.Auth = "none (opted out)"
		p.Warnings = append(p.Warnings, "authentication over HTTP is off")
	case s.cfg.auth == nil:
		p.Auth = "missing: HTTP is refused"
	}
	for _, info := range s.tools.Tools() {
		p.Tools++
		if info.Effect != tool.Read {
			p.WriteTools++
		}
	}
	if p.SharedState != p.StableKeys {
		p.Warnings = append(p.Warnings, "a shared store and master keys go together: give both, or a second replica refuses what the first has sealed")
	}
	return p
}

// LogValue groups the members for a structured log.
func (p Posture) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("path", p.Path), slog.String("auth", p.Auth),
		slog.Int("tools", p.Tools), slog.Int("write_tools", p.WriteTools), slog.Any("write_patterns", p.WritePattern),
		slog.Bool("shared_state", p.SharedState), slog.Bool("stable_keys", p.StableKeys),
		slog.Any("warnings", p.Warnings),
	)
}

// Format prints no more than the type: a server holds secrets.
func (s *Server) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "zscalermcp.Server") }

// LogValue is the posture: a server holds secrets.
func (s *Server) LogValue() slog.Value { return s.Posture().LogValue() }
