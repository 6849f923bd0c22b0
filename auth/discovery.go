package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/remote"
	"github.com/org/zscalermcp/internal/strictjson"
)

// A discovery is what an identity provider says of itself (OpenID Connect Discovery section 4): its exact issuer and
// the place of its keys.
type discovery struct {
	address   string
	issuer    string // that the document must name; "" means the one that the address implies
	nameOnly  bool   // nobody needs the keys
	documents *remote.Published[providerMetadata]
}

// providerMetadata are the members that we need.
type providerMetadata struct{ issuer, jwksURI string }

const (
	wellKnownOpenID  = "/.well-known/openid-configuration"
	discoveryFresh   = time.Hour
	discoveryForever = 100 * 365 * 24 * time.Hour // who the issuer is does not get old; its keys do
)

func newDiscovery(address, issuer string, fetch remote.Fetcher) *discovery {
	d := &discovery{address: address, issuer: issuer}
	d.documents = remote.NewPublished(discoveryForever, func(ctx context.Context) (providerMetadata, time.Duration, error) {
		found, err := d.download(ctx, fetch)
		if known := d.documents.Latest().Value.issuer; err == nil && known != "" && known != found.issuer {
			err = errors.New("the discovery document names another issuer than before") // R78
		}
		return found, discoveryFresh, err
	})
	return d
}

// derived is the issuer that the address implies.
func (d *discovery) derived() string { return strings.TrimSuffix(d.address, wellKnownOpenID) }

// couldBe reports whether the document may name this issuer, so that made-up ones cause no reading.
func (d *discovery) couldBe(iss string) bool {
	return strings.TrimSuffix(iss, "/") == strings.TrimSuffix(d.derived(), "/")
}

// isRead reports whether the document has told the exact issuer.
func (d *discovery) isRead() bool { return d.documents.Latest().Value.issuer != "" }

// names is the exact issuer, or as long as it cannot be read the one that the address implies.
func (d *discovery) names(ctx context.Context) []string {
	name, err := d.name(ctx)
	if err != nil {
		name = d.derived()
	}
	return []string{name}
}

// close ends a reading that is under way and waits for it.
func (d *discovery) close() { d.documents.Close() }

// name is the exact issuer.
func (d *discovery) name(ctx context.Context) (string, error) {
	found, err := d.documents.Get(ctx)
	return found.issuer, err
}

// jwksURL is where the keys are.
func (d *discovery) jwksURL(ctx context.Context) (string, error) {
	found, err := d.documents.Get(ctx)
	return found.jwksURI, err
}

func (d *discovery) download(ctx context.Context, fetch remote.Fetcher) (providerMetadata, error) {
	data, header, err := fetch.Get(ctx, d.address)
	if err != nil {
		return providerMetadata{}, err
	}
	members, err := strictjson.Object(data)
	if err != nil || !remote.IsJSON(header.Get("Content-Type")) {
		return providerMetadata{}, fmt.Errorf("the discovery document at %s is not a JSON object served as application/json", address.Shown(d.address))
	}
	claims := jwtClaims(members)
	found := providerMetadata{claims.firstOf("issuer"), claims.firstOf("jwks_uri")}
	if !d.isIssuer(found.issuer) {
		return providerMetadata{}, fmt.Errorf("the discovery document at %s is that of the issuer %q, which is not the one expected (OpenID Connect Discovery section 4.3); "+
			"if it is right, name it in JWTIssuer.Issuer or OIDCPROXY_ISSUER", address.Shown(d.address), lexical.Plain(found.issuer))
	}
	if err := remote.CheckURL(found.jwksURI); err != nil && !d.nameOnly {
		return providerMetadata{}, fmt.Errorf("the jwks_uri of the discovery document at %s: %w", address.Shown(d.address), err)
	}
	return found, nil
}

// isIssuer compares the document's issuer with the expected one. Where only the address is known, a slash at the end more or
// less is forgiven: providers differ in it.
func (d *discovery) isIssuer(name string) bool {
	if d.issuer != "" {
		return name == d.issuer
	}
	return name != "" && strings.TrimSuffix(name, "/") == strings.TrimSuffix(d.derived(), "/")
}
