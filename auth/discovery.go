package auth

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// A discovery reads what an identity provider says of itself (OpenID Connect Discovery section 4): its exact issuer and the place of its
// keys. It is read again after an hour, and at most every few seconds while it fails.
type discovery struct {
	address string
	issuer  string // that the document must name; "" means the one that the address implies
	fetch   fetcher

	mu      sync.Mutex // held while the document is read, so that one reading serves all
	found   providerMetadata
	read    time.Time
	failure error
}

// providerMetadata are the members that we need.
type providerMetadata struct{ issuer, jwksURI string }

const wellKnownOpenID = "/.well-known/openid-configuration"

// derived is the issuer that the address implies.
func (d *discovery) derived() string { return strings.TrimSuffix(d.address, wellKnownOpenID) }

// couldBe reports whether the document may name this issuer, so that made-up ones cause no reading.
func (d *discovery) couldBe(iss string) bool {
	return strings.TrimSuffix(iss, "/") == strings.TrimSuffix(d.derived(), "/")
}

// name is the exact issuer.
func (d *discovery) name(ctx context.Context) (string, error) {
	found, err := d.document(ctx)
	return found.issuer, err
}

// jwksURL is where the keys are.
func (d *discovery) jwksURL(ctx context.Context) (string, error) {
	found, err := d.document(ctx)
	return found.jwksURI, err
}

// document returns the document, from memory while it is fresh, and the old one where a new one cannot be had.
func (d *discovery) document(ctx context.Context) (providerMetadata, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	age := time.Since(d.read)
	switch {
	case d.failure == nil && age < maxFreshness, d.failure != nil && age < keysRetry && d.found != providerMetadata{}:
		return d.found, nil
	case d.failure != nil && age < keysRetry:
		return providerMetadata{}, d.failure
	}
	found, err := d.download(ctx)
	if err != nil && ctx.Err() != nil { // the caller has gone: this says nothing of the provider
		return providerMetadata{}, err
	}
	d.read, d.failure = time.Now(), err
	if err == nil {
		d.found = found
	}
	if d.found != (providerMetadata{}) {
		return d.found, nil
	}
	return providerMetadata{}, err
}

func (d *discovery) download(ctx context.Context) (providerMetadata, error) {
	data, header, err := d.fetch.get(ctx, d.address)
	if err != nil {
		return providerMetadata{}, err
	}
	members, err := strictObject(data)
	if err != nil || !isJSON(header.Get("Content-Type")) {
		return providerMetadata{}, errors.New("the discovery document is not a JSON object")
	}
	claims := jwtClaims(members)
	found := providerMetadata{claims.firstOf("issuer"), claims.firstOf("jwks_uri")}
	if !d.isIssuer(found.issuer) {
		return providerMetadata{}, errors.New("the discovery document is that of another issuer (OpenID Connect Discovery section 4.3)")
	}
	if err := checkURL(found.jwksURI); err != nil {
		return providerMetadata{}, errors.New("the jwks_uri of the discovery document is not https")
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
