package auth

import (
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/remote"
)

// A JWTConfig is the argument of [NewJWT].
type JWTConfig struct {
	Issuers    []JWTIssuer      // at least one
	Algorithms []string         // of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA; nil means RS256 and ES256
	Leeway     time.Duration    // for clocks that differ, at most the default of 60 seconds; negative means none
	MaxAge     time.Duration    // oldest token by its iat, which is then needed; 0 means that exp alone decides
	CacheBytes int64            // bound of the cache of verified tokens; 0 means 64 MiB, negative means no cache
	Clock      func() time.Time // nil means time.Now
	HTTPClient *http.Client     // for key sets and discovery; its redirect policy is not used. Nil honours the proxy environment
}

// A JWTIssuer says which tokens of one issuer are accepted. It needs an issuer, audiences, and one source of keys:
// JWKSURL, DiscoveryURL, PublicKeys or Secret. [EntraID], [Okta] and others return one for their provider.
type JWTIssuer struct {
	Issuer       string // exact iss. May be "" with DiscoveryURL, whose document then says it
	DiscoveryURL string // OpenID Connect discovery document, read at the first need
	JWKSURL      string // JSON Web Key Set (RFC 7517), read at the first need
	PublicKeys   string // PEM public keys, or a JSON Web Key Set, in place of an address
	Secret       Secret // shared secret of at least 32 bytes: only HS256, HS384 and HS512 are then accepted from this issuer

	Audiences      []string // accepted aud (RFC 7519 section 4.1.3), compared exactly; at least one
	SingleAudience bool     // refuse tokens that are for others too
	AudienceClaims []string // claims that hold the audience; nil means aud

	Tenants        []string            // accepted tid. With them "{tenantid}" in Issuer stands for the tid of the token
	IssuerAliases  []string            // other spellings of Issuer that the provider uses
	Clients        []string            // accepted clients (azp, client_id, appid, cid); nil means all
	RequiredScopes []string            // scopes without which the answer is 403
	RequiredClaims map[string][]string // claims that must be, or if they are lists have, one of the values: compared whole, a dot leads into objects
	ScopeClaims    []string            // claims that are scopes parted by spaces, or lists of them; a dot leads into objects; nil means scope and scp
	SubjectClaim   string              // claim that identifies the caller; "" means sub
	IDTokens       bool                // accept ID tokens, which say who somebody is and were meant for a client
	// AccessTokens demands that tokens say that they are access tokens: by a typ of at+jwt (RFC 9068), or by claims that only those have.
	// It is needed where an audience is the id of a client, since ID tokens are for the client too. Otherwise tokens are refused
	// only if they say that they are something else.
	AccessTokens bool
}

const (
	maxLeeway       = 60 * time.Second // R128
	minSecretBytes  = 32               // R125
	defaultJWTCache = int64(64 << 20)
	tenantTemplate  = "{tenantid}"
)

var (
	asymmetric = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
	symmetric  = []string{"HS256", "HS384", "HS512"}
)

// complete fills in defaults and returns every mistake.
func (cfg *JWTConfig) complete() error {
	m := configMistakes{config: "JWTConfig"}
	if len(cfg.Issuers) == 0 {
		m.add("Issuers", "is empty: name an issuer of tokens")
	}
	if cfg.Algorithms = slices.Clone(cfg.Algorithms); cfg.Algorithms == nil {
		cfg.Algorithms = []string{"RS256", "ES256"}
	}
	for _, alg := range cfg.Algorithms {
		if !slices.Contains(asymmetric, alg) {
			m.add("Algorithms", "has %q, which is not accepted: use %s", alg, strings.Join(asymmetric, ", "))
		}
	}
	switch {
	case cfg.Leeway > maxLeeway:
		m.add("Leeway", "is over %s", maxLeeway)
	case cfg.Leeway == 0:
		cfg.Leeway = maxLeeway
	}
	cfg.Leeway = max(cfg.Leeway, 0)
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.MaxAge < 0 {
		m.add("MaxAge", "is negative: leave it 0 for none")
	}
	setDefault(&cfg.CacheBytes, defaultJWTCache)
	for i, iss := range cfg.Issuers {
		m.errs = append(m.errs, iss.mistakes(fmt.Sprintf("JWTConfig.Issuers[%d]", i))...)
	}
	return m.err()
}

// name is how errors call the issuer.
func (iss *JWTIssuer) name() string { return cmp.Or(iss.Issuer, address.Shown(iss.DiscoveryURL)) }

// mistakes are those of the entry that is called so.
func (iss *JWTIssuer) mistakes(entry string) []error {
	m := configMistakes{config: entry, entry: iss.name()}
	switch {
	case iss.Issuer == "" && iss.DiscoveryURL == "":
		m.add("Issuer", "is empty: give the exact iss of the tokens")
	case iss.Issuer == "" && !strings.HasSuffix(iss.DiscoveryURL, wellKnownOpenID):
		m.add("Issuer", "is empty, and the DiscoveryURL does not tell it: that ends in %s (OpenID Connect Discovery section 4)", wellKnownOpenID)
	case strings.Contains(iss.Issuer, tenantTemplate) && len(iss.Tenants) == 0:
		m.add("Tenants", "is empty, but the Issuer is for many: name those that are accepted")
	}
	if len(iss.Audiences) == 0 || slices.Contains(iss.Audiences, "") {
		m.add("Audiences", "is empty or has an empty entry: name what tokens for this server are for")
	}
	if iss.IDTokens && iss.AccessTokens {
		m.add("IDTokens", "and AccessTokens contradict each other")
	}
	for _, tenant := range iss.Tenants {
		if strings.Contains(tenant, ".") || slices.Contains([]string{"common", "organizations", "consumers"}, tenant) {
			m.add("Tenants", "has %q: name the directory (tenant) id, which tokens have in tid", tenant)
		}
	}
	m.scopes("RequiredScopes", iss.RequiredScopes)
	iss.checkKeys(&m)
	return m.errs
}

// checkKeys judges where the keys come from.
func (iss *JWTIssuer) checkKeys(m *configMistakes) {
	sources := 0
	for _, source := range []struct {
		field, value string
		check        func(string) error
	}{
		{"JWKSURL", iss.JWKSURL, remote.CheckURL},
		{"DiscoveryURL", iss.DiscoveryURL, remote.CheckURL},
		{"PublicKeys", iss.PublicKeys, func(text string) error { _, err := parsePublicKeys(text); return err }},
		{"Secret", string(iss.Secret), checkSecret},
	} {
		if source.value != "" {
			sources++
			m.check(source.field, source.check(source.value))
		}
	}
	if sources != 1 {
		m.add("JWKSURL", "or one of DiscoveryURL, PublicKeys and Secret is needed, and no second one")
	}
}

func checkSecret(secret string) error {
	if len(secret) < minSecretBytes {
		return fmt.Errorf("has %d bytes, but needs %d", len(secret), minSecretBytes)
	}
	return nil
}

// parsePublicKeys reads PEM public keys or certificates without their chains, or a JSON Web Key Set.
func parsePublicKeys(text string) (*keySet, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return parseKeySet([]byte(text))
	}
	set := newKeySet()
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		public, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("has a PEM block of type %q, which is no public key (PKIX)", block.Type)
		}
		key, err := jwkset.NewJWKFromKey(public, jwkset.JWKOptions{})
		if err != nil || !isStrong(public) {
			return nil, errors.New("has a key of a type or size that is not accepted: use RSA of 2048 to 8192 bits, P-256, P-384, P-521 or Ed25519")
		}
		if err := set.add(key, ""); err != nil {
			return nil, err
		}
	}
	if len(set.all) == 0 {
		return nil, errors.New("holds neither PEM public keys nor a JSON Web Key Set")
	}
	return set, nil
}
