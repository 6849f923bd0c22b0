package oidcproxy_test

import (
	"html/template"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R50, R51: prompt=none is served where nothing need be asked, and nowhere else; what the identity provider would have asked is told to the client.
func TestR50PromptNone(t *testing.T) {
	rg := newRig(t, remembering())
	b := rg.told(asking("web"))
	rg.wantRefusal("nothing remembered", rg.browser().visit(asking("web", "prompt", "none")), "consent_required", "client-state")
	rg.wantRefusal("more scopes", b.visit(asking("web", "prompt", "none", "scope", "mcp:write")), "consent_required", "client-state")
	rg.wantRefusal("from another site", b.open("/authorize?"+asking("web", "prompt", "none").Encode()), "consent_required", "client-state")
	rg.wantRefusal("with another", b.visit(asking("web", "prompt", "none login")), "consent_required", "client-state")
	for code, want := range map[string]string{"": "", "login_required": "login_required", "interaction_required": "interaction_required", "access_denied": "access_denied", "invalid_scope": "server_error"} {
		link := b.visit(asking("web", "prompt", "none")).location(t)
		if link.Query().Get("prompt") != "none" {
			t.Errorf("upstream: %s", link)
		}
		rg.idp.Tamper(authtest.Tampering{})
		if code != "" {
			rg.idp.Tamper(authtest.Tampering{Callback: upstreamError(code)})
		}
		a := b.open(rg.atUpstream(link.String()))
		if want != "" {
			rg.wantRefusal(code, a, want, "client-state")
		} else if a.location(t).Query().Get("code") == "" {
			t.Errorf("%s", a.Header.Get("Location"))
		}
	}
	rg.provider(remembering(func(c *oidcproxy.Config) { c.Upstream.AuthorizeParams = map[string]string{"prompt": "consent"} }))
	rg.wantRefusal("the operator wants a page of the provider", b.visit(asking("web", "prompt", "none")), "interaction_required", "client-state")
	rg.provider(remembering(func(c *oidcproxy.Config) { c.ConfirmAccount = true }))
	rg.wantRefusal("the operator wants a page of ours", b.visit(asking("web", "prompt", "none")), "interaction_required", "client-state")
}

// Mistakes in the options of remembered consent, and their lawful neighbours.
func TestRememberConfig(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*oidcproxy.Config)
		field  string
	}{
		"30 days":    {func(c *oidcproxy.Config) { c.RememberConsent = 30 * day }, ""},
		"31 days":    {func(c *oidcproxy.Config) { c.RememberConsent = 31 * day }, "RememberConsent"},
		"negative":   {func(c *oidcproxy.Config) { c.RememberConsent = -day }, "RememberConsent"},
		"half a day": {func(c *oidcproxy.Config) { c.RememberConsent = 12 * hour }, "RememberConsent"},
		"nobody is asked": {func(c *oidcproxy.Config) {
			c.RememberConsent, c.SkipConsent, c.SkipConsentAcknowledged = day, true, true
		}, "RememberConsent"},
		"unverified":                {func(c *oidcproxy.Config) { c.RememberConsent, c.RememberUnverified = day, true }, ""},
		"unverified without a time": {func(c *oidcproxy.Config) { c.RememberUnverified = true }, "RememberUnverified"},
		"callback at the page":      {func(c *oidcproxy.Config) { c.ConfirmAccount, c.CallbackPath = true, "/account" }, "CallbackPath"},
		"callback there without it": {func(c *oidcproxy.Config) { c.CallbackPath = "/account" }, ""},
		"pages without account": {func(c *oidcproxy.Config) {
			c.ConfirmAccount, c.Pages = true, template.Must(template.New("").Parse(ownPages))
		}, "Pages"},
		"the same without the need": {func(c *oidcproxy.Config) { c.Pages = template.Must(template.New("").Parse(ownPages)) }, ""},
		"an account without a form": {func(c *oidcproxy.Config) {
			c.ConfirmAccount, c.Pages = true, template.Must(template.New("").Parse(ownPages+`{{define "account"}}x{{end}}`))
		}, "Pages"},
		"an account with its form": {func(c *oidcproxy.Config) {
			c.ConfirmAccount, c.Pages = true, template.Must(template.New("").Parse(ownPages+ownAccount))
		}, ""},
		"a page that lacks the rest": {func(c *oidcproxy.Config) { c.Pages = template.Must(template.New("").Parse(ownAccount)) }, "Pages"},
	} {
		cfg := oidcproxy.Config{Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "x"}, ResourceURL: resource, LazyDiscovery: true}
		row.change(&cfg)
		p, err := oidcproxy.New(t.Context(), cfg)
		if err == nil {
			_ = p.Close()
		}
		if (err != nil) != (row.field != "") || err != nil && !strings.Contains(err.Error(), "oidcproxy.Config."+row.field+" ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const (
	ownPages = `{{define "consent"}}<form><input type="hidden" name="request" value="{{.Request}}"><button name="action" value="approve"></button></form>{{end}}` +
		`{{define "continue"}}<a class="button main" href="{{.URL}}">go</a><meta content="0; url={{.URL}}">{{end}}{{define "error"}}<h1>{{.Title}}</h1>{{end}}`
	ownAccount = `{{define "account"}}<h1>Brand {{.Account}}</h1><form><input type="hidden" name="request" value="{{.Request}}"></form>{{end}}`
)
