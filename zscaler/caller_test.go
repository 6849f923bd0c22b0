package zscaler_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/zscaler"
)

// R135: only the token endpoint's word on the credentials refuses them; what a proxy says, or what is said of something else, is trouble.
func TestExchange(t *testing.T) {
	page := []string{"Content-Type", "text/html"}
	for name, test := range map[string]struct {
		answer  func() *http.Response
		refused bool
	}{
		"invalid_client":         {is(401, `{"error":"invalid_client"}`), true},
		"invalid_client, 400":    {is(400, `{"error":"invalid_client","error_description":"Client authentication failed"}`), true},
		"unauthorized_client":    {is(403, `{"error":"unauthorized_client"}`), true},
		"another form, 401":      {is(401, `{"detail":"unauthorized"}`), true},
		"another form, 400":      {is(400, `{"errorCode":"BAD_CREDENTIALS"}`), true},
		"nothing, 401":           {is(401, ""), true},
		"text, 401":              {is(401, "Unauthorized", "Content-Type", "text/plain"), true},
		"page, 401":              {is(401, "<html>Log in to the proxy</html>", page...), false},
		"page, 403":              {is(403, "<!doctype html><html>blocked by policy</html>", page...), false},
		"page, 400":              {is(400, "<html>Bad Request</html>", page...), false},
		"text, 403":              {is(403, "Forbidden", "Content-Type", "text/plain"), false},
		"nothing, 400":           {is(400, ""), false},
		"invalid_request":        {is(400, `{"error":"invalid_request"}`), false},
		"unsupported_grant_type": {is(400, `{"error":"unsupported_grant_type"}`), false},
		"slow_down":              {is(400, `{"error":"slow_down"}`), false},
		"temporarily, 401":       {is(401, `{"error":"temporarily_unavailable"}`), false},
		"too many":               {is(429, `{"error":"invalid_client"}`), false},
		"not found":              {is(404, `{"error":"invalid_client"}`), false},
		"trouble":                {is(500, `{"error":"invalid_client"}`), false},
		"redirect":               {is(302, "", "Location", "https://elsewhere.example.com/"), false},
		"no token":               {is(200, `{}`), false},
	} {
		f := &fake{token: replies(test.answer)}
		_, err := newClient(t, f).Exchange(t.Context(), "caller", "callers-secret-0123456789")
		if err == nil || errors.Is(err, zscaler.ErrRefused) != test.refused {
			t.Errorf("%s: %v, want one that refuses: %t", name, err, test.refused)
		}
		if len(f.tokenRequests()) != 1 {
			t.Errorf("%s: asked %d times", name, len(f.tokenRequests()))
		}
		if strings.Contains(err.Error(), "callers-secret") {
			t.Errorf("%s: the error holds the secret: %v", name, err)
		}
	}
	token, err := newClient(t, &fake{}).Exchange(t.Context(), "caller", "callers-secret-0123456789")
	if err != nil || token.Value.Reveal() != testToken+"1" {
		t.Errorf("good credentials: %v", err)
	}
}

// R138: a cookie that one caller's request brings back is in no other request, though the host's client keeps cookies.
func TestCookiesOfCallersStayApart(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	setting := is(200, `{}`, "Set-Cookie", "JSESSIONID=of-this-caller; Path=/")
	f := &fake{answer: func(int, *http.Request) (*http.Response, error) { return setting(), nil }}
	c := newClient(t, f, func(cfg *zscaler.Config) { cfg.HTTPClient.Jar = jar })
	for _, token := range []zscaler.Secret{"token-of-ann", "token-of-bob"} {
		caller := c.As(zscaler.Token{Value: token, Expires: time.Now().Add(time.Hour)})
		if _, err := caller.Do(context.Background(), get("/zia/api/v1/ruleLabels")); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range append(f.sent(), f.tokenRequests()...) {
		if cookie := r.header.Get("Cookie"); cookie != "" {
			t.Errorf("%s has the cookie %s", r.header.Get("Authorization"), cookie)
		}
	}
	if len(f.sent()) != 2 {
		t.Errorf("%d requests", len(f.sent()))
	}
}
