package zscalertest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func TestZTWGroups(t *testing.T) {
	c := start(t, zscalertest.Options{})
	const groups, status = "/ztw/api/v1/ipDestinationGroups", "/ztw/api/v1/ecAdminActivateStatus"
	staged := func() string { return text(c.want(200, "GET", status, "").object()["orgEditStatus"]) }
	made := c.want(200, "POST", groups, `{"name":"G","type":"DSTN_OTHER","countries":["COUNTRY_DE"],"description":null}`).object()
	one := groups + "/" + text(made["id"])
	if diff := cmp.Diff(any(made), c.want(200, "GET", one, "").value); diff != "" || staged() != "EDITS_PRESENT" {
		t.Errorf("status %s; made and read (-made +read):\n%s", staged(), diff)
	}
	c.want(200, "PUT", "/ztw/api/v1/ecAdminActivateStatus/activate", `{}`)
	if staged() != "EDITS_CLEARED" {
		t.Errorf("after activation: %s", staged())
	}
	if put := c.want(200, "PUT", one, `{"name":"G","type":"DSTN_IP"}`).object(); put["countries"] != nil || text(put["id"]) != text(made["id"]) {
		t.Errorf("a PUT keeps what it does not name: %v", put)
	}
	c.want(204, "DELETE", one, "")
	c.wantCode(404, "RESOURCE_NOT_FOUND", "GET", one, "")
	c.wantCode(404, "RESOURCE_NOT_FOUND", "DELETE", one, "")
	c.wantCode(409, "RESOURCE_IN_USE", "DELETE", groups+"/3301001", "")
	c.wantCode(409, "DUPLICATE_ITEM", "POST", groups, `{"name":"partner NETWORKS","type":"DSTN_IP"}`)
	for path, bodies := range map[string][]string{
		groups: {
			`{"name":"X"}`, `{"name":"X","type":"ANY"}`, `{"name":1,"type":"DSTN_IP"}`, `{"name":"X","type":"DSTN_IP","countries":["COUNTRY_DE"]}`,
			`{"name":"X","type":"DSTN_OTHER","countries":["DE"]}`, `{"name":"X","type":"DSTN_IP","addresses":[1]}`, `{"name":"X","type":"DSTN_IP","addresses":"a"}`,
		},
		"/ztw/api/v1/ipGroups":       {`{"name":"X"}`, `{"name":"X","ipAddresses":[]}`, `{"ipAddresses":["10.0.0.1"]}`},
		"/ztw/api/v1/ipSourceGroups": {`{"name":"X","ipAddresses":[]}`},
	} {
		for _, body := range bodies {
			c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", path, body)
		}
	}
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "GET", groups+"/lite7", "")
}

func TestZTWLists(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for path, want := range map[string]int{
		"ipDestinationGroups": 6, "ipDestinationGroups?excludeType=DSTN_IP": 3, "ipDestinationGroups/lite": 6, "ipGroups?search=pool%20p": 1, "ipGroups/lite?search=pool%20p": 5,
		"ipSourceGroups/lite": 5, "networkServices?protocol=TCP": 4, "networkServiceGroups": 5, "publicCloudInfo?cloudType=AWS": 3, "publicCloudAccountDetails?page=2&pageSize=4": 2,
		"adminRoles": 4, "adminRoles?includeAuditorRole=true&includeApiRoles=true": 6, "adminRoles?id=3310101&id=3310102": 2,
		"adminUsers": 5, "adminUsers?includeAdminUsers=false&includeAuditorUsers=true": 1, "adminUsers?search=ada": 1,
	} {
		if got := c.want(200, "GET", "/ztw/api/v1/"+path, "").list(); len(got) != want {
			t.Errorf("%s: %d rows, want %d", path, len(got), want)
		}
	}
	empty := start(t, zscalertest.Options{Empty: true})
	if got := empty.want(200, "GET", "/ztw/api/v1/networkServices", "").list(); len(got) != 6 {
		t.Errorf("an empty tenant has %d network services", len(got))
	}
	empty.want(200, "GET", "/ztw/api/v1/discoveryService/workloadDiscoverySettings", "")
}

func TestZCC(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for path, want := range map[string]int{
		"getDevices": 14, "getDevices?pageSize=5&page=3": 4, "getDevices?pageSize=5&page=9": 0, "getDevices?osType=5": 4, "getDevices?username=ADA.moreau@acme.example.com": 1,
		"webForwardingProfile/listByCompany": 6, "webForwardingProfile/listByCompany?search=phone": 1,
	} {
		if got := c.want(200, "GET", "/zcc/papi/public/v1/"+path, "").list(); len(got) != want {
			t.Errorf("%s: %d rows, want %d", path, len(got), want)
		}
	}
	page := c.want(200, "GET", "/zcc/papi/public/v1/webTrustedNetwork/listByCompany?search=branch&pageSize=1", "").object()
	if text(page["totalCount"]) != "2" || len(page["trustedNetworkContracts"].([]any)) != 1 {
		t.Errorf("trusted networks %v", page)
	}
	device, _ := c.want(200, "GET", "/zcc/papi/public/v1/getDevices", "").list()[0].(object)
	first := c.want(200, "GET", "/zcc/papi/public/v1/getOtp?udid="+text(device["udid"]), "").object()
	second := c.want(200, "GET", "/zcc/papi/public/v1/getOtp?udid="+text(device["udid"]), "").object()
	if len(first) != 11 || first["otp"] == second["otp"] || first["otp"] == first["exitOtp"] {
		t.Errorf("passwords %v and %v", first, second)
	}
	if got := c.want(200, "GET", "/zcc/papi/public/v1/getOtp?udid=x", "").object(); got["success"] != "false" {
		t.Errorf("an unknown device: %v", got)
	}
	for _, path := range []string{"getDevices?osType=9", "getDevices?page=0", "getDevices?pageSize=5001"} {
		if got := c.want(400, "GET", "/zcc/papi/public/v1/"+path, "").object(); got["title"] != "INVALID_FIELD_VALUE" {
			t.Errorf("%s: %v", path, got)
		}
	}
}
