package main

import (
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/zscaler"
)

func TestTheToolSeesItsCaller(t *testing.T) {
	srv, err := newServer(zscalermcp.WithEnv(nil), zscalermcp.WithoutAuth(),
		zscalermcp.WithCredentials(zscaler.Credentials{VanityDomain: "acme", ClientID: "id", ClientSecret: "secret"}))
	if err != nil {
		t.Fatal(err)
	}
	here, there := mcp.NewInMemoryTransports()
	go func() { _ = srv.MCP().Run(t.Context(), there) }()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), here, nil)
	if err != nil {
		t.Fatal(err)
	}
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "acme_get_ticket", Arguments: map[string]any{"number": 7}})
	if err != nil {
		t.Fatal(err)
	}
	seen, ok := result.StructuredContent.(map[string]any)
	if !ok || seen["seen_by"] == "" || seen["number"] != 7.0 {
		t.Errorf("%+v", result)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	if err := srv.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
