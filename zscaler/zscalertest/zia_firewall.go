package zscalertest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// ziaFirewall is the state of the cloud firewall.
type ziaFirewall struct {
	z                     *zia
	filtering, dns, ips   *table
	signatures            *table
	sources, destinations *table
	services, groups      *table
	apps, appGroups       *table
	directory             map[string]*table // what rules refer to, by field of the rule
}

func newZIAFirewall(z *zia, empty bool) *ziaFirewall {
	data := seed("zia_firewall")
	own := func(name string, builtin func(object) bool) *table { return tableOf(data[name], "id", empty, builtin) }
	f := &ziaFirewall{
		z: z, filtering: own("firewallFilteringRules", ziaBuiltin), dns: own("firewallDnsRules", ziaBuiltin), ips: own("firewallIpsRules", ziaBuiltin),
		signatures: own("ipsSignatureRules", nil), sources: own("ipSourceGroups", nil), destinations: own("ipDestinationGroups", nil),
		services: own("networkServices", ziaBuiltin), groups: own("networkServiceGroups", nil),
		apps: own("networkApplications", func(object) bool { return true }), appGroups: own("networkApplicationGroups", nil),
	}
	f.directory = maps.Clone(z.directory)
	maps.Copy(f.directory, map[string]*table{
		"srcIpGroups": f.sources, "destIpGroups": f.destinations, "nwServices": f.services, "nwServiceGroups": f.groups, "nwApplicationGroups": f.appGroups,
	})
	z.labelled = append(z.labelled, f.filtering, f.dns, f.ips)
	return f
}

// ziaBuiltin reports whether an object is Zscaler's own: it cannot be deleted.
func ziaBuiltin(o object) bool {
	return o["defaultRule"] == true || o["predefined"] == true || o["type"] == "PREDEFINED" || o["type"] == "STANDARD"
}

func (f *ziaFirewall) routes() []route {
	group := ziaKind{z: f.z, required: []string{"name"}, owned: []string{"creatorContext"}, show: func(o object) object { return without(o) }}
	sources, destinations, services, groups, appGroups := group, group, group, group, group
	sources.rows, sources.required, sources.unpaged, sources.guard = f.sources, []string{"name", "ipAddresses"}, true, f.unused("srcIpGroups")
	destinations.rows, destinations.required, destinations.unpaged = f.destinations, []string{"name", "type"}, true
	destinations.owned, destinations.check, destinations.show, destinations.guard = []string{"creatorContext", "ipAddresses"}, f.checkDestinations, showDestinations, f.unused("destIpGroups")
	services.rows, services.owned, services.check = f.services, []string{"creatorContext", "type", "tag", "isNameL10nTag"}, checkServicePorts
	services.keep, services.guard = hasProtocol, f.unused("nwServices")
	groups.rows, groups.required, groups.guard = f.groups, []string{"name", "services"}, f.unused("nwServiceGroups")
	members := map[string]*table{"services": f.services}
	groups.check = func(o object) error { return checkReferences(o, members) }
	groups.show = func(o object) object { return showReferences(o, members) }
	appGroups.rows, appGroups.required, appGroups.guard = f.appGroups, []string{"name", "networkApplications"}, f.unused("nwApplicationGroups")
	appGroups.check = func(o object) error { return f.checkApps(o, "networkApplications") }
	return slices.Concat(
		sources.routes(ziaBase+"/ipSourceGroups"), destinations.routes(ziaBase+"/ipDestinationGroups"), services.routes(ziaBase+"/networkServices"),
		groups.routes(ziaBase+"/networkServiceGroups"), appGroups.routes(ziaBase+"/networkApplicationGroups"),
		f.ruleRoutes(), f.signatureRoutes(), f.appRoutes(),
	)
}

// unused returns the guard of what rules refer to in field: what a rule or a group holds stays.
func (f *ziaFirewall) unused(field string) func(string, object) error {
	return func(id string, o object) error {
		if ziaBuiltin(o) {
			return ziaInvalid(fmt.Sprintf("%s is predefined and cannot be deleted", o["name"]))
		}
		holders := []*table{f.filtering, f.dns, f.ips}
		for _, rules := range holders {
			if held := rules.list(func(rule object) bool { return refersTo(rule, field, id) }); len(held) > 0 {
				return ziaInUse(o, held[0])
			}
		}
		if field != "nwServices" {
			return nil
		}
		if held := f.groups.list(func(group object) bool { return refersTo(group, "services", id) }); len(held) > 0 {
			return ziaInUse(o, held[0])
		}
		return nil
	}
}

func ziaInUse(o, holder object) error {
	return ziaRefusal(http.StatusConflict, "RESOURCE_IN_USE", fmt.Sprintf("%s is in use by %s", o["name"], holder["name"]))
}
