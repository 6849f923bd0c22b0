package oidcproxy

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/org/zscalermcp/auth"
)

// pingBody is a message of which nothing is read: the caller is refused before.
const pingBody = `{"jsonrpc":"2.0","id":1,"method":"ping"}`

// toEndpoint is a message to the MCP endpoint, with a token or none.
func (d *doctor) toEndpoint(url, token string) question {
	q := question{method: http.MethodPost, url: url, body: pingBody, header: map[string]string{
		"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
	}}
	if token != "" {
		q.header["Authorization"] = "Bearer " + token
	}
	return q
}

// endpoint judges the answer of the MCP endpoint to a caller without a credential: the challenge by which clients find everything else (RFC 9728 section 5.1).
func (d *doctor) endpoint(ctx context.Context, r reply) []Finding {
	if f := d.challenged(ctx, r); f != nil {
		return []Finding{*f}
	}
	want := d.metadataOf(r.path())
	switch challenges := strings.Join(r.header.Values("WWW-Authenticate"), ", "); {
	case strings.Contains(challenges, `resource_metadata="`+want+`"`):
		return []Finding{r.finding("endpoint.ok", SeverityOK, "The endpoint refuses a caller without a credential, and says where to sign in.", "")}
	case strings.Contains(challenges, "resource_metadata="):
		return []Finding{r.finding("challenge.differs", SeverityError,
			"The challenge (WWW-Authenticate) names other metadata than this server's: another server answers, or one with another public URL.",
			"Compare the public URL there (OIDCPROXY_BASE_URL, ZSCALER_MCP_PUBLIC_URL); it must be the address that clients use.")}
	}
	return []Finding{r.finding("header.challenge_lost", SeverityError,
		"The endpoint refuses a caller without a credential, but the challenge (WWW-Authenticate) is lost on the way: clients do not find out where to sign in.",
		"Let the proxy pass it on (nginx: no proxy_hide_header WWW-Authenticate, no proxy_intercept_errors with an error_page for 401).")}
}

// challenged is the finding about an answer that is not the 401 of this server.
func (d *doctor) challenged(ctx context.Context, r reply) *Finding {
	if f := d.trouble(ctx, r, http.StatusUnauthorized, http.StatusOK, http.StatusAccepted); f != nil {
		return f
	}
	if r.status != http.StatusUnauthorized {
		f := r.finding("endpoint.open", SeverityError,
			"The endpoint answers a caller who has no good credential: it is another server, or the proxy changes the status or adds a credential of its own.",
			"See which server answers at the path. No proxy may add Authorization or X-Api-Key, or make 200 of 401.")
		return &f
	}
	if challenges := strings.Join(r.header.Values("WWW-Authenticate"), ","); challenges != "" && !strings.Contains(challenges, "Bearer ") {
		f := d.foreign(ctx, r)
		return &f
	}
	return nil
}

// metadataOf is the address in our challenge to a request for a path.
func (d *doctor) metadataOf(path string) string {
	r := &http.Request{Method: http.MethodPost, Header: http.Header{}}
	r.URL = cloneWithPath(d.p.resource, path)
	challenges := strings.Join(d.p.Challenges(r, &auth.Error{Status: http.StatusUnauthorized}), ", ")
	_, rest, _ := strings.Cut(challenges, `resource_metadata="`)
	address, _, _ := strings.Cut(rest, `"`)
	return address
}

// badToken sends a token that nobody has issued. Only who sees it says that it is invalid (RFC 6750 section 3.1).
func (d *doctor) badToken(ctx context.Context) []Finding {
	encode := base64.RawURLEncoding.EncodeToString
	claims := `{"iss":"` + d.p.issuer + `","sub":"doctor","exp":1}`
	token := encode([]byte(`{"alg":"EdDSA","typ":"at+jwt","kid":"doctor"}`)) + "." + encode([]byte(claims)) + "." + strings.Repeat("A", 86)
	r := d.ask(ctx, d.toEndpoint(d.p.resource, token))
	if f := d.challenged(ctx, r); f != nil {
		return []Finding{*f}
	}
	if r.text("error") == "" && !strings.Contains(strings.Join(r.header.Values("WWW-Authenticate"), ","), `error="`) {
		return []Finding{r.finding("header.authorization_lost", SeverityError,
			"A token that is sent along does not arrive: the proxy drops the Authorization header, and every client is refused for ever.",
			authorizationAdvice)}
	}
	return []Finding{r.finding("token.ok", SeverityOK, "A token that is sent along arrives, and a bad one is refused.", "")}
}

const authorizationAdvice = `Let the proxy pass it on. nginx: no proxy_set_header Authorization "", and no auth_basic in front; Apache: CGIPassAuth and no mod_auth there; Caddy: no header_up -Authorization.`

// slash asks with a slash behind the address, as some clients write it, where it works without.
func (d *doctor) slash(without reply) check {
	return func(ctx context.Context) []Finding {
		if d.p.resourcePath == "" || strings.HasSuffix(d.p.resource, "/") || without.status != http.StatusUnauthorized {
			return nil
		}
		return d.withSlash(ctx)
	}
}

func (d *doctor) withSlash(ctx context.Context) []Finding {
	r := d.ask(ctx, d.toEndpoint(d.p.resource+"/", ""))
	f := d.challenged(ctx, r)
	switch {
	case f == nil:
		return nil
	case slices.Contains([]string{"path.missing", "path.changed"}, f.Code):
		return []Finding{r.finding("endpoint.slash", SeverityWarning,
			"With a slash behind its address the endpoint does not answer: users who type one cannot connect.",
			"Pass both forms on (nginx: location "+d.p.resourcePath+" covers both; Caddy: "+d.p.resourcePath+"*).")}
	}
	return []Finding{*f}
}
