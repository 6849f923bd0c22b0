package zscalermcp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/zscaler"
)

// An Option configures a [Server]. [New] reports the mistakes of all options at once.
type Option func(*config) error

// WithAuth says how callers over HTTP authenticate. The environment's authentication variables are then
// neither read nor judged.
func WithAuth(a auth.Authenticator) Option {
	return func(c *config) error {
		if isNil(a) {
			return errors.New("WithAuth: the Authenticator is nil; to serve HTTP without authentication say WithoutAuth()")
		}
		c.auth = a
		return nil
	}
}

// WithoutAuth admits everyone who can reach the endpoint over HTTP. It is for endpoints that something
// else protects already.
func WithoutAuth() Option {
	return func(c *config) error {
		c.withoutAuth = true
		return nil
	}
}

// WithPolicy says what a caller over HTTP may do, of what the operator offers. Tools that it does not permit are neither
// listed nor callable; where a wider scope would help, the HTTP answer is 403 insufficient_scope. Default: every
// caller may use every offered tool. The policy does not concern stdio.
func WithPolicy(policy auth.Policy) Option {
	return func(c *config) error {
		if isNil(policy) {
			return errors.New("WithPolicy: the Policy is nil")
		}
		c.policy = policy
		return nil
	}
}

// WithCallerCredentials makes tool calls over HTTP use the caller's own OneAPI token instead of the server's, so
// that each caller acts with their own rights. It needs [auth.NewZscaler] with [VerifyCallers]; calls of callers
// who came in another way fail. The server then needs credentials of its own for stdio only.
func WithCallerCredentials() Option {
	return func(c *config) error {
		c.callerCredentials = true
		return nil
	}
}

// WithTrustedProxies names the proxies in front, whose word on the address of a caller is believed. The address
// appears in audit events. (Authenticators that throttle by address have a Proxies setting of their own.)
func WithTrustedProxies(proxies auth.Proxies) Option {
	return func(c *config) error {
		proxies.Prefixes = slices.Clone(proxies.Prefixes)
		c.proxies = &proxies
		if err := proxies.Validate(); err != nil {
			return fmt.Errorf("WithTrustedProxies: %w", err)
		}
		return nil
	}
}

// WithAudit gives the sink of the events of authentication: see [auth.Event]. It is called in the request's
// goroutine, and must be quick and safe for concurrent use. The events are in the log with and without it. Both get the
// same ones: a flood is thinned out, and Event.Suppressed counts those that were left out.
func WithAudit(sink func(context.Context, auth.Event)) Option {
	return func(c *config) error {
		if sink == nil {
			return errors.New("WithAudit: the sink is nil")
		}
		c.audit = sink
		return nil
	}
}

// WithCredentials gives the OneAPI client (ZIdentity API client) that the server calls Zscaler with.
func WithCredentials(credentials zscaler.Credentials) Option {
	return func(c *config) error {
		c.credentials = &credentials
		return nil
	}
}

// WithEndpoints replaces the OneAPI token endpoint and gateway: https, or http on loopback. The rate
// limits of Zscaler's own gateway, which the client keeps to by itself, then do not apply.
func WithEndpoints(endpoints zscaler.Endpoints) Option {
	return func(c *config) error {
		c.endpoints = &endpoints
		return nil
	}
}

// WithHTTPClient replaces the client for requests to OneAPI. It is copied; its redirect policy is not used, since
// the token must not follow a redirect.
func WithHTTPClient(client *http.Client) Option {
	return func(c *config) error {
		if client == nil {
			return errors.New("WithHTTPClient: the client is nil")
		}
		c.httpClient = client
		return nil
	}
}

// WithPublicURL gives the address under which clients reach the endpoint, such as
// https://svc.example.com/zscaler/mcp. Its path is the path that is served. Default: path /mcp.
func WithPublicURL(rawURL string) Option {
	return func(c *config) error {
		c.publicURL = rawURL
		if rawURL == "" {
			return errors.New("WithPublicURL: the URL is empty")
		}
		return nil
	}
}

// WithHealth makes [Server.Mount] serve readiness at path: 200 while ready, 503 while draining.
// [Server.Handler] and [Server.Run] always serve /health, /healthz and /ready.
func WithHealth(path string) Option {
	return func(c *config) error {
		if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "{} ") {
			return fmt.Errorf("WithHealth: %q is not a plain absolute path", path)
		}
		c.healthPath = path
		return nil
	}
}

// WithStore gives the store for state that replicas share. The default is memory, for one process. An
// io.Closer is closed by [Server.Close].
func WithStore(s store.Store) Option {
	return func(c *config) error {
		if isNil(s) {
			return errors.New("WithStore: the Store is nil")
		}
		c.store = s
		return nil
	}
}

// WithLimiter makes the authorization server of the environment's variables (ZSCALER_MCP_AUTH_MODE=authorization-server) count for all replicas together how
// often an address uses its endpoints. The other modes have no such endpoints. The default is to count in each process. Beside [WithAuth] it is a mistake: there
// it is oidcproxy.Config.Limiter.
func WithLimiter(limiter oidcproxy.Limiter) Option {
	return func(c *config) error {
		if isNil(limiter) {
			return errors.New("WithLimiter: the Limiter is nil")
		}
		c.limiter = limiter
		return nil
	}
}

// WithMasterKeys gives the keys (at least 32 random bytes each) that seal what clients carry for the
// server. The first one seals, all of them open, so that keys can be rotated. Replicas need the same
// keys. The default is a key generated at start.
func WithMasterKeys(keys ...[]byte) Option {
	return func(c *config) error {
		c.masterKeys = nil
		for _, key := range keys {
			c.masterKeys = append(c.masterKeys, slices.Clone(key))
		}
		if len(keys) == 0 {
			return errors.New("WithMasterKeys: give at least one key, or leave the option out")
		}
		return nil
	}
}

// WithLogger gives the log. The default discards.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return errors.New("WithLogger: the Logger is nil")
		}
		c.logger = logger
		return nil
	}
}

// WithEnv replaces the look-up of environment variables; nil reads none.
func WithEnv(lookup Lookup) Option {
	return func(c *config) error {
		if lookup == nil {
			lookup = func(string) (string, bool) { return "", false }
		}
		c.lookup = lookup
		return nil
	}
}

// notEmpty refuses a selection of nothing, which means something else than whoever wrote it thought.
func notEmpty(option string, names []string) error {
	if len(names) == 0 {
		return fmt.Errorf("%s names nothing; leave it out", option)
	}
	return nil
}

// isNil reports whether v is nil, or a nil pointer, function or map in an interface.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map:
		return value.IsNil()
	}
	return false
}
