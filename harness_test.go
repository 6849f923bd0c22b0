package zscalermcp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// testKey is an API key for tests; logs are searched for it.
const testKey = "test-key-0123456789-abcdefghijklmnop"

// tenantOptions are a simulated tenant of the test's own, an API key, and no environment.
func tenantOptions(t *testing.T) (*zscalertest.Tenant, []zscalermcp.Option) {
	t.Helper()
	tenant := zscalertest.NewTenant(zscalertest.Options{})
	t.Cleanup(tenant.Close)
	return tenant, []zscalermcp.Option{
		zscalermcp.WithEnv(nil),
		zscalermcp.WithCredentials(credentials(tenant)),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
	}
}

func credentials(tenant *zscalertest.Tenant) zscaler.Credentials {
	return zscaler.Credentials{
		VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
		ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID, ZCellCustomerID: tenant.ZCellCustomerID,
	}
}

func withKey(t *testing.T) zscalermcp.Option {
	t.Helper()
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "tester", Key: testKey}}})
	if err != nil {
		t.Fatal(err)
	}
	return zscalermcp.WithAuth(keys)
}

func newServer(t *testing.T, opts ...zscalermcp.Option) *zscalermcp.Server {
	t.Helper()
	srv, err := zscalermcp.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(context.Background()); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return srv
}

// serve returns the URL of the server's Handler on loopback.
func serve(t *testing.T, srv *zscalermcp.Server) string {
	t.Helper()
	handler, err := srv.Handler()
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(handler)
	t.Cleanup(hs.Close)
	hs.Config.RegisterOnShutdown(srv.Drain)
	t.Cleanup(srv.Drain) // before hs.Close, which waits for open streams
	return hs.URL
}

// keyed adds the API key, if there is one.
type keyed struct{ key string }

func (k keyed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if k.key != "" {
		r.Header.Set("Authorization", "Bearer "+k.key)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// connect opens a session; version "" is the client's newest protocol.
func connect(t *testing.T, url, key, version string, options *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, options)
	transport := &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: keyed{key}}}
	session, err := client.Connect(t.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// call calls a tool and returns its text and whether it is an error.
func call(t *testing.T, session *mcp.ClientSession, name string, args map[string]any) (string, bool) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var text bytes.Buffer
	for _, content := range result.Content {
		if part, ok := content.(*mcp.TextContent); ok {
			text.WriteString(part.Text)
		}
	}
	return text.String(), result.IsError
}

// field returns a member of a JSON object as text.
func field(t *testing.T, object, name string) string {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &members); err != nil {
		t.Fatalf("not an object: %s", object)
	}
	var text string
	if json.Unmarshal(members[name], &text) == nil {
		return text
	}
	return string(members[name])
}

// logBuffer collects everything that is logged, down to debug.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (b *logBuffer) option() zscalermcp.Option {
	return zscalermcp.WithLogger(slog.New(slog.NewJSONHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug})))
}
