package zia_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

const signaturesPath = "/zia/api/v1/ipsSignatureRules"

// A signature is created only when the service approves of its text; every other verdict is an error that
// says what is wrong, and that nothing was created.
func TestSignaturesAreValidated(t *testing.T) {
	for verdict, refusal := range map[string]string{
		`{"status":0,"errMsg":""}`: "", `{"status":0}`: "", `{"status":0,"errMsg":null,"errPosition":0}`: "",
		`{"status":1,"errMsg":""}`: "status 1", `{"status":null,"errMsg":""}`: "did not say", `{}`: "did not say", ``: "did not say", `[]`: "cannot be read",
		`{"status":0,"errMsg":"bad option","errPosition":12,"errParameter":"contnt","errSuggestion":"content"}`: "position 12; bad option; parameter contnt; suggestion: content",
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"POST " + signaturesPath + "/validateRuleText": verdict, "POST " + signaturesPath: `{"id":1}`}))
		text, failed := w.Call(t, "zia_create_ips_signature_rule", map[string]any{"name": "n", "rule_text": "t"})
		created := strings.HasSuffix(w.Lines(), "POST "+signaturesPath)
		if failed != (refusal != "") || created == failed || failed && (!strings.Contains(text, refusal) || !strings.Contains(text, "nothing was created")) {
			t.Errorf("%s: refused is %v: %s\n%s", verdict, failed, text, w.Lines())
		}
	}
	w := suite.Open(t, func(paritytest.Request) (int, string) {
		return http.StatusBadRequest, `{"code":"INVALID_INPUT_ARGUMENT","message":"no sid"}`
	})
	text, failed := w.Call(t, "zia_create_ips_signature_rule", map[string]any{"name": "n", "rule_text": "t"})
	if !failed || !strings.Contains(text, "nothing was created") || !strings.Contains(text, "no sid") || w.Lines() != "POST "+signaturesPath+"/validateRuleText" {
		t.Errorf("a refusal: %s\n%s", text, w.Lines())
	}
}

// The text is judged without the indentation and the line breaks before it, and created as it was given.
func TestSignatureTextIsJudgedUnindented(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"POST " + signaturesPath + "/validateRuleText": `{"status":0}`, "POST " + signaturesPath: `{"id":1}`}))
	for text, judged := range map[string]string{
		"a": "a", "\r\n\n  a\n    b\n": "a\n  b\n", "\ta\n\tb": "a\nb", " \ta\n\tb": " \ta\n\tb", "  a\n \n  b": "a\n\nb", "  a\n b": " a\nb", "a\n  b": "a\n  b", "": "",
	} {
		w.Forget()
		w.Must(t, "zia_create_ips_signature_rule", map[string]any{"name": "n", "rule_text": text, "description": "d"})
		sent := w.Requests()
		if diff := cmp.Diff([]any{map[string]any{"ruleText": judged}, map[string]any{"name": "n", "ruleText": text, "description": "d"}}, []any{sent[0].Body, sent[1].Body}); diff != "" {
			t.Errorf("%q: bodies (-want +got):\n%s", text, diff)
		}
	}
}

// In the tenant: a duplicate sid is refused for a new signature, but not for the signature that has it.
func TestSignatureDuplicates(t *testing.T) {
	w := suite.Open(t, nil)
	id := w.First(t, "zia_list_ips_signature_rules", nil, "[0].id")
	have := w.First(t, "zia_list_ips_signature_rules", nil, "[0].ruleText")
	if text, failed := w.Call(t, "zia_create_ips_signature_rule", map[string]any{"name": "n", "rule_text": have}); !failed || !strings.Contains(text, "Duplicate signature") {
		t.Errorf("created twice: %s", text)
	}
	w.Must(t, "zia_update_ips_signature_rule", map[string]any{"rule_id": id, "rule_text": strings.Replace(have, "rev:1", "rev:2", 1)})
	if got := w.First(t, "zia_list_ips_signature_rules", nil, "[0].ruleText"); !strings.Contains(got, "rev:2") {
		t.Errorf("the text stayed %s", got)
	}
}
