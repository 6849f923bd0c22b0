package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/MicahParks/keyfunc/v3"

	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/remote"
)

// A jwtIssuer judges the tokens of one issuer.
type jwtIssuer struct {
	JWTIssuer
	algorithms []string
	keys       *keySource
	find       keyfunc.Keyfunc
	document   *discovery // nil without DiscoveryURL
}

func newJWTIssuer(cfg JWTIssuer, algorithms []string, fetch remote.Fetcher) (*jwtIssuer, error) {
	i := &jwtIssuer{JWTIssuer: cfg.clone(), algorithms: algorithms}
	switch {
	case cfg.Secret != "":
		i.algorithms, i.keys = symmetric, fixedKeys(&keySet{prints: map[[32]byte]bool{{}: true}}) // the secret has no fingerprint
	case cfg.PublicKeys != "":
		set, err := parsePublicKeys(cfg.PublicKeys)
		if err != nil {
			return nil, err
		}
		i.keys = fixedKeys(set)
	case cfg.DiscoveryURL != "":
		i.document = newDiscovery(cfg.DiscoveryURL, cfg.Issuer, fetch)
		i.keys = newKeySource(i.document.jwksURL, fetch)
	default:
		i.keys = newKeySource(func(context.Context) (string, error) { return cfg.JWKSURL, nil }, fetch)
	}
	find, err := keyfunc.New(keyfunc.Options{Storage: chosenKey{}})
	i.find = find
	return i, err
}

// clone copies what the caller may change later.
func (iss JWTIssuer) clone() JWTIssuer {
	for _, list := range []*[]string{&iss.Audiences, &iss.AudienceClaims, &iss.Tenants, &iss.IssuerAliases, &iss.Clients, &iss.RequiredScopes, &iss.ScopeClaims} {
		*list = slices.Clone(*list)
	}
	if iss.AudienceClaims == nil {
		iss.AudienceClaims = []string{"aud"}
	}
	if iss.ScopeClaims == nil {
		iss.ScopeClaims = []string{"scope", "scp"}
	}
	if iss.SubjectClaim == "" {
		iss.SubjectClaim = "sub"
	}
	return iss
}

// issued reports whether a token with this iss is of this issuer. The error says that it cannot tell.
func (i *jwtIssuer) issued(ctx context.Context, iss string, claims jwtClaims) (bool, error) {
	name := i.Issuer
	if name == "" {
		if !i.document.couldBe(iss) {
			return false, nil
		}
		var err error
		if name, err = i.document.name(ctx); err != nil {
			return false, err
		}
	}
	tenant := claims.firstOf("tid")
	return slices.ContainsFunc(append([]string{name}, i.IssuerAliases...), func(accepted string) bool {
		if strings.Contains(accepted, tenantTemplate) && slices.Contains(i.Tenants, tenant) {
			accepted = strings.ReplaceAll(accepted, tenantTemplate, tenant)
		}
		return iss == accepted
	}), nil
}

// fixedNames are every iss that the configuration tells: that of each tenant, aliases too, or the one that the address of a discovery document implies.
func (i *jwtIssuer) fixedNames() []string {
	if i.Issuer == "" {
		return []string{i.document.derived()}
	}
	var names []string
	for _, name := range append([]string{i.Issuer}, i.IssuerAliases...) {
		names = append(names, i.ofTenants(name)...)
	}
	return names
}

// ofTenants is name, or name for each tenant where it is a template.
func (i *jwtIssuer) ofTenants(name string) []string {
	if !strings.Contains(name, tenantTemplate) {
		return []string{name}
	}
	var names []string
	for _, tenant := range i.Tenants {
		names = append(names, strings.ReplaceAll(name, tenantTemplate, tenant))
	}
	return names
}

// names are the iss of the issuer: one, or that of each tenant.
func (i *jwtIssuer) names(ctx context.Context) []string {
	if i.Issuer != "" {
		return i.ofTenants(i.Issuer)
	}
	return i.document.names(ctx)
}

// check judges the claims that are the issuer's own affair.
func (i *jwtIssuer) check(claims jwtClaims) error {
	if err := i.checkAudience(claims); err != nil {
		return err
	}
	if len(i.Tenants) > 0 && !slices.Contains(i.Tenants, claims.firstOf("tid")) {
		return fmt.Errorf("the tenant (tid) %q is not accepted", lexical.Plain(claims.firstOf("tid")))
	}
	if len(i.Clients) > 0 && !slices.Contains(i.Clients, clientOf(claims)) {
		return fmt.Errorf("the client %q is not accepted", lexical.Plain(clientOf(claims)))
	}
	for name, accepted := range i.RequiredClaims {
		if !slices.ContainsFunc(claims.values(name), func(value string) bool { return slices.Contains(accepted, value) }) {
			return fmt.Errorf("the claim %s has none of the accepted values", name)
		}
	}
	if subject, err := claims.text(i.SubjectClaim); err != nil || subject == "" {
		return fmt.Errorf("the token does not say whom it is about: it has no %s", i.SubjectClaim)
	}
	return nil
}

func (i *jwtIssuer) checkAudience(claims jwtClaims) error {
	var seen []string
	for _, name := range i.AudienceClaims {
		audience, err := claims.audience(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if len(audience) > 1 && i.SingleAudience {
			return errors.New("the token is for others too")
		}
		if slices.ContainsFunc(audience, func(aud string) bool { return slices.Contains(i.Audiences, aud) }) {
			return nil
		}
		seen = append(seen, audience...)
	}
	return fmt.Errorf("the audience is %q; accepted: %q", lexical.Plain(strings.Join(seen, " ")), i.Audiences)
}

func clientOf(claims jwtClaims) string { return claims.firstOf("azp", "client_id", "appid", "cid") }

// principal is the caller whom the claims of a verified token name.
func (i *jwtIssuer) principal(claims jwtClaims, expires time.Time) (*Principal, error) {
	var scopes []string
	for _, name := range i.ScopeClaims {
		for _, scope := range claims.scopes(name) {
			if !slices.Contains(scopes, scope) {
				scopes = append(scopes, scope)
			}
		}
	}
	for _, scope := range i.RequiredScopes {
		if !slices.Contains(scopes, scope) {
			return nil, insufficientScope(i.RequiredScopes)
		}
	}
	p := &Principal{
		Issuer: claims.firstOf("iss"), Subject: claims.firstOf(i.SubjectClaim), ClientID: clientOf(claims), Method: jwtMethod,
		Scopes: scopes, Expires: expires, claims: claims,
	}
	return p.named(), nil
}

// insufficientScope is the refusal of a good credential that covers too little (RFC 6750 section 3.1).
func insufficientScope(needed []string) *Error {
	return &Error{Status: http.StatusForbidden, Code: "insufficient_scope", Scopes: slices.Clone(needed),
		Description: "The credential does not cover what was asked for; ask for the scopes named in the challenge."}
}
