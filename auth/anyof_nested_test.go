package auth_test

import (
	"testing"

	"github.com/org/zscalermcp/auth"
)

// R151, R159: a refusal inside of nested combinations is recorded as that of the mode that refused; no number of members panics.
func TestNestedCombinationsNameTheJudge(t *testing.T) {
	idp := newIDP(t, "ES256")
	inner := trustPlatform(t, anyOf(t, newJWT(t, jwtConfig(idp)), newKeys(t, auth.APIKey{Key: goodKey})), "10.0.0.1")
	for name, a := range map[string]auth.Authenticator{
		"second of two":  anyOf(t, &counted{}, inner),
		"first of two":   anyOf(t, inner, &counted{}),
		"third of three": anyOf(t, &counted{}, &counted{}, inner),
		"in a resource":  anyOf(t, guardedResource(t, anyOf(t, newJWT(t, jwtConfig(idp)), newKeys(t, auth.APIKey{Key: goodKey}))), oneClient(t)),
	} {
		func() {
			defer func() {
				if v := recover(); v != nil {
					t.Errorf("%s: the middleware panics: %v", name, v)
				}
			}()
			var c recorder
			c.serve(a, bearing(otherKey))
			if got := c.last(t).Mode; got != "api-key" {
				t.Errorf("%s: the mode is %q", name, got)
			}
		}()
	}
}

// R120: in nested combinations too the error stands in the challenge of the mode that has judged.
func TestNestedCombinationsBlameTheJudge(t *testing.T) {
	idp := newIDP(t, "ES256")
	guarded := guardedResource(t, newJWT(t, jwtConfig(idp)))
	a := anyOf(t, oneClient(t), trustPlatform(t, anyOf(t, newKeys(t, auth.APIKey{Key: goodKey}), guarded), "10.0.0.1"))
	checkChallenges(t, "wrong key", a, map[string][]string{"X-Api-Key: " + otherKey: {metadataChallenge, basicChallenge}})
	checkChallenges(t, "wrong JWT", a, map[string][]string{"Authorization: Bearer " + mint(idp, map[string]any{"aud": "x"}): {metadataChallenge + invalidToken, basicChallenge}})
}
