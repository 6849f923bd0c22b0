package auth

import (
	"strings"
)

// Auth0 accepts the access tokens of an Auth0 tenant, such as "acme.eu.auth0.com", for the API with this identifier. Permissions
// (RBAC) count as scopes.
func Auth0(domain, audience string) JWTIssuer {
	base := "https://" + strings.TrimSuffix(strings.TrimPrefix(domain, "https://"), "/")
	return JWTIssuer{
		Issuer: base + "/", JWKSURL: base + "/.well-known/jwks.json", Audiences: []string{audience},
		ScopeClaims: []string{"scope", "permissions"},
	}
}

// Okta accepts the access tokens of an Okta custom authorization server, such as
// "https://acme.okta.com/oauth2/default". (Those of the organisation's own server are for Okta alone.)
func Okta(issuer, audience string) JWTIssuer {
	issuer = strings.TrimSuffix(issuer, "/")
	return JWTIssuer{
		Issuer: issuer, JWKSURL: issuer + "/v1/keys", Audiences: []string{audience},
		ScopeClaims: []string{"scp"},
	}
}

// EntraID accepts the access tokens of one Microsoft Entra tenant, of version 1 and of version 2. An audience is the application id
// (version 2) or its URI, api://ID (version 1). Delegated permissions (scp) and app roles (roles) count as scopes.
func EntraID(tenantID string, audiences ...string) JWTIssuer {
	iss := EntraIDMultiTenant([]string{tenantID}, audiences...)
	iss.JWKSURL = "https://login.microsoftonline.com/" + tenantID + "/discovery/v2.0/keys"
	return iss
}

// EntraIDMultiTenant accepts the access tokens of several Microsoft Entra tenants, each under the issuer of its own tenant.
func EntraIDMultiTenant(tenantIDs []string, audiences ...string) JWTIssuer {
	return JWTIssuer{
		Issuer:        "https://login.microsoftonline.com/" + tenantTemplate + "/v2.0",
		IssuerAliases: []string{"https://sts.windows.net/" + tenantTemplate + "/"}, // version 1
		JWKSURL:       "https://login.microsoftonline.com/common/discovery/v2.0/keys",
		Audiences:     audiences, Tenants: tenantIDs, AccessTokens: true, // the id of the application is the audience of ID tokens too
		ScopeClaims: []string{"scp", "roles"},
	}
}

// Keycloak accepts the access tokens of a Keycloak realm, such as "https://sso.example.com/realms/acme". Realm roles count as scopes.
func Keycloak(realmURL, audience string) JWTIssuer {
	realmURL = strings.TrimSuffix(realmURL, "/")
	return JWTIssuer{
		Issuer: realmURL, JWKSURL: realmURL + "/protocol/openid-connect/certs", Audiences: []string{audience},
		ScopeClaims: []string{"scope", "realm_access.roles"},
	}
}

// Cognito accepts the access tokens of an Amazon Cognito user pool that its named app clients got. These tokens have no aud.
func Cognito(region, userPoolID string, clientIDs ...string) JWTIssuer {
	base := "https://cognito-idp." + region + ".amazonaws.com/" + userPoolID
	return JWTIssuer{
		Issuer: base, JWKSURL: base + "/.well-known/jwks.json",
		Audiences: clientIDs, AudienceClaims: []string{"client_id"}, RequiredClaims: map[string][]string{"token_use": {"access"}},
		ScopeClaims: []string{"scope", "cognito:groups"},
	}
}

// PingOne accepts the access tokens of a PingOne environment, whose issuer is such as "https://auth.pingone.eu/ENVIRONMENT/as".
func PingOne(issuer, audience string) JWTIssuer {
	issuer = strings.TrimSuffix(issuer, "/")
	return JWTIssuer{Issuer: issuer, JWKSURL: issuer + "/jwks", Audiences: []string{audience}}
}

// Google accepts Google ID tokens for the named OAuth clients: its access tokens are opaque and for Google alone. An ID token grants
// nothing by itself; say in a [Policy] who may do what.
func Google(clientIDs ...string) JWTIssuer {
	return JWTIssuer{
		Issuer: "https://accounts.google.com", IssuerAliases: []string{"accounts.google.com"},
		JWKSURL: "https://www.googleapis.com/oauth2/v3/certs", Audiences: clientIDs, IDTokens: true,
	}
}
