package auth_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
)

const goodKey = "goodkey-0123456789abcdef~+/=="

func newKeys(t testing.TB, keys ...auth.APIKey) *auth.APIKeys {
	t.Helper()
	a, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A logBuffer is written by the server's goroutines and read by the test.
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

func debugLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// whoAmI answers with the caller and every header that the handler can see.
func whoAmI(w http.ResponseWriter, r *http.Request) {
	p, ok := auth.PrincipalFromContext(r.Context())
	if !ok {
		http.Error(w, "no principal", http.StatusTeapot)
		return
	}
	_ = r.Header.Write(w)
	fmt.Fprintf(w, "caller=%s", p.Subject)
}

// send writes the header lines as they are on a connection, and returns status, header and body.
func send(t *testing.T, addr string, lines ...string) (*http.Response, string) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	fmt.Fprintf(conn, "GET /mcp?access_token=%s HTTP/1.1\r\nHost: h\r\n%s\r\n\r\n", goodKey, strings.Join(append(lines, "Cookie: c="+goodKey), "\r\n"))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// R118, R120, R131, R132, D72, D73, D92: what goes over the wire, and what it gets. Each request has the key
// in query and cookie too, where it never counts.
func TestMiddlewareOverTheWire(t *testing.T) {
	var logs logBuffer
	h := auth.Middleware(newKeys(t, auth.APIKey{Name: "ci", Key: goodKey}), auth.MiddlewareConfig{Logger: debugLog(&logs)})
	srv := httptest.NewServer(h(http.HandlerFunc(whoAmI)))
	defer srv.Close()
	const bearer, key = "Authorization: Bearer " + goodKey, "X-Api-Key: " + goodKey
	for name, test := range map[string]struct {
		lines  []string
		status int
		code   string
	}{
		"bearer":                   {[]string{bearer}, 200, ""},
		"lower case":               {[]string{"authorization: bearer " + goodKey}, 200, ""},
		"mixed case, spaces":       {[]string{"AUTHORIZATION: bEaReR    " + goodKey + "  "}, 200, ""},
		"api key":                  {[]string{key}, 200, ""},
		"other Connection option":  {[]string{bearer, "Connection: keep-alive, x-other"}, 200, ""},
		"harmless other headers":   {[]string{bearer, "X_Api_Key: " + goodKey, "Authorization_: " + goodKey}, 200, ""},
		"none":                     {nil, 401, ""},
		"empty Authorization":      {[]string{"Authorization:"}, 401, ""},
		"empty X-Api-Key":          {[]string{"X-Api-Key: "}, 401, ""},
		"underscores":              {[]string{"X_Api_Key: " + goodKey}, 401, ""},
		"trailing underscore":      {[]string{"Authorization_: Bearer " + goodKey}, 401, ""},
		"bearer hop by hop":        {[]string{bearer, "Connection: Authorization"}, 401, ""},
		"api key hop by hop":       {[]string{key, "Connection: close", "Connection: te, x-API-key"}, 401, ""},
		"wrong key":                {[]string{"Authorization: Bearer wrongkey-0123456789abcdef"}, 401, "invalid_token"},
		"wrong X-Api-Key":          {[]string{"X-Api-Key: wrongkey-0123456789abcdef"}, 401, "invalid_token"},
		"prefix":                   {[]string{"Authorization: Bearer " + goodKey[:20]}, 401, "invalid_token"},
		"longer":                   {[]string{"X-Api-Key: " + goodKey + "x"}, 401, "invalid_token"},
		"non-ASCII X-Api-Key":      {[]string{"X-Api-Key: sch\xc3\xbcssel\xff"}, 401, "invalid_token"},
		"no token":                 {[]string{"Authorization: Bearer"}, 401, "invalid_token"},
		"no scheme":                {[]string{"Authorization: " + goodKey[:20]}, 401, "invalid_token"},
		"Basic":                    {[]string{"Authorization: Basic dXNlcjpwYXNz"}, 401, "invalid_token"},
		"Zscaler pair":             {[]string{"X-Zscaler-Client-ID: id", "X-Zscaler-Client-Secret: s"}, 401, "invalid_token"},
		"too long":                 {[]string{"Authorization: Bearer " + strings.Repeat("a", 16<<10)}, 401, "invalid_token"},
		"two tokens":               {[]string{bearer + " " + goodKey}, 400, "invalid_request"},
		"two Authorization lines":  {[]string{bearer, bearer}, 400, "invalid_request"},
		"two lines, one empty":     {[]string{bearer, "Authorization:"}, 400, "invalid_request"},
		"comma":                    {[]string{bearer + ", Bearer other"}, 400, "invalid_request"},
		"comma without space":      {[]string{bearer + ",other"}, 400, "invalid_request"},
		"folded":                   {[]string{bearer, " folded"}, 400, "invalid_request"},
		"tab":                      {[]string{"Authorization: Bearer\t" + goodKey}, 400, "invalid_request"},
		"non-ASCII token":          {[]string{"Authorization: Bearer sch\xc3\xbcssel"}, 400, "invalid_request"},
		"bearer and api key":       {[]string{bearer, key}, 400, "invalid_request"},
		"bearer and empty api key": {[]string{bearer, "X-Api-Key:"}, 400, "invalid_request"},
		"two api keys":             {[]string{key, key}, 400, "invalid_request"},
		"bearer and client id":     {[]string{bearer, "X-Zscaler-Client-ID: id"}, 400, "invalid_request"},
		"api key and secret":       {[]string{key, "X-Zscaler-Client-Secret: s"}, 400, "invalid_request"},
		"two client ids":           {[]string{"X-Zscaler-Client-ID: a", "X-Zscaler-Client-ID: b"}, 400, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, body := send(t, srv.Listener.Addr().String(), test.lines...)
			if resp.StatusCode != test.status {
				t.Fatalf("status %d, want %d: %s", resp.StatusCode, test.status, body)
			}
			if test.status == http.StatusOK {
				checkAccepted(t, body)
				return
			}
			checkRefused(t, resp, body, test.code)
		})
	}
	for _, secret := range []string{goodKey, goodKey[:20], "wrongkey", "dXNlcjpwYXNz", "ssel"} {
		if strings.Contains(logs.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(logs.String(), "no such API key") {
		t.Error("the log has no cause")
	}
}

func checkAccepted(t *testing.T, body string) {
	t.Helper()
	if !strings.HasSuffix(body, "caller=ci") {
		t.Errorf("the handler saw another caller: %s", body)
	}
	if seen, _, _ := strings.Cut(body, "Cookie"); strings.Contains(strings.Replace(body, "Cookie: c="+goodKey, "", 1), goodKey) {
		t.Errorf("the handler sees the credential: %s", seen)
	}
	if !strings.Contains(body, "Cookie: c=") {
		t.Errorf("the host's cookies are gone: %s", body)
	}
}

func checkRefused(t *testing.T, resp *http.Response, body, code string) {
	t.Helper()
	var answer struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || answer.Error != code || answer.Description == "" {
		t.Errorf("body %s, %v; want error %q", body, err, code)
	}
	challenge := `Bearer realm="zscaler-mcp"`
	if code != "" {
		challenge += fmt.Sprintf(`, error="%s", error_description="%s"`, code, answer.Description)
	}
	if diff := cmp.Diff([]string{challenge}, resp.Header["Www-Authenticate"]); diff != "" {
		t.Errorf("WWW-Authenticate (-want +got):\n%s", diff)
	}
	if got := resp.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	for _, secret := range []string{goodKey[:16], "wrongkey", "ssel"} {
		if strings.Contains(body, secret) {
			t.Errorf("the answer echoes %q: %s", secret, body)
		}
	}
}

// answer runs the middleware once and says whether the request was passed on.
func answer(t *testing.T, a auth.Authenticator, log io.Writer, header http.Header) (*httptest.ResponseRecorder, bool) {
	t.Helper()
	passed := false
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true })
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", unreadable{t})
	r.Header = header
	w := httptest.NewRecorder()
	auth.Middleware(a, auth.MiddlewareConfig{Logger: debugLog(log)})(next).ServeHTTP(w, r)
	return w, passed
}

// An unreadable body fails the test when it is read (R117).
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// R120, R133: what an authenticator returns, and what is answered.
func TestMiddlewareAnswers(t *testing.T) {
	cause := errors.New("PRIVATECAUSE")
	var nilError *auth.Error
	for name, test := range map[string]struct {
		p      *auth.Principal
		err    error
		status int
		header string // of the answer, as name: value
		logged string
	}{
		"principal":          {p: &auth.Principal{Subject: "s"}, status: 200},
		"not yet expired":    {p: &auth.Principal{Subject: "s", Expires: time.Now().Add(time.Hour)}, status: 200},
		"expired":            {p: &auth.Principal{Subject: "s", Expires: time.Now().Add(-time.Second)}, status: 401, logged: "has expired"},
		"nothing":            {status: 500, logged: "no principal"},
		"no subject":         {p: &auth.Principal{Issuer: "i"}, status: 500, logged: "without subject"},
		"principal, error":   {p: &auth.Principal{Subject: "s"}, err: cause, status: 500, logged: "PRIVATECAUSE"},
		"typed nil error":    {p: &auth.Principal{Subject: "s"}, err: nilError, status: 500, logged: "nil *auth.Error"},
		"unknown error":      {err: fmt.Errorf("wrapped: %w", cause), status: 500, logged: "PRIVATECAUSE"},
		"not mine":           {err: fmt.Errorf("wrapped: %w", auth.ErrNotMine), status: 401},
		"unavailable":        {err: &auth.Error{Status: 503, Description: "Later.", RetryAfter: 1500 * time.Millisecond, Err: cause}, status: 503, header: "Retry-After: 2", logged: "PRIVATECAUSE"},
		"throttled":          {err: &auth.Error{Status: 429, Description: "Slow.", RetryAfter: 3 * time.Second}, status: 429, header: "Retry-After: 3"},
		"insufficient scope": {err: &auth.Error{Status: 403, Code: "insufficient_scope", Description: "More.", Scopes: []string{"a", "b"}}, status: 403, header: `Www-Authenticate: Bearer realm="zscaler-mcp", error="insufficient_scope", error_description="More.", scope="a b"`},
		"token never shown":  {err: &auth.Error{Status: 401, Code: "invalid_token", Description: "No."}, status: 401, header: `Www-Authenticate: Bearer realm="zscaler-mcp"`},
		"odd status":         {err: &auth.Error{Status: 200, Description: "Fine?", Err: cause}, status: 500, logged: "PRIVATECAUSE"},
	} {
		t.Run(name, func(t *testing.T) {
			a := auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { return test.p, test.err })
			var logs logBuffer
			w, passed := answer(t, a, &logs, http.Header{})
			if w.Code != test.status || passed != (test.status == 200) {
				t.Fatalf("status %d, want %d; passed on: %v", w.Code, test.status, passed)
			}
			if strings.Contains(fmt.Sprint(w.Header(), w.Body), "PRIVATECAUSE") {
				t.Errorf("the cause is public: %v %s", w.Header(), w.Body)
			}
			if !strings.Contains(logs.String(), test.logged) {
				t.Errorf("the log does not say %q: %s", test.logged, logs.String())
			}
			if name, value, ok := strings.Cut(test.header, ": "); ok && w.Header().Get(name) != value {
				t.Errorf("%s: %q, want %q", name, w.Header().Get(name), value)
			}
		})
	}
}

// R159.
func TestMiddlewareSurvivesPanics(t *testing.T) {
	for name, v := range map[string]any{"text": "PANICSECRET", "error": errors.New("PANICSECRET"), "abort": http.ErrAbortHandler} {
		a := auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { panic(v) })
		var logs logBuffer
		w, passed := answer(t, a, &logs, http.Header{})
		if w.Code != http.StatusInternalServerError || passed {
			t.Errorf("%s: status %d, passed on: %v", name, w.Code, passed)
		}
		if !strings.Contains(logs.String(), "panic") || strings.Contains(logs.String()+w.Body.String(), "PANICSECRET") {
			t.Errorf("%s: log %s, body %s", name, logs.String(), w.Body)
		}
	}
}

type challenger struct{ challenges func(*auth.Error) []string }

func (challenger) Authenticate(*http.Request) (*auth.Principal, error)  { return nil, auth.ErrNotMine }
func (c challenger) Challenges(_ *http.Request, e *auth.Error) []string { return c.challenges(e) }

// R119: Bearer is the first challenge.
func TestChallengerOrder(t *testing.T) {
	w, _ := answer(t, challenger{func(*auth.Error) []string {
		return []string{`Basic realm="b"`, "", `bearer realm="x"`}
	}}, io.Discard, http.Header{})
	want := []string{`bearer realm="x"`, `Basic realm="b"`}
	if diff := cmp.Diff(want, w.Header()["Www-Authenticate"]); diff != "" {
		t.Errorf("challenges (-want +got):\n%s", diff)
	}
	w, _ = answer(t, challenger{func(*auth.Error) []string { panic("p") }}, io.Discard, http.Header{})
	if got := w.Header().Get("Www-Authenticate"); w.Code != 401 || got != `Bearer realm="zscaler-mcp"` {
		t.Errorf("panicking challenger: %d, %q", w.Code, got)
	}
}

// The handler's request has no credential in any spelling; the caller's request is as it was.
func TestMiddlewareStripsACopy(t *testing.T) {
	sent := http.Header{
		"Authorization": {"Bearer " + goodKey}, "authorization": {"S"}, "Proxy-Authorization": {"S"}, "Authorization_": {"S"},
		"X_api_key": {"S"}, "X-Zscaler-Cloud": {"S"}, "x_zscaler_client_secret": {"S"}, "Cookie": {"c"}, "X-Zscale": {"ok"}, "X-Two": {"1", "2"},
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/mcp", nil)
	r.Header = sent.Clone()
	var got http.Header
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		r.Header["X-Two"][0] = "changed"
		r.Header.Del("Cookie")
	})
	auth.Middleware(newKeys(t, auth.APIKey{Key: goodKey}), auth.MiddlewareConfig{})(next).ServeHTTP(httptest.NewRecorder(), r)
	want := http.Header{"Cookie": {"c"}, "X-Zscale": {"ok"}, "X-Two": {"1", "2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers handed on (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(sent, r.Header); diff != "" {
		t.Errorf("the original was changed (-before +after):\n%s", diff)
	}
}
