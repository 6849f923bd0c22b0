package zdx

import (
	"slices"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type deviceID struct {
	DeviceID string `json:"device_id" in:"path" nonempty:"true" jsonschema:"Device id, from zdx_list_devices."`
}

type probeSearch struct {
	deviceID
	applicationID
	window
}

var troubleshooting = tool.Set{
	Name: "zdx_troubleshooting", Doc: "Probes, deep traces and score analyses of single devices, to find out why an application is slow.",
	Tools: slices.Concat(probes, deepTraces, deepTraceData, analyses),
}

var probes = []tool.Tool{
	rest.Read[probeSearch]("zdx_get_web_probes", "GET /zdx/v1/devices/{device_id}/apps/{app_id}/web-probes",
		"List the web probes of a device for an application, with number of runs, average score and page fetch time; "+
			"zdx_start_deeptrace takes their id as web_probe_id.", rest.List),
	rest.Read[probeSearch]("zdx_list_cloudpath_probes", "GET /zdx/v1/devices/{device_id}/apps/{app_id}/cloudpath-probes",
		"List the cloud path probes of a device for an application, with the average latency of each leg of the way (milliseconds); "+
			"zdx_start_deeptrace takes their id as cloudpath_probe_id.", rest.List),
}
