package zscalertest

func (z *zdx) softwareRoutes() []route {
	return []route{
		{"GET " + zdxBase + "/inventory/software", z.listSoftware},
		{"GET " + zdxBase + "/inventory/software/{key}", z.softwareDetails},
	}
}

// installs returns the devices that have a piece of software, of those that the query selects.
func (z *zdx) installs(c *call, software object) []object {
	every, _ := number(software["every"])
	users, devices := values(c, "userids"), values(c, "deviceids")
	return z.devices.list(func(d object) bool {
		id, _ := number(d["id"])
		return id%max(every, 1) == 0 && within(c, d) && among(users, str(d["userid"])) && among(devices, str(d["id"]))
	})
}

func (z *zdx) listSoftware(c *call) (reply, error) {
	rows := []object{}
	for _, s := range z.software.list(nil) {
		devices := z.installs(c, s)
		if len(devices) == 0 {
			continue
		}
		row := pick(s, "software_key", "software_name", "vendor", "software_group", "sw_install_type")
		row["user_total"], row["device_total"] = len(tally(devices, "userid")), len(devices)
		rows = append(rows, row)
	}
	return zdxPage(c, "software", rows)
}

func (z *zdx) softwareDetails(c *call) (reply, error) {
	s, err := zdxFind(z.software, c.PathValue("key"))
	if err != nil {
		return reply{}, err
	}
	rows := []object{}
	for _, d := range z.installs(c, s) {
		user, _ := z.users.get(str(d["userid"]))
		system, _ := d["software"].(object)
		row := pick(s, "software_key", "software_name", "software_version", "software_group", "vendor")
		row["os"], row["user_id"], row["device_id"] = system["os_name"], d["userid"], d["id"]
		row["hostname"], row["username"], row["install_date"] = d["name"], user["name"], "2026-02-11"
		rows = append(rows, row)
	}
	return zdxPage(c, "software", rows)
}
