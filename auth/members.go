package auth

import (
	"errors"
	"io"
	"reflect"
	"strings"
)

// members are the authenticators behind one that combines or wraps them. What they are besides is what that one is.
type members []Authenticator

// all are the authenticators behind these, and behind those: every one that is a mode or comes from elsewhere.
func (m members) all() []Authenticator {
	var all []Authenticator
	for _, member := range m {
		if inner, ok := member.(interface{ all() []Authenticator }); ok && !isNilAuthenticator(member) {
			all = append(all, inner.all()...)
			continue
		}
		all = append(all, member)
	}
	return all
}

// Routes implements [Router] with the routes of all.
func (m members) Routes() []Route {
	var routes []Route
	for _, member := range m {
		if r, ok := member.(Router); ok {
			routes = append(routes, r.Routes()...)
		}
	}
	return routes
}

// CredentialHeaders implements [HeaderReader] with what any of them reads.
func (m members) CredentialHeaders() []string {
	var set headerSet
	for _, member := range m {
		if _, none := member.(interface{ readsNoHeader() }); !none {
			set |= headersOf(member)
		}
	}
	return set.names()
}

// Resource implements [ResourceNamer] with the resource that one of them names.
func (m members) Resource() string {
	for _, member := range m {
		if name := resourceOf(member); name != "" {
			return name
		}
	}
	return ""
}

// Reload implements [Reloader] for those who can.
func (m members) Reload() error {
	var errs []error
	for _, member := range m {
		if r, ok := member.(Reloader); ok {
			errs = append(errs, r.Reload())
		}
	}
	return errors.Join(errs...)
}

// Close closes those who can be closed.
func (m members) Close() error {
	var errs []error
	for _, member := range m {
		if c, ok := member.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// takes is every form of credential that all of a kind would be taken by one of them.
func (m members) takes() form {
	var all form
	for _, member := range m {
		all |= formOf(member)
	}
	return all
}

// usage is what requests without a credential are told.
func (m members) usage() string {
	var all []string
	for _, member := range m {
		if text := usageOf(member); text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, " Or: ")
}

func resourceOf(a Authenticator) string {
	if namer, ok := a.(ResourceNamer); ok {
		return namer.Resource()
	}
	return ""
}

// usageOf is how a says to authenticate, "" if it does not.
func usageOf(a Authenticator) string {
	if u, ok := a.(interface{ usage() string }); ok {
		return u.usage()
	}
	return ""
}

// modeOf is the mode that has decided, as far as a knows it.
func modeOf(a Authenticator, e *Error) string {
	switch a := a.(type) {
	case interface{ modeFor(*Error) string }:
		return a.modeFor(e)
	case interface{ mode() string }:
		return a.mode()
	}
	return ""
}

// A form is a form of credential that an authenticator takes for its own whatever is in it, as bits: of two that take
// one form, the second would never be asked.
type form uint8

const (
	opaqueBearer   form = 1 << iota // Bearer tokens that are no JWT
	anyJWT                          // JWTs, of whatever issuer
	headerKey                       // X-Api-Key
	basicPair                       // Basic credentials and the X-Zscaler pair
	anyCertificate                  // client certificates
)

// formNames are how errors call them.
var formNames = map[form]string{opaqueBearer: "Bearer token that is no JWT", anyJWT: "JSON Web Token", headerKey: "X-Api-Key", basicPair: "client id and secret", anyCertificate: "client certificate"}

// formOf is what a takes.
func formOf(a Authenticator) form {
	if t, ok := a.(interface{ takes() form }); ok {
		return t.takes()
	}
	return 0
}

// isNilAuthenticator reports whether a is nil, or a nil pointer or function in the interface.
func isNilAuthenticator(a Authenticator) bool {
	if a == nil {
		return true
	}
	v := reflect.ValueOf(a)
	return (v.Kind() == reflect.Pointer || v.Kind() == reflect.Func) && v.IsNil()
}
