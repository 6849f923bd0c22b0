package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/org/zscalermcp/examples/internal/exampletest"
)

// Each key does what the example says of it, and no other key does anything.
func TestKeys(t *testing.T) {
	printed, address := exampletest.Start(t, run)
	keys := regexp.MustCompile(`KEY=(\S+)`).FindAllStringSubmatch(printed, -1)
	if len(keys) != 2 {
		t.Fatalf("%d keys in:\n%s", len(keys), printed)
	}
	for i, writes := range []bool{false, true} {
		status, body := exampletest.Send(t, address, "Bearer "+keys[i][1], "")
		if status != 200 || !strings.Contains(body, "zia_list_rule_labels") || strings.Contains(body, "zia_create_rule_label") != writes {
			t.Errorf("key %d: status %d, %s", i+1, status, body)
		}
	}
	if status, body := exampletest.Send(t, address, "Bearer "+keys[0][1], "zia_create_rule_label"); status != 403 || !strings.Contains(body, "insufficient_scope") {
		t.Errorf("the reader writes: status %d, %s", status, body)
	}
	if status, _ := exampletest.Send(t, address, "Bearer another-key-0123456789", ""); status != 401 {
		t.Errorf("another key: status %d", status)
	}
}
