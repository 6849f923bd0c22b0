package zscalertest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

type object = map[string]any

// A client speaks plain HTTP to a tenant.
type client struct {
	t      *testing.T
	tenant *zscalertest.Tenant
	token  string
}

// An answer is what came back, its body decoded where it is JSON.
type answer struct {
	status int
	header http.Header
	text   string
	value  any
}

func (a answer) object() object { o, _ := a.value.(object); return o }
func (a answer) list() []any    { l, _ := a.value.([]any); return l }

func start(t *testing.T, opts zscalertest.Options) *client {
	t.Helper()
	tenant := zscalertest.NewTenant(opts)
	t.Cleanup(tenant.Close)
	c := &client{t: t, tenant: tenant}
	c.token, _ = c.login(form(tenant)).object()["access_token"].(string)
	if c.token == "" {
		t.Fatal("no access token")
	}
	return c
}

func form(tenant *zscalertest.Tenant) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {tenant.ClientID}, "client_secret": {tenant.ClientSecret},
		"audience": {"https://api.zscaler.com"},
	}
}

func (c *client) login(form url.Values) answer {
	c.t.Helper()
	resp, err := http.PostForm(c.tenant.TokenURL(), form)
	if err != nil {
		c.t.Fatal(err)
	}
	return read(c.t, resp)
}

func read(t *testing.T, resp *http.Response) answer {
	t.Helper()
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, text: string(raw)}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&a.value) != nil {
		a.value = nil
	}
	return a
}

// send makes the request; body is JSON text or empty.
func (c *client) send(method, path, body string) (*http.Response, error) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.tenant.GatewayURL()+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return http.DefaultClient.Do(req)
}

func (c *client) do(method, path, body string) answer {
	c.t.Helper()
	resp, err := c.send(method, path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	return read(c.t, resp)
}

// want fails unless the request gets the status.
func (c *client) want(status int, method, path, body string) answer {
	c.t.Helper()
	a := c.do(method, path, body)
	if a.status != status {
		c.t.Fatalf("%s %s %s: status %d, want %d: %s", method, path, body, a.status, status, a.text)
	}
	return a
}

// wantCode fails unless the request is refused with the status and code (or id).
func (c *client) wantCode(status int, code, method, path, body string) {
	c.t.Helper()
	o := c.want(status, method, path, body).object()
	if o["code"] != code && o["id"] != code {
		c.t.Errorf("%s %s %s: refused with %v, want %s", method, path, body, o, code)
	}
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// names returns the field of every row.
func names(rows []any, field string) []string {
	var out []string
	for _, row := range rows {
		o, _ := row.(object)
		out = append(out, text(o[field]))
	}
	return out
}
