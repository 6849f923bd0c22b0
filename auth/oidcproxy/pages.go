package oidcproxy

import (
	"bytes"
	_ "embed" // the templates
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/org/zscalermcp/auth"
)

// A Page is what every page has.
type Page struct {
	Nonce      string // for a style element: the Content-Security-Policy allows no other style, and no script
	ServerName string
	IssuerHost string
}

// A ConsentPage asks the user. Its form must post Request, and a field "action" with "approve" or "deny", to Action. Where RememberDays is not 0, a checkbox
// "remember" without a value of its own may be there too, not checked.
type ConsentPage struct {
	Page
	Action     string
	Request    string // value of the hidden field "request"
	ClientName string // "" if it has none
	Verified   bool   // the operator has registered the client; else its name is its own word
	Origin     string // host that vouches for the client by its metadata document, "" for others
	Target     string // where the user will be sent: a host, or what stands for an app
	Loopback   bool   // that is a program on the user's own computer
	App        bool   // that is an app, by a scheme of its own
	LooksLike  string // a known client that the name imitates, "" if none
	Scopes     []Scope

	RememberDays int // for which the user may say not to be asked again in this browser
}

// A ContinuePage sends the user on, at once and by a link.
type ContinuePage struct {
	Page
	Title, Text string
	URL         template.URL // absolute; checked before
	Host        string       // of URL, for people
}

// An ErrorPage tells the user what went wrong and what to do.
type ErrorPage struct {
	Page
	Status    int
	Title     string
	Text      string
	Advice    string
	RequestID string // names the request in the operator's log
}

//go:embed pages.html
var pagesHTML string

var standardPages = template.Must(template.New("pages").Parse(pagesHTML))

// safeURL marks a URL that was made here of checked parts: html/template does not know the schemes of apps.
func safeURL(text string) template.URL { return template.URL(text) } //nolint:gosec // see the callers

// A pageEndpoint is an endpoint for browsers: pages and redirects, never for scripts of other origins.
type pageEndpoint struct {
	p       *Provider
	methods []string
	rate    *rates
	serve   func(w http.ResponseWriter, r *http.Request) *pageError
}

func (e pageEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(auth.ContextWithRequestID(r.Context(), auth.NewRequestID()))
	e.p.secure(w, randomText()[:22])
	w.Header().Set("X-Request-Id", auth.RequestID(r.Context()))
	defer e.p.recovered(w, r, func(w http.ResponseWriter) { e.p.showError(w, r, pageInternal) })
	switch {
	case !slices.Contains(e.methods, r.Method):
		w.Header().Set("Allow", strings.Join(e.methods, ", "))
		e.p.showError(w, r, pageMethod)
		return
	case len(r.RequestURI) > maxQuery:
		e.p.showError(w, r, pageTooLong)
		return
	}
	if wait, ok := e.p.takeOne(r, e.rate); !ok {
		e.p.record(r, event{name: EventThrottled, reason: "rate"})
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds()+1)))
		e.p.showError(w, r, pageThrottled)
		return
	}
	if refusal := e.serve(w, r); refusal != nil {
		e.p.showError(w, r, refusal)
	}
}

// secure sets the headers of every page and redirect (R66).
func (p *Provider) secure(w http.ResponseWriter, nonce string) {
	h := w.Header()
	images := ""
	if len(p.cfg.PageSources) > 0 {
		images = "img-src " + strings.Join(p.cfg.PageSources, " ") + "; "
	}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; "+images+"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
}

// nonceOf reads the nonce back from the header, so that page and header cannot differ.
func nonceOf(w http.ResponseWriter) string {
	_, rest, _ := strings.Cut(w.Header().Get("Content-Security-Policy"), "'nonce-")
	nonce, _, _ := strings.Cut(rest, "'")
	return nonce
}

// show writes a page.
func (p *Provider) show(w http.ResponseWriter, status int, name string, data any) *pageError {
	common := Page{Nonce: nonceOf(w), ServerName: p.name, IssuerHost: p.issuerHost}
	switch page := data.(type) {
	case ConsentPage:
		// Under no-referrer browsers would send Origin: null with the form, which is refused (R63).
		w.Header().Set("Referrer-Policy", "same-origin")
		page.Page = common
		data = page
	case AccountPage:
		w.Header().Set("Referrer-Policy", "same-origin")
		page.Page = common
		data = page
	case ContinuePage:
		page.Page = common
		data = page
	case ErrorPage:
		page.Page = common
		data = page
	}
	var body bytes.Buffer
	if err := p.pages.ExecuteTemplate(&body, name, data); err != nil {
		return pageInternal.from(fmt.Errorf("template %s: %w", name, err))
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the browser may be gone
	return nil
}

// shownTarget is where a redirect URI leads, for people: the host, as written, or the scheme of an app.
func shownTarget(u redirectURI) string {
	switch {
	case u.kind == privateURI && u.host == "":
		return u.scheme + ":"
	case u.kind == privateURI:
		return u.scheme + "://" + u.host
	case u.port != "" && u.kind == webURI:
		return u.host + ":" + u.port
	}
	return u.host
}

// consentPage is what the user is asked (R60).
func (p *Provider) consentPage(c *client, uri redirectURI, scopes []string, sealed string) ConsentPage {
	page := ConsentPage{
		Action: p.path + "/consent", Request: sealed, ClientName: c.name, Verified: c.origin == fromOperator, Target: shownTarget(uri),
		Loopback: uri.kind == loopbackURI, App: uri.kind == privateURI,
	}
	host, documented := c.origin.documentHost()
	switch {
	case documented:
		page.Origin, page.LooksLike = host, imitated(c.name, host)
	case c.origin != fromOperator && uri.kind == webURI:
		page.LooksLike = imitated(c.name, uri.host)
	}
	for _, scope := range scopes {
		page.Scopes = append(page.Scopes, Scope{scope, p.descriptions[scope]})
	}
	return page
}

// wellKnownClients are names that people trust, and where those clients take their users: no hosts below which anybody may have a page. They decide what is
// shown, and nothing else.
var wellKnownClients = []struct {
	name  string
	hosts []string
}{
	{"claude", []string{"claude.ai", "claude.com", "anthropic.com"}}, {"anthropic", []string{"claude.ai", "claude.com", "anthropic.com"}},
	{"chatgpt", []string{"chatgpt.com", "openai.com"}}, {"openai", []string{"chatgpt.com", "openai.com"}},
	{"cursor", []string{"cursor.com"}}, {"visual studio code", []string{"vscode.dev", "visualstudio.com"}}, {"vs code", []string{"vscode.dev", "visualstudio.com"}},
	{"copilot", []string{"microsoft.com", "github.com", "consent.azure-apim.net", "vscode.dev"}}, {"gemini", []string{"gemini.google.com", "vertexaisearch.cloud.google.com"}},
	{"perplexity", []string{"perplexity.ai"}}, {"zscaler", []string{"zscaler.com"}}, {"inspector", []string{"modelcontextprotocol.io"}},
}

// imitated returns a known client whose name is in this one, though it takes its users elsewhere (D52).
func imitated(name, host string) string {
	folded := foldName(name)
	for _, known := range wellKnownClients {
		if !strings.Contains(folded, strings.ReplaceAll(known.name, " ", "")) {
			continue
		}
		if !slices.ContainsFunc(known.hosts, func(own string) bool { return strings.HasSuffix("."+strings.ToLower(host), "."+own) }) {
			return known.name
		}
		return ""
	}
	return ""
}

// lookAlikes are letters of other scripts, and digits, that stand in for Latin letters.
var lookAlikes = strings.NewReplacer("0", "o", "1", "l", "|", "l", "3", "e", "5", "s", "@", "a",
	"а", "a", "е", "e", "о", "o", "с", "c", "р", "p", "у", "y", "х", "x", "і", "i", "ԁ", "d", "ѕ", "s", "ԛ", "q", "ѵ", "v", "һ", "h", "ј", "j", "ո", "n", "ս", "u",
	"α", "a", "ε", "e", "ο", "o", "ϲ", "c", "ρ", "p", "υ", "u", "ν", "v", "ι", "i", "τ", "t", "κ", "k", "η", "n", "ı", "i", "ɑ", "a", "ɡ", "g")

// foldName makes look-alikes of letters alike, as far as they are common: other forms of letters, letters with marks, letters of other scripts.
func foldName(name string) string {
	folded := lookAlikes.Replace(strings.ToLower(name)) // before some of them are decomposed, and after
	folded = lookAlikes.Replace(strings.ToLower(norm.NFKD.String(folded)))
	return strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' {
			return c
		}
		return -1
	}, folded)
}
