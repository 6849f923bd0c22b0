package zscalertest

import "strings"

// defineField makes a root field from the text of its arguments ("name: Type, …") and of its selection.
func defineField(name, args, shape string, resolve func(object) (any, error)) rootField {
	field := rootField{name: name, args: map[string]string{}, resolve: resolve}
	for _, arg := range strings.Split(args, ",") {
		if arg, typ, found := strings.Cut(arg, ":"); found {
			field.args[strings.TrimSpace(arg)] = strings.TrimSpace(typ)
		}
	}
	if shape != "" {
		op, err := parseQuery("{" + shape + "}")
		if err != nil {
			panic("zscalertest: schema of " + name + ": " + err.Error())
		}
		field.shape = op.fields
	}
	return field
}

// enums are the enumerations among the argument types.
var enums = map[string][]string{
	"SortDirection":   {"ASC", "DESC"},
	"NamespaceOrigin": {"CUSTOM", "EXTERNAL", "ML", "UNKNOWN"},

	"WebTrafficUnits":        {"TRANSACTIONS", "BYTES"},
	"TrendInterval":          {"DAY", "HOUR"},
	"DlpEngineFilter":        {"ANY", "NONE", "HIPAA", "CYBER_BULLY_ENG", "GLBA", "PCI", "OFFENSIVE_LANGUAGE", "EXTERNAL"},
	"ActionStatus":           {"ALLOW", "BLOCK"},
	"IncidentsGroupBy":       {"THREAT_CATEGORY_ID", "APP_ID", "USER_ID", "TIME", "SRC_COUNTRY"},
	"IncidentsWithIdGroupBy": {"LOCATION_ID"},
}

// filters are the input types that restrict rows: argument field to row field.
var filters = map[string]map[string]string{
	"ResourceQueryFilter": {"id": "id", "name": "name", "status": "status", "resourceType": "resourceType",
		"cloudProvider": "cloudProvider", "cloudRegion": "cloudRegion", "platformOs": "platformOs"},
	"ResourceGroupsFilter":  {"id": "id", "name": "name", "resourceHostname": "resourceHostname", "resourceId": "resourceId"},
	"PolicyRuleFilter":      {"id": "id", "name": "name", "action": "action"},
	"AppZoneFilter":         {"id": "id", "appZoneName": "appZoneName", "description": "description"},
	"AppCatalogQueryFilter": {"id": "id", "name": "name", "category": "category"},
	"NamespaceFilter":       {"id": "id", "name": "name", "origin": "origin"},
	"TagKeyFilter":          {"keyName": "name", "valueName": "valueName"},
	"TagValueFilter":        {"id": "id", "name": "name"},
}

// orders are the input types that sort rows, with the fields they take.
var orders = map[string][]string{
	"ResourceQueryOrderBy":   {"name", "resourceType", "cloudProvider", "modifiedTime"},
	"AppZoneQueryOrderBy":    {"appZoneName"},
	"AppCatalogQueryOrderBy": {"name", "category", "creationTime", "modifiedTime"},
	"NamespaceQueryOrderBy":  {"name"},
	"TagKeyQueryOrderBy":     {"name"},
	"TagValueQueryOrderBy":   {"name"},
}

// stringTests are the operators of a string filter.
var stringTests = map[string]func(have, want string) bool{
	"equals":   func(have, want string) bool { return have == want },
	"contains": contains,
	"starts":   operators["STARTSWITH"],
	"ends":     operators["ENDSWITH"],
}
