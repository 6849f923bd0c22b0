package main

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/org/zscalermcp/examples/internal/exampletest"
)

// The API client that the example prints is admitted, and one with another secret is not.
func TestAPIClient(t *testing.T) {
	printed, address := exampletest.Start(t, run)
	pair := regexp.MustCompile(`-u (\S+)`).FindStringSubmatch(printed)
	if pair == nil {
		t.Fatalf("no API client in:\n%s", printed)
	}
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	if status, body := exampletest.Send(t, address, basic(pair[1]), "zia_list_rule_labels"); status != 200 || strings.Contains(body, `"isError":true`) {
		t.Errorf("status %d, %s", status, body)
	}
	if status, _ := exampletest.Send(t, address, basic(pair[1]+"x"), ""); status != 401 {
		t.Errorf("another secret: status %d", status)
	}
}
