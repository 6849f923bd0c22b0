package zdx_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const traces = "/zdx/v1/devices/7/deeptraces"

// The mended defect: data of a deep trace comes through as the service sends it, a list, an object, or
// an object of items.
func TestDeepTraceDataOfEitherShape(t *testing.T) {
	const one = `{"leg_src":"client","stats":[{"metric":"latency","datapoints":[{"timestamp":1700000000,"value":9007199254740993}]}]}`
	for tool, kind := range map[string]string{
		"zdx_get_deeptrace_webprobe_metrics": "webprobe-metrics", "zdx_get_deeptrace_cloudpath_metrics": "cloudpath-metrics",
		"zdx_get_deeptrace_cloudpath": "cloudpath", "zdx_get_deeptrace_health_metrics": "health-metrics",
		"zdx_get_deeptrace_events": "events", "zdx_list_deeptrace_top_processes": "top-processes",
	} {
		for answer, want := range map[string]string{
			`[` + one + `,{}]`: `[` + one + `,{}]`, one: `[` + one + `]`, `{"items":[` + one + `]}`: `[` + one + `]`, `[]`: `[]`,
		} {
			w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + traces + "/5/" + kind: answer}))
			if text := w.Must(t, tool, map[string]any{"device_id": "7", "trace_id": "5"}); !strings.HasSuffix(text, want) {
				t.Errorf("%s: %s becomes %s", tool, answer, text)
			}
		}
	}
}

func TestTracesOfEitherShape(t *testing.T) {
	for answer, want := range map[string]string{
		`[{"trace_id":"5","trace_details":{"app_id":"1"}}]`:           `[{"trace_id":"5","trace_details":{"app_id":"1"}}]`,
		`[{"traces":[{"trace_id":"5"},{"trace_id":"6"}]},{"a_b":[]}]`: `[{"trace_id":"5"},{"trace_id":"6"},{"a_b":[]}]`,
		`{"traces":[{"trace_id":"5","x":[]}]}`:                        `[{"trace_id":"5","x":[]}]`,
		`{"traces":[]}`:                                               `[]`,
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + traces: answer}))
		if text := w.Must(t, "zdx_list_device_deep_traces", map[string]any{"device_id": "7"}); text != want {
			t.Errorf("%s becomes %s, want %s", answer, text, want)
		}
	}
}

// The mended defects: the ids of what was started are told, beside all that the service answers; an
// answer without an id says so, and one that is no object is an error.
func TestStartedIDs(t *testing.T) {
	trace := `{"device_id":"7","session_name":"S","app_id":1,"web_probe_id":2,"cloudpath_probe_id":3}`
	for _, test := range []struct {
		tool, args, path, answer, want string
	}{
		{"zdx_start_deeptrace", trace, traces, `{"trace_id":9007199254740993,"status":"not_started","expected_time":5}`, `{"expected_time":5,"session_name":"S","status":"not_started","trace_id":9007199254740993}`},
		{"zdx_start_deeptrace", trace, traces, `{"id":"5","status":null}`, `{"id":"5","session_name":"S","status":"started","trace_id":"5"}`},
		{"zdx_start_deeptrace", trace, traces, `{}`, `{"message":"The service answered without trace_id; zdx_list_device_deep_traces tells it.","session_name":"S","status":"started","trace_id":null}`},
		{"zdx_start_analysis", `{"device_id":"7","app_id":1}`, "/zdx/v1/analysis", `{"analysis_id":"x"}`, `{"analysis_id":"x","status":"started"}`},
		{"zdx_start_analysis", `{"device_id":"7","app_id":1}`, "/zdx/v1/analysis", `{"status":"queued"}`, `{"analysis_id":null,"message":"The service answered without analysis_id.","status":"queued"}`},
		{"zdx_start_analysis", `{"device_id":"7","app_id":1}`, "/zdx/v1/analysis", `[1]`, ""},
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"POST " + test.path: test.answer}))
		text, failed := w.Call(t, test.tool, paritytest.JSON(t, test.args))
		if failed != (test.want == "") || !failed && text != test.want || failed && !strings.Contains(text, "may have been started") {
			t.Errorf("%s %s: error %v: %s, want %s", test.tool, test.answer, failed, text, test.want)
		}
	}
}

// What is sent to start a trace or an analysis; defaults are sent, absent times are not.
func TestStartBodies(t *testing.T) {
	for _, test := range []struct{ tool, args, want string }{
		{
			"zdx_start_deeptrace", `{"device_id":"7","session_name":"S","app_id":1,"web_probe_id":2,"cloudpath_probe_id":3}`,
			`{"session_name":"S","app_id":1,"web_probe_id":2,"cloudpath_probe_id":3,"session_length_minutes":5,"probe_device":true}`,
		},
		{
			"zdx_start_deeptrace", `{"device_id":"7","session_name":"S","app_id":1,"web_probe_id":2,"cloudpath_probe_id":3,"session_length_minutes":60,"probe_device":false}`,
			`{"session_name":"S","app_id":1,"web_probe_id":2,"cloudpath_probe_id":3,"session_length_minutes":60,"probe_device":false}`,
		},
		{"zdx_start_analysis", `{"device_id":"7","app_id":1}`, `{"device_id":"7","app_id":1}`},
		{"zdx_start_analysis", `{"device_id":"7","app_id":1,"t0":0,"t1":1700000000}`, `{"device_id":"7","app_id":1,"t0":0,"t1":1700000000}`},
	} {
		w := suite.Open(t, func(paritytest.Request) (int, string) { return http.StatusOK, `{"trace_id":"5","analysis_id":"6"}` })
		w.Must(t, test.tool, paritytest.JSON(t, test.args))
		if diff := cmp.Diff(paritytest.JSON(t, test.want), w.Last(t).Body); diff != "" {
			t.Errorf("%s %s (-want +sent):\n%s", test.tool, test.args, diff)
		}
	}
}

// The record of an analysis is whole under data, and its status is found under either name.
func TestAnalysisStatus(t *testing.T) {
	for answer, want := range map[string]string{
		`{"status":"done","created_at":1700000000,"result":{"times":[1]}}`: `{"analysis_id":"a1","data":{"status":"done","created_at":1700000000,"result":{"times":[1]}},"status":"done"}`,
		`{"state":"running"}`: `{"analysis_id":"a1","data":{"state":"running"},"status":"running"}`,
		`{"err_msg":""}`:      `{"analysis_id":"a1","data":{"err_msg":""},"status":null}`,
		`[]`:                  "",
		``:                    "",
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zdx/v1/analysis/a1": answer}))
		if text, failed := w.Call(t, "zdx_get_analysis", map[string]any{"analysis_id": "a1"}); failed != (want == "") || !failed && text != want {
			t.Errorf("%s becomes %s (error %v), want %s", answer, text, failed, want)
		}
	}
}

// The entries of avg_latencies come through as the objects that they are.
func TestProbesComeThrough(t *testing.T) {
	const probe = `[{"id":1,"num_probes":3,"avg_latencies":[{"leg_src":"a","latency":1.50}]}]`
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zdx/v1/devices/7/apps/1/cloudpath-probes": probe, "GET /zdx/v1/devices/7/apps/1/web-probes": probe}))
	for _, tool := range []string{"zdx_list_cloudpath_probes", "zdx_get_web_probes"} {
		if text := w.Must(t, tool, map[string]any{"device_id": "7", "app_id": "1"}); text != probe {
			t.Errorf("%s: %s, want %s", tool, text, probe)
		}
	}
}

// A session is started with the probes of the application, found, and deleted after a human has seen its name.
func TestLifeOfADeepTrace(t *testing.T) {
	w := suite.Open(t, nil)
	device := w.First(t, "zdx_list_devices", map[string]any{"emails": []string{"chloe.lindt@acme.example.com"}}, "[0].id")
	probe := func(tool string) int {
		id, err := strconv.Atoi(w.First(t, tool, map[string]any{"device_id": device, "app_id": "3"}, "[0].id"))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	args := map[string]any{
		"device_id": device, "session_name": "Frozen", "app_id": 3,
		"web_probe_id": probe("zdx_get_web_probes"), "cloudpath_probe_id": probe("zdx_list_cloudpath_probes"),
	}
	trace := map[string]any{"device_id": device, "trace_id": w.Member(t, "zdx_start_deeptrace", args, "trace_id")}
	if text, failed := w.Call(t, "zdx_start_deeptrace", args); !failed || !strings.Contains(text, "LIMIT_EXCEEDED") {
		t.Errorf("a second session: %s", text)
	}
	if text := w.Must(t, "zdx_get_device_deep_trace", trace); !strings.Contains(text, `"session_name":"Frozen"`) {
		t.Errorf("the session: %s", text)
	}
	w.Must(t, "zdx_delete_deeptrace", trace)
	want := `Confirm this deletion: delete deeptrace "Frozen" (device_id ` + device + `, trace_id ` + trace["trace_id"].(string) + ")"
	if diff := cmp.Diff([]string{want}, w.Asked()); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	w.Forget()
	if text, failed := w.Call(t, "zdx_delete_deeptrace", trace); !failed || len(w.Asked()) > 0 || strings.Contains(w.Lines(), "DELETE") {
		t.Errorf("deleted twice: %s; asked %q", text, w.Asked())
	}
}

func TestLifeOfAnAnalysis(t *testing.T) {
	w := suite.Open(t, nil)
	id := w.Member(t, "zdx_start_analysis", map[string]any{"device_id": "40000003", "app_id": 3}, "analysis_id")
	if got := w.Member(t, "zdx_get_analysis", map[string]any{"analysis_id": id}, "status"); got != "in_progress" {
		t.Errorf("status %s", got)
	}
	w.Must(t, "zdx_delete_analysis", map[string]any{"analysis_id": id})
	if text, failed := w.Call(t, "zdx_get_analysis", map[string]any{"analysis_id": id}); !failed {
		t.Errorf("the analysis is still there: %s", text)
	}
}
