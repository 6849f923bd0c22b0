package zscalermcp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// The benchmarks have two sides: impl=ours is a whole server of this package, impl=floor the bare SDK
// with the same tools, ready schemas and no layers. Compare them with benchstat; -count repeats one
// side after the other, so on a machine that is not idle interleave them by running the binary again:
//
//	go test -c -o bench.test . && for i in $(seq 10); do ./bench.test -test.run - -test.bench 'Tool(Call|sList)|New'; done |
//		go tool -modfile=tools.mod benchstat -col /impl -

// benchOptions are a server that calls nothing and reads no environment.
func benchOptions(tb testing.TB, opts ...zscalermcp.Option) []zscalermcp.Option {
	tb.Helper()
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "bench", Key: testKey}}})
	if err != nil {
		tb.Fatal(err)
	}
	return append([]zscalermcp.Option{
		zscalermcp.WithEnv(nil), zscalermcp.WithAuth(keys), zscalermcp.WithWriteTools("*"),
		zscalermcp.WithLimits(zscalermcp.Limits{AddressRate: zscalermcp.Rate{PerSecond: zscalermcp.Off}, PrincipalRate: zscalermcp.Rate{PerSecond: zscalermcp.Off}}), // one caller calls as fast as it can
		zscalermcp.WithoutEntitlementFilter(), // which would ask the tenant
		zscalermcp.WithCredentials(zscaler.Credentials{VanityDomain: "bench", ClientID: "id", ClientSecret: "secret", CustomerID: "1"}),
	}, opts...)
}

func benchServer(tb testing.TB, opts ...zscalermcp.Option) *zscalermcp.Server {
	tb.Helper()
	srv, err := zscalermcp.New(benchOptions(tb, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = srv.Close(context.Background()) })
	return srv
}

// benchCall are the arguments of the tool that the benchmarks call.
type benchCall struct {
	Name  string            `json:"name" jsonschema:"Name of the object."`
	IDs   []string          `json:"ids" jsonschema:"Ids of objects."`
	Limit *int              `json:"limit,omitempty" jsonschema:"Most rows." min:"1" max:"1000"`
	Notes map[string]string `json:"notes,omitempty" jsonschema:"Notes by name."`
}

// benchArguments are 1 KiB, and benchRecord, the answer, 4 KiB.
var (
	benchArguments = `{"name":"an object","ids":["1001","1002","1003"],"limit":50,"notes":{"first":"` + strings.Repeat("note ", 90) + `","second":"` + strings.Repeat("note ", 95) + `"}}`
	benchRecord    = json.RawMessage(`{"id":216196257331368721,"rows":[` + strings.TrimSuffix(strings.Repeat(`{"id":216196257331368722,"name":"a name","enabled":true,"description":"some text"},`, 48), ",") + `]}`)
)

// noop is the work of the called tool: that of both sides.
func noop(_ context.Context, in benchCall) (any, error) {
	if in.Name == "" || len(in.IDs) != 3 {
		return nil, fmt.Errorf("decoded as %+v", in)
	}
	return benchRecord, nil
}

func benchTools(n int) tool.Set {
	set := tool.Set{Name: "bench_tools", Doc: "Tools that do nothing."}
	for i := range n {
		set.Tools = append(set.Tools, tool.Func(tool.Read, fmt.Sprintf("bench_noop_%d", i), "Do nothing, and answer 4 KiB all the same.", noop))
	}
	return set
}

// bareNoop is noop as an author with the bare SDK and ready schemas writes it.
func bareNoop(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	var in benchCall
	if err := json.Unmarshal(req.Params.Arguments, &in); err != nil {
		return nil, err
	}
	out, err := noop(ctx, in)
	if err != nil {
		return nil, err
	}
	record := out.(json.RawMessage)
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(record)}}, StructuredContent: record}, nil
}

// wireTools are the tools of a server as its clients see them, with their schemas marshalled.
func wireTools(tb testing.TB, srv *zscalermcp.Server) []*mcp.Tool {
	tb.Helper()
	near, far := mcp.NewInMemoryTransports()
	served, err := srv.MCP().Connect(tb.Context(), far, nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = served.Wait() }()
	client, err := mcp.NewClient(&mcp.Implementation{Name: "bench", Version: "1"}, nil).Connect(tb.Context(), near, nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	list, err := client.ListTools(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	for _, t := range list.Tools {
		schema, err := json.Marshal(t.InputSchema)
		if err != nil {
			tb.Fatal(err)
		}
		t.InputSchema = json.RawMessage(schema)
	}
	return list.Tools
}

// bare registers tools with the SDK alone.
func bare(tools []*mcp.Tool) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "bench", Version: "1"}, nil)
	for _, t := range tools {
		s.AddTool(t, bareNoop)
	}
	return s
}

// side is one implementation behind HTTP, as sessions of one era see it.
type side struct {
	url, key, era, session string
	client                 *http.Client
}

// message is a request that send can send any number of times.
func (s side) message(tb testing.TB, method, name, params string) *http.Request {
	if s.era == "stateless" {
		params += `,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`
	}
	body := `{"jsonrpc":"2.0","id":7,"method":"` + method + `","params":{` + strings.TrimPrefix(params, ",") + `}}`
	r, err := http.NewRequest(http.MethodPost, s.url, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}}
	if s.key != "" {
		r.Header.Set("Authorization", "Bearer "+s.key)
	}
	switch {
	case s.era == "stateless":
		r.Header.Set("Mcp-Protocol-Version", "2026-07-28")
		r.Header.Set("Mcp-Method", method)
		if name != "" {
			r.Header.Set("Mcp-Name", name)
		}
	case s.session != "":
		r.Header.Set("Mcp-Protocol-Version", "2025-11-25")
		r.Header.Set("Mcp-Session-Id", s.session)
	}
	return r
}

// send sends r once more and reads the whole answer into buf.
func (s side) send(tb testing.TB, r *http.Request, buf []byte) (body []byte, header http.Header) {
	again := *r
	again.Body, _ = r.GetBody()
	resp, err := s.client.Do(&again)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	n := 0
	for err == nil {
		if n == len(buf) {
			buf = append(buf, make([]byte, len(buf)+1<<10)...)
		}
		var more int
		more, err = resp.Body.Read(buf[n:])
		n += more
	}
	if err != io.EOF || resp.StatusCode != http.StatusOK {
		tb.Fatalf("%d %v: %s", resp.StatusCode, err, buf[:n])
	}
	return buf[:n], resp.Header
}

// open makes a side of a handler; a legacy one has opened its session.
func open(b *testing.B, handler http.Handler, path, key, era string) side {
	hs := httptest.NewUnstartedServer(handler)
	hs.Config.ReadHeaderTimeout, hs.Config.IdleTimeout = 5*time.Second, 2*time.Minute // as Server.Run
	hs.Start()
	b.Cleanup(hs.Close)
	s := side{url: hs.URL + path, key: key, era: era, client: hs.Client()}
	if era == "session" {
		_, header := s.send(b, s.message(b, "initialize", "", `"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}`), nil)
		s.session = header.Get("Mcp-Session-Id")
	}
	return s
}
