package zcc

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type deviceSearch struct {
	Username string `json:"username,omitempty" in:"query=username" skipempty:"true" jsonschema:"User whose devices are wanted, as in member user of the rows; all users when absent."`
	OSType   string `json:"os_type,omitempty" in:"-" jsonschema:"Only devices with this operating system: ios, android, windows, macos or linux, in any case."`
	Page     *int   `json:"page,omitempty" in:"query=page" min:"1" jsonschema:"Page to return, counted from 1."`
	PageSize *int   `json:"page_size,omitempty" in:"query=pageSize" min:"1" max:"5000" jsonschema:"Rows a page, 1 to 5000; 50 when absent. Few large pages spare the service's 100 calls an hour."`
}

type deviceOTP struct {
	UDID     string `json:"udid,omitempty" in:"query=udid" skipempty:"true" jsonschema:"Device whose passwords are wanted: member udid of zcc_list_devices."`
	DeviceID string `json:"device_id,omitempty" in:"-" jsonschema:"The same under another name; udid goes before it when both are given."`
}

var devices = tool.Set{
	Name: "zcc_devices", Doc: "Devices with Zscaler Client Connector, and their one-time passwords.",
	Tools: []tool.Tool{
		rest.Read[deviceSearch]("zcc_list_devices", "GET /zcc/papi/public/v1/getDevices",
			"List one page of the devices with Client Connector: udid, user, host name, operating system (type 1 iOS, 2 Android, 3 Windows, 4 macOS, 5 Linux), "+
				"versions, policy, registration state and when they were last seen (epoch seconds).",
			rest.List, rest.Prepare(deviceType)),
		rest.Read[deviceOTP]("zcc_get_device_otp", "GET /zcc/papi/public/v1/getOtp",
			"Get the one-time passwords with which the user of a device can log out, exit, uninstall or switch off parts of Client Connector. "+
				"They are live secrets: ask for them only when a person needs one, and tell only that person.",
			rest.Prepare(oneDevice), rest.Secret()),
	},
}

// osTypes are the operating systems that can be asked for; the service numbers them from 1 in this order.
var osTypes = []string{"ios", "android", "windows", "macos", "linux"}

// deviceType sends the number of the operating system.
func deviceType(_ context.Context, p *rest.Plan) error {
	name := p.Args.Text("os_type")
	if name == "" {
		return nil
	}
	for i, known := range osTypes {
		if strings.EqualFold(known, name) {
			setQuery(p, "osType", fmt.Sprint(i+1))
			return nil
		}
	}
	return fmt.Errorf("os_type must be one of %s", strings.Join(osTypes, ", "))
}

// oneDevice sends device_id as the udid when there is no other, and refuses a call for no device.
func oneDevice(_ context.Context, p *rest.Plan) error {
	if p.Query.Has("udid") {
		return nil
	}
	id := p.Args.Text("device_id")
	if id == "" {
		return errors.New("udid is needed: take it from member udid of zcc_list_devices")
	}
	setQuery(p, "udid", id)
	return nil
}

func setQuery(p *rest.Plan, name, value string) {
	if p.Query == nil {
		p.Query = url.Values{}
	}
	p.Query.Set(name, value)
}
