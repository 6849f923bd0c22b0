package zscalertest

import (
	"fmt"
	"net/netip"
	"strings"
)

// seedTraffic fills the tables of how traffic gets to ZIA. Its own data centres and the world's cities
// are there in an empty tenant too.
func (z *zia) seedTraffic(opts Options) {
	data := seed("zia_traffic")
	predefined := func(o object) bool { return o["predefined"] == true }
	always := func(object) bool { return true }
	for name, builtin := range map[string]func(object) bool{
		"locationGroups": predefined, "staticIPs": nil, "greTunnels": nil, "vpnCredentials": nil, "vips": always, "regions": always,
	} {
		z.tables[name] = tableOf(data[name], "id", opts.Empty, builtin)
	}
	z.tables["regions"] = tableOf(data["regions"], "cityGeoId", opts.Empty, always)
}

func (z *zia) trafficRoutes() []route {
	locations := ziaKind{z: z, rows: z.directory["locations"], required: []string{"name"}, check: z.checkLocation, show: z.showLocation,
		unsearched: true, keep: func(c *call, o object) bool {
			search := c.query.Get("search")
			return str(o["parentId"]) == "0" && (search == "" || contains(str(o["name"]), search))
		}}
	groups := ziaKind{z: z, rows: z.tables["locationGroups"], show: shown, unsearched: true, keep: func(c *call, o object) bool {
		name, search := c.query.Get("name"), c.query.Get("search")
		return contains(str(o["name"]), name) && (contains(str(o["name"]), search) || contains(str(o["comments"]), search))
	}}
	var out []route
	out = append(out, locations.routes(ziaBase+"/locations")...)
	out = append(out, groups.reads(ziaBase+"/locations/groups")...)
	out = append(out, z.staticIPs().routes(ziaBase+"/staticIP")...)
	out = append(out, z.vpnCredentials().routes(ziaBase+"/vpnCredentials")...)
	out = append(out, z.greRoutes()...)
	return append(out, z.regionRoutes()...)
}

// reads are the routes of what no client can change.
func (k ziaKind) reads(path string) []route {
	return []route{{"GET " + path, k.list}, {"GET " + path + "/{id}", k.get}}
}

// shown copies an object as it is.
func shown(o object) object { return without(o) }

// dated shows an object whose last change has the older name.
func dated(o object) object {
	out := without(o, "lastModifiedTime")
	if at, changed := o["lastModifiedTime"]; changed {
		out["lastModificationTime"] = at
	}
	return out
}

func (z *zia) staticIPs() ziaKind {
	return ziaKind{z: z, rows: z.tables["staticIPs"], required: []string{"ipAddress"}, show: dated,
		label:      func(object) string { return "ipAddress" },
		unsearched: true, keep: func(c *call, o object) bool {
			search, wanted := c.query.Get("search"), c.query.Get("ipAddress")
			return (wanted == "" || o["ipAddress"] == wanted) && (contains(str(o["ipAddress"]), search) || contains(str(o["comment"]), search))
		},
		check: func(in object) error {
			before := z.tables["staticIPs"].rows[str(in["id"])]
			delete(in, "lastModificationTime")
			if _, err := netip.ParseAddr(str(in["ipAddress"])); err != nil {
				return ziaInvalid("ipAddress is not an IP address")
			}
			if before != nil && before["ipAddress"] != in["ipAddress"] {
				return ziaInvalid("ipAddress of a static IP cannot be changed")
			}
			z.placeStaticIP(in)
			return nil
		},
		guard: func(_ string, o object) error {
			if user := z.userOfAddress(str(o["ipAddress"])); user != nil {
				return ziaInUse(object{"name": o["ipAddress"]}, user)
			}
			return nil
		},
	}
}

// placeStaticIP fills in where an address is, unless the client says so: everything new is in Paris.
func (z *zia) placeStaticIP(in object) {
	if in["routableIP"] == nil {
		in["routableIP"] = true
	}
	if in["geoOverride"] == true {
		return
	}
	in["geoOverride"] = false
	paris := z.tables["regions"].rows["2988507"]
	in["latitude"], in["longitude"] = paris["latitude"], paris["longitude"]
	in["city"] = object{"id": paris["cityGeoId"], "name": "Paris, Ile-de-France, France"}
}

// userOfAddress returns what is made of a registered address, nil for nothing.
func (z *zia) userOfAddress(address string) object {
	for _, o := range z.directory["locations"].list(nil) {
		for _, have := range list(o["ipAddresses"]) {
			if have == address {
				return o
			}
		}
	}
	for _, o := range z.tables["greTunnels"].list(nil) {
		if o["sourceIp"] == address {
			return object{"name": "GRE tunnel " + str(o["id"])}
		}
	}
	if z.tables["vpnCredentials"].named("ipAddress", address, "") {
		return object{"name": "VPN credential " + address}
	}
	return nil
}

// vpnCredentials keep their type and name. The pre-shared key is never shown.
func (z *zia) vpnCredentials() ziaKind {
	return ziaKind{z: z, rows: z.tables["vpnCredentials"], required: []string{"type"}, label: vpnName,
		unsearched: true, keep: func(c *call, o object) bool {
			search := c.query.Get("search")
			return contains(str(o[vpnName(o)]), search) || contains(str(o["comments"]), search)
		},
		show: func(o object) object {
			out := without(o, "preSharedKey", "lastModifiedTime", "lastModifiedBy")
			if location := z.locationOf(str(o["id"])); location != nil {
				out["location"] = pick(location, "id", "name")
			}
			return out
		},
		check: func(in object) error {
			before := z.tables["vpnCredentials"].rows[str(in["id"])]
			delete(in, "location")
			switch {
			case before == nil && str(in["preSharedKey"]) == "":
				return ziaInvalid("Required field 'preSharedKey' is missing")
			case before != nil && (before["type"] != in["type"] || before[vpnName(in)] != in[vpnName(in)]):
				return ziaInvalid("type and name of a VPN credential cannot be changed")
			case in["type"] == "IP" && !z.tables["staticIPs"].named("ipAddress", str(in["ipAddress"]), ""):
				return ziaInvalid("ipAddress is not a registered static IP")
			case in["type"] != "IP" && in["type"] != "UFQDN":
				return ziaInvalid("type must be IP or UFQDN")
			case in["type"] == "UFQDN" && !strings.Contains(str(in["fqdn"]), "@"):
				return ziaInvalid("fqdn must have the form of an e-mail address")
			}
			if before != nil && in["preSharedKey"] == nil {
				in["preSharedKey"] = before["preSharedKey"]
			}
			return nil
		},
		guard: func(id string, o object) error {
			if location := z.locationOf(id); location != nil {
				return ziaInUse(object{"name": o[vpnName(o)]}, location)
			}
			return nil
		},
	}
}

// vpnName is the member that names a VPN credential.
func vpnName(o object) string {
	if o["type"] == "IP" {
		return "ipAddress"
	}
	return "fqdn"
}

// locationOf returns the location that uses a VPN credential, nil for none.
func (z *zia) locationOf(credential string) object {
	for _, o := range z.directory["locations"].list(nil) {
		for _, ref := range list(o["vpnCredentials"]) {
			if refID(ref) == credential {
				return o
			}
		}
	}
	return nil
}

// checkLocation wants a way in that is known, and fills in what is not said. A sub-location has ranges of
// private addresses.
func (z *zia) checkLocation(o object) error {
	sub := str(o["parentId"]) != "" && str(o["parentId"]) != "0"
	if len(list(o["ipAddresses"])) == 0 && len(list(o["vpnCredentials"])) == 0 {
		return ziaInvalid("A location needs ipAddresses or vpnCredentials")
	}
	for _, address := range list(o["ipAddresses"]) {
		if !sub && !z.tables["staticIPs"].named("ipAddress", str(address), "") {
			return ziaInvalid(fmt.Sprintf("IP address %v is not provisioned", address))
		}
	}
	for _, ref := range list(o["vpnCredentials"]) {
		if _, found := z.tables["vpnCredentials"].get(refID(ref)); !found {
			return ziaInvalid(fmt.Sprintf("VPN credential %s does not exist", refID(ref)))
		}
	}
	if _, found := z.directory["locations"].get(str(o["parentId"])); sub && !found {
		return ziaInvalid("parentId refers to a location that does not exist")
	}
	for field, fallback := range map[string]any{"parentId": ziaNumber(0), "country": "NONE", "tz": "NOT_SPECIFIED", "profile": "CORPORATE"} {
		if o[field] == nil {
			o[field] = fallback
		}
	}
	for _, field := range []string{"authRequired", "sslScanEnabled", "xffForwardEnabled", "surrogateIP", "ofwEnabled", "ipsControl", "aupEnabled", "cautionEnabled"} {
		if o[field] == nil {
			o[field] = false
		}
	}
	return nil
}

// showLocation tells about the VPN credentials and counts the sub-locations.
func (z *zia) showLocation(o object) object {
	out := without(o, "lastModifiedTime", "lastModifiedBy")
	var credentials []any
	for _, ref := range list(o["vpnCredentials"]) {
		have, _ := z.tables["vpnCredentials"].get(refID(ref))
		credentials = append(credentials, pick(have, "id", "type", "fqdn", "ipAddress", "comments"))
	}
	if credentials != nil {
		out["vpnCredentials"] = credentials
	}
	out["childCount"] = len(z.directory["locations"].list(func(child object) bool { return str(child["parentId"]) == str(o["id"]) }))
	return out
}
