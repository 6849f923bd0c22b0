package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const staticIPPath = "/zia/api/v1/staticIP"

type staticIPSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the address or comment."`
}

type staticIPID struct {
	StaticIPID string `json:"static_ip_id" in:"path" jsonschema:"Static IP id, from zia_list_static_ips."`
}

// staticIPContent is what create and update share.
type staticIPContent struct {
	Comment     string  `json:"comment,omitempty" in:"body=comment" jsonschema:"What the address is, for administrators."`
	GeoOverride bool    `json:"geo_override,omitempty" in:"body=geoOverride" jsonschema:"Whether latitude and longitude replace the place that Zscaler finds by the address."`
	RoutableIP  bool    `json:"routable_ip,omitempty" in:"body=routableIP" jsonschema:"Whether the address can be routed on the internet; not so for private connections to Zscaler."`
	Latitude    float64 `json:"latitude,omitempty" in:"body=latitude" jsonschema:"Degrees north, with up to 7 decimals; goes with geo_override."`
	Longitude   float64 `json:"longitude,omitempty" in:"body=longitude" jsonschema:"Degrees east, with up to 7 decimals; goes with geo_override."`
}

type newStaticIP struct {
	IPAddress string `json:"ip_address" in:"body=ipAddress" jsonschema:"Public address that the organisation's traffic comes from."`
	staticIPContent
}

type staticIPChange struct {
	staticIPID
	staticIPContent
}

var staticIPTools = []tool.Tool{
	rest.Read[staticIPSearch]("zia_list_static_ips", "GET "+staticIPPath,
		"List the static public addresses that the organisation has registered with ZIA, with their ids and places. Locations and GRE tunnels are made of them; the first page unless all is given.",
		rest.List),
	rest.Read[staticIPID]("zia_get_static_ip", "GET "+staticIPPath+"/{static_ip_id}",
		"Get one registered static IP address with its coordinates, comment and last change."),
	rest.Create[newStaticIP]("zia_create_static_ip", "POST "+staticIPPath,
		"Register a static public address with ZIA, before a location or VPN credential can use it; zia_create_gre_tunnel does it by itself. Takes effect after zia_activate_configuration."),
	rest.Update[staticIPChange]("zia_update_static_ip", "PUT "+staticIPPath+"/{static_ip_id}",
		"Change the comment or place of a registered static IP; the address itself cannot change, and what is not given stays. Takes effect after zia_activate_configuration."),
	rest.Delete[staticIPID]("zia_delete_static_ip", "DELETE "+staticIPPath+"/{static_ip_id}",
		"Remove a registered static IP. ZIA refuses while a location, GRE tunnel or VPN credential uses it. Takes effect after zia_activate_configuration."),
}
