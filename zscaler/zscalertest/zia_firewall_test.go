package zscalertest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

const ziaPath = "/zia/api/v1/"

// Default rules stand apart from the order, can be changed but not moved, and cannot be deleted.
func TestFirewallDefaultRules(t *testing.T) {
	c := start(t, zscalertest.Options{Empty: true})
	for path, action := range map[string]string{"firewallFilteringRules": "ALLOW", "firewallDnsRules": "ALLOW", "firewallIpsRules": "BYPASS_IPS"} {
		rows := c.want(200, "GET", ziaPath+path, "").list()
		if len(rows) != 1 {
			t.Fatalf("%s: %d rules in an empty tenant", path, len(rows))
		}
		rule := rows[0].(object)
		one := ziaPath + path + "/" + text(rule["id"])
		c.wantCode(400, "INVALID_INPUT_ARGUMENT", "DELETE", one, "")
		changed := c.want(200, "PUT", one, `{"name":"Last","order":5,"action":"`+action+`"}`).object()
		if text(changed["order"]) != "-1" || changed["name"] != "Last" || changed["defaultRule"] != true {
			t.Errorf("%s: %v", path, changed)
		}
		made := c.want(200, "POST", ziaPath+path, `{"name":"First","order":9,"action":"`+action+`"}`).object()
		if text(made["order"]) != "1" || made["defaultRule"] != nil {
			t.Errorf("%s: %v", path, made)
		}
		if got := names(c.want(200, "GET", ziaPath+path, "").list(), "order"); strings.Join(got, " ") != "-1 1" {
			t.Errorf("%s: orders %v", path, got)
		}
		c.want(204, "DELETE", ziaPath+path+"/"+text(made["id"]), "")
	}
}

func TestFirewallRuleChecks(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for path, bad := range map[string][]string{
		"firewallFilteringRules": {`"action":"BLOCK"`, `"action":"ALLOW","nwServices":[{"id":1}]`, `"action":"ALLOW","nwApplications":["NOSUCH"]`, `"action":"ALLOW","state":"ON"`, `"action":"ALLOW","rank":9`},
		"firewallDnsRules":       {`"action":"BLOCK_DROP"`, `"action":"BLOCK","labels":["2401001"]`},
		"firewallIpsRules":       {`"action":"BLOCK_ICMP"`, `"action":"ALLOW","srcIpGroups":[{"id":"2403401"}]`},
	} {
		for _, body := range bad {
			c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", ziaPath+path, `{"name":"N","order":1,`+body+`}`)
		}
	}
	c.want(200, "POST", ziaPath+"firewallFilteringRules", `{"name":"N","order":1,"action":"ALLOW","nwServices":[{"id":2403604}],"nwApplications":["SSH"],"labels":[{"id":2401007}]}`)
	if got := text(c.want(200, "GET", labelsPath+"/2401007", "").object()["referencedRuleCount"]); got != "3" {
		t.Errorf("the label counts %s rules", got)
	}
	c.want(204, "DELETE", labelsPath+"/2401007", "")
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", ziaPath+"firewallFilteringRules", `{"name":"M","order":1,"action":"ALLOW","labels":[{"id":2401007}]}`)
}

func TestFirewallGroups(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for path, bad := range map[string][]string{
		"ipSourceGroups":           {`{"name":"N"}`, `{"ipAddresses":["10.0.0.1"]}`},
		"ipDestinationGroups":      {`{"name":"N","type":"IP","addresses":["10.0.0.1"]}`, `{"name":"N","type":"DSTN_IP"}`, `{"name":"N","type":"DSTN_OTHER","countries":["CA"]}`, `{"name":"N","type":"DSTN_OTHER","ipCategories":["NOSUCH"]}`},
		"networkServices":          {`{"name":"N"}`, `{"name":"N","destTcpPorts":[443]}`, `{"name":"N","destTcpPorts":[{"start":0}]}`, `{"name":"N","srcUdpPorts":[{"start":9,"end":8}]}`},
		"networkServiceGroups":     {`{"name":"N"}`, `{"name":"N","services":[{"id":1}]}`, `{"name":"N","services":["2403604"]}`},
		"networkApplicationGroups": {`{"name":"N"}`, `{"name":"N","networkApplications":["NOSUCH"]}`},
	} {
		for _, body := range bad {
			c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", ziaPath+path, body)
		}
	}
	c.wantCode(409, "RESOURCE_IN_USE", "DELETE", ziaPath+"ipDestinationGroups/2403501", "")
	c.wantCode(409, "RESOURCE_IN_USE", "DELETE", ziaPath+"networkServices/2403613", "")
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "DELETE", ziaPath+"networkServices/2403601", "")
	group := c.want(200, "PUT", ziaPath+"ipDestinationGroups/2403501", `{"name":"R","type":"DSTN_IP","addresses":["192.0.2.1"],"ipAddresses":["10.0.0.1"]}`).object()
	if diff := cmp.Diff([]any{[]any{"192.0.2.1"}, []any{"192.0.2.1"}}, []any{group["addresses"], group["ipAddresses"]}); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	if made := c.want(200, "POST", ziaPath+"networkServices", `{"name":"N","destTcpPorts":[{"start":1,"end":2}],"type":"STANDARD"}`).object(); made["type"] != "CUSTOM" || made["creatorContext"] != "ZIA" {
		t.Errorf("created %v", made)
	}
}

func TestFirewallLists(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for query, want := range map[string]int{
		"firewallFilteringRules?search=mail": 1, "firewallDnsRules?search=mail": 6, "firewallIpsRules?search=mail": 5, "firewallIpsRules?pageSize=2": 2,
		"ipSourceGroups?pageSize=2&page=2": 5, "ipDestinationGroups?pageSize=1": 5, "networkServices?protocol=UDP": 5, "networkServices?protocol=ICMP": 1, "networkServices?pageSize=4": 4,
		"networkApplications?search=gnutella": 1, "networkApplications?pageSize=5&page=3": 2, "ipsSignatureRules": 5,
	} {
		if got := c.want(200, "GET", ziaPath+query, "").list(); len(got) != want {
			t.Errorf("%s: %d rows, want %d", query, len(got), want)
		}
	}
	c.wantCode(404, "RESOURCE_NOT_FOUND", "GET", ziaPath+"networkApplications/ssh", "")
}

func TestFirewallSignatures(t *testing.T) {
	c := start(t, zscalertest.Options{})
	path := ziaPath + "ipsSignatureRules"
	body := func(text string) string { return `{"name":"N","ruleText":"` + text + `"}` }
	const rule = `alert tcp any any -> any any (msg:\"x\"; sid:`
	for _, bad := range []string{`{"name":"N"}`, body("alert"), body(rule + `;)`), body("watch tcp any any -> any any (sid:1;)")} {
		c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", path+"/validateRuleText", bad)
		c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", path, bad)
	}
	for sid, status := range map[string]string{"1000001": "1", "1009999": "0"} {
		if got := text(c.want(200, "POST", path+"/validateRuleText", body(rule+sid+`;)`)).object()["status"]); got != status {
			t.Errorf("sid %s: status %s", sid, got)
		}
	}
	c.want(200, "POST", path, body(rule+`1009999;)`))
	c.wantCode(409, "DUPLICATE_ITEM", "POST", path, body(rule+`1009998;)`))
}
