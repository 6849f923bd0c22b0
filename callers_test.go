package zscalermcp_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// basic adds Basic credentials.
type basic struct{ id, secret string }

func (b basic) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.SetBasicAuth(b.id, b.secret)
	return http.DefaultTransport.RoundTrip(r)
}

// connectAs opens a session with Basic credentials.
func connectAs(t *testing.T, url, version string, as basic) (*mcp.ClientSession, error) {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	transport := &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: as}}
	session, err := client.Connect(t.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err == nil {
		t.Cleanup(func() { _ = session.Close() })
	}
	return session, err
}

// callersServer serves a tenant to callers with credentials of their own; the server has none.
func callersServer(t *testing.T, logs *logBuffer, opts ...zscalermcp.Option) (*zscalertest.Tenant, string) {
	t.Helper()
	tenant := zscalertest.NewTenant(zscalertest.Options{})
	t.Cleanup(tenant.Close)
	credentials := zscaler.Credentials{VanityDomain: tenant.VanityDomain, CustomerID: tenant.CustomerID}
	endpoints := zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}
	client, err := zscaler.New(zscaler.Config{Credentials: credentials, Endpoints: endpoints, CallersOnly: true, Limits: map[zscaler.Service]zscaler.Limit{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	callers, err := auth.NewZscaler(auth.ZscalerConfig{Verify: zscalermcp.VerifyCallers(client)})
	if err != nil {
		t.Fatal(err)
	}
	srv := newServer(t, append([]zscalermcp.Option{
		zscalermcp.WithEnv(nil), zscalermcp.WithAuth(callers), zscalermcp.WithCallerCredentials(),
		zscalermcp.WithCredentials(credentials), zscalermcp.WithEndpoints(endpoints), logs.option(),
	}, opts...)...)
	return tenant, serve(t, srv) + "/mcp"
}

// R138: under load from several callers, in both eras, every request to the tenant bears the token of the caller
// it was made for.
func TestNoTokenCrossesFromCallerToCaller(t *testing.T) {
	var logs logBuffer
	tenant, url := callersServer(t, &logs, zscalermcp.WithWriteTools("zia_create_rule_label"))
	const callers, calls = 4, 8
	var all sync.WaitGroup
	for i := range callers {
		as := basic{fmt.Sprintf("client-%d", i), fmt.Sprintf("the-secret-of-client-%d", i)}
		tenant.AddClient(as.id, as.secret)
		for _, version := range eras {
			session, err := connectAs(t, url, version, as)
			if err != nil {
				t.Fatal(err)
			}
			for n := range calls {
				all.Go(func() {
					name := fmt.Sprintf("%s-%s-%d", as.id, version, n)
					if text, failed := call(t, session, "zia_create_rule_label", map[string]any{"name": name}); failed {
						t.Errorf("%s: %s", name, text)
					}
				})
			}
		}
	}
	all.Wait()
	seen := 0
	for _, r := range tenant.Requests() {
		if r.Method != http.MethodPost {
			continue
		}
		seen++
		if r.ClientID == "" || !strings.Contains(string(r.Body), `"`+r.ClientID+"-") {
			t.Errorf("the token of %q was sent with %s", r.ClientID, r.Body)
		}
	}
	if seen != callers*calls*len(eras) {
		t.Errorf("%d requests, want %d", seen, callers*calls*len(eras))
	}
	if n := tenant.TokenRequests(); n != callers {
		t.Errorf("%d token requests for %d callers", n, callers)
	}
	for i := range callers {
		if strings.Contains(logs.String(), fmt.Sprintf("the-secret-of-client-%d", i)) {
			t.Error("the log holds a secret")
		}
	}
}

// What a caller sees is what the caller's token is entitled to, and a token that the gateway refuses is fetched anew.
func TestCallersHaveTheirOwnRights(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			var logs logBuffer
			tenant, url := callersServer(t, &logs)
			tenant.AddClient("zia-only", "a-secret", "ZIA", "RISK360")
			tenant.AddClient("everything", "b-secret")
			narrow, err := connectAs(t, url, version, basic{"zia-only", "a-secret"})
			if err != nil {
				t.Fatal(err)
			}
			wide, err := connectAs(t, url, version, basic{"everything", "b-secret"})
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range toolNames(t, narrow) {
				if !strings.Contains(name, "zia_") && !strings.HasPrefix(name, "zscaler_") {
					t.Errorf("a caller entitled to ZIA sees %s", name)
				}
			}
			if _, err := narrow.CallTool(t.Context(), &mcp.CallToolParams{Name: "zpa_list_segment_groups"}); err == nil || !strings.Contains(err.Error(), "unknown tool") {
				t.Errorf("a tool that is not listed: %v", err)
			}
			if text, failed := call(t, wide, "zpa_list_segment_groups", nil); failed {
				t.Error(text)
			}
			tenant.Revoke()
			if text, failed := call(t, wide, "zpa_list_segment_groups", nil); !failed || !strings.Contains(text, "call again") {
				t.Errorf("with a revoked token: %s", text)
			}
			if text, failed := call(t, wide, "zpa_list_segment_groups", nil); failed {
				t.Errorf("after it: %s", text)
			}
			if _, err := connectAs(t, url, version, basic{"everything", "wrong"}); err == nil {
				t.Error("a wrong secret is admitted")
			}
		})
	}
}

// Who brings no Zscaler credentials has no rights where callers act for themselves; the server's own are not lent.
func TestCallerCredentialsAreNotReplacedByTheServers(t *testing.T) {
	tenant, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t), zscalermcp.WithCallerCredentials())...)
	session := connect(t, serve(t, srv)+"/mcp", testKey, "", nil)
	text, failed := call(t, session, "zia_list_rule_labels", nil)
	if !failed || !strings.Contains(text, "Zscaler credentials") {
		t.Errorf("%v %s", failed, text)
	}
	if n := len(tenant.Requests()); n != 0 {
		t.Errorf("%d requests to the tenant", n)
	}
}

func TestCallersWithoutAuthentication(t *testing.T) {
	for name, option := range map[string]zscalermcp.Option{"WithCallerCredentials": zscalermcp.WithCallerCredentials(), "WithPolicy": zscalermcp.WithPolicy(denyAll)} {
		if _, err := zscalermcp.New(tenantEnv.option(), zscalermcp.WithoutAuth(), option); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s and WithoutAuth: %v", name, err)
		}
	}
}

func toolNames(t *testing.T, session *mcp.ClientSession) []string {
	t.Helper()
	list, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
	}
	if len(names) == 0 {
		t.Fatal("no tool is listed")
	}
	return names
}
