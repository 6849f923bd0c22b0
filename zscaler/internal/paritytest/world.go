package paritytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// The ZCell customer id of every world; a simulated tenant names none.
const zcellCustomerID = "288341529047105600"

// A World is an MCP client whose calls reach a tenant through the tools of a suite. It records the
// requests that arrive there.
type World struct {
	// Tenant is the simulated tenant: the gateway if there are no canned answers, and always the
	// token endpoint. It is nil in a world made by [Suite.Connect].
	Tenant *zscalertest.Tenant
	// Doer is the client of the tenant, for handlers that are called directly.
	Doer zscaler.Doer

	session *mcp.ClientSession
	answer  Answer

	mu     sync.Mutex
	seen   []Request
	asked  []string
	before int // requests that had arrived by the last question
}

// An Answer is a gateway: it answers a request with a status and JSON. It is called for one request
// after the other.
type Answer func(Request) (status int, body string)

// Paths answers by method and path, such as "GET /zdx/v1/apps", and with status 404 what has no answer.
func Paths(answers map[string]string) Answer {
	return func(r Request) (int, string) {
		if body, ok := answers[r.Method+" "+r.Path]; ok {
			return http.StatusOK, body
		}
		return http.StatusNotFound, `{"code":"RESOURCE_NOT_FOUND","message":"Resource not found"}`
	}
}

// Open starts a world. Its tenant is a simulated one; if answer is not nil, that answers for the gateway.
// The world ends with the test.
func (s *Suite) Open(t testing.TB, answer Answer) *World {
	t.Helper()
	w := &World{answer: answer}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.serve(t, rw, r) }))
	w.Tenant = zscalertest.NewTenant(zscalertest.Options{Empty: answer != nil, BaseURL: "http://" + server.Listener.Addr().String()})
	server.Start()
	t.Cleanup(func() { w.Tenant.Close(); server.Close() })
	client, err := zscaler.New(zscaler.Config{
		Credentials: zscaler.Credentials{
			VanityDomain: w.Tenant.VanityDomain, ClientID: w.Tenant.ClientID, ClientSecret: zscaler.Secret(w.Tenant.ClientSecret),
			CustomerID: w.Tenant.CustomerID, ZCellCustomerID: zcellCustomerID,
		},
		Endpoints: zscaler.Endpoints{TokenURL: w.Tenant.TokenURL(), GatewayURL: w.Tenant.GatewayURL()},
		Limits:    map[zscaler.Service]zscaler.Limit{}, MaxAttempts: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	w.connect(t, s, client)
	return w
}

// Connect starts a world over a tenant that the test brings itself. It records no requests.
func (s *Suite) Connect(t testing.TB, doer zscaler.Doer) *World {
	t.Helper()
	w := &World{}
	w.connect(t, s, doer)
	return w
}

// serve records a request to the gateway and has it answered.
func (w *World) serve(t testing.TB, rw http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(w.Tenant.TokenURL(), r.URL.Path) {
		w.Tenant.Handler().ServeHTTP(rw, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	got := Request{Method: r.Method, Path: r.URL.EscapedPath()}
	if query := r.URL.Query(); len(query) > 0 {
		got.Query = query
	}
	if len(body) > 0 {
		if err := decode(body, &got.Body); err != nil {
			t.Errorf("%s: %v in the body %s", got, err, body)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, got)
	if w.answer == nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		w.Tenant.Handler().ServeHTTP(rw, r)
		return
	}
	status, answer := w.answer(got)
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, answer)
}

// withPlaceholders returns the request as the table writes it.
func (w *World) withPlaceholders(t testing.TB, r Request) Request {
	t.Helper()
	r.Path = w.placeholders(r.Path)
	if r.Body != nil {
		data, err := json.Marshal(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		r.Body = JSON(t, w.placeholders(string(data)))
	}
	return r
}

// placeholders puts {customer_id} and {zcell_customer_id} for the ids of the tenant.
func (w *World) placeholders(text string) string {
	return strings.NewReplacer(w.Tenant.CustomerID, "{customer_id}", zcellCustomerID, "{zcell_customer_id}").Replace(text)
}
