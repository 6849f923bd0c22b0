package zins

import "github.com/org/zscalermcp/tool"

// Sets returns the toolsets of Z-Insights, ready for tool.Compile. The slice is the caller's own.
func Sets() []tool.Set {
	return []tool.Set{
		{Name: "zins_cyber_security", Doc: "Reports on cyber security incidents, by threat, application, user, country, day and location.", Tools: cyberSecurity},
		{Name: "zins_firewall", Doc: "Reports on what the firewall allowed and blocked, by action, location and network service.", Tools: firewall},
		{Name: "zins_iot", Doc: "Report on the devices in the network, IoT devices above all.", Tools: iot},
		{Name: "zins_saas", Doc: "Report on the SaaS applications that the cloud access security broker watches.", Tools: saas},
		{Name: "zins_shadow_it", Doc: "Reports on cloud applications that are used, and their risk.", Tools: shadowIT},
		{Name: "zins_web_traffic", Doc: "Reports on web traffic and the threats in it.", Tools: webTraffic},
	}
}
