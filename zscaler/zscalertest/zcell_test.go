package zscalertest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func TestZCellRefusals(t *testing.T) {
	c := start(t, zscalertest.Options{Clock: func() time.Time { return noon }})
	const api = "/zcell/config/api/v1"
	customer := api + "/customers/" + c.tenant.ZCellCustomerID
	window := func(from, to string) string {
		return customer + "/anomaly-policy?startDateTime=" + from + "&endDateTime=" + to
	}
	now, day := fmt.Sprint(noon.Unix()), fmt.Sprint(noon.Unix()-86400)
	for _, test := range []struct {
		status             int
		method, path, body string
	}{
		{200, "GET", customer, ""},
		{403, "GET", api + "/customers/1", ""},
		{200, "GET", window(day, now), ""},
		{400, "GET", window(now, day), ""},
		{400, "GET", window(day, now+"000"), ""},
		{400, "GET", customer + "/anomaly-policy", ""},
		{404, "GET", customer + "/anomaly-policy/7/logs", ""},
		{200, "GET", customer + "/tag?page=0&size=100", ""},
		{400, "GET", customer + "/tag?page=-1", ""},
		{400, "GET", customer + "/tag?size=101", ""},
		{200, "GET", customer + "/tag?page=9223372036854775807&size=100", ""},
		{400, "GET", customer + "/regions?skipSkuCheck=True", ""},
		{200, "POST", customer + "/sims/search", `{"status":"ACTIVE"}`},
		{400, "POST", customer + "/sims/search", `{"network_status":"ONLINE"}`},
		{400, "POST", customer + "/sims/search", `[]`},
		{404, "GET", customer + "/sims/details?iccId=1", ""},
		{404, "GET", customer + "/sim-location-groups/1", ""},
		{200, "POST", api + "/audit/customers/" + c.tenant.ZCellCustomerID + "/search", `{"startDate":` + day + `,"endDate":` + now + `}`},
		{400, "POST", api + "/audit/customers/" + c.tenant.ZCellCustomerID + "/search", `{}`},
		{200, "POST", api + "/network-events/" + c.tenant.ZCellCustomerID + "/search/startTime/" + day + "/endTime/" + now, `{}`},
		{400, "POST", api + "/network-events/" + c.tenant.ZCellCustomerID + "/search/startTime/" + day + "/endTime/" + now, `{"filterBy":[{"filterName":"outcome"}]}`},
		{403, "POST", api + "/network-events/1/search/startTime/" + day + "/endTime/" + now, `{}`},
	} {
		o := c.want(test.status, test.method, test.path, test.body).object()
		if test.status != 200 && (text(o["msgId"]) == "" || text(o["detail"]) == "") {
			t.Errorf("%s: %v", test.path, o)
		}
	}
}

// Groups, policies and SIMs refer to each other, and totals add up.
func TestZCellAddsUp(t *testing.T) {
	c := start(t, zscalertest.Options{Clock: func() time.Time { return noon }})
	customer := "/zcell/config/api/v1/customers/" + c.tenant.ZCellCustomerID
	summary := c.want(200, "GET", customer+"/sim/analytics/summary", "").object()
	record := c.want(200, "GET", customer, "").object()
	search := c.want(200, "POST", customer+"/sims/search", `{"status":"ACTIVE","size":1}`).object()
	page, _ := search["pageDetails"].(object)
	if text(summary["total"]) != text(record["totalSims"]) || text(summary["active"]) != text(page["totalElements"]) || text(search["totalUsage"]) != text(record["currentUsage"]) {
		t.Errorf("%v, %v, %v", summary, record, page)
	}
	points := c.want(200, "POST", customer+"/sim/analytics/map", `{}`).list()
	sims := 0
	for _, p := range points {
		sims += len(p.(object)["iccid"].([]any))
	}
	if fmt.Sprint(sims) != text(summary["total"]) {
		t.Errorf("%d SIMs on the map of %v", sims, summary["total"])
	}
	for _, group := range rowsOf(c.want(200, "GET", customer+"/sim-location-groups", ""), "content") {
		tracked := group.(object)["trackedDevices"].([]any)
		one := c.want(200, "GET", customer+"/sim-location-groups/"+text(group.(object)["id"]), "").object()
		if len(tracked) != len(one["insideAndTrackedIccids"].([]any))+len(one["outsideAndTrackedIccids"].([]any)) {
			t.Errorf("%v follows %d SIMs", one, len(tracked))
		}
	}
}

func TestZEASMPages(t *testing.T) {
	c := start(t, zscalertest.Options{})
	const base = "/easm/easm-ui/v1/organizations"
	organizations := rowsOf(c.want(200, "GET", base, ""), "results")
	path := base + "/" + text(organizations[0].(object)["id"]) + "/findings"
	all := c.want(200, "GET", path, "").object()
	rest := c.want(200, "GET", path+"?offset=5", "").object()
	if text(all["total_results"]) != "7" || len(rest["results"].([]any)) != 2 || all["next_link"] != nil {
		t.Errorf("%v\n%v", all, rest)
	}
	for _, bad := range []string{path + "?offset=-1", path + "?offset=x"} {
		c.wantCode(400, "INVALID_PARAMETER", "GET", bad, "")
	}
	c.wantCode(404, "NOT_FOUND", "GET", strings.Replace(path, "3f6c", "0000", 1), "")
	c.wantCode(404, "NOT_FOUND", "GET", path+"/nothing/details", "")
}
