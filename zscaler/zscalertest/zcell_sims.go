package zscalertest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

func (z *zcell) getCustomer(*call) (reply, error) {
	o, _ := z.customer.get(zcellCustomerID)
	o = without(o)
	active := len(z.sims.list(isActive))
	o["totalSims"], o["activeSims"], o["inactiveSims"] = len(z.sims.order), active, len(z.sims.order)-active
	o["currentUsage"] = sum(z.sims.list(nil), "usageVal")
	return ok(o), nil
}

func isActive(sim object) bool { return str(sim["status"]) == "ACTIVE" }

func (z *zcell) getSIM(c *call) (reply, error) {
	sim, found := z.sims.get(c.query.Get("iccId"))
	if !found {
		return reply{}, z.missing("SIM", c.query.Get("iccId"))
	}
	return ok(sim), nil
}

// simFilters are the members of a search, each with the same name in the rows.
var simFilters = []string{
	"iccid", "status", "networkStatus", "ipAddress", "locationCountry", "tag", "deviceType", "brandName", "marketingName", "modelName", "formFactor", "imeiStatus",
}

func (z *zcell) searchSIMs(c *call) (reply, error) {
	in, err := c.object()
	if err != nil {
		return reply{}, z.refuse(http.StatusBadRequest, "invalid.body", err.Error())
	}
	for name := range in {
		if !slices.Contains(append([]string{"page", "size"}, simFilters...), name) {
			return reply{}, z.refuse(http.StatusBadRequest, "invalid.body", "Unrecognized field "+name)
		}
	}
	rows := z.sims.list(func(sim object) bool {
		for _, name := range simFilters {
			have := sim[name]
			if name == "tag" {
				have = sim["tags"]
			}
			if in[name] != nil && !meets(have, in[name]) {
				return false
			}
		}
		return true
	})
	page, err := z.page(rows, str(in["page"]), str(in["size"]))
	return ok(object{"pageDetails": page, "totalUsage": sum(rows, "usageVal")}), err
}

// meets reports whether a value, or one of a list, is the wanted one or one of those.
func meets(have, want any) bool {
	if options, isList := want.([]any); isList {
		return len(options) == 0 || slices.ContainsFunc(options, func(o any) bool { return meets(have, o) })
	}
	if entries, isList := have.([]any); isList {
		return slices.Contains(entries, want)
	}
	return str(have) == str(want)
}

func (z *zcell) simSummary(*call) (reply, error) {
	active := len(z.sims.list(isActive))
	used := len(z.sims.list(func(o object) bool { return sum([]object{o}, "usageVal") > 0 }))
	return ok(object{"total": len(z.sims.order), "used": used, "active": active, "inactive": len(z.sims.order) - active}), nil
}

// simMap answers one point for each place where there are SIMs.
func (z *zcell) simMap(c *call) (reply, error) {
	in, err := c.object()
	if err != nil {
		return reply{}, z.refuse(http.StatusBadRequest, "invalid.body", err.Error())
	}
	points := []object{}
	for _, sim := range z.sims.list(func(o object) bool { return in["iccIds"] == nil || meets(o["iccid"], in["iccIds"]) }) {
		i := slices.IndexFunc(points, func(p object) bool { return p["lat"] == sim["simLat"] && p["lng"] == sim["simLng"] })
		if i < 0 {
			points = append(points, object{"lat": sim["simLat"], "lng": sim["simLng"], "iccid": []any{}, "imsi": []any{}, "tags": []any{}})
			i = len(points) - 1
		}
		p := points[i]
		p["iccid"], p["imsi"], p["tags"] = append(list(p["iccid"]), sim["iccid"]), append(list(p["imsi"]), sim["imsi"]), append(list(p["tags"]), list(sim["tags"])...)
	}
	return ok(points), nil
}

// usageOf answers the usage of SIMs in the window by one of their fields, largest first. A SIM uses a thirtieth of its usage a day.
func (z *zcell) usageOf(field, name string, most int) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		start, end, err := z.period(c.query.Get("startDate"), c.query.Get("endDate"))
		if err != nil {
			return reply{}, err
		}
		limit := zcellSize
		if v := c.query.Get("limit"); v != "" {
			if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > most {
				return reply{}, z.refuse(http.StatusBadRequest, "invalid.limit", "limit must be between 1 and "+strconv.Itoa(most))
			}
		}
		rows := []object{}
		for _, group := range grouped(z.sims.list(nil), field, "usageVal", false) {
			if usage := group["total"].(int) * int(end.Sub(start)/zinsDay) / 30; usage > 0 {
				rows = append(rows, object{name: group["name"], "usage": usage})
			}
		}
		return ok(window(rows, 0, limit)), nil
	}
}

func (z *zcell) dailyUsage(c *call) (reply, error) {
	start, end, err := z.period(c.query.Get("startDate"), c.query.Get("endDate"))
	if err != nil {
		return reply{}, err
	}
	only := c.query.Get("iccId")
	daily := sum(z.sims.list(func(o object) bool { return only == "" || str(o["iccid"]) == only }), "usageVal") / 30
	rows := []object{}
	for at := start; at.Before(end); at = at.Add(24 * time.Hour) {
		if daily > 0 {
			rows = append(rows, object{"creationTime": at.Unix(), "usage": daily})
		}
	}
	return ok(rows), nil
}

func (z *zcell) getGroup(c *call) (reply, error) {
	group, found := z.groups.get(c.PathValue("id"))
	if !found {
		return reply{}, z.missing("location group", c.PathValue("id"))
	}
	out := without(group, "trackedDevices")
	linked := []object{}
	for _, p := range z.policies.list(func(p object) bool { return slices.Contains(list(p["simLocationGroupIds"]), group["id"]) }) {
		linked = append(linked, pick(p, "id", "policyName", "policyType"))
	}
	out["linkedPolicies"] = linked
	fence, _ := group["geoFenceData"].(object)
	inside, untracked, outside := []any{}, []any{}, []any{}
	for _, sim := range z.sims.list(nil) {
		within, tracked := sim["locationCountry"] == fence["country"], slices.Contains(list(group["trackedDevices"]), sim["iccid"])
		switch {
		case within && tracked:
			inside = append(inside, sim["iccid"])
		case within:
			untracked = append(untracked, sim["iccid"])
		case tracked:
			outside = append(outside, sim["iccid"])
		}
	}
	out["insideAndTrackedIccids"], out["insideAndUntrackedIccids"], out["outsideAndTrackedIccids"] = inside, untracked, outside
	return ok(out), nil
}
