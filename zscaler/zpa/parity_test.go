package zpa_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zpa"
)

var suite = &paritytest.Suite{
	Sets: zpa.Sets(), Tools: 46,
	Requests: differ, Lookups: looksUp, Answer: canned(nil),
}

func TestParity(t *testing.T) { suite.Test(t) }

// differ are the places where a request differs from the vendor's on purpose. See docs/differences.md.
func differ(name string, r *paritytest.Request) {
	body, _ := r.Body.(map[string]any)
	switch name {
	case "zpa_create_application_segment_ba", "zpa_update_application_segment_ba":
		// clientlessAppIds is no member of the API.
		body["clientlessApps"] = body["clientlessAppIds"]
		delete(body, "clientlessAppIds")
	case "zpa_create_app_protection_rule", "zpa_update_app_protection_rule":
		// The vendor's server ignores the microtenant on both, and the conditions of an update.
		r.Query = url.Values{"microtenantId": {"288341529047139712"}}
		body["conditions"] = []any{map[string]any{"operator": "AND", "operands": []any{
			map[string]any{"objectType": "CLIENT_TYPE", "values": []any{"zpn_client_type_zapp"}},
		}}}
	}
}

// looksUp tells the tools that read beside their own request: the policy set of a rule, and the object
// before and after an update.
func looksUp(name string) bool {
	return strings.HasPrefix(name, "zpa_update_") || strings.HasSuffix(name, "_rule") || strings.HasSuffix(name, "_rules")
}
