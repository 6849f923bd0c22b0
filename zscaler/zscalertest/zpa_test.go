package zscalertest_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

const (
	zpaV1    = "/zpa/mgmtconfig/v1/admin/customers/288341529047105536"
	zpaV2    = "/zpa/mgmtconfig/v2/admin/customers/288341529047105536"
	segments = zpaV1 + "/application"
	payroll  = "288341529047100201"
	finance  = "288341529047100101"
	retail   = "?microtenantId=288341529047139712"
)

func rows(a answer) []any { l, _ := a.object()["list"].([]any); return l }

func TestZPAEnvelopeAndPages(t *testing.T) {
	c := start(t, zscalertest.Options{})
	first := c.want(200, "GET", groupsPath, "")
	if first.object()["totalPages"] != "2" || first.object()["totalCount"] != "27" || len(rows(first)) != 20 {
		t.Errorf("first page: %v %v with %d rows", first.object()["totalPages"], first.object()["totalCount"], len(rows(first)))
	}
	if second := c.want(200, "GET", groupsPath+"?page=2", ""); len(rows(second)) != 7 {
		t.Errorf("second page: %d rows", len(rows(second)))
	}
	none := c.want(200, "GET", groupsPath+"?search="+url.QueryEscape("name+EQ+nothing"), "")
	if diff := cmp.Diff(object{"totalPages": "0", "totalCount": "0"}, none.object()); diff != "" {
		t.Errorf("an empty answer has no list (-want +got):\n%s", diff)
	}
	if all := c.want(200, "GET", groupsPath+"?pagesize=500", ""); len(rows(all)) != 27 {
		t.Errorf("pagesize 500: %d rows", len(rows(all)))
	}
	c.want(400, "GET", groupsPath+"?pagesize=501", "")
	c.want(400, "GET", groupsPath+"?page=0", "")
	sorted := names(rows(c.want(200, "GET", groupsPath+"?sortBy=name&sortOrder=DESC", "")), "name")
	if sorted[0] != "Wiki" {
		t.Errorf("sorted: %v", sorted)
	}
}

func TestZPASearch(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for search, want := range map[string]string{
		"name+EQ+finance applications": "Finance applications", "name+CONTAINS+main": "Legacy mainframe", "name+STARTSWITH+Sour": "Source control",
		"name+ENDSWITH+surveillance": "Video surveillance", "enabled+EQ+false": "Legacy mainframe", "id+LE+" + finance: "Finance applications",
	} {
		got := names(rows(c.want(200, "GET", groupsPath+"?search="+url.QueryEscape(search), "")), "name")
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", search, diff)
		}
	}
	if got := rows(c.want(200, "GET", segments+"?search="+url.QueryEscape("domainNames+EQ+db2.example.net"), "")); len(got) != 1 {
		t.Errorf("a list matches by its entries: %v", got)
	}
	// Plus signs that were not escaped arrive as spaces, and plain text is refused.
	for _, bad := range []string{"finance", "name+EQ+finance", "name%2BLIKE%2Bfinance"} {
		c.wantCode(400, "filtering.input.invalid.operand", "GET", groupsPath+"?search="+bad, "")
	}
}

func TestSegmentGroupLifecycle(t *testing.T) {
	c := start(t, zscalertest.Options{})
	made := c.want(201, "POST", groupsPath, `{"name":"New","description":"d","enabled":true}`).object()
	id := text(made["id"])
	if len(id) != 18 || made["creationTime"] == nil {
		t.Errorf("created %v", made)
	}
	c.wantCode(400, "resource.already.exist", "POST", groupsPath, `{"name":"New"}`)
	c.wantCode(400, "missing.required.field", "POST", groupsPath, `{"description":"d"}`)
	v2 := zpaV2 + "/segmentGroup/" + id
	if a := c.want(204, "PUT", v2, `{"name":"Newer","description":null,"enabled":null}`); a.text != "" {
		t.Errorf("204 with %q", a.text)
	}
	got := c.want(200, "GET", groupsPath+"/"+id, "").object()
	if got["name"] != "Newer" || got["description"] != nil || got["enabled"] != true {
		t.Errorf("PUT loses the description and keeps enabled: %v", got)
	}
	c.want(204, "DELETE", groupsPath+"/"+id, "")
	c.wantCode(404, "resource.not.found", "GET", groupsPath+"/"+id, "")
	c.wantCode(400, "resource.in.use", "DELETE", groupsPath+"/"+finance, "")
}

func TestCustomerAndMicrotenant(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.wantCode(403, "authorization.failed", "GET", strings.Replace(groupsPath, c.tenant.CustomerID, "None", 1), "")
	c.want(400, "GET", groupsPath+"?microtenantId=12", "")
	got := c.want(200, "GET", groupsPath+retail, "")
	if diff := cmp.Diff([]string{"Shop tills", "Shop back office"}, names(rows(got), "name")); diff != "" {
		t.Errorf("groups of the microtenant (-want +got):\n%s", diff)
	}
	c.want(404, "GET", groupsPath+"/"+finance+retail, "")
	made := c.want(201, "POST", groupsPath, `{"name":"Finance applications","microtenantId":"`+c.tenant.MicrotenantID+`"}`).object()
	if made["microtenantName"] != "Acme Retail" {
		t.Errorf("created %v", made)
	}
	c.want(404, "GET", groupsPath+"/"+text(made["id"]), "")
	c.want(200, "GET", groupsPath+"/"+text(made["id"])+retail, "")
}

func TestApplicationSegmentLifecycle(t *testing.T) {
	c := start(t, zscalertest.Options{})
	body := func(extra string) string {
		return `{"name":"App","segmentGroupId":"` + finance + `","domainNames":["app.example.com"]` + extra + `}`
	}
	for _, bad := range []string{
		body(""), body(`,"tcpPortRanges":[]`), body(`,"tcpPortRanges":["80"]`), body(`,"tcpPortRanges":[80,80]`), body(`,"tcpPortRanges":["90","80"]`),
		body(`,"tcpPortRanges":["80","80"],"tcpPortRange":[{"from":"81","to":"81"}]`), body(`,"tcpPortRange":{"from":"81","to":"81"}`),
		`{"name":"App","segmentGroupId":"1","domainNames":["a.example.com"],"tcpPortRanges":["80","80"]}`,
		`{"name":"App","segmentGroupId":"` + finance + `","tcpPortRanges":["80","80"]}`, body(`,"tcpPortRanges":["80","80"],"serverGroups":[{"id":"1"}]`),
	} {
		c.want(400, "POST", segments, bad)
	}
	made := c.want(201, "POST", segments, body(`,"tcpPortRange":[{"from":"80","to":"81"}],"udpPortRanges":["53","53"],"serverGroups":[{"id":"288341529047100301"}],"tcpPortRanges":[]`)).object()
	if fmt.Sprint(made["tcpPortRanges"], made["udpPortRange"]) != "[80 81] [map[from:53 to:53]]" {
		t.Errorf("both port styles must come back: %v", made)
	}
	if made["segmentGroupName"] != "Finance applications" || made["bypassType"] != "NEVER" || names(made["serverGroups"].([]any), "name")[0] != "Headquarters servers" {
		t.Errorf("created %v", made)
	}
	path := segments + "/" + text(made["id"])
	c.want(204, "PUT", path, body(`,"tcpPortRanges":["443","443"],"tcpPortRange":[],"udpPortRanges":[],"udpPortRange":[]`))
	got := c.want(200, "GET", path, "").object()
	if fmt.Sprint(got["tcpPortRanges"]) != "[443 443]" || got["udpPortRanges"] != nil || got["serverGroups"] != nil {
		t.Errorf("replaced %v", got)
	}
	if members := c.want(200, "GET", groupsPath+"/"+finance, "").object()["applications"].([]any); len(members) != 3 {
		t.Errorf("segments of the group: %v", names(members, "name"))
	}
	c.want(204, "DELETE", path, "")
}

func TestReferencedSegmentNeedsForce(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.wantCode(400, "resource.in.use", "DELETE", segments+"/"+payroll, "")
	c.want(204, "DELETE", segments+"/"+payroll+"?forceDelete=true", "")
	if all := c.want(200, "GET", zpaV1+"/policySet/rules/policyType/ACCESS_POLICY", ""); strings.Contains(all.text, payroll) {
		t.Error("a rule still names the segment")
	}
}

func TestAppsByType(t *testing.T) {
	c := start(t, zscalertest.Options{})
	list := segments + "/getAppsByType?applicationType="
	for kind, want := range map[string]int{"BROWSER_ACCESS": 2, "SECURE_REMOTE_ACCESS": 2, "INSPECT": 1} {
		if got := rows(c.want(200, "GET", list+kind+"&expandAll=false", "")); len(got) != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
	c.want(400, "GET", list+"OTHER", "")
	wiki := segments + "/288341529047100207"
	put := func(apps string) {
		c.want(204, "PUT", wiki, `{"name":"Wiki","segmentGroupId":"`+finance+`","domainNames":["wiki.example.com","w2.example.com"],"tcpPortRanges":["443","443"],"commonAppsDto":{`+apps+`}}`)
	}
	put(`"appsConfig":[{"baAppId":"7001","appTypes":["BROWSER_ACCESS"],"domain":"wiki.example.com","applicationPort":"8443","applicationProtocol":"HTTPS"},
		{"baAppId":"","appTypes":["BROWSER_ACCESS"],"domain":"w2.example.com","applicationPort":"443","applicationProtocol":"HTTPS"}]`)
	apps := c.want(200, "GET", wiki, "").object()["clientlessApps"].([]any)
	if diff := cmp.Diff([]string{"8443", "443"}, names(apps, "applicationPort")); diff != "" || names(apps, "id")[0] != "7001" || names(apps, "appId")[1] != "288341529047100207" {
		t.Errorf("apps %v", apps)
	}
	put(`"deletedBaApps":["7001"]`)
	if apps := c.want(200, "GET", wiki, "").object()["clientlessApps"].([]any); len(apps) != 1 {
		t.Errorf("after the delete: %v", apps)
	}
	c.want(400, "PUT", wiki, `{"name":"Wiki","segmentGroupId":"`+finance+`","domainNames":["wiki.example.com"],"commonAppsDto":{"appsConfig":[{"appTypes":["BROWSER_ACCESS"],"domain":"other.example.com","applicationPort":"443"}]}}`)
}

func TestSCIMGroupsHaveNumbersAbove2To53(t *testing.T) {
	c := start(t, zscalertest.Options{})
	base := "/zpa/userconfig/v1/customers/" + c.tenant.CustomerID + "/scimgroup/"
	a := c.want(200, "GET", base+"idpId/288341529047100501?search=fin", "")
	if !strings.Contains(a.text, `"idpId":288341529047100501`) || !strings.Contains(a.text, `"totalCount":1`) || len(rows(a)) != 1 {
		t.Errorf("ids and totals are JSON numbers: %s", a.text)
	}
	c.want(200, "GET", base+"288341529047100601", "")
	c.wantCode(404, "resource.not.found", "GET", base+"1", "")
}
