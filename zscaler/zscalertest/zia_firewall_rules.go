package zscalertest

import (
	"fmt"
	"slices"
)

// A ziaRuleBook is one of the three kinds of firewall rules.
type ziaRuleBook struct {
	f       *ziaFirewall
	rows    *table
	actions []string
}

func (f *ziaFirewall) ruleRoutes() []route {
	filtering := ziaRuleBook{f, f.filtering, []string{"ALLOW", "BLOCK_DROP", "BLOCK_RESET", "BLOCK_ICMP", "EVAL_NWAPP"}}.kind()
	dns := ziaRuleBook{f, f.dns, []string{"ALLOW", "BLOCK", "BLOCK_WITH_RESPONSE", "REDIR_REQ", "REDIR_RES", "REDIR_ZPA",
		"REDIR_REQ_DOH", "REDIR_REQ_TCP", "REDIR_REQ_UDP", "REDIR_REQ_KEEP_SENDER"}}.kind()
	ips := ziaRuleBook{f, f.ips, []string{"ALLOW", "BLOCK_DROP", "BLOCK_RESET", "BYPASS_IPS"}}.kind()
	dns.unsearched, ips.unsearched = true, true
	return slices.Concat(
		filtering.routes(ziaBase+"/firewallFilteringRules"), dns.routes(ziaBase+"/firewallDnsRules"), ips.routes(ziaBase+"/firewallIpsRules"),
	)
}

func (b ziaRuleBook) kind() ziaKind {
	return ziaKind{
		z: b.f.z, rows: b.rows, required: []string{"name", "order", "action"}, owned: []string{"accessControl", "predefined", "defaultRule"},
		check: b.check, show: func(rule object) object { return showReferences(rule, b.f.directory) },
		arrange: func(changed object, from int) { arrange(b.rows, changed, from) }, guard: b.guard,
	}
}

// check judges a rule. A rule of Zscaler's keeps its place, whatever a body says.
func (b ziaRuleBook) check(rule object) error {
	if !slices.Contains(b.actions, str(rule["action"])) {
		return ziaInvalid(fmt.Sprintf("action must be one of %v", b.actions))
	}
	if rule["state"] == nil {
		rule["state"] = "ENABLED"
	}
	if state := str(rule["state"]); state != "ENABLED" && state != "DISABLED" {
		return ziaInvalid("state must be ENABLED or DISABLED")
	}
	if before, found := b.rows.get(str(rule["id"])); found && ziaBuiltin(before) {
		rule["order"] = before["order"]
	} else if err := checkPlace(rule); err != nil {
		return err
	}
	if err := b.f.checkApps(rule, "nwApplications"); err != nil {
		return err
	}
	return checkReferences(rule, b.f.directory)
}

func (ziaRuleBook) guard(_ string, rule object) error {
	if ziaBuiltin(rule) {
		return ziaInvalid(fmt.Sprintf("%s is a default rule and cannot be deleted", rule["name"]))
	}
	return nil
}
