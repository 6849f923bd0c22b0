package zscalertest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// ask sends an operation with variables and returns the whole answer.
func ask(c *client, query string, variables object) object {
	c.t.Helper()
	if variables["customerId"] == nil {
		variables["customerId"] = c.tenant.CustomerID
	}
	body, err := json.Marshal(object{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	return c.want(200, "POST", "/zms/graphql", string(body)).object()
}

// operations are the queries that clients of the service send.
func operations(t *testing.T) map[string]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/zms_operations.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct{ Operation, Query string }
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, o := range list {
		out[o.Operation] = o.Query
	}
	return out
}

// root returns the single field of the data, which must be there without errors.
func root(t *testing.T, a object) object {
	t.Helper()
	if a["errors"] != nil {
		t.Fatalf("errors: %v", a["errors"])
	}
	for _, v := range a["data"].(object) {
		o, _ := v.(object)
		return o
	}
	t.Fatalf("no data: %v", a)
	return nil
}

func nodes(t *testing.T, a object) []any {
	t.Helper()
	l, _ := root(t, a)["nodes"].([]any)
	return l
}

func TestZMSAnswersEveryOperation(t *testing.T) {
	c := start(t, zscalertest.Options{})
	ops := operations(t)
	if len(ops) != 20 {
		t.Fatalf("%d operations", len(ops))
	}
	group := nodes(t, ask(c, ops["ListAgentGroups"], object{}))[0].(object)
	namespace := nodes(t, ask(c, ops["ListTagNamespaces"], object{}))[0].(object)
	tag := nodes(t, ask(c, ops["ListTagKeys"], object{"namespaceId": namespace["id"]}))[0].(object)
	nonce := nodes(t, ask(c, ops["ListNonces"], object{}))[0].(object)
	members := nodes(t, ask(c, ops["ListResourceGroups"], object{}))[0].(object)
	needed := map[string]object{
		"GetAgentGroupTotpSecrets": {"eyezId": group["eyezId"]}, "GetNonce": {"eyezId": nonce["eyezId"]}, "GetResourceGroupMembers": {"id": members["id"]},
		"ListTagKeys": {"namespaceId": namespace["id"]}, "ListTagValues": {"tagId": tag["id"], "namespaceOrigin": namespace["origin"]},
	}
	for name, query := range ops {
		variables := needed[name]
		if variables == nil {
			variables = object{}
		}
		got := root(t, ask(c, query, variables))
		if rows, isList := got["nodes"].([]any); len(got) == 0 || (isList && len(rows) == 0) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestZMSSelectsOnlyWhatWasAskedFor(t *testing.T) {
	c := start(t, zscalertest.Options{})
	got := ask(c, `query Q($customerId: ID!) { it: agents(customerId: $customerId, pageSize: 1) { nodes { label: name privateIps } } }`, object{})
	want := object{"data": object{"it": object{"nodes": []any{object{"label": "web-01", "privateIps": []any{"192.0.2.10"}}}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	meta := ask(c, operations(t)["GetMetadata"], object{})["data"].(object)["metadata"].(object)
	if text(meta["customerId"]) != c.tenant.CustomerID || text(meta["revision"]) != "9223372036854775783" {
		t.Errorf("numbers above 2^53 must be exact: %v", meta)
	}
}

func TestZMSPages(t *testing.T) {
	c := start(t, zscalertest.Options{})
	ops := operations(t)
	for name, page := range map[string]string{"ListAgents": "page", "ListResources": "pageNum"} {
		second := root(t, ask(c, ops[name], object{page: 2}))
		info, _ := second["pageInfo"].(object)
		if rows := second["nodes"].([]any); len(rows) != 6 || text(info["totalCount"]) != "26" || text(info["totalPages"]) != "2" || text(info["pageNumber"]) != "2" {
			t.Errorf("%s: %d rows, %v", name, len(rows), info)
		}
	}
	none := root(t, ask(c, ops["ListAgents"], object{"search": "nothing"}))["pageInfo"].(object)
	other := root(t, ask(c, ops["ListResources"], object{"filter": object{"name": object{"equals": "nothing"}}}))["pageInfo"].(object)
	if text(none["pageSize"]) != "0" || text(other["pageSize"]) != "20" {
		t.Errorf("page size of empty lists: %v and %v", none["pageSize"], other["pageSize"])
	}
}

func TestZMSFiltersAndOrders(t *testing.T) {
	c := start(t, zscalertest.Options{})
	ops := operations(t)
	for name, tc := range map[string]struct {
		variables object
		field     string
		want      string
	}{
		"ListAgents":         {object{"search": "WEB", "sort": "name", "sortDir": "DESC", "pageSize": 2}, "name", "web-06 web-05"},
		"ListResources":      {object{"filter": object{"cloudRegion": object{"contains": "EUROPE"}, "status": object{"equals": "ACTIVE"}}, "orderBy": object{"name": "DESC"}, "pageSize": 2}, "name", "web-03 k8s-stg-04"},
		"ListResourceGroups": {object{"filter": object{"resourceHostname": object{"contains": "web-02"}}}, "name", "Database tier"},
		"ListPolicyRules":    {object{"filter": object{"action": object{"equals": "BLOCK"}}, "fetchAll": true}, "action", "BLOCK"},
		"ListAppZones":       {object{"orderBy": object{"appZoneName": "ASC"}}, "appZoneName", "Payment Production Staging"},
		"ListAppCatalog":     {object{"filter": object{"category": object{"contains": "data"}}, "orderBy": object{"name": "DESC"}}, "name", "Redis PostgreSQL"},
		"ListTagNamespaces":  {object{"filter": object{"origin": object{"in": []any{"ML", "EXTERNAL"}}}}, "name", "AWS Recommended"},
		"ListAgentGroups":    {object{"search": "kubernetes"}, "name", "Kubernetes production Kubernetes staging"},
		"ListNonces":         {object{"pageSize": 1, "page": 5}, "name", "Enrolment Data centre"},
	} {
		if got := strings.Join(names(nodes(t, ask(c, ops[name], tc.variables)), tc.field), " "); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	without := nodes(t, ask(c, ops["ListResources"], object{"pageSize": 100}))
	with := nodes(t, ask(c, ops["ListResources"], object{"pageSize": 100, "includeDeleted": true}))
	if len(with) != len(without)+2 {
		t.Errorf("includeDeleted: %d and %d rows", len(without), len(with))
	}
}

func TestZMSStatisticsAddUp(t *testing.T) {
	c := start(t, zscalertest.Options{})
	stats := root(t, ask(c, operations(t)["AgentConnectionStatusStats"], object{}))
	sum := 0
	for _, n := range names(stats["agentStatuses"].([]any), "count") {
		count := 0
		fmt.Sscan(n, &count)
		sum += count
	}
	if fmt.Sprint(sum) != text(stats["totalCount"]) || sum != 26 {
		t.Errorf("%d of %v", sum, stats["totalCount"])
	}
}

func TestZMSRefusals(t *testing.T) {
	c := start(t, zscalertest.Options{})
	const plain = `query Q($customerId: ID!, $n: Int) { agents(customerId: $customerId, page: $n) { nodes { name } } }`
	for name, tc := range map[string]struct {
		query     string
		variables object
		want      string
	}{
		"lawful":              {plain, object{"n": 1}, ""},
		"null variable":       {plain, object{"n": nil}, ""},
		"ill-typed":           {plain, object{"n": "1"}, "invalid value"},
		"undeclared value":    {plain, object{"page_num": 1}, "not declared"},
		"undefined variable":  {strings.Replace(plain, "page: $n", "page: $m", 1), object{}, "Undefined variable 'm'"},
		"wrong position":      {strings.Replace(plain, "page: $n", "search: $n", 1), object{}, "expecting type 'String'"},
		"unknown argument":    {strings.Replace(plain, "page: $n", "pageNum: $n", 1), object{}, "Unknown field argument 'pageNum'"},
		"missing argument":    {`{ agents { nodes { name } } }`, object{"customerId": nil}, "Missing field argument"},
		"unknown root":        {strings.Replace(plain, "agents", "agent", 1), object{}, "is undefined"},
		"unknown field":       {strings.Replace(plain, "name", "nickname", 1), object{}, "Field 'nickname'"},
		"no selection":        {strings.Replace(plain, "{ name }", "", 1), object{}, "selection"},
		"selection of scalar": {strings.Replace(plain, "name", "name { x }", 1), object{}, "selection"},
		"syntax":              {plain + "}", object{}, "unexpected"},
		"unknown filter":      {`query Q($customerId: ID!, $f: TagKeyFilter) { tagKeys(customerId: $customerId, namespaceId: "x", filter: $f) { nodes { name } } }`, object{"f": object{"key_name": object{"contains": "x"}}}, "not a field of 'TagKeyFilter'"},
		"wrong order":         {`query Q($customerId: ID!, $o: AppZoneQueryOrderBy) { appZones(customerId: $customerId, orderBy: $o) { nodes { id } } }`, object{"o": object{"appZoneName": "UP"}}, "ASC or DESC"},
		"wrong enum":          {`query Q($customerId: ID!, $d: SortDirection) { agents(customerId: $customerId, sortDir: $d) { nodes { name } } }`, object{"d": "asc"}, "expected one of"},
	} {
		t.Run(name, func(t *testing.T) {
			body := object{"query": tc.query, "variables": tc.variables}
			if _, set := tc.variables["customerId"]; !set {
				tc.variables["customerId"] = c.tenant.CustomerID
			} else {
				delete(tc.variables, "customerId")
			}
			raw, _ := json.Marshal(body)
			got := c.want(200, "POST", "/zms/graphql", string(raw)).object()
			message := ""
			if errors, _ := got["errors"].([]any); len(errors) > 0 {
				message = text(errors[0].(object)["message"])
			}
			if (tc.want == "") != (message == "") || !regexp.MustCompile(regexp.QuoteMeta(tc.want)).MatchString(message) {
				t.Errorf("message %q, want %q", message, tc.want)
			}
		})
	}
}

func TestZMSOfAnotherCustomer(t *testing.T) {
	c := start(t, zscalertest.Options{})
	got := ask(c, operations(t)["ListAgents"], object{"customerId": "1"})
	failure := got["errors"].([]any)[0].(object)
	if extensions := failure["extensions"].(object); extensions["code"] != "FORBIDDEN" || text(extensions["http_status"]) != "403" {
		t.Errorf("extensions %v", extensions)
	}
	if diff := cmp.Diff(object{"agents": nil}, got["data"]); diff != "" {
		t.Errorf("data (-want +got):\n%s", diff)
	}
	missing := ask(c, operations(t)["GetNonce"], object{"eyezId": "x"})
	if missing["errors"] == nil {
		t.Errorf("unknown nonce: %v", missing)
	}
}
