package oidcproxy

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/org/zscalermcp/internal/remote"
)

// browserOrigin is that of a page that the doctor pretends to be, for proxies which add CORS headers to such requests only.
const browserOrigin = "https://doctor.example"

// places are the paths of all documents.
func (d *doctor) places() []string {
	var places []string
	for _, route := range d.p.protected.Routes() {
		if !strings.Contains(route.Pattern, "{") { // the others are the same with a slash
			places = append(places, route.Pattern)
		}
	}
	slices.Reverse(places) // that of the path, which is in the challenge, before the root
	places = append(places, wellKnownOAuth+d.p.path, wellKnownOpenID+d.p.path)
	if d.p.path != "" {
		places = append(places, d.p.path+wellKnownOpenID)
	}
	if d.p.path != "" && d.p.cfg.LegacyRootEndpoints {
		places = append(places, wellKnownOAuth)
	}
	return append(places, d.p.path+"/jwks")
}

// documents are checks of what must be there byte for byte.
func (d *doctor) documents() []check {
	var checks []check
	for _, place := range d.places() {
		checks = append(checks, func(ctx context.Context) []Finding {
			q := question{method: http.MethodGet, url: d.p.origin + place, header: map[string]string{"Accept": "application/json", "Origin": browserOrigin}}
			return d.document(ctx, d.ask(ctx, q))
		})
	}
	return checks
}

// document judges an answer at a place of a document.
func (d *doctor) document(ctx context.Context, r reply) []Finding {
	if f := d.trouble(ctx, r, http.StatusOK); f != nil {
		return []Finding{*f}
	}
	ours := d.ours(ctx, r.question)
	if !bytes.Equal(r.body, ours.body.Bytes()) {
		return []Finding{d.differs(r)}
	}
	findings := r.cors()
	if !remote.IsJSON(r.header.Get("Content-Type")) {
		findings = append(findings, r.finding("metadata.content_type", SeverityError,
			"The document arrives whole, but its Content-Type is not application/json: clients refuse it.",
			"Let the proxy keep the header (nginx: no default_type or add_header Content-Type there)."))
	}
	if r.header.Get("Cache-Control") != ours.header.Get("Cache-Control") {
		findings = append(findings, r.finding("cache.changed", SeverityNote,
			"The proxy changes how long caches may keep the document.",
			"After a change of the configuration some clients may see the old one for as long as the proxy says."))
	}
	if len(findings) == 0 {
		findings = append(findings, r.finding("metadata.ok", SeverityOK, "The document arrives as this server has it, and pages of every origin may read it.", ""))
	}
	return findings
}

// differs says in what another document differs.
func (d *doctor) differs(r reply) Finding {
	const others = "See which server answers for the name and path, and that all replicas have one configuration."
	if !r.isJSON() {
		return r.finding("metadata.not_json", SeverityError,
			"The answer is no JSON: a web site in front answers with a page of its own.",
			"Let the proxy pass the path on to this server before it falls back to a page (nginx: try_files; Caddy: file_server).")
	}
	if strings.HasSuffix(r.path(), "/jwks") {
		return d.otherKeys(r)
	}
	member, want := "issuer", d.p.issuer
	if strings.Contains(r.path(), "/oauth-protected-resource") {
		member, want = "resource", d.p.resource
	}
	switch got := r.text(member); {
	case got == want:
		return r.finding("metadata.differs", SeverityWarning,
			"The document names the same "+member+" and differs elsewhere: the server there has another configuration or version, a cache keeps an old document, or something rewrites it.",
			others+" Empty the caches in front.")
	case got != "" && strings.TrimPrefix(got, "http://") == strings.TrimPrefix(want, "https://"):
		return r.finding("metadata.scheme", SeverityError,
			"The document has http where the public URL is https: the server there was given an http address, and clients refuse what differs from the address that they use.",
			"Give it the public URL with https (OIDCPROXY_BASE_URL, ZSCALER_MCP_PUBLIC_URL; in code ResourceURL). No X-Forwarded header changes it.")
	case got != "" && trimSlash(got) == trimSlash(want):
		return r.finding("metadata.slash", SeverityError,
			"The document's "+member+" differs from the one here by the slash at its end, and clients compare it character for character.",
			others)
	}
	return r.finding("metadata.other_issuer", SeverityError, "The document is that of another server: its "+member+" is not the one of this configuration.", others)
}

// otherKeys is about a key set that is not ours.
func (d *doctor) otherKeys(r reply) Finding {
	if d.p.cfg.Keys == nil && !d.p.mounted.Load() {
		return r.finding("keys.unknown", SeverityNote,
			"The keys there were not compared: those here are random, and so nobody else has them.",
			"Give both ZSCALER_MCP_MASTER_KEYS.")
	}
	return r.finding("keys.differ", SeverityError, "The server there signs with other keys: it is another one, or a replica with other master keys, and each refuses the tokens of the other.",
		"Give all replicas the same ZSCALER_MCP_MASTER_KEYS (in code Config.Keys) and the same issuer.")
}

// cors judges what a page of another origin is told (R8).
func (r reply) cors() []Finding {
	const once = "Leave CORS to this server. nginx: no add_header Access-Control-… for it, or proxy_hide_header Access-Control-Allow-Origin beside your own."
	switch allowed := r.values("Access-Control-Allow-Origin"); {
	case len(allowed) == 0:
		return []Finding{r.finding("cors.missing", SeverityError,
			"Access-Control-Allow-Origin is lost on the way: clients that run in a browser cannot read the answer.",
			"Let the proxy pass it on (nginx: no proxy_hide_header for it).")}
	case len(allowed) > 1:
		return []Finding{r.finding("cors.doubled", SeverityError,
			fmt.Sprintf("Access-Control-Allow-Origin is there %d times, since the proxy adds one of its own: browsers then refuse the answer.", len(allowed)),
			once)}
	case allowed[0] != "*":
		return []Finding{r.finding("cors.changed", SeverityError,
			"Access-Control-Allow-Origin is not *, as this server sends it: pages of other origins cannot read the answer.",
			once)}
	case r.header.Get("Access-Control-Allow-Credentials") != "":
		return []Finding{r.finding("cors.credentials", SeverityWarning, "The proxy adds Access-Control-Allow-Credentials, which this server never sends.", once)}
	}
	return nil
}

// preflights asks as browsers do before they send what pages of other origins want to.
func (d *doctor) preflights() []check {
	type ask struct{ path, method string }
	asks := []ask{{d.places()[0], http.MethodGet}, {wellKnownOAuth + d.p.path, http.MethodGet}, {d.p.path + "/token", http.MethodPost}}
	if d.p.cfg.Registration.Mode != RegistrationOff {
		asks = append(asks, ask{d.p.path + "/register", http.MethodPost})
	}
	var checks []check
	for _, a := range asks {
		checks = append(checks, func(ctx context.Context) []Finding {
			return d.preflight(ctx, d.ask(ctx, question{method: http.MethodOptions, url: d.p.origin + a.path, header: map[string]string{
				"Origin": browserOrigin, "Access-Control-Request-Method": a.method, "Access-Control-Request-Headers": "mcp-protocol-version",
			}}), a.method)
		})
	}
	return checks
}

func (d *doctor) preflight(ctx context.Context, r reply, method string) []Finding {
	if f := d.trouble(ctx, r, http.StatusNoContent, http.StatusOK, http.StatusMethodNotAllowed); f != nil {
		return []Finding{*f}
	}
	ours := d.ours(ctx, r.question)
	foreign := r.header.Get("Access-Control-Allow-Methods") != ours.header.Get("Access-Control-Allow-Methods")
	if findings := r.cors(); len(findings) > 0 && r.status != http.StatusMethodNotAllowed && !(foreign && findings[0].Code == "cors.missing") {
		return findings
	}
	lacks := func(name, value string) bool {
		return !slices.ContainsFunc(r.values(name), func(v string) bool { return strings.EqualFold(v, value) })
	}
	switch {
	case r.status == http.StatusMethodNotAllowed || lacks("Access-Control-Allow-Methods", method) || lacks("Access-Control-Allow-Headers", "MCP-Protocol-Version"):
		return []Finding{r.finding("cors.preflight", SeverityError,
			"The question that browsers ask first (OPTIONS) is answered by somebody else, and not with what clients need: those in a browser do not get on.",
			"Let the proxy pass OPTIONS on (nginx: no if ($request_method = OPTIONS) { return 204; }).")}
	case foreign:
		return []Finding{r.finding("cors.preflight_foreign", SeverityNote,
			"The question that browsers ask first (OPTIONS) is answered by somebody else, in a way that is enough.",
			"Let the proxy pass OPTIONS on, so that it stays right.")}
	}
	return []Finding{r.finding("cors.ok", SeverityOK, "The question that browsers ask first (OPTIONS) reaches this server.", "")}
}
