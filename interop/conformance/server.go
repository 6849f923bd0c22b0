package main

import (
	"context"
	"log/slog"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// newServer returns a server with everything that the suite asks for. The names and contents are the
// suite's; it prints them with each scenario that fails.
func newServer(logger *slog.Logger) *mcp.Server {
	options := &mcp.ServerOptions{
		Logger:             logger,
		CompletionHandler:  complete,
		SubscribeHandler:   func(context.Context, *mcp.SubscribeRequest) error { return nil },
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
	}
	transport.ServerOptions(options)
	s := mcp.NewServer(&mcp.Implementation{Name: "conformance-fixture", Version: "1"}, options)
	for _, tools := range [][]fixture{contentTools(), schemaTools(), noticeTools(), askingTools(), changeTools(s), dialogueTools()} {
		for _, f := range tools {
			f.addTo(s)
		}
	}
	addPrompts(s)
	addResources(s)
	return s
}

// complete has no suggestions.
func complete(context.Context, *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
	return &mcp.CompleteResult{Completion: mcp.CompletionResultDetails{Values: []string{}}}, nil
}
