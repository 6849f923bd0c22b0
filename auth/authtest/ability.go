package authtest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/org/zscalermcp/auth"
)

var abilityChecks = []check{
	{"reads its files again without harm", func(f *fixture) {
		r, ok := f.a.(auth.Reloader)
		if !ok {
			return
		}
		before := f.admitted(f.Good).Key()
		if err := r.Reload(); err != nil {
			f.Fatalf("Reload = %v", err)
		}
		if f.admitted(f.Good).Key() != before {
			f.Error("after Reload the caller has another key")
		}
	}},
	{"closes twice, and fails closed", func(f *fixture) {
		c, ok := f.a.(io.Closer)
		if !ok {
			return
		}
		f.admitted(f.Good)
		for range 2 {
			if err := c.Close(); err != nil {
				f.Errorf("Close = %v", err)
			}
		}
		for name, bear := range f.Wrong {
			f.refused(name+" after Close", bear)
		}
	}},
	{"has routes that can be mounted", func(f *fixture) {
		r, ok := f.a.(auth.Router)
		if !ok {
			return
		}
		mux := http.NewServeMux()
		for _, route := range r.Routes() {
			if err := mount(mux, route); err != nil {
				f.Errorf("route %q: %v", route.Pattern, err)
			}
		}
	}},
	{"names an absolute resource", func(f *fixture) {
		r, ok := f.a.(auth.ResourceNamer)
		if !ok || r.Resource() == "" {
			return
		}
		if u, err := url.Parse(r.Resource()); err != nil || u.Scheme == "" || u.Host == "" || u.Fragment != "" {
			f.Errorf("Resource() = %q is no absolute URL without fragment (RFC 8707 section 2)", r.Resource())
		}
	}},
}

// mount registers a route, whose path must be absolute.
func mount(mux *http.ServeMux, route auth.Route) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%v", v)
		}
	}()
	path := route.Pattern
	if _, after, ok := strings.Cut(path, " "); ok {
		path = after
	}
	if !strings.HasPrefix(path, "/") || route.Handler == nil {
		return fmt.Errorf("it has no absolute path, or no handler")
	}
	mux.Handle(route.Pattern, route.Handler)
	return nil
}
