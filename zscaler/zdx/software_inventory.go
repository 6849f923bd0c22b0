package zdx

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type softwareSearch struct {
	places
	UserIDs   []string `json:"user_ids,omitempty" in:"query=userids" skipempty:"true" jsonschema:"Only software of these users: ids from zdx_list_devices (userid)."`
	DeviceIDs []string `json:"device_ids,omitempty" in:"query=deviceids" skipempty:"true" jsonschema:"Only software on these devices: ids from zdx_list_devices."`
}

type softwareKey struct {
	SoftwareKey string `json:"software_key" in:"path" nonempty:"true" jsonschema:"Software key, from zdx_list_software."`
	softwareSearch
}

var softwareInventory = tool.Set{
	Name: "zdx_software_inventory", Doc: "Software that is installed on monitored devices.",
	Tools: []tool.Tool{
		rest.Read[softwareSearch]("zdx_list_software", "GET /zdx/v1/inventory/software",
			"List the software found on monitored devices, with vendor, group, and how many users and devices have it; the first page unless all is true. "+
				"Who has which version: zdx_get_software_details.", rest.Rows("software"), rest.Untrusted),
		rest.Read[softwareKey]("zdx_get_software_details", "GET /zdx/v1/inventory/software/{software_key}",
			"List the users and devices that have one piece of software, with version, operating system and date of installation; the first page unless all is true.",
			rest.Rows("software"), rest.Untrusted),
	},
}
