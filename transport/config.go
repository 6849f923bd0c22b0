package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/address"
)

// Off as the value of a limit of [Config] switches it off. The nesting of messages cannot be without limit: there it means 500.
const Off = -1

// forever is the time limit of what has none.
const forever = 365 * 24 * time.Hour

// Config says what an [Endpoint] serves and where its limits are. Zero limits mean the defaults,
// [Off] none; other negative ones are mistakes.
type Config struct {
	// Server is required. Install other receiving middlewares on it before [New]: those of the
	// endpoint must be the outermost, since they plant the principal and recover panics.
	Server *mcp.Server
	// Auth finds out who calls. Nil admits everyone as one anonymous principal.
	Auth auth.Authenticator
	// Audit and Proxies are those of [auth.MiddlewareConfig].
	Audit   func(context.Context, auth.Event)
	Proxies auth.Proxies
	// Permit refuses a tool call over HTTP before anything runs, for example with 403 insufficient_scope; nil lets all pass. It
	// is asked for every call, with the name that the message has, whether there is such a tool or not.
	Permit func(ctx context.Context, p *auth.Principal, tool string) *auth.Error
	// Sources says from which addresses requests may come; nil means from all. Give it the same Proxies.
	Sources *SourceCheck
	// Hosts says which hosts requests may name. Nil: those that come in over loopback, for example from a proxy on the same machine, may name a loopback host or
	// PublicHost, and are refused as DNS rebinding otherwise; what comes in otherwise may name any host, since that is the affair of the server which embeds the endpoint.
	Hosts *HostCheck
	// AnyHost switches the check of hosts off, the one against DNS rebinding too.
	AnyHost bool
	// PublicHost is the host under which clients reach the endpoint, with or without a port.
	PublicHost string
	// PublicScheme is the scheme to PublicHost; "" means https.
	PublicScheme string
	// AllowedOrigins are the web origins, such as https://app.example.com, whose pages may call the endpoint from a browser (CORS, without
	// cookies); "*" allows all. What pages of others send is refused. See [Endpoint.Origins].
	AllowedOrigins []string
	// Page answers people who open the endpoint's address in a browser: GET and HEAD requests that Fetch Metadata and Accept mark as the navigation to a page,
	// without a credential. It is asked before authentication. Nil: they get what other requests without a credential get.
	Page http.Handler
	// Logger gets what callers are not told. Nil discards.
	Logger *slog.Logger

	AddressRate   Rate // of requests of one address (IPv6: of a network of 64 bits) before authentication; 200 a second after 1000 at once by default, negative for no limit
	PrincipalRate Rate // of requests of one caller; 100 a second after 500 at once by default, without Auth no limit; negative for none

	MaxBodyBytes            int64         // of a request body or a line on stdio; 4 MiB by default
	MaxAnswerBytes          int           // of what a tool, resource or prompt says; 16 MiB by default, what the SDK's clients read
	MaxDepth                int           // nesting of a JSON message; 64 by default
	SessionTimeout          time.Duration // idle time that ends a legacy session; 30 minutes by default
	MaxSessions             int           // legacy sessions in all, and as many streams (GET, subscriptions/listen); 1000 by default
	MaxSessionsPerPrincipal int           // the same of one caller; 100 by default, without Auth as MaxSessions
	MaxCalls                int           // calls in flight in all, and as many bodies being read; 256 by default
	MaxCallsPerPrincipal    int           // the same of one caller or stdio client; 64 by default, without Auth as MaxCalls
	BodyTimeout             time.Duration // in which a request body must arrive; 30 seconds by default
	WriteTimeout            time.Duration // in which a client must take a part of an answer; 30 seconds by default
	CallTimeout             time.Duration // of every call, waiting for a human included; 5 minutes by default

	// Heartbeat is how long an event stream may be quiet until a comment is written to it, so that proxies do not cut it; 15 seconds by
	// default.
	Heartbeat time.Duration
}

func (c *Config) check() error {
	var mistakes []error
	if c.Server == nil {
		mistakes = append(mistakes, errors.New("transport: Config.Server is missing"))
	}
	for _, limit := range []struct {
		name  string
		value int64
	}{
		{"MaxBodyBytes", c.MaxBodyBytes},
		{"MaxAnswerBytes", int64(c.MaxAnswerBytes)},
		{"MaxDepth", int64(c.MaxDepth)},
		{"SessionTimeout", int64(c.SessionTimeout)},
		{"MaxSessions", int64(c.MaxSessions)},
		{"MaxSessionsPerPrincipal", int64(c.MaxSessionsPerPrincipal)},
		{"MaxCalls", int64(c.MaxCalls)},
		{"MaxCallsPerPrincipal", int64(c.MaxCallsPerPrincipal)},
		{"BodyTimeout", int64(c.BodyTimeout)},
		{"WriteTimeout", int64(c.WriteTimeout)},
		{"CallTimeout", int64(c.CallTimeout)},
		{"Heartbeat", int64(c.Heartbeat)},
	} {
		if limit.value < Off {
			mistakes = append(mistakes, fmt.Errorf("transport: Config.%s is negative; leave it 0 for the default, or say Off", limit.name))
		}
	}
	for name, limit := range map[string]Rate{"AddressRate": c.AddressRate, "PrincipalRate": c.PrincipalRate} {
		if err := limit.check(); err != nil {
			mistakes = append(mistakes, fmt.Errorf("transport: Config.%s %w", name, err))
		}
	}
	if c.AnyHost && c.Hosts != nil {
		mistakes = append(mistakes, errors.New("transport: Config.AnyHost and Config.Hosts exclude each other: give one"))
	}
	if err := address.CheckOrigins(c.AllowedOrigins); err != nil {
		mistakes = append(mistakes, fmt.Errorf("transport: Config.AllowedOrigins: %w", err))
	}
	if c.MaxDepth > deepest {
		mistakes = append(mistakes, errors.New("transport: Config.MaxDepth is over 500, more than the decoders behind it bear"))
	}
	return errors.Join(mistakes...)
}

// deepest is the nesting of messages that the decoders behind the endpoint bear.
const deepest = 500

func (c *Config) setDefaults() {
	setDefault(&c.MaxBodyBytes, 4<<20)
	setDefault(&c.MaxAnswerBytes, 16<<20)
	setDefault(&c.MaxDepth, 64)
	setDefault(&c.SessionTimeout, 30*time.Minute)
	setDefault(&c.MaxSessions, 1000)
	setDefault(&c.MaxCalls, 256)
	if c.Auth == nil {
		setDefault(&c.MaxSessionsPerPrincipal, c.MaxSessions)
		setDefault(&c.MaxCallsPerPrincipal, c.MaxCalls)
		setDefault(&c.PrincipalRate, Rate{PerSecond: -1}) // everybody is the same one
	}
	c.AddressRate = c.AddressRate.orDefault(standardAddressRate)
	c.PrincipalRate = c.PrincipalRate.orDefault(standardPrincipalRate)
	setDefault(&c.MaxSessionsPerPrincipal, 100)
	setDefault(&c.MaxCallsPerPrincipal, 64)
	setDefault(&c.BodyTimeout, 30*time.Second)
	setDefault(&c.WriteTimeout, 30*time.Second)
	setDefault(&c.CallTimeout, 5*time.Minute)
	setDefault(&c.Heartbeat, 15*time.Second)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.lift()
}

// lift gives the limits that are off a value that nothing reaches.
func (c *Config) lift() {
	if c.MaxBodyBytes == Off {
		c.MaxBodyBytes = math.MaxInt64
	}
	if c.MaxDepth == Off {
		c.MaxDepth = deepest
	}
	for _, count := range []*int{&c.MaxSessions, &c.MaxSessionsPerPrincipal, &c.MaxCalls, &c.MaxCallsPerPrincipal, &c.MaxAnswerBytes} {
		if *count == Off {
			*count = math.MaxInt
		}
	}
	for _, limit := range []*time.Duration{&c.SessionTimeout, &c.BodyTimeout, &c.WriteTimeout, &c.CallTimeout} {
		if *limit == Off {
			*limit = forever
		}
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
