package zscalertest

import (
	"slices"
	"strconv"
)

// ruleActions are the actions that each type of policy takes.
var ruleActions = map[string][]string{
	"ACCESS_POLICY":            {"ALLOW", "DENY", "REQUIRE_APPROVAL"},
	"TIMEOUT_POLICY":           {"RE_AUTH"},
	"CLIENT_FORWARDING_POLICY": {"INTERCEPT", "INTERCEPT_ACCESSIBLE", "BYPASS"},
	"ISOLATION_POLICY":         {"ISOLATE", "BYPASS_ISOLATE"},
	"INSPECTION_POLICY":        {"INSPECT", "BYPASS_INSPECT"},
}

// ruleProfiles are the profiles that an action needs.
var ruleProfiles = map[string]struct{ field, kind string }{
	"ISOLATE": {"zpnIsolationProfileId", "isolationProfile"},
	"INSPECT": {"zpnInspectionProfileId", "inspectionProfile"},
}

// writeRule creates a rule (POST, 201 with the v1 form) or replaces one (PUT, empty 204). The two
// versions of the API differ in the operands that they take.
func (z *zpa) writeRule(parse operandParser) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		set, err := z.set(c)
		if err != nil {
			return reply{}, err
		}
		var before object
		if c.PathValue("id") != "" {
			if _, before, err = z.findRule(c); err != nil {
				return reply{}, err
			}
		}
		in, err := c.object()
		if err != nil {
			return reply{}, zpaInvalid("invalid.request", err.Error())
		}
		rule, err := z.newRule(set, before, in, parse)
		if err != nil {
			return reply{}, err
		}
		z.rules.put(str(rule["id"]), rule)
		if before != nil {
			return noContent(), nil
		}
		rows := z.rulesOf(str(set["id"]))
		renumber(rows)
		return created(z.showRule(rule, len(rows))), nil
	}
}

// newRule judges a body and makes the stored rule of it.
func (z *zpa) newRule(set, before, in object, parse operandParser) (object, error) {
	rule := pick(in, "name", "description", "customMsg", "action", "disabled", "appConnectorGroups", "appServerGroups",
		"reauthTimeout", "reauthIdleTimeout", "zpnIsolationProfileId", "zpnInspectionProfileId", "reauthDefaultRule")
	if err := z.checkRule(set, before, rule); err != nil {
		return nil, err
	}
	conditions, err := z.conditions(in["conditions"], parse)
	if err != nil {
		return nil, err
	}
	if len(conditions) > 0 {
		rule["conditions"] = conditions
	}
	for field, v := range pick(set, "policyType", "microtenantId", "microtenantName") {
		rule[field] = v
	}
	rule["policySetId"], rule["operator"], rule["defaultRule"] = set["id"], "AND", before != nil && isDefaultRule(before)
	if before != nil {
		rule["id"], rule["ruleOrder"] = before["id"], before["ruleOrder"]
	} else {
		// Between the last rule and the default rule, which sorts last whatever its number.
		rule["id"], rule["ruleOrder"] = z.newID(), strconv.Itoa(len(z.rulesOf(str(set["id"]))))
	}
	z.stamp(rule, before)
	return rule, nil
}

func (z *zpa) checkRule(set, before, rule object) error {
	name, action := str(rule["name"]), str(rule["action"])
	if name == "" || action == "" {
		return zpaInvalid("missing.required.field", "A required field is missing", "name", "action")
	}
	for _, other := range z.rulesOf(str(set["id"])) {
		if other["name"] == name && other["id"] != before["id"] {
			return zpaInvalid("resource.already.exist", "A rule with this name already exists", name)
		}
	}
	if !slices.Contains(ruleActions[str(set["type"])], action) {
		return zpaInvalid("invalid.action", "The policy has no such action", action)
	}
	if profile, needed := ruleProfiles[action]; needed {
		if _, found := z.directory[profile.kind].get(str(rule[profile.field])); !found {
			return zpaInvalid("resource.not.found", "The action needs an existing profile", profile.field)
		}
	}
	for _, field := range []string{"reauthTimeout", "reauthIdleTimeout"} {
		text, isText := rule[field].(string)
		if _, err := strconv.Atoi(text); rule[field] != nil && (!isText || err != nil) {
			return zpaInvalid("invalid.timeout", "Timeouts are seconds in a string, or \"-1\"", field)
		}
	}
	if rule["disabled"] == nil {
		rule["disabled"] = "0"
	}
	if err := z.resolve(rule, "appConnectorGroups", "appConnectorGroup"); err != nil {
		return err
	}
	return z.resolve(rule, "appServerGroups", "serverGroup")
}
