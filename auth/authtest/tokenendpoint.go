package authtest

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// tokens is the token endpoint (RFC 6749 section 3.2).
func (p *Provider) tokens(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	client, ok := p.authenticate(r)
	if !ok {
		p.refuseToken(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	if code := p.tampering.TokenRefusal; code != "" {
		p.refuseToken(w, http.StatusBadRequest, code)
		return
	}
	var s signIn
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		s, ok = p.redeem(client, r)
	case "refresh_token":
		s, ok = p.refresh(client, r)
	default:
		p.refuseToken(w, http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	if !ok || p.disabled[s.user.Subject] {
		p.refuseToken(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	p.writeTokens(w, s, r.PostFormValue("grant_type") == "refresh_token")
}

func (p *Provider) refuseToken(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code}) // the client may be gone
}

// redeem takes a code, once.
func (p *Provider) redeem(c Client, r *http.Request) (signIn, bool) {
	s, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	proved := s.challenge == "" || base64.RawURLEncoding.EncodeToString(sum[:]) == s.challenge
	return s, ok && proved && s.client == c.ID && s.redirect == r.PostFormValue("redirect_uri") && p.opts.Clock().Before(s.at.Add(codeTime))
}

// refresh takes a refresh token; without KeepRefreshTokens the answer has another one.
func (p *Provider) refresh(c Client, r *http.Request) (signIn, bool) {
	token := r.PostFormValue("refresh_token")
	s, ok := p.refreshTokens[token]
	if !ok || s.client != c.ID || p.disabled[s.user.Subject] {
		return s, false
	}
	if !p.opts.KeepRefreshTokens {
		delete(p.refreshTokens, token)
	}
	return s, true
}

// writeTokens answers with new tokens.
func (p *Provider) writeTokens(w http.ResponseWriter, s signIn, again bool) {
	access := randomText()
	p.accessTokens[access] = s
	body := map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": 3600, "scope": strings.Join(s.scopes, " "), "id_token": p.idToken(s, access, again),
	}
	renewable := p.opts.AlwaysRefresh || slices.Contains(s.scopes, "offline_access")
	if renewable && (!again || !p.opts.KeepRefreshTokens) {
		token := randomText()
		p.refreshTokens[token] = s
		body["refresh_token"] = token
	}
	if p.tampering.TokenResponse != nil {
		p.tampering.TokenResponse(body)
	}
	p.writeJSON(w, body)
}

// idToken signs who signed in (OpenID Connect Core section 2). At a refresh there is no nonce.
func (p *Provider) idToken(s signIn, access string, again bool) string {
	now := p.opts.Clock()
	claims := map[string]any{}
	overlay(claims, p.current(s.user).Claims)
	overlay(claims, map[string]any{
		"iss": p.base, "sub": s.user.Subject, "aud": s.client, "iat": now.Unix(), "exp": now.Unix() + 300, "auth_time": s.at.Unix(), "at_hash": p.halfHash(access),
	})
	if s.nonce != "" && !again {
		claims["nonce"] = s.nonce
	}
	if p.tampering.IDToken != nil {
		p.tampering.IDToken(claims)
	}
	key := p.keys[len(p.keys)-1]
	token := jwt.NewWithClaims(key.method, jwt.MapClaims(claims))
	token.Header["kid"] = key.id
	overlay(token.Header, p.tampering.IDTokenHeader)
	signed, err := token.SignedString(key.private)
	if err != nil {
		panic("authtest: " + err.Error())
	}
	if p.tampering.RawIDToken != nil {
		return p.tampering.RawIDToken(signed)
	}
	return signed
}

// halfHash is at_hash (OpenID Connect Core section 3.1.3.6): of SHA-512 for EdDSA, whose curve is Ed25519.
func (p *Provider) halfHash(token string) string {
	if p.opts.Algorithm == "EdDSA" {
		sum := sha512.Sum512([]byte(token))
		return base64.RawURLEncoding.EncodeToString(sum[:32])
	}
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// revoke ends a token (RFC 7009).
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.authenticate(r); !ok {
		p.refuseToken(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	delete(p.refreshTokens, r.PostFormValue("token"))
	delete(p.accessTokens, r.PostFormValue("token"))
}
