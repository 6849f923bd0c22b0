package redisstore

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// A Config is the argument of [New]. URL or Client is needed; everything else has a default.
type Config struct {
	// URL is where the server is: redis://user:password@host:6379/0, rediss:// with TLS, or unix://user:password@/path?db=0. User, password, port and
	// database may be left out. It holds the password, so it never prints.
	URL Secret
	TLS *tls.Config // for rediss; nil checks the server's certificate against the roots of the system

	// Client is the host's own, in place of URL: of a cluster, or one that asks sentinels. It stays open when the Store is closed. Its timeouts, its pool and
	// what it says at the begin of a connection are the host's; it should have ContextTimeoutEnabled.
	Client redis.UniversalClient

	Prefix  string        // of all keys; "" means {zscalermcp}: . In a cluster it needs a hash tag, as that one has
	Timeout time.Duration // longest wait for a command, for a connection too; 0 means 3 seconds
	Lazy    bool          // do not ask the server in New: see [Store.Check]
	Logger  *slog.Logger  // for what Check warns of; nil discards
}

// A ConfigError is one mistake in a [Config]. New returns all of them in one error.
type ConfigError struct {
	Field   string // such as "URL"
	Problem string // what is wrong, and what to do; holds no secret
}

// Error returns the field and the problem.
func (e *ConfigError) Error() string { return "redisstore.Config." + e.Field + " " + e.Problem }

const (
	defaultPrefix  = "{zscalermcp}:"
	defaultTimeout = 3 * time.Second
	maxPrefix      = 64 // bytes
	maxConnections = 64
	bufferBytes    = 8 << 10
	idleTime       = 5 * time.Minute
)

// client judges the configuration and makes the client, which connects at its first command.
func (cfg Config) client() (client redis.UniversalClient, at place, err error) {
	var errs []error
	if cfg.Timeout < 0 {
		errs = append(errs, &ConfigError{"Timeout", "is negative"})
	}
	if len(cfg.Prefix) > maxPrefix {
		errs = append(errs, &ConfigError{"Prefix", fmt.Sprintf("has %d bytes, at most %d", len(cfg.Prefix), maxPrefix)})
	}
	if cfg.Client != nil {
		errs = append(errs, cfg.checkClient()...)
		return cfg.Client, place{label: "a client of the host's own"}, errors.Join(errs...)
	}
	options, err := parseURL(cfg.URL, cfg.TLS)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, place{}, err
	}
	cfg.bound(options)
	return redis.NewClient(options), placeOf(options), nil
}

// checkClient judges what comes with a client of the host's own.
func (cfg Config) checkClient() (errs []error) {
	if v := reflect.ValueOf(cfg.Client); v.Kind() == reflect.Pointer && v.IsNil() {
		errs = append(errs, &ConfigError{"Client", "is a nil pointer"})
	}
	if cfg.URL != "" || cfg.TLS != nil {
		errs = append(errs, &ConfigError{"Client", "is given, and URL or TLS too: use one"})
	}
	switch cfg.Client.(type) {
	case *redis.ClusterClient, *redis.Ring:
		if !hasTag(cfg.Prefix) {
			errs = append(errs, &ConfigError{"Prefix", fmt.Sprintf("is %q, which has no hash tag: in a cluster all keys must be in one slot; write it as {name}:", cfg.Prefix)})
		}
	}
	return errs
}

// hasTag reports whether keys with this prefix are in one slot of a cluster.
func hasTag(prefix string) bool {
	_, rest, opened := strings.Cut(prefix, "{")
	return opened && strings.Index(rest, "}") > 0
}

// bound gives everything a deadline and a limit. Nothing is retried: see the essay of the package.
func (cfg Config) bound(o *redis.Options) {
	o.MaxRetries, o.DialerRetries = -1, 1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = cfg.Timeout, cfg.Timeout, cfg.Timeout, cfg.Timeout
	o.ContextTimeoutEnabled = true
	o.PoolSize, o.MaxActiveConns, o.ConnMaxIdleTime = maxConnections, maxConnections, idleTime
	o.ReadBufferSize, o.WriteBufferSize = bufferBytes, bufferBytes
	// A new connection says HELLO with user and password and no more: each further command would be a round trip, and one to permit.
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

func (cfg Config) withDefaults() Config {
	cfg.Prefix, cfg.Timeout = cmp.Or(cfg.Prefix, defaultPrefix), cmp.Or(cfg.Timeout, defaultTimeout)
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	return cfg
}
