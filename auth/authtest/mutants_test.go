package authtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/org/zscalermcp/auth"
)

// A mutant is an authenticator with one fault, and the check that must notice it.
type mutant struct {
	noticedBy string
	wrap      func(auth.Authenticator) auth.Authenticator
}

// changed is an authenticator whose answers are changed.
type changed struct {
	auth.Authenticator
	change func(r *http.Request, p *auth.Principal, err error) (*auth.Principal, error)
}

func (c changed) Authenticate(r *http.Request) (*auth.Principal, error) {
	p, err := c.Authenticator.Authenticate(r)
	return c.change(r, p, err)
}

// answers makes a mutant that changes answers.
func answers(noticedBy string, change func(r *http.Request, p *auth.Principal, err error) (*auth.Principal, error)) mutant {
	return mutant{noticedBy, func(a auth.Authenticator) auth.Authenticator { return changed{a, change} }}
}

// principals makes a mutant that changes whom it admits.
func principals(noticedBy string, change func(r *http.Request, p *auth.Principal)) mutant {
	return answers(noticedBy, func(r *http.Request, p *auth.Principal, err error) (*auth.Principal, error) {
		if p == nil {
			return p, err
		}
		mine := &auth.Principal{Issuer: p.Issuer, Subject: p.Subject, Method: p.Method}
		change(r, mine)
		return mine, err
	})
}

// refusals makes a mutant that changes refusals.
func refusals(noticedBy string, change func(r *http.Request, e *auth.Error) error) mutant {
	return answers(noticedBy, func(r *http.Request, p *auth.Principal, err error) (*auth.Principal, error) {
		var e *auth.Error
		if !errors.As(err, &e) {
			return p, err
		}
		mine := *e
		return nil, change(r, &mine)
	})
}

var count atomic.Int64

var mutants = map[string]mutant{
	"admits everybody": answers("refuses wrong credentials", func(_ *http.Request, p *auth.Principal, _ error) (*auth.Principal, error) {
		return &auth.Principal{Issuer: "i", Subject: "s", Method: "m"}, nil
	}),
	"has no issuer":      principals("admits a caller under one name", func(_ *http.Request, p *auth.Principal) { p.Issuer = "" }),
	"names each request": principals("admits a caller under one name", func(_ *http.Request, p *auth.Principal) { p.Subject = fmt.Sprint(count.Add(1)) }),
	"takes all for one":  principals("tells callers apart", func(_ *http.Request, p *auth.Principal) { p.Subject = "caller" }),
	"names callers by their secret": principals("keeps secrets", func(r *http.Request, p *auth.Principal) {
		p.Subject = r.Header.Get("Authorization") + r.Header.Get("X-Api-Key")
	}),
	"mixes callers up":            {"works for many at once", func(a auth.Authenticator) auth.Authenticator { return &mixing{Authenticator: a} }},
	"answers a status of its own": refusals("refuses wrong credentials", func(_ *http.Request, e *auth.Error) error { e.Status = http.StatusTeapot; return e }),
	"says nothing":                refusals("refuses wrong credentials", func(_ *http.Request, e *auth.Error) error { e.Description = ""; return e }),
	"returns plain errors":        refusals("refuses wrong credentials", func(*http.Request, *auth.Error) error { return errors.New("no") }),
	"echoes the credential":       refusals("keeps secrets", func(r *http.Request, e *auth.Error) error { e.Description = r.Header.Get("Authorization"); return e }),
	"logs the credential": refusals("keeps secrets", func(r *http.Request, e *auth.Error) error {
		e.Err = errors.New(r.Header.Get("Authorization"))
		return e
	}),
	"prints what it keeps": {"keeps secrets", func(a auth.Authenticator) auth.Authenticator { return keeping{a, keyOfOne} }},
	"refuses where it should pass": answers("takes no credential for not its own", func(_ *http.Request, p *auth.Principal, err error) (*auth.Principal, error) {
		return p, unauthorized(err)
	}),
	"reads the query": {"reads no credential outside of headers", func(a auth.Authenticator) auth.Authenticator { return elsewhere{a, fromQuery} }},
	"reads the body":  {"leaves the request as it is", func(a auth.Authenticator) auth.Authenticator { return elsewhere{a, fromBody} }},
	"reads a cookie":  {"reads no credential outside of headers", func(a auth.Authenticator) auth.Authenticator { return elsewhere{a, fromCookie} }},
	"removes the credential": answers("leaves the request as it is", func(r *http.Request, p *auth.Principal, err error) (*auth.Principal, error) {
		r.Header.Del("Authorization")
		return p, err
	}),
	"takes an ended request for one": answers("does not take an ended request for a wrong credential", ended),
	"does not challenge":             {"challenges who presents nothing", func(a auth.Authenticator) auth.Authenticator { return challenging{a, nil} }},
	"challenges with an error": {"challenges who presents nothing", func(a auth.Authenticator) auth.Authenticator {
		return challenging{a, []string{`Bearer error="invalid_token"`}}
	}},
	"reads some other header": {"does not choose between two credentials", func(a auth.Authenticator) auth.Authenticator { return first{a} }},
	"reloads nothing":         {"reads its files again without harm", func(a auth.Authenticator) auth.Authenticator { return &forgetful{Authenticator: a} }},
	"opens up when closed":    {"closes twice, and fails closed", func(a auth.Authenticator) auth.Authenticator { return &opening{Authenticator: a} }},
	"has relative routes":     {"has routes that can be mounted", func(a auth.Authenticator) auth.Authenticator { return routing{a} }},
	"names a relative place":  {"names an absolute resource", func(a auth.Authenticator) auth.Authenticator { return naming{a} }},
}

func unauthorized(err error) error {
	if err == nil {
		return nil
	}
	return &auth.Error{Status: http.StatusUnauthorized, Description: "No."}
}

func ended(r *http.Request, p *auth.Principal, err error) (*auth.Principal, error) {
	if r.Context().Err() != nil {
		return nil, &auth.Error{Status: http.StatusUnauthorized, Code: "invalid_token", Description: "No.", Err: context.Canceled}
	}
	return p, err
}

// mixing answers with the caller of the request before.
type mixing struct {
	auth.Authenticator
	before atomic.Pointer[auth.Principal]
	calls  atomic.Int64
}

func (m *mixing) Authenticate(r *http.Request) (*auth.Principal, error) {
	p, err := m.Authenticator.Authenticate(r)
	if before := m.before.Swap(p); err == nil && before != nil && m.calls.Add(1) > 3 {
		return before, nil
	}
	return p, err
}

type keeping struct {
	auth.Authenticator
	key string
}

// elsewhere looks for a credential where it must not.
type elsewhere struct {
	auth.Authenticator
	find func(*http.Request) string
}

func (e elsewhere) Authenticate(r *http.Request) (*auth.Principal, error) {
	if token := e.find(r); token != "" && r.Header.Get("Authorization") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return e.Authenticator.Authenticate(r)
}

func fromQuery(r *http.Request) string { return r.URL.Query().Get("access_token") }

func fromBody(r *http.Request) string {
	data, _ := io.ReadAll(r.Body)
	_, token, _ := strings.Cut(string(data), "access_token=")
	return token
}

func fromCookie(r *http.Request) string {
	for _, cookie := range r.Cookies() {
		if _, token, _ := strings.Cut(cookie.Value, "+"); cookie.Name == "token" && token != "" {
			return token
		}
	}
	return ""
}

type challenging struct {
	auth.Authenticator
	challenges []string
}

func (c challenging) Challenges(*http.Request, *auth.Error) []string { return c.challenges }

// first believes the first of several lines, and keeps the middleware from seeing them.
type first struct{ auth.Authenticator }

func (f first) CredentialHeaders() []string { return []string{"X-Zscaler-Client-Id"} }

func (f first) Authenticate(r *http.Request) (*auth.Principal, error) {
	r = r.Clone(r.Context())
	if lines := r.Header["Authorization"]; len(lines) > 1 {
		r.Header["Authorization"] = lines[:1]
	}
	return f.Authenticator.Authenticate(r)
}

type forgetful struct {
	auth.Authenticator
	reloaded bool
}

func (f *forgetful) Reload() error { f.reloaded = true; return nil }

func (f *forgetful) Authenticate(r *http.Request) (*auth.Principal, error) {
	if f.reloaded {
		return nil, &auth.Error{Status: http.StatusUnauthorized, Description: "No."}
	}
	return f.Authenticator.Authenticate(r)
}

type opening struct {
	auth.Authenticator
	closed bool
}

func (o *opening) Close() error { o.closed = true; return nil }

func (o *opening) Authenticate(r *http.Request) (*auth.Principal, error) {
	if o.closed {
		return &auth.Principal{Issuer: "i", Subject: "s", Method: "m"}, nil
	}
	return o.Authenticator.Authenticate(r)
}

type routing struct{ auth.Authenticator }

func (routing) Routes() []auth.Route {
	return []auth.Route{{Pattern: "GET metadata", Handler: http.NotFoundHandler()}}
}

type naming struct{ auth.Authenticator }

func (naming) Resource() string { return "/mcp" }
