package zscaler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// A Token is an access token of one API client. It never prints itself.
type Token struct {
	Value   Secret
	Expires time.Time // when it ends
}

// maxCallerSecret bounds what a caller may present, in bytes.
const maxCallerSecret = 4 << 10

// ErrRefused is in the error of [Client.Exchange] when the token endpoint has refused the credentials.
var ErrRefused = errors.New("zscaler: the credentials were refused")

// Exchange asks the token endpoint of this client's tenant for a token of another API client, once (RFC 6749 section
// 4.4). Nothing of it is kept. Its error wraps [ErrRefused] when the credentials are wrong; any other says that the endpoint
// could not be asked, and nothing of the credentials.
func (c *Client) Exchange(ctx context.Context, clientID string, secret Secret) (Token, error) {
	if clientID == "" || !headerSafe(clientID) || secret.IsZero() || len(secret) > maxCallerSecret {
		return Token{}, fmt.Errorf("%w: they are not of the form of OneAPI credentials", ErrRefused)
	}
	login := c.login
	login.clientID, login.secret, login.maxAttempts = clientID, secret, 1
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	token, err := login.token(ctx)
	api := (*APIError)(nil)
	switch {
	case err == nil:
		return Token{Value: Secret(token.value), Expires: token.expiry}, nil
	case errors.As(err, &api) && api.refusesCredentials():
		return Token{}, fmt.Errorf("%w: status %d, %q", ErrRefused, api.Status, api.Code) // without advice, which is for the server's own
	}
	return Token{}, err
}

// otherErrors are the codes of a token endpoint (RFC 6749 sections 4.1.2.1 and 5.2, RFC 8628 section 3.5, RFC 8707 section 2) that judge no credentials.
var otherErrors = []string{
	"invalid_request", "unsupported_grant_type", "invalid_scope", "invalid_target", "server_error", "temporarily_unavailable", "slow_down",
}

// refusesCredentials reports whether the answer is the token endpoint's word on the credentials. OneAPI does not document the form of its refusals, so
// any but a web page, which is that of something in between, and any code but one that says something else will do.
func (e *APIError) refusesCredentials() bool {
	switch e.Status {
	case http.StatusUnauthorized:
		return !e.page && !slices.Contains(otherErrors, e.Code)
	case http.StatusBadRequest, http.StatusForbidden:
		return e.object && !slices.Contains(otherErrors, e.Code)
	}
	return false
}

// noCredentials is the token fetch of a client for callers only.
func noCredentials(context.Context) (*accessToken, error) {
	return nil, &ConfigError{Field: "Credentials.ClientID", Env: "ZSCALER_CLIENT_ID",
		Problem: "is not set: this server acts with its callers' credentials only; give it credentials of its own to act without a caller"}
}

// A Caller is the [Doer] of one API client: the tenant as its [Client] has it, with the request rates and locks of all
// its callers, but with the caller's own token and so the caller's own rights. It is safe for concurrent use.
type Caller struct {
	client   Client
	token    *callerToken
	products Entitlements
}

var (
	_ Doer   = (*Caller)(nil)
	_ Locker = (*Caller)(nil)
)

// As returns the tenant as the API client of token t. No other token is ever used for it.
func (c *Client) As(t Token) *Caller {
	own := &callerToken{value: t.Value, expires: t.Expires}
	caller := &Caller{client: *c, token: own, products: entitlements(t.Value.Reveal())}
	caller.client.tokens = own
	return caller
}

// Do implements [Doer]. When the gateway refuses the token the error is an [*APIError] of [KindCredentials].
func (c *Caller) Do(ctx context.Context, req *Request) (*Response, error) {
	return c.client.Do(ctx, req)
}

// Setting implements [Doer] with the tenant's settings.
func (c *Caller) Setting(name string) (string, error) { return c.client.Setting(name) }

// Lock implements [Locker] among all callers of the client.
func (c *Caller) Lock(ctx context.Context, key string) (unlock func(), err error) {
	return c.client.Lock(ctx, key)
}

// Revoked reports whether the gateway has refused the token, or its time is over: the credentials must be checked anew.
func (c *Caller) Revoked() bool { return c.token.refused.Load() || !time.Now().Before(c.token.expires) }

// Covers reports whether the token's entitlements have the service, such as "zia". A token that does not tell covers all: the
// tenant decides in any case.
func (c *Caller) Covers(service string) bool {
	return c.products.Covers(service)
}

// Format implements [fmt.Formatter]; no verb shows the token.
func (c *Caller) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "zscaler.Caller("+c.client.base+")")
}

// LogValue implements [slog.LogValuer] without the token.
func (c *Caller) LogValue() slog.Value {
	return slog.StringValue("zscaler.Caller(" + c.client.base + ")")
}

// A callerToken is a token that cannot be renewed here.
type callerToken struct {
	value   Secret
	expires time.Time
	refused atomic.Bool
}

func (t *callerToken) get(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if t.refused.Load() || !time.Now().Before(t.expires) {
		return "", &APIError{Service: TokenService, Status: http.StatusUnauthorized, kind: KindCredentials,
			Message: "Zscaler no longer accepts the token of your API client: call again, and the server asks for a new one with the credentials that you send"}
	}
	return t.value.Reveal(), nil
}

func (t *callerToken) invalidate(string) { t.refused.Store(true) }
