package zscaler_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler"
)

func TestAnswers(t *testing.T) {
	const path = "/zia/api/v1/ruleLabels"
	for name, test := range map[string]struct {
		answer func() *http.Response
		want   string
	}{
		"object":   {is(200, ` {"id":72057594037927937, "n":1.10} `), `{"id":72057594037927937, "n":1.10}`},
		"array":    {is(200, `[]`), `[]`},
		"number":   {is(200, `17`), `17`},
		"empty":    {is(204, ``), ``},
		"word":     {is(200, `SUCCESS`), `"SUCCESS"`},
		"download": {is(200, "a,b\n1,2\n", "Content-Type", "application/octet-stream"), `"a,b\n1,2"`},
	} {
		c := newClient(t, &fake{answer: replies(test.answer)})
		resp, err := do(t, c, get(path))
		if err != nil || string(resp.Body) != test.want {
			t.Errorf("%s: %s, %v", name, resp.Body, err)
		}
	}
}

// TestUnusableAnswers come with 2xx, and are errors all the same.
func TestUnusableAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		answer func() *http.Response
		want   string
	}{
		"web page":        {is(200, "<!DOCTYPE html><html>login</html>"), "web page"},
		"page as text":    {is(200, "<html>login</html>", "Content-Type", "text/plain"), "web page"},
		"cut object":      {is(200, `{"id":1`), "cut off"},
		"cut text object": {is(200, `{"id":1`, "Content-Type", "text/plain"), "cut off"},
		"sentence":        {is(200, "it went well"), "not JSON"},
		"binary":          {is(200, "\xff\xfe\x00", "Content-Type", "application/octet-stream"), "not JSON"},
		"two documents":   {is(200, `{}{}`), "not JSON"},
	} {
		f := &fake{answer: replies(test.answer)}
		_, err := do(t, newClient(t, f), get("/zdx/v1/apps"))
		e := (*zscaler.APIError)(nil)
		if !errors.As(err, &e) || e.Kind() != zscaler.KindBadAnswer || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "login") {
			t.Errorf("%s: %v", name, err)
		}
		if len(f.sent()) != 1 {
			t.Errorf("%s: sent %d times", name, len(f.sent()))
		}
	}
}

func TestBodyCap(t *testing.T) {
	for size, ok := range map[int]bool{100: true, 101: false} {
		body := `"` + strings.Repeat("x", size-2) + `"`
		c := newClient(t, &fake{answer: replies(is(200, body))}, func(cfg *zscaler.Config) { cfg.MaxBodyBytes = 100 })
		_, err := do(t, c, get("/zdx/v1/apps"))
		if (err == nil) != ok || !ok && !strings.Contains(err.Error(), "ask for fewer rows") {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestErrorCarriesTheCall(t *testing.T) {
	f := &fake{answer: replies(is(404, `{"code":"RESOURCE_NOT_FOUND","message":"gone"}`, "X-Oneapi-Request-Id", "req-9"))}
	_, err := do(t, newClient(t, f), get("/zia/api/v1/ruleLabels/9"))
	want := "zia: GET /zia/api/v1/ruleLabels/9: status 404: RESOURCE_NOT_FOUND: gone [Zscaler request id req-9]. " +
		"Nothing has this id or path: list the objects to see the ids that exist"
	if err == nil || err.Error() != want {
		t.Error(err)
	}
	f = &fake{answer: replies(is(200, `[]`, "X-Oneapi-Request-Id", "req-10"))}
	if resp, err := do(t, newClient(t, f), get("/zia/x")); err != nil || resp.RequestID != "req-10" {
		t.Error(resp, err)
	}
}

// TestRedirectIsNotFollowed runs over sockets, where net/http would follow it.
func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer elsewhere.Close()
	tenant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"access_token":"t","expires_in":60}`)
			return
		}
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}))
	defer tenant.Close()
	for name, injected := range map[string]*http.Client{"own": nil, "injected": {}} {
		cfg := testConfig(nil)
		cfg.HTTPClient = injected
		cfg.Endpoints = zscaler.Endpoints{TokenURL: tenant.URL + "/token", GatewayURL: tenant.URL}
		c, err := zscaler.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		_, err = do(t, c, get("/zia/api/v1/status"))
		e := (*zscaler.APIError)(nil)
		if !errors.As(err, &e) || e.Status != 307 || !strings.Contains(err.Error(), "redirect") {
			t.Errorf("%s: %v", name, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestZCCFailure: status 200 with success "false" is a failure, with "true" it is not.
func TestZCCFailure(t *testing.T) {
	for body, ok := range map[string]bool{
		`{"success":"false","id":0,"errorMessage":"policy is in use"}`: false,
		`{"success":false}`:         false,
		`{"success":"true","id":3}`: true,
		`[{"success":"false"}]`:     true,
	} {
		_, err := do(t, newClient(t, &fake{answer: replies(is(200, body))}), get("/zcc/papi/public/v1/x"))
		if (err == nil) != ok {
			t.Errorf("%s: %v", body, err)
		}
		if e := (*zscaler.APIError)(nil); errors.As(err, &e) && (e.Service != zscaler.ZCC || e.Code != "" || e.Status != 200) {
			t.Errorf("%#v", e)
		}
	}
	// Other services may well have a member of this name.
	if _, err := do(t, newClient(t, &fake{answer: replies(is(200, `{"success":"false"}`))}), get("/zia/x")); err != nil {
		t.Error(err)
	}
}
