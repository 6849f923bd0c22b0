package zins_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// A reporter answers every query with an empty report, without a network, so that time can be simulated.
type reporter struct{ variables []string }

func (*reporter) Setting(string) (string, error) { return "", nil }

func (r *reporter) Do(_ context.Context, req *zscaler.Request) (*zscaler.Response, error) {
	var body struct{ Variables map[string]json.RawMessage }
	if err := json.Unmarshal(req.Body, &body); err != nil {
		return nil, err
	}
	r.variables = append(r.variables, fmt.Sprintf("%s-%s", body.Variables["startTime"], body.Variables["endTime"]))
	return &zscaler.Response{Status: 200, Body: json.RawMessage(`{"data":{"ZERO_TRUST_FIREWALL":{"action":{"entries":[]}}}}`)}, nil
}

// noon is when the calls of these tests are made.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const dayMS = 24 * 60 * 60 * 1000

// The window is exact to the millisecond: days before the call, or the times given, which go before days; windows of days become 7 or 14 days by moving their
// start; and those that the service cannot answer are refused before it is asked.
func TestWindows(t *testing.T) {
	ago := func(days float64) int64 { return noon.UnixMilli() - int64(days*dayMS) }
	type args = map[string]any
	for _, test := range []struct {
		args       args
		start, end int64
		note       string // part of it, "" for none
		refusal    string
	}{
		{args: args{"start_days_ago": 9, "end_days_ago": 2}, start: ago(9), end: ago(2)},
		{args: args{"start_days_ago": 16, "end_days_ago": 2}, start: ago(16), end: ago(2)},
		{args: args{"start_days_ago": 8, "end_days_ago": 1}, start: ago(8), end: ago(1)}, // exactly 24 hours
		{args: args{"start_days_ago": 3, "end_days_ago": 2}, start: ago(9), end: ago(2), note: "the 7 days that ended 2 days ago"},
		{args: args{"start_days_ago": 12, "end_days_ago": 2}, start: ago(9), end: ago(2), note: "the 7 days"},
		{args: args{"start_days_ago": 13, "end_days_ago": 2}, start: ago(16), end: ago(2), note: "the 14 days"},
		{args: args{"start_days_ago": 90, "end_days_ago": 30}, start: ago(44), end: ago(30), note: "the 14 days that ended 30 days ago"},
		{args: args{"start_days_ago": 9223372036854775807, "end_days_ago": 2}, start: ago(16), end: ago(2), note: "the 14 days"},

		{args: args{"start_time": ago(9.25), "end_time": ago(2.25), "start_days_ago": 16, "end_days_ago": 1}, start: ago(9.25), end: ago(2.25)},
		{args: args{"start_time": ago(5), "end_time": ago(2)}, start: ago(5), end: ago(2)}, // as it was given
		{args: args{"start_time": ago(16), "start_days_ago": 9, "end_days_ago": 2}, start: ago(16), end: ago(2)},
		{args: args{"end_time": ago(3), "start_days_ago": 10, "end_days_ago": 2}, start: ago(10), end: ago(3)},
		{args: args{"end_time": ago(3), "start_days_ago": 9, "end_days_ago": 2}, start: ago(9), end: ago(3)},
		{args: args{"start_time": ago(8), "end_time": ago(1)}, start: ago(8), end: ago(1)},

		{args: args{"start_time": ago(8), "end_time": ago(1) + 1}, refusal: "at least 24 hours ago"},
		{args: args{"start_time": ago(7), "end_time": ago(0)}, refusal: "in the past"},
		{args: args{"start_time": ago(7), "end_time": ago(-1)}, refusal: "in the past"},
		{args: args{"start_time": ago(2), "end_time": ago(2)}, refusal: "change start_time or end_time"},
		{args: args{"start_time": ago(1), "start_days_ago": 9, "end_days_ago": 2}, refusal: "change start_time or end_time"},
		{args: args{"start_days_ago": 2, "end_days_ago": 2}, refusal: "start_days_ago must be more than end_days_ago"},
		{args: args{"start_days_ago": 2, "end_days_ago": 9}, refusal: "start_days_ago must be more than end_days_ago"},
		{args: args{"start_time": ago(9) / 1000, "end_time": ago(2) / 1000}, refusal: "milliseconds"},
		{args: args{"start_time": ago(9) / 1000, "end_time": ago(2)}, refusal: "milliseconds"},
		{args: args{"start_time": ago(9), "end_time": ago(2) / 1000}, refusal: "milliseconds"},
	} {
		bubble.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(noon))
			r := &reporter{}
			answer, err := suite.Handle(zscaler.ContextWithDoer(t.Context(), r), t, "zins_get_firewall_by_action", test.args)
			if test.refusal != "" {
				if err == nil || !strings.Contains(err.Error(), test.refusal) || len(r.variables) > 0 {
					t.Errorf("%v: error %v, asked for %v", test.args, err, r.variables)
				}
				return
			}
			if err != nil {
				t.Errorf("%v: %v", test.args, err)
				return
			}
			if want := fmt.Sprintf("%d-%d", test.start, test.end); r.variables[0] != want {
				t.Errorf("%v: window %s, want %s", test.args, r.variables[0], want)
			}
			if note := answer.(tool.Rows).Note; (note != "") != (test.note != "") || !strings.Contains(note, test.note) {
				t.Errorf("%v: note %q", test.args, note)
			}
		})
	}
}

// The defaults are a week or a fortnight that ended two days ago, as the schema says.
func TestDefaultWindows(t *testing.T) {
	w := suite.Open(t, nil)
	for name := range suite.Specs(t) {
		if name == "zins_get_iot_device_stats" {
			continue
		}
		began := time.Now()
		w.Must(t, name, nil)
		variables := w.Last(t).Body.(map[string]any)["variables"].(map[string]any)
		start, end := number(t, variables["startTime"]), number(t, variables["endTime"])
		days := int64(7)
		if strings.Contains(name, "incidents") || strings.HasSuffix(name, "summary") {
			days = 14
		}
		if end-start != days*dayMS || end < began.UnixMilli()-2*dayMS || end > time.Now().UnixMilli()-2*dayMS {
			t.Errorf("%s: %d to %d, want %d days that ended 2 days ago", name, start, end, days)
		}
	}
}

func number(t *testing.T, v any) int64 {
	n, err := v.(json.Number).Int64()
	if err != nil {
		t.Fatal(err)
	}
	return n
}
