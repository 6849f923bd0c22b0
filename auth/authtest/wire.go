package authtest

import (
	"fmt"
	"net/http"
	"strings"
)

var wireChecks = []check{
	{"passes the middleware, its credential does not", func(f *fixture) {
		got := f.through(f.request(f.Good))
		if got.Code != http.StatusOK || got.principal == nil {
			f.Fatalf("status %d: %s", got.Code, got.Body)
		}
		if got.principal.Key() != f.admitted(f.Good).Key() {
			f.Error("the handler sees another caller")
		}
		if left := presents(&http.Request{Header: got.header}); len(left) > 0 {
			f.Errorf("the handler sees %s", strings.Join(left, ", "))
		}
	}},
	{"stops at the middleware", func(f *fixture) {
		for name, bear := range f.Wrong {
			got := f.through(f.request(bear))
			switch {
			case got.principal != nil:
				f.Errorf("%s: %v reaches the handler", name, got.principal)
			case got.Code < 400 || got.Code == http.StatusInternalServerError:
				f.Errorf("%s: status %d, want a refusal: return an *auth.Error, or auth.ErrNotMine", name, got.Code)
			}
		}
	}},
	{"challenges who presents nothing", func(f *fixture) {
		got := f.through(f.request(nil))
		if got.Code != http.StatusUnauthorized || got.principal != nil {
			f.Fatalf("no credential: status %d, %v", got.Code, got.principal)
		}
		challenges := got.Header()["Www-Authenticate"]
		if len(challenges) == 0 {
			f.Error("401 without a challenge (RFC 9110 section 11.6.1)")
		}
		for i, challenge := range challenges {
			if strings.ContainsAny(challenge, "\r\n") || strings.TrimSpace(challenge) == "" {
				f.Errorf("challenge %q", challenge)
			}
			if strings.Contains(challenge, "error=") {
				f.Errorf("an error without a credential (RFC 6750 section 3.1): %s", challenge)
			}
			if i > 0 && strings.HasPrefix(strings.ToLower(challenge), "bearer") {
				f.Errorf("the Bearer challenge is not the first one, which some clients read alone: %q", challenges)
			}
		}
	}},
	{"does not choose between two credentials", func(f *fixture) {
		for _, name := range presents(f.request(f.Good)) {
			r := f.request(f.Good)
			r.Header.Add(name, r.Header.Get(name))
			if got := f.through(r); got.Code != http.StatusBadRequest || got.principal != nil {
				f.Errorf("two lines of %s: status %d, want 400 (RFC 6750 section 3.1)", name, got.Code)
			}
		}
	}},
	{"keeps secrets", func(f *fixture) {
		shown := printed(f.a) // before it is used, since printing what others change is a race
		for name, bear := range f.bearers() {
			secrets := f.secrets(bear)
			p, err := f.a.Authenticate(f.request(bear))
			f.wantNone(name+": the error", fmt.Sprint(err), secrets)
			if p != nil {
				f.wantNone(name+": the printed principal", printed(p), secrets)
			}
			got := f.through(f.request(bear))
			f.wantNone(name+": the answer", fmt.Sprint(got.Header(), got.Body), secrets)
			f.wantNone(name+": the log", got.log, secrets)
			f.wantNone(name+": the printed authenticator", shown, secrets)
		}
	}},
}
