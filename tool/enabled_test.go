package tool_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
)

// onDemand is a server with two toolsets of which "default" lists the first, and a client of it that counts what it is told.
func onDemand(t *testing.T, kept store.Store) (server *mcp.Server, session *mcp.ClientSession, told func() int) {
	t.Helper()
	nothing := func(context.Context, struct{}) (any, error) { return map[string]any{}, nil }
	c, err := tool.Compile(
		tool.Set{Name: "demo_first", Doc: "Listed.", Default: true, Tools: []tool.Tool{tool.Func(tool.Read, "demo_list", "List what is there.", nothing)}},
		tool.Set{Name: "demo_second", Doc: "On demand.", Tools: []tool.Tool{tool.Func(tool.Read, "demo_dump", "Dump what is there.", nothing)}},
		tool.Set{Name: tool.AgentService, Doc: "Help.", Tools: tool.AgentTools()},
	)
	if err != nil {
		t.Fatal(err)
	}
	selected, err := c.Select(tool.Selection{Toolsets: []string{"default"}})
	if err != nil {
		t.Fatal(err)
	}
	server = mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ServerOptions{
		SubscribeHandler:   func(context.Context, *mcp.SubscribeRequest) error { return nil },
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
		Capabilities:       &mcp.ServerCapabilities{Resources: &mcp.ResourceCapabilities{Subscribe: true}},
	})
	if err := tool.Bind(server, selected, tool.Runtime{Logger: slog.New(slog.NewTextHandler(&bytes.Buffer{}, nil)), Store: kept}); err != nil {
		t.Fatal(err)
	}
	there, here := mcp.NewInMemoryTransports()
	served, err := server.Connect(t.Context(), there, nil)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	changes := 0
	session, err = mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, &mcp.ClientOptions{
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { mu.Lock(); changes++; mu.Unlock() },
	}).Connect(t.Context(), here, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close(); _ = served.Wait() })
	time.Sleep(time.Millisecond) // in a bubble: until the client listens
	return server, session, func() int { mu.Lock(); defer mu.Unlock(); return changes }
}

func listed(t *testing.T, session *mcp.ClientSession) (names []string) {
	t.Helper()
	list, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range list.Tools {
		names = append(names, each.Name)
	}
	return names
}

const enableSecond = `{"toolset":"demo_second"}`

// A toolset stays listed for 12 hours since it was enabled last.
func TestEnablingOnceMoreExtends(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		_, session, told := onDemand(t, store.NewMemory(store.MemoryConfig{}))
		for _, after := range []time.Duration{0, 11 * time.Hour, 11 * time.Hour} {
			time.Sleep(after)
			wantOK(t, call(t, session, "zscaler_enable_toolset", enableSecond))
		}
		time.Sleep(11 * time.Hour)
		if !slices.Contains(listed(t, session), "demo_dump") {
			t.Error("it is not listed 11 hours after it was enabled last")
		}
		time.Sleep(2 * time.Hour)
		if slices.Contains(listed(t, session), "demo_dump") {
			t.Error("it is listed 13 hours after it was enabled last")
		}
		if n := told(); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

// A client that begins to listen for something else before it is told is told all the same.
func TestListeningOnceMoreLosesNoChange(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		_, session, told := onDemand(t, store.NewMemory(store.MemoryConfig{}))
		wantOK(t, call(t, session, "zscaler_enable_toolset", enableSecond))
		if err := session.Subscribe(t.Context(), &mcp.SubscribeParams{URI: "demo://thing"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if n := told(); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

// To tell of a change does not bring back a tool that the host has taken out of the SDK's server.
func TestAChangeBringsNothingBack(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		server, session, told := onDemand(t, store.NewMemory(store.MemoryConfig{}))
		server.RemoveTools("demo_list")
		time.Sleep(time.Second)
		wantOK(t, call(t, session, "zscaler_enable_toolset", enableSecond))
		time.Sleep(time.Second)
		if n := told(); n != 1 {
			t.Errorf("told %d times", n)
		}
		names := listed(t, session)
		if slices.Contains(names, "demo_list") || !slices.Contains(names, "demo_dump") || len(names) != 5 {
			t.Errorf("listed: %v", names)
		}
		for _, name := range []string{"demo_list", "tools.changed"} {
			if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: name}); err == nil {
				t.Errorf("%s can be called", name)
			}
		}
	})
}

// A stuckStore never answers.
type stuckStore struct{ store.Store }

func (stuckStore) List(ctx context.Context, _ string) ([]string, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (stuckStore) Create(ctx context.Context, _ string, _ []byte, _ time.Duration, _ ...string) error {
	<-ctx.Done()
	return ctx.Err()
}

// A store that never answers delays nobody for long, and takes no tool away.
func TestAStoreThatHangs(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		_, session, _ := onDemand(t, stuckStore{})
		began := time.Now()
		if names := listed(t, session); !slices.Contains(names, "demo_list") {
			t.Errorf("listed: %v", names)
		}
		wantOK(t, call(t, session, "zscaler_find_tool", `{"task":"dump"}`))
		wantOK(t, call(t, session, "demo_dump", `{}`))
		wantError(t, call(t, session, "zscaler_enable_toolset", enableSecond), "store does not answer", "by name")
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// A brokenStore tells where it is.
type brokenStore struct{ *store.Memory }

func (brokenStore) Create(context.Context, string, []byte, time.Duration, ...string) error {
	return errors.New("dial tcp redis.inside.example:6379: refused")
}

// What a store says of itself is for the log.
func TestAStoreThatFails(t *testing.T) {
	_, session, _ := onDemand(t, brokenStore{store.NewMemory(store.MemoryConfig{})})
	res := call(t, session, "zscaler_enable_toolset", enableSecond)
	wantError(t, res, "store does not answer", "by name")
	if strings.Contains(textOf(res), "inside.example") {
		t.Errorf("callers are told: %s", textOf(res))
	}
}
