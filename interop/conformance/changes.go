package main

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// changeTools change the lists of s for a moment, so that subscribers are told.
func changeTools(s *mcp.Server) []fixture {
	const name = "test_temporary"
	return []fixture{
		{
			name: "test_trigger_tool_change", doc: "Adds a tool and takes it away again.",
			call: doing(func() {
				fixture{name: name, doc: "Comes and goes.", call: always(text("here"))}.addTo(s)
				s.RemoveTools(name)
			}),
		},
		{
			name: "test_trigger_prompt_change", doc: "Adds a prompt and takes it away again.",
			call: doing(func() {
				s.AddPrompt(&mcp.Prompt{Name: name, Description: "Comes and goes."}, saying(text("here")))
				s.RemovePrompts(name)
			}),
		},
	}
}

// doing is a handler that only has a side effect.
func doing(effect func()) mcp.ToolHandler {
	return func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		effect()
		return answer(text("changed")), nil
	}
}
