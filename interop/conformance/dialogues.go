package main

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// dialogueTools return questions instead of an answer (SEP-2322).
func dialogueTools() []fixture {
	name := func() mcp.InputRequest { return elicit("What is your name?", `"name": {"type": "string"}`, "name") }
	confirm := mcp.InputRequestMap{"confirm": elicit("Please confirm", `"ok": {"type": "boolean"}`, "ok")}
	dialogues := []dialogue{
		{name: "elicitation", rounds: []mcp.InputRequestMap{{"user_name": name()}}},
		{name: "sampling", rounds: []mcp.InputRequestMap{{"capital_question": sample("What is the capital of France?", 100)}}},
		{name: "list_roots", rounds: []mcp.InputRequestMap{{"client_roots": listRoots()}}},
		{name: "request_state", sealer: newSealer(), rounds: []mcp.InputRequestMap{confirm}},
		{name: "tampered_state", sealer: newSealer(), rounds: []mcp.InputRequestMap{confirm}},
		{name: "multiple_inputs", sealer: newSealer(), rounds: []mcp.InputRequestMap{
			{"user_name": name(), "greeting": sample("Generate a greeting", 50), "client_roots": listRoots()},
		}},
		{name: "multi_round", sealer: newSealer(), rounds: []mcp.InputRequestMap{
			{"step1": elicit("Step 1: What is your name?", `"name": {"type": "string"}`, "name")},
			{"step2": elicit("Step 2: What is your favorite color?", `"color": {"type": "string"}`, "color")},
		}},
	}
	tools := []fixture{{
		name: "test_input_required_result_capabilities", doc: "Asks what the client is able to answer.", call: askTheAble,
	}}
	for _, d := range dialogues {
		tools = append(tools, fixture{name: "test_input_required_result_" + d.name, doc: "Asks before it answers.", call: d.call})
	}
	return tools
}

// A dialogue asks the questions of its rounds, one round after the other.
type dialogue struct {
	name   string
	sealer *sealer // tells the round; nil for dialogues of one round without state
	rounds []mcp.InputRequestMap
}

func (d dialogue) call(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	round, started, err := d.round(req.Params.RequestState)
	if err != nil {
		return nil, err
	}
	if started && answered(d.rounds[round], req.Params.InputResponses) {
		round++
	}
	if round == len(d.rounds) {
		return answer(text("all questions are answered; state-ok")), nil
	}
	res := &mcp.CallToolResult{InputRequests: d.rounds[round]}
	if d.sealer != nil {
		res.RequestState = d.sealer.seal(round)
	}
	return res, nil
}

// round tells which round the call answers, and whether that round was asked.
func (d dialogue) round(state string) (round int, asked bool, err error) {
	if d.sealer == nil {
		return 0, true, nil
	}
	if state == "" {
		return 0, false, nil
	}
	round, ok := d.sealer.open(state)
	if !ok {
		return 0, false, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: "requestState is not one of this tool"}
	}
	return round, true, nil
}

func answered(questions mcp.InputRequestMap, answers mcp.InputResponseMap) bool {
	for id := range questions {
		if answers[id] == nil {
			return false
		}
	}
	return true
}

// askTheAble asks only in ways that the client has declared.
func askTheAble(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	questions := mcp.InputRequestMap{}
	if c := req.ClientCapabilities(); c != nil && c.Elicitation != nil {
		questions["form"] = elicit("What is your name?", `"name": {"type": "string"}`)
	}
	if canSample(req) {
		questions["model"] = sample("Generate a greeting", 50)
	}
	if len(questions) == 0 || answered(questions, req.Params.InputResponses) {
		return answer(text("nothing to ask")), nil
	}
	return &mcp.CallToolResult{InputRequests: questions}, nil
}
