package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/org/zscalermcp/examples/internal/exampletest"
)

// The token that the example prints is admitted, and a changed one is not.
func TestToken(t *testing.T) {
	printed, address := exampletest.Start(t, run)
	token := regexp.MustCompile(`TOKEN=(\S+)`).FindStringSubmatch(printed)
	if token == nil {
		t.Fatalf("no token in:\n%s", printed)
	}
	if status, body := exampletest.Send(t, address, "Bearer "+token[1], "zia_list_rule_labels"); status != 200 || strings.Contains(body, `"isError":true`) {
		t.Errorf("status %d, %s", status, body)
	}
	if status, body := exampletest.Send(t, address, "Bearer "+token[1][:len(token[1])-6]+"AAAAAA", ""); status != 401 || !strings.Contains(body, "invalid_token") {
		t.Errorf("another signature: status %d, %s", status, body)
	}
}
