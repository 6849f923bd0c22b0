package zdx_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// The mended defects: members of several words come through, and the query names are those of the
// service.
func TestAlertsAndSoftware(t *testing.T) {
	const (
		alert    = `{"id":9007199254740993,"rule_name":"R","alert_status":"Ongoing","num_devices":2,"departments":[{"id":1,"num_devices":2}]}`
		device   = `{"id":7,"name":"LT-7","userid":3,"userName":"Ann"}`
		software = `{"software_key":"k","software_name":"Browser","user_total":2}`
	)
	for _, test := range []struct {
		tool, args, request, answer, want string
	}{
		{"zdx_get_alert", `{"alert_id":"5"}`, "/alerts/5", alert, alert},
		{"zdx_list_alerts", `{"limit":3}`, "/alerts/ongoing?limit=3", `{"alerts":[` + alert + `],"next_offset":"abc"}`, "offset=abc"},
		{"zdx_list_historical_alerts", `{"offset":"abc"}`, "/alerts/historical?offset=abc", `{"alerts":[` + alert + `],"next_offset":null}`, `[` + alert + `]`},
		{
			"zdx_list_alert_affected_devices", `{"alert_id":"5","location_groups":[1,2],"location_id":["601"],"offset":""}`,
			"/alerts/5/affected_devices?loc=601&location_groups=1&location_groups=2", `{"devices":[` + device + `]}`, "LT-7,3,Ann",
		},
		{
			"zdx_list_software", `{"user_ids":["1","2"],"device_ids":["7"]}`, "/inventory/software?deviceids=7&userids=1&userids=2",
			`{"software":[` + software + `],"next_offset":"abc"}`, "k,Browser,2",
		},
		{
			"zdx_get_software_details", `{"software_key":"a b+c","user_ids":[],"department_id":["1"]}`, "/inventory/software/a%20b+c?dept=1",
			`{"software":[{"software_key":"k","install_date":"2026"}]}`, "k,2026",
		},
	} {
		path, _, _ := strings.Cut(test.request, "?")
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zdx/v1" + path: test.answer}))
		text := w.Must(t, test.tool, paritytest.JSON(t, test.args))
		if got := w.Lines(); got != "GET /zdx/v1"+test.request {
			t.Errorf("%s: request %s, want %s", test.tool, got, test.request)
		}
		if !strings.Contains(text, test.want) {
			t.Errorf("%s: answer %s, want %s in it", test.tool, text, test.want)
		}
	}
}

// Each filter has an effect on what the tenant answers.
func TestAlertFiltersHaveAnEffect(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct {
		tool       string
		args       map[string]any
		want       int // rows
		unfiltered int
	}{
		{"zdx_list_alerts", map[string]any{"since": 240}, 6, 3},
		{"zdx_list_alerts", map[string]any{"location_id": []string{"602"}}, 1, 3},
		{"zdx_list_historical_alerts", map[string]any{"since": 336}, 5, 2},
		{"zdx_list_alert_affected_devices", map[string]any{"alert_id": "7400006", "location_groups": []int{701}}, 0, 8},
		{"zdx_list_software", map[string]any{"device_ids": []string{"40000001"}}, 1, 8},
		{"zdx_get_software_details", map[string]any{"software_key": "acme-browser-140", "user_ids": []string{"30000001", "30000002"}}, 2, 10},
	} {
		base := map[string]any{}
		for _, name := range []string{"alert_id", "software_key"} {
			if value, ok := test.args[name]; ok {
				base[name] = value
			}
		}
		count := func(args map[string]any) int {
			rows, _ := w.Result(t, test.tool, args).StructuredContent.(map[string]any)["result"].([]any)
			return len(rows)
		}
		if got, all := count(test.args), count(base); got != test.want || all != test.unfiltered {
			t.Errorf("%s %v: %d of %d rows, want %d of %d", test.tool, test.args, got, all, test.want, test.unfiltered)
		}
	}
}

func TestBoundsOfAlerts(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zdx/v1/alerts/ongoing": `{"alerts":[]}`}))
	for _, test := range []struct {
		args    map[string]any
		refused bool
	}{
		{map[string]any{"since": 0}, true},
		{map[string]any{"since": 1}, false},
		{map[string]any{"since": 336}, false},
		{map[string]any{"since": 337}, true},
		{map[string]any{"limit": 0}, true},
		{map[string]any{"limit": 1}, false},
	} {
		if text, failed := w.Call(t, "zdx_list_alerts", test.args); failed != test.refused {
			t.Errorf("%v: refused is %v: %s", test.args, failed, text)
		}
	}
}
