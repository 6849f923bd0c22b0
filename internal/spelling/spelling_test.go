package spelling_test

import (
	"testing"

	"github.com/org/zscalermcp/internal/spelling"
)

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"scope", "scope", 0}, {"SCOPE", "SCOPES", 1}, {"URL", "URI", 1}, {"kitten", "sitting", 3}, {"ab", "ba", 2},
	} {
		if got := spelling.Distance(test.a, test.b); got != test.want {
			t.Errorf("%q and %q: %d, want %d", test.a, test.b, got, test.want)
		}
		if got := spelling.Distance(test.b, test.a); got != test.want {
			t.Errorf("%q and %q: %d, want %d", test.b, test.a, got, test.want)
		}
	}
}
