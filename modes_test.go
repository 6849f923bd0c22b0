package zscalermcp_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// A authMode is a way to authenticate, and the Authorization values of two callers, the same for both but for who they are.
type authMode struct {
	option zscalermcp.Option
	ann    string
	bob    string
}

const (
	bobKey    = "bobs-key-0123456789-abcdefghijklmno"
	annSecret = "anns-oneapi-secret-0123456789"
	bobSecret = "bobs-oneapi-secret-0123456789"
)

// authModes are all modes in front of one tenant.
func authModes(t *testing.T, tenant *zscalertest.Tenant) map[string]authMode {
	t.Helper()
	must := func(a auth.Authenticator, err error) zscalermcp.Option {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return zscalermcp.WithAuth(a)
	}
	tenant.AddClient("ann", annSecret)
	tenant.AddClient("bob", bobSecret)
	client, err := zscaler.New(zscaler.Config{
		Credentials: zscaler.Credentials{VanityDomain: tenant.VanityDomain}, CallersOnly: true,
		Endpoints: zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	first := authtest.NewProvider(authtest.Options{Algorithm: "ES256"})
	second := authtest.NewProvider(authtest.Options{Algorithm: "ES256"})
	t.Cleanup(first.Close)
	t.Cleanup(second.Close)
	issuer := func(idp *authtest.Provider) auth.JWTIssuer {
		return auth.JWTIssuer{Issuer: idp.Issuer(), JWKSURL: idp.JWKSURL(), Audiences: []string{"zscaler-mcp"}}
	}
	token := func(idp *authtest.Provider, sub string) string {
		return "Bearer " + idp.Mint(map[string]any{"sub": sub, "aud": "zscaler-mcp"})
	}
	keys, keysErr := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "ann", Key: testKey}, {Name: "bob", Key: bobKey}}})
	users, usersErr := auth.NewJWT(auth.JWTConfig{Issuers: []auth.JWTIssuer{issuer(first), issuer(second)}})
	namesakes, namesakesErr := auth.NewJWT(auth.JWTConfig{Issuers: []auth.JWTIssuer{issuer(first), issuer(second)}})
	pairs, pairsErr := auth.NewZscaler(auth.ZscalerConfig{Verify: zscalermcp.VerifyCallers(client)})
	return map[string]authMode{
		"api-key":         {must(keys, keysErr), "Bearer " + testKey, "Bearer " + bobKey},
		"jwt":             {must(users, usersErr), token(first, "ann"), token(first, "bob")},
		"jwt, namesakes":  {must(namesakes, namesakesErr), token(first, "ann"), token(second, "ann")}, // D71
		"zscaler":         {must(pairs, pairsErr), basicHeader("ann", annSecret), basicHeader("bob", bobSecret)},
		"api-key and jwt": {anyOf(t, keys, users), "Bearer " + testKey, token(first, "ann")},
	}
}

func anyOf(t *testing.T, first auth.Authenticator, more ...auth.Authenticator) zscalermcp.Option {
	t.Helper()
	a, err := auth.AnyOf(first, more...)
	if err != nil {
		t.Fatal(err)
	}
	return zscalermcp.WithAuth(a)
}

func basicHeader(id, secret string) string {
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(id, secret)
	return r.Header.Get("Authorization")
}

// authorized sends an Authorization with each request.
type authorized struct{ value string }

func (a authorized) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", a.value)
	return http.DefaultTransport.RoundTrip(r)
}

func connectWith(t *testing.T, url, authorization, version string) *mcp.ClientSession {
	t.Helper()
	transport := &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: authorized{authorization}}}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// D70, R139: nobody uses the session or the confirmation of somebody else, in any mode.
func TestNobodyUsesWhatBelongsToAnother(t *testing.T) {
	tenant, opts := tenantOptions(t)
	opts = append(opts, zscalermcp.WithWriteTools("zia_*_rule_label"))
	for name, mode := range authModes(t, tenant) {
		t.Run(name, func(t *testing.T) {
			url := serve(t, newServer(t, append(opts, mode.option)...)) + "/mcp"
			session := connectWith(t, url, mode.ann, "2025-11-25")
			for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
				if status := inSession(t, method, url, session.ID(), mode.bob); status != http.StatusForbidden && status != http.StatusNotFound {
					t.Errorf("%s by another: status %d", method, status)
				}
			}
			if status := inSession(t, http.MethodPost, url, session.ID(), mode.ann); status != http.StatusOK {
				t.Errorf("the owner: status %d", status)
			}
			for era, version := range eras {
				ann, bob := connectWith(t, url, mode.ann, version), connectWith(t, url, mode.bob, version)
				label, failed := call(t, ann, "zia_create_rule_label", map[string]any{"name": name + era})
				if failed {
					t.Fatal(label)
				}
				args := map[string]any{"label_id": field(t, label, "id")}
				text, _ := call(t, ann, "zia_delete_rule_label", args)
				args["confirmation_token"] = confirmationToken(t, text)
				if text, failed := call(t, bob, "zia_delete_rule_label", args); !failed || !strings.Contains(text, "not valid for this caller") {
					t.Errorf("%s: a confirmation of another: %s", era, text)
				}
				if text, failed := call(t, ann, "zia_delete_rule_label", args); failed {
					t.Errorf("%s: the owner's confirmation: %s", era, text)
				}
			}
		})
	}
}

// inSession sends a request in a legacy session.
func inSession(t *testing.T, method, url, session, authorization string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	var body io.Reader = http.NoBody
	if method == http.MethodPost {
		body = strings.NewReader(`{"jsonrpc":"2.0","id":7,"method":"ping"}`)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"Authorization": {authorization}, "Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"},
		"Mcp-Session-Id": {session}, "Mcp-Protocol-Version": {"2025-11-25"},
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	return resp.StatusCode
}

// A tap sees every request to the tenant.
type tap struct {
	mu   sync.Mutex
	sent bytes.Buffer
}

func (p *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.mu.Lock()
	_, _ = fmt.Fprintf(&p.sent, "%s %s %v\n%s\n", r.Method, r.URL, r.Header, body)
	p.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// D17, R138: no credential of a caller goes on to the tenant, nor to a tool, nor into the log.
func TestCredentialsOfCallersGoNowhere(t *testing.T) {
	tenant, opts := tenantOptions(t)
	for name, mode := range authModes(t, tenant) {
		t.Run(name, func(t *testing.T) {
			var out tap
			var logs logBuffer
			var events sync.Map
			srv := newServer(t, append(opts, mode.option, logs.option(), zscalermcp.WithHTTPClient(&http.Client{Transport: &out}),
				zscalermcp.WithAudit(func(_ context.Context, e auth.Event) { events.Store(fmt.Sprintf("%+v", e), true) }))...)
			url := serve(t, srv) + "/mcp"
			for _, version := range eras {
				for _, who := range []string{mode.ann, mode.bob} {
					if text, failed := call(t, connectWith(t, url, who, version), "zia_list_rule_labels", nil); failed {
						t.Error(text)
					}
				}
			}
			_ = inSession(t, http.MethodPost, url, "", mode.ann+"x") // one that is refused
			seen := map[string]string{"the tenant": out.sent.String(), "the log": logs.String()}
			events.Range(func(event, _ any) bool { seen["the audit"] += event.(string); return true })
			for _, who := range []string{mode.ann, mode.bob, annSecret, bobSecret} {
				_, token, _ := strings.Cut(who, " ")
				for place, text := range seen {
					if text == "" || strings.Contains(text, who) || token != "" && strings.Contains(text, token) {
						t.Errorf("%s has a credential, or nothing", place)
					}
				}
			}
		})
	}
}

// Strangers with wrong API keys cause no request to anybody.
func TestWrongKeysAskNobody(t *testing.T) {
	_, opts := tenantOptions(t)
	var out tap
	url := serve(t, newServer(t, append(opts, withKey(t), zscalermcp.WithHTTPClient(&http.Client{Transport: &out}))...)) + "/mcp"
	for i := range 200 {
		if status := inSession(t, http.MethodPost, url, "", fmt.Sprintf("Bearer wrong-key-%032d", i)); status != http.StatusUnauthorized {
			t.Fatalf("status %d", status)
		}
	}
	if out.sent.Len() > 0 {
		t.Errorf("requests to the tenant:\n%s", out.sent.String())
	}
	if text, failed := call(t, connect(t, url, testKey, "", nil), "zia_list_rule_labels", nil); failed || out.sent.Len() == 0 {
		t.Errorf("the right key: %s", text)
	}
}
