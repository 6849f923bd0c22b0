package zscalertest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func rowsOf(a answer, key string) []any { l, _ := a.object()[key].([]any); return l }

func TestZDXApplications(t *testing.T) {
	c := start(t, zscalertest.Options{})
	apps := c.want(200, "GET", "/zdx/v1/apps", "").list()
	if len(apps) != 6 {
		t.Fatalf("%d apps", len(apps))
	}
	one := c.want(200, "GET", "/zdx/v1/apps/1", "").object()
	if diff := cmp.Diff(apps[0], any(one)); diff != "" {
		t.Errorf("list and detail differ:\n%s", diff)
	}
	stats, _ := one["stats"].(object)
	sum := 0
	for _, key := range []string{"num_poor", "num_okay", "num_good"} {
		n := 0
		fmt.Sscan(text(stats[key]), &n)
		sum += n
	}
	if fmt.Sprint(sum) != text(one["total_users"]) || sum == 0 {
		t.Errorf("stats %v do not add up to %v", stats, one["total_users"])
	}
	narrow := c.want(200, "GET", "/zdx/v1/apps/1?loc=601&dept=501", "").object()
	if text(narrow["total_users"]) == text(one["total_users"]) {
		t.Error("loc and dept did not narrow the users")
	}
	c.wantCode(404, "NOT_FOUND", "GET", "/zdx/v1/apps/99", "")
	c.wantCode(404, "NOT_FOUND", "GET", "/zdx/v1/apps/99/score", "")
}

func TestZDXTimeRange(t *testing.T) {
	now := time.Now()
	c := start(t, zscalertest.Options{Clock: func() time.Time { return now }})
	points := func(query string) []any {
		series, _ := c.want(200, "GET", "/zdx/v1/apps/1/score"+query, "").list()[0].(object)
		return series["datapoints"].([]any)
	}
	to := now.Unix()
	if got := points(""); len(got) < 20 || len(got) > 26 {
		t.Errorf("default range: %d points", len(got))
	}
	if got := points(fmt.Sprintf("?from=%d&to=%d", to-900, to)); len(got) < 3 || len(got) > 5 {
		t.Errorf("15 minutes: %d points", len(got))
	}
	for _, query := range []string{fmt.Sprintf("?from=%d&to=%d", to, to), fmt.Sprintf("?from=%d&to=%d", to, to-1), "?from=yesterday", "?to=x", fmt.Sprintf("?to=%d000", to)} {
		c.wantCode(400, "INVALID_ARGUMENT", "GET", "/zdx/v1/apps"+query, "")
		c.wantCode(400, "INVALID_ARGUMENT", "GET", "/zdx/v1/administration/departments"+query, "")
	}
}

func TestZDXMetrics(t *testing.T) {
	c := start(t, zscalertest.Options{})
	all := c.want(200, "GET", "/zdx/v1/apps/2/metrics", "").list()
	if diff := cmp.Diff([]string{"pft", "dns", "availability"}, names(all, "metric")); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	dns := c.want(200, "GET", "/zdx/v1/apps/2/metrics?metric_name=dns", "").list()
	if diff := cmp.Diff([]string{"dns"}, names(dns, "metric")); diff != "" {
		t.Errorf("metric_name (-want +got):\n%s", diff)
	}
	c.wantCode(400, "INVALID_ARGUMENT", "GET", "/zdx/v1/apps/2/metrics?metric_name=x", "")
}

func TestZDXUsersOfAnApplication(t *testing.T) {
	c := start(t, zscalertest.Options{})
	seen, offset := map[string]bool{}, ""
	for range 9 {
		page := c.want(200, "GET", "/zdx/v1/apps/3/users?limit=7&offset="+offset, "")
		for _, id := range names(rowsOf(page, "users"), "id") {
			seen[id] = true
		}
		if offset = text(page.object()["next_offset"]); offset == "" {
			break
		}
	}
	total := text(c.want(200, "GET", "/zdx/v1/apps/3", "").object()["total_users"])
	if fmt.Sprint(len(seen)) != total || offset != "" {
		t.Errorf("paged through %d of %s users", len(seen), total)
	}
	poor := rowsOf(c.want(200, "GET", "/zdx/v1/apps/3/users?score_bucket=poor&limit=100", ""), "users")
	for _, score := range names(poor, "score") {
		if len(score) > 2 || score >= "34" {
			t.Errorf("poor score %s", score)
		}
	}
	if len(poor) == 0 || fmt.Sprint(len(poor)) == total {
		t.Errorf("%d poor users of %s", len(poor), total)
	}
	for _, query := range []string{"score_bucket=bad", "offset=7", "limit=0"} {
		c.wantCode(400, "INVALID_ARGUMENT", "GET", "/zdx/v1/apps/3/users?"+query, "")
	}
	user := c.want(200, "GET", "/zdx/v1/apps/3/users/30000001", "").object()
	if devices, _ := user["devices"].([]any); user["name"] != "Ada Moreau" || len(devices) != 1 || devices[0].(object)["geo_loc"] == nil {
		t.Errorf("user %v", user)
	}
	c.wantCode(404, "NOT_FOUND", "GET", "/zdx/v1/apps/3/users/1", "")
}

func TestZDXDevices(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for query, want := range map[string]int{
		"": 10, "?limit=100": 24, "?emails=ada.moreau@acme.example.com&emails=ben.okafor@acme.example.com": 2, "?userids=30000003": 1,
		"?mac_address=02:00:5E:00:53:01": 1, "?private_ipv4=198.51.100.11": 1, "?loc=602&limit=100": 8, "?userIds=30000003": 10,
	} {
		if got := rowsOf(c.want(200, "GET", "/zdx/v1/devices"+query, ""), "devices"); len(got) != want {
			t.Errorf("%s: %d devices, want %d", query, len(got), want)
		}
	}
	d := c.want(200, "GET", "/zdx/v1/devices/40000001", "").object()
	if _, isObject := d["hardware"].(object); !isObject || len(d["network"].([]any)) != 1 || d["software"] == nil {
		t.Errorf("device %v", d)
	}
	c.wantCode(404, "NOT_FOUND", "GET", "/zdx/v1/devices/1", "")
}

func TestZDXAdministration(t *testing.T) {
	c := start(t, zscalertest.Options{})
	if got := names(c.want(200, "GET", "/zdx/v1/administration/departments", "").list(), "name"); len(got) != 3 {
		t.Errorf("departments %v", got)
	}
	if diff := cmp.Diff([]string{"Branch Oslo", "Branch Lyon"}, names(c.want(200, "GET", "/zdx/v1/administration/locations?q=branch", "").list(), "name")); diff != "" {
		t.Errorf("locations (-want +got):\n%s", diff)
	}
}
