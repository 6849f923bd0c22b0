package zscalertest

import (
	"fmt"
	"slices"
	"strings"
)

// maxRuleName is how long the name of a rule may be, in characters.
const maxRuleName = 31

// policyRoutes serve the families of rules besides URL filtering, and what else they are about.
func (z *zia) policyRoutes(data map[string][]object, empty bool) []route {
	z.directory["dlpEngines"] = tableOf(data["dlpEngines"], "id", empty, func(o object) bool { return o["customDlpEngine"] != true })
	var out []route
	for _, family := range []struct {
		name   string
		action string
		check  func(object) error
	}{
		{"fileTypeRules", "filteringAction", z.checkFileTypeRule(data["fileTypeCategories"])},
		{"sandboxRules", "baRuleAction", checkSandboxRule},
		{"sslInspectionRules", "action", checkSSLRule},
		{"webDlpRules", "", checkDLPRule},
	} {
		kind := z.policy(tableOf(data[family.name], "id", empty, nil), family.check)
		if family.action != "" {
			kind.required = append(kind.required, family.action)
		}
		out = append(out, kind.routes(ziaBase+"/"+family.name)...)
		if family.name == "webDlpRules" {
			out = append(out, route{"GET " + ziaBase + "/webDlpRules/lite", func(c *call) (reply, error) { return brief(c, kind.rows) }})
		}
	}
	return slices.Concat(out, z.cloudAppRoutes(data, empty), z.dlpRoutes(data, empty), z.threatRoutes(data, empty), z.sandboxRoutes(data, empty))
}

// policy is a family of ordered rules; check judges what is special to it.
func (z *zia) policy(rows *table, check func(object) error) ziaKind {
	z.labelled = append(z.labelled, rows)
	return ziaKind{
		z: z, rows: rows, required: []string{"name", "order"}, owned: []string{"accessControl"}, show: z.showRule,
		check: func(rule object) error {
			if err := checkPlaced(rule); err != nil {
				return err
			}
			if err := checkReferences(rule, z.directory); err != nil {
				return err
			}
			if err := z.checkCategories(rule); err != nil {
				return err
			}
			return check(rule)
		},
		arrange: func(changed object, from int) { arrange(rows, changed, from) },
	}
}

// checkPlaced judges name, order, rank and state, and fills in what is missing.
func checkPlaced(rule object) error {
	if name := str(rule["name"]); len([]rune(name)) > maxRuleName {
		return ziaInvalid(fmt.Sprintf("name must have at most %d characters", maxRuleName))
	}
	if err := checkPlace(rule); err != nil {
		return err
	}
	return oneValue(rule, "state", "ENABLED", "DISABLED")
}

// oneValue wants one of the values in field; the first when it is absent.
func oneValue(o object, field string, values ...string) error {
	if o[field] == nil {
		o[field] = values[0]
	}
	if !slices.Contains(values, str(o[field])) {
		return ziaInvalid(fmt.Sprintf("%s must be one of %v", field, values))
	}
	return nil
}

// unknown refuses a field that objects of the kind do not have.
func unknown(o object, field string) error {
	if o[field] != nil {
		return ziaInvalid("Unrecognized field '" + field + "'")
	}
	return nil
}

// texts wants a list of text in field, each accepted.
func texts(o object, field string, accept func(string) bool) error {
	entries, isList := o[field].([]any)
	if o[field] != nil && !isList {
		return ziaInvalid(field + " must be a list of strings")
	}
	for _, entry := range entries {
		if text, isText := entry.(string); !isText || !accept(text) {
			return ziaInvalid(fmt.Sprintf("%s holds the unknown value %v", field, entry))
		}
	}
	return nil
}

func (z *zia) checkFileTypeRule(types []object) func(object) error {
	return func(rule object) error {
		if err := unknown(rule, "action"); err != nil {
			return err
		}
		if err := oneValue(rule, "filteringAction", "BLOCK", "CAUTION", "ALLOW"); err != nil {
			return err
		}
		if err := oneValue(rule, "operation", "UPLOAD_DOWNLOAD", "UPLOAD", "DOWNLOAD"); err != nil {
			return err
		}
		return texts(rule, "fileTypes", func(name string) bool {
			return slices.ContainsFunc(types, func(o object) bool { return o["name"] == name })
		})
	}
}

func checkSandboxRule(rule object) error {
	if err := unknown(rule, "action"); err != nil {
		return err
	}
	if err := oneValue(rule, "baRuleAction", "BLOCK", "ALLOW"); err != nil {
		return err
	}
	return oneValue(rule, "firstTimeOperation", "ALLOW_SCAN", "QUARANTINE", "ALLOW_NOSCAN", "QUARANTINE_ISOLATE")
}

// checkSSLRule wants an action object, with the details of its own type only.
func checkSSLRule(rule object) error {
	action, isObject := rule["action"].(object)
	if !isObject {
		return ziaInvalid("Cannot deserialize value of 'action': an object is expected")
	}
	if err := oneValue(action, "type", "DECRYPT", "DO_NOT_DECRYPT", "BLOCK"); err != nil {
		return err
	}
	if action["decryptSubActions"] != nil && action["type"] != "DECRYPT" || action["doNotDecryptSubActions"] != nil && action["type"] != "DO_NOT_DECRYPT" {
		return ziaInvalid("action holds details of another type than " + str(action["type"]))
	}
	return nil
}

func checkDLPRule(rule object) error {
	if err := oneValue(rule, "action", "ALLOW", "BLOCK", "CONFIRM", "ICAP_RESPONSE"); err != nil {
		return err
	}
	return oneValue(rule, "severity", "RULE_SEVERITY_INFO", "RULE_SEVERITY_LOW", "RULE_SEVERITY_MEDIUM", "RULE_SEVERITY_HIGH")
}

// brief lists ids and names.
func brief(c *call, rows *table) (reply, error) {
	page, err := ziaPage(c, rows.list(nil))
	out := make([]object, len(page))
	for i, o := range page {
		out[i] = pick(o, "id", "name", "predefinedEngineName")
	}
	return ok(out), err
}

// dlpRoutes serve dictionaries and engines, which are read only here.
func (z *zia) dlpRoutes(data map[string][]object, empty bool) []route {
	var out []route
	for name, rows := range map[string]*table{
		"dlpDictionaries": tableOf(data["dlpDictionaries"], "id", empty, func(o object) bool { return o["custom"] != true }),
		"dlpEngines":      z.directory["dlpEngines"],
	} {
		kind := ziaKind{z: z, rows: rows, show: func(o object) object { return without(o) }}
		out = append(out,
			route{"GET " + ziaBase + "/" + name, kind.list},
			route{"GET " + ziaBase + "/" + name + "/lite", func(c *call) (reply, error) { return brief(c, rows) }},
			route{"GET " + ziaBase + "/" + name + "/{id}", kind.get},
		)
	}
	return append(out, route{"GET " + ziaBase + "/fileTypeCategories", func(c *call) (reply, error) { return fileTypes(c, data["fileTypeCategories"]) }})
}

// fileTypes lists the file types of the policies that enums names, or of all.
func fileTypes(c *call, types []object) (reply, error) {
	policies := c.query["enums"]
	for _, policy := range policies {
		if !slices.Contains([]string{"ZSCALERDLP", "EXTERNALDLP", "FILETYPECATEGORYFORFILETYPECONTROL"}, policy) {
			return reply{}, ziaInvalid("Unknown value of enums: " + policy)
		}
	}
	out := []object{}
	for _, o := range types {
		custom := o["custom"] == true
		if custom && (len(policies) > 0 || strings.EqualFold(c.query.Get("excludeCustomFileTypes"), "true")) {
			continue
		}
		if len(policies) == 0 || slices.ContainsFunc(policies, func(policy string) bool { return slices.Contains(list(o["policies"]), any(policy)) }) {
			out = append(out, without(o, "policies", "custom"))
		}
	}
	return ok(out), nil
}
