package zia_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// DNS and IPS rules are searched here, since the service does not; services by name, too, and then search
// is not sent. Everything else is searched by the service.
func TestFirewallSearches(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct {
		tool  string
		args  map[string]any
		names string // of the rows
		query string // of the request
	}{
		{"zia_list_cloud_firewall_dns_rules", map[string]any{"search": "TUNNEL"}, "[Block DNS tunnels]", ""},
		{"zia_list_cloud_firewall_dns_rules", map[string]any{"search": "seeded"}, "[]", ""}, // it is in descriptions
		{"zia_list_cloud_firewall_ips_rules", map[string]any{"search": "botnet"}, "[Reset botnet calls]", ""},
		{"zia_list_cloud_firewall_rules", map[string]any{"search": "mail"}, "[Allow mail from branches]", "search=mail"},
		{"zia_list_network_services", map[string]any{"name": "build", "search": "nothing", "protocol": "tcp"}, "[Build agents]", "protocol=TCP"},
		{"zia_list_network_services", map[string]any{"name": "directory", "protocol": "icmp"}, "[]", "protocol=ICMP"},
		{"zia_list_network_services", map[string]any{"name": "", "search": "farm"}, "[Build agents]", "search=farm"},
		{"zia_list_network_apps", map[string]any{"search": "bittorrent", "locale": "de-DE"}, "[BITTORRENT]", "locale=de-DE&search=bittorrent"},
		{"zia_list_ip_source_groups", map[string]any{"search": ""}, "[Headquarters networks Server networks Vulnerability scanner Guest Wi-Fi Lab]", ""},
		{"zia_list_ip_destination_groups", map[string]any{"search": "resolv"}, "[Public resolvers]", "search=resolv"},
	} {
		w.Forget()
		test.args["query"] = "[].[name, id][] | [?type(@) == 'string']"
		names := paritytest.JSON(t, w.Must(t, test.tool, test.args))
		if got := fmt.Sprint(names); got != test.names {
			t.Errorf("%s %v: %s, want %s", test.tool, test.args, got, test.names)
		}
		if _, query, _ := strings.Cut(w.Last(t).String(), "?"); query != test.query {
			t.Errorf("%s %v: query %q, want %q", test.tool, test.args, query, test.query)
		}
	}
}

// A search of a page that is full says that it has not seen the rest, and sees it when it is told to; one of
// a page that is not full says nothing.
func TestFirewallSearchOfAFullPage(t *testing.T) {
	for rows, partial := range map[int]bool{99: false, 100: true} {
		w := suite.Open(t, func(r paritytest.Request) (int, string) {
			if r.Query.Get("page") == "2" {
				return http.StatusOK, `[{"id":1001,"name":"Wanted"}]`
			}
			var list []string
			for i := range rows {
				list = append(list, fmt.Sprintf(`{"id":%d,"name":"Other"}`, i))
			}
			return http.StatusOK, "[" + strings.Join(list, ",") + "]"
		})
		for tool, argument := range map[string]string{
			"zia_list_cloud_firewall_dns_rules": "search", "zia_list_cloud_firewall_ips_rules": "search", "zia_list_network_services": "name",
		} {
			text := w.Must(t, tool, map[string]any{argument: "wanted"})
			if told := strings.Contains(text, "Only the first 100 were searched by "+argument); told != partial {
				t.Errorf("%s, %d rows: told is %v: %s", tool, rows, told, text)
			}
			text = w.Must(t, tool, map[string]any{argument: "wanted", "all": true})
			if found := strings.Contains(text, "1001"); found != partial || strings.Contains(text, "Only") {
				t.Errorf("%s, %d rows, all: found is %v: %s", tool, rows, found, text)
			}
		}
	}
}

// The groups of addresses come whole, so that there is no argument all and no note about more.
func TestAddressGroupsComeWhole(t *testing.T) {
	list := "[" + strings.TrimSuffix(strings.Repeat(`{"id":1,"name":"Other"},`, 100), ",") + "]"
	w := suite.Open(t, paritytest.Paths(map[string]string{
		"GET /zia/api/v1/ipSourceGroups": list, "GET /zia/api/v1/ipDestinationGroups": list, "GET /zia/api/v1/networkServiceGroups": list,
	}))
	for tool, whole := range map[string]bool{"zia_list_ip_source_groups": true, "zia_list_ip_destination_groups": true, "zia_list_network_svc_groups": false} {
		if text := w.Must(t, tool, nil); strings.Contains(text, "more rows") == whole {
			t.Errorf("%s: %s", tool, text[len(text)-200:])
		}
		if text, failed := w.Call(t, tool, map[string]any{"all": true}); failed != whole {
			t.Errorf("%s: all is refused: %v, %s", tool, failed, text)
		}
	}
}

// One network application is found by its id, which is a word.
func TestNetworkApplication(t *testing.T) {
	w := suite.Open(t, nil)
	if got := w.Member(t, "zia_get_network_app", map[string]any{"app_id": "DNSOVERHTTPS"}, "parentCategory"); got != "WEB" {
		t.Errorf("parent category %s", got)
	}
	if text, failed := w.Call(t, "zia_get_network_app", map[string]any{"app_id": "NOSUCH"}); !failed {
		t.Errorf("found: %s", text)
	}
}
