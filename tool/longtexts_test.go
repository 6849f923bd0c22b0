package tool

import (
	"strings"
	"testing"
)

// Long texts of what is looked for go through in one pass each. A pass for every piece would take many minutes for these.
func TestLongTexts(t *testing.T) {
	const size = 4 << 20
	for name, text := range map[string]string{
		"spaces before a formula": strings.Repeat(" ", size) + "=", "signs": strings.Repeat("-,", size/2),
	} {
		if got := guarded(text); len(got) < len(text) {
			t.Errorf("%s: %d bytes became %d", name, len(text), len(got))
		}
	}
	for name, text := range map[string]string{
		"comments without an end": strings.Repeat("<!--", size/4), "comments with one end": strings.Repeat("<!--", size/4) + "-->",
		"scripts without an end": strings.Repeat("<script>", size/16), "definitions": strings.Repeat("]:", size/2),
	} {
		if got := sanitize(text); len(got) > len(text) {
			t.Errorf("%s: %d bytes became %d", name, len(text), len(got))
		}
	}
	keys := strings.Repeat("1|a.b|abcdefghijklmnopqrstu ", size/28)
	if got := maskProvisioningKeys(keys); len(got) > len(keys) {
		t.Errorf("provisioning keys: %d bytes became %d", len(keys), len(got))
	}
}
