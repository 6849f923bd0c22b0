package oidcproxy

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
)

// cloneWithPath is a URL of the configuration with another path.
func cloneWithPath(address, path string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		return &url.URL{Path: path}
	}
	u.Path, u.RawPath = path, ""
	return u
}

// tokenEndpoint sends what no client has: an unknown name by HTTP Basic, and a form that asks for nothing that exists.
func (d *doctor) tokenEndpoint(ctx context.Context) []Finding {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"doctor"}, "redirect_uri": {"https://doctor.example/"}}
	r := d.ask(ctx, question{method: http.MethodPost, url: d.p.issuer + "/token", body: form.Encode(), header: map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", "Origin": browserOrigin,
		"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("doctor:doctor")),
	}})
	if f := d.trouble(ctx, r, http.StatusUnauthorized, http.StatusBadRequest); f != nil {
		return []Finding{*f}
	}
	basic := strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Basic ")
	switch code := r.text("error"); {
	case code == "" && r.status == http.StatusUnauthorized:
		return []Finding{d.foreign(ctx, r)}
	case code == "":
		return []Finding{r.finding("token.not_json", SeverityError,
			"The answer of the token endpoint is no JSON error: the proxy replaces it by a page of its own, and clients cannot read why they are refused.",
			"Let the proxy pass answers on as they are (nginx: proxy_intercept_errors off;).")}
	case code == errInvalidRequest.code && strings.Contains(r.text("error_description"), "grant_type"):
		return []Finding{r.finding("body.lost", SeverityError,
			"The form that is sent to the token endpoint does not arrive: the proxy drops the body.",
			"nginx: no proxy_pass_request_body off; and no rewrite or error_page that makes GET of POST.")}
	case code == errInvalidRequest.code:
		return []Finding{r.finding("header.authorization_lost", SeverityError,
			"The Authorization header does not arrive at the token endpoint: clients with a secret are refused.",
			authorizationAdvice)}
	case !basic:
		return []Finding{r.finding("header.challenge_lost", SeverityError,
			"The challenge (WWW-Authenticate) of the token endpoint is lost on the way.",
			"Let the proxy pass it on (nginx: no proxy_hide_header WWW-Authenticate).")}
	}
	if findings := r.cors(); len(findings) > 0 {
		return findings
	}
	if !strings.Contains(r.header.Get("Cache-Control"), "no-store") {
		return []Finding{r.finding("cache.token", SeverityError,
			"The proxy takes Cache-Control: no-store away from the token endpoint: caches may keep tokens.",
			"Let the proxy keep the header (nginx: no expires or proxy_hide_header Cache-Control there).")}
	}
	return []Finding{r.finding("token_endpoint.ok", SeverityOK,
		"A form and an Authorization header arrive at the token endpoint, and the answer is this server's.",
		"")}
}

// page asks for a page of the browser, one that says what is missing.
func (d *doctor) page(ctx context.Context) []Finding {
	r := d.ask(ctx, question{method: http.MethodGet, url: d.p.issuer + "/authorize", header: map[string]string{"Accept": "text/html"}})
	if f := d.trouble(ctx, r, http.StatusBadRequest); f != nil {
		return []Finding{*f}
	}
	policies, frames := r.header.Values("Content-Security-Policy"), r.header.Values("X-Frame-Options")
	const own = "Let the proxy leave the headers of these pages alone (nginx: no add_header or proxy_hide_header for them there)."
	switch {
	case r.header.Get("X-Request-Id") == "" && len(policies) == 0, r.media() != "text/html":
		return []Finding{r.finding("page.replaced", SeverityError,
			"The page that users should see is replaced on the way: they do not learn what to do.",
			"Let the proxy pass pages on, with their status (nginx: proxy_intercept_errors off;).")}
	case len(policies) == 0:
		return []Finding{r.finding("header.csp_lost", SeverityWarning,
			"Content-Security-Policy is lost on the way: the consent page is without its protection.",
			own)}
	case len(policies) > 1 || strings.Contains(policies[0], ","):
		return []Finding{r.finding("header.csp_doubled", SeverityWarning,
			"The proxy adds a Content-Security-Policy of its own, and browsers obey both: the pages may lose their style, or their form.",
			own)}
	case !strings.Contains(policies[0], "style-src 'nonce-"):
		return []Finding{r.finding("header.csp_changed", SeverityWarning,
			"The proxy puts a Content-Security-Policy of its own in the place of this server's: the consent page is without its protection.",
			own)}
	case len(frames) > 1 || len(frames) == 1 && strings.Contains(frames[0], ","):
		return []Finding{r.finding("header.frame_doubled", SeverityNote, "The proxy adds an X-Frame-Options of its own; this server says DENY already.", own)}
	case len(frames) == 0:
		return []Finding{r.finding("header.frame_lost", SeverityNote,
			"X-Frame-Options is lost on the way; the Content-Security-Policy still keeps the pages out of frames.",
			own)}
	}
	return []Finding{r.finding("page.ok", SeverityOK, "Pages for users arrive with their headers.", "")}
}
