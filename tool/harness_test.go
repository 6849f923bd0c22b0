package tool_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
)

// A bench is a server with bound tools, and what clients need to connect to it.
type bench struct {
	t      testing.TB
	server *mcp.Server
	log    *bytes.Buffer
}

func catalogue(t testing.TB, tools ...tool.Tool) *tool.Catalogue {
	t.Helper()
	c, err := tool.Compile(tool.Set{Name: "demo_set", Doc: "Tools of the tests.", Tools: tools})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newBench(t testing.TB, rt tool.Runtime, tools ...tool.Tool) *bench {
	t.Helper()
	sel, err := catalogue(t, tools...).Select(tool.Selection{EnableWrites: true, WriteTools: writePatterns(tools)})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, log: &bytes.Buffer{}}
	if rt.Logger == nil {
		rt.Logger = slog.New(slog.NewJSONHandler(b.log, nil))
	}
	if rt.Keys == nil {
		rt.Keys = keyring(t, store.GenerateKey())
	}
	if rt.Store == nil {
		memory := store.NewMemory(store.MemoryConfig{})
		t.Cleanup(func() { _ = memory.Close() })
		rt.Store = memory
	}
	b.server = mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	if err := tool.Bind(b.server, sel, rt); err != nil {
		t.Fatal(err)
	}
	return b
}

// writePatterns returns a pattern that matches every tool that writes, if there is one.
func writePatterns(tools []tool.Tool) []string {
	for _, tl := range tools {
		if tl.Spec().Effect != tool.Read {
			return []string{"*"}
		}
	}
	return nil
}

func keyring(t testing.TB, keys ...[]byte) *store.Keyring {
	t.Helper()
	ring, err := store.NewKeyring(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// An identity is a client: its principal (none: ""), its protocol revision and its elicitation handler.
type identity struct {
	subject string
	legacy  bool
	caps    *mcp.ElicitationCapabilities
	answer  func(*mcp.ElicitParams) *mcp.ElicitResult
	manual  bool // no automatic answers to input requests
}

func (b *bench) connect(who identity) *mcp.ClientSession {
	b.t.Helper()
	ctx := context.Background()
	if who.subject != "" {
		ctx = auth.ContextWithPrincipal(ctx, &auth.Principal{Issuer: "test", Subject: who.subject})
	}
	serverSide, clientSide := mcp.NewInMemoryTransports()
	ss, err := b.server.Connect(ctx, serverSide, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	opts := &mcp.ClientOptions{Capabilities: &mcp.ClientCapabilities{Elicitation: who.caps}}
	opts.MultiRoundTrip = &mcp.MultiRoundTripOptions{Disabled: who.manual}
	if who.answer != nil {
		opts.ElicitationHandler = func(_ context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return who.answer(req.Params), nil
		}
	}
	var connect *mcp.ClientSessionOptions
	if who.legacy {
		connect = &mcp.ClientSessionOptions{ProtocolVersion: "2025-11-25"}
	}
	cs, err := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, opts).Connect(context.Background(), clientSide, connect)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = cs.Close(); _ = ss.Wait() })
	return cs
}

// call calls a tool with raw arguments.
func call(t testing.TB, cs *mcp.ClientSession, name, args string) *mcp.CallToolResult {
	t.Helper()
	params := &mcp.CallToolParams{Name: name}
	if args != "" {
		params.Arguments = json.RawMessage(args)
	}
	res, err := cs.CallTool(context.Background(), params)
	if err != nil {
		t.Fatalf("protocol error: %v", err)
	}
	return res
}

// textOf joins the text blocks of a result.
func textOf(res *mcp.CallToolResult) string {
	var texts []string
	for _, c := range res.Content {
		texts = append(texts, c.(*mcp.TextContent).Text)
	}
	return strings.Join(texts, "\n---\n")
}

// structuredOf returns the structured content as the server sent it, in Go's order of members.
func structuredOf(t testing.TB, res *mcp.CallToolResult) string {
	t.Helper()
	raw, err := json.Marshal(res.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func wantError(t testing.TB, res *mcp.CallToolResult, parts ...string) {
	t.Helper()
	if !res.IsError {
		t.Fatalf("accepted: %s", textOf(res))
	}
	for _, part := range parts {
		if !strings.Contains(textOf(res), part) {
			t.Errorf("error does not say %q:\n%s", part, textOf(res))
		}
	}
}

func wantOK(t testing.TB, res *mcp.CallToolResult) {
	t.Helper()
	if res.IsError {
		t.Fatalf("refused: %s", textOf(res))
	}
}
