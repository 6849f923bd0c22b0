package tool_test

import (
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/tool"
)

type officeArgs struct {
	City  string `json:"city" jsonschema:"City of the office." nonempty:"true"`
	Floor *int   `json:"floor,omitempty" jsonschema:"Floor to report on." min:"1" max:"40"`
}

// A tool of one's own: declared, compiled, selected, bound and called through a client.
func Example() {
	lookup := tool.Func(tool.Read, "acme_get_office", "Look up an office.",
		func(_ context.Context, in officeArgs) (any, error) {
			return map[string]any{"city": in.City, "site_id": 216196257331368721}, nil
		})
	catalogue, err := tool.Compile(tool.Set{Name: "acme_offices", Doc: "The offices of Acme.", Tools: []tool.Tool{lookup}})
	if err != nil {
		fmt.Println(err)
		return
	}
	selected, err := catalogue.Select(tool.Selection{Toolsets: []string{"acme_offices"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "acme", Version: "1.0.0"}, nil)
	if err := tool.Bind(server, selected, tool.Runtime{}); err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	ours, theirs := mcp.NewInMemoryTransports()
	if _, err := server.Connect(ctx, ours, nil); err != nil {
		fmt.Println(err)
		return
	}
	client, err := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1.0.0"}, nil).Connect(ctx, theirs, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = client.Close() }()
	for _, args := range []map[string]any{{"city": "Zug", "floor": 3}, {"town": "Zug", "floor": 99}} {
		result, err := client.CallTool(ctx, &mcp.CallToolParams{Name: "acme_get_office", Arguments: args})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(result.Content[0].(*mcp.TextContent).Text)
	}
	// Output:
	// {"city":"Zug","site_id":216196257331368721}
	// the arguments are not valid, nothing was done:
	// - town: there is no such argument; the valid ones are city, floor
	// - city: is missing; City of the office.
	// - floor: 99 is above the maximum of 40
}
