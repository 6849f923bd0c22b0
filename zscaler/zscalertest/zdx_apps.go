package zscalertest

import "slices"

// zdxMetrics are the metrics of an application, with unit, base and swing.
var zdxMetrics = []struct {
	name, unit  string
	base, swing int64
}{
	{"pft", "ms", 900, 700}, {"dns", "ms", 12, 30}, {"availability", "percentage", 96, 5},
}

func (z *zdx) listApps(c *call) (reply, error) {
	rows := z.apps.list(nil)
	for i, app := range rows {
		rows[i] = z.showApp(c, app)
	}
	return ok(rows), nil
}

func (z *zdx) getApp(c *call) (reply, error) {
	app, err := zdxFind(z.apps, c.PathValue("app"))
	if err != nil {
		return reply{}, err
	}
	return ok(z.showApp(c, app)), nil
}

// showApp adds the score and counts of the users that the query selects.
func (z *zdx) showApp(c *call, app object) object {
	counts, total, devices := map[string]int{}, int64(0), 0
	users := z.usersOf(c, app)
	for _, u := range users {
		score := scoreOf(app, u)
		counts[bucket(score)]++
		total += score
		devices += len(list(u["devices"]))
	}
	out := without(app)
	out["total_users"] = len(users)
	out["stats"] = object{"active_users": len(users), "active_devices": devices, "num_poor": counts["poor"], "num_okay": counts["okay"], "num_good": counts["good"]}
	out["score"] = -1
	if len(users) > 0 {
		out["score"] = total / int64(len(users))
	}
	return out
}

// usersOf returns who uses the app, of those that the query selects.
func (z *zdx) usersOf(c *call, app object) []object {
	return z.users.list(func(u object) bool {
		a, _ := number(app["id"])
		n, _ := number(u["id"])
		return (a+n)%4 != 0 && within(c, u)
	})
}

func scoreOf(app, user object) int64 {
	a, _ := number(app["id"])
	u, _ := number(user["id"])
	return int64(20 + (u*37+a*11)%80)
}

func bucket(score int64) string {
	switch {
	case score < 34:
		return "poor"
	case score < 66:
		return "okay"
	default:
		return "good"
	}
}

// series makes the points of a metric over the period of the request: at most 25, at least 5 minutes apart.
func (z *zdx) series(c *call, base, swing int64) []any {
	from, to, err := z.period(c)
	if err != nil {
		return nil
	}
	step := max(300, (to-from)/24)
	points := []any{}
	for at := from - from%300; at <= to; at += step {
		points = append(points, object{"timestamp": at, "value": base + (at/300*31)%swing})
	}
	return points
}

func (z *zdx) appScore(c *call) (reply, error) {
	app, err := zdxFind(z.apps, c.PathValue("app"))
	if err != nil {
		return reply{}, err
	}
	id, _ := number(app["id"])
	return ok([]any{object{"metric": "score", "unit": "", "datapoints": z.series(c, int64(55+id%30), 15)}}), nil
}

func (z *zdx) appMetrics(c *call) (reply, error) {
	if _, err := zdxFind(z.apps, c.PathValue("app")); err != nil {
		return reply{}, err
	}
	wanted := c.query.Get("metric_name")
	rows := []any{}
	for _, m := range zdxMetrics {
		if wanted == "" || wanted == m.name {
			rows = append(rows, object{"metric": m.name, "unit": m.unit, "datapoints": z.series(c, m.base, m.swing)})
		}
	}
	if len(rows) == 0 {
		return reply{}, zdxInvalid("metric_name must be pft, dns or availability")
	}
	return ok(rows), nil
}

func (z *zdx) appUsers(c *call) (reply, error) {
	app, err := zdxFind(z.apps, c.PathValue("app"))
	if err != nil {
		return reply{}, err
	}
	wanted := c.query.Get("score_bucket")
	if wanted != "" && !slices.Contains([]string{"poor", "okay", "good"}, wanted) {
		return reply{}, zdxInvalid("score_bucket must be poor, okay or good")
	}
	rows := []object{}
	for _, u := range z.usersOf(c, app) {
		if score := scoreOf(app, u); wanted == "" || wanted == bucket(score) {
			row := pick(u, "id", "name", "email")
			row["score"] = score
			rows = append(rows, row)
		}
	}
	return zdxPage(c, "users", rows)
}

func (z *zdx) appUser(c *call) (reply, error) {
	app, err := zdxFind(z.apps, c.PathValue("app"))
	if err != nil {
		return reply{}, err
	}
	user, err := zdxFind(z.users, c.PathValue("user"))
	if err != nil {
		return reply{}, err
	}
	out := pick(user, "id", "name", "email")
	out["score"] = scoreOf(app, user)
	devices := []any{}
	for _, id := range list(user["devices"]) {
		d, _ := z.devices.get(str(id))
		row := pick(d, "id", "name")
		row["geo_loc"] = []any{geoOf(user)}
		if loc, found := z.locations.get(str(user["location"])); found {
			row["zs_loc"] = []any{loc}
		}
		devices = append(devices, row)
	}
	out["devices"] = devices
	return ok(out), nil
}

func geoOf(user object) object {
	place, _ := user["place"].(object)
	return without(place)
}
