package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	sourceGroupsPath      = "/zia/api/v1/ipSourceGroups"
	destinationGroupsPath = "/zia/api/v1/ipDestinationGroups"
)

type sourceGroupID struct {
	GroupID string `json:"group_id" in:"path" jsonschema:"Source group id, from zia_list_ip_source_groups."`
}

type newSourceGroup struct {
	Name        string   `json:"name" in:"body=name" jsonschema:"Name of the group."`
	IPAddresses []string `json:"ip_addresses" in:"body=ipAddresses" jsonschema:"Addresses, ranges such as 192.0.2.1-192.0.2.9, and subnets in CIDR notation."`
	Description string   `json:"description,omitempty" in:"body=description" unset:"null" jsonschema:"What the group is for."`
}

type sourceGroupChange struct {
	sourceGroupID
	Name        string   `json:"name,omitempty" in:"body=name" jsonschema:"New name; the present one stays when absent."`
	IPAddresses []string `json:"ip_addresses,omitempty" in:"body=ipAddresses" jsonschema:"The whole new list of addresses, ranges and subnets; the present one stays when absent."`
	Description string   `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
}

var firewallSourceGroupTools = []tool.Tool{
	rest.Read[firewallSearch]("zia_list_ip_source_groups", "GET "+sourceGroupsPath,
		"List the groups of source addresses that firewall, DNS and IPS rules can match as src_ip_groups, with their ids and addresses.", rest.List, rest.OnePage),
	rest.Read[sourceGroupID]("zia_get_ip_source_group", "GET "+sourceGroupsPath+"/{group_id}",
		"Get one group of source addresses with all its addresses."),
	rest.Create[newSourceGroup]("zia_create_ip_source_group", "POST "+sourceGroupsPath,
		"Create a group of source addresses for rules to match; takes effect after zia_activate_configuration."),
	rest.Update[sourceGroupChange]("zia_update_ip_source_group", "PUT "+sourceGroupsPath+"/{group_id}",
		"Change a group of source addresses; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[sourceGroupID]("zia_delete_ip_source_group", "DELETE "+sourceGroupsPath+"/{group_id}",
		"Delete a group of source addresses; the service refuses while a rule matches it. Takes effect after zia_activate_configuration."),
}

type destinationGroupID struct {
	GroupID string `json:"group_id" in:"path" jsonschema:"Destination group id, from zia_list_ip_destination_groups."`
}

type newDestinationGroup struct {
	Name         string   `json:"name" in:"body=name" jsonschema:"Name of the group."`
	Type         string   `json:"type" in:"body=type" pattern:"^(DSTN_IP|DSTN_FQDN|DSTN_DOMAIN|DSTN_OTHER)$" jsonschema:"What the group holds: DSTN_IP (addresses, ranges and subnets), DSTN_FQDN (host names), DSTN_DOMAIN (domains with their subdomains) or DSTN_OTHER (countries and categories)."`
	Description  string   `json:"description,omitempty" in:"body=description" unset:"null" jsonschema:"What the group is for."`
	Addresses    []string `json:"addresses,omitempty" in:"body=addresses" unset:"null" jsonschema:"Addresses, ranges, subnets, host names or domains, as the type says."`
	Countries    []string `json:"countries,omitempty" in:"body=countries" unset:"null" jsonschema:"Countries in the service's own form, such as COUNTRY_CA, for DSTN_OTHER."`
	IPCategories []string `json:"ip_categories,omitempty" in:"body=ipCategories" unset:"null" jsonschema:"Ids of URL categories, from zia_list_url_categories, for DSTN_OTHER."`
}

type destinationGroupChange struct {
	destinationGroupID
	Name         string   `json:"name,omitempty" in:"body=name" jsonschema:"New name; the present one stays when absent."`
	Type         string   `json:"type,omitempty" in:"body=type" pattern:"^(DSTN_IP|DSTN_FQDN|DSTN_DOMAIN|DSTN_OTHER)$" jsonschema:"New type, DSTN_IP, DSTN_FQDN, DSTN_DOMAIN or DSTN_OTHER, as in zia_create_ip_destination_group; the present one stays when absent."`
	Description  string   `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
	Addresses    []string `json:"addresses,omitempty" in:"body=addresses" jsonschema:"The whole new list of addresses, ranges, subnets, host names or domains."`
	Countries    []string `json:"countries,omitempty" in:"body=countries" jsonschema:"The whole new list of countries, such as COUNTRY_CA."`
	IPCategories []string `json:"ip_categories,omitempty" in:"body=ipCategories" jsonschema:"The whole new list of ids of URL categories."`
}

var firewallDestinationGroupTools = []tool.Tool{
	rest.Read[firewallSearch]("zia_list_ip_destination_groups", "GET "+destinationGroupsPath,
		"List the groups of destinations (addresses, host names, domains, countries, categories) that rules can match as dest_ip_groups, with their ids and content.", rest.List, rest.OnePage),
	rest.Read[destinationGroupID]("zia_get_ip_destination_group", "GET "+destinationGroupsPath+"/{group_id}",
		"Get one group of destinations with all that it holds."),
	rest.Create[newDestinationGroup]("zia_create_ip_destination_group", "POST "+destinationGroupsPath,
		"Create a group of destinations for rules to match; takes effect after zia_activate_configuration."),
	rest.Update[destinationGroupChange]("zia_update_ip_destination_group", "PUT "+destinationGroupsPath+"/{group_id}",
		"Change a group of destinations; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[destinationGroupID]("zia_delete_ip_destination_group", "DELETE "+destinationGroupsPath+"/{group_id}",
		"Delete a group of destinations; the service refuses while a rule matches it. Takes effect after zia_activate_configuration."),
}
