package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// askingTools ask the client in the middle of a call. Two do so over the session; the others return
// their questions, which the SDK sends to clients with a session in the same way.
func askingTools() []fixture {
	return []fixture{
		{
			name: "test_sampling", doc: "Asks the client's model.", call: callSampling,
			schema: `{"type": "object", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]}`,
		},
		{
			name: "test_elicitation", doc: "Asks the user for a name and an address.", call: callElicitation,
			schema: `{"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]}`,
		},
		{
			name: "test_elicitation_sep1034_defaults", doc: "Asks with default values.",
			call: askOnce(elicit("Check these values.", `
				"name": {"type": "string", "default": "John Doe"},
				"age": {"type": "integer", "default": 30},
				"score": {"type": "number", "default": 95.5},
				"status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
				"verified": {"type": "boolean", "default": true}`)),
		},
		{
			name: "test_elicitation_sep1330_enums", doc: "Asks for choices, in all forms of enumerations.",
			call: askOnce(elicit("Choose.", `
				"untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
				"titledSingle": {"type": "string", "oneOf": [
					{"const": "value1", "title": "First Option"}, {"const": "value2", "title": "Second Option"}]},
				"legacyEnum": {"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]},
				"untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
				"titledMulti": {"type": "array", "items": {"anyOf": [
					{"const": "value1", "title": "First Choice"}, {"const": "value2", "title": "Second Choice"}]}}`)),
		},
		{
			name: "test_streaming_elicitation", doc: "Asks; the stream of the answer must hold no request.",
			call: askOnce(elicit("Go on?", `"ok": {"type": "boolean"}`)),
		},
		{name: "test_missing_capability", doc: "Needs a client that can sample.", call: needSampling},
	}
}

// elicit asks the user to fill in a form. properties are the members of the schema's properties, the
// names in required those that must be filled in.
func elicit(message, properties string, required ...string) *mcp.ElicitParams {
	schema := `{"type": "object", "properties": {` + properties + `}`
	if len(required) > 0 {
		names, _ := json.Marshal(required) // strings always marshal
		schema += `, "required": ` + string(names)
	}
	return &mcp.ElicitParams{Mode: "form", Message: message, RequestedSchema: json.RawMessage(schema + `}`)}
}

func callElicitation(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	message, err := argument(req, "message")
	if err != nil {
		return failed(err), nil
	}
	question := elicit(message, `
		"username": {"type": "string", "description": "User's response"},
		"email": {"type": "string", "description": "User's email address"}`, "username", "email")
	res, err := req.Session.Elicit(ctx, question)
	if err != nil {
		return failed(err), nil
	}
	return answer(text(reported(res))), nil
}

// askOnce asks the question, and then reports the answer.
func askOnce(question *mcp.ElicitParams) mcp.ToolHandler {
	const id = "question"
	return func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		res, ok := req.Params.InputResponses[id].(*mcp.ElicitResult)
		if !ok {
			return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{id: question}}, nil
		}
		return answer(text(reported(res))), nil
	}
}

func reported(res *mcp.ElicitResult) string {
	return fmt.Sprintf("Elicitation completed: action=%s, content=%v", res.Action, res.Content)
}
