package transport_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

func TestHandlersThatMisbehaveDoNotEndTheProcess(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{
		"echo":   echo,
		"panics": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { panic("s3cr3t") },
		"indexes": func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return text(string(r.Params.Name[99:])), nil
		},
		"nothing": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return nil, nil },
		"plain": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return nil, errors.New("plain")
		},
		"coded": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return nil, &jsonrpc.Error{Code: -32077, Message: "coded"}
		},
	})
	for _, era := range eras {
		for _, test := range []struct {
			tool string
			code int
			text string
		}{
			{"panics", -32603, "internal error: the handler failed; the server's log has the cause"},
			{"indexes", -32603, "internal error: the handler failed; the server's log has the cause"},
			{"nothing", -32603, "internal error: the handler returned nothing"},
			{"plain", -32603, "plain"},
			{"coded", -32077, "coded"},
		} {
			if a := rg.call(era, test.tool); a.code() != test.code || a.rpc.Error.Message != test.text {
				t.Errorf("%s %s: %d %s", era, test.tool, a.status, a.body)
			}
		}
		if a := rg.call(era, "echo"); !strings.Contains(a.body, "done") {
			t.Errorf("%s: the server does not live: %s", era, a.body)
		}
	}
	if log := rg.log.String(); strings.Contains(log, "s3cr3t") || !strings.Contains(log, "out of range") {
		t.Errorf("log: %s", log)
	}
}

// Nothing else ends a handler of a legacy client that has gone.
func TestEveryCallHasADeadline(t *testing.T) {
	waits := func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	rg := newRig(t, transport.Config{CallTimeout: 30 * time.Millisecond}, map[string]handler{"waits": waits, "echo": echo})
	for _, era := range eras {
		if a := rg.call(era, "waits"); a.code() != -32603 || !strings.Contains(a.body, "did not end within 30ms") {
			t.Errorf("%s: %d %s", era, a.status, a.body)
		}
		if a := rg.call(era, "echo"); !strings.Contains(a.body, "done") {
			t.Errorf("%s: %s", era, a.body)
		}
	}
}

func TestDroppedConnectionCancelsInTheNewEra(t *testing.T) {
	started, ended := make(chan struct{}), make(chan struct{})
	rg := newRig(t, transport.Config{}, map[string]handler{"waits": func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		close(started)
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-started
		cancel()
	}()
	if err := rg.post(ctx, modern, "", "waits"); !errors.Is(err, context.Canceled) {
		t.Fatalf("the client got %v", err)
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the handler still runs")
	}
}
