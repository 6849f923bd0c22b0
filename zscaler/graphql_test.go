package zscaler_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler"
)

const forbidden = `{"errors":[{"message":"Access denied","locations":[],"path":["WEB_TRAFFIC","location"],` +
	`"extensions":{"code":"FORBIDDEN","http_status":403,"classification":"INTERNAL_ERROR"}}],"data":{"WEB_TRAFFIC":{"location":null}}}`

func TestGraphQLFailures(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		kind zscaler.Kind
		data string
	}{
		"forbidden":  {forbidden, zscaler.KindPermission, ""},
		"invalid":    {`{"errors":[{"message":"x","extensions":{"classification":"VALIDATION_ERROR"}}]}`, zscaler.KindInvalid, ""},
		"internal":   {`{"errors":[{"message":"Something went wrong","extensions":{"classification":"INTERNAL_ERROR"}}],"data":null}`, zscaler.KindUnavailable, ""},
		"partial":    {`{"errors":[{"message":"x"},{"message":"y"}],"data":{"a":{"nodes":[1]},"b":null}}`, zscaler.KindUnavailable, `{"a":{"nodes":[1]},"b":null}`},
		"bare error": {`{"errors":[{}]}`, zscaler.KindUnavailable, ""},
	} {
		req := &zscaler.Request{Method: "POST", Path: "/zms/graphql", Body: json.RawMessage(`{}`), Safe: true}
		_, err := do(t, newClient(t, &fake{answer: replies(is(200, test.body))}), req)
		e := (*zscaler.APIError)(nil)
		if !errors.As(err, &e) || e.Kind() != test.kind || string(e.Data) != test.data || e.Service != zscaler.ZMS || e.Write {
			t.Errorf("%s: %#v", name, err)
		}
		// Another Doer passes the answer on: the helper refuses it in the same way.
		_, err = zscaler.GraphQLData(&zscaler.Response{Status: 200, Body: json.RawMessage(test.body), RequestID: "r"})
		if !errors.As(err, &e) || e.Kind() != test.kind || string(e.Data) != test.data || e.RequestID != "r" {
			t.Errorf("%s: %#v", name, err)
		}
	}
}

func TestGraphQLPartialDataIsNoted(t *testing.T) {
	f := &fake{answer: replies(is(200, `{"errors":[{"message":"x"},{"message":"y"}],"data":{"a":1}}`))}
	_, err := do(t, newClient(t, f), &zscaler.Request{Method: "POST", Path: "/zins/graphql", Safe: true})
	if err == nil || !strings.Contains(err.Error(), "x (y)") || !strings.Contains(err.Error(), "Part of the data came") {
		t.Error(err)
	}
}

// Z-Insights says INTERNAL_ERROR where it has nothing to say: the advice tells what that means, there only.
func TestAdviceOfZInsights(t *testing.T) {
	for _, test := range []struct{ path, class, want string }{
		{"/zins/graphql", "INTERNAL_ERROR", "no licence"},
		{"/zins/graphql", "BAD_REQUEST", "7 or 14 days"},
		{"/zins/graphql", "FORBIDDEN", "ask an administrator"},
		{"/zms/graphql", "INTERNAL_ERROR", "The service failed"},
		{"/zms/graphql", "BAD_REQUEST", "that the message names"},
	} {
		body := `{"errors":[{"message":"x","extensions":{"classification":"` + test.class + `"}}],"data":null}`
		_, err := do(t, newClient(t, &fake{answer: replies(is(200, body))}), &zscaler.Request{Method: "POST", Path: test.path, Safe: true})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s of %s: %v", test.class, test.path, err)
		}
	}
}

func TestGraphQLData(t *testing.T) {
	const body = `{"data":{"agents":{"nodes":[{"id":72057594037927937}]}},"errors":[]}`
	resp, err := do(t, newClient(t, &fake{answer: replies(is(200, body))}), &zscaler.Request{Method: "POST", Path: "/zms/graphql", Safe: true})
	if err != nil {
		t.Fatal(err)
	}
	data, err := zscaler.GraphQLData(resp)
	if err != nil || string(data) != `{"agents":{"nodes":[{"id":72057594037927937}]}}` {
		t.Error(string(data), err)
	}
	for _, body := range []string{``, `[]`, `{}`, `{"data":null}`, `x`} {
		if _, err := zscaler.GraphQLData(&zscaler.Response{Body: json.RawMessage(body)}); err == nil {
			t.Errorf("%q is data", body)
		}
	}
}
