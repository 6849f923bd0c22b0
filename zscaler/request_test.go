package zscaler_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler"
)

// TestWhatIsSent compares the request that arrives with the one that is meant.
func TestWhatIsSent(t *testing.T) {
	f := &fake{answer: replies(is(200, `{}`))}
	c := newClient(t, f, func(cfg *zscaler.Config) {
		cfg.Credentials.PartnerID, cfg.UserAgent = "partner-7", "agent/1"
	})
	query := url.Values{"search": {"name+EQ+a b"}, "x": {"1&2"}}
	_, err := do(t, c, &zscaler.Request{
		Method: "POST", Path: "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/segmentGroup", Query: query,
		Body: json.RawMessage(`{"id":72057594037927937}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	got := f.sent()[0]
	if want := "https://api.zsapi.net/zpa/mgmtconfig/v1/admin/customers/216196257331281920/segmentGroup?search=name%2BEQ%2Ba%20b&x=1%262"; got.url != want {
		t.Error(got.url)
	}
	if got.body != `{"id":72057594037927937}` {
		t.Error(got.body)
	}
	want := http.Header{
		"Authorization": {"Bearer " + testToken + "1"}, "Accept": {"application/json"},
		"Content-Type": {"application/json"}, "User-Agent": {"agent/1"}, "X-Partner-Id": {"partner-7"},
	}
	if diff := cmp.Diff(want, got.header); diff != "" {
		t.Error(diff)
	}
	if _, err := do(t, c, get("/zia/api/v1/status")); err != nil {
		t.Fatal(err)
	}
	if got := f.sent()[1]; got.header.Get("Content-Type") != "" || got.body != "" {
		t.Error("a body without a body", got.header)
	}
}

func TestMicrotenant(t *testing.T) {
	f := &fake{answer: replies(is(200, `{}`))}
	c := newClient(t, f, func(cfg *zscaler.Config) { cfg.Credentials.MicrotenantID = "42" })
	const zpa = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/server"
	for name, test := range map[string]struct {
		req  zscaler.Request
		want string
	}{
		"from the configuration": {zscaler.Request{Method: "GET", Path: zpa, Query: url.Values{"page": {"1"}}}, "42"},
		"of the query":           {zscaler.Request{Method: "GET", Path: zpa, Query: url.Values{"microtenantId": {"7"}}}, "7"},
		"of the body":            {zscaler.Request{Method: "POST", Path: zpa, Body: json.RawMessage(`{"microtenantId":"7"}`)}, ""},
		"null in the body":       {zscaler.Request{Method: "PUT", Path: zpa, Body: json.RawMessage(`{"microtenantId":null}`)}, "42"},
		"object in the body":     {zscaler.Request{Method: "PUT", Path: zpa, Body: json.RawMessage(`{"microtenantId":{}}`)}, "42"},
		"empty in the body":      {zscaler.Request{Method: "PUT", Path: zpa, Body: json.RawMessage(`{"microtenantId":""}`)}, "42"},
		"empty in the query":     {zscaler.Request{Method: "GET", Path: zpa, Query: url.Values{"microtenantId": {""}}}, "42"},
		"of another service":     {zscaler.Request{Method: "GET", Path: "/zia/api/v1/zpaGateways"}, ""},
	} {
		before := test.req.Query.Encode()
		if _, err := do(t, c, &test.req); err != nil {
			t.Fatal(err)
		}
		all := f.sent()
		u, err := url.Parse(all[len(all)-1].url)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Query().Get("microtenantId"); got != test.want {
			t.Errorf("%s: %q", name, got)
		}
		if test.req.Query.Encode() != before {
			t.Errorf("%s: the caller's query has been changed", name)
		}
	}
}

func TestMissingCustomerID(t *testing.T) {
	f := &fake{answer: replies(is(200, `{}`))}
	c := newClient(t, f, func(cfg *zscaler.Config) { cfg.Credentials.CustomerID = "" })
	for path, env := range map[string]string{
		"/zpa/mgmtconfig/v1/admin/customers/{customer_id}/server": "ZSCALER_CUSTOMER_ID",
		"/zcell/config/api/v1/customers/{zcell_customer_id}/sims": "ZCELL_CUSTOMER_ID",
	} {
		_, err := do(t, c, get(path))
		e := (*zscaler.ConfigError)(nil)
		if !errors.As(err, &e) || e.Env != env {
			t.Errorf("%s: %v", path, err)
		}
	}
	if len(f.sent())+len(f.tokenRequests()) != 0 {
		t.Error("something was sent")
	}
}

// TestPaths: what could lead a request to another resource is refused, and its lawful neighbour sent.
func TestPaths(t *testing.T) {
	f := &fake{answer: replies(is(200, `{}`))}
	c := newClient(t, f)
	refused := []string{
		"", "zia/api/v1/x", "//evil.example/x", "/zia//x", "/zia/x/", "/zia/../zpa", "/zia/./x", "/zia/%2e%2e/x",
		"/zia/.%2E/x", "/zia/a%2fb", "/zia/a%5Cb", `/zia/a\b`, "/zia/%252e%252e/x", "/zia/a%25252fb", "/zia/..;x/y",
		"/zia/;x/y", "/zia/%00", "/zia/a%0d%0ab", "/zia/a b", "/zia/a?b=1", "/zia/a#b", "/zia/{id}", "/zia/ü", "/zia/%7f",
	}
	for _, path := range refused {
		if _, err := do(t, c, get(path)); err == nil {
			t.Errorf("%q was sent as %s", path, f.sent()[len(f.sent())-1].url)
		}
	}
	if n := len(f.sent()); n != 0 {
		t.Fatalf("%d requests", n)
	}
	for _, path := range []string{
		"/zia/a", "/zia/..a/x", "/zia/a..b", "/zia/...", "/zia/a%20b", "/zia/100%25", "/zia/a%3Fb", "/zia/%C3%BC", "/zia/a;v=1", "/bi/api/v1/x",
	} {
		if _, err := do(t, c, get(path)); err != nil {
			t.Errorf("%q: %v", path, err)
			continue
		}
		if got := f.sent()[len(f.sent())-1].url; got != "https://api.zsapi.net"+path {
			t.Errorf("%q became %q", path, got)
		}
	}
}

func TestBadRequests(t *testing.T) {
	c := newClient(t, &fake{answer: replies(is(200, `{}`))})
	for name, req := range map[string]*zscaler.Request{
		"method": {Method: "GET /x", Path: "/zia/a"},
		"none":   {Path: "/zia/a"},
		"body":   {Method: "POST", Path: "/zia/a", Body: json.RawMessage(`{`)},
	} {
		if _, err := do(t, c, req); err == nil || !strings.HasPrefix(err.Error(), "zscaler: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
