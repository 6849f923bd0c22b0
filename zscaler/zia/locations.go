package zia

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const locationsPath = "/zia/api/v1/locations"

type locationSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name of the location."`
}

type locationID struct {
	LocationID string `json:"location_id" in:"path" jsonschema:"Location id, from zia_list_locations."`
}

// locationContent is what create and update share.
type locationContent struct {
	Country     string         `json:"country,omitempty" in:"body=country" jsonschema:"Country by the API's name, such as FRANCE or UNITED_STATES."`
	TZ          string         `json:"tz,omitempty" in:"body=tz" jsonschema:"Time zone by the API's name, country first, such as FRANCE_EUROPE_PARIS."`
	IPAddresses []string       `json:"ip_addresses,omitempty" in:"body=ipAddresses" jsonschema:"The whole list of public addresses from which the location's traffic comes; those of zia_list_static_ips."`
	Description string         `json:"description,omitempty" in:"body=description" jsonschema:"What the location is, for administrators."`
	Advanced    map[string]any `json:"advanced,omitempty" in:"body=*|zia_advanced" skipempty:"true" jsonschema:"Further settings by their snake_case names, such as vpn_credentials (list of objects with id and type), parent_id (the location above a sub-location), auth_required, ssl_scan_enabled, ofw_enabled, surrogate_ip, up_bandwidth and dn_bandwidth (kbps), profile; each list replaces the present one."`
}

type newLocation struct {
	Name string `json:"name" in:"body=name" jsonschema:"Name of the location, unique in the tenant."`
	locationContent
}

type locationChange struct {
	locationID
	Name string `json:"name,omitempty" in:"body=name" jsonschema:"New name; the present one stays when absent."`
	locationContent
}

type locationGroupSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name or description of the group."`
	Name   string `json:"name,omitempty" in:"query=name" skipempty:"true" jsonschema:"Name of the group."`
}

type locationGroupID struct {
	GroupID string `json:"group_id" in:"path" jsonschema:"Location group id, from zia_list_location_groups."`
}

var locations = tool.Set{
	Name:  "zia_locations",
	Doc:   "ZIA locations and how their traffic gets to Zscaler: static IP addresses, GRE tunnels, VPN credentials, and geography.",
	Tools: slices.Concat(locationTools, staticIPTools, greTools, vpnTools, geoTools),
}

var locationTools = []tool.Tool{
	rest.Read[locationSearch]("zia_list_locations", "GET "+locationsPath,
		"List ZIA locations, which are the sites that traffic comes from, with their ids, addresses, VPN credentials and security settings; sub-locations are not among them; the first page unless all is given.",
		rest.List),
	rest.Read[locationID]("zia_get_location", "GET "+locationsPath+"/{location_id}",
		"Get one ZIA location or sub-location with all its settings: addresses, VPN credentials, bandwidth in kbps, authentication, SSL inspection and firewall switches."),
	rest.Create[newLocation]("zia_create_location", "POST "+locationsPath,
		"Create a ZIA location from static IP addresses (zia_create_static_ip) or VPN credentials (zia_create_vpn_credential, given in advanced), of which at least one is needed; takes effect after zia_activate_configuration.",
		rest.Prepare(reachableLocation)),
	rest.Update[locationChange]("zia_update_location", "PUT "+locationsPath+"/{location_id}",
		"Change a ZIA location: its name, addresses, time zone or, by advanced, any other setting; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[locationID]("zia_delete_location", "DELETE "+locationsPath+"/{location_id}",
		"Delete a ZIA location, whose traffic is then no longer recognised. Its static IP addresses and VPN credentials stay. Takes effect after zia_activate_configuration."),
	rest.Read[locationGroupSearch]("zia_list_location_groups", "GET "+locationsPath+"/groups",
		"List the groups of ZIA locations that rules can name, static ones and dynamic ones with their criteria, each with its id; the first page unless all is given.",
		rest.List),
	rest.Read[locationGroupID]("zia_get_location_group", "GET "+locationsPath+"/groups/{group_id}",
		"Get one group of ZIA locations with its members, or the criteria by which a dynamic group takes them."),
}

// reachableLocation refuses a location from which no traffic could come.
func reachableLocation(_ context.Context, p *rest.Plan) error {
	if filled(p.Body["ipAddresses"]) || filled(p.Body["vpnCredentials"]) {
		return nil
	}
	return errors.New("a location needs a way in: give ip_addresses, or vpn_credentials in advanced")
}

// filled reports whether value is a list that is not empty.
func filled(value json.RawMessage) bool {
	var items []json.RawMessage
	return json.Unmarshal(value, &items) == nil && len(items) > 0
}
