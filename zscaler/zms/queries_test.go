package zms_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// graph answers every query with body.
func graph(body string) paritytest.Answer {
	return paritytest.Paths(map[string]string{"POST /zms/graphql": body})
}

func TestRowsAreTheNodes(t *testing.T) {
	const nodes = `[{"id":"1-2","name":"db","localIps":["10.0.0.1"],"n":9007199254740993}]`
	for _, test := range []struct{ info, note string }{
		{`{"pageNumber":1,"pageSize":20,"totalCount":1,"totalPages":1}`, ""},
		{`{"pageNumber":1,"pageSize":20,"totalCount":21,"totalPages":2}`, "page_num"},
		{`{"pageNumber":2,"pageSize":20,"totalCount":21,"totalPages":2}`, ""},
	} {
		w := suite.Open(t, graph(`{"data":{"resources":{"nodes":`+nodes+`,"pageInfo":`+test.info+`}}}`))
		text, failed := w.Call(t, "zms_list_resources", nil)
		rows, note, _ := strings.Cut(text, "\n")
		if failed || rows != nodes || (note != "") != (test.note != "") || !strings.Contains(note, test.note) {
			t.Errorf("%s: error %v: %s", test.info, failed, text)
		}
	}
}

// Single objects come back as they are, their secrets masked, or under data where the vendor's server puts them there.
func TestSingleObjects(t *testing.T) {
	const (
		statistics = `{"totalCount":3,"totalPercentage":100.0,"agentStatuses":[]}`
		secrets    = `{"eyezId":"e1","totpSecret":"JBSWY3DP","totpQrCode":"data:image/png;base64,AA"}`
		nonce      = `{"nonce":{"eyezId":"n1","key":"4|zms|k","maxUsage":5}}`
		noSecrets  = `{"eyezId":"e1","totpSecret":"` + tool.Masked + `","totpQrCode":"` + tool.Masked + `"}`
		noKey      = `{"nonce":{"eyezId":"n1","key":"` + tool.Masked + `","maxUsage":5}}`
	)
	for _, test := range []struct {
		tool       string
		args       map[string]any
		root, have string
		want       string
	}{
		{"zms_get_agent_connection_status_statistics", nil, "agentConnectionStatusStatistics", statistics, statistics},
		{"zms_get_agent_version_statistics", nil, "agentVersionStatistics", statistics, statistics},
		{"zms_get_agent_group_totp_secrets", map[string]any{"eyez_id": "e1"}, "agentGroupTotpSecrets", secrets, `{"data":` + noSecrets + `,"eyez_id":"e1"}`},
		{"zms_get_nonce", map[string]any{"eyez_id": "n1"}, "nonce", nonce, `{"data":` + noKey + `,"eyez_id":"n1"}`},
		{"zms_get_metadata", nil, "metadata", `{"a":1}`, `{"data":{"a":1}}`},
		{"zms_get_metadata", nil, "metadata", `"text"`, `{"data":"text"}`}, // the mended loss
		{"zms_get_resource_protection_status", nil, "resourceProtectionStatus", `{"nodes":[{"totalResources":3}]}`, `{"data":{"nodes":[{"totalResources":3}]}}`},
		{"zms_get_resource_group_protection_status", nil, "resourceGroupProtectionStatus", `{"nodes":[]}`, `{"data":{"nodes":[]}}`},
	} {
		w := suite.Open(t, graph(`{"data":{"`+test.root+`":`+test.have+`}}`))
		text, failed := w.Call(t, test.tool, test.args)
		if text, _, _ = strings.Cut(text, "\n"); failed || text != test.want {
			t.Errorf("%s: error %v\ngot  %s\nwant %s", test.tool, failed, text, test.want)
		}
		w = suite.Open(t, graph(`{"data":{"`+test.root+`":null}}`))
		if text, failed := w.Call(t, test.tool, test.args); !failed || !strings.Contains(text, "nothing found") {
			t.Errorf("%s of nothing: error %v: %s", test.tool, failed, text)
		}
	}
}

// Tools whose answers hold secrets say so.
func TestSecretsAreAnnounced(t *testing.T) {
	for _, name := range []string{"zms_get_agent_group_totp_secrets", "zms_get_nonce", "zms_list_nonces"} {
		if doc := suite.Specs(t)[name].Doc; !strings.Contains(doc, "secret") || !strings.Contains(doc, "do not repeat") {
			t.Errorf("%s: %s", name, doc)
		}
	}
}

func TestFailuresOfQueriesAreErrors(t *testing.T) {
	w := suite.Open(t, func(paritytest.Request) (int, string) {
		return http.StatusOK, `{"errors":[{"message":"Access denied","extensions":{"code":"FORBIDDEN","http_status":403}}],"data":{"agents":null}}`
	})
	if text, failed := w.Call(t, "zms_list_agents", nil); !failed || !strings.Contains(text, "Access denied") {
		t.Errorf("error %v: %s", failed, text)
	}
}

// The special of zms_list_app_catalog: both halves of an order, or none.
func TestOrderOfTheCatalogue(t *testing.T) {
	const empty = `{"data":{"appCatalog":{"nodes":[],"pageInfo":{"pageNumber":1,"pageSize":20,"totalCount":0,"totalPages":0}}}}`
	for _, test := range []struct {
		args    map[string]any
		want    string // orderBy
		refusal string
	}{
		{map[string]any{"sort_by": "name", "sort_order": "ASC"}, `{"name":"ASC"}`, ""},
		{map[string]any{"sort_by": "category", "sort_order": "desc"}, `{"category":"DESC"}`, ""},
		{map[string]any{"sort_by": "creation_time", "sort_order": "Asc"}, `{"creationTime":"ASC"}`, ""},
		{map[string]any{"sort_by": "modified_time", "sort_order": "DESC"}, `{"modifiedTime":"DESC"}`, ""},
		{map[string]any{"sort_by": "name"}, `null`, ""},
		{map[string]any{"sort_order": "ASC"}, `null`, ""},
		{map[string]any{"sort_by": "id", "sort_order": "ASC"}, "", "sort_by must be name, category, creation_time or modified_time"},
		{map[string]any{"sort_by": "name", "sort_order": "up"}, "", "sort_order must be ASC or DESC"},
	} {
		w := suite.Open(t, graph(empty))
		text, failed := w.Call(t, "zms_list_app_catalog", test.args)
		if test.refusal != "" {
			if !failed || !strings.Contains(text, test.refusal) || w.Lines() != "" {
				t.Errorf("%v: error %v: %s", test.args, failed, text)
			}
			continue
		}
		if failed {
			t.Errorf("%v: %s", test.args, text)
			continue
		}
		variables := w.Last(t).Body.(map[string]any)["variables"].(map[string]any)
		if diff := cmp.Diff(paritytest.JSON(t, test.want), variables["orderBy"]); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.args, diff)
		}
	}
}

func TestSortDirections(t *testing.T) {
	const empty = `{"data":{"%":{"nodes":[],"pageInfo":{}}}}`
	for tool, test := range map[string]struct {
		root, argument string
		args           map[string]any
	}{
		"zms_list_agents":         {"agents", "sort_dir", nil},
		"zms_list_agent_groups":   {"agentGroups", "sort_dir", nil},
		"zms_list_nonces":         {"nonces", "sort_dir", nil},
		"zms_list_resources":      {"resources", "sort_order", nil},
		"zms_list_app_zones":      {"appZones", "sort_order", nil},
		"zms_list_tag_namespaces": {"tagNamespaces", "sort_order", nil},
		"zms_list_tag_keys":       {"tagKeys", "sort_order", map[string]any{"namespace_id": "n"}},
		"zms_list_tag_values":     {"tagValues", "sort_order", map[string]any{"tag_id": "t", "namespace_origin": "CUSTOM"}},
	} {
		for direction, refused := range map[string]bool{"asc": false, "DESC": false, "": false, "up": true, "ASC ": true} {
			args := map[string]any{test.argument: direction}
			for name, value := range test.args {
				args[name] = value
			}
			w := suite.Open(t, graph(strings.Replace(empty, "%", test.root, 1)))
			text, failed := w.Call(t, tool, args)
			if failed != refused || (w.Lines() == "") != refused {
				t.Errorf("%s %s=%q: refused is %v: %s", tool, test.argument, direction, failed, text)
			}
		}
	}
}

// nowhere is a tenant whose configuration lacks the customer id.
type nowhere struct{ zscaler.Doer }

func (nowhere) Setting(name string) (string, error) {
	return "", &zscaler.ConfigError{Field: name, Env: "ZSCALER_CUSTOMER_ID", Problem: "is not set"}
}

// A call without the customer id, which comes from the configuration, says what to configure.
func TestCustomerIDIsNeeded(t *testing.T) {
	w := suite.Connect(t, nowhere{})
	if text, failed := w.Call(t, "zms_list_agents", nil); !failed || !strings.Contains(text, "ZSCALER_CUSTOMER_ID") {
		t.Errorf("error %v: %s", failed, text)
	}
}
