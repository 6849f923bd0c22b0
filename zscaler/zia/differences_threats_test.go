package zia_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

var threatsDifferences = []paritytest.Difference{
	{
		Tools: []string{
			"zia_update_atp_malware_inspection", "zia_update_atp_malware_policy", "zia_update_atp_malware_protocols", "zia_update_atp_security_exceptions",
			"zia_update_atp_settings", "zia_update_malware_settings",
		},
		Test: "TestThreatSettingsKeepWhatIsNotGiven",
		Text: "The settings are read first, the given ones are laid over them and the whole is sent back, since a PUT resets what it does not name. They are read back when the API answers without them. Empty `settings` are refused.",
	}, {
		Tools: []string{
			"zia_get_atp_malware_inspection", "zia_get_atp_malware_policy", "zia_get_atp_malware_protocols",
			"zia_update_atp_malware_inspection", "zia_update_atp_malware_policy", "zia_update_atp_malware_protocols",
		},
		Test: "TestLifeOfThreatSettings",
		Text: "The settings come through under the names of the API and with all that it sends; a switch that is missing is not told as false.",
	}, {
		Tools: []string{"zia_update_malware_settings"}, Defect: true, Test: "TestThreatSettingsKeepWhatIsNotGiven",
		Text: "It works; in the reference it always fails before any request.",
	}, {
		Tools: []string{"zia_get_atp_security_exceptions", "zia_update_atp_security_exceptions"}, Defect: true, Test: "TestLifeOfThreatSettings",
		Text: "The URLs come through as the list `bypassUrls`; the reference answers an empty object.",
	}, {
		Tools: []string{"zia_list_atp_malicious_urls"}, Defect: true,
		Declare: func(d *paritytest.Declaration) { d.List = true },
		Text:    "The URLs come through, one a row, so that `query` works on them; the reference answers an empty object.",
	}, {
		Tools: []string{"zia_add_atp_malicious_urls"}, Defect: true, Test: "TestLifeOfMaliciousURLs",
		Text: "The answer is the whole list; the reference answers an empty object.",
	}, {
		Tools: []string{"zia_delete_atp_malicious_urls"}, Elsewhere: "TestLifeOfMaliciousURLs",
		Text: "URLs that are not on the list are named in an error before anybody is asked, and a removal after which they are still there is an error too.",
	}, {
		Tools: []string{"zia_get_sandbox_quota"}, Defect: true, Test: "TestSandboxReportsAndQuota",
		Text: "The quota comes through; the reference forces the list that the API answers into an empty object.",
	},
}
