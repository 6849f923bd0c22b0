package zscalertest

import "strconv"

const (
	firstAnalysis   = 730000
	analysisSeconds = 10 // until an analysis is done
)

func (z *zdx) analysisRoutes() []route {
	one := zdxBase + "/analysis/{analysis}"
	return []route{{"POST " + zdxBase + "/analysis", z.startAnalysis}, {"GET " + one, z.getAnalysis}, {"DELETE " + one, z.deleteAnalysis}}
}

func (z *zdx) startAnalysis(c *call) (reply, error) {
	in, err := c.object()
	if err != nil {
		return reply{}, zdxInvalid(err.Error())
	}
	if _, err := zdxFind(z.devices, str(in["device_id"])); err != nil {
		return reply{}, zdxInvalid("device_id is not the id of a device")
	}
	if _, isNumber := number(in["app_id"]); !isNumber {
		return reply{}, zdxInvalid("app_id must be a number")
	}
	if _, err := zdxFind(z.apps, str(in["app_id"])); err != nil {
		return reply{}, zdxInvalid("app_id is not the id of an application")
	}
	to := z.now().Unix()
	from := to - 7200
	for member, into := range map[string]*int64{"t0": &from, "t1": &to} {
		if n, isNumber := number(in[member]); isNumber {
			*into = int64(n)
		} else if in[member] != nil {
			return reply{}, zdxInvalid(member + " must be epoch seconds")
		}
	}
	if to <= from {
		return reply{}, zdxInvalid("t1 must be later than t0")
	}
	z.lastAnalysis++
	id := strconv.Itoa(firstAnalysis + z.lastAnalysis)
	z.analyses.put(id, object{"analysis_id": id, "device": in["device_id"], "app": in["app_id"], "from": from, "to": to, "created_on": z.now().Unix()})
	return ok(object{"analysis_id": id, "status": traceRunning}), nil
}

func (z *zdx) getAnalysis(c *call) (reply, error) {
	a, err := zdxFind(z.analyses, c.PathValue("analysis"))
	if err != nil {
		return reply{}, err
	}
	created, _ := a["created_on"].(int64)
	if z.now().Unix() < created+analysisSeconds {
		return ok(object{"analysis_id": a["analysis_id"], "status": traceRunning, "created_at": created, "err_msg": ""}), nil
	}
	return ok(object{
		"analysis_id": a["analysis_id"], "status": traceDone, "created_at": created, "ended_at": created + analysisSeconds, "err_msg": "",
		"result": object{"issue": "wifi_signal", "confidence": 82, "message": "The Wi-Fi signal was weak while the page loaded slowly.", "times": []any{a["from"], a["to"]}},
	}), nil
}

func (z *zdx) deleteAnalysis(c *call) (reply, error) {
	a, err := zdxFind(z.analyses, c.PathValue("analysis"))
	if err != nil {
		return reply{}, err
	}
	z.analyses.remove(str(a["analysis_id"]))
	return ok(pick(a, "analysis_id")), nil
}
