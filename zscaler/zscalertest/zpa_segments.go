package zscalertest

import "slices"

// checkGroup completes a segment group. A PUT without enabled keeps it, as recorded; all else is replaced.
func (z *zpa) checkGroup(in, before object) error {
	delete(in, "applications")
	if in["enabled"] == nil {
		in["enabled"] = before != nil && before["enabled"] == true
	}
	if _, isBool := in["enabled"].(bool); !isBool {
		return zpaInvalid("invalid.request", "A boolean is expected", "enabled")
	}
	in["policyMigrated"] = true
	in["configSpace"] = "DEFAULT"
	if in["tcpKeepAliveEnabled"] == nil {
		in["tcpKeepAliveEnabled"] = "0"
	}
	return nil
}

// showGroup adds the segments of the group.
func (z *zpa) showGroup(o object) object {
	out := without(o)
	if rows := z.segmentsOf(str(o["id"])); len(rows) > 0 {
		var members []any
		for _, s := range rows {
			members = append(members, pick(s, "id", "name", "enabled", "domainNames", "creationTime", "modifiedTime", "modifiedBy"))
		}
		out["applications"] = members
	}
	return out
}

func (z *zpa) segmentsOf(group string) []object {
	return z.segments.list(func(s object) bool { return str(s["segmentGroupId"]) == group })
}

func (z *zpa) checkGroupUnused(o object, _ bool) error {
	if len(z.segmentsOf(str(o["id"]))) > 0 {
		return zpaInvalid("resource.in.use", "The segment group has application segments", o["id"], o["name"])
	}
	if z.inPolicy("APP_GROUP", str(o["id"])) {
		return zpaInvalid("resource.in.use", "The segment group is used in a policy rule", o["id"], o["name"])
	}
	return nil
}

// segmentDefaults are the values of an application segment that the client leaves out.
var segmentDefaults = object{
	"enabled": false, "bypassType": "NEVER", "healthCheckType": "DEFAULT", "healthReporting": "ON_ACCESS",
	"icmpAccessType": "NONE", "tcpKeepAlive": "0", "matchStyle": "EXCLUSIVE", "isCnameEnabled": true, "doubleEncrypt": false,
	"ipAnchored": false, "passiveHealthEnabled": true, "selectConnectorCloseToApp": false, "useInDrMode": false, "configSpace": "DEFAULT",
}

func (z *zpa) checkSegment(in, before object) error {
	for _, field := range []string{"segmentGroupId", "domainNames"} {
		if in[field] == nil || in[field] == "" || len(list(in["domainNames"])) == 0 {
			return zpaInvalid("missing.required.field", "A required field is missing", field)
		}
	}
	group, found := z.groups.get(str(in["segmentGroupId"]))
	if !found || str(group["microtenantId"]) != str(in["microtenantId"]) {
		return zpaInvalid("resource.not.found", "The segment group does not exist", in["segmentGroupId"])
	}
	if err := z.resolve(in, "serverGroups", "serverGroup"); err != nil {
		return err
	}
	if err := checkPorts(in, before == nil); err != nil {
		return err
	}
	for field, v := range segmentDefaults {
		if in[field] == nil {
			in[field] = v
		}
	}
	delete(in, "segmentGroupName")
	return z.setApps(in, before)
}

// showSegment adds the name of the group and leaves out what only other endpoints show.
func (z *zpa) showSegment(o object) object {
	out := without(o, "apps")
	group, _ := z.groups.get(str(o["segmentGroupId"]))
	out["segmentGroupName"] = group["name"]
	for kind, field := range appLists {
		var shown []any
		for _, app := range appsOf(o, kind) {
			shown = append(shown, without(app.(object), "type"))
		}
		if len(shown) > 0 {
			out[field] = shown
		}
	}
	return out
}

// releaseSegment refuses to delete a segment that a rule uses, or with force takes it out of the rules.
func (z *zpa) releaseSegment(o object, forced bool) error {
	id := str(o["id"])
	if !z.inPolicy("APP", id) {
		return nil
	}
	if !forced {
		return zpaInvalid("resource.in.use", "The application segment is used in a policy rule", o["id"], o["name"])
	}
	for _, rule := range z.rules.list(nil) {
		dropOperand(rule, "APP", id)
	}
	return nil
}

// inPolicy reports whether an operand of any rule names the object.
func (z *zpa) inPolicy(kind, id string) bool {
	return slices.ContainsFunc(z.rules.list(nil), func(rule object) bool { return hasOperand(rule, kind, id) })
}
