package zpa

import (
	"slices"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// namedSearch narrows a list to one name. The search of the service does not look at case; the tools do.
type namedSearch struct {
	Name string `json:"name,omitempty" in:"query=search|zpa_filter" skipempty:"true" jsonschema:"Exact name of one, letter for letter; all of a page when absent."`
}

type protectionProfileSearch struct {
	namedSearch
	page
}

type isolationProfileSearch struct {
	Name string `json:"name,omitempty" in:"-" jsonschema:"Exact name of one profile, letter for letter; all of them when absent."`
}

type postureSearch struct {
	ProfileID string `json:"profile_id,omitempty" in:"-" jsonschema:"Id of one posture profile (id, not postureUdid); then nothing else is looked at."`
	namedSearch
	page
}

type networkSearch struct {
	NetworkID string `json:"network_id,omitempty" in:"-" jsonschema:"Id of one trusted network (id, not networkId); then nothing else is looked at."`
	namedSearch
	page
}

var misc = tool.Set{
	Name: "zpa_misc", Doc: "What ZPA policies refer to (posture, trusted networks, isolation and app protection profiles), and log streaming.",
	Tools: slices.Concat([]tool.Tool{
		rest.Read[protectionProfileSearch]("get_zpa_app_protection_profile", "GET "+customerV1+"/inspectionProfile",
			"List ZPA app protection (inspection) profiles, or find one by name. App protection rules with action INSPECT take their ids as zpn_inspection_profile_id.",
			rest.List, onlyNamed("app protection profile", "get_zpa_app_protection_profile")),
		rest.Read[isolationProfileSearch]("get_zpa_isolation_profile", "GET /zpa/cbiconfig/cbi/api/customers/{customer_id}/profiles",
			"List browser isolation profiles for ZPA, all at once, or find one by name. Isolation rules with action ISOLATE take their ids as zpn_isolation_profile_id.",
			rest.List, rest.OnePage, onlyNamed("isolation profile", "get_zpa_isolation_profile")),
		rest.Read[postureSearch]("get_zpa_posture_profile", "GET "+customerV2+"/posture",
			"List device posture profiles that ZPA knows, or find one by id or name. Policy conditions of type POSTURE take their postureUdid with true or false.",
			rest.List, single("profile_id", customerV1+"/posture/{profile_id}"), onlyNamed("posture profile", "get_zpa_posture_profile")),
		rest.Read[networkSearch]("get_zpa_trusted_network", "GET "+customerV2+"/network",
			"List trusted networks that ZPA knows, or find one by id or name. Policy conditions of type TRUSTED_NETWORK take their networkId; service edge groups take their id.",
			rest.List, single("network_id", customerV1+"/network/{network_id}"), onlyNamed("trusted network", "get_zpa_trusted_network")),
	}, lssTools),
}
