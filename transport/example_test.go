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

// The checks of an endpoint in front of a handler of a service's own.
func ExampleHostCheck() {
	hosts, err := transport.NewHostCheck("svc.example.com", "*.internal.example.com:*")
	if err != nil {
		fmt.Println(err)
		return
	}
	sources, err := transport.NewSourceCheck(auth.Proxies{}, "192.0.2.0/24", "2001:db8::/32")
	if err != nil {
		fmt.Println(err)
		return
	}
	report := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	handler := sources.Wrap(hosts.Wrap(report))
	for _, host := range []string{"svc.example.com", "a.internal.example.com:8443", "evil.example"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/report", nil) // from 192.0.2.1
		r.Host = host
		handler.ServeHTTP(w, r)
		fmt.Println(host, w.Code)
	}
	// Output:
	// svc.example.com 204
	// a.internal.example.com:8443 204
	// evil.example 421
}
