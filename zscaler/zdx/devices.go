package zdx

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type deviceSearch struct {
	Emails      []string `json:"emails,omitempty" in:"query=emails" skipempty:"true" jsonschema:"E-mail addresses of the devices' users."`
	UserIDs     []string `json:"user_ids,omitempty" in:"query=userids" skipempty:"true" jsonschema:"Ids of the devices' users, from zdx_list_application_users or member userid of a row."`
	MACAddress  string   `json:"mac_address,omitempty" in:"query=mac_address" skipempty:"true" jsonschema:"MAC address of the device."`
	PrivateIPv4 string   `json:"private_ipv4,omitempty" in:"query=private_ipv4" skipempty:"true" jsonschema:"Private IPv4 address of the device."`
	scope
	Offset string `json:"offset,omitempty" in:"query=offset" skipempty:"true" jsonschema:"Position of the next page, as the page before named it."`
}

type deviceReport struct {
	deviceID
	scope
}

var devices = []tool.Tool{
	rest.Read[deviceSearch]("zdx_list_devices", "GET /zdx/v1/devices",
		"List one page of the monitored devices with their ids, names and user ids; the e-mail address of a user finds their devices.", rest.Rows("devices")),
	rest.Read[deviceReport]("zdx_get_device", "GET /zdx/v1/devices/{device_id}",
		"Get one device with its hardware, networks (addresses, Wi-Fi) and software versions; its health over time takes a deep trace."),
}
