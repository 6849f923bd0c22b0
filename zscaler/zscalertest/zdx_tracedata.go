package zscalertest

// traceData answers what a session has measured so far; nothing before it starts.
func (z *zdx) traceData(measure func(trace object, at []int64) []any) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		trace, err := z.findTrace(c)
		if err != nil {
			return reply{}, err
		}
		start, end, _ := z.traceTimes(trace)
		var at []int64
		for t := start; t <= min(end, z.now().Unix()); t += 60 {
			at = append(at, t)
		}
		if len(at) == 0 {
			return ok([]any{}), nil
		}
		return ok(measure(trace, at)), nil
	}
}

// metric makes the points of a measure at these times.
func metric(name, unit string, base, swing int64, at []int64) object {
	points := make([]any, len(at))
	for i, t := range at {
		points[i] = object{"timestamp": t, "value": base + (t/60*31)%swing}
	}
	return object{"metric": name, "unit": unit, "datapoints": points}
}

func (z *zdx) webProbeMetrics(_ object, at []int64) []any {
	out := []any{}
	for _, m := range zdxMetrics {
		out = append(out, metric(m.name, m.unit, m.base, m.swing, at))
	}
	return append(out, metric("srt", "ms", 120, 80, at))
}

// legs are the parts of the way from a device to an application.
var legs = [][2]string{{"client", "egress"}, {"egress", "zen"}, {"zen", "application"}}

func (z *zdx) cloudPathMetrics(_ object, at []int64) []any {
	out := []any{}
	for i, leg := range legs {
		base := int64(4 + 9*i)
		out = append(out, object{"leg_src": leg[0], "leg_dst": leg[1], "stats": []any{
			metric("latency", "ms", base, 12, at), metric("loss", "percentage", 0, 2, at), metric("num_hops", "", 3, 1, at),
		}})
	}
	return out
}

func (z *zdx) cloudPath(_ object, at []int64) []any {
	path := []any{}
	for i, leg := range legs {
		latency := 4 + 9*i
		path = append(path, object{
			"src": leg[0], "dst": leg[1], "num_hops": 1, "latency": latency, "loss": 0, "num_unresp_hops": 0, "tunnel_type": 0,
			"hops": []any{object{
				"ip": []string{"198.51.100.1", "203.0.113.9", "192.0.2.40"}[i], "gw_mac": "02:00:5e:00:53:f0", "gw_mac_vendor": "Example Networks",
				"pkt_sent": 11, "pkt_rcvd": 11, "latency_min": latency - 1, "latency_max": latency + 6, "latency_avg": latency, "latency_diff": latency,
			}},
		})
	}
	return []any{object{"timestamp": at[len(at)-1], "cloudpath": path}}
}

func (z *zdx) healthMetrics(trace object, at []int64) []any {
	if trace["probe_device"] != true {
		return []any{}
	}
	out := []any{}
	for _, m := range []struct {
		category, instance, name, unit string
		base, swing                    int64
	}{
		{"cpu", "total", "cpu_usage", "percentage", 20, 60}, {"memory", "total", "memory_used", "percentage", 55, 20},
		{"disk", "disk0", "disk_io", "kbps", 200, 900}, {"wifi", "wlan0", "signal_strength", "percentage", 60, 30},
	} {
		out = append(out, object{"category": m.category, "instances": []any{object{"name": m.instance, "metrics": []any{metric(m.name, m.unit, m.base, m.swing, at)}}}})
	}
	return out
}

func (z *zdx) traceEvents(_ object, at []int64) []any {
	return []any{object{"timestamp": at[0], "instances": []any{
		object{"category": "network", "name": "wifi_bssid", "display_name": "Wi-Fi access point", "prev": "02:00:5e:00:53:f0", "curr": "02:00:5e:00:53:f1"},
		object{"category": "zscaler", "name": "tunnel_state", "display_name": "Tunnel", "prev": "Connected", "curr": "Reconnected"},
	}}}
}

func (z *zdx) topProcesses(trace object, at []int64) []any {
	if trace["probe_device"] != true {
		return []any{}
	}
	processes := func(names ...string) []any {
		var out []any
		for i, name := range names {
			out = append(out, object{"id": 4000 + 7*i, "name": name})
		}
		return out
	}
	return []any{object{"timestamp": at[len(at)-1], "top_processes": []any{
		object{"category": "cpu", "processes": processes("acme-browser", "indexer", "meetings")},
		object{"category": "memory", "processes": processes("acme-browser", "office-suite", "meetings")},
	}}}
}
