package zscalertest

import (
	"net/http"
	"slices"
	"strconv"
)

const (
	traceDelay      = 5  // seconds until a session starts
	maxTraces       = 15 // sessions of the tenant at a time
	firstTrace      = 8800100
	traceNotStarted = "not_started"
	traceRunning    = "in_progress"
	traceDone       = "completed"
)

func (z *zdx) traceRoutes() []route {
	traces := zdxBase + "/devices/{device}/deeptraces"
	one := traces + "/{trace}"
	return []route{
		{"GET " + traces, z.listTraces},
		{"POST " + traces, z.startTrace},
		{"GET " + one, z.getTrace},
		{"DELETE " + one, z.deleteTrace},
		{"GET " + one + "/webprobe-metrics", z.traceData(z.webProbeMetrics)},
		{"GET " + one + "/cloudpath-metrics", z.traceData(z.cloudPathMetrics)},
		{"GET " + one + "/cloudpath", z.traceData(z.cloudPath)},
		{"GET " + one + "/health-metrics", z.traceData(z.healthMetrics)},
		{"GET " + one + "/events", z.traceData(z.traceEvents)},
		{"GET " + one + "/top-processes", z.traceData(z.topProcesses)},
	}
}

// traceTimes returns when a trace starts and ends, and its status now.
func (z *zdx) traceTimes(trace object) (start, end int64, status string) {
	created, _ := trace["created_on"].(int64)
	length, _ := number(trace["length"])
	start = created + traceDelay
	end = start + int64(length)*60
	switch now := z.now().Unix(); {
	case now < start:
		status = traceNotStarted
	case now < end:
		status = traceRunning
	default:
		status = traceDone
	}
	return start, end, status
}

func (z *zdx) showTrace(trace object) object {
	start, end, status := z.traceTimes(trace)
	app, _ := z.apps.get(str(trace["app"]))
	device, _ := z.devices.get(str(trace["device"]))
	user, _ := z.users.get(str(device["userid"]))
	web, cloud := probesOf(app)
	out := object{
		"trace_id": trace["trace_id"], "status": status, "created_at": trace["created_on"], "expected_time_minutes": trace["length"],
		"trace_details": object{
			"session_name": trace["session_name"], "app_id": str(app["id"]), "app_name": app["name"],
			"user_id": str(user["id"]), "username": user["name"], "device_id": str(device["id"]), "device_name": device["name"],
			"web_probe_id": strconv.Itoa(web), "web_probe_name": str(app["name"]) + " page",
			"cloudpath_probe_id": strconv.Itoa(cloud), "cloud_path_name": str(app["name"]) + " path",
			"session_length": trace["length"], "probe_device": trace["probe_device"],
		},
	}
	if status != traceNotStarted {
		out["started_at"] = start
	}
	if status == traceDone {
		out["ended_at"] = end
	}
	return out
}

func (z *zdx) tracesOf(device string) []object {
	return z.traces.list(func(o object) bool { return str(o["device"]) == device })
}

func (z *zdx) listTraces(c *call) (reply, error) {
	if _, err := zdxFind(z.devices, c.PathValue("device")); err != nil {
		return reply{}, err
	}
	rows := z.tracesOf(c.PathValue("device"))
	for i, o := range rows {
		rows[i] = z.showTrace(o)
	}
	return ok(rows), nil
}

// findTrace returns the trace in the path, which has to be one of the device there.
func (z *zdx) findTrace(c *call) (object, error) {
	trace, err := zdxFind(z.traces, c.PathValue("trace"))
	if err == nil && str(trace["device"]) != c.PathValue("device") {
		return nil, zdxRefusal(http.StatusNotFound, "NOT_FOUND", "The device has no such deep trace")
	}
	return trace, err
}

func (z *zdx) getTrace(c *call) (reply, error) {
	trace, err := z.findTrace(c)
	if err != nil {
		return reply{}, err
	}
	return ok(z.showTrace(trace)), nil
}

func (z *zdx) deleteTrace(c *call) (reply, error) {
	trace, err := z.findTrace(c)
	if err != nil {
		return reply{}, err
	}
	z.traces.remove(str(trace["trace_id"]))
	return ok(pick(trace, "trace_id")), nil
}

func (z *zdx) startTrace(c *call) (reply, error) {
	device, err := zdxFind(z.devices, c.PathValue("device"))
	if err != nil {
		return reply{}, err
	}
	in, err := c.object()
	if err != nil {
		return reply{}, zdxInvalid(err.Error())
	}
	if err := z.checkTrace(in); err != nil {
		return reply{}, err
	}
	active := z.traces.list(func(o object) bool { _, _, status := z.traceTimes(o); return status != traceDone })
	if len(active) >= maxTraces || slices.ContainsFunc(active, func(o object) bool { return str(o["device"]) == str(device["id"]) }) {
		return reply{}, zdxRefusal(http.StatusBadRequest, "LIMIT_EXCEEDED", "Too many active deep trace sessions: one on a device, 15 in all")
	}
	z.lastTrace++
	id := strconv.Itoa(firstTrace + z.lastTrace)
	z.traces.put(id, object{
		"trace_id": id, "device": device["id"], "app": in["app_id"], "session_name": in["session_name"],
		"length": in["session_length_minutes"], "probe_device": in["probe_device"], "created_on": z.now().Unix(),
	})
	return ok(object{"trace_id": id, "status": traceNotStarted, "expected_time_minutes": in["session_length_minutes"]}), nil
}

// checkTrace judges the configuration of a session. Its probes have to be those of the application.
func (z *zdx) checkTrace(in object) error {
	app, err := zdxFind(z.apps, str(in["app_id"]))
	_, isNumber := number(in["app_id"])
	if err != nil || !isNumber {
		return zdxInvalid("app_id is not the id of an application")
	}
	web, cloud := probesOf(app)
	webGiven, _ := number(in["web_probe_id"])
	cloudGiven, _ := number(in["cloudpath_probe_id"])
	length, _ := number(in["session_length_minutes"])
	_, isBool := in["probe_device"].(bool)
	switch {
	case str(in["session_name"]) == "":
		return zdxInvalid("session_name is needed")
	case webGiven != web:
		return zdxInvalid("web_probe_id is not a web probe of the application")
	case cloudGiven != cloud:
		return zdxInvalid("cloudpath_probe_id is not a cloud path probe of the application")
	case !slices.Contains([]int{5, 15, 30, 60}, length):
		return zdxInvalid("session_length_minutes must be 5, 15, 30 or 60")
	case !isBool:
		return zdxInvalid("probe_device must be true or false")
	}
	return nil
}
