package main

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// contentTools return every kind of content, and an error.
func contentTools() []fixture {
	return []fixture{
		{name: "test_simple_text", doc: "Returns text.", call: always(text("This is a simple text response for testing."))},
		{name: "test_image_content", doc: "Returns an image.", call: always(picture())},
		{name: "test_audio_content", doc: "Returns audio.", call: always(&mcp.AudioContent{Data: silence(), MIMEType: "audio/wav"})},
		{
			name: "test_embedded_resource", doc: "Returns a resource.",
			call: always(embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
		},
		{
			name: "test_multiple_content_types", doc: "Returns text, an image and a resource.",
			call: always(text("Multiple content types test:"), picture(),
				embedded("test://mixed-content-resource", "application/json", `{"test":"data","value":123}`)),
		},
		{
			name: "test_error_handling", doc: "Fails.",
			call: func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
				res := answer(text("This tool intentionally returns an error for testing"))
				res.IsError = true
				return res, nil
			},
		},
	}
}
