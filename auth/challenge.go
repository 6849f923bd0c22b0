package auth

import (
	"net/http"
	"slices"
	"strings"
)

// defaultRealm is the realm (RFC 9110 section 11.5) of our challenges.
const defaultRealm = "zscaler-mcp"

// Challenge builds a WWW-Authenticate value (RFC 9110 section 11.6.1) from a scheme and pairs of
// parameter name and value. Every value becomes a quoted-string; control and non-ASCII characters in
// it, CR and LF among them, become spaces. Parameters with an empty value are left out, and so
// are those whose name is no token. A scheme that is no token gives "".
func Challenge(scheme string, params ...string) string {
	if !isToken(scheme) {
		return ""
	}
	var b strings.Builder
	b.WriteString(scheme)
	separator := " "
	for i := 0; i+1 < len(params); i += 2 {
		name, value := params[i], params[i+1]
		if !isToken(name) || value == "" {
			continue
		}
		b.WriteString(separator + name + `="`)
		quote(&b, value)
		b.WriteByte('"')
		separator = ", "
	}
	return b.String()
}

// quote writes the inside of a quoted-string (RFC 9110 section 5.6.4).
func quote(b *strings.Builder, value string) {
	for _, c := range value {
		switch {
		case c < ' ' || c > '~':
			c = ' '
		case c == '"' || c == '\\':
			b.WriteByte('\\')
		}
		b.WriteByte(byte(c))
	}
}

// bearerChallenge is the challenge of RFC 6750 section 3 for e, with the address of metadata (RFC 9728 section 5.1) if there is
// one. Scopes that are always needed are named before those of e.
func bearerChallenge(e *Error, metadata string, always []string) string {
	params := []string{"realm", defaultRealm, "resource_metadata", metadata}
	if e.Code != "" { // without a credential there is no error to speak of (section 3.1)
		params = append(params, "error", e.Code, "error_description", e.Description)
	}
	scopes := slices.DeleteFunc(union(always, e.Scopes), func(scope string) bool { return scope == offlineAccess })
	return Challenge("Bearer", append(params, "scope", strings.Join(scopes, " "))...)
}

// bearerUsage is how to authenticate with a token.
const bearerUsage = "Send an access token: Authorization: Bearer TOKEN."

// bearerFirst copies challenges without empty ones and puts Bearer in front: clients of the
// TypeScript SDK read the first challenge only (R119).
func bearerFirst(challenges []string) []string {
	var bearer, others []string
	for _, c := range challenges {
		scheme, _, _ := strings.Cut(c, " ")
		switch {
		case c == "":
		case strings.EqualFold(scheme, "Bearer"):
			bearer = append(bearer, c)
		default:
			others = append(others, c)
		}
	}
	return append(bearer, others...)
}

// challengesFor asks a for its challenges to e; a panic in it costs only its own text.
func challengesFor(a Authenticator, r *http.Request, e *Error) (challenges []string) {
	defer func() {
		if recover() != nil {
			challenges = []string{bearerChallenge(e, "", nil)}
		}
	}()
	if c, ok := a.(Challenger); ok {
		return bearerFirst(c.Challenges(r, e))
	}
	return []string{bearerChallenge(e, "", nil)}
}

// wantsChallenge: RFC 6750 section 3.1 has a challenge with 400, 401 and 403.
func wantsChallenge(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnauthorized || status == http.StatusForbidden
}
