package zscalertest

import "slices"

// peopleRoutes are those of users and their devices, which come from elsewhere and cannot be changed.
func (z *zia) peopleRoutes() []route {
	users := ziaKind{z: z, rows: z.directory["users"], show: shown, unsearched: true, keep: func(c *call, o object) bool {
		department, _ := o["department"].(object)
		inGroup := c.query.Get("group") == "" || slices.ContainsFunc(list(o["groups"]), func(ref any) bool {
			group, _ := ref.(object)
			return contains(str(group["name"]), c.query.Get("group"))
		})
		return inGroup && contains(str(o["name"]), c.query.Get("name")) && contains(str(department["name"]), c.query.Get("dept"))
	}}
	byComments := func(c *call, o object) bool {
		search := c.query.Get("search")
		return contains(str(o["name"]), search) || c.query.Get("limitSearch") != "true" && contains(str(o["comments"]), search)
	}
	departments := ziaKind{z: z, rows: z.directory["departments"], show: shown, unsearched: true, keep: byComments}
	lite := departments
	lite.show = func(o object) object { return pick(o, "id", "name") }
	groups := ziaKind{z: z, rows: z.directory["groups"], show: shown, unsearched: true, keep: byComments}
	workloads := ziaKind{z: z, rows: z.tables["workloadGroups"], show: shown}
	devices := ziaKind{z: z, rows: z.tables["devices"], show: func(o object) object { return without(o, "removed") }, unsearched: true, keep: matchDevice}
	briefly := devices
	briefly.show = func(o object) object { return pick(o, "id", "name", "ownerUserId", "ownerName") }
	return slices.Concat(
		users.reads(ziaBase+"/users"), departments.reads(ziaBase+"/departments"), groups.reads(ziaBase+"/groups"),
		workloads.reads(ziaBase+"/workloadGroups"), z.intervals().routes(ziaBase+"/timeIntervals"),
		[]route{
			{"GET " + ziaBase + "/departments/lite/{id}", lite.get},
			{"GET " + ziaBase + "/deviceGroups", z.listDeviceGroups},
			{"GET " + ziaBase + "/deviceGroups/devices", devices.list},
			{"GET " + ziaBase + "/deviceGroups/devices/lite", briefly.list},
		},
	)
}

func matchDevice(c *call, o object) bool {
	owners := c.query["userIds"]
	return contains(str(o["name"]), c.query.Get("name")) && (len(owners) == 0 || slices.Contains(owners, str(o["ownerUserId"]))) &&
		(o["removed"] != true || c.query.Get("includeAll") == "true")
}

// listDeviceGroups ignores paging. The groups of Cloud Browser Isolation are not for everybody.
func (z *zia) listDeviceGroups(c *call) (reply, error) {
	rows := z.tables["deviceGroups"].list(func(o object) bool {
		return o["groupType"] != "CBI" || c.query.Get("includePseudoGroups") == "true"
	})
	for i, o := range rows {
		if c.query.Get("includeDeviceInfo") != "true" {
			rows[i] = without(o, "deviceCount")
		}
	}
	return ok(rows), nil
}

var weekdays = []string{"EVERYDAY", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}

// intervals are the times of the week, which rules know as time windows.
func (z *zia) intervals() ziaKind {
	return ziaKind{z: z, rows: z.directory["timeWindows"], required: []string{"name", "startTime", "endTime", "daysOfWeek"},
		show: func(o object) object { return without(o, "lastModifiedTime", "lastModifiedBy") },
		check: func(o object) error {
			for _, field := range []string{"startTime", "endTime"} {
				if minute, isInt := number(o[field]); !isInt || minute < 0 || minute >= 24*60 {
					return ziaInvalid(field + " must be an integer between 0 and 1439")
				}
			}
			days := list(o["daysOfWeek"])
			if len(days) == 0 || slices.ContainsFunc(days, func(day any) bool { return !slices.Contains(weekdays, str(day)) }) {
				return ziaInvalid("daysOfWeek must be a list of days")
			}
			return nil
		},
	}
}
