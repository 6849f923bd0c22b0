package zscalertest

import (
	"slices"
	"strings"
)

// directory lists departments or locations by a part of the name.
func (z *zdx) directory(rows *table) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		return ok(rows.list(func(o object) bool { return contains(str(o["name"]), c.query.Get("q")) })), nil
	}
}

func (z *zdx) listDevices(c *call) (reply, error) {
	emails, users := values(c, "emails"), values(c, "userids")
	macs, addresses := values(c, "mac_address"), values(c, "private_ipv4")
	var rows []object
	for _, d := range z.devices.list(func(d object) bool { return within(c, d) }) {
		user, _ := z.users.get(str(d["userid"]))
		network, _ := list(d["network"])[0].(object)
		if among(emails, str(user["email"])) && among(users, str(d["userid"])) && among(macs, str(network["mac"])) && among(addresses, str(network["ipv4"])) {
			rows = append(rows, pick(d, "id", "name", "userid"))
		}
	}
	return zdxPage(c, "devices", append([]object{}, rows...))
}

// among reports whether value is one of wanted, without regard to case, or nothing is wanted.
func among(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool { return strings.EqualFold(w, value) })
}

func (z *zdx) getDevice(c *call) (reply, error) {
	d, err := zdxFind(z.devices, c.PathValue("device"))
	if err != nil {
		return reply{}, err
	}
	return ok(without(d, "location", "department", "geo")), nil
}
