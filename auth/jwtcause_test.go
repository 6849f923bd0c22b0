package auth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
)

// R133: the log tells what is wrong with a token, and the caller is told one thing whatever it is.
func TestTheLogTellsWhatIsWrongWithAToken(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.Issuers[0].Clients = []string{"app"}
	j := newJWT(t, cfg)
	good := map[string]any{"client_id": "app"}
	change := func(name string, value any) string {
		claims := map[string]any{"client_id": "app", name: value}
		return mint(idp, claims)
	}
	ended := time.Now().Add(-time.Hour).UTC()
	for token, want := range map[string]string{
		change("iss", idpURL+"/"):                  `it is \"https://idp.example.com/\"; accepted: [\"https://idp.example.com\"]`,
		change("aud", "https://other.example.com"): `the audience is \"https://other.example.com\"; accepted: [\"https://mcp.example.com/mcp\"]`,
		change("exp", ended.Unix()):                "exp is " + ended.Format(time.RFC3339),
		change("client_id", "other"):               `the client \"other\" is not accepted`,
		change("sub", nil):                         "it has no sub",
		idp.MintWith(map[string]any{"kid": "k9"}, map[string]any{"aud": resource, "client_id": "app"}): `no such key: \"k9\"`,
		change("iss", "https://a\u202e.example.com"):                                                   `it is \"https://a.example.com\"`, // R150
	} {
		var logs logBuffer
		w, passed := answer(t, j, &logs, http.Header{"Authorization": {"Bearer " + token}})
		if passed || w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "invalid or has expired") || strings.Contains(w.Body.String(), "example.com") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if !strings.Contains(logs.String(), want) || strings.Contains(logs.String(), token) {
			t.Errorf("the log does not say %s:\n%s", want, logs.String())
		}
	}
	if got := statusOf(t, auth.Authenticator(j), mint(idp, good)); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
}
