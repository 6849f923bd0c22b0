package auth

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// A Reloader is an [Authenticator] that can read its files again. After an error it works as before.
type Reloader interface {
	Reload() error
}

// AnyOf combines modes: each request's credential is judged by the first authenticator that takes it for one of
// its kind, and by no other: after a refusal nobody is asked again. It is an error to give none, a nil one, two
// that take any opaque Bearer token for theirs (such as API keys and introspection), or two with different
// resources. The result passes on what they are besides: [Challenger] (Bearer first), [Router], [HeaderReader],
// [Reloader], [io.Closer], and Resource.
func AnyOf(first Authenticator, more ...Authenticator) (Authenticator, error) {
	combined := &anyOf{}
	for _, member := range append([]Authenticator{first}, more...) {
		if inner, ok := member.(interface{ flat() []Authenticator }); ok {
			combined.members = append(combined.members, inner.flat()...)
			continue
		}
		combined.members = append(combined.members, member)
	}
	var errs []error
	var opaque, resources []string
	for i, member := range combined.members {
		if isNilAuthenticator(member) {
			errs = append(errs, fmt.Errorf("auth: AnyOf: authenticator %d is nil", i+1))
			continue
		}
		if o, ok := member.(interface{ opaqueBearer() bool }); ok && o.opaqueBearer() {
			opaque = append(opaque, fmt.Sprintf("%T", member))
		}
		if r, ok := member.(interface{ Resource() string }); ok && !slices.Contains(resources, r.Resource()) {
			resources = append(resources, r.Resource())
		}
	}
	if len(opaque) > 1 {
		errs = append(errs, fmt.Errorf("auth: AnyOf: %s each take any Bearer token that is no JWT: give one of them", strings.Join(opaque, " and ")))
	}
	if len(resources) > 1 {
		errs = append(errs, fmt.Errorf("auth: AnyOf: the resources differ: %s", strings.Join(resources, ", ")))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(resources) == 1 {
		return &anyOfResource{combined, resources[0]}, nil
	}
	return combined, nil
}

type anyOf struct {
	members []Authenticator
}

// An anyOfResource is for a resource that one of the members names.
type anyOfResource struct {
	*anyOf
	resource string
}

// Resource is the URL of the MCP endpoint that tokens are for.
func (a *anyOfResource) Resource() string { return a.resource }

// A judged is the cause of a refusal with the number of the member who refused.
type judged struct {
	by  int
	err error
}

func (j *judged) Error() string { return fmt.Sprint(j.err) }

func (j *judged) Unwrap() error { return j.err }

// flat returns the members, so that combinations of combinations have one row of judges.
func (a *anyOf) flat() []Authenticator { return a.members }

// Authenticate implements [Authenticator].
func (a *anyOf) Authenticate(r *http.Request) (*Principal, error) {
	for i, member := range a.members {
		p, err := member.Authenticate(r)
		if errors.Is(err, ErrNotMine) {
			continue
		}
		if e := (*Error)(nil); errors.As(err, &e) && e != nil {
			marked := *e
			marked.Err = &judged{by: i, err: e.Err}
			return nil, &marked
		}
		return p, err
	}
	return nil, ErrNotMine
}

// Challenges implements [Challenger]. The mode that has judged the credential says what is wrong with it; the others
// only say that they are there. Of several Bearer challenges the plain ones are left out, since clients read the
// first one only and need the metadata that it points to.
func (a *anyOf) Challenges(e *Error) []string {
	plain := &Error{Status: e.Status}
	verdict := (*judged)(nil)
	known := errors.As(e.Err, &verdict)
	var all []string
	for i, member := range a.members {
		said := e
		if known && verdict.by != i {
			said = plain
		}
		for _, challenge := range challengesFor(member, said) {
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
	verdict := (*judged)(nil)
	if e == nil || !errors.As(e.Err, &verdict) {
		return ""
	}
	return modeOf(a.members[verdict.by], e)
}

// Routes implements [Router] with the routes of all.
func (a *anyOf) Routes() []Route {
	var routes []Route
	for _, member := range a.members {
		if r, ok := member.(Router); ok {
			routes = append(routes, r.Routes()...)
		}
	}
	return routes
}

// CredentialHeaders implements [HeaderReader]: what any of them reads.
func (a *anyOf) CredentialHeaders() []string {
	var set headerSet
	for _, member := range a.members {
		set |= headersOf(member)
	}
	return set.names()
}

// Reload implements [Reloader] for those who can.
func (a *anyOf) Reload() error {
	var errs []error
	for _, member := range a.members {
		if r, ok := member.(Reloader); ok {
			errs = append(errs, r.Reload())
		}
	}
	return errors.Join(errs...)
}

// Close closes those who can be closed.
func (a *anyOf) Close() error {
	var errs []error
	for _, member := range a.members {
		if c, ok := member.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// isNilAuthenticator reports whether a is nil, or a nil pointer or function in the interface.
func isNilAuthenticator(a Authenticator) bool {
	if a == nil {
		return true
	}
	v := reflect.ValueOf(a)
	return (v.Kind() == reflect.Pointer || v.Kind() == reflect.Func) && v.IsNil()
}
