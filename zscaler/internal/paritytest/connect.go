package paritytest

import (
	"context"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// bind binds every tool to a server, those that write and delete included. The tenant is that of the session.
func bind(selected *tool.Selected) (*mcp.Server, error) {
	keys, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		return nil, err
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	return server, tool.Bind(server, selected, tool.Runtime{Keys: keys, Store: store.NewMemory(store.MemoryConfig{})})
}

// connect connects a client to the suite's server whose calls reach doer, and whose human confirms all deletions.
func (w *World) connect(t testing.TB, s *Suite, doer zscaler.Doer) {
	t.Helper()
	s.compile(t)
	w.Doer = doer
	near, far := mcp.NewInMemoryTransports()
	serving, err := s.server.Connect(zscaler.ContextWithDoer(t.Context(), doer), far, nil)
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
