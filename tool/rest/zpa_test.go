package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// TestZPAConversions are the words of ZPA: switches that are text, and kinds of provisioning key in a path.
func TestZPAConversions(t *testing.T) {
	tl := rest.Create[struct {
		Kind   string `json:"kind" in:"path|zpa_key_type"`
		Public any    `json:"public,omitempty" in:"body=isPublic|zpa_flag"`
	}]("x", "POST /zpa/mgmtconfig/v1/{kind}", "d")
	for arguments, want := range map[string]string{
		`{"kind":"connector","public":true}`:     `POST /zpa/mgmtconfig/v1/CONNECTOR_GRP {"isPublic":"TRUE"}`,
		`{"kind":"service_edge","public":false}`: `POST /zpa/mgmtconfig/v1/SERVICE_EDGE_GRP {"isPublic":"FALSE"}`,
		`{"kind":"CONNECTOR_GRP"}`:               "",
		`{"kind":"connector","public":"yes"}`:    "",
	} {
		var f tenant
		_, err := f.call(t, tl, arguments)
		if (err != nil) != (want == "") || want != "" && f.requests[0] != want {
			t.Errorf("%s: %v %v, want %s", arguments, f.requests, err, want)
		}
	}
}

func TestZPAFilter(t *testing.T) {
	for text, want := range map[string]string{
		"x": "name+EQ+x", ` "a b" `: "name+EQ+a b", "name+co+x": "name+EQ+name+co+x", "id+gt+5": "id+gt+5", "": "", `""`: "", `"`: `name+EQ+"`,
	} {
		if got := rest.ZPAFilter(text); got != want {
			t.Errorf("ZPAFilter(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestQuestionEach: each object is named, what it is called cannot pass for a part of the question, and none is read when one fails.
func TestQuestionEach(t *testing.T) {
	objects := []map[string]json.RawMessage{
		{"id": json.RawMessage(`"7"`), "name": json.RawMessage(`"a\", \"b"`)}, {"id": json.RawMessage(`9007199254740993`)},
	}
	read := func(context.Context, tool.Args) ([]map[string]json.RawMessage, error) { return objects, nil }
	args := tool.NewArgs(map[string]json.RawMessage{"microtenant_id": json.RawMessage(`"5"`), "ids": json.RawMessage(`["7"]`)})
	got, err := rest.QuestionEach("things", read, "microtenant_id")(t.Context(), args)
	if want := `delete 2 things: "a\", \"b" (id 7), id 9007199254740993 (microtenant_id 5)`; got != want || err != nil {
		t.Errorf("%s %v, want %s", got, err, want)
	}
	objects = nil
	for range 60 {
		objects = append(objects, map[string]json.RawMessage{"id": json.RawMessage(`1`), "name": json.RawMessage(`"n"`)})
	}
	if got, _ := rest.QuestionEach("things", read)(t.Context(), args); strings.Count(got, `"n"`) != 60 || strings.Count(got, "id 1") != 60 {
		t.Errorf("of 60 objects: %s", got)
	}
	bad := func(context.Context, tool.Args) ([]map[string]json.RawMessage, error) {
		return nil, errors.New("broken")
	}
	if _, err := rest.QuestionEach("things", bad)(t.Context(), args); err == nil || !strings.Contains(err.Error(), "nobody was asked") {
		t.Errorf("a failed look: %v", err)
	}
}
