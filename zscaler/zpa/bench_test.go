package zpa_test

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zpa"
)

// A bench offers the toolsets to a client over the protocol, acting on one tenant.
type bench struct {
	t      testing.TB
	doer   zscaler.Doer
	client *mcp.ClientSession
	specs  map[string]tool.Spec
}

func newBench(t testing.TB, doer zscaler.Doer) *bench {
	t.Helper()
	catalogue, err := tool.Compile(zpa.Sets()...)
	if err != nil {
		t.Fatal(err)
	}
	// Deletes ask a human first, which is the engine's business; see [bench.call].
	selected, err := catalogue.Select(tool.Selection{EnableWrites: true, WriteTools: []string{"*"}, WithoutTools: []string{"zpa_delete_*"}})
	if err != nil {
		t.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	plant := func(ctx context.Context) (context.Context, error) { return zscaler.ContextWithDoer(ctx, doer), nil }
	if err := tool.Bind(server, selected, tool.Runtime{Context: plant}); err != nil {
		t.Fatal(err)
	}
	serverSide, clientSide := mcp.NewInMemoryTransports()
	session, err := server.Connect(context.Background(), serverSide, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, nil).Connect(context.Background(), clientSide, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(); _ = session.Wait() })
	b := &bench{t: t, doer: doer, client: client, specs: map[string]tool.Spec{}}
	for _, set := range zpa.Sets() {
		for _, declared := range set.Tools {
			b.specs[declared.Spec().Name] = declared.Spec()
		}
	}
	return b
}

// call runs a tool with the JSON args and returns the JSON of its result, or the text of its error.
// A delete runs without the confirmation around it.
func (b *bench) call(name, args string) (result, failure string) {
	b.t.Helper()
	if b.specs[name].Effect == tool.Delete {
		return b.handle(name, args)
	}
	answer, err := b.client.CallTool(context.Background(), &mcp.CallToolParams{Name: name, Arguments: json.RawMessage(args)})
	if err != nil {
		b.t.Fatalf("%s: %v", name, err)
	}
	if answer.IsError {
		return "", answer.Content[0].(*mcp.TextContent).Text
	}
	if !b.specs[name].List {
		return answer.Content[0].(*mcp.TextContent).Text, "" // exact: the client reads numbers into floats
	}
	data, err := json.Marshal(answer.StructuredContent)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data), ""
}

func (b *bench) handle(name, args string) (result, failure string) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(args), &raw); err != nil {
		b.t.Fatal(err)
	}
	out, err := b.specs[name].Handle(zscaler.ContextWithDoer(context.Background(), b.doer), tool.NewArgs(raw))
	if err != nil {
		return "", err.Error()
	}
	data, err := json.Marshal(out)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data), ""
}

// must is call for calls that have to succeed.
func (b *bench) must(name, args string) string {
	b.t.Helper()
	result, failure := b.call(name, args)
	if failure != "" {
		b.t.Fatalf("%s %s: %s", name, args, failure)
	}
	return result
}

// A tape is a tenant that records requests and answers from a table of path endings.
type tape struct {
	mu       sync.Mutex
	requests []*zscaler.Request
	answers  map[string]string // "GET /path ending" → body
}

func newTape(answers map[string]string) *tape {
	all := map[string]string{"GET ": `{}`, "POST ": `{"id":"288341529047190001"}`}
	for _, kind := range []string{"ACCESS_POLICY", "TIMEOUT_POLICY", "CLIENT_FORWARDING_POLICY", "ISOLATION_POLICY", "INSPECTION_POLICY"} {
		all["GET /policySet/policyType/"+kind] = `{"id":"288341529047105001"}`
		all["GET /rules/policyType/"+kind] = `{"totalPages":"0","totalCount":"0"}`
	}
	all["GET /application"], all["GET /segmentGroup"], all["GET /getAppsByType"] = `{"list":[]}`, `{"list":[]}`, `{"list":[]}`
	maps.Copy(all, answers)
	return &tape{answers: all}
}

func (d *tape) Do(_ context.Context, req *zscaler.Request) (*zscaler.Response, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests = append(d.requests, req)
	best := ""
	for ending := range d.answers {
		method, path, _ := strings.Cut(ending, " ")
		if method == req.Method && strings.HasSuffix(req.Path, path) && len(ending) > len(best) {
			best = ending
		}
	}
	return &zscaler.Response{Status: 200, Body: json.RawMessage(d.answers[best])}, nil
}

func (d *tape) Setting(string) (string, error) { return "", nil }

// last returns the last request with the method.
func (d *tape) last(t testing.TB, method string) *zscaler.Request {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := len(d.requests) - 1; i >= 0; i-- {
		if d.requests[i].Method == method {
			return d.requests[i]
		}
	}
	t.Fatalf("no %s request among %d", method, len(d.requests))
	return nil
}

// decode decodes JSON with exact numbers.
func decode(t testing.TB, data string) any {
	t.Helper()
	if data == "" {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(data))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return v
}
