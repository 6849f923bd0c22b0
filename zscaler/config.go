package zscaler

import (
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// Credentials say which tenant a [Client] acts on, and as which API client.
type Credentials struct {
	// VanityDomain is the first label of the tenant's login host: acme of acme.zslogin.net.
	VanityDomain string
	// Cloud is the OneAPI cloud: "" or production, beta, alpha, gov, govus. It is not a ZIA cloud name.
	Cloud string
	// ClientID is the id of an API client of ZIdentity.
	ClientID string
	// ClientSecret is the API client's secret. PrivateKey wins when both are set.
	ClientSecret Secret
	// PrivateKey is an RSA key of at least 2048 bits: PEM (PKCS #1 or PKCS #8) or a JWK (RFC 7517),
	// either the text itself or the path of a file that holds it.
	PrivateKey Secret
	// CustomerID is the ZPA customer id, which ZPA and ZMS calls need.
	CustomerID string
	// ZCellCustomerID is the ZCell customer id, which ZCell calls need.
	ZCellCustomerID string
	// MicrotenantID selects a ZPA microtenant. It is sent to no other service.
	MicrotenantID string
	// PartnerID is sent as x-partner-id.
	PartnerID string
}

// Endpoints replace the hosts that [Credentials] imply, for a simulated tenant or a gateway of one's
// own. Each is an https URL; http is accepted for loopback addresses and localhost only.
type Endpoints struct {
	TokenURL   string // such as https://acme.zslogin.net/oauth2/v1/token
	GatewayURL string // such as https://api.zsapi.net; a path in it is kept
}

// Config says how to reach a tenant. The zero value of every member but Credentials is usable.
type Config struct {
	Credentials Credentials
	Endpoints   Endpoints
	// HTTPClient sends the requests. Its redirect policy is not used: no redirect is followed, since
	// it would carry the token. Nil means a client that honours the proxy environment.
	HTTPClient *http.Client
	// Logger receives one debug record an attempt, without query, body or credential. Nil: none.
	Logger *slog.Logger
	// UserAgent is sent with every request; "" means zscalermcp.
	UserAgent string
	// Timeout bounds one call with all its waits and attempts; 0 means 2 minutes. It must exceed the
	// 30 seconds for which ZIA blocks a write under an edit lock.
	Timeout time.Duration
	// MaxWait bounds a single wait for a rate limit; 0 means 20 seconds. A longer one is an error that
	// says how long to wait.
	MaxWait time.Duration
	// MaxAttempts bounds how often a call is sent; 0 means 4.
	MaxAttempts int
	// MaxBodyBytes bounds an answer; 0 means 32 MiB.
	MaxBodyBytes int64
	// CallersOnly makes a client without credentials of its own, which acts only through [Client.As]: the
	// client id, secret and key are then not needed, and its own calls fail.
	CallersOnly bool
	// Limits replaces [DefaultLimits] when it is not nil. An empty map switches them off.
	Limits map[Service]Limit
}

// The defaults of Config.
const (
	defaultTimeout      = 2 * time.Minute
	defaultMaxWait      = 20 * time.Second
	defaultMaxAttempts  = 4
	defaultMaxBodyBytes = 32 << 20
	defaultUserAgent    = "zscalermcp"
)

// complete returns cfg with defaults filled in, or every mistake in it joined.
func (cfg Config) complete() (Config, hosts, error) {
	errs := cfg.Credentials.check(!cfg.CallersOnly)
	h, hostErrs := resolveHosts(cfg)
	errs = append(errs, hostErrs...)
	for _, n := range []struct {
		field    string
		negative bool
	}{
		{"Timeout", cfg.Timeout < 0}, {"MaxWait", cfg.MaxWait < 0},
		{"MaxAttempts", cfg.MaxAttempts < 0}, {"MaxBodyBytes", cfg.MaxBodyBytes < 0},
	} {
		if n.negative {
			errs = append(errs, &ConfigError{Field: n.field, Problem: "is negative: leave it 0 for the default"})
		}
	}
	if !headerSafe(cfg.UserAgent) {
		errs = append(errs, &ConfigError{Field: "UserAgent", Problem: "must be printable ASCII"})
	}
	cfg.Timeout = orDefault(cfg.Timeout, defaultTimeout)
	cfg.MaxWait = orDefault(cfg.MaxWait, defaultMaxWait)
	cfg.MaxAttempts = orDefault(cfg.MaxAttempts, defaultMaxAttempts)
	cfg.MaxBodyBytes = orDefault(cfg.MaxBodyBytes, defaultMaxBodyBytes)
	cfg.UserAgent = orDefault(cfg.UserAgent, defaultUserAgent)
	if cfg.Limits == nil {
		cfg.Limits = DefaultLimits()
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return cfg, h, errors.Join(errs...)
}

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
