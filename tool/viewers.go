package tool

import (
	"context"
	"encoding/json"
	"runtime"
	"sync"
	"weak"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
)

// Methods of MCP that viewers look at.
const (
	methodInitialize  = "initialize"
	methodListen      = "subscriptions/listen"
	methodToolsChange = "notifications/tools/list_changed"
)

// viewers knows whose the sessions are that can be told of a changed list of tools. The SDK tells all sessions of a server at once;
// of those, viewers lets through the ones whose caller's list has changed. A session is forgotten when it is garbage.
type viewers struct {
	tell func() // has the SDK tell every session

	mu       sync.Mutex
	sessions map[weak.Pointer[mcp.ServerSession]]*viewer
}

// A viewer is a session that may be told.
type viewer struct {
	principal string // its key
	changed   bool   // and not told yet
}

// receive is a receiving middleware that learns whose sessions are.
func (v *viewers) receive(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		if method == methodInitialize || method == methodListen {
			if session, ok := req.GetSession().(*mcp.ServerSession); ok {
				v.add(session, principalOrLocal(ctx).Key())
			}
		}
		return next(ctx, method, req)
	}
}

func (v *viewers) add(session *mcp.ServerSession, principal string) {
	pointer := weak.Make(session)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sessions == nil {
		v.sessions = map[weak.Pointer[mcp.ServerSession]]*viewer{}
	}
	if v.sessions[pointer] == nil {
		runtime.AddCleanup(session, v.forget, pointer)
	}
	if each := v.sessions[pointer]; each == nil || each.principal != principal { // one that listens once more may have yet to be told
		v.sessions[pointer] = &viewer{principal: principal}
	}
}

func (v *viewers) forget(pointer weak.Pointer[mcp.ServerSession]) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.sessions, pointer)
}

// announce has the sessions of p told that their list of tools has changed.
func (v *viewers) announce(p *auth.Principal) {
	key, found := p.Key(), false
	v.mu.Lock()
	for _, each := range v.sessions {
		if each.principal == key {
			each.changed, found = true, true
		}
	}
	v.mu.Unlock()
	if found {
		v.tell()
	}
}

// send is a sending middleware that drops the notification for sessions whose list is the same as before.
func (v *viewers) send(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		if method == methodToolsChange && !v.due(req.GetSession()) {
			return nil, nil
		}
		return next(ctx, method, req)
	}
}

// due reports whether a session has yet to be told, and notes that it is.
func (v *viewers) due(s mcp.Session) bool {
	session, ok := s.(*mcp.ServerSession)
	if !ok {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	each := v.sessions[weak.Make(session)]
	if each == nil || !each.changed {
		return false
	}
	each.changed = false
	return true
}

// noTool is what notify adds and removes: no catalogue has a name with a dot, so that the guard hides and refuses it.
var noTool = &mcp.Tool{Name: "tools.changed", InputSchema: json.RawMessage(`{"type":"object"}`)}

// notify has the SDK tell its sessions, which it does only when there is a change.
func notify(s *mcp.Server) {
	s.AddTool(noTool, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return errorResult("There is no such tool."), nil
	})
	s.RemoveTools(noTool.Name)
}
