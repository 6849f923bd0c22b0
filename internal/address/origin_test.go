package address_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/internal/address"
)

// Every bad origin is named, in the order of the list, and no good one; what may be a secret in one is not repeated.
func TestCheckOriginsNamesEveryMistake(t *testing.T) {
	good := []string{"https://app.example.com", "*", "http://localhost:6274", "app://obsidian.md"}
	for name, origins := range map[string][]string{"none": nil, "one": good[:1], "several": good} {
		if err := address.CheckOrigins(origins); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := address.CheckOrigins([]string{"app.example.org", good[0], "https://a.example:0", good[1], "https://b.example/path?s3cr3t", good[2]})
	if err == nil {
		t.Fatal("accepted")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], `"app.example.org" is no web origin`) || !strings.Contains(lines[1], `"https://a.example:0" has no possible port`) ||
		!strings.Contains(lines[2], "write https://b.example") || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("%v", err)
	}
}
