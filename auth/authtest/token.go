package authtest

import (
	"crypto/subtle"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Mint returns an access token (RFC 9068) with these claims, signed with the current key. iss, sub, iat, exp (in an hour) and jti are
// filled in where claims has none; a nil value leaves a claim out. It panics for claims that are no JSON.
func (p *Provider) Mint(claims map[string]any) string { return p.MintWith(nil, claims) }

// MintWith is Mint with members of the header replaced, or left out where the value is nil. The signature covers them as they are.
func (p *Provider) MintWith(header, claims map[string]any) string {
	p.mu.Lock()
	key := p.keys[len(p.keys)-1]
	p.mu.Unlock()
	token := jwt.NewWithClaims(key.method, jwt.MapClaims(p.complete(claims)))
	token.Header["kid"], token.Header["typ"] = key.id, "at+jwt"
	overlay(token.Header, header)
	signed, err := token.SignedString(key.private)
	if err != nil {
		panic("authtest: " + err.Error())
	}
	return signed
}

// MintOpaque returns a token that says nothing by itself; introspection tells its claims.
func (p *Provider) MintOpaque(claims map[string]any) string {
	token := randomText()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opaque[token] = p.complete(claims)
	return token
}

// Revoke makes introspection call a token inactive.
func (p *Provider) Revoke(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.revoked[token] = true
}

func (p *Provider) complete(claims map[string]any) map[string]any {
	now := p.opts.Clock()
	all := map[string]any{
		"iss": p.base, "sub": "user", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "jti": randomText(),
	}
	overlay(all, claims)
	return all
}

// overlay copies members; nil ones are removed.
func overlay(target, members map[string]any) {
	for name, value := range members {
		target[name] = value
		if value == nil {
			delete(target, name)
		}
	}
}

// introspect answers RFC 7662 requests of the one client.
func (p *Provider) introspect(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	id, idErr := url.QueryUnescape(id) // RFC 6749 section 2.3.1
	secret, secretErr := url.QueryUnescape(secret)
	known := subtle.ConstantTimeCompare([]byte(id+"\x00"+secret), []byte(p.ClientID+"\x00"+p.ClientSecret)) == 1
	if idErr != nil || secretErr != nil || !known {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	p.writeJSON(w, p.introspection(r.PostFormValue("token")))
}

func (p *Provider) introspection(token string) map[string]any {
	p.mu.Lock()
	defer p.mu.Unlock()
	inactive := map[string]any{"active": false}
	claims, ok := p.opaque[token]
	if !ok {
		claims = p.verified(token)
	}
	exp, _ := claims["exp"].(int64)
	if seconds, ok := claims["exp"].(float64); ok {
		exp = int64(seconds)
	}
	if claims == nil || p.revoked[token] || exp <= p.opts.Clock().Unix() {
		return inactive
	}
	answer := maps.Clone(claims)
	answer["active"] = true
	return answer
}

// verified returns the claims of a token that a published key has signed, or nil.
func (p *Provider) verified(token string) map[string]any {
	claims := jwt.MapClaims{}
	for _, key := range p.keys {
		_, err := jwt.NewParser(jwt.WithoutClaimsValidation()).ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return key.private.Public(), nil })
		if err == nil {
			return claims
		}
	}
	return nil
}
