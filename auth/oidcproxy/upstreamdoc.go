package oidcproxy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/remote"
	"github.com/org/zscalermcp/internal/strictjson"
)

const (
	wellKnownOpenID = "/.well-known/openid-configuration"
	metadataFresh   = time.Hour
	metadataStale   = 7 * 24 * time.Hour // through an outage of the document alone
)

// An upstreamMetadata is what the identity provider says of itself (OpenID Connect Discovery section 3).
type upstreamMetadata struct {
	issuer, authorization, token, jwks, userInfo, revocation string

	issParameter       bool // the callback has iss (RFC 9207 section 3)
	algorithms, scopes []string
}

// discover makes the document that metadata reads.
func (u *upstream) discover() {
	u.document = remote.NewPublished(metadataStale, func(ctx context.Context) (upstreamMetadata, time.Duration, error) {
		meta, err := u.download(ctx)
		if known := u.document.Latest().Value.issuer; err == nil && known != "" && known != meta.issuer {
			err = fmt.Errorf("%w: it names another issuer than before", errBadDocument) // R78
		}
		return meta, metadataFresh, err
	})
}

// discoveryURL is where the document is.
func (cfg Upstream) discoveryURL() string {
	if cfg.DiscoveryURL != "" {
		return cfg.DiscoveryURL
	}
	return strings.TrimSuffix(cfg.Issuer, "/") + wellKnownOpenID
}

func (u *upstream) download(ctx context.Context) (upstreamMetadata, error) {
	from := u.cfg.discoveryURL()
	body, header, err := u.fetch.Get(ctx, from)
	var status *remote.StatusError
	switch {
	case errors.As(err, &status) && status.IsFinal():
		return upstreamMetadata{}, fmt.Errorf("%w: %w", errBadDocument, err)
	case err != nil:
		return upstreamMetadata{}, err
	}
	members, err := strictjson.Object(body)
	if err != nil || !remote.IsJSON(header.Get("Content-Type")) {
		return upstreamMetadata{}, fmt.Errorf("%w: %s is not a JSON object served as application/json", errBadDocument, address.Shown(from))
	}
	claims := Claims(members)
	meta := upstreamMetadata{
		issuer: claims.Text("issuer"), authorization: claims.Text("authorization_endpoint"), token: claims.Text("token_endpoint"),
		jwks: claims.Text("jwks_uri"), userInfo: claims.Text("userinfo_endpoint"), revocation: claims.Text("revocation_endpoint"),
		issParameter: claims.True("authorization_response_iss_parameter_supported"),
		algorithms:   claims.List("id_token_signing_alg_values_supported"), scopes: claims.List("scopes_supported"),
	}
	if err := u.checkMetadata(meta); err != nil {
		return upstreamMetadata{}, fmt.Errorf("%w: %s: %w", errBadDocument, address.Shown(from), err)
	}
	return meta, nil
}

// checkMetadata demands the issuer that is expected, and addresses that are not in the clear (R78).
func (u *upstream) checkMetadata(meta upstreamMetadata) error {
	if meta.issuer == "" {
		return errors.New("it has no issuer: is it the discovery document? Its address ends in " + wellKnownOpenID)
	}
	if !u.isIssuer(meta.issuer) {
		return fmt.Errorf("its issuer is %q, which is not the one expected (OpenID Connect Discovery section 4.3); if it is right, give it as Upstream.Issuer (OIDCPROXY_ISSUER)", lexical.Plain(meta.issuer))
	}
	var errs []error
	for _, endpoint := range []struct {
		name, address string
		needed        bool
	}{
		{"authorization_endpoint", meta.authorization, true}, {"token_endpoint", meta.token, true}, {"jwks_uri", meta.jwks, u.cfg.Identify == nil},
		{"userinfo_endpoint", meta.userInfo, u.cfg.UserInfo}, {"revocation_endpoint", meta.revocation, false},
	} {
		if endpoint.address == "" && !endpoint.needed {
			continue
		}
		if err := remote.CheckURL(endpoint.address); err != nil {
			errs = append(errs, fmt.Errorf("its %s %w", endpoint.name, err))
		} else if isHTTP(endpoint.address) && !isHTTP(u.cfg.discoveryURL()) { // only a provider on this machine has endpoints in the clear on it
			errs = append(errs, fmt.Errorf("its %s must be https", endpoint.name))
		}
	}
	return errors.Join(errs...)
}

func isHTTP(address string) bool { return strings.HasPrefix(strings.ToLower(address), "http://") }

// isIssuer compares the document's issuer with the expected one. Where only the address is known, a slash at the end more or less is forgiven.
func (u *upstream) isIssuer(name string) bool {
	if u.cfg.Issuer != "" {
		return name == u.cfg.Issuer
	}
	return name != "" && strings.TrimSuffix(name, "/") == strings.TrimSuffix(strings.TrimSuffix(u.cfg.DiscoveryURL, wellKnownOpenID), "/")
}

// answers reports whether iss, in the parameters of a callback, is the identity provider (RFC 9207 section 2.4).
func (u *upstream) answers(meta upstreamMetadata, iss string) bool {
	if strings.Contains(meta.issuer, tenantTemplate) {
		return slices.ContainsFunc(u.cfg.Tenants, func(tenant string) bool { return iss == strings.ReplaceAll(meta.issuer, tenantTemplate, tenant) })
	}
	return meta.issuer == "" || iss == meta.issuer
}

// tenantTemplate stands in the issuer of a provider that serves many tenants (Microsoft Entra ID).
const tenantTemplate = "{tenantid}"
