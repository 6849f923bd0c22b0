package paritytest

import (
	"context"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// connect binds every tool to a server, those that write and delete included, and connects a client
// to it whose human confirms all deletions.
func (w *World) connect(t testing.TB, s *Suite, doer zscaler.Doer) {
	t.Helper()
	s.compile(t)
	w.Doer = doer
	keys, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	memory := store.NewMemory(store.MemoryConfig{})
	t.Cleanup(func() { _ = memory.Close() })
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	err = tool.Bind(server, s.selected, tool.Runtime{
		Keys: keys, Store: memory,
		Context: func(ctx context.Context) (context.Context, error) { return zscaler.ContextWithDoer(ctx, doer), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	near, far := mcp.NewInMemoryTransports()
	serving, err := server.Connect(t.Context(), far, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{ElicitationHandler: w.confirm})
	if w.session, err = client.Connect(t.Context(), near, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.session.Close(); _ = serving.Wait() })
}

// confirm is the human: shown what is about to be deleted, and willing.
func (w *World) confirm(_ context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked, w.before = append(w.asked, req.Params.Message), len(w.seen)
	return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"confirm": true}}, nil
}
