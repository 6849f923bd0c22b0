package zia

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const signaturesPath = "/zia/api/v1/ipsSignatureRules"

type signatureID struct {
	RuleID string `json:"rule_id" in:"path" jsonschema:"Custom IPS signature id, from zia_list_ips_signature_rules."`
}

type newSignature struct {
	Name        string `json:"name" in:"body=name" jsonschema:"Name of the signature."`
	RuleText    string `json:"rule_text" in:"body=ruleText" jsonschema:"The signature in the syntax of Suricata and Snort, with a sid that no other signature has."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"What the signature finds."`
}

type signatureChange struct {
	signatureID
	Name        string `json:"name,omitempty" in:"body=name" jsonschema:"New name."`
	RuleText    string `json:"rule_text,omitempty" in:"body=ruleText" jsonschema:"New signature text, whole, in the syntax of Suricata and Snort."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes the present one."`
}

var firewallSignatureTools = []tool.Tool{
	rest.Read[firewallSearch]("zia_list_ips_signature_rules", "GET "+signaturesPath,
		"List the custom IPS signatures with their text, threat category and result of validation; the first page unless all is given. What happens when one matches is said by the IPS control rules: zia_list_cloud_firewall_ips_rules.", rest.List),
	rest.Read[signatureID]("zia_get_ips_signature_rule", "GET "+signaturesPath+"/{rule_id}",
		"Get one custom IPS signature with its text and result of validation."),
	rest.Create[newSignature]("zia_create_ips_signature_rule", "POST "+signaturesPath,
		"Create a custom IPS signature; takes effect after zia_activate_configuration. The text is validated first: when the service refuses it nothing is created, and the error tells where it is wrong.",
		rest.Prepare(validateSignature)),
	rest.Update[signatureChange]("zia_update_ips_signature_rule", "PUT "+signaturesPath+"/{rule_id}",
		"Change a custom IPS signature; what is not given stays as it is. Takes effect after zia_activate_configuration."),
	rest.Delete[signatureID]("zia_delete_ips_signature_rule", "DELETE "+signaturesPath+"/{rule_id}",
		"Delete a custom IPS signature; takes effect after zia_activate_configuration."),
}
