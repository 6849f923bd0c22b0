package rest_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// served calls a tool as a client of a server does.
func served(t *testing.T, f *tenant, tl tool.Tool, arguments string) string {
	t.Helper()
	catalogue, err := tool.Compile(tool.Set{Name: "zia_demo", Doc: "Demo.", Tools: []tool.Tool{tl}})
	if err != nil {
		t.Fatal(err)
	}
	var selection tool.Selection
	if tl.Spec().Effect != tool.Read {
		selection = tool.Selection{EnableWrites: true, WriteTools: []string{"*"}}
	}
	selected, err := catalogue.Select(selection)
	if err != nil {
		t.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	plant := func(ctx context.Context) (context.Context, error) { return zscaler.ContextWithDoer(ctx, f), nil }
	if err := tool.Bind(server, selected, tool.Runtime{Context: plant}); err != nil {
		t.Fatal(err)
	}
	ours, theirs := mcp.NewInMemoryTransports()
	session, err := server.Connect(t.Context(), ours, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close(); _ = session.Wait() }()
	result, err := client.CallTool(t.Context(), &mcp.CallToolParams{Name: tl.Spec().Name, Arguments: json.RawMessage(arguments)})
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, content := range result.Content {
		text += content.(*mcp.TextContent).Text + "\n"
	}
	return text
}

type credentialChange struct {
	ID      string `json:"id" in:"path" jsonschema:"Id."`
	Comment string `json:"comment,omitempty" in:"body=comments" jsonschema:"Comment."`
	PSK     string `json:"psk,omitempty" in:"body=preSharedKey" jsonschema:"Key."`
}

// An update writes back the secrets that it read, as they are, and shows none of them; a mask that somebody sends reaches nobody.
func TestUpdatesKeepSecrets(t *testing.T) {
	update := rest.Update[credentialChange]("zia_update_credential", "PUT /zia/api/v1/credentials/{id}", "Change a credential.")
	f := &tenant{replies: []reply{{body: `{"id":7,"preSharedKey":"hunter2","comments":"<b>old</b>"}`}, {body: `{"id":7,"preSharedKey":"hunter2","comments":"new"}`}}}
	text := served(t, f, update, `{"id":"7","comment":"new"}`)
	if want := `PUT /zia/api/v1/credentials/7 {"comments":"new","id":7,"preSharedKey":"hunter2"}`; len(f.requests) != 2 || f.requests[1] != want {
		t.Errorf("requests %q, want %s", f.requests, want)
	}
	if !strings.HasPrefix(text, `{"id":7,"preSharedKey":"`+tool.Masked+`","comments":"new"}`) {
		t.Error(text)
	}
	f = &tenant{}
	if text := served(t, f, update, `{"id":"7","psk":"`+tool.Masked+`"}`); len(f.requests) != 0 || !strings.Contains(text, "psk: holds "+tool.Masked) {
		t.Errorf("%q: %s", f.requests, text)
	}
}

type nothing struct{}

func TestSecretEndpoints(t *testing.T) {
	get := rest.Read[nothing]("zia_get_pin", "GET /zia/api/v1/pin", "Get the PIN.", rest.Secret("pin"))
	if text := served(t, &tenant{replies: []reply{{body: `{"pin":1234,"id":7}`}}}, get, `{}`); !strings.HasPrefix(text, `{"pin":"`+tool.Masked+`","id":7}`) || !strings.Contains(text, "What this tool is for is a secret") {
		t.Error(text)
	}
	plain := rest.Read[nothing]("zia_get_pin", "GET /zia/api/v1/pin", "Get the PIN.")
	if text := served(t, &tenant{replies: []reply{{body: `{"pin":1234,"id":7}`}}}, plain, `{}`); text != "{\"pin\":1234,\"id\":7}\n" {
		t.Error(text)
	}
}
