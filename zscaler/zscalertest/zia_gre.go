package zscalertest

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

const (
	firstGRERange = "172.17.0.0"
	greRangeSize  = 8 // addresses of a /29
	greRanges     = 256
)

func (z *zia) greRoutes() []route {
	path := ziaBase + "/greTunnels"
	tunnels := ziaKind{z: z, rows: z.tables["greTunnels"], show: z.showTunnel, unsearched: true}
	return append(tunnels.reads(path),
		route{"DELETE " + path + "/{id}", tunnels.remove},
		route{"POST " + path, z.createTunnel},
		route{"GET " + path + "/availableInternalIpRanges", z.freeRanges},
		route{"GET " + ziaBase + "/vips/recommendedList", z.recommendedVIPs},
	)
}

func (z *zia) showTunnel(o object) object {
	out := dated(o)
	for _, end := range []string{"primaryDestVip", "secondaryDestVip"} {
		if vip, found := z.tables["vips"].get(refID(o[end])); found {
			out[end] = vip
		}
	}
	return out
}

// createTunnel makes a tunnel, whose id is that of its static IP.
func (z *zia) createTunnel(c *call) (reply, error) {
	in, err := ziaObject(c, "sourceIp", "primaryDestVip", "secondaryDestVip")
	if err != nil {
		return reply{}, err
	}
	var source object
	for _, o := range z.tables["staticIPs"].list(func(o object) bool { return o["ipAddress"] == in["sourceIp"] }) {
		source = o
	}
	primary, secondary := refID(in["primaryDestVip"]), refID(in["secondaryDestVip"])
	_, first := z.tables["vips"].get(primary)
	_, second := z.tables["vips"].get(secondary)
	switch {
	case source == nil:
		return reply{}, ziaInvalid("sourceIp is not a registered static IP")
	case z.tables["greTunnels"].named("sourceIp", str(in["sourceIp"]), ""):
		return reply{}, ziaDuplicate(str(in["sourceIp"]))
	case !first || !second || primary == secondary:
		return reply{}, ziaInvalid("primaryDestVip and secondaryDestVip must be two different virtual IPs")
	case in["ipUnnumbered"] != true && !z.isFreeRange(str(in["internalIpRange"])):
		return reply{}, ziaInvalid("internalIpRange is not a free range")
	}
	o := pick(in, "sourceIp", "primaryDestVip", "secondaryDestVip", "internalIpRange", "ipUnnumbered", "comment")
	o["id"], o["withinCountry"] = source["id"], false
	if o["ipUnnumbered"] == nil {
		o["ipUnnumbered"] = false
	}
	return ziaKind{z: z, rows: z.tables["greTunnels"], show: z.showTunnel}.store(str(o["id"]), o, 0), nil
}

func (z *zia) isFreeRange(start string) bool {
	address, err := netip.ParseAddr(start)
	return err == nil && address.Is4() && address.As4()[3]%greRangeSize == 0 && !z.tables["greTunnels"].named("internalIpRange", start, "")
}

// freeRanges lists ranges from internalIpRange on, ten unless limit says otherwise.
func (z *zia) freeRanges(c *call) (reply, error) {
	limit, start := 10, firstGRERange
	if v := c.query.Get("limit"); v != "" {
		var err error
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 {
			return reply{}, ziaInvalid("limit must be a positive integer")
		}
	}
	if v := c.query.Get("internalIpRange"); v != "" {
		start = v
	}
	address, err := netip.ParseAddr(start)
	if err != nil || !address.Is4() {
		return reply{}, ziaInvalid("internalIpRange must be an IPv4 address")
	}
	rows := []object{}
	for range greRanges {
		end := address
		for range greRangeSize - 1 {
			end = end.Next()
		}
		if z.isFreeRange(address.String()) && len(rows) < limit {
			rows = append(rows, object{"startIPAddress": address.String(), "endIPAddress": end.String()})
		}
		address = end.Next()
	}
	return ok(rows), nil
}

func (z *zia) recommendedVIPs(c *call) (reply, error) {
	if _, err := netip.ParseAddr(c.query.Get("sourceIp")); err != nil {
		return reply{}, ziaInvalid("sourceIp must be an IP address")
	}
	return ok(z.tables["vips"].list(nil)), nil
}

func (z *zia) regionRoutes() []route {
	path := ziaBase + "/region"
	return []route{
		{"GET " + path + "/byGeoCoordinates", z.regionAt},
		{"GET " + path + "/byIPAddress/{ip}", z.regionOf},
		{"GET " + path + "/search", z.regionsNamed},
	}
}

// regionAt returns the nearest city.
func (z *zia) regionAt(c *call) (reply, error) {
	latitude, err := strconv.ParseFloat(c.query.Get("latitude"), 64)
	longitude, bad := strconv.ParseFloat(c.query.Get("longitude"), 64)
	if err != nil || bad != nil {
		return reply{}, ziaInvalid("latitude and longitude must be numbers")
	}
	var nearest object
	var least float64
	for _, o := range z.tables["regions"].list(nil) {
		north, _ := strconv.ParseFloat(str(o["latitude"]), 64)
		east, _ := strconv.ParseFloat(str(o["longitude"]), 64)
		far := (north-latitude)*(north-latitude) + (east-longitude)*(east-longitude)
		if nearest == nil || far < least {
			nearest, least = o, far
		}
	}
	return ok(nearest), nil
}

// regionOf places documentation addresses in Paris, and knows no other.
func (z *zia) regionOf(c *call) (reply, error) {
	address, err := netip.ParseAddr(c.PathValue("ip"))
	if err != nil {
		return reply{}, ziaInvalid("Invalid IP address")
	}
	for _, prefix := range []string{"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"} {
		if netip.MustParsePrefix(prefix).Contains(address) {
			return ok(z.tables["regions"].rows["2988507"]), nil
		}
	}
	return reply{}, ziaRefusal(http.StatusNotFound, "RESOURCE_NOT_FOUND", fmt.Sprintf("No region is known for %s", address))
}

func (z *zia) regionsNamed(c *call) (reply, error) {
	prefix := strings.ToLower(c.query.Get("prefix"))
	if prefix == "" {
		return reply{}, ziaInvalid("prefix is required")
	}
	return ok(z.tables["regions"].list(func(o object) bool { return strings.HasPrefix(strings.ToLower(str(o["cityName"])), prefix) })), nil
}
