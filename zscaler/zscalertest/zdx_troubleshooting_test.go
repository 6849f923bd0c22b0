package zscalertest_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// clock is a time that tests move.
type clock struct{ seconds atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(1_764_000_000+c.seconds.Load(), 0) }

func TestZDXAlerts(t *testing.T) {
	var at clock
	c := start(t, zscalertest.Options{Clock: at.now})
	ongoing := rowsOf(c.want(200, "GET", "/zdx/v1/alerts/ongoing", ""), "alerts")
	if len(ongoing) != 3 || ongoing[0].(object)["ended_on"] != nil || text(ongoing[0].(object)["started_on"]) != "1763998500" {
		t.Errorf("ongoing %v", ongoing)
	}
	if past := rowsOf(c.want(200, "GET", "/zdx/v1/alerts/historical", ""), "alerts"); len(past) != 2 || past[0].(object)["ended_on"] == nil {
		t.Errorf("historical %v", past)
	}
	alert := c.want(200, "GET", "/zdx/v1/alerts/7400001", "").object()
	devices := rowsOf(c.want(200, "GET", "/zdx/v1/alerts/7400001/affected_devices?limit=100", ""), "devices")
	if text(alert["num_devices"]) != "8" || len(devices) != 8 || len(alert["locations"].([]any)) != 1 || devices[0].(object)["userEmail"] == nil {
		t.Errorf("alert %v with devices %v", alert, devices)
	}
	if none := rowsOf(c.want(200, "GET", "/zdx/v1/alerts/7400001/affected_devices?location_groups=701", ""), "devices"); len(none) != 0 {
		t.Errorf("devices of another group: %v", none)
	}
	c.wantCode(404, "NOT_FOUND", "GET", "/zdx/v1/alerts/1", "")
	c.wantCode(404, "NOT_FOUND", "GET", "/zdx/v1/alerts/1/affected_devices", "")
	c.want(200, "GET", "/zdx/v1/alerts/ongoing?from=1762790400", "")
	c.wantCode(400, "INVALID_ARGUMENT", "GET", "/zdx/v1/alerts/ongoing?from=1762790399", "")
}

func TestZDXSoftware(t *testing.T) {
	c := start(t, zscalertest.Options{})
	row := rowsOf(c.want(200, "GET", "/zdx/v1/inventory/software?deviceids=40000002", ""), "software")
	if diff := cmp.Diff([]string{"acme-browser-140", "acme-browser-139", "office-suite-16", "meetings-6"}, names(row, "software_key")[:4]); diff != "" {
		t.Errorf("software of a device (-want +got):\n%s", diff)
	}
	all := rowsOf(c.want(200, "GET", "/zdx/v1/inventory/software/acme-browser-140?limit=100", ""), "software")
	if len(all) != 24 || all[0].(object)["device_id"] == nil {
		t.Errorf("%d installations: %v", len(all), all[0])
	}
	c.wantCode(404, "NOT_FOUND", "GET", "/zdx/v1/inventory/software/x", "")
}

// A session has nothing to tell before it starts, measures once a minute, and ends.
func TestZDXDeepTrace(t *testing.T) {
	var at clock
	c := start(t, zscalertest.Options{Clock: at.now})
	const traces = "/zdx/v1/devices/40000003/deeptraces"
	const session = `{"session_name":"S","app_id":1,"web_probe_id":266001,"cloudpath_probe_id":267001,"session_length_minutes":5,"probe_device":true}`
	id := text(c.want(200, "POST", traces, session).object()["trace_id"])
	status := func() string { return text(c.want(200, "GET", traces+"/"+id, "").object()["status"]) }
	points := func() int {
		series, _ := c.want(200, "GET", traces+"/"+id+"/webprobe-metrics", "").list()[0].(object)
		return len(series["datapoints"].([]any))
	}
	if got := c.want(200, "GET", traces+"/"+id+"/events", "").text; status() != "not_started" || got != "[]\n" {
		t.Errorf("before the start: %s, %s", status(), got)
	}
	at.seconds.Store(70)
	if status() != "in_progress" || points() != 2 {
		t.Errorf("after a minute: %s with %d points", status(), points())
	}
	c.wantCode(400, "LIMIT_EXCEEDED", "POST", traces, session)
	at.seconds.Store(3600)
	if status() != "completed" || points() != 6 {
		t.Errorf("after an hour: %s with %d points", status(), points())
	}
	for _, kind := range []string{"cloudpath", "cloudpath-metrics", "health-metrics", "events", "top-processes"} {
		if rows := c.want(200, "GET", traces+"/"+id+"/"+kind, "").list(); len(rows) == 0 {
			t.Errorf("no %s", kind)
		}
	}
	c.wantCode(404, "NOT_FOUND", "GET", "/zdx/v1/devices/40000004/deeptraces/"+id, "")
	c.want(200, "DELETE", traces+"/"+id, "")
	c.wantCode(404, "NOT_FOUND", "DELETE", traces+"/"+id, "")
	for _, bad := range []string{
		`{}`, `[]`, `{"session_name":"S","app_id":"1"}`,
		`{"session_name":"S","app_id":1,"web_probe_id":266001,"cloud_path_probe_id":267001,"session_length_minutes":5,"probe_device":true}`,
		`{"session_name":"S","app_id":1,"web_probe_id":266001,"cloudpath_probe_id":267001,"session_length_minutes":7,"probe_device":true}`,
		`{"session_name":"S","app_id":1,"web_probe_id":266002,"cloudpath_probe_id":267001,"session_length_minutes":5,"probe_device":true}`,
	} {
		c.wantCode(400, "INVALID_ARGUMENT", "POST", traces, bad)
	}
}

func TestZDXAnalysis(t *testing.T) {
	var at clock
	c := start(t, zscalertest.Options{Clock: at.now})
	id := text(c.want(200, "POST", "/zdx/v1/analysis", `{"device_id":"40000003","app_id":1,"t0":1763990000,"t1":1763993600}`).object()["analysis_id"])
	if got := c.want(200, "GET", "/zdx/v1/analysis/"+id, "").object(); got["status"] != "in_progress" || got["result"] != nil {
		t.Errorf("at once: %v", got)
	}
	at.seconds.Store(10)
	if got := c.want(200, "GET", "/zdx/v1/analysis/"+id, "").object(); got["status"] != "completed" || got["result"] == nil {
		t.Errorf("later: %v", got)
	}
	c.want(200, "DELETE", "/zdx/v1/analysis/"+id, "")
	c.wantCode(404, "NOT_FOUND", "DELETE", "/zdx/v1/analysis/"+id, "")
	for _, bad := range []string{`{"device_id":"1","app_id":1}`, `{"device_id":"40000003","app_id":"1"}`, `{"device_id":"40000003","app_id":1,"t0":9,"t1":9}`, `{"device_id":"40000003","app_id":1,"t0":"x"}`} {
		c.wantCode(400, "INVALID_ARGUMENT", "POST", "/zdx/v1/analysis", bad)
	}
}
