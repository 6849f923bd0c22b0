package oidcproxy

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// redirected is the finding about a redirect, where clients need an answer.
func (r reply) redirected() Finding {
	const lost = " Clients do not follow, or lose their token or the body on the way."
	from, fromErr := url.Parse(r.url)
	to, toErr := url.Parse(r.header.Get("Location"))
	if fromErr != nil || toErr != nil {
		return r.finding("redirect.path", SeverityError, fmt.Sprintf("The answer is a redirect (%d) to nowhere.", r.status), "Let the proxy pass the request on.")
	}
	to = from.ResolveReference(to)
	switch {
	case to.Path != from.Path && trimSlash(to.Path) == trimSlash(from.Path):
		return r.finding("redirect.slash", SeverityError, fmt.Sprintf("The answer is a redirect (%d) that adds or removes a slash at the end of the path.%s", r.status, lost),
			"Pass both forms on as they come. nginx: location without a slash at its end, location "+trimSlash(from.Path)+" { … }, and no rewrite; Caddy: handle "+trimSlash(from.Path)+"*.")
	case from.Scheme == "https" && to.Scheme == "http":
		return r.finding("scheme.http", SeverityError, fmt.Sprintf("The public URL is https, and the answer is a redirect (%d) to http.%s", r.status, lost),
			"Answer on https itself; the redirect from http to https belongs to the http side alone. nginx: absolute_redirect off; helps where nginx makes the address by itself.")
	case to.Host != from.Host:
		return r.finding("redirect.host", SeverityError, fmt.Sprintf("The answer is a redirect (%d) to another host: the name belongs to another site, or a proxy wants people to sign in first.%s", r.status, lost),
			"Let the proxy pass these paths on without a sign-in of its own, and use the name that it redirects to as the public URL if that is the right one.")
	}
	return r.finding("redirect.path", SeverityError,
		fmt.Sprintf("The answer is a redirect (%d) to another path.%s", r.status, lost),
		"Let the proxy pass the path on as it is, without rewrite or return.")
}

// trouble is the finding about an answer that is not of the kind that this server gives; nil if its status is one of those wanted.
func (d *doctor) trouble(ctx context.Context, r reply, wanted ...int) *Finding {
	for _, status := range wanted {
		if r.err == nil && r.status == status {
			return nil
		}
	}
	f := d.foreign(ctx, r)
	return &f
}

// A fault is what a status means that this server does not give, or not here.
type fault struct {
	code     string
	severity Severity
	text     string // behind the status
	advice   string
}

var (
	guardedFault = fault{
		"proxy.guarded", SeverityError,
		", and not by this server: a proxy or firewall in front wants a password, a certificate or another caller.",
		"Leave these paths to this server, which authenticates its callers (nginx: no auth_basic, auth_request or allow/deny there, and no error_page in the place of its 401, proxy_intercept_errors off); in a firewall for web applications, make an exception for them.",
	}
	noServerFault = fault{
		"proxy.no_server", SeverityError,
		": the proxy does not reach this server, or this server has an outage.",
		"Start the server; see that the proxy has the right address of it (nginx: proxy_pass, Caddy: reverse_proxy), plain http.",
	}
	faults = map[int]fault{
		http.StatusUnauthorized: guardedFault, http.StatusForbidden: guardedFault, http.StatusProxyAuthRequired: guardedFault,
		http.StatusBadGateway: noServerFault, http.StatusServiceUnavailable: noServerFault, http.StatusGatewayTimeout: noServerFault,
		http.StatusMethodNotAllowed: {
			"method.changed", SeverityError,
			": the method does not arrive as it was sent, or is not let through.",
			"Let the proxy pass GET, POST, DELETE and OPTIONS (nginx: no limit_except, no dav_methods).",
		},
		http.StatusTooManyRequests: {
			"check.throttled", SeverityWarning,
			": there were too many requests, so that this could not be looked at.",
			"Ask again in a minute; if it stays so, raise the limits (RateLimits) or that of the proxy.",
		},
		http.StatusRequestEntityTooLarge: {"body.refused", SeverityError, ": a short body is too large for the proxy.", "nginx: client_max_body_size 4m;"},
		http.StatusUnsupportedMediaType:  {"body.type_lost", SeverityError, ": the Content-Type of the request does not arrive.", "Let the proxy pass all headers on."},
	}
	otherFault = fault{
		"proxy.status", SeverityError,
		", which this server never gives here.",
		"See which server answers at this path, and let the proxy pass it on to this one. With 400 the request may arrive damaged: a header twice (nginx: proxy_set_header Host), or plain http on a port for TLS.",
	}
)

// foreign is the finding about a status that this server does not give.
func (d *doctor) foreign(ctx context.Context, r reply) Finding {
	switch {
	case r.err != nil:
		return d.unreached(r)
	case r.status >= 300 && r.status < 400:
		return r.redirected()
	case r.status == http.StatusNotFound:
		return d.lost(ctx, r)
	case r.status == http.StatusForbidden && r.members()["jsonrpc"] != nil:
		return r.finding("check.refused", SeverityWarning,
			"This server does not accept requests from the address of this machine.",
			"Add that address to the source addresses that may call, or look from a machine that may. If it is a proxy that has the address, name it among the trusted proxies.")
	case r.status == http.StatusMisdirectedRequest && r.members()["jsonrpc"] != nil:
		return r.finding("host.changed", SeverityError,
			"This server refuses the Host header that it gets: it is not that of the public URL.",
			"Let the proxy pass it on. nginx: proxy_set_header Host $host; Caddy does so by itself.")
	}
	f, known := faults[r.status]
	if !known {
		f = otherFault
	}
	return r.finding(f.code, f.severity, fmt.Sprintf("The answer has status %d%s", r.status, f.text), f.advice)
}
