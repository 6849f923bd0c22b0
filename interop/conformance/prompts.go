package main

import (
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func addPrompts(s *mcp.Server) {
	s.AddPrompt(&mcp.Prompt{Name: "test_simple_prompt", Description: "Text."},
		saying(text("This is a simple prompt for testing.")))
	s.AddPrompt(&mcp.Prompt{Name: "test_prompt_with_image", Description: "An image."},
		saying(picture(), text("Please analyze the image above.")))
	s.AddPrompt(&mcp.Prompt{
		Name: "test_prompt_with_arguments", Description: "Text with two arguments.",
		Arguments: []*mcp.PromptArgument{
			{Name: "arg1", Description: "First test argument", Required: true},
			{Name: "arg2", Description: "Second test argument", Required: true},
		},
	}, filledIn)
	s.AddPrompt(&mcp.Prompt{
		Name: "test_prompt_with_embedded_resource", Description: "A resource.",
		Arguments: []*mcp.PromptArgument{{Name: "resourceUri", Description: "URI of the resource to embed", Required: true}},
	}, embedding)
	s.AddPrompt(&mcp.Prompt{Name: "test_input_required_result_prompt", Description: "Asks the user before it is complete."}, asking)
}

// saying is a handler that answers with the content as messages of the user.
func saying(content ...mcp.Content) mcp.PromptHandler {
	return func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		return said(content...), nil
	}
}

func said(content ...mcp.Content) *mcp.GetPromptResult {
	res := new(mcp.GetPromptResult)
	for _, c := range content {
		res.Messages = append(res.Messages, &mcp.PromptMessage{Role: "user", Content: c})
	}
	return res
}

func filledIn(_ context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	args := req.Params.Arguments
	return said(text(fmt.Sprintf("Prompt with arguments: arg1='%s', arg2='%s'", args["arg1"], args["arg2"]))), nil
}

func embedding(_ context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	resource := embedded(req.Params.Arguments["resourceUri"], "text/plain", "Embedded resource content for testing.")
	return said(resource, text("Please process the embedded resource above.")), nil
}

// asking asks the user first (SEP-2322).
func asking(_ context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	const id = "user_context"
	res, ok := req.Params.InputResponses[id].(*mcp.ElicitResult)
	if !ok {
		question := elicit("What context should the prompt use?", `"context": {"type": "string"}`, "context")
		return &mcp.GetPromptResult{InputRequests: mcp.InputRequestMap{id: question}}, nil
	}
	return said(text(fmt.Sprintf("Use this context: %v", res.Content["context"]))), nil
}
