package zia_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

func TestLifeOfATimeInterval(t *testing.T) {
	w := suite.Open(t, nil)
	id := w.Member(t, "zia_create_time_interval", args{"name": "Night", "start_time": 1320, "end_time": 300, "days_of_week": []string{"EVERYDAY"}}, "id")
	refused(t, w, "zia_update_time_interval", args{"interval_id": id}, "nothing to change")
	w.Must(t, "zia_update_time_interval", args{"interval_id": id, "start_time": 0})
	want := paritytest.JSON(t, `{"id":`+id+`,"name":"Night","startTime":0,"endTime":300,"daysOfWeek":["EVERYDAY"]}`)
	if diff := cmp.Diff(want, w.Last(t, "PUT").Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if got := w.First(t, "zia_list_time_intervals", args{"search": "night"}, "[].startTime"); got != "0" {
		t.Errorf("it begins at %s", got)
	}
	rule := w.Member(t, "zia_create_url_filtering_rule", args{"name": "By night", "action": "BLOCK", "advanced": args{"time_windows": []string{id}}}, "timeWindows")
	if !strings.Contains(rule, "Night") {
		t.Errorf("the rule's windows are %s", rule)
	}
	w.Must(t, "zia_delete_time_interval", args{"interval_id": id})
	if asked := w.Asked(); len(asked) != 1 || !strings.Contains(asked[0], `time interval "Night"`) {
		t.Errorf("asked %q", asked)
	}
	refused(t, w, "zia_get_time_interval", args{"interval_id": id}, "status 404")
}

// Settings that are not named stay: a PUT of the named ones alone would switch all others off.
func TestSettingsKeepWhatIsNotGiven(t *testing.T) {
	for _, test := range []struct {
		get, update, path string
		settings          args
		want              map[string]string
	}{
		{
			"zia_get_mobile_advanced_settings", "zia_update_mobile_advanced_settings", "/zia/api/v1/mobileAdvanceThreatSettings",
			args{"block_apps_sending_location_info": true, "blockAppsWithKnownVulnerabilities": false},
			map[string]string{"blockAppsSendingLocationInfo": "true", "blockAppsWithKnownVulnerabilities": "false", "blockAppsWithMaliciousActivity": "true"},
		},
		{
			"zia_get_advanced_settings", "zia_update_advanced_settings", "/zia/api/v1/advancedSettings",
			args{
				"auth_bypass_urls": []string{"new.example.com"}, "ui_session_timeout": 3600, "enable_ipv6_dns_resolution_on_transparent_proxy": true,
				"enable_office365": false, "dns_resolution_on_transparent_proxy_ipv6_apps": []string{"APP"},
			},
			map[string]string{
				"authBypassUrls": "[new.example.com]", "uiSessionTimeout": "3600", "enableIPv6DnsResolutionOnTransparentProxy": "true", "enableOffice365": "false",
				"dnsResolutionOnTransparentProxyIPv6Apps": "[APP]", "cascadeUrlFiltering": "true", "dnsResolutionOnTransparentProxyExemptUrls": "[intranet.acme.example.com]",
			},
		},
	} {
		w := suite.Open(t, nil)
		refused(t, w, test.update, args{"settings": args{}}, "nothing to change")
		w.Forget()
		w.Must(t, test.update, args{"settings": test.settings})
		if got, want := w.Lines(), "GET "+test.path+"\nPUT "+test.path; got != want {
			t.Errorf("%s: requests:\n%s", test.update, got)
		}
		for member, want := range test.want {
			if got := w.Member(t, test.get, nil, member); got != want {
				t.Errorf("%s: %s is %s, want %s", test.update, member, got, want)
			}
		}
		if got := status(t, w); got != "PENDING" {
			t.Errorf("%s: status %s", test.update, got)
		}
	}
}

// All pages of the applications are found by their own parameter; the usual one is ignored there.
func TestAllShadowITApps(t *testing.T) {
	page := "[" + strings.Repeat(`{"id":1},`, 999) + `{"id":1}]`
	w := suite.Open(t, func(r paritytest.Request) (int, string) {
		if r.Query.Get("pageNumber") == "2" {
			return 200, `[{"id":2}]`
		}
		return 200, page
	})
	if text := w.Must(t, "zia_list_shadow_it_apps", nil); !strings.Contains(text, "page_number=2") {
		t.Error("a full page is not told of")
	}
	w.Forget()
	if got := w.First(t, "zia_list_shadow_it_apps", args{"all": true}, "[-1].id"); got != "2" || len(w.Requests()) != 2 {
		t.Errorf("the last id is %s after\n%s", got, w.Lines())
	}
}

func TestShadowIT(t *testing.T) {
	w := suite.Open(t, nil)
	app := w.First(t, "zia_list_shadow_it_apps", args{"page_number": 2, "limit": 5}, "[0].id")
	if got := w.Last(t).String(); got != "GET /zia/api/v1/cloudApplications/lite?limit=5&pageNumber=2" {
		t.Errorf("request %s", got)
	}
	if text := w.Must(t, "zia_list_shadow_it_apps", args{"limit": 5}); !strings.Contains(text, "page_number=2") {
		t.Errorf("there is more, but that is not told: %s", text)
	}
	tag := w.First(t, "zia_list_shadow_it_custom_tags", nil, "[].id")
	for state, wire := range map[string]string{"sanctioned": "SANCTIONED", "UnSanctioned": "UN_SANCTIONED", "ANY": "ANY"} {
		text := w.Must(t, "zia_bulk_update_shadow_it_apps", args{"sanction_state": state, "application_ids": []string{app, "655001"}, "custom_tag_ids": []string{tag}})
		want := paritytest.JSON(t, `{"sanctionedState":"`+wire+`","applicationIds":[`+app+`,655001],"customTags":[{"id":`+tag+`}]}`)
		if diff := cmp.Diff(want, w.Last(t).Body); diff != "" || text != `{"message":"Set 2 applications to `+wire+`.","success":true}` {
			t.Errorf("%s: %s; body (-want +got):\n%s", state, text, diff)
		}
	}
	w.Forget()
	for _, test := range []struct {
		args args
		want string
	}{
		{args{"sanction_state": "approved", "application_ids": []string{app}}, "none of sanctioned, unsanctioned and any"},
		{args{"sanction_state": "", "application_ids": []string{app}}, "sanction_state"},
		{args{"sanction_state": "any"}, "nothing to change"}, {args{"sanction_state": "any", "application_ids": []string{}}, "nothing to change"},
		{args{"sanction_state": "any", "application_ids": []string{"DROPBOX"}}, "list of whole numbers"},
	} {
		refused(t, w, "zia_bulk_update_shadow_it_apps", test.args, test.want)
	}
	if w.Lines() != "" {
		t.Errorf("requests were made all the same:\n%s", w.Lines())
	}
	refused(t, w, "zia_bulk_update_shadow_it_apps", args{"sanction_state": "any", "application_ids": []string{"99"}}, "status 400")
	w = suite.Open(t, paritytest.Paths(map[string]string{"PUT /zia/api/v1/cloudApplications/bulkUpdate": `{"failed":[655001]}`}))
	text := w.Must(t, "zia_bulk_update_shadow_it_apps", args{"sanction_state": "any", "custom_tag_ids": []string{"1"}})
	if !strings.Contains(text, `"answer":{"failed":[655001]}`) {
		t.Errorf("what the service answered is lost: %s", text)
	}
}
