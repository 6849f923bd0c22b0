package oidcproxy_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// An office is where administrators are, at an address of its own.
type office struct {
	*rig
	mounted http.Handler
}

// office mounts the handler below /admin for whoever has the password.
func (rg *rig) office() office {
	rg.Helper()
	h, err := rg.p.AdminHandler(oidcproxy.AdminConfig{Authorize: func(r *http.Request) (string, error) {
		name, password, _ := r.BasicAuth()
		switch {
		case password == "panic":
			panic("value-of-the-panic")
		case password == "later":
			return "", fmt.Errorf("secret-of-the-host: %w", oidcproxy.ErrTryAgain)
		case password != "password":
			return "", errors.New("cause-for-the-log")
		}
		return name, nil
	}})
	if err != nil {
		rg.Fatal(err)
	}
	return office{rg, http.StripPrefix("/admin", h)}
}

// as sends a request with a name and a password.
func (o office) as(name, password, method, path, body string, headers ...string) answer {
	o.Helper()
	headers = append(headers, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(name+":"+password)))
	w := httptest.NewRecorder()
	o.mounted.ServeHTTP(w, request(o.TB, method, "https://office.example.com/admin"+path, body, headers...))
	a := answer{w.Result(), w.Body.String()}
	if h := a.Header; h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") != "application/json" || h.Get("X-Request-Id") == "" {
		o.Errorf("%s %s: headers %v", method, path, h)
	}
	for name := range a.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			o.Errorf("%s %s: CORS header %s", method, path, name)
		}
	}
	return a
}

func (o office) ask(method, path, body string, headers ...string) answer {
	o.Helper()
	if body != "" {
		headers = append([]string{"Content-Type", "application/json"}, headers...)
	}
	return o.as("eve", "password", method, path, body, headers...)
}

func (o office) list(query string) oidcproxy.GrantPage {
	o.Helper()
	a := o.ask(http.MethodGet, "/grants"+query, "")
	var page oidcproxy.GrantPage
	if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.StatusCode != http.StatusOK {
		o.Fatalf("%s: %d %s %v", query, a.StatusCode, a.body, err)
	}
	return page
}

// wantEnded checks an answer that says how many have ended.
func (o office) wantEnded(what string, a answer, want int) {
	o.Helper()
	if got := fmt.Sprintf(`{"ended":%d}`, want); a.StatusCode != http.StatusOK || a.body != got {
		o.Errorf("%s: %d %s, want %s", what, a.StatusCode, a.body, got)
	}
}

// R116: over HTTP as in code, with the name of the administrator and the address in the events.
func TestR116Handler(t *testing.T) {
	rg := newRig(t, nil)
	o := rg.office()
	if a := o.ask(http.MethodGet, "/grants", ""); a.body != `{"grants":[]}` {
		t.Errorf("empty: %s", a.body)
	}
	one, two := rg.client(), rg.client()
	ann, bob, cat, dan := rg.signInAs("ann", one), rg.signInAs("bob", one), rg.signInAs("cat", two), rg.signInAs("dan", two)
	all := []*family{&ann, &bob, &cat, &dan}
	user := func(subject string) string { return "?user_issuer=" + upIssuer + "&user_subject=" + subject }
	first := o.list("?limit=3")
	if rest := o.list("?limit=3&cursor=" + first.Next); len(first.Grants) != 3 || len(rest.Grants) != 1 || rest.Next != "" {
		t.Errorf("pages of %d and %d, %q", len(first.Grants), len(rest.Grants), rest.Next)
	}
	if n := len(o.list("?client=" + one).Grants); n != 2 {
		t.Errorf("%d of a client", n)
	}
	id := o.list(user("ann")).Grants[0].ID
	o.wantEnded("one", o.ask(http.MethodDelete, "/grants/"+id, ""), 1)
	o.wantEnded("again", o.ask(http.MethodDelete, "/grants/"+id, ""), 0)
	o.wantEnded("a user", o.ask(http.MethodPost, "/grants/end", `{"user":{"issuer":"`+upIssuer+`","subject":"bob"}}`), 1)
	rg.wantStanding("two have ended", []bool{false, false, true, true}, all...)
	cat2 := rg.signInAs("cat", one)
	o.wantEnded("a client", o.ask(http.MethodPost, "/grants/end", `{"client":"`+fingerprintOf(one)+`"}`), 1)
	rg.wantStanding("a client", []bool{false, false, true, true, false}, append(all, &cat2)...)
	o.wantEnded("all", o.ask(http.MethodPost, "/grants/end", `{"all":true}`), 2)
	rg.wantStanding("all", make([]bool, 4), all...)
	told := 0
	for _, e := range rg.events {
		if e.Name == oidcproxy.EventAdminEnded || e.Name == oidcproxy.EventAdminListed {
			if told++; e.By != "eve" || e.ClientAddr.String() != "192.0.2.1" || e.RequestID == "" {
				t.Errorf("%+v", e)
			}
		}
	}
	if told != 5+5 {
		t.Errorf("%d events", told)
	}
}

// R116: without somebody who says who an administrator is, there is no handler; and nobody else gets anything.
func TestR116HandlerNeedsAnAdministrator(t *testing.T) {
	rg := newRig(t, nil)
	if h, err := rg.p.AdminHandler(oidcproxy.AdminConfig{}); err == nil || h != nil || !strings.Contains(err.Error(), "Authorize") {
		t.Errorf("%v, %v", h, err)
	}
	f := rg.signedIn()
	o := rg.office()
	for _, each := range [][3]string{{http.MethodGet, "/grants", ""}, {http.MethodPost, "/grants/end", `{"all":true}`}, {http.MethodGet, "/elsewhere", ""}} {
		for _, who := range []struct {
			name, password string
			status         int
			code           string
		}{
			{"eve", "wrong", http.StatusForbidden, "access_denied"}, {"", "password", http.StatusForbidden, "access_denied"}, {"eve", "later", http.StatusServiceUnavailable, "temporarily_unavailable"},
			{"eve", "panic", http.StatusInternalServerError, "server_error"},
		} {
			a := o.as(who.name, who.password, each[0], each[1], each[2], "Content-Type", "application/json")
			rg.want(who.password+each[1], a, who.status, who.code)
			if strings.Contains(a.body, "-of-the-") || strings.Contains(a.body, "cause") || (a.StatusCode == http.StatusServiceUnavailable) != (a.Header.Get("Retry-After") != "") {
				t.Errorf("%s: %v %s", who.password, a.Header, a.body)
			}
		}
	}
	if log := rg.logged(); !strings.Contains(log, "cause-for-the-log") || !strings.Contains(log, "returned no name") || strings.Contains(log, "value-of-the-panic") {
		t.Errorf("the log: %s", log)
	}
	rg.wantStanding("after all that", []bool{true}, &f)
}

// R116: pages of other origins can do nothing, and read nothing; programs, and pages of the host's own, can.
func TestR116CrossSite(t *testing.T) {
	rg := newRig(t, nil)
	o := rg.office()
	for _, row := range []struct {
		headers []string
		ok      bool
	}{
		{nil, true},
		{[]string{"Sec-Fetch-Site", "same-origin", "Origin", "https://office.example.com"}, true},
		{[]string{"Sec-Fetch-Site", "none"}, true},
		{[]string{"Origin", "https://office.example.com"}, true},
		{[]string{"Sec-Fetch-Site", "cross-site"}, false},
		{[]string{"Sec-Fetch-Site", "same-site"}, false},
		{[]string{"Origin", "https://evil.example.com"}, false},
		{[]string{"Origin", "https://office.example.com:8443"}, false},
		{[]string{"Origin", "null"}, false},
	} {
		for _, each := range [][3]string{{http.MethodGet, "/grants", ""}, {http.MethodPost, "/grants/end", `{"all":true}`}, {http.MethodDelete, "/grants/" + strings.Repeat("x", 43), ""}} {
			if a := o.ask(each[0], each[1], each[2], row.headers...); (a.StatusCode == http.StatusOK) != row.ok || !row.ok && a.StatusCode != http.StatusForbidden {
				t.Errorf("%v, %s %s: %d %s", row.headers, each[0], each[1], a.StatusCode, a.body)
			}
		}
	}
	if a := o.ask(http.MethodOptions, "/grants", "", "Origin", "https://office.example.com", "Access-Control-Request-Method", "GET"); a.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("preflight: %d", a.StatusCode)
	}
}

// R116: what is not exactly one of the requests ends nothing.
func TestR116MalformedRequests(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	o := rg.office()
	id := o.list("").Grants[0].ID
	user := `{"issuer":"` + upIssuer + `","subject":"user"}`
	for _, body := range []string{
		"", "x", "null", "[]", `"all"`, "{}", `{"all":false}`, `{"all":1}`, `{"all":"true"}`, `{"all":true,"client":"` + f.client + `"}`, `{"all":true,"all":true}`, `{"All":true}`, `{"all":true} x`,
		`{"user":` + user + `,"dry_run":true}`, `{"user":{"issuer":"` + upIssuer + `"}}`, `{"user":{"issuer":"` + upIssuer + `","subject":""}}`, `{"user":{"issuer":"","subject":"user"}}`,
		`{"user":{"issuer":"` + upIssuer + `","subject":"user","except":"x"}}`, `{"user":{"issuer":"x","issuer":"` + upIssuer + `","subject":"user"}}`, `{"user":"user"}`,
		`{"user":{"issuer":"` + upIssuer + `","Subject":"user"}}`, `{"user":null}`, `{"client":""}`, `{"client":null}`, `{"client":["` + f.client + `"]}`, "{\"client\":\"\xff\"}", `{"client":"\ud800"}`,
	} {
		rg.want(body, o.as("eve", "password", http.MethodPost, "/grants/end", body, "Content-Type", "application/json"), http.StatusBadRequest, "invalid_request")
	}
	for _, headers := range [][]string{nil, {"Content-Type", "text/plain"}, {"Content-Type", "application/json", "Content-Type", "application/json"}, {"Content-Type", "application/json", "Content-Encoding", "gzip"}} {
		a := o.as("eve", "password", http.MethodPost, "/grants/end", `{"all":true}`, headers...)
		rg.want(fmt.Sprint(headers), a, http.StatusUnsupportedMediaType, "invalid_request")
	}
	for _, query := range []string{
		"limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "limit=1&limit=2", "cursor=x", "cursor=", "client=", "user_subject=user", "user_issuer=x", "subject=user", "Client=x", "client=%zz", "a;b=c", "client=%00",
	} {
		rg.want(query, o.ask(http.MethodGet, "/grants?"+query, ""), http.StatusBadRequest, "invalid_request")
	}
	for _, row := range []struct {
		method, path, body string
		status             int
		allow              string
	}{
		{http.MethodPost, "/grants", "", 405, "GET"}, {http.MethodHead, "/grants", "", 405, "GET"}, {http.MethodGet, "/grants/" + id, "", 405, "DELETE"}, {http.MethodGet, "/grants/end", "", 405, "POST"},
		{http.MethodDelete, "/grants", "", 405, "GET"}, {http.MethodDelete, "/grants/end", "", 405, "POST"}, {http.MethodPost, "/grants/" + id, "", 405, "DELETE"},
		{http.MethodGet, "/", "", 404, ""}, {http.MethodGet, "", "", 404, ""}, {http.MethodGet, "/grants/", "", 404, ""}, {http.MethodDelete, "/grants/" + id[1:], "", 404, ""},
		{http.MethodDelete, "/grants/" + id + "/", "", 404, ""}, {http.MethodPost, "/grants/end/", `{"all":true}`, 404, ""}, {http.MethodDelete, "/grants/" + id + "?all=true", "", 400, ""},
		{http.MethodPost, "/grants/end?client=x", `{"all":true}`, 400, ""}, {http.MethodGet, "/grants?cursor=" + strings.Repeat("x", 17<<10), "", 414, ""},
		{http.MethodPost, "/grants/end", `{"client":"` + strings.Repeat("x", 16<<10) + `"}`, 413, ""},
	} {
		if a := o.ask(row.method, row.path, row.body); a.StatusCode != row.status || a.Header.Get("Allow") != row.allow {
			t.Errorf("%s %.60s: %d %v, want %d", row.method, row.path, a.StatusCode, a.Header, row.status)
		}
	}
	rg.wantStanding("after all that", []bool{true}, &f)
	o.wantEnded("the lawful one", o.ask(http.MethodPost, "/grants/end", ` { "user" : `+user+` } `, "Sec-Fetch-Site", "none"), 1)
}

// R116, R148: where the store cannot be asked, the answer is 503 and says how far it went; the same request then goes on.
func TestR116HandlerWithoutAStore(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	for _, subject := range []string{"ann", "bob", "cat"} {
		rg.signInAs(subject, client)
	}
	o, takes := rg.office(), 0
	rg.failing(func(op string) error {
		if op == "take" {
			if takes++; takes == 2 {
				return errors.New("secret-cause of the store")
			}
		}
		return nil
	})
	unavailable := func(what string, a answer) {
		t.Helper()
		rg.want(what, a, http.StatusServiceUnavailable, "temporarily_unavailable")
		if wait, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || wait < 1 || strings.Contains(a.body, "secret-cause") {
			t.Errorf("%s: %v %s", what, a.Header, a.body)
		}
	}
	a := o.ask(http.MethodPost, "/grants/end", `{"all":true}`)
	if unavailable("some", a); a.json(t)["ended"] != 2.0 {
		t.Errorf("%s", a.body)
	}
	rg.failing(func(string) error { return errors.New("secret-cause of the store") })
	unavailable("list", o.ask(http.MethodGet, "/grants", ""))
	unavailable("one", o.ask(http.MethodDelete, "/grants/"+strings.Repeat("x", 43), ""))
	unavailable("all", o.ask(http.MethodPost, "/grants/end", `{"all":true}`))
	rg.failing(nil)
	o.wantEnded("again", o.ask(http.MethodPost, "/grants/end", `{"all":true}`), 1)
}

// R116: a request that ends more than it has time for says so, and how far it went.
func TestR116TimeOfARequest(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		client := rg.client()
		for i := range 20 {
			rg.signInAs(fmt.Sprint("user", i), client)
		}
		slow := 2 * time.Second
		rg.p = rg.provider(func(c *oidcproxy.Config) { c.Store = slowTakes{rg.store, &slow} })
		o := rg.office()
		a := o.ask(http.MethodPost, "/grants/end", `{"all":true}`)
		rg.want("slow", a, http.StatusServiceUnavailable, "temporarily_unavailable")
		if ended := a.json(t)["ended"].(float64); ended < 10 || ended > 13 {
			t.Errorf("%s", a.body)
		} else {
			slow = 0
			o.wantEnded("again", o.ask(http.MethodPost, "/grants/end", `{"all":true}`), 20-int(ended))
		}
	})
}
