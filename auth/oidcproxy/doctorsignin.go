package oidcproxy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// signIn sends the identity provider the request that a user's browser would bring, without a user. What comes back tells mostly, but never surely, whether
// our redirect URI is registered: providers must not send anybody to one that is not (RFC 6749 section 3.1.2.4).
func (d *doctor) signIn(ctx context.Context, meta upstreamMetadata) []Finding {
	to, err := url.Parse(d.p.upstream.authorizationURL(meta, authRequest{Upstream: randomText(), Prompt: "none"}, signIn{Nonce: randomText(), Verifier: randomText()}))
	if err != nil {
		return nil
	}
	query := to.Query()
	query.Set("prompt", "none") // nothing beside it is lawful
	to.RawQuery = query.Encode()
	r := d.theirs(ctx, to.String(), "text/html")
	const unknown, register = "provider.redirect_unknown", "Register the redirect URI at the application there, character for character: "
	switch {
	case r.err != nil:
		return []Finding{r.finding(unknown, SeverityWarning,
			"The identity provider's sign-in page cannot be asked: "+hindranceOf(r.err).text+" Whether the redirect URI is registered could not be told.",
			"Users' browsers must reach it, not this machine: if they do, nothing is to be done.")}
	case r.status >= 300 && r.status < 400:
		return d.sentTo(r, register)
	case r.status == http.StatusOK && r.complains():
		return []Finding{r.finding("provider.redirect_uri", SeverityError,
			"The identity provider answers with a page that speaks of a wrong redirect URI: it looks not registered.",
			register+d.p.CallbackURL())}
	case r.status == http.StatusOK:
		return []Finding{r.finding("provider.redirect_ok", SeverityOK,
			"The identity provider answers with a page and no complaint that is known here: the redirect URI looks registered, which a page does not prove.",
			"")}
	case r.status >= 500 || slices.Contains([]int{http.StatusForbidden, http.StatusTooManyRequests}, r.status):
		return []Finding{r.finding(unknown, SeverityNote,
			fmt.Sprintf("The identity provider answers a request without a browser with status %d: whether the redirect URI is registered could not be told.", r.status),
			"The first sign-in shows it.")}
	}
	text := fmt.Sprintf("The identity provider refuses the request of our application with status %d, as it would a user's. Most often the redirect URI is not registered, or the client id is unknown.", r.status)
	if r.complains() {
		text = fmt.Sprintf("The identity provider refuses the request of our application with status %d, and its page speaks of the redirect URI: it looks not registered.", r.status)
	}
	return []Finding{r.finding("provider.redirect_uri", SeverityError, text, register+d.p.CallbackURL())}
}

// complains reports whether a page speaks of the redirect URI as known providers do when it is wrong.
func (r reply) complains() bool {
	page := strings.ToLower(string(r.body))
	wrong := []string{"redirect_uri_mismatch", "aadsts50011", "invalid redirect", "invalid parameter: redirect_uri", "callback url mismatch", "redirect_uri is not", "redirect_uri did not", "'redirect_uri' parameter must"}
	if r.status >= 400 {
		wrong = append(wrong, "redirect_uri", "redirect uri", "redirecturi")
	}
	return slices.ContainsFunc(wrong, func(words string) bool { return strings.Contains(page, words) })
}

// sentTo judges a redirect of the identity provider.
func (d *doctor) sentTo(r reply, register string) []Finding {
	from, fromErr := url.Parse(r.url)
	to, toErr := url.Parse(r.header.Get("Location"))
	if fromErr != nil || toErr != nil {
		return []Finding{r.finding("provider.redirect_unknown", SeverityNote,
			"The identity provider answers with a redirect that cannot be read: whether the redirect URI is registered could not be told.",
			"The first sign-in shows it.")}
	}
	to = from.ResolveReference(to)
	query := to.Query()
	if callback, err := url.Parse(d.p.CallbackURL()); err == nil && to.Scheme == callback.Scheme && to.Host == callback.Host && to.Path == callback.Path {
		switch query.Get("error") {
		case "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "access_denied":
			return []Finding{r.finding("provider.request_refused", SeverityWarning, "The redirect URI is registered, and the identity provider refuses our request with the error "+query.Get("error")+".",
				"Look at the application there: grant type authorization code, the scopes that are asked for, PKCE. With invalid_request it may only be that a sign-in without a user (prompt=none) is not allowed.")}
		}
		return []Finding{r.finding("provider.redirect_ok", SeverityOK, "The identity provider sends users back to our redirect URI: it is registered.", "")}
	}
	failed := slices.ContainsFunc([]string{"error", "error_code", "errorcode", "err", "autherror"}, func(name string) bool {
		return slices.ContainsFunc(keysOf(query), func(key string) bool { return strings.EqualFold(key, name) })
	}) || slices.Contains(strings.Split(to.Path, "/"), "error")
	if failed {
		return []Finding{r.finding("provider.redirect_uri", SeverityWarning,
			"The identity provider sends users to an error page of its own, not back: most often the redirect URI is not registered, or the client id is unknown.",
			register+d.p.CallbackURL())}
	}
	return []Finding{r.finding("provider.redirect_ok", SeverityOK,
		"The identity provider goes on to a page of its own, as it does to let a user sign in: the redirect URI looks registered, which this does not prove.",
		"")}
}

// keysOf are the names of parameters.
func keysOf(query url.Values) []string {
	var names []string
	for name := range query {
		names = append(names, name)
	}
	return names
}

// secret asks for tokens for a code that is made up: a provider that knows our application says that the code is wrong (invalid_grant), and any other that
// the application is (invalid_client).
func (d *doctor) secret(ctx context.Context, meta upstreamMetadata) []Finding {
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, doctorRequest)
	defer cancel()
	_, _, err := d.p.upstream.exchange(ctx, meta, randomText(), randomText())
	r := reply{question: question{url: meta.token}}
	const done = "Asked for tokens for a code that is made up, the identity provider "
	credential := map[bool]string{true: "client id", false: "client id and secret or key"}[d.p.upstream.authMethod() == methodNone]
	var refused *upstreamRefusal
	switch errors.As(err, &refused); {
	case errors.Is(err, errUpstreamDenied):
		return []Finding{r.finding("provider.secret_ok", SeverityOK, done+"refuses the code alone: it accepts our "+credential+".", "")}
	case refused != nil && (refused.code == "invalid_client" || refused.status == http.StatusUnauthorized):
		return []Finding{r.finding("provider.secret", SeverityError, done+"refuses our application: the "+credential+" are wrong or have expired, or it wants them in another way. Nobody can sign in.",
			"Make a new secret there and give it (OIDCPROXY_CLIENT_SECRET; at Entra ID the value, not the id). Allow client_secret_basic there, or set Upstream.AuthMethod in code.")}
	case refused != nil && refused.code == "unauthorized_client":
		return []Finding{r.finding("provider.grant_type", SeverityError,
			done+"says that our application may not use authorization codes (unauthorized_client).",
			"Allow it the grant type authorization code there.")}
	}
	return []Finding{r.finding("provider.secret_unknown", SeverityNote,
		done+"gives an answer that does not tell whether it accepts our "+credential+".",
		"The first sign-in shows it.")}
}
