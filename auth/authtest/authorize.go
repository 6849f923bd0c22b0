package authtest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A signIn is what a code or a refresh token stands for.
type signIn struct {
	client, redirect, nonce, challenge string
	scopes                             []string
	user                               User
	at                                 time.Time
}

// codeTime is how long a code may be redeemed.
const codeTime = time.Minute

// authorize signs the current user in (RFC 6749 section 3.1). Where the redirect URI is not the application's, nothing is sent there.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	p.mu.Lock()
	defer p.mu.Unlock()
	client, known := p.clients[query.Get("client_id")]
	if !known || !slices.Contains(client.RedirectURIs, query.Get("redirect_uri")) {
		http.Error(w, "the client or its redirect_uri is not registered", http.StatusBadRequest)
		return
	}
	answer := url.Values{}
	if problem := p.problem(query); problem != "" {
		answer.Set("error", problem)
	} else {
		code := randomText()
		p.codes[code] = signIn{
			client: client.ID, redirect: query.Get("redirect_uri"), nonce: query.Get("nonce"), challenge: query.Get("code_challenge"),
			scopes: strings.Fields(query.Get("scope")), user: p.user, at: p.opts.Clock(),
		}
		answer.Set("code", code)
	}
	if state := query.Get("state"); state != "" {
		answer.Set("state", state)
	}
	if !p.opts.NoIssParameter {
		answer.Set("iss", p.base)
	}
	if p.tampering.Callback != nil {
		p.tampering.Callback(answer)
	}
	http.Redirect(w, r, query.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
}

// problem is the error code of a request that cannot be served.
func (p *Provider) problem(query url.Values) string {
	switch {
	case query.Get("response_type") != "code":
		return "unsupported_response_type"
	case !slices.Contains(strings.Fields(query.Get("scope")), "openid"):
		return "invalid_scope"
	case !p.opts.NoPKCE && (query.Get("code_challenge") == "" || query.Get("code_challenge_method") != "S256"):
		return "invalid_request"
	case p.disabled[p.user.Subject]:
		return "access_denied"
	}
	return ""
}

// userInfo answers whoever bears an access token of the token endpoint (OpenID Connect Core section 5.3).
func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.accessTokens[token]
	if !ok || p.disabled[s.user.Subject] {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	claims := maps.Clone(p.current(s.user).Claims)
	if claims == nil {
		claims = map[string]any{}
	}
	claims["sub"] = s.user.Subject
	if p.tampering.UserInfo != nil {
		p.tampering.UserInfo(claims)
	}
	p.writeJSON(w, claims)
}

// current is the user with the claims of now. The caller holds mu.
func (p *Provider) current(u User) User {
	if latest, ok := p.users[u.Subject]; ok {
		return latest
	}
	return u
}
