package oidcproxy

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/remote"
)

// minSecret is the shortest secret of a configured client, and initial access token.
const minSecret = 32

// withDefaults fills in what is not set.
func (cfg Config) withDefaults() Config {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	cfg.CallbackPath = cmp.Or(cfg.CallbackPath, "/auth/callback")
	cfg.InvalidGrantStatus = cmp.Or(cfg.InvalidGrantStatus, http.StatusBadRequest)
	l := &cfg.Lifetimes
	for field, standard := range map[*time.Duration]time.Duration{
		&l.AccessToken: time.Hour, &l.RefreshIdle: 30 * 24 * time.Hour, &l.RefreshTotal: 90 * 24 * time.Hour, &l.Unchecked: 12 * time.Hour,
		&l.ReuseGrace: 10 * time.Minute, &l.Code: time.Minute, &l.Consent: 10 * time.Minute, &l.SignIn: 10 * time.Minute,
		&l.ClientID: 180 * 24 * time.Hour, &l.Metadata: 5 * time.Minute,
	} {
		*field = cmp.Or(*field, standard)
	}
	cfg.Limits.GrantsPerClient = cmp.Or(cfg.Limits.GrantsPerClient, 20)
	cfg.Limits.GrantsPerUser = cmp.Or(cfg.Limits.GrantsPerUser, 100)
	cfg.Limits.SignIns = cmp.Or(cfg.Limits.SignIns, 10_000)
	cfg.Limits.SignInsPerAddress = cmp.Or(cfg.Limits.SignInsPerAddress, min(cfg.Limits.SignIns, 500))
	cfg.Clients, cfg.Scopes = slices.Clone(cfg.Clients), slices.Clone(cfg.Scopes)
	for _, list := range []*[]string{&cfg.RequiredScopes, &cfg.DefaultScopes, &cfg.Tenants, &cfg.Domains, &cfg.Claims, &cfg.DeniedClients, &cfg.RedirectURIs, &cfg.PageSources, &cfg.Upstream.Scopes, &cfg.Upstream.RequiredScopes, &cfg.Upstream.Tenants, &cfg.Upstream.Algorithms} {
		*list = slices.Clone(*list)
	}
	return cfg
}

// A ConfigError is one mistake in a [Config]. New returns all of them in one error.
type ConfigError = auth.ConfigError

// mistakes collects them.
type mistakes struct{ errs []error }

func (m *mistakes) add(field, problem string, args ...any) {
	m.errs = append(m.errs, &ConfigError{Field: "oidcproxy.Config." + field, Problem: fmt.Sprintf(problem, args...)})
}

func (m *mistakes) check(field string, err error) {
	if err != nil {
		m.add(field, "%s", err)
	}
}

// configure judges the configuration, and keeps what it is made of.
func (p *Provider) configure() error {
	m := &mistakes{}
	p.configureURLs(m)
	p.configureScopes(m)
	p.configureClients(m)
	p.configureLimits(m)
	p.configurePages(m)
	p.checkRemember(m)
	p.cfg.Upstream.check(m)
	if !strings.HasPrefix(p.cfg.CallbackPath, "/") || strings.ContainsAny(p.cfg.CallbackPath, "?#{}% ") {
		m.add("CallbackPath", "must begin with a slash, and have no query, escape, brace or space")
	}
	if slices.Contains([]string{"/authorize", "/consent", "/token", "/register", "/revoke", "/jwks"}, p.cfg.CallbackPath) {
		m.add("CallbackPath", "is that of another endpoint")
	}
	if p.cfg.ConfirmAccount && p.cfg.CallbackPath == accountPath {
		m.add("CallbackPath", "is that of the page of ConfirmAccount")
	}
	if callback := p.path + p.cfg.CallbackPath; p.resource != "" && (callback == p.resourcePath || p.resourcePath != "" && strings.HasPrefix(callback, p.resourcePath+"/")) {
		m.add("CallbackPath", "is at or below the endpoint of ResourceURL, where tokens are needed")
	}
	p.checkAdmission(m)
	m.check("Proxies", p.cfg.Proxies.Validate())
	return errors.Join(m.errs...)
}

// checkAdmission finds rules that nobody can meet.
func (p *Provider) checkAdmission(m *mistakes) {
	for _, domain := range p.cfg.Domains {
		if domain == "" || strings.ContainsAny(domain, "@*/: ") || !isASCII(domain) || !strings.Contains(domain, ".") {
			m.add("Domains", "has %q, which is no domain: write it as example.com, for addresses that end in @example.com", domain)
		}
	}
	if slices.Contains(p.cfg.Tenants, "") {
		m.add("Tenants", "has an empty one")
	}
}

// configureURLs judges resource and issuer (R2). Both are used as they are written, everywhere (R3).
func (p *Provider) configureURLs(m *mistakes) {
	p.resource = p.cfg.ResourceURL
	resource, err := plainURL(p.resource)
	m.check("ResourceURL", err)
	if err != nil {
		if p.cfg.IssuerURL != "" {
			_, err := plainURL(p.cfg.IssuerURL)
			m.check("IssuerURL", err)
		}
		return
	}
	p.resourcePath = trimSlash(resource.Path)
	p.issuer = cmp.Or(p.cfg.IssuerURL, originOf(resource))
	issuer, err := plainURL(p.issuer)
	switch {
	case err != nil:
		m.check("IssuerURL", err)
		return
	case strings.HasSuffix(p.issuer, "/"):
		m.add("IssuerURL", "must have no slash at its end")
	case originOf(issuer) != originOf(resource):
		m.add("IssuerURL", "must have the scheme and host of ResourceURL: the same server answers for both")
	case p.resourcePath != "" && strings.HasPrefix(issuer.Path+"/", p.resourcePath+"/"):
		m.add("IssuerURL", "must not be at or below ResourceURL, where tokens are needed")
	}
	p.path, p.origin, p.issuerHost = issuer.Path, originOf(issuer), issuer.Host
	if issuer.Scheme == "https" {
		p.cookiePrefix = "__Host-"
	}
	p.name = cmp.Or(lexical.Plain(p.cfg.Name), "MCP server at "+issuer.Host)
	if p.cfg.DocumentationURL != "" {
		m.check("DocumentationURL", remote.CheckURL(p.cfg.DocumentationURL))
		if strings.ContainsAny(p.cfg.DocumentationURL, "`$|^{}\"'<>\\ ") || !isASCII(p.cfg.DocumentationURL) { // clients have given such addresses to a shell
			m.add("DocumentationURL", "has a character that addresses have escaped, or a shell reads")
		}
	}
}

// plainURL accepts what is written in one way only.
func plainURL(raw string) (*url.URL, error) {
	if err := remote.CheckURL(raw); err != nil {
		return nil, err
	}
	return address.Plain(raw)
}

func (p *Provider) configureScopes(m *mistakes) {
	p.scopes, p.descriptions = allScopes(p.cfg.Scopes, p.cfg.RequiredScopes), map[string]string{}
	for _, scope := range p.cfg.Scopes {
		p.descriptions[scope.Name] = scope.Description
	}
	for _, scope := range p.scopes {
		if !lexical.IsScope(scope) || scope == "offline_access" {
			m.add("Scopes", "has %q, which is no scope of a resource (RFC 6749 section 3.3)", scope)
		}
	}
	if p.cfg.GrantScopes != nil && len(p.scopes) == 0 {
		m.add("Scopes", "is empty, so that GrantScopes has nothing to grant and keeps nobody out")
	}
	if len(p.descriptions) != len(p.cfg.Scopes) {
		m.add("Scopes", "names a scope twice")
	}
	if p.defaults = p.cfg.DefaultScopes; p.defaults == nil {
		p.defaults = p.scopes
	}
	if !covers(p.scopes, p.defaults) {
		m.add("DefaultScopes", "has a scope that is not in Scopes")
	}
}

func (p *Provider) configureClients(m *mistakes) {
	if p.cfg.RedirectURIs != nil {
		p.patterns = []redirectPattern{}
	}
	for _, text := range p.cfg.RedirectURIs {
		pattern, err := parseRedirectPattern(text)
		if err != nil {
			m.add("RedirectURIs", "has %q, which %s", text, err)
		}
		p.patterns = append(p.patterns, pattern)
	}
	known := map[string]bool{}
	for i, c := range p.cfg.Clients {
		p.checkClient(m, fmt.Sprintf("Clients[%d]", i), c)
		if known[fingerprint(c.ID)] {
			m.add(fmt.Sprintf("Clients[%d].ID", i), "is that of another one")
		}
		known[fingerprint(c.ID)] = true
	}
	p.denied = map[string]bool{}
	for _, id := range p.cfg.DeniedClients {
		switch {
		case strings.HasPrefix(id, clientPrefix), isDocumentID(id):
			id = fingerprint(id)
		case known[id] || known[fingerprint(id)]:
			m.add("DeniedClients", "has %q, which is one of Clients: take it out there", id)
		case !isFingerprint(id):
			m.add("DeniedClients", "has %q, which is neither a client id that was given here, nor the address of a metadata document, nor a fingerprint (16 hex digits)", id)
		}
		p.denied[id] = true
	}
	switch r := p.cfg.Registration; {
	case r.Mode != RegistrationOpen && r.Mode != RegistrationToken && r.Mode != RegistrationOff:
		m.add("Registration.Mode", "is %q: use RegistrationOpen, RegistrationToken or RegistrationOff", r.Mode)
	case r.Mode != RegistrationToken && r.InitialToken != "":
		m.add("Registration.Mode", "does not ask for the InitialToken: use RegistrationToken")
	case r.Mode == RegistrationToken && len(r.InitialToken) < minSecret:
		m.add("Registration.InitialToken", "has %d bytes, but needs %d", len(r.InitialToken), minSecret)
	case r.Mode == RegistrationOff && len(p.cfg.Clients) == 0 && !p.servesDocuments():
		m.add("Clients", "is empty, and nobody may register or have a metadata document: no client could sign anybody in")
	}
	if p.cfg.SkipConsent && (p.cfg.Registration.Mode != RegistrationOff || p.servesDocuments()) && !p.cfg.SkipConsentAcknowledged {
		m.add("SkipConsent", "lets any site get a token of a user who follows a link, as long as clients may register or have metadata documents; set Registration.Mode to RegistrationOff (and MetadataDocuments.Mode not to DocumentsOn), or SkipConsentAcknowledged")
	}
	switch mode := p.cfg.MetadataDocuments.Mode; mode {
	case DocumentsAuto, DocumentsOn, DocumentsOff:
	default:
		m.add("MetadataDocuments.Mode", "is %q: use DocumentsAuto, DocumentsOn or DocumentsOff", mode)
	}
	if _, err := safefetch.New(p.cfg.MetadataDocuments.Fetch); err != nil {
		m.check("MetadataDocuments.Fetch", err)
	}
}

func (p *Provider) checkClient(m *mistakes, field string, c Client) {
	if c.ID == "" || len(c.ID) > maxTextMember || strings.HasPrefix(c.ID, clientPrefix) || strings.HasPrefix(c.ID, "https://") || checkCharacters(c.ID) != nil {
		m.add(field+".ID", "must have 1 to 512 plain ASCII characters, and not begin with mcpc_ or https://")
	}
	if c.Secret != "" && len(c.Secret) < minSecret {
		m.add(field+".Secret", "has %d bytes, but needs %d", len(c.Secret), minSecret)
	}
	if c.PublicKeys != "" {
		switch _, err := p.assertionsOf(c.ID, c.PublicKeys); {
		case c.Secret != "":
			m.add(field+".PublicKeys", "and Secret are two ways to prove who the client is: use one")
		case err != nil:
			m.add(field+".PublicKeys", "has no key that can be used: %s", keyAdvice)
		}
	}
	if len(c.RedirectURIs) == 0 {
		m.add(field+".RedirectURIs", "is empty")
	}
	for _, raw := range c.RedirectURIs {
		if _, err := parseRedirectURI(raw); err != nil {
			m.add(field+".RedirectURIs", "has %q, which %s", raw, err)
		}
	}
	switch {
	case !covers(p.scopes, c.Scopes):
		m.add(field+".Scopes", "has a scope that is not in Scopes")
	case c.Scopes != nil && !covers(c.Scopes, p.cfg.RequiredScopes):
		m.add(field+".Scopes", "lacks one of RequiredScopes, so that it could have no token")
	}
}

// isFingerprint reports whether text is what fingerprint returns.
func isFingerprint(text string) bool {
	data, err := hex.DecodeString(text)
	return err == nil && len(data) == fingerprintBytes && strings.ToLower(text) == text
}

func (p *Provider) configureLimits(m *mistakes) {
	l := &p.cfg.Lifetimes
	for _, each := range []struct {
		field      string
		value, max time.Duration
	}{
		{"AccessToken", l.AccessToken, 24 * time.Hour}, {"RefreshIdle", l.RefreshIdle, 400 * 24 * time.Hour}, {"RefreshTotal", l.RefreshTotal, 400 * 24 * time.Hour},
		{"Unchecked", l.Unchecked, 400 * 24 * time.Hour}, {"Code", l.Code, 10 * time.Minute}, {"Consent", l.Consent, time.Hour},
		{"SignIn", l.SignIn, time.Hour}, {"ClientID", l.ClientID, 4000 * 24 * time.Hour}, {"Metadata", l.Metadata, 24 * time.Hour},
	} {
		if each.value < time.Second || each.value > each.max {
			m.add("Lifetimes."+each.field, "is %s: use a second to %s", each.value, each.max)
		}
	}
	switch {
	case l.ReuseGrace > time.Hour:
		m.add("Lifetimes.ReuseGrace", "is over an hour")
	case l.ReuseGrace > 0 && l.ReuseGrace < time.Second:
		m.add("Lifetimes.ReuseGrace", "is %s: use a second or more, or a negative one for none", l.ReuseGrace)
	case l.AccessToken > 0 && l.ReuseGrace/l.AccessToken >= maxRetired:
		m.add("Lifetimes.ReuseGrace", "is over %d times AccessToken: so many retired refresh tokens are not kept", maxRetired)
	}
	if l.RefreshIdle < l.AccessToken {
		m.add("Lifetimes.RefreshIdle", "is shorter than AccessToken: the grant would end before its access token")
	}
	limits := p.cfg.Limits
	if limits.GrantsPerClient < 1 || limits.GrantsPerUser < 1 || limits.SignIns < 1 || limits.SignInsPerAddress < 1 {
		m.add("Limits", "has a negative number")
	}
	if limits.StatusCache > maxStatusCache {
		m.add("Limits.StatusCache", "is over %s: revoked tokens are accepted for that long", maxStatusCache)
	}
	rates := p.cfg.RateLimits
	for _, each := range []struct {
		field string
		rate  Rate
	}{
		{"Register", rates.Register}, {"Authorize", rates.Authorize}, {"Consent", rates.Consent}, {"Callback", rates.Callback}, {"Token", rates.Token}, {"Revoke", rates.Revoke}, {"Document", rates.Document},
	} {
		switch {
		case each.rate.Burst < 0:
			m.add("RateLimits."+each.field, "has a negative Burst")
		case each.rate.PerSecond == 0 && each.rate.Burst != 0:
			m.add("RateLimits."+each.field, "has a Burst without PerSecond: nobody would get through after it")
		}
	}
	if v := reflect.ValueOf(p.cfg.Limiter); v.Kind() == reflect.Pointer && v.IsNil() {
		m.add("Limiter", "is a nil pointer: leave it out, and each process counts for itself")
	}
	if status := p.cfg.InvalidGrantStatus; status != http.StatusBadRequest && status != http.StatusUnauthorized {
		m.add("InvalidGrantStatus", "must be 400 or 401")
	}
}

// configurePages tries replaced templates, so that a mistake in one shows at start.
func (p *Provider) configurePages(m *mistakes) {
	p.pages = standardPages
	for _, source := range p.cfg.PageSources {
		if source == "" || strings.ContainsAny(source, ";, \r\n") {
			m.add("PageSources", "has %q, which is no source expression", source)
		}
	}
	if p.cfg.Pages == nil {
		return
	}
	p.pages = p.cfg.Pages
	const request = "request-of-the-sample"
	type sample struct {
		name string
		data any
		form bool
	}
	samples := []sample{
		{"consent", ConsentPage{Action: "/consent", Request: request, Scopes: []Scope{{"a", "b"}}, RememberDays: int(p.cfg.RememberConsent / day)}, true},
		{"continue", ContinuePage{URL: "https://a.example.com/"}, false}, {"error", ErrorPage{}, false},
	}
	if p.cfg.ConfirmAccount {
		samples = append(samples, sample{"account", AccountPage{Action: accountPath, Request: request, Account: "a"}, true})
	}
	for _, page := range samples {
		var body strings.Builder
		if err := p.pages.ExecuteTemplate(&body, page.name, page.data); err != nil {
			m.add("Pages", "has no usable template %q: %s", page.name, err)
		} else if page.form && !strings.Contains(body.String(), request) {
			m.add("Pages", "has a template %q whose form does not post Request", page.name)
		}
	}
}
