package zscalertest

import (
	"fmt"
	"slices"
	"strings"
)

// checkApps wants known network applications in a list of their ids.
func (f *ziaFirewall) checkApps(o object, field string) error {
	for _, id := range list(o[field]) {
		if _, found := f.apps.get(str(id)); !found {
			return ziaInvalid(fmt.Sprintf("%s holds the unknown application %v", field, id))
		}
	}
	return nil
}

// checkDestinations judges a group of destinations: what it holds has to fit its type.
func (f *ziaFirewall) checkDestinations(o object) error {
	kind := str(o["type"])
	if !slices.Contains([]string{"DSTN_IP", "DSTN_FQDN", "DSTN_DOMAIN", "DSTN_OTHER"}, kind) {
		return ziaInvalid("type must be one of DSTN_IP, DSTN_FQDN, DSTN_DOMAIN, DSTN_OTHER")
	}
	for _, country := range list(o["countries"]) {
		if !strings.HasPrefix(str(country), "COUNTRY_") {
			return ziaInvalid(fmt.Sprintf("countries holds %v, which is no country", country))
		}
	}
	for _, id := range list(o["ipCategories"]) {
		if _, found := f.z.categories.get(str(id)); !found {
			return ziaInvalid(fmt.Sprintf("ipCategories holds the unknown category %v", id))
		}
	}
	if kind != "DSTN_OTHER" && len(list(o["addresses"])) == 0 {
		return ziaInvalid("addresses must not be empty for " + kind)
	}
	return nil
}

// showDestinations adds the addresses once more, as the service does for groups of addresses.
func showDestinations(o object) object {
	out := without(o)
	if o["type"] == "DSTN_IP" {
		out["ipAddresses"] = o["addresses"]
	}
	return out
}

// servicePortLists are the lists of ports of a network service by protocol.
var servicePortLists = map[string][]string{"TCP": {"srcTcpPorts", "destTcpPorts"}, "UDP": {"srcUdpPorts", "destUdpPorts"}}

// checkServicePorts judges a network service: it has at least one port.
func checkServicePorts(o object) error {
	count := 0
	for _, fields := range servicePortLists {
		for _, field := range fields {
			for _, ports := range list(o[field]) {
				entry, _ := ports.(object)
				start, isInt := number(entry["start"])
				end, isRange := number(entry["end"])
				if !isInt || start < 1 || start > 65535 || isRange && (end < start || end > 65535) {
					return ziaInvalid(field + " must hold objects with start and, for a range, end, between 1 and 65535")
				}
				count++
			}
		}
	}
	if count == 0 {
		return ziaInvalid("At least one port is required")
	}
	return nil
}

// hasProtocol reports whether a network service has ports of the protocol that a list asks for.
func hasProtocol(c *call, o object) bool {
	protocol := c.query.Get("protocol")
	if protocol == "" || strings.HasPrefix(str(o["tag"]), protocol+"_") {
		return true
	}
	return slices.ContainsFunc(servicePortLists[protocol], func(field string) bool { return len(list(o[field])) > 0 })
}
