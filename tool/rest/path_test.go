package rest_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool/rest"
)

type labelID struct {
	LabelID string `json:"label_id" in:"path"`
}

var deleteLabel = rest.Delete[labelID]("zia_delete_rule_label", "DELETE /zia/api/v1/ruleLabels/{label_id}", "d")

// TestTraversal: the vendor's server lets an id of ../locations/9 delete another resource. Here it,
// and all that a server on the way could decode to it, is refused before any request; ids pass.
func TestTraversal(t *testing.T) {
	for _, id := range []string{
		"../locations/9", "..", ".", "", " ", " .. ", "a/b", `..\locations\9`, "%2e%2e", "..%2flocations%2f9",
		"%252e", "..;x", ";", "1?force=true", "1#x", "1\x00", "1\n2", "1\u0085", "a\xffb",
		" 9", "9 ", "\u00a09", "9\u3000", "9;x", "a;b", "1\u200b", "\u202e1", "1\ufeff", "1\u2028", "1\u2029", "1\u00a02", "1\ue000",
	} {
		var f tenant
		_, err := f.call(t, deleteLabel, `{"label_id":`+quote(id)+`}`)
		if err == nil || !strings.Contains(err.Error(), `"label_id"`) || len(f.requests) > 0 {
			t.Errorf("id %q: error %v, requests %v; want a refusal that names label_id", id, err, f.requests)
		}
		if path, err := rest.Path("/zia/api/v1/ruleLabels/{label_id}", map[string]string{"label_id": id}); err == nil {
			t.Errorf("Path with %q = %s", id, path)
		}
	}
	for id, want := range map[string]string{
		"9": "9", "CUSTOM_01": "CUSTOM_01", "apps:1": "apps:1", "a@example.com": "a@example.com", "...": "...", "..a": "..a",
		"3f2504e0-4f89-41d3-9a0c-0305e82c3301": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "a b": "a%20b", "é": "%C3%A9",
		"216196257331281920-00000000000000000000000000000001": "216196257331281920-00000000000000000000000000000001",
		"{customer_id}": "%7Bcustomer_id%7D", "a:b,c=d&e+f": "a:b%2Cc=d&e+f", "日本": "%E6%97%A5%E6%9C%AC",
	} {
		var f tenant
		if _, err := f.call(t, deleteLabel, `{"label_id":`+quote(id)+`}`); err != nil {
			t.Errorf("id %q: %v", id, err)
		} else if got := f.requests[0]; got != "DELETE /zia/api/v1/ruleLabels/"+want {
			t.Errorf("id %q: request %s", id, got)
		}
	}
}

func TestPathPlaceholders(t *testing.T) {
	got, err := rest.Path("/zpa/{customer_id}/{set}/rule/{microtenant_id}", map[string]string{"set": "1", "microtenant_id": "2"})
	if want := "/zpa/{customer_id}/1/rule/2"; err != nil || got != want {
		t.Errorf("Path = %q, %v; want %q", got, err, want)
	}
	if _, err := rest.Path("/zpa/{customer_id}/{set}", nil); err == nil || !strings.Contains(err.Error(), `"set"`) {
		t.Errorf("missing value: %v", err)
	}
}

// FuzzPath: whatever the value, the path keeps its segments, and the segment reads back as the value.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"9", "..", "../x", "%2e%2e", "a b", "é", "..;", "\x00", "apps:1", "{customer_id}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		path, err := rest.Path("/zia/api/v1/things/{id}/end", map[string]string{"id": value})
		if err != nil {
			return
		}
		segments := strings.Split(path, "/")
		if len(segments) != 7 || segments[6] != "end" || strings.Join(segments[:5], "/") != "/zia/api/v1/things" {
			t.Fatalf("value %q moved the path to %q", value, path)
		}
		if back, err := url.PathUnescape(segments[5]); err != nil || back != value {
			t.Fatalf("value %q reads back as %q (%v)", value, back, err)
		}
		parsed, err := url.Parse("https://api.example" + path)
		if err != nil || parsed.RawQuery != "" || parsed.Fragment != "" {
			t.Fatalf("value %q left the path: %q, %v", value, path, err)
		}
		if clean := parsed.JoinPath().EscapedPath(); clean != parsed.EscapedPath() {
			t.Fatalf("value %q: %q is cleaned to %q", value, path, clean)
		}
	})
}
