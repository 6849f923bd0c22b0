package zscalertest

import (
	"slices"
	"strconv"
	"strings"
)

// cloudAppActions are the kinds of action of the rule types that do not follow the rule of actionsOf.
var cloudAppActions = map[string][]string{
	"WEBMAIL": {
		"ALLOW_WEBMAIL_VIEW", "ALLOW_WEBMAIL_ATTACHMENT_SEND", "ALLOW_WEBMAIL_SEND", "CAUTION_WEBMAIL_VIEW",
		"BLOCK_WEBMAIL_VIEW", "BLOCK_WEBMAIL_ATTACHMENT_SEND", "BLOCK_WEBMAIL_SEND", "ISOLATE_WEBMAIL_VIEW",
	},
	"STREAMING_MEDIA": {
		"ALLOW_STREAMING_VIEW_LISTEN", "ALLOW_STREAMING_UPLOAD", "BLOCK_STREAMING_UPLOAD", "CAUTION_STREAMING_VIEW_LISTEN", "ISOLATE_STREAMING_VIEW_LISTEN",
	},
	"SOCIAL_NETWORKING": {
		"ALLOW_SOCIAL_NETWORKING_VIEW", "ALLOW_SOCIAL_NETWORKING_POST", "BLOCK_SOCIAL_NETWORKING_VIEW", "BLOCK_SOCIAL_NETWORKING_POST", "CAUTION_SOCIAL_NETWORKING_VIEW",
	},
	"FILE_SHARE": {
		"ALLOW_FILE_SHARE_VIEW", "ALLOW_FILE_SHARE_UPLOAD", "CAUTION_FILE_SHARE_VIEW", "DENY_FILE_SHARE_VIEW", "DENY_FILE_SHARE_UPLOAD", "ISOLATE_FILE_SHARE_VIEW",
	},
	"INSTANT_MESSAGING": {"ALLOW_CHAT", "ALLOW_FILE_TRANSFER_IN_CHAT", "BLOCK_CHAT", "BLOCK_FILE_TRANSFER_IN_CHAT", "CAUTION_CHAT", "ISOLATE_CHAT"},
	"AI_ML":             {"ALLOW_AI_ML_WEB_USE", "CAUTION_AI_ML_WEB_USE", "DENY_AI_ML_WEB_USE", "ISOLATE_AI_ML_WEB_USE"},
	"DNS_OVER_HTTPS":    {"ALLOW_DNS_OVER_HTTPS_USE", "DENY_DNS_OVER_HTTPS_USE"},
}

// cloudAppTypes are the rule types that have no entry in cloudAppActions.
var cloudAppTypes = []string{
	"BUSINESS_PRODUCTIVITY", "CONSUMER", "ENTERPRISE_COLLABORATION", "FINANCE", "HEALTH_CARE", "HOSTING_PROVIDER", "HUMAN_RESOURCES", "IT_SERVICES", "LEGAL",
	"SALES_AND_MARKETING", "SYSTEM_AND_DEVELOPMENT",
}

func actionsOf(ruleType string) []string {
	if actions, special := cloudAppActions[ruleType]; special {
		return actions
	}
	var actions []string
	for _, verb := range []string{"ALLOW", "BLOCK", "CAUTION", "ISOLATE"} {
		actions = append(actions, verb+"_"+ruleType+"_APPS")
	}
	return actions
}

// cloudAppRoutes serve the rules of every type, the actions and the applications that they can name.
func (z *zia) cloudAppRoutes(data map[string][]object, empty bool) []route {
	apps := data["cloudApplications"]
	types := slices.Clone(cloudAppTypes)
	for ruleType := range cloudAppActions {
		types = append(types, ruleType)
	}
	var out []route
	for _, ruleType := range types {
		var seeded []object
		for _, rule := range data["webApplicationRules"] {
			if rule["type"] == ruleType {
				seeded = append(seeded, rule)
			}
		}
		kind := z.policy(tableOf(seeded, "id", empty, nil), func(rule object) error { return checkCloudAppRule(rule, ruleType, apps) })
		out = append(out, kind.routes(ziaBase+"/webApplicationRules/"+ruleType)...)
		out = append(out, route{"POST " + ziaBase + "/webApplicationRules/" + ruleType + "/availableActions", func(c *call) (reply, error) {
			return availableActions(c, ruleType, apps)
		}})
	}
	return append(out,
		route{"GET " + ziaBase + "/cloudApplications/policy", func(c *call) (reply, error) { return cloudApps(c, apps) }},
		route{"GET " + ziaBase + "/cloudApplications/sslPolicy", func(c *call) (reply, error) { return cloudApps(c, apps) }},
	)
}

func checkCloudAppRule(rule object, ruleType string, apps []object) error {
	if err := unknown(rule, "action"); err != nil {
		return err
	}
	if err := oneValue(rule, "type", ruleType); err != nil {
		return err
	}
	if err := texts(rule, "applications", func(name string) bool { return isCloudApp(apps, name) }); err != nil {
		return err
	}
	if len(list(rule["actions"])) == 0 {
		return ziaInvalid("Required field 'actions' is missing")
	}
	return texts(rule, "actions", func(name string) bool { return slices.Contains(actionsOf(ruleType), name) })
}

func isCloudApp(apps []object, name string) bool {
	return slices.ContainsFunc(apps, func(o object) bool { return o["app"] == name })
}

func availableActions(c *call, ruleType string, apps []object) (reply, error) {
	in, err := ziaObject(c)
	if err != nil {
		return reply{}, err
	}
	if _, isList := in["cloudApps"].([]any); !isList {
		return reply{}, ziaInvalid("Required field 'cloudApps' is missing")
	}
	if err := texts(in, "cloudApps", func(name string) bool { return isCloudApp(apps, name) }); err != nil {
		return reply{}, err
	}
	return ok(actionsOf(ruleType)), nil
}

// cloudApps lists the applications, or with groupResults how many each category has.
func cloudApps(c *call, apps []object) (reply, error) {
	search, class := c.query.Get("search"), c.query.Get("appClass")
	rows, counts := []object{}, object{}
	for _, o := range apps {
		if contains(str(o["appName"]), search) && (class == "" || strings.EqualFold(str(o["parent"]), class)) {
			rows = append(rows, o)
			n, _ := counts[str(o["parent"])].(int)
			counts[str(o["parent"])] = n + 1
		}
	}
	if grouped, _ := strconv.ParseBool(c.query.Get("groupResults")); grouped {
		return ok(counts), nil
	}
	rows, err := ziaPage(c, rows)
	return ok(rows), err
}
