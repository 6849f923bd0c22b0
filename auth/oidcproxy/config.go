package oidcproxy

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/store"
)

// A Config is the argument of [New]. Upstream and ResourceURL are needed; everything else has a default.
type Config struct {
	Upstream    Upstream // the identity provider
	ResourceURL string   // address of the MCP endpoint as users type it, such as https://mcp.example.com/mcp
	// IssuerURL is the issuer of our tokens (RFC 8414 section 2), below which the endpoints are. "" means the origin of ResourceURL, where every
	// generation of clients looks.
	IssuerURL string

	Keys  *store.Keyring // master keys; replicas share them. Nil means a random one: a restart then signs everybody out
	Store store.Store    // grants and what is under way; replicas share it. Nil means memory. It must outlive the Provider

	Name             string // of the server, for people; "" means "MCP server at HOST"
	DocumentationURL string // for developers; "" leaves it out
	CallbackPath     string // to which the identity provider sends users back, below IssuerURL; "" means /auth/callback

	Scopes         []Scope  // that clients may ask for; none means that tokens have no scopes
	RequiredScopes []string // that every token has, whatever the client asks for; a user who may not have one gets no token. They count as Scopes
	DefaultScopes  []string // of clients that ask for none; nil means all Scopes
	// GrantScopes returns the scopes that a user may have at most, from the claims of the ID token: groups, roles. Nil means all Scopes. It is asked at
	// sign-in and at each refresh, and must be safe for concurrent use. An error refuses the user.
	GrantScopes func(ctx context.Context, user Claims) ([]string, error)
	// Authorize refuses a user by returning an error, which is logged and not shown. Nil admits whoever the identity provider signs in. It is asked
	// when GrantScopes is.
	Authorize func(ctx context.Context, user Claims) error
	Tenants   []string // accepted tid (Microsoft Entra ID); nil means all, an empty list none. See also Upstream.Tenants
	Domains   []string // accepted domains of verified e-mail addresses, such as example.com, without their subdomains; nil means all, an empty list none
	Claims    []string // claims of the ID token that tools may read with [auth.Principal.Claim]; they are stored with the grant

	MetadataDocuments MetadataDocuments // clients that are named by the address of their metadata (draft-ietf-oauth-client-id-metadata-document)
	Registration      Registration      // dynamic registration of clients (RFC 7591)
	Clients           []Client          // registered beforehand
	DeniedClients     []string          // client ids of those that have registered themselves or have a metadata document, or their fingerprints as audit events have them; they and their tokens are refused
	// RedirectURIs are patterns: every redirect URI of a client that registers itself must match one of them. One is a URI in which the host may begin with
	// "*.", and the port and a segment of the path may be "*"; http://localhost:* without a path stands for every path there. Nil allows all that [New]
	// documents; an empty list allows none.
	RedirectURIs []string

	Lifetimes  Lifetimes
	Limits     Limits
	RateLimits RateLimits
	Limiter    Limiter      // applies RateLimits to all replicas together; nil lets each process count for itself. It must outlive the Provider
	Proxies    auth.Proxies // peers whose word on the address of a caller is believed

	// SkipConsent sends users to the identity provider without asking them. With open registration any web site can then get a token of a user who
	// follows a link; so it also needs SkipConsentAcknowledged, unless Registration.Mode is [RegistrationOff] and there are no MetadataDocuments.
	SkipConsent, SkipConsentAcknowledged bool

	// RememberConsent lets users say on the consent page that their browser need not ask them again for so long: whole days, at most 30. 0 asks each time.
	// What is remembered is a sealed cookie. It counts for the same client, unchanged, and no more scopes, and only where the user opens the address and no
	// other site sends the browser here. It concerns clients of the configuration and those with a metadata
	// document, with redirect URIs of https; RememberUnverified makes it concern all.
	RememberConsent time.Duration
	// RememberUnverified lets RememberConsent concern clients that have registered themselves, too, and those on the user's own computer or device, which
	// other programs there can pass themselves off as (RFC 8252 section 8.6).
	RememberUnverified bool
	// ConfirmAccount shows users who have signed in as whom, and asks whether to go on, before the client gets a code: nobody works in an account
	// that is not theirs by mistake, or because a link of somebody else has signed them in to it.
	ConfirmAccount bool

	// Pages replaces the templates "consent", "continue" and "error", all three, and "account" with ConfirmAccount. Their data are a [ConsentPage], a
	// [ContinuePage], an [ErrorPage] and an [AccountPage].
	Pages *template.Template
	// PageSources are sources (CSP source expressions) of images for replaced Pages.
	PageSources []string

	InvalidGrantStatus  int  // 0 means 400 (RFC 6749 section 5.2); 401 is for clients that expect it
	RequireRedirectURI  bool // demand redirect_uri at the token endpoint of clients that have sent it at the authorization endpoint, as RFC 6749 does and OAuth 2.1 does not
	LegacyRootEndpoints bool // with an IssuerURL that has a path: endpoints at the origin too, for clients of protocol 2025-03-26
	LazyDiscovery       bool // do not read the discovery document in New, but at the first need

	HTTPClient *http.Client                      // for the identity provider; its redirect policy is not used. Nil honours the proxy environment
	Logger     *slog.Logger                      // nil discards
	Audit      func(context.Context, auth.Event) // gets the events of this package; must be quick and safe for concurrent use
	Clock      func() time.Time                  // nil means time.Now. A Store that is a [store.Timekeeper] is believed instead
}

// A Scope is a permission that clients may ask for (RFC 6749 section 3.3).
type Scope struct {
	Name        string
	Description string // in plain words, for the consent page; "" shows the name alone
}

// Lifetimes say how long things last, a second at least. A zero field has its default.
type Lifetimes struct {
	AccessToken  time.Duration // default 60 minutes, at most 24 hours
	RefreshIdle  time.Duration // an unused refresh token ends; default 30 days, at most 400
	RefreshTotal time.Duration // a grant ends, used or not; default 90 days, at most 400
	Unchecked    time.Duration // a grant ends where the identity provider gives no refresh token, so that the user can't be checked again; default 12 hours, at most 400 days
	ReuseGrace   time.Duration // a retired refresh token still answers with its successor; default 10 minutes, at most an hour, negative means none
	Code         time.Duration // an authorization code; default 60 seconds, at most 10 minutes
	Consent      time.Duration // the consent page may be answered; default 10 minutes, at most an hour
	SignIn       time.Duration // a user may be at the identity provider; default 10 minutes, at most an hour
	ClientID     time.Duration // a registration may begin sign-ins; default 180 days, at most 4000. Grants outlast it
	Metadata     time.Duration // caches may keep public documents; default 5 minutes, at most 24 hours
}

// Limits bound what is kept. A zero field has its default.
type Limits struct {
	GrantsPerClient   int           // of one user with one client, the oldest are ended; default 20
	GrantsPerUser     int           // in all; default 100
	SignIns           int           // under way in this process; default 10,000
	SignInsPerAddress int           // of these, from one address (an IPv6 network of 48 bits); default 500, or a smaller SignIns
	StatusCache       time.Duration // for which a grant that was alive is taken to be so, at most 5 seconds, negative for none; default none for a store in memory and else 5 seconds
}

// RegistrationMode says who may register a client.
type RegistrationMode string

// Modes of registration.
const (
	RegistrationOpen  RegistrationMode = ""      // anybody, the default: MCP clients register themselves
	RegistrationToken RegistrationMode = "token" // who bears the initial access token
	RegistrationOff   RegistrationMode = "off"   // nobody: Config.Clients are all there are
)

// A Registration says who may register clients, and what they get.
type Registration struct {
	Mode         RegistrationMode
	InitialToken auth.Secret // for RegistrationToken, at least 32 bytes (RFC 7591 section 3)
	NoSecrets    bool        // every client is public: one that asks for a secret gets token_endpoint_auth_method "none"
}

// DocumentMode says whether a client id may be the address of a metadata document.
type DocumentMode string

// Modes of metadata documents.
const (
	DocumentsAuto DocumentMode = ""    // where registration is open, the default: neither asks the operator
	DocumentsOn   DocumentMode = "on"  // for every host that Fetch allows, whoever may register otherwise
	DocumentsOff  DocumentMode = "off" // and not advertised: where there is no direct way out, or clients are few and known
)

// MetadataDocuments are clients that need no registration: their client id is an https address, and what is there says who they are. The documents are fetched
// from here, directly and not by the proxies of the environment, for whoever asks.
type MetadataDocuments struct {
	Mode DocumentMode
	// Fetch says from where, and how. The zero value allows every host that is globally reachable, 5 KiB and 5 seconds; AllowHosts narrows it.
	Fetch safefetch.Config
}

// A Client is one that is registered beforehand.
type Client struct {
	ID           string      // 1 to 512 plain ASCII characters, not beginning with mcpc_ or https://
	Name         string      // for the consent page
	Secret       auth.Secret // at least 32 bytes; without it and PublicKeys it is a public client
	PublicKeys   string      // PEM public keys or a JSON Web Key Set, for private_key_jwt (RFC 7523 section 2.2) in place of Secret
	RedirectURIs []string    // exact, but for the port on loopback; Config.RedirectURIs does not concern them
	Scopes       []string    // that it may ask for; nil means all
}

// A Rate is how often one address (an IPv6 network of 64 bits) may use an endpoint. The zero value means the default, and a negative PerSecond no limit. A
// Burst of 0 means 1.
type Rate struct {
	PerSecond float64
	Burst     int
}

// A Limiter limits how often something happens, for all replicas together. It must be safe for concurrent use, and return when ctx ends.
type Limiter interface {
	// Take takes one from the bucket of key, which fills at perSecond up to burst. If there is none, wait is positive: when there will be one. The key is
	// short text without an address or a secret in it. After an error the process counts for itself.
	Take(ctx context.Context, key string, perSecond float64, burst int) (wait time.Duration, err error)
}

// RateLimits are rates for each endpoint. Hosted clients share few addresses, so the defaults are generous.
type RateLimits struct {
	Register  Rate // default 5 a second, burst 100
	Authorize Rate // default 10 a second, burst 200
	Consent   Rate // default 5 a second, burst 100
	Callback  Rate // default 10 a second, burst 200
	Token     Rate // default 20 a second, burst 200
	Revoke    Rate // default 20 a second, burst 200
	Document  Rate // fetches of metadata documents that are not in the cache; default 1 a second, burst 10
}
