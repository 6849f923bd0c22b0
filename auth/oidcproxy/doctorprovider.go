package oidcproxy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/org/zscalermcp/internal/remote"
)

// provider looks at the identity provider: what it says of itself, and what it answers to our application.
func (d *doctor) provider(ctx context.Context) []Finding {
	var findings []Finding
	if d.p.upstream.document != nil {
		found, usable := d.discovery(ctx)
		if findings = found; !usable {
			return findings
		}
	}
	meta, err := d.p.upstream.metadata(ctx)
	if err != nil {
		return append(findings, Finding{
			Code: "provider.discovery", Severity: SeverityError, URL: d.discoveryShown(), Text: "The discovery document of the identity provider cannot be used, or could not be read a moment ago: an endpoint in it is missing or is not https.",
			Advice: "Start the server once more: its log has what is wrong. See that the address is that of the discovery document (OIDCPROXY_CONFIG_URL).",
		})
	}
	more := d.all(ctx, func(ctx context.Context) []Finding { return d.providerKeys(ctx, meta) }, func(ctx context.Context) []Finding { return d.signIn(ctx, meta) },
		func(ctx context.Context) []Finding { return d.secret(ctx, meta) })
	return append(findings, more...)
}

func (d *doctor) discoveryShown() string {
	return reply{question: question{url: d.p.upstream.cfg.discoveryURL()}}.shown()
}

// theirs asks the identity provider.
func (d *doctor) theirs(ctx context.Context, url, accept string) reply {
	return d.ask(ctx, question{method: http.MethodGet, url: url, header: map[string]string{"Accept": accept}, theirs: true})
}

// unread is the finding about a document of the identity provider that could not be read.
func (r reply) unread(what string) *Finding {
	const advice = "See whether this machine may reach the identity provider: a firewall, or a proxy to get out (HTTPS_PROXY); an inspected TLS connection needs the authority of the inspector (SSL_CERT_FILE)."
	var f Finding
	switch {
	case errors.Is(r.err, errVisitOver):
		h := hindranceOf(r.err)
		f = r.finding(h.code, h.severity, "The identity provider's "+what+" was not asked for: "+h.text, h.advice)
	case r.err != nil:
		h := hindranceOf(r.err)
		f = r.finding("provider.unreachable", SeverityError, "The identity provider's "+what+" cannot be read: "+h.text, advice)
	case r.status >= 500 || r.status == http.StatusTooManyRequests:
		f = r.finding("provider.unreachable", SeverityError,
			fmt.Sprintf("The identity provider's %s cannot be read: the answer has status %d.", what, r.status),
			"Ask again later, or ask those who run it.")
	case r.status != http.StatusOK || !r.isJSON():
		f = r.finding("provider.discovery", SeverityError,
			fmt.Sprintf("The identity provider's %s is not there: the answer has status %d and is %sa JSON object.", what, r.status, map[bool]string{false: "not "}[r.isJSON()]),
			"Correct the address (OIDCPROXY_CONFIG_URL, in code Upstream.Issuer or DiscoveryURL): a browser shows the document there.")
	default:
		return nil
	}
	return &f
}

// discovery judges what the identity provider says of itself. It is usable if the rest can be looked at.
func (d *doctor) discovery(ctx context.Context) (findings []Finding, usable bool) {
	u := d.p.upstream
	r := d.theirs(ctx, u.cfg.discoveryURL(), "application/json")
	if f := r.unread("discovery document"); f != nil {
		return []Finding{*f}, false
	}
	if issuer := r.text("issuer"); !u.isIssuer(issuer) {
		text := "The discovery document names another issuer than the one that is expected, and ID tokens will have that one."
		if trimSlash(issuer) == trimSlash(u.cfg.Issuer) {
			text = "The issuer in the discovery document differs from the one that is configured by the slash at its end, and it is compared character for character."
		}
		return []Finding{r.finding("provider.issuer", SeverityError,
			text,
			"Give the issuer as the document has it (OIDCPROXY_ISSUER, in code Upstream.Issuer), if the document is the right one.")}, false
	}
	return append(d.capabilities(r), r.finding("provider.ok", SeverityOK, "The discovery document is readable and names the issuer that is expected.", "")), true
}

// capabilities are what an identity provider may have or not.
func (d *doctor) capabilities(r reply) []Finding {
	u, document := d.p.upstream, Claims(r.members())
	var findings []Finding
	methods, named := document.List("code_challenge_methods_supported"), document["code_challenge_methods_supported"] != nil
	switch {
	case u.cfg.WithoutPKCE || slices.Contains(methods, "S256"):
	case named:
		findings = append(findings, r.finding("provider.pkce", SeverityWarning,
			"The identity provider does not list S256 among the code challenges that it takes: it may refuse sign-ins.",
			"Switch PKCE on for the application there. Only if the provider has none, set Upstream.WithoutPKCE in code."))
	default:
		findings = append(findings, r.finding("provider.pkce_unknown", SeverityNote,
			"The identity provider does not say whether it checks code challenges (PKCE). They are sent; those that do not know them ignore them.",
			""))
	}
	if !document.True("authorization_response_iss_parameter_supported") {
		findings = append(findings, r.finding("provider.iss", SeverityNote,
			"The identity provider does not say who answers (iss, RFC 9207). Here the state and the nonce tell; nothing is to be done.",
			""))
	}
	return append(findings, d.refreshing(r, document)...)
}

// refreshing tells whether users will be checked again by refresh tokens.
func (d *doctor) refreshing(r reply, document Claims) []Finding {
	u := d.p.upstream
	asked := slices.Contains(u.scopes(upstreamMetadata{scopes: document.List("scopes_supported")}), "offline_access") || u.cfg.AuthorizeParams["access_type"] == "offline"
	offered := slices.Contains(document.List("scopes_supported"), "offline_access")
	grants := document.List("grant_types_supported")
	price := fmt.Sprintf(" Without refresh tokens users sign in anew every %s (Lifetimes.Unchecked).", d.p.cfg.Lifetimes.Unchecked)
	switch {
	case grants != nil && !slices.Contains(grants, "refresh_token"):
		return []Finding{r.finding("provider.refresh", SeverityWarning,
			"The identity provider does not list refresh_token among its grant types."+price,
			"Switch refresh tokens on there, if it has them.")}
	case asked:
		return nil
	case offered:
		return []Finding{r.finding("provider.offline_access", SeverityNote,
			"The identity provider offers the scope offline_access, and Upstream.Scopes does not ask for it."+price,
			"Add it to Upstream.Scopes, unless the provider gives refresh tokens without it.")}
	}
	return []Finding{r.finding("provider.refresh_unknown", SeverityNote,
		"The identity provider offers no scope offline_access: whether it gives refresh tokens shows at the first sign-in."+price,
		"Switch the grant type refresh token on for the application there; Google wants access_type=offline and prompt=consent (Upstream.AuthorizeParams).")}
}

// providerKeys reads the keys that ID tokens are checked with.
func (d *doctor) providerKeys(ctx context.Context, meta upstreamMetadata) []Finding {
	if meta.jwks == "" {
		return nil
	}
	r := d.theirs(ctx, meta.jwks, "application/json, application/jwk-set+json")
	if f := r.unread("key set (jwks_uri)"); f != nil {
		return []Finding{*f}
	}
	if keys := r.members()["keys"]; len(keys) < len(`[{}]`) {
		return []Finding{r.finding("provider.keys", SeverityError,
			"The identity provider's key set has no key: no ID token can be checked, and nobody can sign in.",
			"Make a signing key there, for RS256 or ES256.")}
	}
	if !remote.IsJSON(cmp.Or(r.header.Get("Content-Type"), "none")) && !strings.HasPrefix(r.media(), "text/") {
		return []Finding{r.finding("provider.keys_type", SeverityNote, "The identity provider's key set is not served as JSON.", "")}
	}
	return []Finding{r.finding("provider.keys_ok", SeverityOK, "The identity provider's keys are readable.", "")}
}
