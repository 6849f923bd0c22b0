package auth_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
)

const (
	plainChallenge    = `Bearer realm="zscaler-mcp"`
	metadataChallenge = plainChallenge + `, resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"`
	basicChallenge    = `Basic realm="zscaler-mcp", charset="UTF-8"`
	invalidToken      = `, error="invalid_token", error_description="The credential is invalid or has expired."`
	unknownKind       = `, error="invalid_token", error_description="The credential is not of a kind that is accepted here."`
	severalKinds      = `, error="invalid_request", error_description="The request presents more than one credential; send exactly one."`
)

// howTo is the help that goes with some refusals.
var howTo = regexp.MustCompile(` Send (the|an) [^"]*`)

// R119, R120, R136: Bearer comes first and once, with the metadata if there are any; Basic stays; an error stands only in
// the challenge of the mode that has judged, and nowhere without a credential.
func TestAnyOfChallenges(t *testing.T) {
	idp := newIDP(t, "ES256")
	jwt, keys, zscaler := newJWT(t, jwtConfig(idp)), newKeys(t, auth.APIKey{Key: goodKey}), oneClient(t)
	guarded := newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: jwt})
	wrongJWT := "Authorization: Bearer " + mint(idp, map[string]any{"aud": "another"})
	stranger := "Authorization: Bearer " + mint(idp, map[string]any{"iss": secondIDP})
	const wrongKey, wrongBasic = "Authorization: Bearer " + otherKey, "Authorization: Basic Y2xpZW50Ondyb25n"
	for name, a := range map[string]auth.Authenticator{
		"in one order": anyOf(t, zscaler, guarded, keys), "in another": anyOf(t, keys, zscaler, guarded), "nested": anyOf(t, anyOf(t, keys, zscaler), guarded),
		"trusting": trustPlatform(t, anyOf(t, guarded, zscaler, keys), "10.0.0.0/8"), "alone": anyOf(t, anyOf(t, guarded, zscaler, keys)),
	} {
		checkChallenges(t, name, a, map[string][]string{
			"":                        {metadataChallenge, basicChallenge},
			wrongJWT:                  {metadataChallenge + invalidToken, basicChallenge},
			wrongKey:                  {metadataChallenge, basicChallenge},
			wrongBasic:                {metadataChallenge, basicChallenge},
			stranger:                  {metadataChallenge + invalidToken, basicChallenge},
			wrongKey + "|" + wrongJWT: {metadataChallenge + severalKinds, basicChallenge},
		})
	}
	checkChallenges(t, "no metadata", anyOf(t, zscaler, jwt, keys), map[string][]string{
		"": {plainChallenge, basicChallenge}, wrongKey: {plainChallenge + invalidToken, basicChallenge}, wrongJWT: {plainChallenge + invalidToken, basicChallenge},
		wrongBasic: {plainChallenge, basicChallenge}, stranger: {plainChallenge + invalidToken, basicChallenge},
	})
	checkChallenges(t, "no Bearer", anyOf(t, zscaler), map[string][]string{"": {basicChallenge}, wrongKey: {basicChallenge}, wrongBasic: {basicChallenge}})
	checkChallenges(t, "no Basic", anyOf(t, jwt, keys), map[string][]string{"": {plainChallenge}, wrongKey: {plainChallenge + invalidToken}, wrongBasic: {plainChallenge + unknownKind}})
}

func checkChallenges(t *testing.T, name string, a auth.Authenticator, want map[string][]string) {
	t.Helper()
	for line, challenges := range want {
		w, _ := new(recorder).serve(a, sentFrom("203.0.113.9:1", splitLines(line)...))
		got := slices.Clone(w.Header()["Www-Authenticate"])
		for i := range got {
			got[i] = howTo.ReplaceAllString(got[i], "")
		}
		if diff := cmp.Diff(challenges, got); diff != "" {
			t.Errorf("%s, %.40q (-want +got):\n%s", name, line, diff)
		}
	}
}

// splitLines is the reverse of joining lines with |.
func splitLines(lines string) []string {
	return strings.FieldsFunc(lines, func(c rune) bool { return c == '|' })
}

// R119: challenges of the host's own: empty ones and doubles go, a panic costs only its own.
func TestAnyOfForeignChallenges(t *testing.T) {
	a := anyOf(t,
		challenger{func(*auth.Error) []string { return []string{`Negotiate`, "", basicChallenge} }},
		challenger{func(*auth.Error) []string { panic("p") }},
		challenger{func(*auth.Error) []string {
			return []string{basicChallenge, `bearer realm="x", resource_metadata="https://m"`}
		}},
		challenger{func(*auth.Error) []string { return []string{`Bearer realm="second", resource_metadata="https://n"`} }},
		challenger{func(*auth.Error) []string { return nil }})
	w, _ := answer(t, a, io.Discard, http.Header{})
	if diff := cmp.Diff([]string{`bearer realm="x", resource_metadata="https://m"`, "Negotiate", basicChallenge}, w.Header()["Www-Authenticate"]); diff != "" {
		t.Errorf("challenges (-want +got):\n%s", diff)
	}
}

// R121: a step-up refusal, which no member has judged, keeps one Bearer challenge with its scopes, and Basic.
func TestAnyOfStepUp(t *testing.T) {
	idp := newIDP(t, "ES256")
	a := anyOf(t, newKeys(t, auth.APIKey{Key: goodKey}), oneClient(t), newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: newJWT(t, jwtConfig(idp))}))
	w := stepUp(t, a, bearing(mint(idp, nil)), "zia:write")
	want := []string{metadataChallenge + `, error="insufficient_scope", error_description="More.", scope="zia:write"`, basicChallenge}
	if diff := cmp.Diff(want, w.Header()["Www-Authenticate"]); w.Code != http.StatusForbidden || diff != "" {
		t.Errorf("status %d, challenges (-want +got):\n%s", w.Code, diff)
	}
}

// A capable authenticator can do all that one can besides.
type capable struct {
	auth.AuthenticatorFunc
	name           string
	headers        []string
	reloads, close *[]string
	failure        error
}

func (c capable) Resource() string            { return resource }
func (c capable) CredentialHeaders() []string { return c.headers }
func (c capable) Routes() []auth.Route {
	return []auth.Route{{Pattern: "/" + c.name, Handler: http.NotFoundHandler()}}
}

func (c capable) Reload() error {
	*c.reloads = append(*c.reloads, c.name)
	return c.failure
}

func (c capable) Close() error {
	*c.close = append(*c.close, c.name)
	return c.failure
}

// What the members are besides the combination is too, through whatever wraps it; an error of one keeps none from its turn.
func TestAnyOfPassesOnWhatMembersAre(t *testing.T) {
	var reloads, closed []string
	member := func(name string, headers ...string) capable {
		nobody := func(*http.Request) (*auth.Principal, error) { return nil, auth.ErrNotMine }
		return capable{nobody, name, headers, &reloads, &closed, errors.New("failure of " + name)}
	}
	a, b, c := member("a", "X-Api-Key"), member("b", "X-Zscaler-Client-Id"), member("c", "x-api-key")
	for name, all := range map[string]auth.Authenticator{
		"flat":     anyOf(t, a, b, c),
		"nested":   anyOf(t, anyOf(t, a, b), c),
		"trusting": trustPlatform(t, anyOf(t, a, anyOf(t, b, c)), "10.0.0.1"),
		"wrapped":  anyOf(t, trustPlatform(t, anyOf(t, a, b), "10.0.0.1"), trustPlatform(t, c, "10.0.0.1")),
	} {
		reloads, closed = nil, nil
		reload, shut := all.(auth.Reloader).Reload(), all.(io.Closer).Close()
		if diff := cmp.Diff([]string{"a", "b", "c"}, reloads); diff != "" || !cmp.Equal(reloads, closed) {
			t.Errorf("%s: read again %v, closed %v", name, reloads, closed)
		}
		for _, err := range []error{reload, shut} {
			saysAll(t, name, fmt.Sprint(err), "failure of a", "failure of b", "failure of c")
		}
		var patterns []string
		for _, route := range all.(auth.Router).Routes() {
			patterns = append(patterns, route.Pattern)
		}
		headers, at := all.(auth.HeaderReader).CredentialHeaders(), all.(auth.ResourceNamer).Resource()
		if diff := cmp.Diff([]string{"/a", "/b", "/c"}, patterns); diff != "" || at != resource {
			t.Errorf("%s: routes %v, resource %q", name, patterns, at)
		}
		if diff := cmp.Diff([]string{"X-Api-Key", "X-Zscaler-Client-Id", "X-Zscaler-Client-Secret"}, headers); diff != "" {
			t.Errorf("%s: headers (-want +got):\n%s", name, diff)
		}
	}
}

// R131: headers that no member reads are the platform's: no credential, and not for the next handler.
func TestAnyOfReadsWhatItsMembersRead(t *testing.T) {
	a := anyOf(t, newHeaderKeys(t, "X-Api-Key", auth.APIKey{Name: "key", Key: goodKey}), oneClient(t, "X-Zscaler-Client-ID"))
	w, seen := new(recorder).serve(a, sentFrom("203.0.113.9:1", "X-Api-Key: "+goodKey, "Authorization: Bearer of-the-platform", "Authorization: Bearer twice"))
	if w.Code != http.StatusOK || seen == nil || len(seen.Header["Authorization"])+len(seen.Header["X-Api-Key"]) != 0 {
		t.Errorf("status %d, the next handler sees %v", w.Code, seen)
	}
	if got := guardedBy(a)(sentFrom("203.0.113.9:1", "Authorization: Bearer "+goodKey)); got != http.StatusUnauthorized {
		t.Errorf("the key in another header: status %d", got)
	}
	if got := guardedBy(a)(sentFrom("203.0.113.9:1", "X-Api-Key: "+goodKey, "X-Zscaler-Client-ID: client")); got != http.StatusBadRequest {
		t.Errorf("two that are read: status %d", got)
	}
	if got := guardedBy(anyOf(t, a, &counted{}))(sentFrom("203.0.113.9:1", "X-Api-Key: "+goodKey, "Authorization: Bearer x")); got != http.StatusBadRequest {
		t.Errorf("beside a member that reads all: status %d", got)
	}
}

// Without a credential the answer tells every way to authenticate.
func TestAnyOfTellsEveryWay(t *testing.T) {
	idp := newIDP(t, "ES256")
	a := anyOf(t, newKeys(t, auth.APIKey{Key: goodKey}), newJWT(t, jwtConfig(idp)), oneClient(t))
	w, _ := new(recorder).serve(a, sentFrom("203.0.113.9:1"))
	saysAll(t, "the answer", w.Body.String(), "Authentication is required. Send the API key: ", " Or: Send an access token: ", " Or: Send the client id and secret of a OneAPI client: ")
	w, _ = new(recorder).serve(a, bearing(otherKey))
	holdsNone(t, "the answer to a wrong key", w.Body.String(), "Send the API key")
}
