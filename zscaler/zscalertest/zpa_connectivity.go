package zscalertest

import (
	"maps"
	"slices"
)

// kind returns the usual operations on a kind of the directory, without any rules of its own.
func (z *zpa) kind(name string) zpaKind {
	return zpaKind{
		z: z, rows: z.directory[name], check: func(object, object) error { return nil },
		show: func(o object) object { return without(o) }, remove: func(object, bool) error { return nil },
	}
}

// connectivityRoutes are what lies between ZPA and the applications: connectors, service edges, their
// groups and keys, servers and their groups.
func (z *zpa) connectivityRoutes() []route {
	servers, serverGroups := z.kind("server"), z.kind("serverGroup")
	servers.check, servers.remove = z.checkServer, z.checkServerUnused
	serverGroups.check, serverGroups.show, serverGroups.remove = z.checkServerGroup, z.showServerGroup, z.checkServerGroupUnused
	connectorGroups, edgeGroups := z.kind("appConnectorGroup"), z.kind("serviceEdgeGroup")
	connectorGroups.check, connectorGroups.show, connectorGroups.remove = z.checkConnectorGroup, z.showConnectorGroup, z.checkConnectorGroupUnused
	edgeGroups.check, edgeGroups.show, edgeGroups.remove = z.checkEdgeGroup, z.showEdgeGroup, z.checkEdgeGroupUnused
	return slices.Concat(
		servers.routes(zpaV1+"/server"), serverGroups.routes(zpaV1+"/serverGroup"),
		connectorGroups.routes(zpaV1+"/appConnectorGroup"), edgeGroups.routes(zpaV1+"/serviceEdgeGroup"),
		z.deviceRoutes("connector"), z.deviceRoutes("serviceEdge"),
		z.keyRoutes("CONNECTOR_GRP", "appConnectorGroup"), z.keyRoutes("SERVICE_EDGE_GRP", "serviceEdgeGroup"),
	)
}

// A device is a connector or service edge. It enrols by itself, so that nobody creates one.
func (z *zpa) deviceRoutes(name string) []route {
	devices := z.kind(name)
	devices.check = keepDevice
	routes := devices.routes(zpaV1 + "/" + name)
	routes = slices.DeleteFunc(routes, func(r route) bool { return r.pattern == "POST "+zpaV1+"/"+name })
	return append(routes, route{"POST " + zpaV1 + "/" + name + "/bulkDelete", devices.bulkDelete})
}

// keepDevice keeps all that a device tells of itself.
func keepDevice(in, before object) error {
	wanted := pick(in, "id", "name", "description", "enabled", "microtenantId", "microtenantName")
	clear(in)
	maps.Copy(in, without(before, "description", "enabled"))
	maps.Copy(in, wanted)
	if _, isBool := in["enabled"].(bool); !isBool {
		in["enabled"] = false
	}
	return nil
}

// bulkDelete removes all the objects whose ids the body lists, or none.
func (k zpaKind) bulkDelete(c *call) (reply, error) {
	in, err := c.object()
	if err != nil || len(list(in["ids"])) == 0 {
		return reply{}, zpaInvalid("missing.required.field", "The body must list ids", "ids")
	}
	for _, id := range list(in["ids"]) {
		o, found := k.rows.get(str(id))
		if !found || str(o["microtenantId"]) != microtenantOf(c, nil) {
			return reply{}, zpaMissing(str(id))
		}
	}
	for _, id := range list(in["ids"]) {
		k.rows.remove(str(id))
	}
	return noContent(), nil
}

// keyRoutes are the provisioning keys for one kind of group.
func (z *zpa) keyRoutes(association, groups string) []route {
	keys := z.kind(association)
	keys.check = func(in, before object) error { return z.checkKey(groups, in, before) }
	routes := keys.routes(zpaV1 + "/associationType/" + association + "/provisioningKey")
	for i := range routes {
		routes[i].serve = withStatusOK(routes[i].serve)
	}
	return routes
}

// withStatusOK answers 200 instead of 201, as provisioning keys do.
func withStatusOK(serve func(*call) (reply, error)) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		r, err := serve(c)
		if err == nil && r.body != nil {
			r.status = 200
		}
		return r, err
	}
}

func (z *zpa) checkKey(groups string, in, before object) error {
	delete(in, "componentId") // not a member of keys
	in["maxUsage"] = str(in["maxUsage"])
	if in["maxUsage"] == "" || str(in["zcomponentId"]) == "" || str(in["enrollmentCertId"]) == "" {
		return zpaInvalid("missing.required.field", "A required field is missing", "maxUsage", "zcomponentId", "enrollmentCertId")
	}
	if err := z.nameOf(in, "zcomponentId", "zcomponentName", groups); err != nil {
		return err
	}
	if err := z.nameOf(in, "enrollmentCertId", "enrollmentCertName", "enrollmentCert"); err != nil {
		return err
	}
	if before == nil {
		in["id"] = z.newShortID()
		before = object{"usageCount": "0", "enabled": true, "provisioningKey": "simulated-key-" + str(in["id"]), "expirationInEpochSec": "1788944000"}
	}
	maps.Copy(in, pick(before, "usageCount", "provisioningKey", "expirationInEpochSec"))
	if in["enabled"] == nil {
		in["enabled"] = before["enabled"]
	}
	return nil
}

// nameOf writes the name of the object that a member refers to beside it. The object has to exist.
func (z *zpa) nameOf(in object, member, name, kind string) error {
	delete(in, name)
	if in[member] == nil {
		return nil
	}
	target, found := z.directory[kind].get(str(in[member]))
	if !found {
		return zpaInvalid("resource.not.found", member+" refers to an object that does not exist", in[member])
	}
	in[name] = target["name"]
	return nil
}
