package zscalertest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

const ziaBase = "/zia/api/v1"

// Each refusal of the parts of ZIA that are about sites and people, and a lawful neighbour.
func TestZIASitesRefuse(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for _, test := range []struct{ method, path, bad, good string }{
		{"POST", "/staticIP", `{"ipAddress":"here"}`, `{"ipAddress":"203.0.113.201"}`},
		{"POST", "/staticIP", `{"comment":"x"}`, `{"ipAddress":"203.0.113.202","comment":"x"}`},
		{"PUT", "/staticIP/2402605", `{"ipAddress":"203.0.113.200"}`, `{"ipAddress":"198.51.100.50"}`},
		{"POST", "/locations", `{"name":"A"}`, `{"name":"A","ipAddresses":["203.0.113.201"]}`},
		{"POST", "/locations", `{"name":"B","ipAddresses":["203.0.113.250"]}`, `{"name":"B","vpnCredentials":[{"id":2402803}]}`},
		{"POST", "/locations", `{"name":"C","vpnCredentials":[{"id":1}]}`, `{"name":"C","vpnCredentials":[{"id":2402804}]}`},
		{"POST", "/locations", `{"name":"D","parentId":1,"ipAddresses":["10.0.0.0-10.0.0.9"]}`, `{"name":"D","parentId":2402302,"ipAddresses":["10.0.0.0-10.0.0.9"]}`},
		{"POST", "/vpnCredentials", `{"type":"UFQDN","fqdn":"x@acme.example.com"}`, `{"type":"UFQDN","fqdn":"x@acme.example.com","preSharedKey":"k"}`},
		{"POST", "/vpnCredentials", `{"type":"UFQDN","fqdn":"y","preSharedKey":"k"}`, `{"type":"UFQDN","fqdn":"y@acme.example.com","preSharedKey":"k"}`},
		{"POST", "/vpnCredentials", `{"type":"IP","ipAddress":"203.0.113.250","preSharedKey":"k"}`, `{"type":"IP","ipAddress":"203.0.113.202","preSharedKey":"k"}`},
		{"POST", "/vpnCredentials", `{"type":"CN","fqdn":"z@acme.example.com","preSharedKey":"k"}`, `{"type":"UFQDN","fqdn":"z@acme.example.com","preSharedKey":"k"}`},
		{"PUT", "/vpnCredentials/2402803", `{"type":"UFQDN","fqdn":"other@acme.example.com"}`, `{"type":"UFQDN","fqdn":"popup@acme.example.com"}`},
		{"POST", "/greTunnels", `{"sourceIp":"203.0.113.250","primaryDestVip":{"id":2402901},"secondaryDestVip":{"id":2402903},"ipUnnumbered":true}`, `{"sourceIp":"203.0.113.201","primaryDestVip":{"id":2402901},"secondaryDestVip":{"id":2402903},"ipUnnumbered":true}`},
		{"POST", "/greTunnels", `{"sourceIp":"198.51.100.50","primaryDestVip":{"id":2402901},"secondaryDestVip":{"id":2402901},"ipUnnumbered":true}`, ``},
		{"POST", "/greTunnels", `{"sourceIp":"198.51.100.50","primaryDestVip":{"id":2402901},"secondaryDestVip":{"id":2402903},"internalIpRange":"172.17.0.0"}`, `{"sourceIp":"198.51.100.50","primaryDestVip":{"id":2402901},"secondaryDestVip":{"id":2402903},"internalIpRange":"172.17.0.16"}`},
		{"POST", "/timeIntervals", `{"name":"N","startTime":0,"endTime":1440,"daysOfWeek":["MON"]}`, `{"name":"N","startTime":0,"endTime":1439,"daysOfWeek":["MON"]}`},
		{"POST", "/timeIntervals", `{"name":"M","startTime":0,"endTime":9,"daysOfWeek":["MONDAY"]}`, `{"name":"M","startTime":0,"endTime":9,"daysOfWeek":["EVERYDAY"]}`},
		{"PUT", "/advancedSettings", `{"logInternalIp":"yes"}`, `{"logInternalIp":true}`},
		{"POST", "/authSettings/exemptedUrls?action=ADD", `{"urls":["a.test"]}`, ``},
		{"POST", "/authSettings/exemptedUrls?action=ADD_TO_LIST", `{"urls":"a.test"}`, `{"urls":["a.test"]}`},
		{"PUT", "/cloudApplications/bulkUpdate", `{"sanctionedState":"SANCTIONED","applicationIds":["655001"],"customTags":[]}`, `{"sanctionedState":"SANCTIONED","applicationIds":[655001]}`},
		{"PUT", "/cloudApplications/bulkUpdate", `{"sanctionedState":"OK","applicationIds":[655001]}`, `{"sanctionedState":"ANY","applicationIds":[655001],"customTags":[{"id":655101}]}`},
		{"PUT", "/cloudApplications/bulkUpdate", `{"sanctionedState":"ANY","applicationIds":[655001],"customTags":[{"id":1}]}`, ``},
		{"GET", "/greTunnels/availableInternalIpRanges?limit=0", ``, ``}, {"GET", "/vips/recommendedList", ``, ``}, {"GET", "/region/search", ``, ``},
		{"GET", "/region/byGeoCoordinates?latitude=1", ``, ``}, {"GET", "/cloudApplications/lite?limit=1001", ``, ``},
	} {
		if a := c.do(test.method, ziaBase+test.path, test.bad); a.status != 400 {
			t.Errorf("%s %s %s: status %d, want 400", test.method, test.path, test.bad, a.status)
		}
		if a := c.do(test.method, ziaBase+test.path, test.good); test.good != "" && a.status != 200 && a.status != 204 {
			t.Errorf("%s %s %s: status %d: %s", test.method, test.path, test.good, a.status, a.text)
		}
	}
	c.wantCode(409, "DUPLICATE_ITEM", "POST", ziaBase+"/staticIP", `{"ipAddress":"203.0.113.201"}`)
	c.wantCode(409, "DUPLICATE_ITEM", "POST", ziaBase+"/vpnCredentials", `{"type":"UFQDN","fqdn":"LAB@acme.example.com","preSharedKey":"k"}`)
	c.wantCode(409, "RESOURCE_IN_USE", "DELETE", ziaBase+"/staticIP/2402604", "")
	c.wantCode(409, "RESOURCE_IN_USE", "DELETE", ziaBase+"/staticIP/2402603", "")
	c.wantCode(409, "RESOURCE_IN_USE", "DELETE", ziaBase+"/vpnCredentials/2402801", "")
}

// What a PUT does not name is off or empty afterwards.
func TestZIASettingsAreReplaced(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.want(200, "PUT", ziaBase+"/advancedSettings", `{"logInternalIp":true,"unknown":1}`)
	got := c.want(200, "GET", ziaBase+"/advancedSettings", "").object()
	if fmt.Sprintf("%v %v %v %v %v", got["logInternalIp"], got["cascadeUrlFiltering"], got["authBypassUrls"], got["uiSessionTimeout"], got["unknown"]) != "true false [] 0 <nil>" {
		t.Errorf("settings %v", got)
	}
}

func TestZIASitesOfAnEmptyTenant(t *testing.T) {
	c := start(t, zscalertest.Options{Empty: true})
	for path, want := range map[string]int{
		"/locations": 0, "/locations/groups": 3, "/staticIP": 0, "/greTunnels": 0, "/vpnCredentials": 0, "/users": 0, "/groups": 0, "/departments": 0, "/deviceGroups": 6,
		"/deviceGroups/devices": 0, "/workloadGroups": 0, "/timeIntervals": 0, "/cloudApplications/lite": 12, "/customTags": 0, "/vips/recommendedList?sourceIp=203.0.113.1": 5,
	} {
		if got := c.want(200, "GET", ziaBase+path, "").list(); len(got) != want {
			t.Errorf("%s: %d rows, want %d", path, len(got), want)
		}
	}
	if a := c.want(200, "GET", ziaBase+"/authSettings/exemptedUrls", ""); strings.TrimSpace(a.text) != `{"urls":[]}` {
		t.Errorf("exempt URLs %s", a.text)
	}
}
