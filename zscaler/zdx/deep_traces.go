package zdx

import (
	"context"
	"encoding/json"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	deepTracesPath = "/zdx/v1/devices/{device_id}/deeptraces"
	deepTracePath  = deepTracesPath + "/{trace_id}"
)

type deepTrace struct {
	deviceID
	TraceID string `json:"trace_id" in:"path" nonempty:"true" jsonschema:"Trace id, from zdx_list_device_deep_traces or zdx_start_deeptrace."`
}

type newDeepTrace struct {
	DeviceID    string `json:"device_id" in:"path" jsonschema:"Device id, from zdx_list_devices."`
	SessionName string `json:"session_name" in:"body=session_name" jsonschema:"Name by which people find the session again."`
	AppID       int    `json:"app_id" in:"body=app_id" jsonschema:"Application id, from zdx_list_applications."`
	WebProbeID  int    `json:"web_probe_id" in:"body=web_probe_id" jsonschema:"Web probe id, from zdx_get_web_probes for this device and application."`
	// The vendor's clients disagree on the name; the service itself answers the one used here.
	CloudpathProbeID     int  `json:"cloudpath_probe_id" in:"body=cloudpath_probe_id" jsonschema:"Cloud path probe id, from zdx_list_cloudpath_probes for this device and application."`
	SessionLengthMinutes int  `json:"session_length_minutes,omitempty" in:"body=session_length_minutes" default:"5" jsonschema:"Length of the session in minutes: 5, 15, 30 or 60."`
	ProbeDevice          bool `json:"probe_device,omitempty" in:"body=probe_device" default:"true" jsonschema:"Whether the device itself is measured too (processor, memory, network, processes)."`
}

var deepTraces = []tool.Tool{
	rest.Read[deviceID]("zdx_list_device_deep_traces", "GET "+deepTracesPath,
		"List the deep traces of a device, running and finished, with their ids, status, session and times (epoch seconds).",
		rest.OneRow, rest.Finish(tracesInside)),
	rest.Read[deepTrace]("zdx_get_device_deep_trace", "GET "+deepTracePath,
		"Get the status, session and times (epoch seconds) of one deep trace; what it measured comes from the zdx_get_deeptrace_* tools."),
	rest.Create[newDeepTrace]("zdx_start_deeptrace", "POST "+deepTracesPath,
		"Start a deep trace: the device probes an application every minute for the length of the session. A device has one session at a time, the tenant 15. "+
			"The trace_id that it returns is for the zdx_get_deeptrace_* tools, which have first data after a minute or two.",
		rest.Finish(started("trace_id", "zdx_list_device_deep_traces", "session_name"))),
	rest.Delete[deepTrace]("zdx_delete_deeptrace", "DELETE "+deepTracePath,
		"Stop a deep trace and delete it with everything that it measured.", rest.NamedBy("trace_details.session_name")),
}

var deepTraceData = []tool.Tool{
	traceData("zdx_get_deeptrace_webprobe_metrics", "/webprobe-metrics",
		"Get what the web probe of a deep trace measured over time: page fetch time, DNS time, server response time, availability."),
	traceData("zdx_get_deeptrace_cloudpath_metrics", "/cloudpath-metrics",
		"Get what the cloud path probe of a deep trace measured over time for each leg of the way: latency, loss, number of hops."),
	traceData("zdx_get_deeptrace_cloudpath", "/cloudpath",
		"Get the network path of a deep trace hop by hop, with addresses, latency and loss of each hop, to see where time is lost."),
	traceData("zdx_get_deeptrace_health_metrics", "/health-metrics",
		"Get the health of the device during a deep trace: processor, memory, disk, network and Wi-Fi over time."),
	traceData("zdx_get_deeptrace_events", "/events",
		"Get the changes on the device during a deep trace, such as another network, gateway, Wi-Fi point or Zscaler version, each before and after."),
	traceData("zdx_list_deeptrace_top_processes", "/top-processes",
		"List the processes that used most of the device during a deep trace, by category such as processor and memory. Names are those of programs on the device.",
		rest.Untrusted),
}

// traceData declares a tool that reads one kind of data of a deep trace. The service answers a list, or
// one object; both come through.
func traceData(name, kind, doc string, opts ...rest.Option) tool.Tool {
	return rest.Read[deepTrace](name, "GET "+deepTracePath+kind, doc, append([]rest.Option{rest.OneRow, rest.JSONText}, opts...)...)
}

// tracesInside puts the members of a traces array in the place of the row that carries it.
func tracesInside(_ context.Context, _ *rest.Plan, a *rest.Answer) error {
	rows := make([]json.RawMessage, 0, len(a.Rows))
	for _, row := range a.Rows {
		var carrier struct {
			Traces []json.RawMessage `json:"traces"`
		}
		if json.Unmarshal(row, &carrier) == nil && carrier.Traces != nil {
			rows = append(rows, carrier.Traces...)
			continue
		}
		rows = append(rows, row)
	}
	a.Rows = rows
	return nil
}
