package zia_test

import (
	"net/url"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// pageBounds advertises the bounds of page_size.
func pageBounds(p *paritytest.Param) { p.Min, p.Max = paritytest.Bound(1), paritytest.Bound(1000) }

func needed(p *paritytest.Param) { p.NonEmpty = true }

// sitesHints: each kind of look-up of the geography needs arguments of its own, and the reference demands them, too.
var sitesHints = []paritytest.Hint{{
	Tools: []string{"zia_geo_search"},
	Refuses: func(args map[string]any) bool {
		missing := func(name string) bool { return args[name] == nil || args[name] == "" }
		switch args["action"] {
		case "geo_by_coordinates":
			return missing("latitude") || missing("longitude")
		case "geo_by_ip":
			return missing("ip")
		}
		return missing("prefix")
	},
}, {
	Tools: []string{"zia_create_location"}, Always: map[string]any{"ip_addresses": []any{"203.0.113.1"}}, // the generated advanced has no VPN credentials
	Refuses: func(args map[string]any) bool {
		addresses, _ := args["ip_addresses"].([]any)
		return len(addresses) == 0
	},
}, {
	Tools: []string{"zia_create_vpn_credential"},
	Refuses: func(args map[string]any) bool {
		needed := map[any]string{"IP": "ip_address", "UFQDN": "fqdn"}[args["credential_type"]]
		return args[needed] == nil || args[needed] == ""
	},
}}

// sitesDifferences are those of locations, people, devices, time intervals, shadow IT and settings.
var sitesDifferences = []paritytest.Difference{
	{
		Tools:  []string{"get_zia_users", "get_zia_user_groups", "get_zia_user_departments"},
		Text:   "The bounds of `page_size` are advertised; the reference checks them without saying so.",
		Params: map[string]func(*paritytest.Param){"page_size": pageBounds},
	},
	{
		Tools: []string{"get_zia_user_groups"},
		Text: "Beside `name` the other arguments of the list keep their meaning, `page_size` apart: the reference drops them without a word, so that groups beyond the first " +
			"1000 cannot be found by name. Where more groups than these may match, a note says so.",
		Elsewhere: "TestPeople",
	},
	{
		Tools: []string{"zia_list_static_ips", "zia_get_static_ip", "zia_create_static_ip", "zia_update_static_ip", "zia_list_gre_tunnels", "zia_get_gre_tunnel"},
		Text:  "Records without `lastModifiedBy` are answered as they are; the reference fails on them.", Defect: true,
		Test: "TestTrafficRecordsComeThrough",
	},
	{
		Tools: []string{"zia_create_location"},
		Text:  "VPN credentials in `advanced` count in either spelling, `vpn_credentials` and `vpnCredentials`; the reference sees only the second.", Defect: true,
		Test: "TestLocationNeedsAWayIn",
	},
	{
		Tools:  []string{"zia_update_location"},
		Text:   "`name` is optional: the location is read anyway, so a change of something else need not repeat it.",
		Params: map[string]func(*paritytest.Param){"name": func(p *paritytest.Param) { p.Required = false }},
	},
	{
		Tools: []string{"zia_create_vpn_credential"},
		Text:  "The tool works: the reference passes the type under a name that its library does not know, and always fails. It sends what the reference means to send.", Defect: true,
		Test: "TestVPNCredentialNeedsItsName",
	},
	{
		Tools: []string{"zia_update_vpn_credential"}, Test: "TestUpdateVPNCredential",
		Text: "What is not given is not sent as null, which could clear it: the credential is sent whole as it was read, but for the pre-shared key, which ZIA never shows and keeps.",
	},
	{
		Tools: []string{"zia_create_gre_tunnel"},
		Text: "`internal_ip_range` is used where it is given; the reference overwrites it unless the tunnel is unnumbered. A static IP is used only if its address is the one that was asked for. " +
			"One that was registered on the way is removed again when a later step fails, and the error says what was done or stays.", Defect: true,
		Elsewhere: "TestGRETunnelTakesWhatItIsGiven",
	},
	{
		Tools: []string{"zia_delete_gre_tunnel"},
		Text: "The tunnel and the static IP are both read before the question, which names their addresses, so that a wrong pair is seen; if the second deletion fails, the error says that " +
			"the tunnel is gone.",
		Elsewhere: "TestDeleteGRETunnelHalfWay",
	},
	{
		Tools: []string{"zia_list_shadow_it_apps"},
		Text:  "`pageNumber=1` is sent when no page is asked for, so that a full page of 1000 is recognised as one and `all` finds the next.",
		Requests: func(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
			for i := range requests {
				if requests[i].Query == nil {
					requests[i].Query = url.Values{}
				}
				if !requests[i].Query.Has("pageNumber") {
					requests[i].Query.Set("pageNumber", "1")
				}
			}
			return requests
		},
	},
	{
		Tools: []string{"zia_bulk_update_shadow_it_apps"},
		Text: "Ids of applications and tags are sent as numbers, as Zscaler's Go client and Postman collection do; the reference sends texts. A call that names neither is refused, and what ZIA " +
			"answers is passed on beside the acknowledgement.",
		Elsewhere: "TestShadowIT",
	},
	{
		Tools: []string{"zia_list_auth_exempt_urls"},
		Text:  "The URLs are the rows of a list, on which `query` works; the reference turns them into an empty object.", Defect: true,
		Declare: func(d *paritytest.Declaration) { d.List = true },
	},
	{
		Tools: []string{"zia_add_auth_exempt_urls"},
		Text: "The list comes back whole; the reference loses it. It is read at once, and after two seconds a second time only where it does not show the URLs yet. An empty list of URLs is " +
			"refused.", Defect: true,
		Params:    map[string]func(*paritytest.Param){"exempt_urls": needed},
		Elsewhere: "TestLifeOfExemptURLs",
	},
	{
		Tools: []string{"zia_delete_auth_exempt_urls"},
		Text: "The list is read before the question, and a removal of URLs none of which is exempt is refused. It is read back at once, and after two seconds a second time only where it still shows " +
			"one of the URLs; if it does then too, that is an error.",
		Params:    map[string]func(*paritytest.Param){"exempt_urls": needed},
		Elsewhere: "TestExemptURLsReadBack",
	},
}
