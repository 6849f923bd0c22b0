package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// tour does what an agent's MCP client does, and prints each step.
func tour(ctx context.Context, out io.Writer, address, key string) error {
	status, challenge, err := knock(ctx, address)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "1. Without a key the server answers %s and asks: %s\n", status, challenge)

	session, err := connect(ctx, out, address, key)
	if err != nil {
		return err
	}
	defer func() { _ = session.Close() }()
	tools, err := session.ListTools(ctx, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "2. With the key it offers %d tools, for example %s\n", len(tools.Tools), tools.Tools[0].Name)

	text, err := call(ctx, session, "zpa_list_segment_groups", map[string]any{"query": "[?enabled].{id: id, name: name} | [:3]"})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "3. Three segment groups, picked by a JMESPath query:\n%s\n", indent(text))

	text, err = call(ctx, session, "zia_create_rule_label", map[string]any{"name": "quickstart", "description": "made by the tour"})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "4. A new rule label:\n%s\n", indent(text))

	var label struct{ ID json.Number }
	if err := json.Unmarshal([]byte(text), &label); err != nil {
		return err
	}
	text, err = call(ctx, session, "zia_delete_rule_label", map[string]any{"label_id": label.ID.String()})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "6. Deleted, after the human agreed:\n%s\n", indent(text))
	return nil
}

// knock sends a request without a credential.
func knock(ctx context.Context, address string) (status, challenge string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader("{}"))
	if err != nil {
		return "", "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", "", err
	}
	return resp.Status, resp.Header.Get("WWW-Authenticate"), resp.Body.Close()
}

// connect opens an MCP session. Its elicitation handler is the human who confirms a deletion.
func connect(ctx context.Context, out io.Writer, address, key string) (*mcp.ClientSession, error) {
	human := func(_ context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		fmt.Fprintf(out, "5. Before it deletes, the server asks a human:\n%s\n   The example answers yes.\n", indent(req.Params.Message))
		return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"confirm": true}}, nil
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "quickstart", Version: "1"}, &mcp.ClientOptions{ElicitationHandler: human})
	return client.Connect(ctx, &mcp.StreamableClientTransport{Endpoint: address, HTTPClient: &http.Client{Transport: bearer(key)}}, nil)
}

// bearer adds the API key to each request.
type bearer string

func (key bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(key))
	return http.DefaultTransport.RoundTrip(r)
}

// call calls a tool and returns its text.
func call(ctx context.Context, session *mcp.ClientSession, name string, args map[string]any) (string, error) {
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		return "", err
	}
	text, _ := result.Content[0].(*mcp.TextContent)
	if text == nil || result.IsError {
		return "", errors.New(name + ": unexpected answer")
	}
	return text.Text, nil
}

func indent(text string) string {
	return "   " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n   ")
}
