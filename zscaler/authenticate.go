package zscaler

import (
	"context"
	"crypto/rsa"
	"errors"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// An authenticator gets access tokens with the client-credentials grant (RFC 6749 section 4.4).
type authenticator struct {
	clientID    string
	secret      Secret
	key         *rsa.PrivateKey // wins over secret
	url         string
	http        *http.Client
	maxAttempts int
	maxWait     time.Duration
}

// token asks the endpoint, again after 429, 5xx and transport failures: the request changes nothing.
// It never repeats refused credentials.
func (a *authenticator) token(ctx context.Context) (*accessToken, error) {
	for attempt := 1; ; attempt++ {
		token, err := a.once(ctx)
		if err == nil {
			return token, nil
		}
		wait, again := a.retry(err, attempt)
		if !again || attempt >= a.maxAttempts || wait > a.maxWait || !fits(ctx, wait) || sleep(ctx, wait) != nil {
			return nil, err
		}
	}
}

func (a *authenticator) retry(err error, attempt int) (time.Duration, bool) {
	if api := (*APIError)(nil); errors.As(err, &api) {
		return max(api.RetryAfter, backoff(attempt)), api.Temporary()
	}
	return backoff(attempt), errors.As(err, new(*NetworkError))
}

// tokenRequestTimeout bounds one request: on a connection that went dead with an endpoint, nobody waits longer once it answers again.
const tokenRequestTimeout = 15 * time.Second

// once sends one token request. The error never wraps that of oauth2, whose text holds the answer.
func (a *authenticator) once(ctx context.Context) (*accessToken, error) {
	params := url.Values{}
	secret := a.secret.Reveal()
	if a.key != nil {
		var err error
		if params, err = assertion(a.clientID, a.key, time.Now()); err != nil {
			return nil, err
		}
		secret = ""
	}
	params.Set("audience", audience)
	conf := clientcredentials.Config{
		ClientID: a.clientID, ClientSecret: secret, TokenURL: a.url,
		EndpointParams: params, AuthStyle: oauth2.AuthStyleInParams,
	}
	ctx, cancel := context.WithTimeout(ctx, tokenRequestTimeout)
	defer cancel()
	asked := time.Now()
	t, err := conf.Token(context.WithValue(ctx, oauth2.HTTPClient, a.http))
	if err != nil {
		return nil, a.failure(err)
	}
	if !all(t.AccessToken, func(b byte) bool { return b > ' ' && b < 0x7f }) {
		return nil, a.badAnswer(http.StatusOK)
	}
	return newAccessToken(t.AccessToken, t.Expiry, asked), nil
}

// failure turns an error of oauth2 into one of ours.
func (a *authenticator) failure(err error) error {
	if errors.As(err, new(*url.Error)) {
		return &NetworkError{
			Service: TokenService, Method: http.MethodPost, Path: a.path(), Host: a.host(),
			Attempts: 1, Err: withoutURL(err),
		}
	}
	refused := (*oauth2.RetrieveError)(nil)
	if !errors.As(err, &refused) {
		return a.badAnswer(http.StatusOK)
	}
	status := refused.Response.StatusCode
	if status < 300 && refused.ErrorCode == "" || status >= 300 && status < 400 {
		return a.badAnswer(status)
	}
	e := decodeError(TokenService, status, refused.Response.Header, refused.Body)
	if refused.ErrorCode != "" {
		e.Code, e.Message = clean(refused.ErrorCode), clean(refused.ErrorDescription)
	}
	if status < 300 {
		e.kind = KindCredentials // refused in the body of a 200
	}
	e.Method, e.Path, e.Attempts = http.MethodPost, a.path(), 1
	return a.scrub(e)
}

// scrub removes the secret, should the endpoint have echoed it.
func (a *authenticator) scrub(e *APIError) *APIError {
	e.scrub(a.secret.Reveal(), redacted)
	return e
}

func (a *authenticator) badAnswer(status int) *APIError {
	return &APIError{
		Service: TokenService, Method: http.MethodPost, Path: a.path(), Status: status,
		Message: "the answer is not that of a token endpoint", Attempts: 1, kind: KindBadAnswer,
	}
}

func (a *authenticator) path() string {
	return urlPart(a.url, func(u *url.URL) string { return u.Path })
}
func (a *authenticator) host() string {
	return urlPart(a.url, func(u *url.URL) string { return u.Host })
}

func urlPart(raw string, part func(*url.URL) string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return part(u)
}
