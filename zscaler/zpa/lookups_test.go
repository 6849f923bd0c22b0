package zpa_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// names returns a member of each row as text.
func names(t testing.TB, result, member string) []string {
	t.Helper()
	var all []string
	for _, row := range rows(t, result) {
		all = append(all, text(row[member]))
	}
	return all
}

// TestLookups is what the tools look up by name: what is asked, and which row of the answer counts.
func TestLookups(t *testing.T) {
	const group = `"name":"N","enrollment_cert_id":"9","version_profile":`
	for _, c := range []struct {
		tool, args, path, search, answer string
		member, want, refused            string
	}{
		{tool: "zpa_create_app_connector_group", args: `"name":"N"`, path: "/enrollmentCert", search: "name+EQ+Connector", answer: `[{"id":"1","name":"connector"},{"id":"2","name":"Connector"}]`, member: "enrollmentCertId", want: "2"},
		{tool: "zpa_create_app_connector_group", args: `"name":"N","enrollment_cert_name":"SPECIAL"`, path: "/enrollmentCert", search: "name+EQ+SPECIAL", answer: `[{"id":"1","name":"Other"},{"id":2,"name":"special"}]`, member: "enrollmentCertId", want: "2"},
		{tool: "zpa_create_app_connector_group", args: `"name":"N"`, path: "/enrollmentCert", answer: `[{"id":"1","name":"Connector 2"}]`, refused: `named "Connector"`},
		{tool: "zpa_create_app_connector_group", args: `"name":"N"`, path: "/enrollmentCert", answer: `[{"name":"Connector"}]`, refused: "no id"},
		{tool: "zpa_create_app_connector_group", args: `"name":"N","enrollment_cert_id":"7","enrollment_cert_name":"x"`, member: "enrollmentCertId", want: "7"},
		{tool: "zpa_update_app_connector_group", args: `"group_id":"7","enrollment_cert_name":"Connector"`, path: "/enrollmentCert", search: "name+EQ+Connector", answer: `[{"id":"2","name":"Connector"}]`, member: "enrollmentCertId", want: "2"},
		{tool: "zpa_update_app_connector_group", args: `"group_id":"7","description":"d"`, member: "description", want: "d"},
		{tool: "zpa_create_app_connector_group", args: group + `"new release"`, path: "/versionProfiles", answer: `[{"id":"0","name":"Default"},{"id":"2","name":"New Release"}]`, member: "versionProfileId", want: "2"},
		{tool: "zpa_create_app_connector_group", args: group + `"New"`, path: "/versionProfiles", answer: `[{"id":"2","name":"New Release"}]`, refused: `named "New"`},
		{tool: "zpa_update_service_edge_group", args: `"group_id":"7","version_profile_name":"Default"`, path: "/versionProfiles", answer: `[{"id":"0","name":"Default"}]`, member: "versionProfileId", want: "0"},
		{tool: "zpa_update_service_edge_group", args: `"group_id":"7","version_profile_name":"x","version_profile_id":"1"`, member: "versionProfileId", want: "1"},
		{tool: "zpa_create_pra_portal", args: `"name":"pra","domain":"d"`, path: "/issued", search: "name+EQ+pra", answer: `[{"id":"1","name":"PRA"}]`, member: "certificateId", want: "1"},
		{tool: "zpa_create_pra_portal", args: `"name":"pra","domain":"d"`, path: "/issued", answer: `[{"id":"1","name":"prague"}]`, refused: `named "pra"`},
		{tool: "zpa_create_pra_portal", args: `"name":"pra","domain":"d"`, path: "/issued", answer: `[{"id":"1","name":"PRA"},{"id":"2","name":"Pra"}]`, refused: "several have it: ids 1, 2"},
		{tool: "zpa_create_pra_portal", args: `"name":"pra","domain":"d"`, path: "/issued", answer: `[{"id":"1","name":"pra"},{"id":"2","name":"pra"}]`, refused: "several have it: ids 1, 2"},
		{tool: "zpa_create_pra_portal", args: `"name":"pra","domain":"d"`, path: "/issued", answer: `[{"id":"1","name":"PRA"},{"id":"2","name":"pra"},{"id":"2","name":"pra"}]`, member: "certificateId", want: "2"},
		{tool: "zpa_create_pra_portal", args: `"name":"pra","domain":"d","certificate_id":"5"`, member: "certificateId", want: "5"},
	} {
		there := canned(map[string]string{"GET /7": `{"id":"7","name":"n"}`, "PUT ": ""})
		answer := func(status int) paritytest.Answer {
			return func(r paritytest.Request) (int, string) {
				if c.path != "" && strings.HasSuffix(r.Path, c.path) {
					if status != http.StatusOK {
						return status, `{"id":"resource.bad"}`
					}
					return status, `{"totalCount":"2","totalPages":"1","list":` + c.answer + `}`
				}
				return there(r)
			}
		}
		b := newBench(t, answer(http.StatusOK))
		_, failure := b.call(t, c.tool, `{"microtenant_id":"5",`+c.args+`}`)
		if !strings.Contains(failure, c.refused) || (failure == "") != (c.refused == "") {
			t.Errorf("%s %s: %q, want %q", c.tool, c.args, failure, c.refused)
		}
		for _, r := range b.Requests() {
			if r.Query.Get("microtenantId") != "5" {
				t.Errorf("%s: %s is outside of the microtenant", c.tool, r)
			}
			if c.search != "" && strings.HasSuffix(r.Path, c.path) && r.Query.Get("search") != c.search {
				t.Errorf("%s: searched by %q, want %q", c.tool, r.Query.Get("search"), c.search)
			}
		}
		if wrote := strings.Contains(b.Lines(), "POST") || strings.Contains(b.Lines(), "PUT"); wrote != (c.refused == "") {
			t.Errorf("%s %s: requests\n%s", c.tool, c.args, b.Lines())
		} else if wrote {
			if got := b.Last(t, "POST", "PUT").Body.(map[string]any)[c.member]; got != c.want {
				t.Errorf("%s %s: %s %v, want %s", c.tool, c.args, c.member, got, c.want)
			}
		}
		if c.path == "" {
			continue
		}
		b = newBench(t, answer(http.StatusForbidden)) // a look-up that fails is no answer, and nothing is written
		if _, failure := b.call(t, c.tool, `{`+c.args+`}`); !strings.Contains(failure, "resource.bad") || strings.Contains(b.Lines(), "POST") || strings.Contains(b.Lines(), "PUT") {
			t.Errorf("%s %s: after a failed look-up %q; requests\n%s", c.tool, c.args, failure, b.Lines())
		}
	}
}

// TestIdentity: identity providers are found by their exact name, their ids and those of SCIM groups are exact,
// and one attribute or group is a list of one.
func TestIdentity(t *testing.T) {
	b := newBench(t, nil)
	for _, c := range []struct {
		tool, args string
		want       []string
	}{
		{"get_zpa_saml_attribute", `{"idp_name":"Acme Identity"}`, []string{"Email_Acme Identity", "FirstName_Acme Identity", "LastName_Acme Identity", "Department_Acme Identity", "Groups_Acme Identity"}},
		{"get_zpa_saml_attribute", `{"idp_name":"acme identity"}`, []string{"Email_acme identity", "Company_acme identity"}},
		{"get_zpa_saml_attribute", `{"search":"samlName+EQ+Email"}`, []string{"Email_Acme Identity", "Email_acme identity"}},
		{"get_zpa_saml_attribute", `{"page":2,"page_size":6}`, []string{"Company_acme identity"}},
		{"get_zpa_scim_attribute", `{"idp_name":"Acme Identity","search":"e","page_size":2}`, []string{"userName", "emails.value"}},
		{"get_zpa_scim_attribute", `{"idp_name":"Acme Identity","search":"name+EQ+title"}`, []string{"title"}},
		{"get_zpa_scim_attribute", `{"idp_name":"Acme Identity","attribute_id":"288341529047101803","search":"x","page":9}`, []string{"department"}},
		{"get_zpa_scim_group", `{"idp_name":"Acme Identity","search":"fin"}`, []string{"Finance"}},
		{"get_zpa_scim_group", `{"idp_name":"Acme Identity","search":"name+CONTAINS+fin"}`, []string{"Finance"}},
		{"get_zpa_scim_group", `{"scim_group_id":"288341529047100602","idp_name":"nobody"}`, []string{"Controllers"}},
		{"get_zpa_scim_group", `{"idp_name":"acme identity"}`, nil},
	} {
		if diff := cmp.Diff(c.want, names(t, b.must(t, c.tool, c.args), "name")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.tool, c.args, diff)
		}
	}
	group := b.Result(t, "get_zpa_scim_group", json.RawMessage(`{"scim_group_id":"288341529047100601"}`))
	if got := paritytest.Text(group); !strings.Contains(got, "288341529047100601") || !strings.Contains(got, "288341529047100501") {
		t.Errorf("ids above 2^53 are not exact: %s", got)
	}
	b.Forget()
	for tool, args := range map[string]string{
		"get_zpa_saml_attribute": `{"idp_name":"ACME Identity"}`, "get_zpa_scim_attribute": `{"idp_name":"Acme"}`, "get_zpa_scim_group": `{"idp_name":"Acme I"}`,
	} {
		if _, failure := b.call(t, tool, args); !strings.Contains(failure, "no identity provider is named") || strings.Contains(b.Lines(), "ttribute") {
			t.Errorf("%s: %q; requests\n%s", tool, failure, b.Lines())
		}
	}
}

// TestProviderIDsAboveFloats: the id of a provider goes into the path digit for digit, also where it is a number.
func TestProviderIDsAboveFloats(t *testing.T) {
	b := newBench(t, canned(map[string]string{"GET /idp": `{"list":[{"id":9007199254740993,"name":"a"}]}`, "GET /scimgroup/idpId/9007199254740993": `{"list":[{"id":9007199254740995,"name":"g"}]}`}))
	if got := paritytest.Text(b.Result(t, "get_zpa_scim_group", json.RawMessage(`{"idp_name":"a"}`))); !strings.Contains(got, "9007199254740995") {
		t.Errorf("answer %s; requests\n%s", got, b.Lines())
	}
}

// TestFinders are the tools that find one of a kind by id or by name, or list all.
func TestFinders(t *testing.T) {
	b := newBench(t, nil)
	for _, c := range []struct {
		tool, args string
		want       []string
		refused    string
	}{
		{tool: "get_zpa_enrollment_certificate", args: `{}`, want: []string{"Root", "Client", "Connector", "Service Edge", "Isolation Client"}},
		{tool: "get_zpa_enrollment_certificate", args: `{"search":"name+CONTAINS+client","page_size":1}`, want: []string{"Client"}},
		{tool: "get_zpa_enrollment_certificate", args: `{"name":"service EDGE","certificate_id":"6571","search":"x","page":4}`, want: []string{"Service Edge"}},
		{tool: "get_zpa_enrollment_certificate", args: `{"certificate_id":"6571"}`, want: []string{"Root"}},
		{tool: "get_zpa_enrollment_certificate", args: `{"certificate_id":"1"}`, refused: "resource.not.found"},
		{tool: "get_zpa_enrollment_certificate", args: `{"name":"Edge"}`, refused: `named "Edge"`},
		{tool: "get_zpa_posture_profile", args: `{"name":"Firewall on"}`, want: []string{"Firewall on"}},
		{tool: "get_zpa_posture_profile", args: `{"name":"firewall on"}`, refused: `named "firewall on"`},
		{tool: "get_zpa_posture_profile", args: `{"profile_id":"288341529047101601","name":"other"}`, want: []string{"Disk encrypted"}},
		{tool: "get_zpa_posture_profile", args: `{"page_size":2,"page":3}`, want: []string{"Managed browser"}},
		{tool: "get_zpa_trusted_network", args: `{"name":"Offices"}`, want: []string{"Offices"}},
		{tool: "get_zpa_trusted_network", args: `{"name":"offices"}`, refused: `named "offices"`},
		{tool: "get_zpa_trusted_network", args: `{"network_id":"288341529047101502"}`, want: []string{"Oslo office"}},
		{tool: "get_zpa_trusted_network", args: `{"network_id":"2"}`, refused: "resource.not.found"},
		{tool: "get_zpa_app_protection_profile", args: `{"name":"Observe only"}`, want: []string{"Observe only"}},
		{tool: "get_zpa_app_protection_profile", args: `{"name":"observe only"}`, refused: `named "observe only"`},
		{tool: "get_zpa_app_protection_profile", args: `{}`, want: []string{"OWASP predefined", "Web applications", "Observe only"}},
		{tool: "get_zpa_isolation_profile", args: `{}`, want: []string{"Read only", "Full access", "Contractors"}},
		{tool: "get_zpa_isolation_profile", args: `{"name":"Contractors"}`, want: []string{"Contractors"}},
		{tool: "get_zpa_isolation_profile", args: `{"name":"contractors"}`, refused: `named "contractors"`},
	} {
		result, failure := b.call(t, c.tool, c.args)
		if c.refused != "" || failure != "" {
			if c.refused == "" || !strings.Contains(failure, c.refused) {
				t.Errorf("%s %s: %q, want %q", c.tool, c.args, failure, c.refused)
			}
			continue
		}
		if diff := cmp.Diff(c.want, names(t, result, "name")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.tool, c.args, diff)
		}
	}
}

// TestOneCertificateOfAName: of certificates whose names differ in case only, the exact one is the answer, else each.
func TestOneCertificateOfAName(t *testing.T) {
	b := newBench(t, canned(map[string]string{"GET /enrollmentCert": `{"list":[{"id":"1","name":"ROOT"},{"id":"2","name":"Root"}]}`}))
	for name, want := range map[string][]string{"Root": {"2"}, "root": {"1", "2"}} {
		if diff := cmp.Diff(want, names(t, b.must(t, "get_zpa_enrollment_certificate", `{"name":"`+name+`"}`), "id")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestBulkDeletes: the human sees each name, all that is listed goes and nothing else, success is reported as such, and
// where one does not exist nobody is asked.
func TestBulkDeletes(t *testing.T) {
	for tool, c := range map[string]struct{ argument, lister, one, two, want string }{
		"zpa_bulk_delete_app_connectors": {"connector_ids", "zpa_list_app_connectors", "288341529047101208", "288341529047101204", `delete 2 app connectors: "singapore-1" (id 288341529047101208), "oslo-2" (id 288341529047101204)`},
		"zpa_bulk_delete_service_edges":  {"service_edge_ids", "zpa_list_service_edges", "288341529047101404", "288341529047101401", `delete 2 service edges: "edge-oslo-2" (id 288341529047101404), "edge-paris-1" (id 288341529047101401)`},
	} {
		b := newBench(t, nil)
		before := names(t, b.must(t, c.lister, `{}`), "id")
		if _, failure := b.call(t, tool, args(t, map[string]any{c.argument: []string{c.one, "12"}})); !strings.Contains(failure, "12") || len(b.Asked()) > 0 || strings.Contains(b.Lines(), "POST") {
			t.Errorf("%s of one that is not there: %q, asked %q", tool, failure, b.Asked())
		}
		if _, failure := b.call(t, tool, args(t, map[string]any{c.argument: []string{c.one}, "microtenant_id": b.Tenant.MicrotenantID})); !strings.Contains(failure, c.one) {
			t.Errorf("%s in another microtenant: %q", tool, failure)
		}
		answer := b.must(t, tool, args(t, map[string]any{c.argument: []string{c.one, c.two}}))
		if !strings.Contains(answer, `"success":true`) || !strings.Contains(answer, "Deleted 2 ") {
			t.Errorf("%s answered %s", tool, answer)
		}
		if diff := cmp.Diff([]string{"Confirm this deletion: " + c.want}, b.Asked()); diff != "" {
			t.Errorf("%s: asked (-want +got):\n%s", tool, diff)
		}
		if diff := cmp.Diff(decode(t, args(t, map[string]any{"ids": []string{c.one, c.two}})), b.Last(t, "POST").Body); diff != "" {
			t.Errorf("%s: sent (-want +got):\n%s", tool, diff)
		}
		if after := names(t, b.must(t, c.lister, `{}`), "id"); len(after) != len(before)-2 || strings.Contains(strings.Join(after, " "), c.one) {
			t.Errorf("%s left %v of %v", tool, after, before)
		}
	}
}

// TestBulkDeleteLooksOnEveryPage: objects of later pages are found, and the question comes before the deletion.
func TestBulkDeleteLooksOnEveryPage(t *testing.T) {
	b := newBench(t, func(r paritytest.Request) (int, string) {
		if r.Method == http.MethodPost {
			return http.StatusNoContent, ""
		}
		return http.StatusOK, `{"totalPages":"2","totalCount":"501","list":[{"id":"` + r.Query.Get("page") + `","name":"c"}]}`
	})
	b.must(t, "zpa_bulk_delete_app_connectors", `{"connector_ids":["2"]}`)
	want := []string{"GET page=1", "GET page=2", "POST page="}
	var got []string
	for _, r := range b.Requests() {
		got = append(got, r.Method+" page="+r.Query.Get("page"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// TestBulkDeleteShowsAll: every object has its name in the question, and of more than it can show none is deleted.
func TestBulkDeleteShowsAll(t *testing.T) {
	for _, c := range []struct {
		count int
		asked bool
	}{{60, true}, {200, false}} {
		var ids, list []string
		for i := range c.count {
			ids = append(ids, strconv.Itoa(i))
			list = append(list, fmt.Sprintf(`{"id":"%d","name":"connector-%d%s"}`, i, i, strings.Repeat("x", 60)))
		}
		b := newBench(t, func(r paritytest.Request) (int, string) {
			if r.Method == http.MethodPost {
				return http.StatusNoContent, ""
			}
			return http.StatusOK, `{"totalPages":"1","totalCount":"` + strconv.Itoa(c.count) + `","list":[` + strings.Join(list, ",") + `]}`
		})
		_, failure := b.call(t, "zpa_bulk_delete_app_connectors", args(t, map[string]any{"connector_ids": ids, "microtenant_id": "5"}))
		for _, r := range b.Requests() {
			if r.Query.Get("microtenantId") != "5" {
				t.Errorf("%s is outside of the microtenant", r)
			}
		}
		asked := strings.Join(b.Asked(), "")
		if (failure == "") != c.asked || strings.Contains(b.Lines(), "POST") != c.asked || strings.Count(asked, `"connector-`) != len(b.Asked())*c.count {
			t.Errorf("%d objects: failed with %q, asked %q", c.count, failure, asked)
		}
	}
}

// lssAnswer is the result of a tool that answers a catalogue.
type lssAnswer struct {
	Kind  string
	Items any
}

// TestLogStreaming is the catalogues of log streaming: what they hold, and that failures keep their cause.
func TestLogStreaming(t *testing.T) {
	b := newBench(t, nil)
	catalogue := func(name, args string) (a lssAnswer) {
		t.Helper()
		if err := json.Unmarshal([]byte(b.must(t, name, args)), &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	types := catalogue("zpa_list_lss_log_types", `{}`)
	if len(b.Requests()) > 0 || types.Kind != "log_types" || len(types.Items.([]any)) != 8 {
		t.Errorf("log types %v, with %d requests", types, len(b.Requests()))
	}
	inAPI := map[string]string{
		"app_connector_metrics": "zpn_ast_comprehensive_stats", "app_connector_status": "zpn_ast_auth_log", "audit_logs": "zpn_audit_log", "browser_access": "zpn_http_trans_log",
		"private_svc_edge_status": "zpn_sys_auth_log", "user_activity": "zpn_trans_log", "user_status": "zpn_auth_log", "web_inspection": "zpn_waf_http_exchanges_log",
	}
	for _, kind := range types.Items.([]any) {
		format := catalogue("zpa_get_lss_log_format", args(t, map[string]any{"log_type": kind}))
		if items, _ := format.Items.(map[string]any); format.Kind != "log_format" || len(items) != 3 {
			t.Errorf("format of %s: %v", kind, format)
		}
		if got := b.Last(t).Query.Get("logType"); got != inAPI[kind.(string)] {
			t.Errorf("asked for the format of %s by %s", kind, got)
		}
	}
	clients := catalogue("zpa_list_lss_client_types", `{}`)
	if items, _ := clients.Items.(map[string]any); clients.Kind != "client_types" || items["client_connector_partner"] != "zpn_client_type_zapp_partner" || len(items) != 9 {
		t.Errorf("client types %v", clients)
	}
	for args, want := range map[string]int{`{}`: 4, `{"log_type":"all"}`: 4, `{"log_type":"user_activity"}`: 3} {
		codes := catalogue("zpa_list_lss_status_codes", args)
		if items, _ := codes.Items.(map[string]any); codes.Kind != "status_codes" || len(items) != want {
			t.Errorf("status codes %s: %v", args, codes)
		}
	}
	if _, failure := b.call(t, "zpa_list_lss_status_codes", `{"log_type":"audit_logs"}`); !strings.Contains(failure, "user_activity") {
		t.Errorf("codes of a kind that has none: %q", failure)
	}
	if got := rows(t, b.must(t, "zpa_list_lss_configs", `{"search":"Audit"}`)); len(got) != 1 || string(b.must(t, "zpa_get_lss_config", `{"lss_config_id":"`+text(got[0]["id"])+`"}`)) == "" {
		t.Errorf("receivers %v", got)
	}
	failing := newBench(t, func(paritytest.Request) (int, string) { return http.StatusForbidden, `{"id":"resource.bad"}` })
	for name, args := range map[string]string{
		"zpa_get_lss_log_format": `{"log_type":"user_status"}`, "zpa_list_lss_client_types": `{}`, "zpa_list_lss_status_codes": `{}`, "zpa_get_service_edge": `{"service_edge_id":"1"}`,
	} {
		if _, failure := failing.call(t, name, args); !strings.Contains(failure, "resource.bad") {
			t.Errorf("%s: %q hides the cause", name, failure)
		}
	}
}

// TestStatusCodeForms: codes that name their kinds themselves are filtered, what is in no known form is no answer, and
// client types of one name are told apart.
func TestStatusCodeForms(t *testing.T) {
	for answer, want := range map[string]string{
		`[{"code":"a","log_types":["zpn_auth_log"]},{"code":"b","logTypes":["zpn_trans_log"]}]`:         `[{"code":"b","logTypes":["zpn_trans_log"]}]`,
		`{"a":{"log_types":["zpn_auth_log"]},"b":{"log_types":["zpn_trans_log"],"n":9007199254740993}}`: `{"b":{"log_types":["zpn_trans_log"],"n":9007199254740993}}`,
		`{"zpn_trans_log":{"c":{}},"zpn_auth_log":{}}`:                                                  `{"c":{}}`,
		`{"a":{},"b":"x"}`: "", `[]`: "", `"x"`: "",
	} {
		b := newBench(t, canned(map[string]string{"GET /statusCodes": answer}))
		got, failure := b.call(t, "zpa_list_lss_status_codes", `{"log_type":"user_activity"}`)
		if (failure != "") != (want == "") || want != "" && got != `{"items":`+want+`,"kind":"status_codes"}` {
			t.Errorf("%s: %s %s", answer, got, failure)
		}
	}
	b := newBench(t, canned(map[string]string{"GET /clientTypes": `{"z1":"Same Name","z2":"Same name","z3":"Other"}`}))
	want := `{"items":{"other":"z3","same_name":"z1","same_name_z2":"z2"},"kind":"client_types"}`
	if got := b.must(t, "zpa_list_lss_client_types", `{}`); got != want {
		t.Errorf("client types %s, want %s", got, want)
	}
}

// TestMoreRows: where a list has more rows, the page to ask for is named, also behind a look-up, and all of them can be had.
func TestMoreRows(t *testing.T) {
	b := newBench(t, nil)
	for tool, args := range map[string]string{
		"zpa_list_app_connectors": `{"page_size":2}`, "get_zpa_saml_attribute": `{"idp_name":"Acme Identity","page_size":2}`,
		"get_zpa_scim_group": `{"idp_name":"Acme Identity","page_size":2}`, "zpa_list_provisioning_keys": `{"key_type":"connector","page_size":1}`,
	} {
		if got := paritytest.Text(b.Result(t, tool, json.RawMessage(args))); !strings.Contains(got, "call again with page=2") {
			t.Errorf("%s: %s", tool, got)
		}
	}
	if got := names(t, b.must(t, "get_zpa_saml_attribute", `{"idp_name":"Acme Identity","page_size":2,"all":true}`), "samlName"); len(got) != 5 {
		t.Errorf("all attributes: %v", got)
	}
	if _, failure := b.call(t, "get_zpa_isolation_profile", `{"all":true}`); !strings.Contains(failure, "all") {
		t.Errorf("a list without pages takes all: %q", failure)
	}
}
