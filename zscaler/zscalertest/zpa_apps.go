package zscalertest

import (
	"slices"
)

// appLists are the fields of a segment that show its applications of each type.
var appLists = map[string]string{
	"BROWSER_ACCESS": "clientlessApps", "SECURE_REMOTE_ACCESS": "praApps", "INSPECT": "inspectionApps",
}

// appIDFields name the id of an application in commonAppsDto.appsConfig, and the list of ids to delete.
var appIDFields = map[string][2]string{
	"BROWSER_ACCESS":       {"baAppId", "deletedBaApps"},
	"SECURE_REMOTE_ACCESS": {"praAppId", "deletedPraApps"},
	"INSPECT":              {"inspectAppId", "deletedInspectApps"},
}

func appsOf(segment object, kind string) []any {
	return slices.DeleteFunc(slices.Clone(list(segment["apps"])), func(app any) bool { return app.(object)["type"] != kind })
}

// setApps applies commonAppsDto: entries with a known id change that application, others add one,
// and the deleted lists remove. Applications that are not mentioned stay.
func (z *zpa) setApps(in, before object) error {
	apps := slices.Clone(list(before["apps"]))
	dto, _ := in["commonAppsDto"].(object)
	delete(in, "commonAppsDto")
	delete(in, "apps")
	for _, field := range appLists {
		delete(in, field)
	}
	for kind, fields := range appIDFields {
		for _, id := range list(dto[fields[1]]) {
			apps = dropApp(apps, kind, str(id))
		}
	}
	for _, entry := range list(dto["appsConfig"]) {
		config, _ := entry.(object)
		kinds := list(config["appTypes"])
		if len(kinds) == 0 || str(config["domain"]) == "" || str(config["applicationPort"]) == "" {
			return zpaInvalid("missing.required.field", "An application needs appTypes, domain and applicationPort", "commonAppsDto")
		}
		if !slices.Contains(list(in["domainNames"]), config["domain"]) {
			return zpaInvalid("invalid.domain", "The domain of an application is not one of the segment", config["domain"])
		}
		for _, kind := range kinds {
			fields, known := appIDFields[str(kind)]
			if !known {
				return zpaInvalid("invalid.app.type", "The application type is unknown", kind)
			}
			apps = append(dropApp(apps, str(kind), str(config[fields[0]])), z.newApp(in, config, str(kind), str(config[fields[0]])))
		}
	}
	if len(apps) > 0 {
		in["apps"] = apps
	}
	return nil
}

func dropApp(apps []any, kind, id string) []any {
	return slices.DeleteFunc(apps, func(app any) bool {
		o := app.(object)
		return o["type"] == kind && str(o["id"]) == id
	})
}

func (z *zpa) newApp(segment, config object, kind, id string) object {
	app := pick(config, "domain", "applicationPort", "applicationProtocol", "certificateId", "connectionSecurity", "description", "trustUntrustedCert", "allowOptions", "hidden", "localDomain")
	if id == "" {
		id = z.newShortID()
	}
	app["id"], app["type"], app["appId"] = id, kind, segment["id"]
	app["name"] = config["domain"]
	if str(config["name"]) != "" {
		app["name"] = config["name"]
	}
	app["enabled"] = config["enabled"] != false
	return app
}

// appsByType lists the browser-access, privileged-remote-access or inspection applications of all segments.
func (z *zpa) appsByType(c *call) (reply, error) {
	kind := c.query.Get("applicationType")
	if _, known := appLists[kind]; !known {
		return reply{}, zpaInvalid("invalid.app.type", "applicationType must be BROWSER_ACCESS, SECURE_REMOTE_ACCESS or INSPECT", kind)
	}
	tenant, expand := microtenantOf(c, nil), c.query.Get("expandAll") == "true"
	var rows []object
	for _, segment := range z.segments.list(nil) {
		if str(segment["microtenantId"]) != tenant {
			continue
		}
		for _, app := range appsOf(segment, kind) {
			row := without(app.(object), "type")
			if expand {
				row["appResource"] = pick(segment, "id", "name", "domainNames", "segmentGroupId", "serverGroups", "tcpPortRanges")
			}
			rows = append(rows, row)
		}
	}
	return zpaList(c, rows)
}
