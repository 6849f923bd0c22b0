package zscalertest

func (z *zdx) probeRoutes() []route {
	app := "GET " + zdxBase + "/devices/{device}/apps/{app}"
	return []route{{app + "/web-probes", z.webProbes}, {app + "/cloudpath-probes", z.cloudPathProbes}}
}

// probesOf returns the ids of the web probe and the cloud path probe of an application.
func probesOf(app object) (web, cloud int) {
	id, _ := number(app["id"])
	return 266000 + id, 267000 + id
}

// probed returns the device and the application in the path.
func (z *zdx) probed(c *call) (device, app object, err error) {
	if device, err = zdxFind(z.devices, c.PathValue("device")); err != nil {
		return nil, nil, err
	}
	app, err = zdxFind(z.apps, c.PathValue("app"))
	return device, app, err
}

func (z *zdx) webProbes(c *call) (reply, error) {
	device, app, err := z.probed(c)
	if err != nil {
		return reply{}, err
	}
	id, _ := probesOf(app)
	user, _ := z.users.get(str(device["userid"]))
	from, to, _ := z.period(c)
	return ok([]any{object{
		"id": id, "name": str(app["name"]) + " page", "num_probes": (to - from) / 300, "avg_score": scoreOf(app, user), "avg_pft": 900 + 7*id%400,
	}}), nil
}

func (z *zdx) cloudPathProbes(c *call) (reply, error) {
	_, app, err := z.probed(c)
	if err != nil {
		return reply{}, err
	}
	_, id := probesOf(app)
	from, to, _ := z.period(c)
	latencies := []any{}
	for i, leg := range legs {
		latencies = append(latencies, object{"leg_src": leg[0], "leg_dst": leg[1], "latency": 4 + 9*i})
	}
	return ok([]any{object{"id": id, "name": str(app["name"]) + " path", "num_probes": (to - from) / 300, "avg_latencies": latencies}}), nil
}
