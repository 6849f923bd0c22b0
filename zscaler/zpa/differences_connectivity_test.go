package zpa_test

import (
	"slices"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const countryPattern = "^([A-Za-z]{2})?$"

// connectivityDifferences are those of the toolsets beside segments and policies.
var connectivityDifferences = []paritytest.Difference{
	{
		Tools: []string{"zpa_create_app_connector_group", "zpa_update_app_connector_group"}, Defect: true, Requests: groupMembers, Test: "TestGroupMembersReachTheGroup",
		Text: "`server_group_ids`, `connector_ids` and `version_profile` go out as `serverGroups` and `connectors` (`[{id}]`) and `versionProfileId`, the members that the API has; " +
			"a profile given by name is looked up among the version profiles first, since the name beside an id is the service's own.",
	},
	{
		Tools: []string{"zpa_create_app_connector_group", "zpa_update_app_connector_group"}, Requests: foundCertificate("enrollmentCertId"), Elsewhere: "TestLookups",
		Text: "the enrollment certificate is looked up in the microtenant of the group. One that has the name exactly goes before one in other case, and of several none is chosen.",
	},
	{
		Tools: []string{"zpa_create_pra_portal"}, Requests: foundCertificate("certificateId"), Elsewhere: "TestLookups",
		Text: "the certificate is looked up in the microtenant of the portal, and none of another name is taken, nor one of several.",
	},
	{
		Tools: []string{"zpa_create_app_connector_group", "zpa_update_app_connector_group", "zpa_create_service_edge_group", "zpa_update_service_edge_group"},
		Text:  "that `country_code` has two letters is advertised in the schema.",
		Params: map[string]func(*paritytest.Param){
			"country_code": func(p *paritytest.Param) { p.Pattern = countryPattern },
		},
	},
	{
		Tools: []string{"zpa_create_service_edge_group", "zpa_update_service_edge_group"}, Requests: edgeTexts, Test: "TestLives",
		Text: "`is_public` goes out as `\"TRUE\"` or `\"FALSE\"` and `grace_distance_value` as text, as records and the vendor's Go client have them. `version_profile_name` is looked up and " +
			"sent as `versionProfileId`, unless `version_profile_id` is given. An empty list of ids empties the list.",
	},
	{
		Tools: []string{"zpa_create_provisioning_key", "zpa_update_provisioning_key"}, Requests: textOf("maxUsage"),
		Text: "`max_usage` goes out as text, as records have it.",
	},
	{
		Tools: []string{"zpa_update_provisioning_key"}, Defect: true, Requests: keyPlaces, Test: "TestProvisioningKeyUpdate",
		Text: "`microtenant_id` goes out as a query parameter instead of a header, and `component_id` also as `zcomponentId`, the name that keys have.",
	},
	{
		Tools: []string{"zpa_delete_provisioning_key"}, Defect: true, Test: "TestProvisioningKeyDeletion",
		Text: "a key that does not exist or cannot be read is an error; the reference reports every failure of the look-up as a successful deletion. The look-up is in the microtenant of the key.",
	},
	{
		Tools: []string{"zpa_get_provisioning_key"},
		Text:  "`microtenant_id` is accepted: the keys of a microtenant are listed, changed and deleted there, and could else not be read.",
		Adds:  map[string]paritytest.Param{"microtenant_id": {Name: "microtenant_id", Type: "string"}},
	},
	{
		Tools: []string{"zpa_update_server_group"}, Defect: true, Requests: keptServers, Test: "TestServerGroupKeepsServers",
		Text: "the group is read once, in its microtenant. That `app_connector_group_ids` cannot be empty is advertised. An empty `server_ids` without dynamic discovery is refused.",
		Params: map[string]func(*paritytest.Param){
			"app_connector_group_ids": func(p *paritytest.Param) { p.NonEmpty = true },
		},
	},
	{
		Tools: []string{"zpa_update_pra_credential"}, Elsewhere: "TestCredentialParts",
		Text: "the credential is read in its microtenant, and what is not sent stays, the user name included; only the secret has to come with every change, since the service never shows it.",
	},
	{
		Tools: []string{"zpa_bulk_delete_app_connectors", "zpa_bulk_delete_service_edges"}, Elsewhere: "TestBulkDeletes",
		Text: "before anybody is asked, the objects are read from the list, and the question names each. If one does not exist, or the question would be too long to be shown whole, nobody is asked and nothing is deleted.",
	},
	{
		Tools: []string{"zpa_bulk_delete_service_edges", "zpa_delete_service_edge"}, Defect: true, Test: "TestBulkDeletes",
		Text: "a successful deletion is reported as such; the reference fails on its own return value after the request.",
	},
	{
		Tools: []string{"zpa_get_service_edge", "zpa_get_lss_log_format", "zpa_list_lss_client_types", "zpa_list_lss_status_codes"}, Defect: true, Test: "TestLogStreaming",
		Text: "errors of the API keep their cause; the reference replaces them by one generic message.",
	},
	{
		Tools: []string{"zpa_get_lss_log_format", "zpa_list_lss_status_codes"}, Elsewhere: "TestLogStreaming",
		Text: "the kinds of log are advertised as an enumeration.",
		Params: map[string]func(*paritytest.Param){
			"log_type": func(p *paritytest.Param) { p.Enum = logKinds(p.Required) },
		},
	},
	{
		Tools: []string{"zpa_list_lss_status_codes"}, Test: "TestStatusCodeForms",
		Text: "with `log_type` the codes of that kind come from the member of its name, as the service documents its answer; codes that name their kinds in `log_types` are filtered by that, as in the " +
			"reference. No code at all is an error, not an empty answer.",
	},
	{
		Tools: []string{"zpa_list_lss_client_types"}, Test: "TestStatusCodeForms",
		Text: "of client types with the same name each is kept: from the second on the name ends in the id.",
	},
	{
		Tools: []string{"get_zpa_scim_group", "get_zpa_scim_attribute"}, Requests: oneWithoutSearch, Elsewhere: "TestIdentity",
		Text: "`search` goes out as plain text, which is what these two lists take; the reference sends `name+EQ+…`, which finds nothing. With the id of one object, `search` and pages are not sent.",
	},
	{
		Tools: []string{"get_zpa_saml_attribute"}, Elsewhere: "TestIdentity",
		Text: "an identity provider that is not found is an error that says where to look for its name.",
	},
	{
		Tools: []string{"zpa_create_app_connector_group", "zpa_create_application_server", "zpa_create_pra_credential", "zpa_create_pra_portal", "zpa_create_provisioning_key", "zpa_create_service_edge_group"},
		Text:  "what is not given is left out instead of sent as null, or as an empty list.", Requests: withoutNull,
	},
	{
		Tools: slices.Concat(connectivityUpdates, []string{"zpa_create_service_edge_group"}), Requests: withoutEmptyPlaces,
		Text: "an empty `name`, `address`, `domain`, `component_id` or id of a certificate or version profile counts as absent, since no object can have it.",
	},
}

// connectivityUpdates are the tools that change what these differences are about.
var connectivityUpdates = []string{
	"zpa_update_app_connector*", "zpa_update_application_server", "zpa_update_server_group", "zpa_update_service_edge*", "zpa_update_provisioning_key", "zpa_update_pra_*",
}
