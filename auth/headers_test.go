package auth_test

import (
	"net/http"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// R131: a header that some gateway could take for a credential counts as one, were it empty.
func TestBearsCredential(t *testing.T) {
	for _, name := range []string{
		"Authorization", "authorization", "Authorization_", "Proxy-Authorization", "Proxy_Authorization", "X-Api-Key", "X_API_KEY", "X-Zscaler-Client-Id", "X-Zscaler-Client-Secret", "X-Zscaler-Anything",
	} {
		for _, value := range []string{"", "something"} {
			if !auth.BearsCredential(http.Header{"Accept": {"*/*"}, name: {value}}) {
				t.Errorf("%s: %q is none", name, value)
			}
		}
	}
	if h := (http.Header{"": {"1"}, "Cookie": {"session=1"}, "X-Api-Keys": {"1"}, "Authorization-Info": {"1"}, "X-Zscaler": {"1"}, "Www-Authenticate": {"Basic"}}); auth.BearsCredential(h) || auth.BearsCredential(nil) {
		t.Error("a credential was found in none of these")
	}
}
