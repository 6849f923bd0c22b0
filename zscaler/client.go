package zscaler

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// A Client is the [Doer] for a tenant behind OneAPI. It is safe for concurrent use. It starts
// goroutines only while a token is fetched; [Client.Close] ends and awaits them.
type Client struct {
	credentials Credentials
	gateway     *url.URL
	base        string // gateway as text
	http        *http.Client
	ownHTTP     bool
	log         *slog.Logger
	userAgent   string

	timeout, maxWait time.Duration
	maxAttempts      int
	maxBody          int64

	tokens tokenSource
	cache  *tokenCache // that tokens is, unless a caller's token is used
	login  authenticator
	limits *limiter
	locks  map[string]chan struct{} // one slot each; the map is never modified

	objects *objectLocks
}

var _ Doer = (*Client)(nil)

// New returns a client for the tenant that cfg describes. It makes no network call and starts no
// goroutine. Its error joins every mistake in cfg, each a [*ConfigError].
func New(cfg Config) (*Client, error) {
	cfg, h, err := cfg.complete()
	var key *rsa.PrivateKey
	if source := cfg.Credentials.PrivateKey.Reveal(); source != "" {
		var keyErr error
		key, keyErr = privateKey(source)
		err = errors.Join(err, keyErr)
	}
	if err != nil {
		return nil, err
	}
	c := &Client{
		credentials: cfg.Credentials, gateway: h.gateway, base: h.gateway.String(),
		http: httpClient(cfg.HTTPClient), ownHTTP: cfg.HTTPClient == nil,
		log: cfg.Logger, userAgent: cfg.UserAgent,
		timeout: cfg.Timeout, maxWait: cfg.MaxWait, maxAttempts: cfg.MaxAttempts, maxBody: cfg.MaxBodyBytes,
		limits: newLimiter(cfg.Limits, cfg.MaxWait),
		locks:  make(map[string]chan struct{}), objects: newObjectLocks(),
	}
	for _, name := range []string{"zia", "ztw", "zpa-policy"} {
		c.locks[name] = make(chan struct{}, 1)
	}
	c.login = authenticator{url: h.token, http: tokenHTTPClient(c.http, c.userAgent), maxAttempts: cfg.MaxAttempts, maxWait: cfg.MaxWait}
	own := c.login
	own.clientID, own.secret, own.key = cfg.Credentials.ClientID, cfg.Credentials.ClientSecret, key
	fetch := own.token
	if cfg.CallersOnly {
		fetch = noCredentials
	}
	c.cache = newTokenCache(fetch)
	c.tokens = c.cache
	// The key and the secret live on in the authenticator alone.
	c.credentials.ClientSecret, c.credentials.PrivateKey = "", ""
	return c, nil
}

// Token returns an access token that is good for now, from the cache or from the token endpoint. One
// fetch serves all who wait for it; ctx bounds only this caller's wait.
func (c *Client) Token(ctx context.Context) (Secret, error) {
	token, err := c.tokens.get(ctx)
	return Secret(token), err
}

// Setting implements [Doer]. Its error is a [*ConfigError].
func (c *Client) Setting(name string) (string, error) {
	var value, field, env string
	switch name {
	case CustomerID:
		value, field, env = c.credentials.CustomerID, "CustomerID", "ZSCALER_CUSTOMER_ID"
	case ZCellCustomerID:
		value, field, env = c.credentials.ZCellCustomerID, "ZCellCustomerID", "ZCELL_CUSTOMER_ID"
	case MicrotenantID:
		return c.credentials.MicrotenantID, nil
	default:
		return "", fmt.Errorf("zscaler: no setting is named %q", name)
	}
	if value == "" {
		return "", &ConfigError{Field: "Credentials." + field, Env: env, Problem: "is not set, and this call needs it: configure it and start again"}
	}
	return value, nil
}

// Close ends a token fetch that is under way, waits for it, and drops idle connections that are the
// client's own. Later calls return an error. It is safe to call twice.
func (c *Client) Close() error {
	c.cache.close()
	if c.ownHTTP {
		c.http.CloseIdleConnections()
	}
	return nil
}

// LogValue implements [slog.LogValuer]: which tenant, without credentials. Like Format it also covers
// a dereferenced client, which fmt would otherwise walk through, token included.
func (c Client) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("gateway", c.base),
		slog.String("vanity_domain", c.credentials.VanityDomain),
		slog.String("client_id", c.credentials.ClientID),
	)
}

// Format implements [fmt.Formatter]; no verb shows more than the gateway.
func (c Client) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "zscaler.Client("+c.base+")")
}

// httpClient returns a copy of injected, or a client of its own, that follows no redirect, since the next
// host would receive the token, and keeps no cookies, which would be one caller's in the requests of another.
func httpClient(injected *http.Client) *http.Client {
	hc := &http.Client{Transport: newTransport()}
	if injected != nil {
		own := *injected
		hc = &own
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	hc.Jar = nil
	return hc
}

// newTransport honours the proxy environment. An answer may take longer than the 30 seconds for
// which ZIA blocks a write under an edit lock.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  75 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// tokenHTTPClient returns a client that adds the headers which the token endpoint wants.
func tokenHTTPClient(hc *http.Client, userAgent string) *http.Client {
	own := *hc
	next := own.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	own.Transport = roundTripper(func(req *http.Request) (*http.Response, error) {
		req = req.Clone(req.Context())
		req.Header.Set("Accept", "application/json")
		req.Header.Set("User-Agent", userAgent)
		return next.RoundTrip(req)
	})
	return &own
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
