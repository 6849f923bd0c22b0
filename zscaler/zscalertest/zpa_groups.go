package zscalertest

import "strings"

// checkSite judges what groups of connectors and of service edges have in common.
func (z *zpa) checkSite(in object) error {
	if code := str(in["countryCode"]); in["countryCode"] != nil && (len(code) != 2 || strings.ToUpper(code) != code) {
		return zpaInvalid("invalid.country.code", "The country is not a two-letter code", in["countryCode"])
	}
	setDefaults(in, object{"enabled": false, "overrideVersionProfile": false, "versionProfileId": "0", "upgradeDay": "SUNDAY", "upgradeTimeInSecs": "66600", "useInDrMode": false})
	return z.nameOf(in, "versionProfileId", "versionProfileName", "versionProfile")
}

// checkConnectorGroup judges an app connector group. Members that the API does not have are ignored.
func (z *zpa) checkConnectorGroup(in, before object) error {
	if err := z.checkSite(in); err != nil {
		return err
	}
	for _, unknown := range []string{"serverGroupIds", "connectorIds", "versionProfile"} {
		delete(in, unknown)
	}
	if in["enrollmentCertId"] == nil && before != nil {
		in["enrollmentCertId"] = before["enrollmentCertId"]
	}
	if err := z.nameOf(in, "enrollmentCertId", "enrollmentCertName", "enrollmentCert"); err != nil {
		return err
	}
	delete(in, "enrollmentCertName")
	setDefaults(in, object{"dnsQueryType": "IPV4_IPV6", "connectorGroupType": "APP", "praEnabled": false, "wafDisabled": false, "lssAppConnectorGroup": false})
	if err := z.moveDevices(in, "connectors", "connector", "appConnectorGroup"); err != nil {
		return err
	}
	return z.serve(in)
}

// moveDevices puts the listed devices into the group. Devices that are not listed stay where they are,
// since none is without a group.
func (z *zpa) moveDevices(in object, field, kind, group string) error {
	refs := list(in[field])
	if err := z.resolve(in, field, kind); err != nil {
		return err
	}
	delete(in, field)
	for _, ref := range refs {
		device, _ := z.directory[kind].get(refID(ref))
		device[group+"Id"], device[group+"Name"] = in["id"], in["name"]
	}
	return nil
}

// serve makes the listed server groups, and no others, use the connector group.
func (z *zpa) serve(in object) error {
	refs := in["serverGroups"]
	if err := z.resolve(in, "serverGroups", "serverGroup"); err != nil {
		return err
	}
	delete(in, "serverGroups")
	for _, group := range z.directory["serverGroup"].list(nil) {
		var kept []any
		for _, ref := range list(group["appConnectorGroups"]) {
			if refID(ref) != str(in["id"]) {
				kept = append(kept, ref)
			}
		}
		if hasRef(refs, str(group["id"])) {
			kept = append(kept, pick(in, "id", "name", "enabled"))
		}
		group["appConnectorGroups"] = kept
	}
	return nil
}

// devicesOf are the devices in a group.
func (z *zpa) devicesOf(kind, member, id string) (refs []any) {
	for _, device := range z.directory[kind].list(func(o object) bool { return str(o[member]) == id }) {
		refs = append(refs, without(device))
	}
	return refs
}

func (z *zpa) showConnectorGroup(o object) object {
	out := z.withVersion(o)
	if devices := z.devicesOf("connector", "appConnectorGroupId", str(o["id"])); devices != nil {
		out["connectors"] = devices
	}
	var groups []any
	for _, group := range z.directory["serverGroup"].list(func(g object) bool { return hasRef(g["appConnectorGroups"], str(o["id"])) }) {
		groups = append(groups, pick(group, "id", "name", "enabled", "configSpace", "dynamicDiscovery"))
	}
	if groups != nil {
		out["serverGroups"] = groups
	}
	return out
}

// withVersion copies a group with the name of its version profile.
func (z *zpa) withVersion(o object) object {
	out := without(o)
	profile, _ := z.directory["versionProfile"].get(str(o["versionProfileId"]))
	out["versionProfileName"] = profile["name"]
	return out
}

func (z *zpa) checkConnectorGroupUnused(o object, _ bool) error {
	id := str(o["id"])
	if z.devicesOf("connector", "appConnectorGroupId", id) != nil || z.refersTo("serverGroup", "appConnectorGroups", id) {
		return zpaInvalid("resource.in.use", "The app connector group has connectors, or a server group uses it", o["id"], o["name"])
	}
	return nil
}

// checkEdgeGroup judges a service edge group. Its switch for public access and its grace distance are text.
func (z *zpa) checkEdgeGroup(in, _ object) error {
	if err := z.checkSite(in); err != nil {
		return err
	}
	for _, field := range []string{"latitude", "longitude", "location"} {
		if str(in[field]) == "" {
			return zpaInvalid("missing.required.field", "A required field is missing", field)
		}
	}
	setDefaults(in, object{"isPublic": "FALSE", "graceDistanceEnabled": false})
	for _, field := range []string{"isPublic", "graceDistanceValue"} {
		if _, isText := in[field].(string); in[field] != nil && !isText {
			return zpaInvalid("invalid.request", "A string is expected", field)
		}
	}
	if err := z.moveDevices(in, "serviceEdges", "serviceEdge", "serviceEdgeGroup"); err != nil {
		return err
	}
	return z.resolve(in, "trustedNetworks", "network")
}

func (z *zpa) showEdgeGroup(o object) object {
	out := z.withVersion(o)
	if devices := z.devicesOf("serviceEdge", "serviceEdgeGroupId", str(o["id"])); devices != nil {
		out["serviceEdges"] = devices
	}
	return out
}

func (z *zpa) checkEdgeGroupUnused(o object, _ bool) error {
	if z.devicesOf("serviceEdge", "serviceEdgeGroupId", str(o["id"])) != nil {
		return zpaInvalid("resource.in.use", "The service edge group has service edges", o["id"], o["name"])
	}
	return nil
}
