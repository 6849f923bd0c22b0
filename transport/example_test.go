package transport_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport"
)

// A server with one tool that greets its caller, whatever the protocol era of the client.
func Example() {
	var options mcp.ServerOptions
	transport.ServerOptions(&options)
	server := mcp.NewServer(&mcp.Implementation{Name: "greeter", Version: "1"}, &options)
	server.AddTool(&mcp.Tool{Name: "greet", InputSchema: map[string]any{"type": "object"}},
		func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			p, _ := auth.PrincipalFromContext(ctx)
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "hello " + p.Subject}}}, nil
		})

	endpoint, err := transport.New(transport.Config{
		Server: server,
		Auth: auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) {
			return &auth.Principal{Issuer: "example", Subject: "ann", Method: "example"}, nil
		}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", endpoint)
	mux.Handle("/ready", endpoint.Ready())
	host := httptest.NewServer(mux)
	defer host.Close()

	ctx := context.Background()
	client := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, nil)
	session, err := client.Connect(ctx, &mcp.StreamableClientTransport{Endpoint: host.URL + "/mcp"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "greet"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Content[0].(*mcp.TextContent).Text)
	fmt.Println(session.Close(), endpoint.Close(ctx))
	// Output:
	// hello ann
	// <nil> <nil>
}
