package zia

import (
	"reflect"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	grePath       = "/zia/api/v1/greTunnels"
	greRangesPath = grePath + "/availableInternalIpRanges"
	vipsPath      = "/zia/api/v1/vips/recommendedList"
)

type greID struct {
	TunnelID string `json:"tunnel_id" in:"path" jsonschema:"GRE tunnel id, from zia_list_gre_tunnels."`
}

type greRangeSearch struct {
	InternalIPRange string `json:"internal_ip_range,omitempty" in:"query=internalIpRange" skipempty:"true" jsonschema:"First address of a range: tells whether it is free, and which come next."`
	StaticIP        string `json:"static_ip,omitempty" in:"query=staticIp" skipempty:"true" jsonschema:"Registered static address that the tunnel will start at."`
	Limit           int    `json:"limit,omitempty" in:"query=limit" skipempty:"true" jsonschema:"Most ranges to list; the service chooses when absent or 0."`
}

type newGRETunnel struct {
	StaticIPAddress string  `json:"static_ip_address" jsonschema:"Public address that the tunnel starts at; it is registered as a static IP if it is not yet."`
	IPUnnumbered    *bool   `json:"ip_unnumbered,omitempty" jsonschema:"Whether the tunnel does without an internal address range."`
	InternalIPRange *string `json:"internal_ip_range,omitempty" jsonschema:"First address of a free /29 range for the ends of the tunnel, from zia_list_gre_ranges; the first free one is taken when absent."`
	Comment         *string `json:"comment,omitempty" jsonschema:"What the tunnel is for; also noted at the static IP if that is new."`
}

type doomedGRETunnel struct {
	TunnelID   string `json:"tunnel_id" jsonschema:"GRE tunnel id, from zia_list_gre_tunnels."`
	StaticIPID string `json:"static_ip_id" jsonschema:"Id of the static IP that the tunnel starts at, from zia_list_static_ips; it is deleted too."`
}

var greTools = []tool.Tool{
	rest.Read[struct{}]("zia_list_gre_tunnels", "GET "+grePath,
		"List the GRE tunnels to ZIA with their ids, source addresses, both virtual IPs of Zscaler at the other end, and internal ranges; the first page unless all is given.",
		rest.List),
	rest.Read[greID]("zia_get_gre_tunnel", "GET "+grePath+"/{tunnel_id}",
		"Get one GRE tunnel with its source address, the data centres of its primary and secondary destination, and its internal range."),
	rest.Read[greRangeSearch]("zia_list_gre_ranges", "GET "+greRangesPath,
		"List internal /29 address ranges that are still free for the ends of a GRE tunnel; one of them is what zia_create_gre_tunnel takes as internal_ip_range.",
		rest.List, rest.OnePage),
	tool.Func(tool.Create, "zia_create_gre_tunnel",
		"Create a GRE tunnel from a public address to the two best Zscaler data centres in different cities, registering the address as a static IP where needed. If a step fails, what was made on the way is removed again, or named. Takes effect after zia_activate_configuration.",
		createGRETunnel),
	tool.New(tool.Spec{
		Name: "zia_delete_gre_tunnel", Effect: tool.Delete,
		Doc: "Delete a GRE tunnel, and then the static IP that it starts at; to keep the static IP there is no tool. Takes effect after zia_activate_configuration.",
		In:  reflect.TypeFor[doomedGRETunnel](), Handle: deleteGRETunnel,
		Confirm: rest.Question("GRE tunnel and static IP", doomedTunnel, "tunnel_id", "static_ip_id"),
	}),
}
