package oidcproxy

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	accessTokenType = "at+jwt" // RFC 9068 section 2.1
	accessTokenUse  = "mcp-access"
	maxSkew         = 60 * time.Second // of replicas' clocks
)

// accessClaims are those of an access token (RFC 9068 section 2.2), and by which grant it is.
type accessClaims struct {
	Issuer    string `json:"iss"`
	Subject   string `json:"sub"`
	Audience  string `json:"aud"`
	ClientID  string `json:"client_id"`
	Scope     string `json:"scope,omitempty"`
	ID        string `json:"jti"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp"`
	AuthTime  int64  `json:"auth_time"`

	Use      string `json:"token_use"`
	Provider string `json:"idp"` // who vouches for sub
	Grant    string `json:"gid"`
	Epoch    uint32 `json:"epo,omitempty"`
}

// mint signs an access token.
func (p *Provider) mint(g grant, scopes []string, now time.Time, lasts time.Duration) (string, error) {
	key := p.signing[0]
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, accessClaims{
		Issuer: p.issuer, Subject: g.Subject, Audience: p.resource, ClientID: g.Label, Scope: strings.Join(scopes, " "), ID: randomText()[:22],
		IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(lasts).Unix(), AuthTime: g.SignIn,
		Use: accessTokenUse, Provider: g.Issuer, Grant: base64.RawURLEncoding.EncodeToString([]byte(g.id)), Epoch: g.Epoch,
	})
	token.Header["typ"], token.Header["kid"] = accessTokenType, key.id
	return token.SignedString(key.private)
}

var (
	errForeignToken = errors.New("the token was not issued here")
	errBadToken     = errors.New("the token is not a valid access token for this resource")
)

// parseAccessToken verifies a token of ours (R123). What is cheap comes first (R157): a token without one of our key ids costs no signature.
func (p *Provider) parseAccessToken(token string) (accessClaims, error) {
	var claims accessClaims
	_, err := p.parser.ParseWithClaims(token, &claims, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		for _, key := range p.signing {
			if key.id == kid {
				return p.mayVerify(t, claims, key)
			}
		}
		return nil, errForeignToken
	})
	if err != nil {
		return claims, err
	}
	return claims, nil
}

// mayVerify judges header and claims, before the signature.
func (p *Provider) mayVerify(t *jwt.Token, claims accessClaims, key signingKey) (any, error) {
	now := p.now()
	earliest := now.Add(maxSkew).Unix()
	switch {
	case t.Header["typ"] != accessTokenType, len(t.Header) != 3, // no crit, zip, jku or whatever
		claims.Issuer != p.issuer, claims.Audience != p.resource, claims.Use != accessTokenUse,
		claims.Subject == "", claims.ClientID == "", claims.ID == "", claims.Grant == "", claims.Provider == "",
		claims.IssuedAt > earliest, claims.NotBefore > earliest, claims.Expires <= now.Unix():
		return nil, errBadToken
	}
	return key.private.Public().(ed25519.PublicKey), nil
}

// The methods of jwt.Claims, which the parser is told not to use.

func (c *accessClaims) date(seconds int64) (*jwt.NumericDate, error) {
	return jwt.NewNumericDate(time.Unix(seconds, 0)), nil
}

// GetExpirationTime implements [jwt.Claims].
func (c accessClaims) GetExpirationTime() (*jwt.NumericDate, error) { return c.date(c.Expires) }

// GetIssuedAt implements [jwt.Claims].
func (c accessClaims) GetIssuedAt() (*jwt.NumericDate, error) { return c.date(c.IssuedAt) }

// GetNotBefore implements [jwt.Claims].
func (c accessClaims) GetNotBefore() (*jwt.NumericDate, error) { return c.date(c.NotBefore) }

// GetIssuer implements [jwt.Claims].
func (c accessClaims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject implements [jwt.Claims].
func (c accessClaims) GetSubject() (string, error) { return c.Subject, nil }

// GetAudience implements [jwt.Claims].
func (c accessClaims) GetAudience() (jwt.ClaimStrings, error) {
	return jwt.ClaimStrings{c.Audience}, nil
}
