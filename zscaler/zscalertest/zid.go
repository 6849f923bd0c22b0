package zscalertest

import (
	"net/http"
	"strings"
)

const (
	zidBase     = "/ziam/admin/api/v1"
	zidLimit    = 100
	zidMaxLimit = 1000
	// zidLinkHost stands in links to further pages. It is not the gateway, as recorded: a client
	// must not follow it with its token.
	zidLinkHost = "https://" + vanityDomain + "-admin.zslogin.example.net/admin/api/v1"
)

// zid is the directory of ZIdentity. The API in these toolsets only reads it.
type zid struct {
	users, groups, members *table
	entitlements           map[string][]object
}

func newZID(opts Options) *zid {
	data := seed("zid")
	return &zid{
		users:        tableOf(data["users"], "id", opts.Empty, nil),
		groups:       tableOf(data["groups"], "id", opts.Empty, nil),
		members:      tableOf(data["members"], "user", opts.Empty, nil),
		entitlements: data,
	}
}

func (z *zid) routes() []route {
	users, groups := "GET "+zidBase+"/users", "GET "+zidBase+"/groups"
	return []route{
		{users, z.listUsers},
		{users + "/{id}", one(z.users)},
		{users + "/{id}/groups", z.groupsOfUser},
		{users + "/{id}/admin-entitlements", z.entitlementsOf("adminEntitlements")},
		{users + "/{id}/service-entitlements", z.entitlementsOf("serviceEntitlements")},
		{groups, z.listGroups},
		{groups + "/{id}", one(z.groups)},
		{groups + "/{id}/users", z.usersOfGroup},
	}
}

// The error bodies of ZIdentity were never recorded; this form is an assumption.
func zidRefusal(status int, code, message string) error {
	return &refusal{reply{status: status, body: object{"code": code, "message": message}}}
}

func zidMissing(id string) error {
	return zidRefusal(http.StatusNotFound, "RESOURCE_NOT_FOUND", "No resource with id "+id)
}

func one(rows *table) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		o, found := rows.get(c.PathValue("id"))
		if !found {
			return reply{}, zidMissing(c.PathValue("id"))
		}
		return ok(o), nil
	}
}

// userFilters say which field a query parameter is compared with. The case of the names is not
// settled between the vendor's clients, so it does not matter here.
var userFilters = map[string]string{
	"loginname[like]": "loginName", "displayname[like]": "displayName", "primaryemail[like]": "primaryEmail", "loginname": "loginName",
}

func (z *zid) listUsers(c *call) (reply, error) {
	return zidPage(c, z.users.list(func(u object) bool {
		for key, values := range c.query {
			key, want := strings.ToLower(key), values[0]
			field, known := userFilters[key]
			idp, _ := u["idp"].(object)
			switch {
			case known && strings.HasSuffix(key, "[like]") && !contains(str(u[field]), want),
				known && !strings.HasSuffix(key, "[like]") && !strings.EqualFold(str(u[field]), want),
				key == "domainname" && !strings.HasSuffix(strings.ToLower(str(u["loginName"])), "@"+strings.ToLower(want)),
				key == "idpname" && !strings.EqualFold(str(idp["name"]), want):
				return false
			}
		}
		return true
	}))
}

func (z *zid) listGroups(c *call) (reply, error) {
	return zidPage(c, z.groups.list(func(g object) bool {
		for key, values := range c.query {
			switch key = strings.ToLower(key); {
			case key == "name[like]" && !contains(str(g["name"]), values[0]),
				key == "excludedynamicgroups" && strings.EqualFold(values[0], "true") && g["dynamicGroup"] == true:
				return false
			}
		}
		return true
	}))
}

func (z *zid) groupsOfUser(c *call) (reply, error) {
	user := c.PathValue("id")
	if _, found := z.users.get(user); !found {
		return reply{}, zidMissing(user)
	}
	return zidPage(c, z.groups.list(func(g object) bool { return z.isMember(user, str(g["id"])) }))
}

func (z *zid) usersOfGroup(c *call) (reply, error) {
	group := c.PathValue("id")
	if _, found := z.groups.get(group); !found {
		return reply{}, zidMissing(group)
	}
	return zidPage(c, z.users.list(func(u object) bool { return z.isMember(str(u["id"]), group) }))
}

func (z *zid) isMember(user, group string) bool {
	o, _ := z.members.get(user)
	for _, id := range list(o["groups"]) {
		if id == group {
			return true
		}
	}
	return false
}

func (z *zid) entitlementsOf(kind string) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		if _, found := z.users.get(c.PathValue("id")); !found {
			return reply{}, zidMissing(c.PathValue("id"))
		}
		return ok(z.entitlements[kind]), nil
	}
}
