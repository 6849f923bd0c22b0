package zscalertest

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	signatureShape = regexp.MustCompile(`(?s)^(alert|drop|pass|reject) \S+ .+ (->|<>) .+\(.*\)\s*$`)
	signatureSID   = regexp.MustCompile(`\bsid:\s*([0-9]+)\s*;`)
)

func (f *ziaFirewall) signatureRoutes() []route {
	path := ziaBase + "/ipsSignatureRules"
	owned := []string{"category", "enabled", "promoteTime", "ruleTextModTime", "dynamicValidationSubmitted"}
	signatures := ziaKind{z: f.z, rows: f.signatures, required: []string{"name", "ruleText"}, owned: owned, check: checkSignature,
		show: func(o object) object { return without(o) }}
	return append(signatures.routes(path), route{"POST " + path + "/validateRuleText", f.validate})
}

func checkSignature(o object) error { return validSignature(str(o["ruleText"])) }

// validate judges the text of a new signature. A sid that exists is a duplicate.
func (f *ziaFirewall) validate(c *call) (reply, error) {
	o, err := ziaObject(c, "ruleText")
	if err != nil {
		return reply{}, err
	}
	text := str(o["ruleText"])
	if err := validSignature(text); err != nil {
		return reply{}, err
	}
	sid := signatureSID.FindStringSubmatch(text)[1]
	for _, other := range f.signatures.list(nil) {
		if have := signatureSID.FindStringSubmatch(str(other["ruleText"])); have != nil && have[1] == sid {
			return ok(object{"status": 1, "errPosition": strings.Index(text, "sid:"), "errMsg": "Duplicate signature", "errParameter": "sid",
				"errSuggestion": fmt.Sprintf("sid %s belongs to %s", sid, other["name"])}), nil
		}
	}
	return ok(object{"status": 0, "errPosition": 0, "errMsg": "", "errParameter": "", "errSuggestion": ""}), nil
}

func validSignature(text string) error {
	switch {
	case !signatureShape.MatchString(text):
		return ziaInvalid("ruleText is not a rule: want action, protocol, source, direction, destination and options in brackets")
	case !signatureSID.MatchString(text):
		return ziaInvalid("ruleText has no sid")
	}
	return nil
}
