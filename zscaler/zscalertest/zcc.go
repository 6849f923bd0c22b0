package zscalertest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

const (
	zccBase        = "/zcc/papi/public/v1"
	zccPageSize    = 50
	zccMaxPageSize = 5000
)

// zcc is the state of Client Connector. The API in these toolsets only reads it, but each password that
// it gives is new.
type zcc struct {
	devices, profiles, networks *table
	passwords                   int
}

func newZCC(opts Options) *zcc {
	data := seed("zcc")
	return &zcc{
		devices:  tableOf(data["devices"], "udid", opts.Empty, nil),
		profiles: tableOf(data["forwardingProfiles"], "id", opts.Empty, nil),
		networks: tableOf(data["trustedNetworks"], "id", opts.Empty, nil),
	}
}

func (z *zcc) routes() []route {
	return []route{
		{"GET " + zccBase + "/getDevices", z.listDevices},
		{"GET " + zccBase + "/getOtp", z.otp},
		{"GET " + zccBase + "/webForwardingProfile/listByCompany", z.listProfiles},
		{"GET " + zccBase + "/webTrustedNetwork/listByCompany", z.listNetworks},
	}
}

func zccInvalid(message string) error {
	return &refusal{reply{status: http.StatusBadRequest, body: object{"title": "INVALID_FIELD_VALUE", "errorCode": nil, "errorMessage": message}}}
}

// zccPage cuts rows by page (from 1) and pageSize.
func zccPage(c *call, rows []object) ([]object, error) {
	page, size := 1, zccPageSize
	var err error
	if v := c.query.Get("page"); v != "" {
		if page, err = strconv.Atoi(v); err != nil || page < 1 {
			return nil, zccInvalid("page must be a positive integer")
		}
	}
	if v := c.query.Get("pageSize"); v != "" {
		if size, err = strconv.Atoi(v); err != nil || size < 1 || size > zccMaxPageSize {
			return nil, zccInvalid("pageSize must be between 1 and 5000")
		}
	}
	if page > len(rows) {
		return []object{}, nil
	}
	return window(rows, (page-1)*size, size), nil
}

func (z *zcc) listDevices(c *call) (reply, error) {
	user, system := c.query.Get("username"), c.query.Get("osType")
	if n, err := strconv.Atoi(system); system != "" && (err != nil || n < 1 || n > 5) {
		return reply{}, zccInvalid("osType must be between 1 and 5")
	}
	rows, err := zccPage(c, z.devices.list(func(d object) bool {
		return (user == "" || strings.EqualFold(user, str(d["user"]))) && (system == "" || system == str(d["type"]))
	}))
	return ok(rows), err
}

// otp makes passwords for a device. They are recognisably none of a real service.
func (z *zcc) otp(c *call) (reply, error) {
	if _, found := z.devices.get(c.query.Get("udid")); !found {
		// As recorded: a failure with status 200.
		return ok(object{"success": "false", "id": 0, "errorMessage": "No device with this udid"}), nil
	}
	z.passwords++
	out := object{}
	for _, name := range []string{
		"otp", "logoutOtp", "exitOtp", "uninstallOtp", "revertOtp", "ziaDisableOtp", "zpaDisableOtp", "zdxDisableOtp",
		"zdpDisableOtp", "antiTemperingDisableOtp", "deceptionSettingsOtp",
	} {
		out[name] = fmt.Sprintf("demo-%s-%d", strings.ToLower(strings.TrimSuffix(name, "Otp")), z.passwords)
	}
	return ok(out), nil
}

func (z *zcc) listProfiles(c *call) (reply, error) {
	rows, err := zccPage(c, z.profiles.list(func(o object) bool { return contains(str(o["name"]), c.query.Get("search")) }))
	return ok(rows), err
}

func (z *zcc) listNetworks(c *call) (reply, error) {
	all := z.networks.list(func(o object) bool { return contains(str(o["networkName"]), c.query.Get("search")) })
	rows, err := zccPage(c, all)
	return ok(object{"totalCount": len(all), "trustedNetworkContracts": rows}), err
}
