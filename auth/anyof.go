package auth

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// AnyOf combines modes: each request's credential is judged by the first authenticator that takes it for one of
// its kind, and by no other: after a refusal nobody is asked again. A Bearer token goes by its form: a JWT to the mode
// that knows its issuer, any other to API keys or introspection. It is an error to give none, a nil one, two
// that take one form whatever is in it (such as API keys and introspection), two for the tokens of one issuer, one for JSON Web Tokens behind
// one that takes every token, or two with different resources. The result passes on what they are besides: [Challenger] (Bearer first), [Router], [HeaderReader],
// [Reloader], [ResourceNamer] and [io.Closer].
func AnyOf(first Authenticator, more ...Authenticator) (Authenticator, error) {
	all := append(members{first}, more...)
	if err := all.mistakes(); err != nil {
		return nil, err
	}
	combined := &anyOf{members: all}
	combined.headers = headersOf(combined)
	return combined, nil
}

// mistakes are the reasons why these cannot be combined.
func (m members) mistakes() error {
	var errs []error
	wrong := func(text string, args ...any) { errs = append(errs, fmt.Errorf("auth: AnyOf: "+text, args...)) }
	var resources []string
	takers := map[form][]string{}
	for i, a := range m {
		if isNilAuthenticator(a) {
			wrong("authenticator %d is nil", i+1)
			continue
		}
		for f := range formNames {
			if formOf(a)&f != 0 {
				takers[f] = append(takers[f], fmt.Sprintf("%T", a))
			}
		}
		if name := resourceOf(a); name != "" && !slices.Contains(resources, name) {
			resources = append(resources, name)
		}
	}
	for f, text := range formNames {
		if len(takers[f]) > 1 {
			wrong("%s each take any %s: give one of them", strings.Join(takers[f], " and "), text)
		}
	}
	if len(resources) > 1 {
		wrong("the resources differ: %s", strings.Join(resources, ", "))
	}
	return errors.Join(append(errs, m.tokenMistakes())...)
}

// tokenMistakes are the reasons why a mode for JSON Web Tokens would never see some of its own.
func (m members) tokenMistakes() error {
	var errs []error
	var tookAll Authenticator
	issuers := map[string]bool{}
	for _, a := range m.all() {
		j, ok := a.(*JWT)
		switch {
		case ok && j != nil && tookAll != nil:
			errs = append(errs, fmt.Errorf("auth: AnyOf: %T takes every Bearer token, and %T behind it would see none: put it first", tookAll, j))
		case ok && j != nil:
			for _, issuer := range j.issuers {
				for _, name := range issuer.fixedNames() {
					if issuers[name] {
						errs = append(errs, fmt.Errorf("auth: AnyOf: two take the tokens of %s, and the second would see none: give one of them", name))
					}
					issuers[name] = true
				}
			}
		case !isNilAuthenticator(a) && formOf(a)&anyJWT != 0:
			tookAll = a
		}
	}
	return errors.Join(errs...)
}

type anyOf struct {
	members
	headers headerSet
}

var (
	_ mode       = (*anyOf)(nil)
	_ Challenger = (*anyOf)(nil)
	_ Router     = (*anyOf)(nil)
)

// A judged is the cause of a refusal with the member who refused.
type judged struct {
	in  *anyOf
	by  int // number of the member
	err error
}

func (j *judged) Error() string { return fmt.Sprint(j.err) }

func (j *judged) Unwrap() error { return j.err }

// Authenticate implements [Authenticator].
func (a *anyOf) Authenticate(r *http.Request) (*Principal, error) {
	return judgeHeaders(a, a.headers, r)
}

func (a *anyOf) judge(r *http.Request, c credential, now time.Time) (*Principal, error) {
	notMine := ErrNotMine
	for i, member := range a.members {
		p, err := ask(member, r, c, now)
		if errors.Is(err, ErrNotMine) {
			if err != ErrNotMine { // it says why
				notMine = err
			}
			continue
		}
		if e := (*Error)(nil); errors.As(err, &e) && e != nil {
			marked := *e
			marked.Err = &judged{in: a, by: i, err: e.Err}
			return nil, &marked
		}
		return p, err
	}
	return nil, notMine
}

// Challenges implements [Challenger]. The mode that has judged the credential says what is wrong with it; the others
// only say that they are there. Of several Bearer challenges the plain ones are left out, since clients read the
// first one only and need the metadata that it points to.
func (a *anyOf) Challenges(r *http.Request, e *Error) []string {
	plain := &Error{Status: e.Status}
	judge := a.judgeOf(e)
	var all []string
	for i, member := range a.members {
		said := e
		if judge >= 0 && judge != i {
			said = plain
		}
		for _, challenge := range challengesFor(member, r, said) {
			if !slices.Contains(all, challenge) {
				all = append(all, challenge)
			}
		}
	}
	return withoutPlainBearer(bearerFirst(all))
}

// withoutPlainBearer leaves one Bearer challenge: the one that points to metadata, else the one that names an error,
// else the first.
func withoutPlainBearer(challenges []string) []string {
	best, weight := -1, -1
	for i, challenge := range challenges {
		w := 0
		if strings.Contains(challenge, "error=") {
			w++
		}
		if strings.Contains(challenge, "resource_metadata=") {
			w += 2
		}
		if isBearer(challenge) && w > weight {
			best, weight = i, w
		}
	}
	var left []string
	for i, challenge := range challenges {
		if i == best || !isBearer(challenge) {
			left = append(left, challenge)
		}
	}
	return left
}

func isBearer(challenge string) bool {
	scheme, _, _ := strings.Cut(challenge, " ")
	return strings.EqualFold(scheme, "Bearer")
}

// modeFor is the mode that has refused.
func (a *anyOf) modeFor(e *Error) string {
	judge := a.judgeOf(e)
	if judge < 0 {
		return ""
	}
	return modeOf(a.members[judge], e)
}

// judgeOf is the number of the member who refused, -1 if none of a did. Combinations may be in each other.
func (a *anyOf) judgeOf(e *Error) int {
	if e == nil {
		return -1
	}
	verdict := (*judged)(nil)
	for err := e.Err; errors.As(err, &verdict); err = verdict.err {
		if verdict.in == a {
			return verdict.by
		}
	}
	return -1
}
