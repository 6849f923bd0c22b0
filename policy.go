package zscalermcp

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/isolated"
	"github.com/org/zscalermcp/tool"
)

// permit returns what decides which tools a caller sees and may call.
func (s *Server) permit() func(*auth.Principal, auth.Operation) bool {
	return func(p *auth.Principal, op auth.Operation) bool {
		return s.covered(p, op) && (isolated.Is(p) || s.cfg.policy == nil || s.decide(p, op).Allowed)
	}
}

// covered reports whether the service of op is there at all for the caller: in the tenant, or in the caller's own token.
func (s *Server) covered(p *auth.Principal, op auth.Operation) bool {
	if s.cfg.callerCredentials && !isolated.Is(p) {
		return entitled(p, op)
	}
	return s.entitlements().Covers(op.Service)
}

// decide asks the policy. One that panics permits nothing; the value of its panic may be anything, so it is not logged.
func (s *Server) decide(p *auth.Principal, op auth.Operation) (decision auth.Decision) {
	defer func() {
		if v := recover(); v != nil {
			decision = auth.Decision{}
			s.policyPanics.Do(func() {
				s.cfg.logger.Error("the policy has panicked, and permits nothing", "tool", op.Tool, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			})
		}
	}()
	return s.cfg.policy.Permit(p, op)
}

// entitled reports whether the caller's own token covers the service of op.
// A token that does not tell covers all: the tenant judges in any case.
func entitled(p *auth.Principal, op auth.Operation) bool {
	caller, ok := p.Attachment().(interface{ Covers(service string) bool })
	return !ok || caller.Covers(op.Service)
}

// stepUp returns what refuses a call over HTTP that a wider scope would permit; nil without a policy.
func (s *Server) stepUp() func(context.Context, *auth.Principal, string) *auth.Error {
	if s.cfg.policy == nil {
		return nil
	}
	operations := make(map[string]auth.Operation)
	for _, info := range s.tools.Tools() {
		operations[info.Name] = operationOf(info)
	}
	return func(ctx context.Context, p *auth.Principal, name string) *auth.Error {
		op, ok := operations[name]
		if !ok || !s.covered(p, op) {
			return nil // the tools say that there is none, and no scope would help
		}
		decision := s.decide(p, op)
		switch {
		case decision.Allowed:
			return nil
		case len(decision.Scopes) == 0: // hidden: the tools answer as for a tool that is not there
			auth.Record(ctx, &auth.Error{Status: http.StatusForbidden, Description: "The tool is hidden from the caller by the policy.", Operation: name})
			return nil
		}
		return &auth.Error{
			Status: http.StatusForbidden, Code: "insufficient_scope", Scopes: decision.Scopes, Operation: name,
			Description: "The credential does not cover this tool; ask for the scopes named in the challenge.",
		}
	}
}

func operationOf(info tool.Info) auth.Operation {
	return auth.Operation{Tool: info.Name, Toolset: info.Toolset, Service: info.Service, Effect: info.Effect.String()}
}
