package zpa_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// TestRemoteAccessAppsAreMatchedByDomain: on update the application with a known domain keeps its id,
// that with a new one is added, and that whose domain is gone is removed.
func TestRemoteAccessAppsAreMatchedByDomain(t *testing.T) {
	b := newBench(t, nil)
	const segment = `"segment_id":"288341529047100209"`
	after := b.must(t, "zpa_update_application_segment_pra", `{`+segment+`,"domain_names":["rdp1.example.net","rdp2.example.net"],"common_apps_dto":{"apps_config":[
		{"name":"first","domain":"rdp1.example.net","application_port":"3389","application_protocol":"RDP","connection_security":"ANY"},
		{"name":"second","domain":"rdp2.example.net","application_port":"3389","application_protocol":"RDP"}]}}`)
	names := map[string]string{}
	for _, row := range rowsOf(t, fields(t, after)["praApps"]) {
		app := fields(t, string(row))
		names[text(app["name"])] = text(app["id"])
	}
	if len(names) != 2 || names["first"] != "7004" || names["second"] == "" || names["second"] == "7005" {
		t.Errorf("applications and their ids %v, want first to be 7004, second a new one, and 7005 gone", names)
	}
}

// TestBrowserAppsThroughAdvanced reaches browser-access applications by advanced.common_apps_dto.
func TestBrowserAppsThroughAdvanced(t *testing.T) {
	b := newBench(t, nil)
	before := b.must(t, "zpa_get_application_segment_ba", `{"segment_id":"288341529047100208"}`)
	after := b.must(t, "zpa_update_application_segment_ba", `{"segment_id":"288341529047100208","advanced":{"common_apps_dto":{"apps_config":[
		{"name":"renamed","domain":"tickets.example.com","application_port":"443","application_protocol":"HTTPS","certificate_id":"7501"}]}}}`)
	changed(t, before, after, "clientlessApps")
	var apps []struct{ ID, Name string }
	if err := json.Unmarshal(fields(t, after)["clientlessApps"], &apps); err != nil || len(apps) != 1 || apps[0].ID != "7002" || apps[0].Name != "renamed" {
		t.Errorf("clientless applications %+v, %v", apps, err)
	}
	for _, req := range b.Tenant.Requests() {
		if strings.HasSuffix(req.Path, "/getAppsByType") && !strings.Contains(req.RawQuery, "applicationType=BROWSER_ACCESS") {
			t.Errorf("looked up %s", req.RawQuery)
		}
	}
}

// pagedApps answers as a tenant with more applications than fit on a page, those of the segment on the last.
func pagedApps(req paritytest.Request) (int, string) {
	if !strings.HasSuffix(req.Path, "/getAppsByType") {
		return canned(map[string]string{"PUT ": ""})(req)
	}
	var rows []string
	switch req.Query.Get("page") {
	case "1", "2":
		for i := range 500 {
			rows = append(rows, fmt.Sprintf(`{"id":"%s%03d","appId":"288341529047100777","domain":%q}`, req.Query.Get("page"), i, []string{"a.example.com", "x.example.com"}[i%2]))
		}
	case "3":
		rows = []string{
			`{"id":"31","appId":"288341529047100002","domain":"a.example.com","applicationPort":"22"}`,
			`{"id":"32","appId":"288341529047100002","domain":"a.example.com","applicationPort":"3389"}`,
			`{"id":"33","appId":"288341529047100002","domain":"gone.example.com"}`,
		}
	}
	return http.StatusOK, `{"totalPages":"3","totalCount":"1003","list":[` + strings.Join(rows, ",") + `]}`
}

// TestAppsOfEveryPage: applications are looked for on all pages, those of other segments are left
// alone, and among several of one domain the port decides.
func TestAppsOfEveryPage(t *testing.T) {
	for kind, names := range map[string][3]string{
		"pra": {"SECURE_REMOTE_ACCESS", "praAppId", "deletedPraApps"}, "ba": {"BROWSER_ACCESS", "baAppId", "deletedBaApps"},
	} {
		b := newBench(t, pagedApps)
		b.must(t, "zpa_update_application_segment_"+kind, `{"segment_id":"288341529047100002","microtenant_id":"288341529047139712","advanced":{"common_apps_dto":{"apps_config":[
			{"domain":"a.example.com","application_port":"3389"},{"domain":"A.Example.com","application_port":"22"},{"domain":"a.example.com"},
			{"domain":"new.example.com"},{"domain":"b.example.com","app_types":["INSPECT"]}]}}}`)
		body := b.Last(t, "PUT").Body.(map[string]any)
		entry := func(domain, port, id string) string {
			return fmt.Sprintf(`{"domain":%q%s,"appTypes":[%q],"appId":"288341529047100002",%q:%q}`, domain, port, names[0], names[1], id)
		}
		want := `{"appsConfig":[` + entry("a.example.com", `,"applicationPort":"3389"`, "32") + `,` + entry("A.Example.com", `,"applicationPort":"22"`, "31") + `,` +
			entry("a.example.com", "", "") + `,` +
			entry("new.example.com", "", "") + `,{"domain":"b.example.com","appTypes":["INSPECT"]}],"` + names[2] + `":["33"]}`
		if diff := cmp.Diff(decode(t, want), body["commonAppsDto"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
		pages := 0
		for _, req := range b.Requests() {
			if strings.HasSuffix(req.Path, "/getAppsByType") {
				pages++
				if req.Query.Get("applicationType") != names[0] || req.Query.Get("microtenantId") != "288341529047139712" {
					t.Errorf("%s: looked up %v", kind, req.Query)
				}
			}
		}
		if pages != 3 {
			t.Errorf("%s: %d pages read, want 3", kind, pages)
		}
	}
}

// TestAppsWithoutChange: an update that does not mention applications neither looks them up nor drops them.
func TestAppsWithoutChange(t *testing.T) {
	current := `{"id":"288341529047100002","commonAppsDto":{"appsConfig":[{"domain":"a","n":288341529047105537}]},"clientlessApps":[{"id":"1","domain":"a"}]}`
	b := newBench(t, canned(map[string]string{"GET /application/288341529047100002": current, "PUT ": ""}))
	b.must(t, "zpa_update_application_segment_pra", `{"segment_id":"288341529047100002","description":"d"}`)
	want := decode(t, strings.TrimSuffix(current, "}")+`,"description":"d"}`)
	if diff := cmp.Diff(want, b.Last(t, "PUT").Body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(b.Requests()) != 3 {
		t.Errorf("%d requests, want read, write and read", len(b.Requests()))
	}
}

// TestNewAppsGetTheirType: the type that the tool is for, unless one is given.
func TestNewAppsGetTheirType(t *testing.T) {
	b := newBench(t, canned(nil))
	b.must(t, "zpa_create_application_segment_pra", `{"name":"a","segment_group_id":"1","common_apps_dto":{"apps_config":[{"domain":"a"},{"domain":"b","app_types":["INSPECT"]}]}}`)
	body := b.Last(t, "POST").Body.(map[string]any)
	want := decode(t, `{"appsConfig":[{"domain":"a","appTypes":["SECURE_REMOTE_ACCESS"]},{"domain":"b","appTypes":["INSPECT"]}]}`)
	if diff := cmp.Diff(want, body["commonAppsDto"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(b.Requests()) != 1 {
		t.Errorf("%d requests, want one", len(b.Requests()))
	}
}

// TestClientlessAppsKeepTheirIDs: they go out under the API's name, and those that exist are changed
// and not added again, whether given by the argument or in advanced.
func TestClientlessAppsKeepTheirIDs(t *testing.T) {
	current := `{"id":"288341529047100002","clientlessApps":[{"id":"71","appId":"288341529047100002","domain":"a.example.com","applicationPort":"443"}]}`
	const apps = `[{"domain":"a.example.com","application_port":"443","certificate_id":"9"},{"domain":"new.example.com","application_port":"443"}]`
	want := decode(t, `[{"id":"71","appId":"288341529047100002","domain":"a.example.com","applicationPort":"443","certificateId":"9"},{"domain":"new.example.com","applicationPort":"443"}]`)
	for tool, in := range map[string]string{
		"zpa_update_application_segment_ba": `"clientless_app_ids":` + apps,
		"zpa_update_application_segment":    `"advanced":{"clientless_app_ids":` + apps + `}`,
	} {
		b := newBench(t, canned(map[string]string{"GET /application/288341529047100002": current, "PUT ": ""}))
		b.must(t, tool, `{"segment_id":"288341529047100002",`+in+`}`)
		body := b.Last(t, "PUT").Body.(map[string]any)
		if diff := cmp.Diff(want, body["clientlessApps"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tool, diff)
		}
		if _, ok := body["clientlessAppIds"]; ok {
			t.Errorf("%s: clientlessAppIds is sent", tool)
		}
	}
}

// TestAppsOfOtherSegments: a change of one segment reaches no application of another, whichever way that is named.
func TestAppsOfOtherSegments(t *testing.T) {
	const segment = `{"id":"5","clientlessApps":[{"id":"81","appId":"5","domain":"c.example.com"}]}`
	apps := `{"totalPages":"1","totalCount":"2","list":[{"id":"71","appId":"5","domain":"a.example.com"},{"id":"99","appId":"6","domain":"b.example.com"}]}`
	answer := canned(map[string]string{"GET /application/5": segment, "GET /getAppsByType": apps, "PUT ": ""})
	for in, ok := range map[string]bool{
		`"advanced":{"common_apps_dto":{"apps_config":[{"domain":"a.example.com","pra_app_id":"99"}]}}`:                         false,
		`"advanced":{"common_apps_dto":{"apps_config":[{"domain":"a.example.com","pra_app_id":"71"}]}}`:                         true,
		`"advanced":{"common_apps_dto":{"apps_config":[{"domain":"a.example.com","ba_app_id":99}]}}`:                            false,
		`"advanced":{"common_apps_dto":{"apps_config":[{"domain":"a.example.com","app_types":["INSPECT"],"app_id":"6"}]}}`:      false,
		`"advanced":{"common_apps_dto":{"apps_config":[{"domain":"a.example.com","app_types":["INSPECT"],"app_id":"5"}]}}`:      true,
		`"advanced":{"commonAppsDto":{"appsConfig":[{"domain":"a.example.com"}],"deletedInspectApps":["99"]}}`:                  false,
		`"advanced":{"commonAppsDto":{"appsConfig":[{"domain":"a.example.com"}],"deleted_ba_apps":["71"],"deletedPraApps":[]}}`: true,
		`"advanced":{"clientless_app_ids":[{"id":"99","domain":"c.example.com"}]}`:                                              false,
		`"advanced":{"clientlessApps":[{"app_id":"6","domain":"new.example.com"}]}`:                                             false,
		`"advanced":{"clientlessApps":[{"id":"81","domain":"new.example.com"},{"domain":"c.example.com"}]}`:                     true,
	} {
		for _, tool := range []string{"zpa_update_application_segment", "zpa_update_application_segment_ba", "zpa_update_application_segment_pra"} {
			b := newBench(t, answer)
			_, failure := b.call(t, tool, `{"segment_id":"5",`+in+`}`)
			if (failure == "") != ok || strings.Contains(b.Lines(), "PUT") != ok {
				t.Errorf("%s %s: failed with %q; requests:\n%s", tool, in, failure, b.Lines())
			}
		}
	}
}
