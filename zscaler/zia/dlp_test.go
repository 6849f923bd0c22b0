package zia_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// One tool, three reads: which one is chosen by action and id; the answer is always a list.
func TestDLPDictionariesAndEngines(t *testing.T) {
	const dictionaries, engines = "/dlpDictionaries", "/dlpEngines"
	for _, test := range []struct {
		tool, args, request string
		names               string
	}{
		{"get_zia_dlp_dictionaries", `{}`, dictionaries, "7"},
		{"get_zia_dlp_dictionaries", `{"action":"read","dict_id":"","search":""}`, dictionaries, "7"},
		{"get_zia_dlp_dictionaries", `{"search":"employee"}`, dictionaries + "?search=employee", "1"},
		{"get_zia_dlp_dictionaries", `{"dict_id":"63","search":"x"}`, dictionaries + "/63", "1"},
		{"get_zia_dlp_dictionaries", `{"action":"read_lite","dict_id":"63"}`, dictionaries + "/lite", "7"},
		{"get_zia_dlp_dictionaries", `{"action":"read_lite","search":"CODE"}`, dictionaries + "/lite", "2"},
		{"get_zia_dlp_engines", `{}`, engines, "5"},
		{"get_zia_dlp_engines", `{"search":"PROJECT"}`, engines, "1"},
		{"get_zia_dlp_engines", `{"search":"hipaa"}`, engines, "1"},
		{"get_zia_dlp_engines", `{"engine_id":"61","search":"x"}`, engines + "/61", "1"},
		{"get_zia_dlp_engines", `{"action":"read_lite","search":"pci","engine_id":"62"}`, engines + "/lite", "1"},
	} {
		w := suite.Open(t, nil)
		args := paritytest.JSON(t, test.args).(map[string]any)
		args["query"] = "length(@)"
		if got := w.Must(t, test.tool, args); got != "["+test.names+"]" {
			t.Errorf("%s %s: %s rows, want %s", test.tool, test.args, got, test.names)
		}
		if got := w.Lines(); got != "GET "+api+test.request {
			t.Errorf("%s %s: %s", test.tool, test.args, got)
		}
	}
}

// A failed look-up is an error, and no empty list.
func TestDLPLookUpsThatFail(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct{ tool, args string }{
		{"get_zia_dlp_dictionaries", `{"dict_id":"9999"}`}, {"get_zia_dlp_dictionaries", `{"dict_id":"../dlpEngines/61"}`},
		{"get_zia_dlp_dictionaries", `{"action":"write"}`}, {"get_zia_dlp_engines", `{"engine_id":"9999"}`},
	} {
		if text, failed := w.Call(t, test.tool, paritytest.JSON(t, test.args)); !failed {
			t.Errorf("%s %s: %s", test.tool, test.args, text)
		}
	}
	down := suite.Open(t, func(paritytest.Request) (int, string) { return http.StatusForbidden, `{"message":"no"}` })
	silent := suite.Open(t, func(paritytest.Request) (int, string) { return http.StatusOK, "" })
	for _, tool := range []string{"get_zia_dlp_dictionaries", "get_zia_dlp_engines"} {
		if text, failed := down.Call(t, tool, nil); !failed {
			t.Errorf("%s without permission: %s", tool, text)
		}
	}
	if text, failed := silent.Call(t, "get_zia_dlp_engines", map[string]any{"engine_id": "61"}); !failed || !strings.Contains(text, "nothing found") {
		t.Errorf("an empty answer: %s", text)
	}
}
