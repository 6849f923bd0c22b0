package zscalertest

import "slices"

func (z *zpa) checkServer(in, _ object) error {
	if str(in["address"]) == "" {
		return zpaInvalid("missing.required.field", "A required field is missing", "address")
	}
	for _, id := range list(in["appServerGroupIds"]) {
		if _, found := z.directory["serverGroup"].get(str(id)); !found {
			return zpaInvalid("resource.not.found", "The server group does not exist", id)
		}
	}
	setDefaults(in, object{"enabled": false, "configSpace": "DEFAULT"})
	return nil
}

func (z *zpa) checkServerUnused(o object, _ bool) error {
	if z.refersTo("serverGroup", "servers", str(o["id"])) {
		return zpaInvalid("resource.in.use", "The server is in a server group", o["id"], o["name"])
	}
	return nil
}

// refersTo reports whether a list of references of any object of the kind holds the id.
func (z *zpa) refersTo(kind, field, id string) bool {
	return len(z.directory[kind].list(func(o object) bool { return hasRef(o[field], id) })) > 0
}

func hasRef(refs any, id string) bool {
	return slices.ContainsFunc(list(refs), func(ref any) bool { return refID(ref) == id })
}

// setDefaults writes the values of members that the client left out.
func setDefaults(in, values object) {
	for field, v := range values {
		if in[field] == nil {
			in[field] = v
		}
	}
}

// checkServerGroup judges a server group. As recorded, a body with applications is refused.
func (z *zpa) checkServerGroup(in, _ object) error {
	if in["applications"] != nil {
		return zpaInvalid("invalid.request", "The applications of a server group are not set here", "applications")
	}
	setDefaults(in, object{"enabled": false, "dynamicDiscovery": false, "ipAnchored": false, "configSpace": "DEFAULT"})
	if err := z.resolve(in, "appConnectorGroups", "appConnectorGroup"); err != nil {
		return err
	}
	if err := z.resolve(in, "servers", "server"); err != nil {
		return err
	}
	switch {
	case in["appConnectorGroups"] == nil:
		return zpaInvalid("missing.required.field", "A required field is missing", "appConnectorGroups")
	case in["dynamicDiscovery"] != true && in["servers"] == nil:
		return zpaInvalid("missing.required.field", "Without dynamic discovery a server group names its servers", "servers")
	}
	return nil
}

// showServerGroup adds the application segments that use the group.
func (z *zpa) showServerGroup(o object) object {
	out := without(o)
	var apps []any
	for _, segment := range z.segments.list(func(s object) bool { return hasRef(s["serverGroups"], str(o["id"])) }) {
		apps = append(apps, pick(segment, "id", "name"))
	}
	if len(apps) > 0 {
		out["applications"] = apps
	}
	return out
}

func (z *zpa) checkServerGroupUnused(o object, _ bool) error {
	id := str(o["id"])
	used := func(table *table, field string) bool {
		return len(table.list(func(user object) bool { return hasRef(user[field], id) })) > 0
	}
	if used(z.segments, "serverGroups") || used(z.rules, "appServerGroups") {
		return zpaInvalid("resource.in.use", "The server group is used by an application segment or a policy rule", o["id"], o["name"])
	}
	return nil
}
