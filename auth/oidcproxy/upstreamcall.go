package oidcproxy

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/remote"
	"github.com/org/zscalermcp/internal/strictjson"
)

const (
	maxUpstreamBody  = 1 << 20 // R86
	methodPrivateKey = "private_key_jwt"
	assertionTime    = time.Minute
)

// post sends a form as our application.
func (u *upstream) post(ctx context.Context, meta upstreamMetadata, to string, form url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, remote.Timeout)
	defer cancel()
	secret := u.cfg.ClientSecret
	if u.cfg.SecretSource != nil {
		var err error
		if secret, err = u.cfg.SecretSource(ctx); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	method := u.authMethod()
	switch method {
	case methodPost:
		form.Set("client_id", u.cfg.ClientID)
		form.Set("client_secret", string(secret))
	case methodPrivateKey:
		assertion, err := u.assertion(ctx, meta)
		if err != nil {
			return nil, err
		}
		form.Set("client_id", u.cfg.ClientID)
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", assertion)
	case methodNone:
		form.Set("client_id", u.cfg.ClientID)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	if method == methodBasic { // both parts encoded, RFC 6749 section 2.3.1
		r.SetBasicAuth(url.QueryEscape(u.cfg.ClientID), url.QueryEscape(string(secret)))
	}
	return u.do(r)
}

// authMethod is how we authenticate.
func (u *upstream) authMethod() string {
	switch {
	case u.cfg.AuthMethod != "":
		return u.cfg.AuthMethod
	case u.cfg.PrivateKey != nil:
		return methodPrivateKey
	case u.cfg.ClientSecret != "" || u.cfg.SecretSource != nil:
		return methodBasic
	}
	return methodNone
}

// assertion proves who we are with our key (RFC 7523 section 2.2).
func (u *upstream) assertion(ctx context.Context, meta upstreamMetadata) (string, error) {
	now := u.now()
	token := jwt.NewWithClaims(assertionMethod(u.cfg.PrivateKey), jwt.MapClaims{
		"iss": u.cfg.ClientID, "sub": u.cfg.ClientID, "aud": meta.token, "jti": randomText(), "iat": now.Unix(), "exp": now.Add(assertionTime).Unix(),
	})
	if u.cfg.PrivateKeyID != "" {
		token.Header["kid"] = u.cfg.PrivateKeyID
	}
	text, err := token.SigningString()
	if err != nil {
		return "", fmt.Errorf("write the client assertion: %w", err)
	}
	signature, err := u.sign(ctx, text)
	if err != nil {
		return "", fmt.Errorf("%w: the client assertion could not be signed: %w", ErrUnavailable, err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// do sends a request and returns the body of a good answer. Of a bad one, the error code goes into the error, for the log.
func (u *upstream) do(r *http.Request) ([]byte, error) {
	resp, err := u.fetch.Do(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer func() { _ = resp.Body.Close() }()
	var skew time.Duration // none that is known of: what an earlier answer had excuses no later one, and that of a cache is of long ago
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil && resp.Header.Get("Age") == "" {
		skew = u.now().Sub(date)
	}
	u.skew.Store(int64(skew))
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxUpstreamBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	case len(body) > maxUpstreamBody:
		return nil, fmt.Errorf("%w: its answer is too large", errUpstreamRefused)
	case resp.StatusCode == http.StatusOK:
		return body, nil
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		return nil, fmt.Errorf("%w: status %d", ErrUnavailable, resp.StatusCode)
	}
	var answer struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(body, &answer) // the code is a help, no more
	// The user must come again. With 401 it is our application that is denied access: Auth0 says so of a wrong secret.
	if answer.Error == "invalid_grant" || isInteraction(answer.Error) && resp.StatusCode != http.StatusUnauthorized {
		return nil, fmt.Errorf("%w: error %q", errUpstreamDenied, answer.Error)
	}
	return nil, &upstreamRefusal{resp.StatusCode, shortCode(answer.Error)}
}

// An upstreamRefusal is an answer of the identity provider that no try of the user's will change.
type upstreamRefusal struct {
	status int
	code   string // fit for a log
}

func (e *upstreamRefusal) Error() string {
	return fmt.Sprintf("%v: status %d, error %q", errUpstreamRefused, e.status, e.code)
}

func (e *upstreamRefusal) Unwrap() error { return errUpstreamRefused }

// shortCode is an error code fit for a log: a provider may put anything there.
func shortCode(code string) string {
	if code = lexical.Plain(code); len(code) > 64 || strings.ContainsFunc(code, func(c rune) bool { return !isUnreserved(c) }) {
		return "(no code)"
	}
	return code
}

// parseTokens reads the answer of a token endpoint (RFC 6749 section 5.1).
func parseTokens(body []byte) (UpstreamTokens, int64, error) {
	members, err := strictjson.Object(body)
	if err != nil {
		return UpstreamTokens{}, 0, fmt.Errorf("%w: its answer is not one JSON object", errUpstreamRefused)
	}
	claims := Claims(members)
	t := UpstreamTokens{
		AccessToken: auth.Secret(claims.Text("access_token")), IDToken: auth.Secret(claims.Text("id_token")),
		RefreshToken: auth.Secret(claims.Text("refresh_token")), Scope: claims.Text("scope"), ExpiresIn: claims.seconds("expires_in"),
	}
	if t.AccessToken == "" {
		return t, 0, fmt.Errorf("%w: its answer has no access token", errUpstreamRefused)
	}
	return t, claims.seconds("refresh_expires_in"), nil
}

// seconds is a number of seconds, which some providers send as text; 0 if there is none.
func (c Claims) seconds(name string) int64 {
	var number json.Number
	if json.Unmarshal(c[name], &number) != nil {
		return 0
	}
	n, err := number.Int64()
	if err != nil || n < 0 || n > 1<<32 {
		return 0
	}
	return n
}

// claimsOf reads a JSON object of claims.
func claimsOf(body []byte) (Claims, error) {
	members, err := strictjson.Object(body)
	if err != nil {
		return nil, fmt.Errorf("%w: its claims are not one JSON object", errUpstreamRefused)
	}
	return Claims(members), nil
}
