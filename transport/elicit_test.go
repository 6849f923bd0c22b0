package transport_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// confirms asks a human in the way of protocol 2026-07-28; the SDK translates for older clients.
func confirms(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	if answer, ok := req.Params.InputResponses["ok"].(*mcp.ElicitResult); ok {
		return text("human said " + answer.Action), nil
	}
	return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"ok": &mcp.ElicitParams{Message: "sure?", RequestedSchema: anyObject}}}, nil
}

// Clients that ask for a version that initialize cannot negotiate are answered 2025-11-25, and their
// session must remember that, or the SDK refuses to push an elicitation.
func TestInitializeIsClampedSoThatElicitationWorks(t *testing.T) {
	for _, version := range []string{"2026-07-28", "2099-01-01", "latest", "2025-11-25", "2025-06-18"} {
		var remembered string
		rg := newRig(t, transport.Config{}, map[string]handler{
			"confirms": func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
				remembered = req.Session.InitializeParams().ProtocolVersion
				return confirms(ctx, req)
			},
		})
		a := rg.send(http.MethodPost, strings.Replace(strings.Replace(initialize, "2025-11-25", version, 1), `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1))
		answered := legacy
		if version == "2025-06-18" {
			answered = version
		}
		if !strings.Contains(a.body, `"protocolVersion":"`+answered+`"`) {
			t.Errorf("%s: initialize is answered %s", version, a.body)
		}
		got := rg.confirm(a.header.Get("Mcp-Session-Id"))
		if !strings.Contains(got, "human said accept") || remembered != answered {
			t.Errorf("%s: session remembers %q; %s", version, remembered, got)
		}
	}
}

// confirm calls the tool confirms in a session, answers the elicitation, and returns all events.
func (rg *rig) confirm(session string) string {
	rg.t.Helper()
	body, headers := message(legacy, session, "tools/call", "", `"name":"confirms"`)
	events := rg.stream(body, headers...)
	var all strings.Builder
	for event := range events {
		all.WriteString(event)
		if strings.Contains(event, "elicitation/create") {
			a := rg.send(http.MethodPost, `{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{}}}`, headers...)
			if a.status != http.StatusAccepted {
				rg.t.Errorf("answering the elicitation: %d %s", a.status, a.body)
			}
		}
	}
	return all.String()
}

func TestElicitationInTheNewEra(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"confirms": confirms})
	if a := rg.call(modern, "confirms"); !strings.Contains(a.body, `"input_required"`) {
		t.Errorf("first round: %s", a.body)
	}
	a := rg.ask(modern, "tools/call", "confirms", `"name":"confirms","inputResponses":{"ok":{"action":"decline"}}`)
	if !strings.Contains(a.body, "human said decline") {
		t.Errorf("second round: %s", a.body)
	}
}

// Who ends a session that waits for a human need not wait for the human too; nobody else can end what runs in it.
func TestDeleteEndsAnElicitation(t *testing.T) {
	cause := make(chan error, 1)
	rg := newRig(t, transport.Config{Auth: byToken, CallTimeout: 4 * time.Second}, map[string]handler{
		"asks": func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			_, err := req.Session.Elicit(ctx, &mcp.ElicitParams{Message: "sure?", RequestedSchema: anyObject})
			cause <- context.Cause(ctx)
			return nil, err
		},
	})
	a := rg.send(http.MethodPost, strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1), "Authorization", "Bearer ann")
	body, headers := message(legacy, a.header.Get("Mcp-Session-Id"), "tools/call", "", `"name":"asks"`)
	for event := range rg.stream(body, append(headers, "Authorization", "Bearer ann")...) {
		if !strings.Contains(event, "elicitation/create") {
			continue
		}
		if a := rg.send(http.MethodDelete, "", append(headers, "Authorization", "Bearer bob")...); a.status != http.StatusForbidden {
			t.Errorf("another caller's DELETE: %d %s", a.status, a.body)
		}
		select {
		case err := <-cause:
			t.Fatalf("another caller's DELETE has ended the call: %v", err)
		default:
		}
		if a := rg.send(http.MethodDelete, "", append(headers, "Authorization", "Bearer ann")...); a.status != http.StatusNoContent {
			t.Errorf("DELETE: %d %s", a.status, a.body)
		}
	}
	if err := <-cause; err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the call was ended by %v, not by DELETE", err)
	}
}
