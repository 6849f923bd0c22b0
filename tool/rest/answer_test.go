package rest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

func lister[In any](path string, opts ...rest.Option) tool.Tool {
	return rest.Read[In]("x_list", "GET "+path, "d", append([]rest.Option{rest.List}, opts...)...)
}

// simSearch takes its page beside the filters, as searches of ZCell do.
var simSearch = rest.Read[struct {
	Page int `json:"page,omitempty" in:"body=page"`
	Size int `json:"size,omitempty" in:"body=size"`
}]("x_search", "POST /zcell/x", "d", rest.List, rest.Safe)

// TestRows: rows come out of the envelope of each service, byte for byte, with a note when there are more.
func TestRows(t *testing.T) {
	for name, tc := range map[string]struct {
		tool            tool.Tool
		arguments, body string
		want            string
	}{
		"bare array":        {lister[none]("/zia/api/v1/x"), `{}`, `[{"id":9007199254740993, "a":1.50}]`, "{\"id\":9007199254740993, \"a\":1.50}\n"},
		"envelope":          {lister[none]("/zpa/x"), `{}`, `{"list":[{"id":"1"}],"totalPages":"1","totalCount":"1"}`, "{\"id\":\"1\"}\n"},
		"missing list":      {lister[none]("/zpa/x"), `{}`, `{"totalPages":"0","totalCount":"0"}`, ""},
		"own member":        {lister[none]("/zdx/v1/x", rest.Rows("a.items")), `{}`, `{"a":{"items":[1,2]}}`, "1\n2\n"},
		"empty answer":      {lister[none]("/zia/api/v1/x"), `{}`, ``, ""},
		"groups":            {lister[paging]("/zia/api/v1/x", rest.Grouped("kind", "n")), `{}`, `{"b":1.50,"a":[{"c":2}]}`, "{\"kind\":\"a\",\"n\":[{\"c\":2}]}\n{\"kind\":\"b\",\"n\":1.50}\n"},
		"no group":          {lister[paging]("/zia/api/v1/x", rest.Grouped("kind", "n")), `{}`, `{}`, ""},
		"rows, not groups":  {lister[paging]("/zia/api/v1/x", rest.Grouped("kind", "n")), `{"page_size":1}`, `[{"b":1}]`, "{\"b\":1}\nThere may be more rows: call again with page=2, or with all=true for every page."},
		"next page":         {lister[paging]("/zia/api/v1/x"), `{"page_size":1,"page":2}`, `[1]`, "1\nThere may be more rows: call again with page=3, or with all=true for every page."},
		"last page":         {lister[paging]("/zia/api/v1/x"), `{"page_size":2}`, `[1]`, "1\n"},
		"more, no argument": {lister[none]("/zpa/x"), `{}`, `{"list":[1],"totalPages":"2","totalCount":"2"}`, "1\nThere are 2 rows in all: call again with all=true for every page, or narrow the search."},
		"ZPA's last page":   {lister[paging]("/zpa/x"), `{"page":2}`, `{"list":[1],"totalPages":"2","totalCount":"21"}`, "1\n"},
		"ZPA's first page":  {lister[paging]("/zpa/x"), `{}`, `{"list":[1],"totalPages":"2","totalCount":"21"}`, "1\nThere are 21 rows in all: call again with page=2, or with all=true for every page."},
		"full page":         {lister[none]("/zia/api/v1/x"), `{}`, ones(100), strings.Repeat("1\n", 100) + "There may be more rows: call again with all=true for every page, or narrow the search."},
		"always one page":   {lister[none]("/zia/api/v1/x", rest.OnePage), `{}`, ones(100), strings.Repeat("1\n", 100)},
		"no pages at all":   {lister[none]("/zia/api/v1/x"), `{}`, ones(101), strings.Repeat("1\n", 101)},
		"page in the body":  {simSearch, `{"size":1}`, `{"content":[1],"totalElements":2,"totalPages":2}`, "1\nThere are 2 rows in all: call again with page=1."},
		"last in the body":  {simSearch, `{"page":1,"size":1}`, `{"content":[1],"totalElements":2,"totalPages":2}`, "1\n"},
		"one row":           {lister[none]("/zcell/x"), `{}`, `{"total":9007199254740993, "used":1}`, "{\"total\":9007199254740993, \"used\":1}\n"},
		"opaque position":   {lister[position]("/zdx/v1/devices"), `{}`, `{"devices":[1],"next_offset":"abc"}`, "1\nThere may be more rows: call again with offset=abc, or with all=true for every page."},
		"one object":        {lister[none]("/zdx/v1/x", rest.OneRow), `{}`, `{"a":{"b":1.50}}`, "{\"a\":{\"b\":1.50}}\n"},
		"rows after all":    {lister[none]("/zdx/v1/x", rest.OneRow), `{}`, `{"items":[1,2],"next_offset":"abc"}`, "1\n2\nThere are more rows than these; narrow the search to see them."},
		"an array as well":  {lister[none]("/zdx/v1/x", rest.OneRow), `{}`, `[1,{}]`, "1\n{}\n"},
	} {
		f := tenant{replies: []reply{{body: tc.body}}}
		result, err := f.call(t, tc.tool, tc.arguments)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := text(t, result); got != tc.want || result.(tool.Rows).Rows == nil {
			t.Errorf("%s: result %q, want %q and a list, never null", name, got, tc.want)
		}
	}
	refused := map[string]tool.Tool{`{"a":1}`: lister[none]("/zdx/v1/x"), `"x"`: lister[none]("/zdx/v1/x", rest.OneRow)}
	for body, tl := range refused {
		f := tenant{replies: []reply{{body: body}}}
		if result, err := f.call(t, tl, `{}`); err == nil {
			t.Errorf("%s is taken for a list: %v", body, result)
		}
	}
	f := tenant{replies: []reply{{body: `"x"`}}}
	if _, err := f.call(t, lister[none]("/zia/api/v1/x"), `{}`); err == nil || !strings.Contains(err.Error(), "x_list") {
		t.Errorf("text for a list: %v", err)
	}
}

type position struct {
	Offset string `json:"offset,omitempty" in:"query=offset" jsonschema:"Position."`
}

// ones is a JSON list of n ones.
func ones(n int) string { return "[" + strings.Repeat("1,", n-1) + "1]" }

// TestDeleted: the result of a delete names what is gone; a delete that fails is an error.
func TestDeleted(t *testing.T) {
	bulk := rest.Delete[struct {
		IDs   []string `json:"ids" in:"body=ids"`
		Force *bool    `json:"force,omitempty" in:"query=force"`
	}]("purge", "POST /zpa/x/bulkDelete", "d")
	for _, tc := range []struct {
		tool            tool.Tool
		arguments, want string
	}{
		{deleteLabel, `{"label_id":"7"}`, `{"message":"Deleted rule label (label_id \"7\").","success":true}`},
		{bulk, `{"ids":["1"],"force":true}`, `{"message":"Deleted purge (ids [\"1\"]).","success":true}`},
		{rest.Delete[none]("x_delete_all", "DELETE /a", "d"), `{}`, `{"message":"Deleted all.","success":true}`},
	} {
		f := tenant{replies: []reply{{body: ""}}}
		result, err := f.call(t, tc.tool, tc.arguments)
		if err != nil || text(t, result) != tc.want {
			t.Errorf("result %v, %v; want %s", result, err, tc.want)
		}
	}
	gone := errors.New("in use")
	f := tenant{replies: []reply{{err: gone}}}
	if _, err := f.call(t, deleteLabel, `{"label_id":"7"}`); !errors.Is(err, gone) {
		t.Errorf("failed delete: %v", err)
	}
}

// TestFinish: hooks run in order, on rows or record, and may turn the answer into an error.
func TestFinish(t *testing.T) {
	first := rest.Finish(func(_ context.Context, p *rest.Plan, a *rest.Answer) error {
		a.Rows, a.Note = a.Rows[:1], p.Args.Text("name")
		return nil
	})
	second := rest.Finish(func(_ context.Context, _ *rest.Plan, a *rest.Answer) error {
		if len(a.Rows) != 1 {
			return errors.New("the first hook did not run")
		}
		if a.Note == "bad" {
			return errors.New("refused")
		}
		return nil
	})
	tl := lister[struct {
		Name string `json:"name" in:"-"`
	}]("/zia/api/v1/x", first, second)
	f := tenant{replies: []reply{{body: "[1,2]"}, {body: "[1,2]"}}}
	if result, err := f.call(t, tl, `{"name":"n"}`); err != nil || text(t, result) != "1\nn" {
		t.Errorf("result %v, %v", result, err)
	}
	if _, err := f.call(t, tl, `{"name":"bad"}`); err == nil || err.Error() != "refused" {
		t.Errorf("error %v", err)
	}
}

// TestEmptyRecord: a read that answers nothing is told as that, not as success.
func TestEmptyRecord(t *testing.T) {
	get := rest.Read[none]("x_get", "GET /zia/api/v1/x", "d")
	for body, fails := range map[string]bool{"null": true, "": true, "{}": false, "5": false} {
		f := tenant{replies: []reply{{body: body}}}
		result, err := f.call(t, get, `{}`)
		if (err != nil) != fails || !fails && text(t, result) != body {
			t.Errorf("body %s: %v, %v", body, result, err)
		}
	}
	create := rest.Create[none]("x_create", "POST /zia/api/v1/x", "d")
	for _, body := range []string{"null", ""} { // the object is there: no error, or it is made twice
		f := tenant{replies: []reply{{body: body}}}
		if result, err := f.call(t, create, `{}`); err != nil || !strings.Contains(text(t, result), `"success":true`) {
			t.Errorf("create answering %q: %v, %v", body, result, err)
		}
	}
}

func TestNoTenant(t *testing.T) {
	if _, err := deleteLabel.Spec().Handle(t.Context(), args(t, `{"label_id":"1"}`)); err == nil || !strings.Contains(err.Error(), "no tenant") {
		t.Errorf("error %v", err)
	}
	if _, err := rest.Send(t.Context(), &zscaler.Request{}); err == nil {
		t.Error("Send without tenant succeeded")
	}
}

func TestSend(t *testing.T) {
	f := tenant{replies: []reply{{body: `{"a":1}`}, {body: `{"list":[1],"totalPages":"2"}`}, {body: `{"a":{"b":[2]}}`}, {body: ""}, {err: errors.New("down")}, {body: `"x"`}}}
	ctx := zscaler.ContextWithDoer(t.Context(), &f)
	req := &zscaler.Request{Method: "GET", Path: "/zpa/x"}
	if body, err := rest.Send(ctx, req); err != nil || string(body) != `{"a":1}` {
		t.Errorf("Send = %s, %v", body, err)
	}
	for _, tc := range []struct{ member, want string }{{"", "1\nThere are more rows"}, {"a.b", "2\n"}, {"", ""}} {
		rows, err := rest.SendRows(ctx, req, tc.member)
		if err != nil || rows.Rows == nil || !strings.HasPrefix(text(t, rows), tc.want) {
			t.Errorf("SendRows = %v, %v; want %q", rows, err, tc.want)
		}
	}
	for range 2 {
		if rows, err := rest.SendRows(ctx, req, ""); err == nil {
			t.Errorf("SendRows = %v, want an error", rows)
		}
	}
}
