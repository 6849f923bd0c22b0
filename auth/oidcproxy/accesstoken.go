package oidcproxy

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

const (
	accessTokenType = "at+jwt" // RFC 9068 section 2.1
	accessTokenUse  = "mcp-access"
	maxSkew         = 60 * time.Second // of replicas' clocks
)

// mint signs an access token.
func (p *Provider) mint(g grant, scopes []string, now time.Time, lasts time.Duration) (string, error) {
	claims, err := json.Marshal(accessClaims{
		Issuer: p.issuer, Subject: g.Subject, Audience: p.resource, ClientID: g.Label, Scope: strings.Join(scopes, " "), ID: randomText()[:22],
		IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(lasts).Unix(), AuthTime: g.SignIn,
		Use: accessTokenUse, Provider: g.Issuer, Grant: base64.RawURLEncoding.EncodeToString([]byte(g.id)), Epoch: g.Epoch,
	})
	if err != nil {
		return "", err
	}
	key := p.signing[0]
	signed := key.header + "." + base64.RawURLEncoding.EncodeToString(claims)
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key.private, []byte(signed))), nil
}

var (
	errForeignToken = errors.New("the token was not issued here")
	errBadToken     = errors.New("the token is not a valid access token for this resource")
)

// parseAccessToken verifies a token of ours (R123). Ours have one of a few headers, byte for byte: whatever has another one was not issued here, and costs
// neither decoding nor a signature (R157).
func (p *Provider) parseAccessToken(token string) (accessClaims, error) {
	var claims accessClaims
	header, rest, _ := strings.Cut(token, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	i := slices.IndexFunc(p.signing, func(key signingKey) bool { return key.header == header })
	if i < 0 || len(token) > maxAccessToken {
		return claims, errForeignToken
	}
	data, err := strictBase64.DecodeString(payload)
	if err != nil || claims.read(data) != nil || !p.accepts(&claims) {
		return claims, errBadToken
	}
	if claims.Expires <= p.now().Unix() {
		return claims, errExpired
	}
	mac, err := strictBase64.DecodeString(signature)
	if err != nil || !ed25519.Verify(p.signing[i].public, []byte(token[:len(header)+1+len(payload)]), mac) {
		return claims, errBadToken
	}
	return claims, nil
}

const maxAccessToken = 16 << 10 // R127

// strictBase64 has one spelling for each value.
var strictBase64 = base64.RawURLEncoding.Strict()

// accepts judges the claims, but for the end.
func (p *Provider) accepts(claims *accessClaims) bool {
	earliest := p.now().Add(maxSkew).Unix()
	return claims.Issuer == p.issuer && claims.Audience == p.resource && claims.Use == accessTokenUse &&
		claims.Subject != "" && claims.ClientID != "" && claims.ID != "" && claims.Grant != "" && claims.Provider != "" &&
		claims.IssuedAt <= earliest && claims.NotBefore <= earliest
}
