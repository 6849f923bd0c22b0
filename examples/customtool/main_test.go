package main

import (
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// connect returns a client of the example's server, in front of a simulated tenant.
func connect(t *testing.T) *mcp.ClientSession {
	t.Helper()
	tenant := zscalertest.NewTenant(zscalertest.Options{})
	t.Cleanup(tenant.Close)
	srv, err := newServer(zscalermcp.WithEnv(nil),
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
			ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
		}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Close(t.Context()) })
	here, there := mcp.NewInMemoryTransports()
	go func() { _ = srv.MCP().Run(t.Context(), there) }()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), here, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

func TestTheFunctionSeesItsCaller(t *testing.T) {
	result, err := connect(t).CallTool(t.Context(), &mcp.CallToolParams{Name: "acme_get_ticket", Arguments: map[string]any{"number": 7}})
	if err != nil {
		t.Fatal(err)
	}
	seen, ok := result.StructuredContent.(map[string]any)
	if !ok || seen["seen_by"] == "" || seen["number"] != 7.0 {
		t.Errorf("%+v", result)
	}
}

func TestTheRequestReachesTheTenant(t *testing.T) {
	result, err := connect(t).CallTool(t.Context(), &mcp.CallToolParams{Name: "acme_list_labels"})
	if err != nil {
		t.Fatal(err)
	}
	answer, _ := result.StructuredContent.(map[string]any)
	if rows, _ := answer["result"].([]any); result.IsError || len(rows) == 0 {
		t.Errorf("%+v", result)
	}
}
