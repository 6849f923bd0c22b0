package zscalermcp_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/org/zscalermcp/tool"
)

var schemaName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// Every client takes the schemas: those of model providers refuse names, unions and references that the specification allows.
func TestSchemasSuitTheStrictestClients(t *testing.T) {
	for _, info := range everyTool(t) {
		var schema map[string]any
		if err := json.Unmarshal(info.InputSchema, &schema); err != nil {
			t.Fatal(err)
		}
		if !schemaName.MatchString(info.Name) {
			t.Errorf("%s: the name is not one for every client", info.Name)
		}
		if schema["type"] != "object" || schema["additionalProperties"] != false {
			t.Errorf("%s: the arguments are not of a closed object", info.Name)
		}
		for _, fault := range schemaFaults("", schema) {
			t.Errorf("%s%s", info.Name, fault)
		}
	}
}

// plainKeys are the words of JSON Schema that every client knows.
var plainKeys = map[string]bool{
	"type": true, "properties": true, "required": true, "additionalProperties": true, "items": true, "description": true, "default": true, "enum": true,
	"minimum": true, "maximum": true, "pattern": true, "minLength": true, "minItems": true, "minProperties": true,
}

// schemaFaults returns what of a schema a strict client refuses, at a path.
func schemaFaults(path string, schema map[string]any) (faults []string) {
	for key := range schema {
		if !plainKeys[key] {
			faults = append(faults, path+" has "+key)
		}
	}
	kind, single := schema["type"].(string)
	if schema["type"] != nil && (!single || kind == "null") {
		faults = append(faults, path+" is no plain type")
	}
	if more := schema["additionalProperties"]; more != nil && more != false {
		faults = append(faults, path+" has a schema of additional properties")
	}
	if kind == "array" {
		faults = append(faults, memberFaults(path+"[]", schema["items"])...)
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, property := range properties {
		if !schemaName.MatchString(name) {
			faults = append(faults, path+"."+name+" is not a name for every client")
		}
		faults = append(faults, memberFaults(path+"."+name, property)...)
	}
	return faults
}

func memberFaults(path string, schema any) []string {
	object, ok := schema.(map[string]any)
	if !ok {
		return []string{path + " has no schema that is an object"}
	}
	return schemaFaults(path, object)
}

// closedList matches a closed list of words of an API, such as "ALLOW, CAUTION (warns) or BLOCK"; openList what says that there are more.
var (
	closedList = regexp.MustCompile(`\b[A-Z][A-Z0-9_]{2,}( \([^)]*\))?(, [A-Z][A-Z0-9_]{2,}( \([^)]*\))?)*,? or [A-Z][A-Z0-9_]{2,}\b`)
	openList   = regexp.MustCompile(`\b(such as|like|for example) [A-Z]`)
)

// unchecked are arguments, as "tool: path", whose lists of values are advice and no constraint, with the reason.
var unchecked = []struct{ argument, reason string }{
	{`^zia_(create|update)_\w+_rule: action$`, "any word goes on, as in the reference: ZIA adds actions"},
	{`^zia_list_url_categories: type$`, "an empty text counts as absent, as in the reference"},
	{`^zms_list_\w+: sort_(dir|order)$`, "in any case, and empty for absent; the tool checks it"},
	{`^zms_list_(resources|policy_rules): (resource_type|status|cloud_provider|action)$`, "any word goes on; the service knows which there are"},
	{`^zpa_(create|update)_application_segment_ba: clientless_app_ids$`, "the words are those of members of free objects"},
	{`^zpa_(create|update)_app_connector_group: dns_query_type$`, "any word goes on, as in the reference"},
	{`^zpa_(create|update)_service_edge_group: grace_distance_value_unit$`, "any word goes on, as in the reference"},
	{`^ztw_list_\w+: (exclude_type|cloud_type)$`, "an empty text counts as absent, as in the reference"},
}

// A description that lists the values has them in the schema too, where a client checks and offers them.
func TestListedValuesAreAdvertised(t *testing.T) {
	used := make([]bool, len(unchecked))
	for _, info := range everyTool(t) {
		each("", argumentsOf(t, info), func(path string, arg argument) {
			list := closedList.FindString(arg.Description)
			if list == "" || arg.constrained() || openList.MatchString(arg.Description) {
				return
			}
			at := slices.IndexFunc(unchecked, func(u struct{ argument, reason string }) bool {
				return regexp.MustCompile(u.argument).MatchString(info.Name + ": " + path)
			})
			if at < 0 {
				t.Errorf("%s: argument %s may be %s, and has no enum", info.Name, path, list)
				return
			}
			used[at] = true
		})
	}
	for i, u := range unchecked {
		if !used[i] {
			t.Errorf("nothing needs the entry %s", u.argument)
		}
	}
}

// argument is what a schema says of an argument or of a member of one.
type argument struct {
	Type        string
	Description string
	Enum        []any
	Pattern     string
	Items       *argument
	Properties  map[string]argument
}

// each calls fn for every argument, and for every member of one, with its path.
func each(path string, arguments map[string]argument, fn func(path string, arg argument)) {
	for name, arg := range arguments {
		fn(path+name, arg)
		each(path+name+".", arg.Properties, fn)
		if arg.Items != nil {
			each(path+name+"[].", arg.Items.Properties, fn)
		}
	}
}

func argumentsOf(t *testing.T, info tool.Info) map[string]argument {
	t.Helper()
	var schema argument
	if err := json.Unmarshal(info.InputSchema, &schema); err != nil {
		t.Fatal(err)
	}
	return schema.Properties
}

// constrained reports whether the schema says which values there are.
func (a argument) constrained() bool {
	return a.Enum != nil || a.Pattern != "" || a.Items != nil && a.Items.constrained()
}
