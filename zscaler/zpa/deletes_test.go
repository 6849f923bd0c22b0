package zpa_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// deletes are the deleting tools: the argument that names the object, and its kind.
var deletes = map[string][2]string{
	"zpa_delete_application_segment":     {"segment_id", "application segment"},
	"zpa_delete_application_segment_ba":  {"segment_id", "application segment ba"},
	"zpa_delete_application_segment_pra": {"segment_id", "application segment pra"},
	"zpa_delete_segment_group":           {"group_id", "segment group"},
	"zpa_delete_access_policy_rule":      {"rule_id", "access policy rule"},
	"zpa_delete_timeout_policy_rule":     {"rule_id", "timeout (reauthentication) policy rule"},
	"zpa_delete_forwarding_policy_rule":  {"rule_id", "client forwarding policy rule"},
	"zpa_delete_isolation_policy_rule":   {"rule_id", "isolation policy rule"},
	"zpa_delete_app_protection_rule":     {"rule_id", "app protection (inspection) policy rule"},
	"zpa_delete_app_connector_group":     {"group_id", "app connector group"},
	"zpa_delete_app_connector":           {"connector_id", "app connector"},
	"zpa_delete_application_server":      {"server_id", "application server"},
	"zpa_delete_server_group":            {"group_id", "server group"},
	"zpa_delete_service_edge_group":      {"group_id", "service edge group"},
	"zpa_delete_service_edge":            {"service_edge_id", "service edge"},
	"zpa_delete_ba_certificate":          {"certificate_id", "ba certificate"},
	"zpa_delete_pra_portal":              {"portal_id", "pra portal"},
	"zpa_delete_pra_credential":          {"credential_id", "pra credential"},
}

// TestDeletesNameTheObject: the object is read in the microtenant of the call, and the human is shown
// its name.
func TestDeletesNameTheObject(t *testing.T) {
	for name, what := range deletes {
		b := newBench(t, canned(map[string]string{"GET /7": `{"id":"7","name":"Payroll\n\"x"}`}))
		b.must(t, name, `{"`+what[0]+`":"7","microtenant_id":"5"}`)
		want := []string{"Confirm this deletion: delete " + what[1] + ` "Payroll \"x" (` + what[0] + ` 7, microtenant_id 5)`}
		if diff := cmp.Diff(want, b.Asked()); diff != "" {
			t.Errorf("%s: asked (-want +got):\n%s", name, diff)
		}
		for _, r := range b.Requests() {
			if r.Query.Get("microtenantId") != "5" {
				t.Errorf("%s: %s is outside of the microtenant", name, r)
			}
		}
	}
}

// TestDeletesOfNothing: nobody is asked about an object that is not there, or that cannot be read.
func TestDeletesOfNothing(t *testing.T) {
	for name, what := range deletes {
		for _, status := range []int{http.StatusNotFound, http.StatusForbidden, http.StatusServiceUnavailable} {
			there := canned(nil)
			b := newBench(t, func(r paritytest.Request) (int, string) {
				if r.Method == http.MethodGet && strings.HasSuffix(r.Path, "/7") {
					return status, `{"id":"resource.bad"}`
				}
				return there(r)
			})
			_, failure := b.call(t, name, `{"`+what[0]+`":"7"}`)
			if !strings.Contains(failure, "resource.bad") || !strings.Contains(failure, "nobody was asked") || len(b.Asked()) > 0 || strings.Contains(b.Lines(), "DELETE") {
				t.Errorf("%s, status %d: %s; asked %q; requests:\n%s", name, status, failure, b.Asked(), b.Lines())
			}
		}
	}
}

// TestProvisioningKeyDeletion: a key that cannot be read is an error and stays; the reference calls that success.
func TestProvisioningKeyDeletion(t *testing.T) {
	const path = "/associationType/SERVICE_EDGE_GRP/provisioningKey/7"
	for status, done := range map[int]bool{http.StatusOK: true, http.StatusNotFound: false, http.StatusForbidden: false, http.StatusServiceUnavailable: false} {
		b := newBench(t, func(r paritytest.Request) (int, string) {
			if r.Method == http.MethodGet {
				return status, `{"id":"resource.bad","name":"Oslo"}`
			}
			return http.StatusNoContent, ""
		})
		answer, failure := b.call(t, "zpa_delete_provisioning_key", `{"key_id":"7","key_type":"service_edge","microtenant_id":"5"}`)
		if (failure == "") != done || strings.Contains(b.Lines(), "DELETE") != done || strings.Contains(answer, `"success":true`) != done {
			t.Errorf("status %d: %s %s; requests\n%s", status, answer, failure, b.Lines())
		}
		for _, r := range b.Requests() {
			if !strings.HasSuffix(r.Path, path) || r.Query.Get("microtenantId") != "5" {
				t.Errorf("request %s", r)
			}
		}
	}
}
