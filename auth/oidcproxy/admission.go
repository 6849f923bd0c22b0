package oidcproxy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// ErrTryAgain is for errors of [Config.Authorize], [Config.GrantScopes] and [Upstream.Identify] to wrap: they cannot tell at the moment. Then the sign-in fails with
// temporarily_unavailable, and a refresh with 503, without signing the user out.
var ErrTryAgain = errors.New("oidcproxy: try again")

// errNotAdmitted means that a rule of the operator's refuses the user.
var errNotAdmitted = errors.New("the user is not admitted")

// admit applies the operator's rules (R84) and returns the scopes that the user may have, of those that are wanted. It fails closed: a rule that
// fails in another way than by ErrTryAgain refuses.
func (p *Provider) admit(ctx context.Context, user Claims, wanted []string) (scopes []string, err error) {
	defer func() {
		if v := recover(); v != nil {
			scopes, err = nil, fmt.Errorf("%w: a rule panicked: %T", errNotAdmitted, v)
		}
	}()
	if p.cfg.Tenants != nil && !slices.Contains(p.cfg.Tenants, user.Text("tid")) {
		return nil, fmt.Errorf("%w: the tenant (tid) is not one of Config.Tenants", errNotAdmitted)
	}
	if p.cfg.Domains != nil && !p.isOfDomain(user) {
		return nil, fmt.Errorf("%w: there is no verified e-mail address of one of Config.Domains", errNotAdmitted)
	}
	if p.cfg.Authorize != nil {
		if err := p.cfg.Authorize(ctx, user); err != nil {
			return nil, fmt.Errorf("%w: %w", refusalOf(ctx, errNotAdmitted), err)
		}
	}
	scopes = wanted
	if p.cfg.GrantScopes != nil {
		most, err := p.cfg.GrantScopes(ctx, user)
		if err != nil {
			return nil, fmt.Errorf("%w: GrantScopes: %w", refusalOf(ctx, errNotAdmitted), err)
		}
		scopes = intersection(wanted, most)
	}
	if !covers(scopes, p.cfg.RequiredScopes) || len(wanted) > 0 && len(scopes) == 0 {
		return nil, fmt.Errorf("%w: the user may have none of the scopes that are needed", errNotAdmitted)
	}
	return scopes, nil
}

// refusalOf is what an error of a function of the host's means: refused, or that its time was over.
func refusalOf(ctx context.Context, refused error) error {
	if ctx.Err() != nil {
		return ErrTryAgain
	}
	return refused
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c > unicode.MaxASCII })
}

// isOfDomain judges an e-mail address that the identity provider has verified (R83).
func (p *Provider) isOfDomain(user Claims) bool {
	email := user.Text("email")
	at := strings.LastIndexByte(email, '@')
	return at > 0 && user.True("email_verified") && slices.ContainsFunc(p.cfg.Domains, func(domain string) bool {
		return strings.EqualFold(email[at+1:], domain) && isASCII(email[at+1:]) // some letters beyond ASCII fold to letters in it
	})
}
