package oidcproxy_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A browser keeps cookies.
type browser struct {
	*rig
	cookies map[string]string
	peer    string // "" for the usual one
}

func (rg *rig) browser() *browser { return &browser{rig: rg, cookies: map[string]string{}} }

func (b *browser) send(method, path, body string, headers ...string) answer {
	b.Helper()
	r := request(b.TB, method, path, body, append([]string{"Accept", "text/html,*/*"}, headers...)...)
	if b.peer != "" {
		r.RemoteAddr = b.peer
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	a := b.do(r)
	for _, cookie := range a.Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		} else {
			b.cookies[cookie.Name] = cookie.Value
		}
	}
	return a
}

func (b *browser) open(path string, headers ...string) answer {
	b.Helper()
	return b.send(http.MethodGet, path, "", headers...)
}

// authorize opens the consent page.
func (b *browser) authorize(q url.Values) answer {
	b.Helper()
	return b.open("/authorize?" + q.Encode())
}

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="request" value="([^"]*)">`)
	linkField   = regexp.MustCompile(`<a class="button main" href="([^"]*)">`)
)

// field is the sealed request in a consent page.
func (a answer) field(t testing.TB) string {
	t.Helper()
	found := hiddenField.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("no form: %d %s %s", a.StatusCode, a.Header.Get("Location"), a.body)
	}
	return html.UnescapeString(found[1])
}

// link is where a page moves on to.
func (a answer) link(t testing.TB) string {
	t.Helper()
	found := linkField.FindStringSubmatch(a.body)
	if found == nil || a.StatusCode != http.StatusOK {
		t.Fatalf("no link: %d %s", a.StatusCode, a.body)
	}
	link := html.UnescapeString(found[1])
	if !strings.Contains(html.UnescapeString(a.body), `content="0; url=`+link+`"`) {
		t.Fatalf("the page does not move on by itself: %s", a.body)
	}
	return link
}

// answerForm posts the consent form.
func (b *browser) answerForm(field, action string, headers ...string) answer {
	b.Helper()
	form := url.Values{"request": {field}, "action": {action}}
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	if !strings.Contains(strings.Join(headers, " "), "Origin") {
		headers = append(headers, "Origin", issuer, "Sec-Fetch-Site", "same-origin")
	}
	return b.send(http.MethodPost, "/consent", form.Encode(), headers...)
}

// atUpstream follows the link to the identity provider, which sends the user back to the returned address.
func (rg *rig) atUpstream(link string) string {
	rg.Helper()
	r := httptest.NewRequestWithContext(rg.Context(), http.MethodGet, link, nil)
	w := httptest.NewRecorder()
	rg.idp.Handler().ServeHTTP(w, r)
	back := w.Header().Get("Location")
	if back == "" {
		rg.Fatalf("the identity provider refuses %s: %s", link, w.Body)
	}
	return strings.TrimPrefix(back, issuer)
}

// signIn goes from the request to the answer that the client gets.
func (b *browser) signIn(q url.Values) url.Values {
	b.Helper()
	back := b.atUpstream(b.answerForm(b.authorize(q).field(b.TB), "approve").link(b.TB))
	return b.open(back).location(b.TB).Query()
}
