package zscaler_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler"
)

func TestRows(t *testing.T) {
	unknown := zscaler.Page{Total: -1}
	for name, test := range map[string]struct {
		service   zscaler.Service
		body, key string
		rows      []string
		page      zscaler.Page
	}{
		"ZIA array":         {zscaler.ZIA, `[{"id":1 , "n":1.10},{"id":72057594037927937}]`, "", []string{`{"id":1 , "n":1.10}`, `{"id":72057594037927937}`}, unknown},
		"ZIA empty":         {zscaler.ZIA, ``, "", nil, unknown},
		"ZIA grouped":       {zscaler.ZIA, `{"apps":[1],"x":2}`, "apps", []string{"1"}, unknown},
		"ZPA texts":         {zscaler.ZPA, `{"totalPages":"2","totalCount":"21","list":[{"id":"1"}]}`, "", []string{`{"id":"1"}`}, zscaler.Page{Total: 21, HasMore: true}},
		"ZPA last":          {zscaler.ZPA, `{"totalPages":"1","totalCount":"1","list":[{"id":"1"}]}`, "", []string{`{"id":"1"}`}, zscaler.Page{Total: 1}},
		"ZPA no list":       {zscaler.ZPA, `{"totalPages":"0","totalCount":"0"}`, "", nil, zscaler.Page{Total: 0}},
		"ZPA null list":     {zscaler.ZPA, `{"totalPages":0,"list":null}`, "", nil, unknown},
		"ZPA empty object":  {zscaler.ZPA, `{}`, "", nil, unknown},
		"ZPA numbers":       {zscaler.ZPA, `{"totalPages":1,"totalCount":1,"list":[1]}`, "", []string{"1"}, zscaler.Page{Total: 1}},
		"ZPA array":         {zscaler.ZPA, `[1,2]`, "", []string{"1", "2"}, unknown},
		"ZDX more":          {zscaler.ZDX, `{"users":[1],"next_offset":"abc="}`, "", []string{"1"}, zscaler.Page{Total: -1, HasMore: true, Next: map[string]string{"offset": "abc="}}},
		"ZDX end null":      {zscaler.ZDX, `{"alerts":[1],"next_offset":null}`, "", []string{"1"}, unknown},
		"ZDX end empty":     {zscaler.ZDX, `{"devices":[1],"next_offset":""}`, "", []string{"1"}, unknown},
		"ZDX array":         {zscaler.ZDX, `[1]`, "", []string{"1"}, unknown},
		"ZCC v1":            {zscaler.ZCC, `{"totalCount":51,"policies":[1]}`, "", []string{"1"}, zscaler.Page{Total: 51, HasMore: true}},
		"ZCC v2":            {zscaler.ZCC, `{"items":[1,2],"total":5,"offset":2,"limit":2,"count":2}`, "", []string{"1", "2"}, zscaler.Page{Total: 5, HasMore: true, Next: map[string]string{"skip": "4"}}},
		"ZIdentity":         {zscaler.ZID, `{"records":[1],"pageOffset":100,"pageSize":1,"results_total":102,"next_link":"https://elsewhere/x"}`, "", []string{"1"}, zscaler.Page{Total: 102, HasMore: true, Next: map[string]string{"offset": "101"}}},
		"ZIdentity last":    {zscaler.ZID, `{"records":[1],"pageOffset":101,"results_total":102}`, "", []string{"1"}, zscaler.Page{Total: 102}},
		"EASM":              {zscaler.ZEASM, `{"results":[1],"total_results":3,"next_link":"/easm-ui/x?offset=20"}`, "", []string{"1"}, zscaler.Page{Total: 3, HasMore: true}},
		"ZCell":             {zscaler.ZCell, `{"content":[1],"totalElements":11,"totalPages":2,"size":10}`, "", []string{"1"}, zscaler.Page{Total: 11, HasMore: true}},
		"ZCell one row":     {zscaler.ZCell, `{"total":3 , "used":2}`, "", []string{`{"total":3 , "used":2}`}, unknown},
		"ZMS":               {zscaler.ZMS, `{"data":{"agents":{"nodes":[1],"pageInfo":{"pageNumber":1,"pageSize":1,"totalCount":2,"totalPages":2}}}}`, "", []string{"1"}, zscaler.Page{Total: 2, HasMore: true}},
		"ZMS last page":     {zscaler.ZMS, `{"nodes":[1],"pageInfo":{"pageNumber":2,"totalCount":2,"totalPages":2}}`, "", []string{"1"}, zscaler.Page{Total: 2}},
		"ZMS by key":        {zscaler.ZMS, `{"data":{"agents":{"nodes":[1]},"other":{"nodes":[2]}}}`, "other.nodes", []string{"2"}, unknown},
		"ZMS by whole key":  {zscaler.ZMS, `{"data":{"agents":{"nodes":[1]}}}`, "data.agents.nodes", []string{"1"}, unknown},
		"Z-Insights":        {zscaler.ZINS, `{"data":{"WEB_TRAFFIC":{"location":{"obfuscated":false,"entries":[1]}}}}`, "", []string{"1"}, unknown},
		"Z-Insights null":   {zscaler.ZINS, `{"data":{"WEB_TRAFFIC":{"location":null}}}`, "WEB_TRAFFIC.location.entries", nil, unknown},
		"unknown, by key":   {"", `{"a":{"b":[1]}}`, "a.b", []string{"1"}, unknown},
		"counter of a kind": {zscaler.ZPA, `{"totalCount":{"x":1},"list":[1]}`, "", []string{"1"}, unknown},
	} {
		rows, page, err := zscaler.Rows(test.service, json.RawMessage(test.body), test.key)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, r := range rows {
			got = append(got, string(r))
		}
		if diff := cmp.Diff(test.rows, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(test.page, page); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestRowsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		service   zscaler.Service
		body, key string
	}{
		"ZIA object":     {zscaler.ZIA, `{"id":1}`, ""},
		"ZPA record":     {zscaler.ZPA, `{"id":"1"}`, ""},
		"rows a number":  {zscaler.ZPA, `{"list":1}`, ""},
		"not JSON":       {zscaler.ZIA, `<html>`, ""},
		"cut array":      {zscaler.ZIA, `[1,`, ""},
		"key of a value": {zscaler.ZDX, `{"a":1}`, "a.b"},
	} {
		rows, page, err := zscaler.Rows(test.service, json.RawMessage(test.body), test.key)
		if err == nil || rows != nil || page.Total != -1 {
			t.Errorf("%s: %s, %v", name, rows, err)
		}
	}
}

// FuzzRows: rows are always parts of the body, byte for byte, and following pages ends.
func FuzzRows(f *testing.F) {
	f.Add("zpa", `{"totalPages":"2","totalCount":"21","list":[{"id":"1"}]}`, "")
	f.Add("zid", `{"records":[1],"pageOffset":9223372036854775807,"results_total":1}`, "")
	f.Add("zms", `{"data":{"agents":{"nodes":[1],"pageInfo":{"pageNumber":1}}}}`, "agents.nodes")
	f.Add("zins", `{"a":{"b":{"c":{}}}}`, "")
	f.Fuzz(func(t *testing.T, service, body, key string) {
		rows, page, err := zscaler.Rows(zscaler.Service(service), json.RawMessage(body), key)
		if err != nil {
			return
		}
		for _, r := range rows {
			if !strings.Contains(body, string(r)) {
				t.Errorf("%q is not in the body", r)
			}
		}
		if page.Total < -1 {
			t.Errorf("total %d", page.Total)
		}
		if _, more := zscaler.Service(service).Next(nil, len(rows), page); more && len(rows) == 0 {
			t.Error("a page after an empty one")
		}
	})
}

// TestNext walks lists as tools do: the query of a page and what came give the query of the next.
func TestNext(t *testing.T) {
	none := zscaler.Page{Total: -1}
	for name, test := range map[string]struct {
		service zscaler.Service
		query   string
		rows    int
		page    zscaler.Page
		want    string // "" at the end
	}{
		"ZIA full page":     {zscaler.ZIA, "pageSize=2&search=x", 2, none, "page=2&pageSize=2&search=x"},
		"ZIA third":         {zscaler.ZIA, "page=2&pageSize=2", 2, none, "page=3&pageSize=2"},
		"ZIA short page":    {zscaler.ZIA, "pageSize=2", 1, none, ""},
		"ZIA default":       {zscaler.ZIA, "", 100, none, "page=2"},
		"ZIA default short": {zscaler.ZIA, "", 99, none, ""},
		"ZIA shadow IT":     {zscaler.ZIA, "pageNumber=1&limit=10", 10, none, "limit=10&pageNumber=2"},
		"ZIA above maximum": {zscaler.ZIA, "pageSize=5000", 1000, none, "page=2&pageSize=5000"},
		"ZIA below it":      {zscaler.ZIA, "pageSize=5000", 999, none, ""},
		"ZPA first":         {zscaler.ZPA, "", 20, zscaler.Page{Total: 21, HasMore: true}, "page=2"},
		"ZPA second":        {zscaler.ZPA, "page=2", 1, zscaler.Page{Total: 21, HasMore: true}, ""},
		"ZPA above maximum": {zscaler.ZPA, "page=2&pagesize=1000", 500, zscaler.Page{Total: 1200, HasMore: true}, "page=3&pagesize=1000"},
		"ZDX":               {zscaler.ZDX, "limit=1", 1, zscaler.Page{Total: -1, HasMore: true, Next: map[string]string{"offset": "o"}}, "limit=1&offset=o"},
		"ZDX end":           {zscaler.ZDX, "limit=1", 1, none, ""},
		"ZIdentity":         {zscaler.ZID, "limit=2", 2, zscaler.Page{Total: 5, HasMore: true}, "limit=2&offset=2"},
		"ZIdentity end":     {zscaler.ZID, "limit=2&offset=4", 1, zscaler.Page{Total: 5, HasMore: true}, ""},
		"EASM":              {zscaler.ZEASM, "offset=100", 100, zscaler.Page{Total: 250, HasMore: true}, "offset=200"},
		"ZCell from zero":   {zscaler.ZCell, "", 10, zscaler.Page{Total: 11, HasMore: true}, "page=1"},
		"ZCell end":         {zscaler.ZCell, "page=1", 1, zscaler.Page{Total: 11, HasMore: true}, ""},
		"empty page":        {zscaler.ZPA, "", 0, zscaler.Page{Total: 21, HasMore: true}, ""},
		"GraphQL":           {zscaler.ZMS, "", 1, zscaler.Page{Total: 2, HasMore: true}, ""},
		"unknown":           {"", "", 100, none, ""},
	} {
		query, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		next, more := test.service.Next(query, test.rows, test.page)
		if next.Encode() != test.want || more != (test.want != "") {
			t.Errorf("%s: %q, %v", name, next.Encode(), more)
		}
		if query.Encode() != func() string { q, _ := url.ParseQuery(test.query); return q.Encode() }() {
			t.Errorf("%s: the query has been changed", name)
		}
	}
}

// TestBegins: which queries ask for the beginning of a list.
func TestBegins(t *testing.T) {
	for name, test := range map[string]struct {
		service zscaler.Service
		query   string
		want    bool
	}{
		"ZIA":            {zscaler.ZIA, "pageSize=2", true},
		"ZIA first":      {zscaler.ZIA, "page=1", true},
		"ZIA second":     {zscaler.ZIA, "page=2", false},
		"ZIA shadow IT":  {zscaler.ZIA, "pageNumber=2", false},
		"ZIdentity":      {zscaler.ZID, "offset=0", true},
		"ZIdentity next": {zscaler.ZID, "offset=1", false},
		"ZCell":          {zscaler.ZCell, "page=0", true},
		"ZCell second":   {zscaler.ZCell, "page=1", false},
		"ZDX":            {zscaler.ZDX, "offset=", true},
		"ZDX next":       {zscaler.ZDX, "offset=a", false},
		"GraphQL":        {zscaler.ZMS, "page=2", true},
	} {
		query, err := url.ParseQuery(test.query)
		if got := test.service.Begins(query); err != nil || got != test.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestServices(t *testing.T) {
	for path, want := range map[string]zscaler.Service{
		"/zia/api/v1/zpaGateways": zscaler.ZIA, "/zpa/mgmtconfig/v1/x": zscaler.ZPA, "/zdx/v1/apps": zscaler.ZDX,
		"/zcc/papi/public/v1/x": zscaler.ZCC, "/ztw/api/v1/zpaResources": zscaler.ZTW, "/ziam/admin/api/v1/users": zscaler.ZID,
		"/zins/graphql": zscaler.ZINS, "/zms/graphql": zscaler.ZMS, "/zcell/config/api/v1/x": zscaler.ZCell,
		"/easm/easm-ui/v1/x": zscaler.ZEASM, "/bi/api/v1/x": "", "/ziax": "", "": "",
	} {
		if got := zscaler.ServiceOf(path); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	if n := len(zscaler.Services()); n != 10 {
		t.Errorf("%d services", n)
	}
	if p, ok := zscaler.ZPA.Pager(); !ok || p != (zscaler.Pager{Page: "page", Size: "pagesize", First: 1, DefaultSize: 20, MaxSize: 500}) {
		t.Error(p, ok)
	}
	if _, ok := zscaler.ZMS.Pager(); ok {
		t.Error("GraphQL pages by variables")
	}
}
