package oidcproxy

import (
	"net/http"

	"github.com/org/zscalermcp/auth"
)

var (
	get      = []string{http.MethodGet}
	post     = []string{http.MethodPost}
	getPost  = []string{http.MethodGet, http.MethodPost}
	standard = RateLimits{
		Register: Rate{5, 100}, Authorize: Rate{10, 200}, Consent: Rate{5, 100}, Callback: Rate{10, 200}, Token: Rate{20, 200}, Revoke: Rate{20, 200}, Document: Rate{1, 10},
	}
)

// Routes implements [auth.Router]: the OAuth endpoints below the issuer, and metadata at every place where clients look. All are absolute paths, so the
// mux must get the whole path, the well-known places at the origin too.
func (p *Provider) Routes() []auth.Route {
	p.mounted.Store(true)
	return p.routes()
}

func (p *Provider) routes() []auth.Route {
	routes := p.endpoints(p.path)
	routes = append(routes, p.metadataRoutes()...)
	if p.cfg.LegacyRootEndpoints && p.path != "" {
		routes = append(routes, p.endpoints("")...)
		routes = append(routes, auth.Route{Pattern: wellKnownOAuth, Handler: p.document(p.serverMetadata())})
	}
	return append(routes, p.protected.Routes()...)
}

// endpoints are those below a path.
func (p *Provider) endpoints(path string) []auth.Route {
	l := p.limits
	routes := []auth.Route{
		{Pattern: path + "/authorize", Handler: pageEndpoint{p, getPost, l.authorize, p.authorize}},
		{Pattern: path + "/consent", Handler: pageEndpoint{p, post, l.consent, p.consent}},
		{Pattern: path + "/token", Handler: machine{p: p, methods: post, rate: l.token, serve: p.token}},
		{Pattern: path + "/revoke", Handler: machine{p: p, methods: post, rate: l.revoke, serve: p.revoke}},
		{Pattern: path + "/jwks", Handler: p.document(p.keySet())},
	}
	if p.cfg.Registration.Mode != RegistrationOff {
		routes = append(routes, auth.Route{Pattern: path + "/register", Handler: machine{p: p, methods: post, rate: l.register, serve: p.register}})
	}
	if path == p.path {
		routes = append(routes, auth.Route{Pattern: path + p.cfg.CallbackPath, Handler: pageEndpoint{p, get, l.callback, p.callback}})
		if p.cfg.ConfirmAccount {
			routes = append(routes, auth.Route{Pattern: path + accountPath, Handler: pageEndpoint{p, post, l.consent, p.confirmAccount}})
		}
	}
	return routes
}

// metadataRoutes are the places of the authorization server's metadata (RFC 8414 section 3.1): path inserted, and for OpenID Connect appended too. What
// clients guess from the path of the MCP endpoint answers 404.
func (p *Provider) metadataRoutes() []auth.Route {
	server, openID := p.document(p.serverMetadata()), p.document(p.openIDMetadata())
	routes := []auth.Route{{Pattern: wellKnownOAuth + p.path, Handler: server}, {Pattern: wellKnownOpenID + p.path, Handler: openID}}
	if p.path != "" {
		routes = append(routes, auth.Route{Pattern: p.path + wellKnownOpenID, Handler: openID})
	}
	if p.resourcePath != p.path && p.resourcePath != "" {
		for _, place := range []string{wellKnownOAuth + p.resourcePath, wellKnownOpenID + p.resourcePath} {
			routes = append(routes, auth.Route{Pattern: place, Handler: p.absent()})
		}
	}
	return routes
}
