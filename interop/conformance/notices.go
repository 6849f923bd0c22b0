package main

import (
	"context"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// step is how long the suite wants notifications to be apart.
const step = 50 * time.Millisecond

// noticeTools send notifications before they answer.
func noticeTools() []fixture {
	return []fixture{
		{
			name: "test_tool_with_logging", doc: "Sends three log messages.",
			call: logging("Tool execution started", "Tool processing data", "Tool execution completed"),
		},
		{name: "test_logging_tool", doc: "Sends a log message to clients that asked for it.", call: logging("a log message")},
		{name: "test_tool_with_progress", doc: "Reports progress three times.", call: progress},
	}
}

func logging(messages ...string) mcp.ToolHandler {
	return func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		for i, message := range messages {
			if i > 0 {
				pause(ctx)
			}
			if err := logInfo(ctx, req, message); err != nil {
				return failed(err), nil
			}
		}
		return answer(text("logged")), nil
	}
}

func progress(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	token := req.Params.GetProgressToken()
	for _, done := range []float64{0, 50, 100} {
		if done > 0 {
			pause(ctx)
		}
		if token == nil {
			continue
		}
		err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: token, Progress: done, Total: 100})
		if err != nil {
			return failed(err), nil
		}
	}
	return answer(text("done")), nil
}

func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(step):
	}
}
