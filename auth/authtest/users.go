package authtest

import "maps"

// A User is somebody who can sign in at a [Provider]. Claims go into ID tokens and userinfo answers.
type User struct {
	Subject string
	Claims  map[string]any
}

// defaultUser is signed in until SignIn says otherwise.
var defaultUser = User{Subject: "user", Claims: map[string]any{"email": "user@example.com", "email_verified": true, "name": "Test User"}}

// SignIn makes u the one who is signed in at the browser: the authorization endpoint sends the browser back at once.
func (p *Provider) SignIn(u User) {
	u.Claims = maps.Clone(u.Claims)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.user = u
	p.users[u.Subject] = u
}

// Disable ends a user: no sign-in and no refresh works any more, until Enable.
func (p *Provider) Disable(subject string) { p.setDisabled(subject, true) }

// Enable undoes Disable.
func (p *Provider) Enable(subject string) { p.setDisabled(subject, false) }

func (p *Provider) setDisabled(subject string, disabled bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.disabled[subject] = disabled
}

// LiveRefreshTokens counts the refresh tokens that work.
func (p *Provider) LiveRefreshTokens() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.refreshTokens)
}

// Forget drops all codes, tokens and users but the one who is signed in, as a provider of long tests must.
func (p *Provider) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.codes)
	clear(p.accessTokens)
	clear(p.refreshTokens)
	clear(p.users)
}
