package zdx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zdx"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// A parityCall is a call of a tool and the request that it makes.
type parityCall struct {
	Args map[string]any `json:"args"`
	request
}

// A request is what arrives at the gateway.
type request struct {
	Method string     `json:"method"`
	Path   string     `json:"path"`
	Query  url.Values `json:"query"`
	Body   any        `json:"body"`
}

// A world is a simulated tenant and an MCP client whose calls reach it through the tools.
type world struct {
	tenant  *zscalertest.Tenant
	session *mcp.ClientSession
}

// open starts a world. A gateway, if there is one, answers in place of the tenant's.
func open(t *testing.T, gateway http.Handler) *world {
	t.Helper()
	w := &world{tenant: zscalertest.NewTenant(zscalertest.Options{})}
	t.Cleanup(w.tenant.Close)
	endpoints := zscaler.Endpoints{TokenURL: w.tenant.TokenURL(), GatewayURL: w.tenant.GatewayURL()}
	if gateway != nil {
		server := httptest.NewServer(gateway)
		t.Cleanup(server.Close)
		endpoints.GatewayURL = server.URL
	}
	client, err := zscaler.New(zscaler.Config{
		Credentials: zscaler.Credentials{
			VanityDomain: w.tenant.VanityDomain, ClientID: w.tenant.ClientID,
			ClientSecret: zscaler.Secret(w.tenant.ClientSecret), CustomerID: w.tenant.CustomerID,
		},
		Endpoints: endpoints, Limits: map[zscaler.Service]zscaler.Limit{}, MaxAttempts: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	w.session = connect(t, client)
	return w
}

// connect binds the tools to a server and returns a client of it.
func connect(t *testing.T, doer zscaler.Doer) *mcp.ClientSession {
	t.Helper()
	catalogue, err := tool.Compile(zdx.Sets()...)
	if err != nil {
		t.Fatal(err)
	}
	selected, err := catalogue.Select(bindable)
	if err != nil {
		t.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	err = tool.Bind(server, selected, tool.Runtime{Context: func(ctx context.Context) (context.Context, error) {
		return zscaler.ContextWithDoer(ctx, doer), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	near, far := mcp.NewInMemoryTransports()
	serving, err := server.Connect(t.Context(), far, nil)
	if err != nil {
		t.Fatal(err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), near, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close(); serving.Wait() })
	return session
}

// call calls a tool and returns its text, and whether it is an error.
func (w *world) call(t *testing.T, name string, args map[string]any) (text string, failed bool) {
	t.Helper()
	result, err := w.session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var texts []string
	for _, content := range result.Content {
		if text, ok := content.(*mcp.TextContent); ok {
			texts = append(texts, text.Text)
		}
	}
	return strings.Join(texts, "\n"), result.IsError
}

// requests returns what has arrived at the tenant's gateway.
func (w *world) requests(t *testing.T) []request {
	t.Helper()
	var all []request
	for _, r := range w.tenant.Requests() {
		query, err := url.ParseQuery(r.RawQuery)
		if err != nil {
			t.Fatal(err)
		}
		one := request{Method: r.Method, Path: r.Path, Query: query}
		if len(r.Body) > 0 {
			decode(t, r.Body, &one.Body)
		}
		all = append(all, one)
	}
	return all
}

// decode decodes JSON with exact numbers.
func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}

// Each call makes the vendor's request, but for the deliberate differences. What the tenant answers to
// invented ids does not matter here.
func TestRequestsAreThoseOfTheVendor(t *testing.T) {
	w := open(t, nil)
	for _, p := range parity(t) {
		for i, call := range p.Calls {
			before := len(w.requests(t))
			w.invoke(t, p.Name, call.Args)
			requests := w.requests(t)
			if len(requests) != before+1 {
				t.Errorf("%s call %d: %d requests, want 1", p.Name, i+1, len(requests)-before)
				continue
			}
			if diff := cmp.Diff(normal(t, mend(call.request)), normal(t, requests[before])); diff != "" {
				t.Errorf("%s call %d (-vendor +ours):\n%s", p.Name, i+1, diff)
			}
		}
	}
}
