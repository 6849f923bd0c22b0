package rest

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/org/zscalermcp/zscaler"
)

// words returns the set of the words of text.
func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// The tables of ZIA's rules; never modified.
var (
	// ziaJSONLists are the members that callers may send as the JSON text of a list.
	ziaJSONLists = words(`applications app_service_groups app_services categories cbi_profile
		cloud_applications departments dest_addresses dest_countries dest_ip_categories dest_ip_groups
		dest_ipv6_groups device_groups device_trust_levels devices dlp_engines file_types groups labels
		location_groups locations nw_application_groups nw_applications nw_service_groups nw_services
		protocols request_methods source_countries src_ips tenancy_profile_ids time_windows
		url_categories user_agent_types users workload_groups zpa_app_segments`)

	// ziaReferences are the members that hold ids and keep their name on the wire.
	ziaReferences = words(`app_services app_service_groups auditor departments dest_ip_groups
		dest_ipv6_groups device_groups devices dlp_engines ec_groups excluded_departments
		excluded_groups excluded_users form_sharing_domain_profiles groups labels location_groups
		locations notification_template nw_application_groups nw_service_groups nw_services
		proxy_gateway sharing_domain_profiles source_ip_groups src_ip_groups src_ipv6_groups
		tenancy_profile_ids time_windows url_categories users workload_groups zpa_app_segments
		zpa_application_segment_groups zpa_application_segments`)

	// ziaRenamed are the members that hold ids and have another name on the wire.
	ziaRenamed = map[string]string{
		"service_ids":                    "services",
		"bandwidth_class_ids":            "bandwidthClasses",
		"virtual_zen_node_ids":           "virtualZenNodes",
		"smart_isolation_user_ids":       "smartIsolationUsers",
		"smart_isolation_group_ids":      "smartIsolationGroups",
		"cloud_app_tenant_ids":           "cloudAppTenants",
		"object_type_ids":                "objectTypes",
		"bucket_ids":                     "buckets",
		"included_domain_profile_ids":    "includedDomainProfiles",
		"excluded_domain_profile_ids":    "excludedDomainProfiles",
		"criteria_domain_profile_ids":    "criteriaDomainProfiles",
		"email_recipient_profile_ids":    "emailRecipientProfiles",
		"entity_group_ids":               "entityGroups",
		"http_header_action_profile_ids": "httpHeaderActionProfiles",
		"http_header_profile_ids":        "httpHeaderProfiles",
		"scope_entity_ids":               "adminScopeScopeEntities",
		"supported_region_ids":           "supportedRegions",
		"src_workload_groups_ids":        "srcWorkloadGroups",
		"dest_workload_groups_ids":       "destWorkloadGroups",
		"application_ids":                "applications",
		"server_group_ids":               "serverGroups",
		"connector_ids":                  "connectors",
		"user_portal_ids":                "userPortals",
	}

	// ziaPlainCategories are the rules whose url_categories are names, not references.
	ziaPlainCategories = []string{"/urlFilteringRules", "/sslInspectionRules", "/fileTypeRules", "/sandboxRules"}
)

// ziaAdvanced turns the members of a ZIA rule into their wire form: lists given as JSON text are
// decoded, ids become references, nulls are left out, the rest is renamed to camelCase.
func ziaAdvanced(c conversion, value json.RawMessage) (json.RawMessage, error) {
	object, err := decodeObject(value)
	if err != nil {
		return nil, errors.New("must be an object")
	}
	plain := slices.ContainsFunc(ziaPlainCategories, func(rules string) bool { return strings.Contains(c.path, rules) })
	wire := make(map[string]json.RawMessage, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if absent(object[name]) {
			continue
		}
		sent, member, err := ziaMember(name, object[name], plain)
		if err != nil {
			return nil, err
		}
		if other, twice := wire[sent]; twice && !sameJSON(other, member) {
			return nil, givenTwice(sent)
		}
		wire[sent] = member
	}
	return encodeObject(wire), nil
}

// ziaMember returns the name and value on the wire of one member; plain says that URL categories are names.
func ziaMember(name string, value json.RawMessage, plain bool) (string, json.RawMessage, error) {
	if ziaJSONLists[name] {
		value = listText(value)
	}
	if renamed, ok := ziaRenamed[name]; ok {
		return renamed, references(value), nil
	}
	if ziaReferences[name] && !(plain && name == "url_categories") {
		return Camel(name), references(value), nil
	}
	value, err := camelKeys(value)
	return Camel(name), value, err
}

// listText decodes the JSON text of a list; everything else stays.
func listText(value json.RawMessage) json.RawMessage {
	var text string
	if first(value) != '"' || json.Unmarshal(value, &text) != nil {
		return value
	}
	list := json.RawMessage(text)
	if first(list) != '[' || !json.Valid(list) {
		return value
	}
	return list
}

// references turns an id, or each id of a list, into {"id": id}; objects are references already.
func references(value json.RawMessage) json.RawMessage {
	id := memberPath{each: []string{"id"}}
	var items []json.RawMessage
	if first(value) != '[' || json.Unmarshal(value, &items) != nil {
		return id.wrap(zscaler.ZIA, value)
	}
	for i, item := range items {
		items[i] = id.wrap(zscaler.ZIA, item)
	}
	return encodeList(items)
}
