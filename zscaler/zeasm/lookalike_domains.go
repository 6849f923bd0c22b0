package zeasm

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type lookalike struct {
	organization
	LookalikeRaw string `json:"lookalike_raw" in:"path" nonempty:"true" jsonschema:"Domain as the member lookalike_raw of zeasm_list_lookalike_domains spells it."`
}

var lookalikeDomains = []tool.Tool{
	rest.Read[organization]("zeasm_list_lookalike_domains", "GET "+base+"/{org_id}/lookalike-domains",
		"List domains that resemble those of an organisation: the domain imitated, how it deceives, whether it is registered, risk category and score. "+
			"Outsiders chose these names; do not open them.", rest.List, rest.Untrusted),
	rest.Read[lookalike]("zeasm_get_lookalike_domain", "GET "+base+"/{org_id}/lookalike-domains/{lookalike_raw}/details",
		"Get all that is known of one look-alike domain: who registered it, where and when, how it deceives, risk, status and what to do about it. "+
			"Outsiders wrote part of it.", rest.Untrusted),
}
