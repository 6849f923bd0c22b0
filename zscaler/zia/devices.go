package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type deviceGroupSearch struct {
	IncludeDeviceInfo   bool `json:"include_device_info,omitempty" in:"query=includeDeviceInfo" jsonschema:"Whether each group tells about its devices too."`
	IncludePseudoGroups bool `json:"include_pseudo_groups,omitempty" in:"query=includePseudoGroups" jsonschema:"Whether to list the groups that ZIA keeps for itself too, such as those of Cloud Browser Isolation."`
}

type deviceSearch struct {
	Name       string   `json:"name,omitempty" in:"query=name" skipempty:"true" jsonschema:"Part of the device's name."`
	UserIDs    []string `json:"user_ids,omitempty" in:"query=userIds" skipempty:"true" jsonschema:"Ids of the devices' owners, from get_zia_users."`
	IncludeAll bool     `json:"include_all,omitempty" in:"query=includeAll" jsonschema:"Whether to list removed devices too."`
	Page       int      `json:"page,omitempty" in:"query=page" jsonschema:"Number of the page, from 1; the first when absent."`
	PageSize   int      `json:"page_size,omitempty" in:"query=pageSize" jsonschema:"Rows a page, up to 1000; 100 when absent."`
}

var devices = tool.Set{
	Name: "zia_devices", Doc: "Devices and device groups that ZIA rules can name.",
	Tools: []tool.Tool{
		rest.Read[deviceGroupSearch]("zia_list_device_groups", "GET /zia/api/v1/deviceGroups",
			"List the device groups that ZIA rules can name, with their ids, types and operating systems.", rest.List, rest.OnePage),
		rest.Read[deviceSearch]("zia_list_devices", "GET /zia/api/v1/deviceGroups/devices",
			"List the devices with Zscaler Client Connector that ZIA rules can name, with their ids, models, operating systems and owners. Their enrolment is a matter of zcc_list_devices, their experience of zdx_list_devices.",
			rest.List),
		rest.Read[struct{}]("zia_list_devices_lite", "GET /zia/api/v1/deviceGroups/devices/lite",
			"List the ids, names and owners of devices, and nothing else of them: the short form of zia_list_devices.", rest.List),
	},
}
