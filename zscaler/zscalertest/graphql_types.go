package zscalertest

// enums are the enumerations among the argument types.
var enums = map[string][]string{
	"SortDirection":   {"ASC", "DESC"},
	"NamespaceOrigin": {"CUSTOM", "EXTERNAL", "ML", "UNKNOWN"},
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
