package oidcproxy

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Cookies hold random values, one of a sign-in also when it was set, and that of remembered consent sealed hashes (R70). In a browser __Host- keeps other hosts and plain HTTP from setting them (R68).
const (
	browserCookieName = "zscalermcp-b"
	signInCookieName  = "zscalermcp-t-" // and a part of the hash of the state
	browserCookieTime = 30 * time.Minute
	maxSignInCookies  = 8 // of one browser (R69)
	secretLength      = 43
)

// browserCookie returns the value of the cookie that tells browsers apart, and sets it (again).
func (p *Provider) browserCookie(w http.ResponseWriter, r *http.Request) string {
	value, ok := p.browser(r)
	if !ok {
		value = randomText()
	}
	_, remembers := p.cookie(r, rememberCookieName)
	p.setCookie(w, browserCookieName, value, p.browserLasts(remembers))
	return value
}

// browser reads that cookie.
func (p *Provider) browser(r *http.Request) (string, bool) {
	value, ok := p.cookie(r, browserCookieName)
	return value, ok && len(value) == secretLength && isChallenge(value)
}

// cookie returns the value of a cookie that was sent once: of two, somebody else may have set one (D53).
func (p *Provider) cookie(r *http.Request, name string) (string, bool) {
	cookies := r.CookiesNamed(p.cookiePrefix + name)
	if len(cookies) != 1 {
		return "", false
	}
	return cookies[0].Value, true
}

// setCookie sets a cookie, or deletes it with a time of 0 or less.
func (p *Provider) setCookie(w http.ResponseWriter, name, value string, lasts time.Duration) {
	cookie := &http.Cookie{
		Name: p.cookiePrefix + name, Value: value, Path: "/", HttpOnly: true, Secure: p.cookiePrefix != "", SameSite: http.SameSiteLaxMode,
		MaxAge: int(lasts / time.Second),
	}
	if lasts <= 0 {
		cookie.MaxAge = -1
	}
	w.Header().Add("Set-Cookie", cookie.String())
}

// signInName is the cookie of the sign-in with this state.
func signInName(state string) string { return signInCookieName + hashOf("cookie", state)[:11] }

// setSignInCookie binds a sign-in to this browser, with a new value each time (R64), and drops the oldest of too many.
func (p *Provider) setSignInCookie(w http.ResponseWriter, r *http.Request, state, secret string) {
	type sent struct {
		name string
		at   int64
	}
	var all []sent
	for _, cookie := range r.Cookies() {
		name, ours := strings.CutPrefix(cookie.Name, p.cookiePrefix)
		if ours && strings.HasPrefix(name, signInCookieName) {
			set, _, _ := strings.Cut(cookie.Value, ".")
			at, _ := strconv.ParseInt(set, 36, 64)
			all = append(all, sent{name, at})
		}
	}
	slices.SortFunc(all, func(a, b sent) int { return cmp.Compare(b.at, a.at) })
	for i := maxSignInCookies - 1; i < len(all) && i < 4*maxSignInCookies; i++ {
		p.setCookie(w, all[i].name, "", 0)
	}
	p.setCookie(w, signInName(state), strconv.FormatInt(p.now().Unix(), 36)+"."+secret, p.cfg.Lifetimes.SignIn)
}

// signInSecret reads the value that setSignInCookie has set.
func (p *Provider) signInSecret(r *http.Request, state string) (string, bool) {
	value, ok := p.cookie(r, signInName(state))
	_, secret, found := strings.Cut(value, ".")
	return secret, ok && found && len(secret) == secretLength
}
