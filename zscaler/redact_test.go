package zscaler_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/zscaler"
)

// leaks reports which of the session's secrets are in text.
func leaks(text string, more ...string) []string {
	var found []string
	for _, secret := range append([]string{testSecret, testToken}, more...) {
		if strings.Contains(text, secret) {
			found = append(found, secret)
		}
	}
	return found
}

// TestNothingPrintsSecrets formats everything that holds a credential in every usual way.
func TestNothingPrintsSecrets(t *testing.T) {
	key := pkcs1(testKey())
	cfg := testConfig(&fake{})
	cfg.Credentials.PrivateKey = zscaler.Secret(key)
	c := newClient(t, &fake{})
	token, err := c.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{cfg, &cfg, cfg.Credentials, c, *c, cfg.Credentials.ClientSecret, token} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if found := leaks(fmt.Sprintf(verb, v), key[40:80], fmt.Sprintf("%x", testSecret)); found != nil {
				t.Errorf("%s of %T shows %q", verb, v, found)
			}
		}
		var text, jsonText bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&jsonText, nil)).Info("x", "v", v)
		if found := leaks(text.String()+jsonText.String(), key[40:80]); found != nil {
			t.Errorf("slog of %T shows %q", v, found)
		}
	}
	b, err := json.Marshal(cfg.Credentials)
	if err != nil || leaks(string(b), key[40:80]) != nil || !strings.Contains(string(b), "[redacted]") {
		t.Errorf("%s, %v", b, err)
	}
	if token.Reveal() != testToken+"1" || token.IsZero() || !zscaler.Secret("").IsZero() || zscaler.Secret("").String() != "" {
		t.Error("a secret does not keep its value")
	}
}

// TestLogsAndErrorsHoldNoSecrets runs calls that fail in every way, against a tenant that echoes
// credentials, and searches the debug log and the errors.
func TestLogsAndErrorsHoldNoSecrets(t *testing.T) {
	echo := func(r *http.Request) string {
		return fmt.Sprintf(`{"message":"you sent %s to %s"}`, r.Header.Get("Authorization"), r.URL)
	}
	failures := map[string]func(int, *http.Request) (*http.Response, error){
		"echo 400": func(_ int, r *http.Request) (*http.Response, error) { return reply(400, echo(r)), nil },
		"echo text": func(_ int, r *http.Request) (*http.Response, error) {
			return reply(404, "token "+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")), nil
		},
		"page": func(_ int, r *http.Request) (*http.Response, error) { return reply(200, "<html>"+echo(r)), nil },
		"reset": func(_ int, r *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("reset")}
		},
		"503": func(_ int, r *http.Request) (*http.Response, error) { return reply(503, echo(r)), nil },
	}
	for name, answer := range failures {
		bubble.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			c := newClient(t, &fake{answer: answer}, func(cfg *zscaler.Config) {
				cfg.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			req := get("/zia/api/v1/sandbox")
			req.Query = url.Values{"api_token": {"sandbox-token-77"}, "search": {"person@example.com"}}
			_, err := do(t, c, req)
			if err == nil {
				t.Fatalf("%s: no error", name)
			}
			if found := leaks(err.Error()+fmt.Sprintf("%+v", err), "sandbox-token-77"); found != nil {
				t.Errorf("%s: the error shows %q: %v", name, found, err)
			}
			if name == "reset" && strings.Contains(err.Error(), "person") {
				t.Errorf("the error of the transport shows the query: %v", err)
			}
			if found := leaks(log.String(), "sandbox-token-77", "person@example.com"); found != nil {
				t.Errorf("%s: the log shows %q", name, found)
			}
			if !strings.Contains(log.String(), `"path":"/zia/api/v1/sandbox"`) {
				t.Errorf("%s: the log lacks the call: %s", name, &log)
			}
		})
	}
}

// TestErrorsHideTheCustomerID: a service that quotes the customer id, also across the end of what is
// kept of its message, does not give it to the caller; other ids stay.
func TestErrorsHideTheCustomerID(t *testing.T) {
	const id, other = "216196257331281920", "216196257331282070"
	long := strings.Repeat("x", 485)
	for body, want := range map[string]string{
		`{"id":"no.customer.` + id + `","reason":"customer ` + id + ` has no object ` + other + `","params":["` + id + `",["` + other + `"]]}`: "no.customer.{customer_id}: customer {customer_id} has no object " + other + " ({customer_id}, " + other + ")",
		`{"id":"c","reason":"` + long + id + `"}`:         long + "{customer_id",
		`{"id":"c","reason":"` + long[:200] + id + ` y"}`: long[:200] + "{customer_id} y",
		`{"id":"c","reason":"` + long + other + `"}`:      long + "{customer_id", // as far as it was kept, it could be either
		`{"id":"c","reason":"` + long + `21619 is far"}`:  long + "21619 is",
	} {
		c := newClient(t, &fake{answer: replies(is(400, body))})
		_, err := do(t, c, get("/zpa/mgmtconfig/v1/admin/customers/{customer_id}/server"))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), id[:12]) && !strings.Contains(want, other) {
			t.Errorf("%s\nbecame %v\nwant %s", body, err, want)
		}
	}
}
