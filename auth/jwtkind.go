package auth

import (
	"errors"
	"slices"
	"strings"
)

var errKind = errors.New("the token is no access token, or does not say that it is one")

// isMyKind reports whether a token is of the kind that is to be accepted (RFC 8725 section 3.12, RFC 9068 section 4).
func (i *jwtIssuer) isMyKind(typ string, claims jwtClaims) bool {
	return i.IDTokens || !isOtherKind(claims) && (!i.AccessTokens || isAccessToken(typ, claims))
}

// has reports whether one of the claims is there.
func (c jwtClaims) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { _, ok := c[name]; return ok })
}

// isOtherKind tells tokens that say who signed in at a client, and refresh tokens, where they can be told. A nonce comes back in ID
// tokens (OpenID Connect Core section 2), but older Keycloaks put it in access tokens too.
func isOtherKind(claims jwtClaims) bool {
	use, typ := claims.firstOf("token_use"), claims.firstOf("typ")
	return claims.has("at_hash", "c_hash") || claims.has("nonce") && !claims.has("scope", "scp") ||
		use == "id" || use == "id_token" || use == "refresh" || use == "refresh_token" || typ == "ID" || typ == "Refresh" || typ == "Offline"
}

// isAccessToken reports whether a token says that it is one: by its typ, by scopes or the client that got it, in the words of the
// providers that have words of their own, or by a client that is none of its audiences.
func isAccessToken(typ string, claims jwtClaims) bool {
	if isAccessTokenType(typ) || claims.has("scope", "scp", "client_id", "cid", "appid", "azpacr", "permissions", "gty") ||
		claims.firstOf("token_use") == "access" || claims.firstOf("typ") == "Bearer" {
		return true
	}
	client := claims.firstOf("azp")
	audience, err := claims.audience("aud")
	return err == nil && client != "" && !slices.Contains(audience, client)
}

func isAccessTokenType(typ string) bool { return mediaType(typ) == "at+jwt" }

// mediaType is a typ without what may be left out of it (RFC 7515 section 4.1.9).
func mediaType(typ string) string { return strings.TrimPrefix(strings.ToLower(typ), "application/") }
