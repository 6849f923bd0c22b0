package zscalermcp_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
)

// eras are the protocol versions that every behaviour is tested in; "" is the newest.
var eras = map[string]string{"2026-07-28": "", "2025-11-25": "2025-11-25"}

// human answers each confirmation with the given action.
func human(action string) *mcp.ClientOptions {
	return &mcp.ClientOptions{ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		return &mcp.ElicitResult{Action: action, Content: map[string]any{"confirm": action == "accept"}}, nil
	}}
}

func TestAnAgentReadsAndChangesTheTenant(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			_, opts := tenantOptions(t)
			var logs logBuffer
			url := serve(t, newServer(t, append(opts, withKey(t), zscalermcp.WithWriteTools("zia_*_rule_label"), logs.option())...)) + "/mcp"
			agent := connect(t, url, testKey, version, human("accept"))

			groups, failed := call(t, agent, "zpa_list_segment_groups", map[string]any{"query": "[?enabled].{id: id, name: name} | [:2]"})
			if failed || !strings.HasPrefix(groups, "id,name\n") || strings.Count(groups, "\n28") != 2 || !strings.Contains(groups, "page=2") {
				t.Fatalf("segment groups: %s", groups)
			}
			label, failed := call(t, agent, "zia_create_rule_label", map[string]any{"name": "e2e"})
			if failed {
				t.Fatal(label)
			}
			id := field(t, label, "id")
			if text, failed := call(t, connect(t, url, testKey, version, human("decline")), "zia_delete_rule_label", map[string]any{"label_id": id}); strings.Contains(text, `"success":true`) {
				t.Fatalf("deleted although the human declined (error %v): %s", failed, text)
			}
			if text, failed := call(t, agent, "zia_get_rule_label", map[string]any{"label_id": id}); failed {
				t.Fatalf("gone without consent: %s", text)
			}
			if text, failed := call(t, agent, "zia_delete_rule_label", map[string]any{"label_id": id}); failed {
				t.Fatalf("not deleted: %s", text)
			}
			if text, failed := call(t, agent, "zia_get_rule_label", map[string]any{"label_id": id}); !failed {
				t.Fatalf("still there: %s", text)
			}
			if strings.Contains(logs.String(), testKey) {
				t.Error("the log holds the API key")
			}
		})
	}
}

// A client that cannot ask a human gets a token, which any process with the same keys and store takes once.
func TestConfirmationAcrossProcesses(t *testing.T) {
	_, opts := tenantOptions(t)
	opts = append(opts, withKey(t), zscalermcp.WithWriteTools("zia_*_rule_label"), zscalermcp.WithStore(store.NewMemory(store.MemoryConfig{})))
	process := func(key []byte) *mcp.ClientSession {
		srv := newServer(t, append(slices.Clone(opts), zscalermcp.WithMasterKeys(key))...)
		return connect(t, serve(t, srv)+"/mcp", testKey, "", nil)
	}
	key := store.GenerateKey()
	first, second, stranger := process(key), process(key), process(store.GenerateKey())

	label, _ := call(t, first, "zia_create_rule_label", map[string]any{"name": "across"})
	args := map[string]any{"label_id": field(t, label, "id")}
	text, _ := call(t, first, "zia_delete_rule_label", args)
	args["confirmation_token"] = confirmationToken(t, text)
	if text, failed := call(t, stranger, "zia_delete_rule_label", args); !failed {
		t.Errorf("a process with other keys takes the token: %s", text)
	}
	if text, failed := call(t, second, "zia_delete_rule_label", args); failed {
		t.Fatalf("the second process refuses the first one's token: %s", text)
	}
	if text, failed := call(t, first, "zia_delete_rule_label", args); !failed || !strings.Contains(text, "token") {
		t.Errorf("the token works twice: %s", text)
	}
}

// confirmationToken finds the token in the answer to an unconfirmed deletion.
func confirmationToken(t *testing.T, text string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "confirmation_token: ")
	token, _, _ := strings.Cut(rest, "\n")
	if !ok {
		t.Fatalf("no token in %s", text)
	}
	return token
}

func TestACustomToolSeesItsCaller(t *testing.T) {
	type none struct{}
	mine := tool.Set{Name: "acme_tools", Doc: "Tools of the host.", Tools: []tool.Tool{
		tool.Func(tool.Read, "acme_whoami", "Say who calls, for a test of the host's own tools.", func(ctx context.Context, _ none) (any, error) {
			p, _ := auth.PrincipalFromContext(ctx)
			return map[string]string{"subject": p.Subject, "method": p.Method}, nil
		}),
	}}
	_, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t), zscalermcp.WithTools(mine))...)
	url := serve(t, srv) + "/mcp"
	for era, version := range eras {
		text, failed := call(t, connect(t, url, testKey, version, nil), "acme_whoami", nil)
		if failed || field(t, text, "subject") != "tester" || field(t, text, "method") != "api-key" {
			t.Errorf("%s: %s", era, text)
		}
	}
	text, failed := call(t, stdio(t, srv), "acme_whoami", nil)
	if failed || field(t, text, "subject") != "stdio" {
		t.Errorf("stdio: %s", text)
	}
}

// stdio connects to the server over a pipe.
func stdio(t *testing.T, srv *zscalermcp.Server) *mcp.ClientSession {
	t.Helper()
	here, there := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- srv.ServeStdio(context.Background(), there, there) }()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).
		Connect(t.Context(), &mcp.IOTransport{Reader: here, Writer: nopCloser{here}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = session.Close()
		_ = here.Close()
		if err := <-done; err != nil {
			t.Errorf("ServeStdio: %v", err)
		}
	})
	return session
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// A tool that the host adds behind the server's back has no effect, policy or guard: it is neither listed nor called.
func TestToolsAddedToTheSDKServerAreRefused(t *testing.T) {
	_, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t))...)
	srv.MCP().AddTool(&mcp.Tool{Name: "rogue", InputSchema: json.RawMessage(`{"type":"object"}`)}, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		t.Error("the rogue tool ran")
		return &mcp.CallToolResult{}, nil
	})
	url := serve(t, srv) + "/mcp"
	for era, version := range eras {
		session := connect(t, url, testKey, version, nil)
		if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "rogue"}); err == nil {
			t.Errorf("%s: called", era)
		}
		list, err := session.ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, listed := range list.Tools {
			if listed.Name == "rogue" {
				t.Errorf("%s: listed", era)
			}
		}
	}
}
