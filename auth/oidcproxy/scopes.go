package oidcproxy

import (
	"slices"
	"strings"
)

// oidcScopes are asked for by many clients; they mean nothing here: who the user is we always ask, and a refresh token there always is (R49, R110).
var oidcScopes = []string{"openid", "profile", "email", "offline_access"}

// requested returns the scopes that a request asks for, of those that there are (RFC 6749 section 3.3).
func (p *Provider) requested(text string, c *client) ([]string, bool) {
	named := false
	var scopes []string
	for scope := range strings.SplitSeq(text, " ") {
		switch {
		case scope == "" || slices.Contains(oidcScopes, scope) && !slices.Contains(p.scopes, scope):
			continue
		case p.offers(scope, c) && !slices.Contains(scopes, scope):
			scopes = append(scopes, scope)
		}
		named = true
	}
	if named && len(scopes) == 0 {
		return nil, false
	}
	if !named {
		scopes = slices.DeleteFunc(slices.Clone(p.defaults), func(scope string) bool { return !p.offers(scope, c) })
	}
	for _, scope := range p.cfg.RequiredScopes {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return p.inOrder(scopes), true
}

// offers reports whether a client may ask for a scope.
func (p *Provider) offers(scope string, c *client) bool {
	return slices.Contains(p.scopes, scope) && (c.scopes == nil || slices.Contains(c.scopes, scope))
}

// left are the scopes of a grant that the configuration, which may have become narrower since, still has for its client.
func (p *Provider) left(scopes []string, origin clientOrigin, fingerprint string) []string {
	scopes = intersection(scopes, p.scopes)
	if c := p.operators[fingerprint]; c != nil && origin == fromOperator && c.scopes != nil {
		scopes = intersection(scopes, c.scopes)
	}
	return scopes
}

// inOrder sorts scopes as the configuration has them.
func (p *Provider) inOrder(scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(p.scopes), func(scope string) bool { return !slices.Contains(scopes, scope) })
}

// narrowed returns what of granted a refresh asks for (R102). It is false if it asks for anything else.
func (p *Provider) narrowed(granted []string, text string) ([]string, bool) {
	var wanted []string
	for scope := range strings.SplitSeq(text, " ") {
		switch {
		case scope == "" || slices.Contains(oidcScopes, scope) && !slices.Contains(granted, scope):
		case !slices.Contains(granted, scope):
			return nil, false
		default:
			wanted = append(wanted, scope)
		}
	}
	if len(wanted) == 0 {
		return granted, true
	}
	return p.inOrder(append(wanted, intersection(p.cfg.RequiredScopes, granted)...)), true
}

// intersection returns what both have, in the order of a.
func intersection(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(word string) bool { return !slices.Contains(b, word) })
}

// covers reports whether all of needed are there.
func covers(scopes, needed []string) bool {
	return !slices.ContainsFunc(needed, func(scope string) bool { return !slices.Contains(scopes, scope) })
}
