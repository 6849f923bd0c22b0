package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type threatSettings struct {
	Settings map[string]any `json:"settings" in:"body=*" jsonschema:"The settings to change, by the names that zia_get_atp_settings shows or in snake_case: switches such as tor_blocked and tor_capture, risk_tolerance as a number, blocked_countries as the whole new list. The others stay as they are."`
}

type bypassURLs struct {
	BypassURLs []string `json:"bypass_urls" in:"body=bypassUrls" jsonschema:"The whole new list of URLs that are not inspected, without scheme; an empty list removes every exception."`
}

type urlsToBlock struct {
	MaliciousURLs []string `json:"malicious_urls" in:"body=maliciousUrls" nonempty:"true" jsonschema:"URLs or domains to add, without scheme."`
}

var atpPolicy = tool.Set{
	Name: "zia_atp_policy", Doc: "ZIA advanced threat protection: its settings, its exceptions and the tenant's own list of malicious URLs.",
	Tools: []tool.Tool{
		rest.Read[struct{}]("zia_get_atp_settings", "GET "+threatPath+"/advancedThreatSettings",
			"Get the settings of advanced threat protection: for each threat (command and control, phishing, malware sites, Tor, crypto mining and others) whether it is blocked and captured, the risk tolerance and the blocked countries."),
		rest.Update[threatSettings]("zia_update_atp_settings", "PUT "+threatPath+"/advancedThreatSettings",
			"Change settings of advanced threat protection for the whole tenant; what settings does not name stays as it is. Takes effect after zia_activate_configuration."),
		rest.Read[struct{}]("zia_get_atp_security_exceptions", "GET "+threatPath+"/securityExceptions",
			"Get the URLs that advanced threat protection and malware protection let pass uninspected, as the list bypassUrls."),
		rest.Update[bypassURLs]("zia_update_atp_security_exceptions", "PUT "+threatPath+"/securityExceptions",
			"Replace the list of URLs that threat protection lets pass; read zia_get_atp_security_exceptions first and send it back with the changes. Takes effect after zia_activate_configuration."),
		rest.Read[struct{}]("zia_list_atp_malicious_urls", "GET "+maliciousPath,
			"List the URLs that administrators of the tenant have declared malicious, one text a row; Zscaler's own threat lists are not in it (see zia_url_lookup).",
			rest.Rows("maliciousUrls"), rest.OnePage),
		rest.Create[urlsToBlock]("zia_add_atp_malicious_urls", "PUT "+maliciousPath,
			"Add URLs to the tenant's list of malicious URLs, whose traffic is then blocked, and return the whole list. Takes effect after zia_activate_configuration.",
			rest.ConstQuery("action", "ADD_TO_LIST"), rest.Finish(readListBack)),
		deleteMaliciousURLs(),
	},
}
