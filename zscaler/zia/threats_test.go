package zia_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const (
	threats   = api + "/cyberThreatProtection"
	malicious = threats + "/maliciousUrls"
)

// Settings are read, laid over and sent back whole, whatever case their names come in; an answer without
// a body is made up for by a read.
func TestThreatSettingsKeepWhatIsNotGiven(t *testing.T) {
	for _, test := range []struct {
		tool, path string
		args       string
		have, want string
	}{
		{"zia_update_malware_settings", "/malwareSettings", `{"settings":{"ransomware_blocked":true,"wormCapture":false}}`,
			`{"ransomwareBlocked":false,"wormCapture":true,"virusBlocked":true,"future":1.50}`, `{"ransomwareBlocked":true,"wormCapture":false,"virusBlocked":true,"future":1.50}`},
		{"zia_update_atp_settings", "/advancedThreatSettings", `{"settings":{"risk_tolerance":10,"blocked_countries":["COUNTRY_XX"],"cookie_stealing_pcap_enabled":true,"alert_for_unknown_or_suspicious_c2_traffic":false}}`,
			`{"riskTolerance":35,"torBlocked":true}`, `{"riskTolerance":10,"torBlocked":true,"blockedCountries":["COUNTRY_XX"],"cookieStealingPCAPEnabled":true,"alertForUnknownOrSuspiciousC2Traffic":false}`},
		{"zia_update_atp_malware_inspection", "/atpMalwareInspection", `{"inspect_inbound":false,"inspect_outbound":true}`, `{"future":1}`, `{"inspectInbound":false,"inspectOutbound":true,"future":1}`},
		{"zia_update_atp_malware_policy", "/malwarePolicy", `{"block_unscannable_files":true,"block_password_protected_archive_files":false}`, `{}`,
			`{"blockUnscannableFiles":true,"blockPasswordProtectedArchiveFiles":false}`},
		{"zia_update_atp_malware_protocols", "/atpMalwareProtocols", `{"inspect_http":true,"inspect_ftp_over_http":false,"inspect_ftp":true}`, `{}`,
			`{"inspectHttp":true,"inspectFtpOverHttp":false,"inspectFtp":true}`},
		{"zia_update_atp_security_exceptions", "/securityExceptions", `{"bypass_urls":[]}`, `{"bypassUrls":["a"]}`, `{"bypassUrls":[]}`},
	} {
		for _, silent := range []bool{false, true} {
			w := suite.Open(t, func(r paritytest.Request) (int, string) {
				if r.Method == "PUT" && silent {
					return http.StatusNoContent, ""
				}
				return http.StatusOK, test.have
			})
			if got := w.Must(t, test.tool, paritytest.JSON(t, test.args)); got != test.have {
				t.Errorf("%s answers %s, want %s", test.tool, got, test.have)
			}
			if diff := cmp.Diff(paritytest.JSON(t, test.want), w.Last(t, "PUT").Body); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.tool, diff)
			}
			want := "GET " + threats + test.path + "\nPUT " + threats + test.path
			if silent {
				want += "\nGET " + threats + test.path
			}
			if got := w.Lines(); got != want {
				t.Errorf("requests:\n%s\nwant:\n%s", got, want)
			}
		}
	}
	w := suite.Open(t, nil)
	for _, tool := range []string{"zia_update_malware_settings", "zia_update_atp_settings"} {
		if text, failed := w.Call(t, tool, map[string]any{"settings": map[string]any{}}); !failed || !strings.Contains(text, "nothing to change") || w.Lines() != "" {
			t.Errorf("%s of nothing: %s", tool, text)
		}
	}
}

// Every setting can be read, changed and read again in the simulated tenant.
func TestLifeOfThreatSettings(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct{ get, update, args, member, want string }{
		{"zia_get_malware_settings", "zia_update_malware_settings", `{"settings":{"trojan_blocked":false}}`, "trojanBlocked", "false"},
		{"zia_get_malware_settings", "zia_update_malware_settings", `{"settings":{"virus_capture":true}}`, "trojanBlocked", "false"},
		{"zia_get_atp_settings", "zia_update_atp_settings", `{"settings":{"tor_blocked":false}}`, "riskTolerance", "35"},
		{"zia_get_atp_malware_inspection", "zia_update_atp_malware_inspection", `{"inspect_inbound":true,"inspect_outbound":true}`, "inspectOutbound", "true"},
		{"zia_get_atp_malware_policy", "zia_update_atp_malware_policy", `{"block_unscannable_files":true,"block_password_protected_archive_files":true}`, "blockUnscannableFiles", "true"},
		{"zia_get_atp_malware_protocols", "zia_update_atp_malware_protocols", `{"inspect_http":true,"inspect_ftp_over_http":true,"inspect_ftp":true}`, "inspectFtp", "true"},
		{"zia_get_atp_security_exceptions", "zia_update_atp_security_exceptions", `{"bypass_urls":["one.example.com","two.example.com"]}`, "bypassUrls", "[one.example.com two.example.com]"},
	} {
		before := w.Must(t, test.get, nil)
		updated := w.Must(t, test.update, paritytest.JSON(t, test.args))
		after := w.Must(t, test.get, nil)
		if diff := cmp.Diff(paritytest.JSON(t, after), paritytest.JSON(t, updated)); diff != "" || before == after {
			t.Errorf("%s: before %s, answer against the settings:\n%s", test.update, before, diff)
		}
		if got := w.Member(t, test.get, nil, test.member); got != test.want {
			t.Errorf("%s: %s is %s, want %s", test.get, test.member, got, test.want)
		}
	}
	if text, failed := w.Call(t, "zia_update_atp_settings", map[string]any{"settings": map[string]any{"no_such_switch": true}}); !failed || !strings.Contains(text, "noSuchSwitch") {
		t.Errorf("an unknown setting: %s", text)
	}
}

// The list comes through, whoever asks for it: the reference answers {}.
func TestLifeOfMaliciousURLs(t *testing.T) {
	w := suite.Open(t, nil)
	if got := w.First(t, "zia_list_atp_malicious_urls", nil, "[?starts_with(@,'beacon')]"); got != "beacon.example.biz" {
		t.Errorf("found %s", got)
	}
	added := w.Must(t, "zia_add_atp_malicious_urls", map[string]any{"malicious_urls": []string{"new.example.net"}})
	if !strings.Contains(added, `"new.example.net"`) || !strings.Contains(added, `"beacon.example.biz"`) || status(t, w) != "PENDING" {
		t.Errorf("the answer is not the whole list: %s", added)
	}
	if put := w.Last(t, "PUT"); put.String() != "PUT "+malicious+"?action=ADD_TO_LIST" || cmp.Diff(paritytest.JSON(t, `{"maliciousUrls":["new.example.net"]}`), put.Body) != "" {
		t.Errorf("sent %s %v", put, put.Body)
	}
	gone := map[string]any{"malicious_urls": []string{"new.example.net", "198.51.100.23"}}
	if text := w.Must(t, "zia_delete_atp_malicious_urls", gone); !strings.Contains(text, `"success":true`) {
		t.Error(text)
	}
	asked := w.Asked()
	if len(asked) != 1 || !strings.Contains(asked[0], "2 malicious URLs") || !strings.Contains(asked[0], "new.example.net") {
		t.Errorf("asked %q", asked)
	}
	if put := w.Last(t, "PUT"); put.String() != "PUT "+malicious+"?action=REMOVE_FROM_LIST" {
		t.Errorf("sent %s", put)
	}
	list := w.Must(t, "zia_list_atp_malicious_urls", nil)
	if strings.Contains(list, "new.example.net") || strings.Contains(list, "198.51.100.23") || !strings.Contains(list, "beacon.example.biz") {
		t.Errorf("afterwards %s", list)
	}
	w.Forget()
	for _, tool := range []string{"zia_add_atp_malicious_urls", "zia_delete_atp_malicious_urls"} {
		if text, failed := w.Call(t, tool, map[string]any{"malicious_urls": []string{}}); !failed || w.Lines() != "" {
			t.Errorf("%s of nothing: %s", tool, text)
		}
	}
	gone["malicious_urls"] = []string{"beacon.example.biz", "new.example.net"}
	text, failed := w.Call(t, "zia_delete_atp_malicious_urls", gone)
	if !failed || !strings.Contains(text, "new.example.net") || strings.Contains(text, "beacon") || len(w.Asked()) > 0 || strings.Contains(w.Lines(), "PUT") {
		t.Errorf("of a URL that is not listed: %s; asked %q; %s", text, w.Asked(), w.Lines())
	}
}

// However many URLs are removed, the question shows each.
func TestRemovalOfManyMaliciousURLs(t *testing.T) {
	var urls []string
	for i := range 100 {
		urls = append(urls, strconv.Itoa(i)+".example.com")
	}
	list := `{"maliciousUrls":["` + strings.Join(urls, `","`) + `"]}`
	w := suite.Open(t, func(r paritytest.Request) (int, string) {
		if r.Method == "PUT" {
			list = `{}`
			return 204, ""
		}
		return 200, list
	})
	w.Must(t, "zia_delete_atp_malicious_urls", map[string]any{"malicious_urls": urls})
	if asked := w.Asked(); len(asked) != 1 || !strings.Contains(asked[0], `["`+strings.Join(urls, `","`)+`"]`) {
		t.Errorf("asked %q", asked)
	}
}

// A URL that leaves the list while the human thinks is not removed again.
func TestMaliciousURLsLookedAtAgain(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + malicious: `{"maliciousUrls":["b"]}`, "PUT " + malicious: ""}))
	_, err := suite.Handle(zscaler.ContextWithDoer(t.Context(), w.Doer), t, "zia_delete_atp_malicious_urls", map[string]any{"malicious_urls": []string{"a"}})
	if err == nil || !strings.Contains(err.Error(), "not on the list of malicious URLs: a;") || w.Lines() != "GET "+malicious {
		t.Errorf("error %v; %s", err, w.Lines())
	}
}

// An empty list is a list, and no error.
func TestNoMaliciousURLs(t *testing.T) {
	for _, answer := range []string{`{"maliciousUrls":[]}`, `{}`} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET " + malicious: answer}))
		if got := w.Must(t, "zia_list_atp_malicious_urls", nil); got != "[]" {
			t.Errorf("%s: %s", answer, got)
		}
	}
}

// What was done is told when the list cannot be read back, and no removal is claimed that did not happen.
func TestMaliciousURLsReadBack(t *testing.T) {
	for _, test := range []struct {
		tool string
		back string // the list behind the change, "" when it cannot be read
		want string
		fail bool
	}{
		{"zia_add_atp_malicious_urls", "", "were added, but reading the list back failed", true},
		{"zia_add_atp_malicious_urls", `{"maliciousUrls":["a","b"]}`, `{"maliciousUrls":["a","b"]}`, false},
		{"zia_delete_atp_malicious_urls", "", "accepted the removal, but reading the list back failed", true},
		{"zia_delete_atp_malicious_urls", `{"maliciousUrls":["a","b"]}`, "still on the list: a", true},
		{"zia_delete_atp_malicious_urls", `{"maliciousUrls":["b"]}`, `"success":true`, false},
	} {
		changed := false
		w := suite.Open(t, func(r paritytest.Request) (int, string) {
			switch {
			case r.Method == "PUT":
				changed = true
				return http.StatusNoContent, ""
			case !changed:
				return http.StatusOK, `{"maliciousUrls":["a","b"]}`
			case test.back == "":
				return http.StatusForbidden, `{"code":"ACCESS_DENIED","message":"no"}`
			}
			return http.StatusOK, test.back
		})
		if text, failed := w.Call(t, test.tool, map[string]any{"malicious_urls": []string{"a"}}); failed != test.fail || !strings.Contains(text, test.want) {
			t.Errorf("%s with %q: failed is %v: %s", test.tool, test.back, failed, text)
		}
	}
}

// Reports come as they are, behind a warning, and the quota that they use up is told: the reference's is {}.
func TestSandboxReportsAndQuota(t *testing.T) {
	w := suite.Open(t, nil)
	unused := func() string {
		text := w.Must(t, "zia_get_sandbox_quota", nil)
		rows := paritytest.JSON(t, text).([]any)
		return rows[0].(map[string]any)["unused"].(interface{ String() string }).String()
	}
	if got := unused(); got != "1000" {
		t.Errorf("unused at first: %s", got)
	}
	const hash = "8350DED6D39DF158E51D6CFBE36FB012"
	brief := w.Must(t, "zia_get_sandbox_report", map[string]any{"md5_hash": hash})
	if !strings.Contains(brief, `"DetectedMalware":"Win32.Backdoor.Kestrel"`) || strings.Contains(brief, "SystemSummary") || !strings.Contains(brief, "outside this organisation") {
		t.Errorf("summary: %s", brief)
	}
	if got := w.Last(t).String(); got != "GET "+api+"/sandbox/report/"+hash+"?details=summary" {
		t.Errorf("asked %s", got)
	}
	full := w.Must(t, "zia_get_sandbox_report", map[string]any{"md5_hash": hash, "report_details": "full"})
	if !strings.Contains(full, "SystemSummary") || !strings.HasSuffix(w.Last(t).String(), "?details=full") {
		t.Errorf("full: %s", full)
	}
	if text := w.Must(t, "zia_get_sandbox_report", map[string]any{"md5_hash": strings.Repeat("0", 32), "report_details": ""}); !strings.Contains(text, "CONTENT_NOTFOUND") {
		t.Errorf("an unknown file: %s", text)
	}
	if got := unused(); got != "997" {
		t.Errorf("unused at last: %s", got)
	}
	if text := w.Must(t, "zia_get_sandbox_behavioral_analysis", nil); !strings.Contains(text, hash) {
		t.Errorf("hashes: %s", text)
	}
	if got := w.Member(t, "zia_get_sandbox_file_hash_count", nil, "deniedFileHashesCount"); got != "2" {
		t.Errorf("%s hashes are denied", got)
	}
}
