package authtest

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/org/zscalermcp/auth"
)

var identityChecks = []check{
	{"admits a caller under one name", func(f *fixture) {
		first, second := f.admitted(f.Good), f.admitted(f.Good)
		if first.Subject == "" || first.Issuer == "" || first.Method == "" {
			f.Errorf("Subject %q, Issuer %q and Method %q: none may be empty", first.Subject, first.Issuer, first.Method)
		}
		if first.Key() != second.Key() {
			f.Error("two requests of one caller have two keys: sessions would break")
		}
		if !first.Expires.IsZero() && !time.Now().Before(first.Expires) {
			f.Errorf("the principal has expired at %s", first.Expires)
		}
	}},
	{"tells callers apart", func(f *fixture) {
		if f.Other != nil && f.admitted(f.Good).Key() == f.admitted(f.Other).Key() {
			f.Error("two callers have one key: each could use the sessions of the other")
		}
	}},
	{"works for many at once", func(f *fixture) {
		bearers := []func(*http.Request){f.Good}
		if f.Other != nil {
			bearers = append(bearers, f.Other)
		}
		var all sync.WaitGroup
		for _, bear := range bearers {
			want := f.admitted(bear).Key()
			for range 8 {
				all.Go(func() {
					for range 25 {
						if p, err := f.a.Authenticate(f.request(bear)); err != nil || p.Key() != want {
							f.Errorf("at the same time as others: %v, %v", p, err)
							return
						}
					}
				})
			}
		}
		all.Wait()
	}},
	{"takes no credential for not its own", func(f *fixture) {
		f.wantNotMine("no credential", nil)
		f.wantNotMine("a scheme that nobody has", func(r *http.Request) { r.Header.Set("Authorization", "Nobody-Has-This abc") })
	}},
	{"refuses wrong credentials", func(f *fixture) {
		for name, bear := range f.Wrong {
			e := f.refused(name, bear)
			if e == nil {
				continue
			}
			switch e.Status {
			case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable:
			default:
				f.Errorf("%s: status %d, which the middleware answers with 500", name, e.Status)
			}
			if e.Description == "" {
				f.Errorf("%s: the caller is told nothing", name)
			}
		}
		f.unharmed()
	}},
}

// unharmed checks that wrong credentials have not made the good one wrong. That it must wait for a while is lawful.
func (f *fixture) unharmed() {
	f.Helper()
	_, err := f.a.Authenticate(f.request(f.Good))
	if e := (*auth.Error)(nil); err != nil && (!errors.As(err, &e) || e == nil || e.Status != http.StatusTooManyRequests) {
		f.Errorf("the good credential, after wrong ones: %v", err)
	}
}

func (f *fixture) wantNotMine(what string, bear func(*http.Request)) {
	f.Helper()
	if p, err := f.a.Authenticate(f.request(bear)); p != nil || !errors.Is(err, auth.ErrNotMine) {
		f.Errorf("%s: %v, %v; want ErrNotMine", what, p, err)
	}
}
