package zscalermcp

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the template
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/internal/address"
)

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// A page tells people who open the endpoint's address in a browser what it is and how to add it to a client. Strangers read it, so it knows of no tool, tenant,
// version or secret: only what a challenge would tell them too.
type page struct {
	known  bool   // the public URL is
	path   string // of the endpoint
	view   pageView
	text   []byte // for every request but those that name this machine, where the public URL is not known
	policy string // Content-Security-Policy
}

// A pageView is what the template shows.
type pageView struct {
	Mode       string       // of authentication, as in ZSCALER_MCP_AUTH_MODE; "" is an Authenticator that nothing is known of
	SignIn     bool         // clients sign their user in by themselves
	Headers    []pageHeader // that bear the credential, else
	Basic      bool         // the first one is an encoded pair
	Address    string       // of the endpoint, "" where it is not known
	Local      bool         // nobody but this machine reaches the address
	URL        string       // the address, or a word for it
	SSE        bool         // the transport of protocol 2024-11-05 is there alone
	Contact    string       // whom to ask
	ContactURL string       // the contact as a link, "" if it is none
}

// A pageHeader is a request header with a credential, or rather with what stands for it.
type pageHeader struct {
	Name, Value string
	Variable    string // of the environment, for clients that take the value from there
}

// newPage returns the page of a server under the public URL u, which may have no host; nil if it is switched off.
func (c *config) newPage(u *url.URL) (http.Handler, error) {
	if c.page.off {
		return nil, nil
	}
	p := &page{known: u.Host != "", path: u.Path, view: pageView{Mode: pageMode(c), SSE: c.sseOnly, Contact: c.page.contact, ContactURL: contactLink(c.page.contact)}}
	p.view.SignIn = p.view.Mode == modeServer || p.view.Mode == modeOIDC
	if !p.view.SignIn && p.view.Mode != modeNone {
		p.view.Headers = pageHeaders(p.view.Mode, c.auth)
		p.view.Basic = strings.HasPrefix(p.view.Headers[0].Value, "Basic ")
	}
	if !p.known {
		u = nil
	}
	text, err := p.render(u)
	if err != nil {
		return nil, fmt.Errorf("the page for people: %w", err)
	}
	_, rest, opened := strings.Cut(string(text), "<style>")
	style, _, closed := strings.Cut(rest, "</style>")
	if !opened || !closed {
		return nil, errors.New("the page for people has no style")
	}
	hash := sha256.Sum256([]byte(style))
	p.text = text
	p.policy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
	return p, nil
}

// pageMode is the mode of authentication, told by the Authenticator where the environment has not chosen one.
func pageMode(c *config) string {
	switch a := c.auth.(type) {
	case nil:
		return modeNone
	case *auth.APIKeys:
		return modeAPIKey
	case *auth.JWT, *auth.Introspection:
		return modeJWT
	case *auth.Zscaler:
		return modeZscaler
	case *oidcproxy.Provider:
		return modeServer
	case auth.ResourceNamer: // or a combination of which one may be
		if c.mode == "" && a.Resource() != "" {
			return modeOIDC
		}
	}
	return c.mode
}

// pageHeaders are the headers that clients send to a.
func pageHeaders(mode string, a auth.Authenticator) []pageHeader {
	var read []string // none: all
	if reader, ok := a.(auth.HeaderReader); ok {
		read = reader.CredentialHeaders()
	}
	reads := func(header string) bool { return len(read) == 0 || slices.Contains(read, header) }
	value := cmp.Or(map[string]string{modeAPIKey: "YOUR_KEY", modeJWT: "YOUR_TOKEN"}[mode], "YOUR_CREDENTIAL")
	switch {
	case reads("Authorization") && mode == modeZscaler:
		return []pageHeader{{"Authorization", "Basic YOUR_BASE64", "AUTH_HEADER"}}
	case reads("Authorization"):
		return []pageHeader{{"Authorization", "Bearer " + value, "AUTH_HEADER"}}
	case reads("X-Api-Key"):
		return []pageHeader{{"X-Api-Key", value, "API_KEY"}}
	}
	return []pageHeader{{"X-Zscaler-Client-Id", "YOUR_CLIENT_ID", "CLIENT_ID"}, {"X-Zscaler-Client-Secret", "YOUR_CLIENT_SECRET", "CLIENT_SECRET"}}
}

// render writes the page for an address, or for none.
func (p *page) render(at *url.URL) ([]byte, error) {
	view := p.view
	view.URL = "ADDRESS"
	if at != nil {
		view.Address, view.URL, view.Local = at.String(), at.String(), address.IsLoopback(at)
	}
	var text bytes.Buffer
	err := pageTemplate.Execute(&text, view)
	return text.Bytes(), err
}

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text := p.text
	if at := p.localAddress(r); at != nil && !p.known {
		if local, err := p.render(at); err == nil {
			text = local
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Content-Security-Policy", p.policy)
	h.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept, Sec-Fetch-Mode, Sec-Fetch-Dest, Authorization")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(text) // the browser may be gone
}

// localAddress is the address that r names, if that is one of the person's own machine: no other word of a Host header is repeated.
func (p *page) localAddress(r *http.Request) *url.URL {
	u, err := url.Parse("http://" + r.Host)
	if err != nil || u.Host != r.Host || u.User != nil || !address.IsLoopback(u) {
		return nil
	}
	if r.TLS != nil {
		u.Scheme = "https"
	}
	u.Path = p.path
	return u
}
