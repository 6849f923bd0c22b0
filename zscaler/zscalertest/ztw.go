package zscalertest

import "slices"

const ztwBase = "/ztw/api/v1"

// ztw is the state of Cloud and Branch Connector. Writes are staged until they are activated. Errors
// and pages are in the forms of ZIA.
type ztw struct {
	rows   map[string]*table
	status string
	lastID int
}

func newZTW(opts Options) *ztw {
	z := &ztw{rows: map[string]*table{}, status: "EDITS_CLEARED", lastID: 3390000}
	for name, rows := range seed("ztw") {
		builtin := func(o object) bool {
			return o["isNonEditable"] == true || o["isNameL10nTag"] == true || name == "workloadDiscoverySettings"
		}
		key := "id"
		if name == "workloadDiscoverySettings" {
			key = "externalId"
		}
		z.rows[name] = tableOf(rows, key, opts.Empty, builtin)
	}
	return z
}

func (z *ztw) routes() []route {
	destinations := ztwKind{z: z, rows: z.rows["ipDestinationGroups"], required: []string{"name", "type"}, check: checkDestinations,
		lite: []string{"id", "name", "type"}, usedAs: "destIpGroups"}
	pools := ztwKind{z: z, rows: z.rows["ipGroups"], required: []string{"name", "ipAddresses"}, lite: []string{"id", "name"}, usedAs: "ipGroups"}
	sources := ztwKind{z: z, rows: z.rows["ipSourceGroups"], required: []string{"name", "ipAddresses"}, lite: []string{"id", "name"}, usedAs: "srcIpGroups"}
	return slices.Concat(
		destinations.routes(ztwBase+"/ipDestinationGroups"), pools.routes(ztwBase+"/ipGroups"), sources.routes(ztwBase+"/ipSourceGroups"),
		[]route{
			{"GET " + ztwBase + "/networkServices", z.list("networkServices", func(c *call, o object) bool {
				protocol := c.query.Get("protocol")
				return protocol == "" || protocol == o["protocol"]
			})},
			{"GET " + ztwBase + "/networkServiceGroups", z.list("networkServiceGroups", nil)},
			{"GET " + ztwBase + "/publicCloudAccountDetails", z.list("publicCloudAccountDetails", nil)},
			{"GET " + ztwBase + "/publicCloudInfo", z.list("publicCloudInfo", func(c *call, o object) bool {
				cloud := c.query.Get("cloudType")
				return cloud == "" || cloud == o["cloudType"]
			})},
			{"GET " + ztwBase + "/adminRoles", z.list("adminRoles", listedRole)},
			{"GET " + ztwBase + "/adminUsers", z.list("adminUsers", z.listedAdmin)},
			{"GET " + ztwBase + "/discoveryService/workloadDiscoverySettings", z.discovery},
			{"GET " + ztwBase + "/ecAdminActivateStatus", z.activation},
			{"PUT " + ztwBase + "/ecAdminActivateStatus/activate", z.activate},
		})
}

// list pages the rows that the search, by name, and keep accept.
func (z *ztw) list(name string, keep func(*call, object) bool) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		rows, err := ziaPage(c, z.rows[name].list(func(o object) bool {
			text := str(o["name"]) + " " + str(o["loginName"]) + " " + str(o["userName"]) + " " + str(o["description"])
			return contains(text, c.query.Get("search")) && (keep == nil || keep(c, o))
		}))
		return ok(rows), err
	}
}

// listedRole leaves out the kinds of roles that were not asked for.
func listedRole(c *call, role object) bool {
	ids := c.query["id"]
	switch {
	case len(ids) > 0 && !slices.Contains(ids, str(role["id"])):
		return false
	case role["isAuditor"] == true:
		return c.query.Get("includeAuditorRole") == "true"
	case role["roleType"] == "PARTNER":
		return c.query.Get("includePartnerRole") == "true"
	case role["roleType"] == "API":
		return c.query.Get("includeApiRoles") == "true"
	}
	return true
}

func (z *ztw) listedAdmin(c *call, admin object) bool {
	reference, _ := admin["role"].(object)
	role, _ := z.rows["adminRoles"].get(str(reference["id"]))
	switch {
	case admin["isAuditor"] == true:
		return c.query.Get("includeAuditorUsers") == "true"
	case role["roleType"] == "API":
		return c.query.Get("includeApiRoles") == "true"
	}
	return c.query.Get("includeAdminUsers") != "false"
}

func (z *ztw) discovery(*call) (reply, error) {
	return ok(z.rows["workloadDiscoverySettings"].list(nil)[0]), nil
}

func (z *ztw) activation(*call) (reply, error) {
	return ok(object{"orgEditStatus": z.status, "orgLastActivateStatus": "CAC_ACTV_DONE", "adminStatusMap": object{}, "adminActivateStatus": "ADM_LOGGED_IN"}), nil
}

func (z *ztw) activate(c *call) (reply, error) {
	z.status = "EDITS_CLEARED"
	return z.activation(c)
}
