package zscalermcp_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// A tenant in trouble gives a tool error that says what to do, no secret, and a server that lives.
func TestTenantInTrouble(t *testing.T) {
	tenant, opts := tenantOptions(t)
	var logs logBuffer
	srv := newServer(t, append(opts, withKey(t), logs.option(), zscalermcp.WithWriteTools("zia_*_rule_label"), zscalermcp.WithLimits(zscalermcp.Limits{CallTime: 4 * time.Second}))...)
	session := connect(t, serve(t, srv)+"/mcp", testKey, "", nil)
	if text, failed := call(t, session, "zia_list_rule_labels", nil); failed {
		t.Fatalf("before the trouble: %s", text)
	}
	const gateway, create = "/zia/api/v1/ruleLabels", "zia_create_rule_label"
	for name, test := range map[string]struct {
		fault zscalertest.Fault
		tool  string
		wants []string // any of them
	}{
		"rate limited": {zscalertest.Fault{Kind: zscalertest.RateLimited, RetryAfter: 10 * time.Minute}, "", []string{"10m", "600"}},
		"down":         {zscalertest.Fault{Kind: zscalertest.ServerError}, create, []string{"later", "again", "retry"}},
		"no body":      {zscalertest.Fault{Kind: zscalertest.EmptyError}, create, []string{"500"}},
		"HTML":         {zscalertest.Fault{Kind: zscalertest.HTML}, create, []string{"JSON", "HTML"}},
		"truncated":    {zscalertest.Fault{Kind: zscalertest.Truncated}, create, []string{"connection", "network", "answer"}},
		"dropped":      {zscalertest.Fault{Kind: zscalertest.DropConnection}, create, []string{"connection", "network", "answer"}},
		"slow":         {zscalertest.Fault{Kind: zscalertest.Slow, Delay: time.Minute}, "", []string{"did not finish within 4s"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer tenant.ClearFaults()
			args := map[string]any{}
			if test.tool == "" {
				test.tool = "zia_list_rule_labels"
			} else {
				args["name"] = name
			}
			test.fault.PathPrefix, test.fault.Times = gateway, -1
			tenant.Fail(test.fault)
			text, failed := call(t, session, test.tool, args)
			if !failed {
				t.Fatalf("no error: %s", text)
			}
			if !containsAny(strings.ToLower(text), test.wants) {
				t.Errorf("none of %q in: %s", test.wants, text)
			}
		})
	}
	for _, secret := range []string{testKey, tenant.ClientSecret, "Bearer ey"} {
		if strings.Contains(logs.String(), secret) {
			t.Errorf("D94: the log holds %q", secret)
		}
	}
}

// Wrong OneAPI credentials are named as such, to the agent and once for all callers.
func TestWrongCredentialsForTheTenant(t *testing.T) {
	tenant, opts := tenantOptions(t)
	wrong := credentials(tenant)
	wrong.ClientSecret = "not-the-secret-of-this-tenant"
	var logs logBuffer
	srv := newServer(t, append(opts, withKey(t), logs.option(), zscalermcp.WithCredentials(wrong))...)
	session := connect(t, serve(t, srv)+"/mcp", testKey, "", nil)
	text, failed := call(t, session, "zia_list_rule_labels", nil)
	if !failed || !strings.Contains(text, "ZSCALER_CLIENT_SECRET") {
		t.Errorf("wrong secret: %s", text)
	}
	if strings.Contains(text+logs.String(), string(wrong.ClientSecret)) {
		t.Error("D94: the secret is shown")
	}
}

func containsAny(text string, wants []string) bool {
	for _, want := range wants {
		if strings.Contains(text, strings.ToLower(want)) {
			return true
		}
	}
	return false
}

// The reference server puts ids into URLs as they are, so that "../locations/9" deletes another resource.
func TestAnIDCannotLeaveItsPath(t *testing.T) {
	tenant, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t), zscalermcp.WithWriteTools("*"))...)
	session := connect(t, serve(t, srv)+"/mcp", testKey, "", human("accept"))
	for _, id := range []string{"../urlCategories/CUSTOM_01", "..", ".", "", "1/../2", "1%2f..%2f2", "%2e%2e", `..\2`, "1?x=1", "1#", "1\x00"} {
		for _, name := range []string{"zia_get_rule_label", "zia_delete_rule_label"} {
			before := len(tenant.Requests())
			text, failed := call(t, session, name, map[string]any{"label_id": id})
			if !failed || !strings.Contains(text, "label_id") {
				t.Errorf("%s %q: %s", name, id, text)
			}
			if after := tenant.Requests(); len(after) != before {
				t.Errorf("%s %q reached the tenant: %s", name, id, after[len(after)-1].Path)
			}
		}
	}
	label, _ := call(t, session, "zia_create_rule_label", map[string]any{"name": "lawful"})
	if text, failed := call(t, session, "zia_delete_rule_label", map[string]any{"label_id": field(t, label, "id")}); failed {
		t.Errorf("the lawful neighbour: %s", text)
	}
}

// D76: spellings of the path that another hop may read differently never get around authentication.
func TestPathConfusionServesNothing(t *testing.T) {
	_, opts := tenantOptions(t)
	address, err := url.Parse(serve(t, newServer(t, append(opts, withKey(t))...)))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"//mcp", "/mcp/..;/", "/mcp%2f", "/MCP", "/.well-known/../mcp", "/mcp/.", "/./mcp", "/mcp/../mcp", "/%6dcp", "/mcp;x", "http://other.example/mcp", "*"} {
		conn, err := net.Dial("tcp", address.Host)
		if err != nil {
			t.Fatal(err)
		}
		const body = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
			target, address.Host, len(body), body)
		status := statusLine(t, conn)
		_ = conn.Close()
		if !containsAny(status, []string{"401", "404", "301", "307", "308", "400", "403", "421"}) {
			t.Errorf("%s: %s", target, status)
		}
	}
}

func statusLine(t *testing.T, conn net.Conn) string {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	head := make([]byte, 64)
	n, err := conn.Read(head)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(head[:n]), "\r\n")
	return line
}

// Each HTTP mistake has its status, and the process lives.
func TestBadRequests(t *testing.T) {
	_, opts := tenantOptions(t)
	address := serve(t, newServer(t, append(opts, withKey(t))...)) + "/mcp"
	deep := `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":` + strings.Repeat(`{"a":`, 2000) + "1" + strings.Repeat("}", 2000) + "}"
	for name, test := range map[string]struct {
		body   string
		header []string
		status int
	}{
		"garbage":         {"{garbage", nil, 400},
		"5 MiB":           {`{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("x", 5<<20) + `"}`, nil, 413},
		"2000 deep":       {deep, nil, 400},
		"wrong key":       {"{}", []string{"Authorization", "Bearer wrong-key-0123456789"}, 401},
		"no key":          {"{}", []string{"Authorization", ""}, 401},
		"two credentials": {"{}", []string{"X-Api-Key", testKey}, 400},
		"lawful":          {`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`, nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}, "Authorization": {"Bearer " + testKey}}
			for i := 0; i < len(test.header); i += 2 {
				req.Header.Set(test.header[i], test.header[i+1])
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != test.status {
				t.Errorf("status %d, want %d", resp.StatusCode, test.status)
			}
			if challenge := resp.Header.Get("WWW-Authenticate"); test.status == 401 && !strings.HasPrefix(challenge, "Bearer ") {
				t.Errorf("challenge %q", challenge)
			}
		})
	}
}

// Callers are told that the tenant cannot be reached, and nothing of the operator's network; the log has all of it.
func TestAnUnreachableTenantTellsNothingOfTheNetwork(t *testing.T) {
	t.Parallel() // it waits between attempts
	tenant, opts := tenantOptions(t)
	var logs logBuffer
	client := &http.Client{Transport: unreachable{tenant.TokenURL()}}
	session := connect(t, serve(t, newServer(t, append(opts, withKey(t), logs.option(), zscalermcp.WithHTTPClient(client))...))+"/mcp", testKey, "", nil)
	gateway := strings.TrimPrefix(tenant.GatewayURL(), "http://")
	for name, args := range map[string]map[string]any{"zia_list_rule_labels": nil, "zscaler_check_connectivity": {"services": []string{"zia"}}} {
		text, _ := call(t, session, name, args)
		if !strings.Contains(text, "could not be reached") || !strings.Contains(text, "check the network") {
			t.Errorf("%s: no help in %s", name, text)
		}
		for _, inside := range []string{"corp.example", "10.1.2.3", gateway} {
			if strings.Contains(text, inside) {
				t.Errorf("%s tells of %s: %s", name, inside, text)
			}
		}
	}
	if !strings.Contains(logs.String(), "proxy.corp.example:3128") {
		t.Errorf("the log does not say why:\n%s", logs.String())
	}
}

// unreachable is a network behind a proxy that is down, but for the token endpoint.
type unreachable struct{ token string }

func (u unreachable) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.String() == u.token {
		return http.DefaultTransport.RoundTrip(r)
	}
	return nil, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New("dial tcp proxy.corp.example:3128 from 10.1.2.3")}
}
