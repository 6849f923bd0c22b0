package tool

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	tokenDoc = "Leave out on the first call. If the answer holds a confirmation token, ask the user, then call again with the same arguments and the token."

	// inputConfirm is the id of the question in the multi round-trip request, and of its one field.
	inputConfirm = "confirm"
)

var confirmForm = json.RawMessage(`{"type":"object","properties":{"confirm":{"type":"boolean","title":"Delete","description":"Delete it; this cannot be undone"}},"required":["confirm"]}`)

// confirm lets a delete go on, with (nil, nil), or returns what to answer instead. It takes the
// engine's own arguments out of members.
func (c *call) confirm(ctx context.Context, members map[string]json.RawMessage) (*mcp.CallToolResult, error) {
	token, err := takeToken(members)
	if err != nil {
		return nil, err
	}
	about, err := canonical(c.tool.spec.Name, members)
	if err != nil {
		return nil, err
	}
	switch {
	case c.req.Params.RequestState != "":
		return c.answered(ctx, about)
	case token != "" && !canAsk(c.req): // where there is a human to ask, a token stands for nobody's word
		return nil, c.spend(ctx, purposeToken, token, about)
	}
	text, err := c.describe(ctx, members)
	if err != nil {
		return nil, err
	}
	c.outcome = outcomeAsked
	if canAsk(c.req) {
		return c.ask(text, about)
	}
	return c.offer(text, about)
}

// canAsk reports whether the client can show a form. One that declares neither form nor url means
// form; one that declares only url cannot.
func canAsk(req *mcp.CallToolRequest) bool {
	caps := req.ClientCapabilities()
	return caps != nil && caps.Elicitation != nil && (caps.Elicitation.Form != nil || caps.Elicitation.URL == nil)
}

// ask has the client ask its human: in the new era by this answer itself, for legacy clients through
// the SDK, which turns it into an elicitation.
func (c *call) ask(text string, about digest) (*mcp.CallToolResult, error) {
	state, err := c.seal(purposeState, about)
	if err != nil {
		return nil, err
	}
	question := &mcp.ElicitParams{Mode: "form", Message: "Confirm this deletion: " + text, RequestedSchema: confirmForm}
	return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{inputConfirm: question}, RequestState: state}, nil
}

// answered judges the human's answer. The state is spent whatever the answer is: one question, one answer.
func (c *call) answered(ctx context.Context, about digest) (*mcp.CallToolResult, error) {
	if err := c.spend(ctx, purposeState, c.req.Params.RequestState, about); err != nil {
		return nil, err
	}
	answer, ok := c.req.Params.InputResponses[inputConfirm].(*mcp.ElicitResult)
	if !ok || answer == nil {
		return nil, refuse("The answer to the confirmation is missing, so nothing was deleted. Call again to be asked once more.")
	}
	switch answer.Action {
	case "accept":
		yes, ok := answer.Content[inputConfirm].(bool)
		if !ok {
			return nil, refuse("The answer to the confirmation was not understood, so nothing was deleted: confirm must be true or false. Call again to be asked once more.")
		}
		if yes {
			return nil, nil
		}
	case "decline", "cancel":
	default:
		return nil, refuse("The answer to the confirmation was neither accept, decline nor cancel, so nothing was deleted.")
	}
	return c.declined(), nil
}

// declined is no error: the question was answered, and a model must not try to get around it.
func (c *call) declined() *mcp.CallToolResult {
	c.outcome = outcomeDeclined
	const message = "The user did not confirm. Nothing was deleted; do not try again unless the user asks for it."
	return &mcp.CallToolResult{
		Content:           []mcp.Content{&mcp.TextContent{Text: message}},
		StructuredContent: json.RawMessage(`{"success":false,"message":` + string(quote(message)) + `}`),
	}
}

// offer gives a client that cannot ask anybody a token for its next call. The question, which names what somebody else has named, goes to
// the model, and is cleaned like an answer.
func (c *call) offer(text string, about digest) (*mcp.CallToolResult, error) {
	token, err := c.seal(purposeToken, about)
	if err != nil {
		return nil, err
	}
	return errorResult(fmt.Sprintf("Nothing was deleted yet. This deletion needs confirmation: %s\n"+
		"Show this to the user. Only if the user agrees, call %s again within %d minutes with exactly the same arguments and\n"+
		"confirmation_token: %s", byPart(text, c.publicText), c.tool.spec.Name, int(confirmTTL.Minutes()), token)), nil
}
