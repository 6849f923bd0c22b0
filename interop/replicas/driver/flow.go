package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	clientCB = "http://127.0.0.1/callback" // of the client, where nobody is sent: the driver reads where to
	verifier = "a-verifier-of-forty-three-characters-or-more-0123"
)

func (f *flow) register(ctx context.Context) error {
	metadata := fmt.Sprintf(`{"client_name":"Test app","redirect_uris":[%q]}`, clientCB)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, issuer+"/register", strings.NewReader(metadata))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", program)
	a, err := f.sendTo(req)
	if err == nil {
		err = want("register", a, http.StatusCreated)
	}
	if err != nil {
		return err
	}
	var members struct {
		ClientID string `json:"client_id"`
	}
	err = json.Unmarshal([]byte(a.body), &members)
	f.client = members.ClientID
	return err
}

func (f *flow) authorize(ctx context.Context) error {
	sum := sha256.Sum256([]byte(verifier))
	asked := url.Values{
		"response_type": {"code"}, "client_id": {f.client}, "redirect_uri": {clientCB}, "state": {"client-state"}, "scope": {"mcp:read"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}, "resource": {resource},
	}
	a, err := f.browse(ctx, http.MethodGet, "/authorize?"+asked.Encode(), nil)
	if err == nil {
		err = want("authorize", a, http.StatusOK)
	}
	if err != nil {
		return err
	}
	return found(hiddenField, a, &f.field)
}

// consent allows, and goes on to the identity provider, which sends the browser back.
func (f *flow) consent(ctx context.Context) error {
	a, err := f.browse(ctx, http.MethodPost, "/consent", url.Values{"request": {f.field}, "action": {"approve"}})
	if err == nil {
		err = want("consent", a, http.StatusOK)
	}
	if err == nil {
		err = found(linkField, a, &f.link)
	}
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.link, nil)
	if err != nil {
		return err
	}
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 20 * time.Second}
	resp, err := browser.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	var ok bool
	if f.back, ok = strings.CutPrefix(resp.Header.Get("Location"), issuer); !ok {
		return fmt.Errorf("the identity provider answers %d", resp.StatusCode)
	}
	return nil
}

func (f *flow) callback(ctx context.Context) error {
	a, err := f.browse(ctx, http.MethodGet, f.back, nil)
	if err == nil {
		err = want("callback", a, http.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	to, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		return err
	}
	if q := to.Query(); q.Get("code") == "" { // the client is told
		return &unexpected{what: "callback", status: a.StatusCode, code: q.Get("error"), body: to.String()}
	}
	f.code = to.Query().Get("code")
	return nil
}

// tokens asks the token endpoint.
func (f *flow) tokens(ctx context.Context, what string, form url.Values) error {
	a, err := f.send(ctx, http.MethodPost, "/token", form, program)
	if err == nil {
		err = want(what, a, http.StatusOK)
	}
	if err != nil {
		return err
	}
	var members struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	if err := json.Unmarshal([]byte(a.body), &members); err != nil {
		return err
	}
	f.w.ledger.add(form.Get("code"), form.Get("refresh_token"), members.Access, members.Refresh)
	f.access, f.retired, f.refresh = members.Access, f.refresh, members.Refresh
	return nil
}

func (f *flow) redeem(ctx context.Context) error {
	return f.tokens(ctx, "token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {f.client}, "code": {f.code}, "redirect_uri": {clientCB}, "code_verifier": {verifier}, "resource": {resource},
	})
}

// renew redeems the refresh token.
func (f *flow) renew(ctx context.Context) error {
	return f.tokens(ctx, "refresh", url.Values{"grant_type": {"refresh_token"}, "client_id": {f.client}, "refresh_token": {f.refresh}})
}

// revoke ends the grant.
func (f *flow) revoke(ctx context.Context) error {
	a, err := f.send(ctx, http.MethodPost, "/revoke", url.Values{"client_id": {f.client}, "token": {f.refresh}}, program)
	if err != nil {
		return err
	}
	return want("revoke", a, http.StatusOK)
}

func (f *flow) call(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, resource, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+f.access)
	a, err := f.sendTo(req)
	if err != nil {
		return err
	}
	return want("call", a, http.StatusOK)
}
