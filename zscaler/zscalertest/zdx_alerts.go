package zscalertest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// alertDays is how long the service keeps alerts.
const alertDays = 14

func (z *zdx) alertRoutes() []route {
	alerts := "GET " + zdxBase + "/alerts"
	return []route{
		{alerts + "/ongoing", z.listAlerts(false)},
		{alerts + "/historical", z.listAlerts(true)},
		{alerts + "/{alert}", z.getAlert},
		{alerts + "/{alert}/affected_devices", z.affectedDevices},
	}
}

// timed turns the ages of seeded rows, members that end in _ago, into epoch seconds before now.
func timed(rows []object, now time.Time) []object {
	for _, o := range rows {
		for member, value := range o {
			if name, isAge := strings.CutSuffix(member, "_ago"); isAge {
				age, _ := number(value)
				o[name+"_on"] = now.Unix() - int64(age)
				delete(o, member)
			}
		}
	}
	return rows
}

// listAlerts returns the alerts that started in the period, or those that ended in it.
func (z *zdx) listAlerts(ended bool) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		from, to, err := z.alertPeriod(c)
		if err != nil {
			return reply{}, err
		}
		rows := []object{}
		for _, a := range z.alerts.list(nil) {
			at, over := a["ended_on"].(int64)
			if !ended {
				at, _ = a["started_on"].(int64)
			}
			if over == ended && at >= from && at <= to && len(z.affected(c, a)) > 0 {
				rows = append(rows, z.showAlert(a))
			}
		}
		return zdxPage(c, "alerts", rows)
	}
}

func (z *zdx) alertPeriod(c *call) (from, to int64, err error) {
	from, to, err = z.period(c)
	if err == nil && to-from > alertDays*24*3600 {
		err = zdxInvalid("alerts cannot be asked for over more than 14 days")
	}
	return from, to, err
}

// affected returns the devices that an alert is about, of those that the query selects.
func (z *zdx) affected(c *call, alert object) []object {
	return z.devices.list(func(d object) bool {
		for _, field := range []string{"location", "department"} {
			if want := str(alert[field]); want != "" && want != str(d[field]) {
				return false
			}
		}
		return c == nil || within(c, d)
	})
}

// showAlert is an alert as lists have it.
func (z *zdx) showAlert(alert object) object {
	devices := z.affected(nil, alert)
	out := pick(alert, "id", "rule_name", "severity", "alert_type", "started_on", "ended_on")
	out["alert_status"] = "Ongoing"
	if _, over := out["ended_on"]; over {
		out["alert_status"] = "Ended"
	}
	out["num_devices"], out["num_geolocations"] = len(devices), len(tally(devices, "geo"))
	return out
}

// tally counts devices by a field.
func tally(devices []object, field string) map[string]int {
	counts := map[string]int{}
	for _, d := range devices {
		counts[str(d[field])]++
	}
	return counts
}

func (z *zdx) getAlert(c *call) (reply, error) {
	alert, err := zdxFind(z.alerts, c.PathValue("alert"))
	if err != nil {
		return reply{}, err
	}
	devices := z.affected(nil, alert)
	out := z.showAlert(alert)
	app, _ := z.apps.get(str(alert["app"]))
	out["application"] = pick(app, "id", "name")
	out["departments"] = counted(z.departments, tally(devices, "department"))
	locations := counted(z.locations, tally(devices, "location"))
	for _, l := range locations {
		l["groups"] = []any{locationGroup(l)}
	}
	out["locations"] = locations
	geos := []object{}
	for id, n := range tally(devices, "geo") {
		geos = append(geos, object{"id": id, "name": z.cityOf(id), "num_devices": n})
	}
	slices.SortFunc(geos, func(a, b object) int { return strings.Compare(str(a["id"]), str(b["id"])) })
	out["geolocations"] = geos
	return ok(out), nil
}

// counted lists the rows that have a count, with it.
func counted(rows *table, counts map[string]int) []object {
	out := rows.list(func(o object) bool { return counts[str(o["id"])] > 0 })
	for i, o := range out {
		out[i] = without(o)
		out[i]["num_devices"] = counts[str(o["id"])]
	}
	return out
}

// locationGroup returns the group that a location is in.
func locationGroup(location object) object {
	if strings.HasPrefix(str(location["name"]), "Branch") {
		return object{"id": json.Number("702"), "name": "Branches"}
	}
	return object{"id": json.Number("701"), "name": "Other places"}
}

func (z *zdx) cityOf(geo string) string {
	for _, u := range z.users.list(nil) {
		if place := geoOf(u); str(place["id"]) == geo {
			return str(place["city"])
		}
	}
	return ""
}

func (z *zdx) affectedDevices(c *call) (reply, error) {
	alert, err := zdxFind(z.alerts, c.PathValue("alert"))
	if err != nil {
		return reply{}, err
	}
	if _, _, err := z.alertPeriod(c); err != nil {
		return reply{}, err
	}
	groups := values(c, "location_groups")
	rows := []object{}
	for _, d := range z.affected(c, alert) {
		location, _ := z.locations.get(str(d["location"]))
		if !among(groups, str(locationGroup(location)["id"])) {
			continue
		}
		row := pick(d, "id", "name", "userid")
		user, _ := z.users.get(str(d["userid"]))
		row["userName"], row["userEmail"] = user["name"], user["email"]
		rows = append(rows, row)
	}
	return zdxPage(c, "devices", rows)
}
