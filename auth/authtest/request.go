package authtest

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/auth"
)

var requestChecks = []check{
	{"leaves the request as it is", func(f *fixture) {
		for name, bear := range f.bearers() {
			r := f.request(bear) // whose body tells when it is read
			header, address := r.Header.Clone(), r.URL.String()
			_, _ = f.a.Authenticate(r)
			if !maps.EqualFunc(header, r.Header, slices.Equal) || address != r.URL.String() {
				f.Errorf("%s: the request was changed", name)
			}
		}
	}},
	{"reads no credential outside of headers", func(f *fixture) {
		for place, hide := range hidingPlaces {
			r := f.request(f.Good)
			if len(presents(r)) == 0 {
				return // it stands in no header that a form or an address could imitate
			}
			for _, name := range presents(r) {
				hide(r, name, r.Header.Get(name))
				r.Header.Del(name)
			}
			if p, err := f.a.Authenticate(r); err == nil {
				f.Errorf("a credential in the %s is accepted: %v (RFC 6750 section 5.3)", place, p)
			}
		}
	}},
	{"does not take an ended request for a wrong credential", func(f *fixture) {
		ctx, cancel := context.WithCancel(f.Context())
		cancel()
		_, err := f.a.Authenticate(f.requestWithin(ctx, f.Good))
		var e *auth.Error
		if errors.As(err, &e) && e != nil && e.Status < http.StatusInternalServerError && e.Status != http.StatusTooManyRequests {
			f.Errorf("a good credential in a request that has ended: %v", err)
		}
		f.admitted(f.Good) // nor remembers it as one
	}},
}

// hidingPlaces are where some clients put a credential that must not be looked for there.
var hidingPlaces = map[string]func(r *http.Request, header, value string){
	"query": func(r *http.Request, header, value string) {
		_, token, _ := strings.Cut(value, " ")
		query := r.URL.Query()
		for _, name := range []string{"access_token", "token", "api_key", "key", header} {
			query.Set(name, token)
			query.Add(name, value)
		}
		r.URL.RawQuery = query.Encode()
		r.RequestURI = r.URL.RequestURI()
	},
	"cookie": func(r *http.Request, header, value string) {
		_, token, _ := strings.Cut(value, " ")
		for _, name := range []string{"access_token", "token", "api_key", header} {
			r.AddCookie(&http.Cookie{Name: name, Value: url.QueryEscape(value)})
			r.AddCookie(&http.Cookie{Name: name, Value: token})
		}
	},
	"form body": func(r *http.Request, header, value string) {
		_, token, _ := strings.Cut(value, " ")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body = io.NopCloser(strings.NewReader(url.Values{"access_token": {token, value}, header: {value}}.Encode()))
	},
	"underscored header": func(r *http.Request, header, value string) {
		r.Header[strings.ReplaceAll(header, "-", "_")+"_"] = []string{value}
	},
	"proxy's header": func(r *http.Request, _, value string) { r.Header.Set("Proxy-Authorization", value) },
}
