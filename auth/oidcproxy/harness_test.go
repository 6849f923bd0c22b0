package oidcproxy_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/store"
)

const (
	issuer   = "https://mcp.example.com"
	resource = issuer + "/mcp"
	clientCB = "https://app.example.com/callback"
	verifier = "a-verifier-of-forty-three-characters-or-more-0123"
	upSecret = "upstream-secret-that-must-never-be-seen%+/"
)

// A rig is a provider with its routes, an endpoint behind it, and an identity provider, all in process.
type rig struct {
	testing.TB
	idp     *authtest.Provider
	p       *oidcproxy.Provider
	handler http.Handler
	store   store.Store
	keys    *store.Keyring

	mu     sync.Mutex
	log    bytes.Buffer
	events []auth.Event
}

// newRig starts a provider; change may alter its configuration.
func newRig(t testing.TB, change func(*oidcproxy.Config)) *rig {
	t.Helper()
	return newRigWith(t, authtest.Options{}, change)
}

func newRigWith(t testing.TB, opts authtest.Options, change func(*oidcproxy.Config)) *rig {
	t.Helper()
	opts.BaseURL = "https://idp.example.com"
	rg := &rig{TB: t, idp: authtest.NewProvider(opts)}
	rg.idp.AddClient(authtest.Client{ID: "proxy", Secret: upSecret, RedirectURIs: []string{issuer + "/auth/callback", issuer + "/oauth/auth/callback"}})
	rg.p = rg.provider(change)
	return rg
}

// provider makes a (further) provider on the keys and the store of the rig, as a replica is one.
func (rg *rig) provider(change func(*oidcproxy.Config)) *oidcproxy.Provider {
	rg.Helper()
	if rg.store == nil {
		rg.store = newCounting()
		keys, err := store.NewKeyring(store.GenerateKey())
		if err != nil {
			rg.Fatal(err)
		}
		rg.keys = keys
	}
	cfg := oidcproxy.Config{
		Upstream:    oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy", ClientSecret: upSecret},
		ResourceURL: resource, Keys: rg.keys, Store: rg.store, HTTPClient: rg.idp.Client(), Name: "Example server",
		Scopes: []oidcproxy.Scope{{Name: "mcp:read", Description: "See settings"}, {Name: "mcp:write", Description: "Change settings"}},
		Logger: slog.New(slog.NewTextHandler(rg, &slog.HandlerOptions{Level: slog.LevelDebug})), Audit: rg.audit,
		MetadataDocuments: oidcproxy.MetadataDocuments{Fetch: safefetch.Config{Resolver: nameless{}}},
	}
	if change != nil {
		change(&cfg)
	}
	p, err := oidcproxy.New(rg.Context(), cfg)
	if err != nil {
		rg.Fatal(err)
	}
	rg.Cleanup(func() { _ = p.Close() })
	rg.handler = rg.mount(p)
	return p
}

// nameless knows no name, so that no test asks the network.
type nameless struct{}

func (nameless) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, errors.New("no such host")
}

// mount serves the routes, and an endpoint that says who called.
func (rg *rig) mount(p *oidcproxy.Provider) http.Handler {
	mux := http.NewServeMux()
	for _, route := range p.Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _ := auth.PrincipalFromContext(r.Context())
		_ = json.NewEncoder(w).Encode(map[string]any{"iss": who.Issuer, "sub": who.Subject, "scopes": who.Scopes, "client": who.ClientID, "headers": r.Header})
	})
	u, _ := url.Parse(p.Resource())
	path := strings.TrimSuffix(u.Path, "/")
	guarded := auth.Middleware(p, auth.MiddlewareConfig{Logger: slog.New(slog.NewTextHandler(rg, nil))})(endpoint)
	mux.Handle(path+"/", guarded)
	if path != "" {
		mux.Handle(path, guarded)
	}
	return mux
}

// Write implements io.Writer for the log.
func (rg *rig) Write(line []byte) (int, error) {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	return rg.log.Write(line)
}

func (rg *rig) audit(_ context.Context, e auth.Event) {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	rg.events = append(rg.events, e)
}

// happened counts events of a name.
func (rg *rig) happened(name string) int {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	count := 0
	for _, e := range rg.events {
		if e.Name == name {
			count++
		}
	}
	return count
}

func (rg *rig) logged() string {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	return rg.log.String()
}

// An answer is a response that has been read.
type answer struct {
	*http.Response
	body string
}

func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal([]byte(a.body), &members); err != nil {
		t.Fatalf("%d %s: %v", a.StatusCode, a.body, err)
	}
	return members
}

// code is the error code of a JSON answer.
func (a answer) code() string {
	var e struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal([]byte(a.body), &e)
	return e.Error
}

// location is where the answer sends the browser, by redirect.
func (a answer) location(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil || a.StatusCode != http.StatusSeeOther || a.body != "" {
		t.Fatalf("no plain redirect: %d %q %s", a.StatusCode, a.Header.Get("Location"), a.body)
	}
	return u
}

func (rg *rig) do(r *http.Request) answer {
	w := httptest.NewRecorder()
	rg.handler.ServeHTTP(w, r)
	resp := w.Result()
	body, _ := io.ReadAll(resp.Body)
	return answer{resp, string(body)}
}

func (rg *rig) get(path string, headers ...string) answer {
	rg.Helper()
	return rg.do(request(rg.TB, http.MethodGet, path, "", headers...))
}

func (rg *rig) post(path string, form url.Values, headers ...string) answer {
	rg.Helper()
	return rg.do(request(rg.TB, http.MethodPost, path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...))
}

func request(t testing.TB, method, path, body string, headers ...string) *http.Request {
	t.Helper()
	if strings.HasPrefix(path, "/") {
		path = issuer + path
	}
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, content)
	r.RemoteAddr = "192.0.2.1:4711"
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// register registers a client; the metadata is JSON.
func (rg *rig) register(metadata string) answer {
	rg.Helper()
	return rg.do(request(rg.TB, http.MethodPost, "/register", metadata, "Content-Type", "application/json"))
}

// client registers a public client and returns its id.
func (rg *rig) client(redirects ...string) string {
	rg.Helper()
	if len(redirects) == 0 {
		redirects = []string{clientCB}
	}
	metadata, _ := json.Marshal(map[string]any{"client_name": "Test app", "redirect_uris": redirects})
	a := rg.register(string(metadata))
	if a.StatusCode != http.StatusCreated {
		rg.Fatalf("register: %d %s", a.StatusCode, a.body)
	}
	return a.json(rg.TB)["client_id"].(string)
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// asking is a lawful authorization request, changed by pairs of name and value; an empty value leaves a parameter out.
func asking(client string, changes ...string) url.Values {
	q := url.Values{
		"response_type": {"code"}, "client_id": {client}, "redirect_uri": {clientCB}, "state": {"client-state"}, "scope": {"mcp:read"},
		"code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"}, "resource": {resource},
	}
	return changed(q, changes...)
}

func changed(q url.Values, changes ...string) url.Values {
	for i := 0; i+1 < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return q
}

// redeeming is a lawful token request for a code.
func redeeming(client, code string, changes ...string) url.Values {
	q := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {client}, "code": {code}, "redirect_uri": {clientCB}, "code_verifier": {verifier}, "resource": {resource},
	}
	return changed(q, changes...)
}

func refreshing(client, token string, changes ...string) url.Values {
	return changed(url.Values{"grant_type": {"refresh_token"}, "client_id": {client}, "refresh_token": {token}}, changes...)
}

// A family is what a client holds after it has signed a user in.
type family struct{ client, code, access, refresh, scope string }

// signedIn registers a client, signs the user in and redeems the code.
func (rg *rig) signedIn(changes ...string) family {
	rg.Helper()
	f := family{client: rg.client()}
	f.code = rg.browser().signIn(asking(f.client, changes...)).Get("code")
	return rg.redeemed(f, rg.post("/token", redeeming(f.client, f.code)))
}

func (rg *rig) redeemed(f family, a answer) family {
	rg.Helper()
	if a.StatusCode != http.StatusOK {
		rg.Fatalf("token: %d %s\n%s", a.StatusCode, a.body, rg.logged())
	}
	members := a.json(rg.TB)
	f.access, f.scope = members["access_token"].(string), members["scope"].(string)
	f.refresh, _ = members["refresh_token"].(string)
	return f
}

// refreshed redeems the refresh token.
func (rg *rig) refreshed(f family) family {
	rg.Helper()
	return rg.redeemed(f, rg.post("/token", refreshing(f.client, f.refresh)))
}

// call makes a request of the endpoint with a token.
func (rg *rig) call(token string) answer {
	rg.Helper()
	return rg.get("/mcp", "Authorization", "Bearer "+token)
}

// wantStatus checks a status, and for machines the error code.
func (rg *rig) want(what string, a answer, status int, code string) {
	rg.Helper()
	if a.StatusCode != status || a.code() != code {
		rg.Errorf("%s: %d %q, want %d %q: %s", what, a.StatusCode, a.code(), status, code, a.body)
	}
}

// wantPage checks that an answer is a page of ours, and sends nobody anywhere.
func (rg *rig) wantPage(what string, a answer, status int) {
	rg.Helper()
	if a.StatusCode != status || a.Header.Get("Location") != "" || !strings.Contains(a.body, "<h1>") || strings.Contains(a.body, "http-equiv=\"refresh\"") {
		rg.Errorf("%s: %d, Location %q, want a page with %d: %.300s", what, a.StatusCode, a.Header.Get("Location"), status, a.body)
	}
	if a.Header.Get("Cache-Control") != "no-store" {
		rg.Errorf("%s: Cache-Control %q", what, a.Header.Get("Cache-Control"))
	}
}

const hour = time.Hour

// inBubble runs a test whose clock moves only when it sleeps.
func inBubble(t *testing.T, test func(*testing.T)) { t.Helper(); bubble.Test(t, test) }

func sleep(d time.Duration) { time.Sleep(d) }

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// newRigAt starts a provider at another origin.
func newRigAt(t testing.TB, origin string) *rig {
	t.Helper()
	return newRig(t, func(c *oidcproxy.Config) { c.ResourceURL = origin + "/mcp" })
}

// clientAt registers a client at another origin.
func (rg *rig) clientAt(origin string) string {
	rg.Helper()
	a := rg.do(request(rg.TB, http.MethodPost, origin+"/register", `{"redirect_uris":["`+clientCB+`"]}`, "Content-Type", "application/json"))
	return a.json(rg.TB)["client_id"].(string)
}

// serveOn posts a form to one of several replicas.
func serveOn(t testing.TB, h http.Handler, path string, form url.Values) answer {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request(t, http.MethodPost, path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded"))
	resp := w.Result()
	body, _ := io.ReadAll(resp.Body)
	return answer{resp, string(body)}
}

// refreshOn redeems one refresh token at several replicas, each so much later than the one before.
func (rg *rig) refreshOn(f family, apart time.Duration, replicas ...http.Handler) []answer {
	rg.Helper()
	answers := make([]answer, len(replicas))
	var all sync.WaitGroup
	for i, h := range replicas {
		all.Go(func() {
			sleep(time.Duration(i) * apart)
			answers[i] = serveOn(rg.TB, h, "/token", refreshing(f.client, f.refresh))
		})
	}
	all.Wait()
	return answers
}
