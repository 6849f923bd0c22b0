package zia_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// TestCategoryChangesTakeTurns: whichever tool and name they come by, the changes of a category do not
// overlap: nothing is written between the read and the write of another, which would undo it.
func TestCategoryChangesTakeTurns(t *testing.T) {
	w := suite.Open(t, tenantCategories())
	urls := []string{"x.example.com"}
	var wg sync.WaitGroup
	for range 6 {
		for _, c := range []struct {
			tool string
			args map[string]any
		}{
			{"zia_update_url_category_predefined", map[string]any{"name": "FINANCE", "urls": urls}},
			{"zia_update_url_category_predefined", map[string]any{"name": "Finance", "description": "d"}},
			{"zia_add_urls_to_category", map[string]any{"category_id": "FINANCE", "configured_name": "F", "urls": urls}},
		} {
			wg.Go(func() {
				if text, failed := w.Call(t, c.tool, c.args); failed {
					t.Error(text)
				}
			})
		}
	}
	wg.Wait()
	reading, added, changed := false, 0, 0
	for _, r := range w.Requests() {
		switch {
		case r.Path != categories+"/FINANCE":
		case r.Method == "GET" && reading:
			t.Fatalf("two reads before a write:\n%s", w.Lines())
		case r.Method == "GET":
			reading = true
		case r.Query != nil && reading:
			t.Fatalf("URLs added between a read and a write:\n%s", w.Lines())
		case r.Query != nil:
			added++
		default:
			reading, changed = false, changed+1
		}
	}
	if added != 6 || changed != 12 {
		t.Errorf("%d additions and %d changes, want 6 and 12", added, changed)
	}
}

// TestAdvancedNamesNoOtherRule: what says which rule it is, and what ZIA sets, is not to be had through
// advanced, in updates and in creations.
func TestAdvancedNamesNoOtherRule(t *testing.T) {
	for member, refused := range map[string]bool{
		"id": true, "predefined": true, "default_rule": true, "access_control": true, "last_modified_by": true, "microtenant_id": true,
		"cbi_profile": false, "block_override": false,
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{
			"GET " + rulePath: rule, "PUT " + rulePath: rule, "POST /zia/api/v1/urlFilteringRules": rule,
		}))
		advanced := map[string]any{member: map[string]any{"id": "1"}}
		for tool, args := range map[string]map[string]any{
			"zia_update_url_filtering_rule": {"rule_id": "9", "advanced": advanced},
			"zia_create_url_filtering_rule": {"name": "n", "action": "BLOCK", "advanced": advanced},
		} {
			text, failed := w.Call(t, tool, args)
			if failed != refused || refused && (!strings.Contains(text, "member") || w.Lines() != "") {
				t.Errorf("%s, %s: refused is %v: %s\n%s", tool, member, failed, text, w.Lines())
			}
		}
	}
}
