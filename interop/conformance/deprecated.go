package main

//lint:file-ignore SA1019 the suite tests sampling, roots and logging, which SEP-2577 deprecates

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// sample asks the client's model.
func sample(prompt string, maxTokens int64) *mcp.CreateMessageParams {
	return &mcp.CreateMessageParams{
		Messages:  []*mcp.SamplingMessage{{Role: "user", Content: text(prompt)}},
		MaxTokens: maxTokens,
	}
}

// listRoots asks for the client's roots.
func listRoots() mcp.InputRequest { return &mcp.ListRootsParams{} }

// logInfo sends a log message for the call; the client gets it if it has asked for that level.
func logInfo(ctx context.Context, req *mcp.CallToolRequest, message string) error {
	return req.Session.Log(ctx, &mcp.LoggingMessageParams{Level: "info", Data: message})
}

// callSampling asks the client's model in the middle of the call, which sessions allow.
func callSampling(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	prompt, err := argument(req, "prompt")
	if err != nil {
		return failed(err), nil
	}
	res, err := req.Session.CreateMessage(ctx, sample(prompt, 100))
	if err != nil {
		return failed(err), nil
	}
	return answer(text("LLM response:"), res.Content), nil
}

// needSampling refuses clients that cannot sample (SEP-2575).
func needSampling(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	if canSample(req) {
		return answer(text("the client can sample")), nil
	}
	return nil, &jsonrpc.Error{
		Code: mcp.CodeMissingRequiredClientCapabilities, Message: "this tool needs a client with sampling",
		Data: []byte(`{"requiredCapabilities": {"sampling": {}}}`),
	}
}

func canSample(req *mcp.CallToolRequest) bool {
	c := req.ClientCapabilities()
	return c != nil && c.Sampling != nil
}
