package auth

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/remote"
	"github.com/org/zscalermcp/internal/strictjson"
)

const maxIntrospection = 64 << 10 // bytes of an answer

// senderStatuses say that the request was at fault, of which the token is the part that varies.
var senderStatuses = []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusRequestHeaderFieldsTooLarge}

// introspectionErrors are the codes that an answer may have (RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 6750 section 3.1).
var introspectionErrors = []string{
	"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "access_denied",
	"unsupported_token_type", "invalid_token", "insufficient_scope", "server_error", "temporarily_unavailable",
}

// ask sends the introspection request (RFC 7662 section 2.1). Its error says that no answer can be had; it never holds the token
// or what came back.
func (i *Introspection) ask(ctx context.Context, token string) (jwtClaims, error) {
	ctx, cancel := context.WithTimeout(ctx, remote.Timeout)
	defer cancel()
	form := url.Values{"token": {token}, "token_type_hint": {"access_token"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, i.cfg.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	// RFC 6749 section 2.3.1: both are form-encoded before they are put together.
	r.SetBasicAuth(url.QueryEscape(i.cfg.ClientID), url.QueryEscape(string(i.cfg.ClientSecret)))
	resp, err := i.fetch.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		i.refused.Do(func() { // at most once a minute
			i.cfg.Logger.ErrorContext(ctx, "the identity provider refuses to answer: check the client id and secret for introspection", "status", resp.StatusCode)
		})
	}
	if !remote.IsJSON(resp.Header.Get("Content-Type")) {
		err := fmt.Errorf("the introspection endpoint answered with status %d and no JSON", resp.StatusCode)
		if slices.Contains(senderStatuses, resp.StatusCode) {
			err = fmt.Errorf("%w: %w", err, errSender)
		}
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxIntrospection+1))
	if err != nil || len(data) > maxIntrospection {
		return nil, errors.New("the answer of the introspection endpoint is too long, or broke off")
	}
	members, err := strictjson.Object(data)
	if err != nil {
		return nil, fmt.Errorf("the introspection endpoint answered with %w", err)
	}
	maps.DeleteFunc(members, func(_ string, value json.RawMessage) bool { return string(value) == "null" }) // as if it were not there
	claims := jwtClaims(members)
	code := claims.firstOf("error")
	if !slices.Contains(introspectionErrors, code) { // it may be anything, such as what was sent
		code = "an error of its own"
	}
	switch {
	case resp.StatusCode == http.StatusBadRequest && code == "unsupported_token_type": // it judges none of this form (RFC 7009 section 2.2.1)
		return jwtClaims{"active": json.RawMessage("false")}, nil
	case slices.Contains(senderStatuses, resp.StatusCode):
		return nil, fmt.Errorf("the introspection endpoint answered with status %d: %s: %w", resp.StatusCode, code, errSender)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the introspection endpoint answered with status %d: %s", resp.StatusCode, code)
	}
	return claims, nil
}

// verdict judges an answer (RFC 7662 section 2.2; R137) and says until when it may be remembered.
func (i *Introspection) verdict(claims jwtClaims, issuer string, now time.Time) (verdict, error) {
	if err := i.checkAnswer(claims, issuer, now); err != nil {
		return verdict{}, err
	}
	issuer, subject := i.identity(claims, issuer)
	p := &Principal{
		Issuer: issuer, Subject: subject, ClientID: claims.firstOf("client_id"), Method: introspectionMethod,
		Scopes: claims.scopes("scope"), Expires: now.Add(introspectionEndless), claims: claims,
	}
	if p.Subject == "" {
		return verdict{}, errors.New("the answer does not say whom the token is about")
	}
	if exp, _ := claims.date("exp"); exp != nil { // checkAnswer has seen it
		p.Expires = exp.Time
	}
	until := now.Add(i.cfg.GoodAge)
	if p.Expires.Before(until) {
		until = p.Expires
	}
	return verdict{principal: p.named(), until: until, cost: 1 + claims.size()/4096}, nil
}

// identity is who the token is about: a user, or a client that acts for itself and has no sub (RFC 9068 section 5 warns of one that is the sub
// of a user). An issuer has no fragment (RFC 8414 section 2), so the two never meet.
func (i *Introspection) identity(claims jwtClaims, issuer string) (string, string) {
	if i.cfg.SubjectClaim == "" && !claims.has("sub") {
		return issuer + "#client", claims.firstOf("client_id")
	}
	return issuer, claims.firstOf(cmp.Or(i.cfg.SubjectClaim, "sub"))
}

func (i *Introspection) checkAnswer(claims jwtClaims, issuer string, now time.Time) error {
	if string(claims["active"]) != "true" {
		return errors.New("the token is not active")
	}
	exp, expErr := claims.date("exp")
	nbf, nbfErr := claims.date("nbf")
	iss, issErr := claims.text("iss")
	kind, kindErr := claims.text("token_type")
	audience, audErr := claims.audience("aud")
	if err := errors.Join(expErr, nbfErr, issErr, kindErr, audErr); err != nil {
		return err
	}
	switch {
	case exp != nil && !now.Before(exp.Time), nbf != nil && now.Add(maxLeeway).Before(nbf.Time):
		return errors.New("the token has expired, or is not valid yet")
	case iss != "" && iss != issuer:
		return fmt.Errorf("the issuer is %q; accepted: %q", lexical.Plain(iss), issuer)
	case kind != "" && !strings.EqualFold(kind, "Bearer") && !strings.EqualFold(kind, "access_token"):
		return errors.New("the token is of another type")
	case isOtherKind(claims), i.cfg.AccessTokens && !i.saysAccessToken(claims, kind, audience):
		return errKind
	case len(i.cfg.Audiences) > 0 && !slices.ContainsFunc(audience, func(aud string) bool { return slices.Contains(i.cfg.Audiences, aud) }):
		return fmt.Errorf("the audience is %q; accepted: %q", lexical.Plain(strings.Join(audience, " ")), i.cfg.Audiences)
	case len(i.cfg.ClientIDs) > 0 && !slices.Contains(i.cfg.ClientIDs, claims.firstOf("client_id")):
		return fmt.Errorf("the client is %q; accepted: %q", lexical.Plain(claims.firstOf("client_id")), i.cfg.ClientIDs)
	}
	return nil
}

// saysAccessToken reports whether an answer says that it is about an access token. Its client_id does not, as it does in a token: it is in answers about
// tokens of every kind.
func (i *Introspection) saysAccessToken(claims jwtClaims, kind string, audience []string) bool {
	client := claims.firstOf("client_id")
	return kind != "" || claims.has("scope", "scp") || claims.firstOf("token_use") == "access" || claims.firstOf("typ") == "Bearer" ||
		client != "" && len(audience) > 0 && !slices.Contains(audience, client)
}
