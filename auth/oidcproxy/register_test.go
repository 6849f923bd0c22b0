package oidcproxy_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R14, R18, R12: 201 with what was registered, all lists there, nothing null.
func TestRegistrationAnswer(t *testing.T) {
	rg := newRig(t, nil)
	a := rg.register(`{"redirect_uris":["` + clientCB + `"],"client_name":"Test app","client_uri":"https://app.example.com","logo_uri":"javascript:x","contacts":["a@b.example"],` +
		`"scope":"mcp:read other","software_id":"id","software_version":"1","unknown":{"a":[1]},"application_type":"web","tos_uri":null,"grant_types":["authorization_code","refresh_token","password"]}`)
	got := a.json(t)
	if a.StatusCode != http.StatusCreated || a.Header.Get("Cache-Control") != "no-store" || strings.Contains(a.body, "null") {
		t.Fatalf("%d %v %s", a.StatusCode, a.Header, a.body)
	}
	for name, want := range map[string]string{
		"redirect_uris": "[" + clientCB + "]", "client_name": "Test app", "client_uri": "https://app.example.com", "scope": "mcp:read other", "software_id": "id",
		"token_endpoint_auth_method": "none", "grant_types": "[authorization_code refresh_token]", "response_types": "[code]", "application_type": "web", "contacts": "[a@b.example]",
		"logo_uri": "<nil>", "unknown": "<nil>", "client_secret": "<nil>", "client_secret_expires_at": "<nil>", "tos_uri": "<nil>",
	} {
		if fmt.Sprint(got[name]) != want {
			t.Errorf("%s: %v, want %s", name, got[name], want)
		}
	}
	if issued, ok := got["client_id_issued_at"].(float64); !ok || issued != float64(int64(issued)) {
		t.Errorf("client_id_issued_at: %v", got["client_id_issued_at"])
	}
	if id := got["client_id"].(string); strings.HasPrefix(id, "https://") || !strings.HasPrefix(id, "mcpc_") || len(id) > 1024 {
		t.Errorf("R25 client_id: %s", id)
	}
}

// R15, R16: a secret for who asks for one, "none" for who says nothing; R22: grant types; R21: application types.
func TestRegistrationChoices(t *testing.T) {
	rg := newRig(t, nil)
	for name, row := range map[string]struct{ metadata, member, want string }{
		"R15 nothing":                         {`{}`, "token_endpoint_auth_method", "none"},
		"R15 none":                            {`{"token_endpoint_auth_method":"none"}`, "token_endpoint_auth_method", "none"},
		"R15 basic":                           {`{"token_endpoint_auth_method":"client_secret_basic"}`, "token_endpoint_auth_method", "client_secret_basic"},
		"R15 post":                            {`{"token_endpoint_auth_method":"client_secret_post"}`, "token_endpoint_auth_method", "client_secret_post"},
		"R22 no grant types":                  {`{}`, "grant_types", "[authorization_code refresh_token]"},
		"R22 code only":                       {`{"grant_types":["authorization_code"]}`, "grant_types", "[authorization_code]"},
		"R22 unknown beside":                  {`{"grant_types":["implicit","authorization_code"]}`, "grant_types", "[authorization_code]"},
		"R22 response types":                  {`{"response_types":["code","token"]}`, "response_types", "[code]"},
		"R23 OIDC scopes":                     {`{"scope":"openid profile email offline_access"}`, "scope", "openid profile email offline_access"},
		"R21 native loopback":                 {`{"application_type":"native","redirect_uris":["http://127.0.0.1/cb"]}`, "application_type", "native"},
		"R21 native https":                    {`{"application_type":"native"}`, "application_type", "native"},
		"R26 member in other case is unknown": {`{"Client_Name":"x"}`, "client_name", "<nil>"},
		"R24 name":                            {`{"client_name":"  A\u202Eb\u0000 \u200b c ` + strings.Repeat("x", 200) + `"}`, "client_name", "Ab c " + strings.Repeat("x", 95)},
	} {
		body := row.metadata
		if !strings.Contains(body, "redirect_uris") {
			body = strings.Replace(body, "{", `{"redirect_uris":["`+clientCB+`"],`, 1)
			body = strings.Replace(body, ",}", "}", 1)
		}
		a := rg.register(body)
		if a.StatusCode != http.StatusCreated || fmt.Sprint(a.json(t)[row.member]) != row.want {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		if secret, has := a.json(t)["client_secret"]; has != strings.Contains(row.want, "client_secret") || has && len(secret.(string)) < 43 {
			t.Errorf("%s: secret %v", name, secret)
		}
	}
	for name, row := range map[string]struct{ metadata, code string }{
		"R22 grant types":        {`"grant_types":["client_credentials"]`, "invalid_client_metadata"},
		"R22 response types":     {`"response_types":["token"]`, "invalid_client_metadata"},
		"R15 private_key_jwt":    {`"token_endpoint_auth_method":"private_key_jwt"`, "invalid_client_metadata"},
		"R21 application type":   {`"application_type":"mobile"`, "invalid_client_metadata"},
		"R21 web with loopback":  {`"application_type":"web","redirect_uris":["http://localhost/cb"]`, "invalid_redirect_uri"},
		"R17 eleven":             {`"redirect_uris":["` + strings.Repeat(clientCB+`","`, 10) + clientCB + `"]`, "invalid_redirect_uri"},
		"R17 none":               {`"redirect_uris":[]`, "invalid_redirect_uri"},
		"R17 null":               {`"redirect_uris":null`, "invalid_redirect_uri"},
		"R17 too long for an id": {`"redirect_uris":["https://a.example/` + randomHex(230) + `","https://b.example/` + randomHex(230) + `","https://c.example/` + randomHex(230) + `"]`, "invalid_client_metadata"},
	} {
		body := "{" + row.metadata + "}"
		if !strings.Contains(body, "redirect_uris") {
			body = `{"redirect_uris":["` + clientCB + `"],` + row.metadata + "}"
		}
		rg.want(name, rg.register(body), http.StatusBadRequest, row.code)
	}
}

// D79: what is no registration.
func TestD79NastyRegistrations(t *testing.T) {
	rg := newRig(t, nil)
	uri := `"redirect_uris":["` + clientCB + `"]`
	for name, row := range map[string]struct {
		body, contentType string
		status            int
	}{
		"lawful":                {"{" + uri + "}", "application/json", http.StatusCreated},
		"charset":               {"{" + uri + "}", "application/json; charset=utf-8", http.StatusCreated},
		"10 MB":                 {`{"a":"` + strings.Repeat("x", 10<<20) + `"}`, "application/json", http.StatusRequestEntityTooLarge},
		"depth":                 {`{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "," + uri + "}", "application/json", http.StatusBadRequest},
		"brackets in text":      {`{"a":"` + strings.Repeat("[", 5000) + `\"",` + uri + "}", "application/json", http.StatusCreated},
		"depth behind brackets": {`{"a":"` + strings.Repeat("]", 5000) + `","b":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "," + uri + "}", "application/json", http.StatusBadRequest},
		"R30 no keys":           {`{"jwks_uri":null,` + uri + "}", "application/json", http.StatusCreated},
		"R30 keys elsewhere":    {`{"jwks_uri":"https://a.example/jwks",` + uri + "}", "application/json", http.StatusBadRequest},
		"many redirects":        {`{"redirect_uris":["` + strings.Repeat(`https://a.example","`, 3000) + `x"]}`, "application/json", http.StatusBadRequest},
		"number for a string":   {`{"client_name":7,` + uri + "}", "application/json", http.StatusBadRequest},
		"string for a list":     {`{"redirect_uris":"` + clientCB + `"}`, "application/json", http.StatusBadRequest},
		"list of numbers":       {`{"redirect_uris":[1]}`, "application/json", http.StatusBadRequest},
		"member twice":          {"{" + uri + "," + uri + "}", "application/json", http.StatusBadRequest},
		"member twice, escaped": {"{" + uri + `,"redirect_ur\u0069s":["https://evil.example"]}`, "application/json", http.StatusBadRequest},
		"no object":             {"[" + uri[16:] + "]", "application/json", http.StatusBadRequest},
		"two values":            {"{" + uri + "}{}", "application/json", http.StatusBadRequest},
		"not UTF-8":             {"{" + uri + ",\"client_name\":\"\xff\"}", "application/json", http.StatusBadRequest},
		"empty":                 {"", "application/json", http.StatusBadRequest},
		"a form":                {"redirect_uris=" + clientCB, "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
		"text":                  {"{" + uri + "}", "text/plain", http.StatusUnsupportedMediaType},
		"no type":               {"{" + uri + "}", "", http.StatusUnsupportedMediaType},
	} {
		headers := []string{}
		if row.contentType != "" {
			headers = []string{"Content-Type", row.contentType}
		}
		a := rg.do(request(t, http.MethodPost, "/register", row.body, headers...))
		if a.StatusCode != row.status || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	a := rg.do(request(t, http.MethodPost, "/register", "{"+uri+"}", "Content-Type", "application/json", "Content-Encoding", "gzip"))
	if a.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("D82 compressed: %d", a.StatusCode)
	}
}

// R28: an initial access token, and no registration at all.
func TestR28WhoMayRegister(t *testing.T) {
	token := strings.Repeat("t", 32)
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.Registration = oidcproxy.Registration{Mode: oidcproxy.RegistrationToken, InitialToken: auth.Secret(token)}
	})
	body := `{"redirect_uris":["` + clientCB + `"]}`
	register := func(headers ...string) answer {
		return rg.do(request(t, http.MethodPost, "/register", body, append([]string{"Content-Type", "application/json"}, headers...)...))
	}
	rg.want("no token", register(), http.StatusUnauthorized, "invalid_token")
	rg.want("wrong token", register("Authorization", "Bearer "+token+"x"), http.StatusUnauthorized, "invalid_token")
	rg.want("two tokens", register("Authorization", "Bearer "+token, "Authorization", "Bearer "+token), http.StatusUnauthorized, "invalid_token")
	if a := register("Authorization", "Bearer "+token); a.StatusCode != http.StatusCreated {
		t.Errorf("the token: %d %s", a.StatusCode, a.body)
	}
	rg.provider(func(c *oidcproxy.Config) {
		c.Registration.Mode = oidcproxy.RegistrationOff
		c.Clients = []oidcproxy.Client{{ID: "app", RedirectURIs: []string{clientCB}}}
	})
	if a := register(); a.StatusCode != http.StatusNotFound {
		t.Errorf("switched off: %d", a.StatusCode)
	}
	if got := rg.get("/.well-known/oauth-authorization-server").json(t); got["registration_endpoint"] != nil {
		t.Errorf("R11: %v", got["registration_endpoint"])
	}
	if a := rg.browser().authorize(asking("app")); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "registered by the operator") {
		t.Errorf("a client of the operator's: %d %s", a.StatusCode, a.body)
	}
}

// R28, R29: a client that the configuration has no place for any more is none, with all that it got; one that it has a place for goes on.
func TestClientsThatAreNoLongerServed(t *testing.T) {
	token := auth.Secret(strings.Repeat("t", 32))
	app := oidcproxy.Client{ID: "app", RedirectURIs: []string{clientCB}}
	open := func(c *oidcproxy.Config) { c.Clients = []oidcproxy.Client{app} }
	invited := func(c *oidcproxy.Config) {
		open(c)
		c.Registration = oidcproxy.Registration{Mode: oidcproxy.RegistrationToken, InitialToken: token}
	}
	for name, test := range map[string]struct {
		before, after func(*oidcproxy.Config)
		client        string // "" registers itself
		served        bool
	}{
		"off": {open, func(c *oidcproxy.Config) { open(c); c.Registration.Mode = oidcproxy.RegistrationOff }, "", false},
		"off, without consent": {open, func(c *oidcproxy.Config) {
			open(c)
			c.Registration.Mode, c.SkipConsent = oidcproxy.RegistrationOff, true
		}, "", false},
		"off, the operator's":      {open, func(c *oidcproxy.Config) { open(c); c.Registration.Mode = oidcproxy.RegistrationOff }, "app", true},
		"off, once invited":        {invited, func(c *oidcproxy.Config) { open(c); c.Registration.Mode = oidcproxy.RegistrationOff }, "", false},
		"token, from before":       {open, invited, "", false},
		"token, the operator's":    {open, invited, "app", true},
		"token, invited":           {invited, invited, "", true},
		"open, once invited":       {invited, open, "", true},
		"denied":                   {open, nil, "", false},
		"another one is denied":    {open, func(c *oidcproxy.Config) { c.DeniedClients = []string{"0123456789abcdef"} }, "", true},
		"no longer the operator's": {open, func(*oidcproxy.Config) {}, "app", false},
	} {
		rg := newRig(t, test.before)
		f := family{client: test.client}
		if f.client == "" {
			a := rg.do(request(t, http.MethodPost, "/register", `{"redirect_uris":["`+clientCB+`"]}`, "Content-Type", "application/json", "Authorization", "Bearer "+string(token)))
			f.client = a.json(t)["client_id"].(string)
		}
		f = rg.redeemed(f, rg.post("/token", redeeming(f.client, rg.browser().signIn(asking(f.client)).Get("code"))))
		if test.after == nil {
			test.after = func(c *oidcproxy.Config) { c.DeniedClients = []string{f.client} }
		}
		rg.provider(test.after)
		page, call, refresh := rg.browser().authorize(asking(f.client)), rg.call(f.access), rg.post("/token", refreshing(f.client, f.refresh))
		if test.served {
			if page.StatusCode != http.StatusOK || call.StatusCode != http.StatusOK || refresh.StatusCode != http.StatusOK {
				t.Errorf("%s: %d %d %d", name, page.StatusCode, call.StatusCode, refresh.StatusCode)
			}
			continue
		}
		rg.wantPage(name, page, http.StatusBadRequest)
		rg.want(name, call, http.StatusUnauthorized, "invalid_token")
		rg.want(name, refresh, http.StatusUnauthorized, "invalid_client")
	}
}

// D93: scopes that the configuration no longer has, or no longer for this client, are gone from the tokens of before.
func TestScopesThatAreNoLongerOffered(t *testing.T) {
	app := func(scopes ...string) func(*oidcproxy.Config) {
		return func(c *oidcproxy.Config) {
			c.Clients = []oidcproxy.Client{{ID: "app", RedirectURIs: []string{clientCB}, Scopes: scopes}}
		}
	}
	for name, after := range map[string]func(*oidcproxy.Config){
		"of the client": app("mcp:read"),
		"of all":        func(c *oidcproxy.Config) { app()(c); c.Scopes = c.Scopes[:1] },
		"every one":     func(c *oidcproxy.Config) { app()(c); c.Scopes = nil },
	} {
		want := "mcp:read"
		if name == "every one" {
			want = ""
		}
		rg := newRig(t, app())
		f := family{client: "app"}
		f = rg.redeemed(f, rg.post("/token", redeeming("app", rg.browser().signIn(asking("app", "scope", "mcp:read mcp:write")).Get("code"))))
		if got := fmt.Sprint(rg.call(f.access).json(t)["scopes"]); got != "[mcp:read mcp:write]" {
			t.Errorf("%s: before: %s", name, got)
		}
		rg.provider(after)
		if got := fmt.Sprint(rg.call(f.access).json(t)["scopes"]); got != "["+want+"]" {
			t.Errorf("%s: the token of before has %s", name, got)
		}
		rg.want("asked for", rg.post("/token", refreshing("app", f.refresh, "scope", "mcp:write")), http.StatusBadRequest, "invalid_scope")
		for range 2 { // the current token, and a retired one
			scope, _ := rg.post("/token", refreshing("app", f.refresh)).json(t)["scope"].(string)
			if scope != want {
				t.Errorf("%s: a refresh gives %q", name, scope)
			}
		}
	}
}

// R29, R57, D80, D85: an id that was not made here, or is denied, is no client, at each endpoint, and every one in the same way.
func TestD80ForgedClientIDs(t *testing.T) {
	rg := newRig(t, nil)
	good := rg.client()
	other := newRig(t, nil).client() // of other keys
	denied := rg.client(clientCB + "?denied")
	issuedElsewhere := newRig(t, func(c *oidcproxy.Config) { c.IssuerURL = issuer + "/oauth"; c.Keys = rg.keys; c.Store = rg.store })
	elsewhere := issuedElsewhere.do(request(t, http.MethodPost, "/oauth/register", `{"redirect_uris":["`+clientCB+`"]}`, "Content-Type", "application/json")).json(t)["client_id"].(string)
	flipped := []byte(good)
	flipped[len(flipped)-5] ^= 1
	rg.provider(func(c *oidcproxy.Config) {
		c.DeniedClients, c.MetadataDocuments.Mode = []string{denied}, oidcproxy.DocumentsOff // for addresses that are read see documents_test.go
	})
	var pages, answers []string
	for name, id := range map[string]string{
		"forged": "mcpc_" + base64.RawURLEncoding.EncodeToString(make([]byte, 64)), "truncated": good[:len(good)-8], "flipped": string(flipped), "other keys": other,
		"other issuer": elsewhere, "denied": denied, "unknown": "some-client", "the upstream's own": "proxy", "empty prefix": "mcpc_", "a URL": "https://app.example.com/client.json",
	} {
		a := rg.browser().authorize(asking(id))
		rg.wantPage(name, a, http.StatusBadRequest)
		_, text, _ := strings.Cut(a.body, "<main>")
		text, _, _ = strings.Cut(text, "request ")
		pages = append(pages, text)
		token := rg.post("/token", redeeming(id, "code"))
		rg.want(name+" at the token endpoint", token, http.StatusUnauthorized, "invalid_client")
		rg.want(name+" at the revocation endpoint", rg.post("/revoke", map[string][]string{"client_id": {id}, "token": {"x"}}), http.StatusUnauthorized, "invalid_client")
		answers = append(answers, token.body)
		// R57: programs get JSON, mcp-remote waits for it.
		rg.want(name+" as a program", rg.get("/authorize?"+asking(id).Encode(), "Accept", "application/json"), http.StatusBadRequest, "invalid_client")
	}
	if len(slices.Compact(pages)) != 1 || len(slices.Compact(answers)) != 1 {
		t.Errorf("D85: the answers differ: %q %q", slices.Compact(pages), slices.Compact(answers))
	}
	if a := rg.browser().authorize(asking(good)); a.StatusCode != http.StatusOK {
		t.Errorf("the good one: %d", a.StatusCode)
	}
}

// R27, D78: registrations store nothing, and are throttled.
func TestD78RegistrationFlood(t *testing.T) {
	rg := newRig(t, nil)
	throttled := 0
	body := `{"redirect_uris":["` + clientCB + `"]}`
	var last answer
	for range 400 {
		if last = rg.register(body); last.StatusCode == http.StatusTooManyRequests {
			throttled++
		}
	}
	if throttled == 0 || last.Header.Get("Retry-After") == "" {
		t.Errorf("%d throttled, Retry-After %q", throttled, last.Header.Get("Retry-After"))
	}
	if n := rg.entries(); n != 0 {
		t.Errorf("%d entries are stored", n)
	}
	// D75: another address in a header of the client's own makes no difference, another peer does.
	if a := rg.do(request(t, http.MethodPost, "/register", body, "Content-Type", "application/json", "X-Forwarded-For", "198.51.100.7")); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("D75: %d", a.StatusCode)
	}
	r := request(t, http.MethodPost, "/register", body, "Content-Type", "application/json")
	r.RemoteAddr = "198.51.100.7:1"
	if a := rg.do(r); a.StatusCode != http.StatusCreated {
		t.Errorf("another peer: %d", a.StatusCode)
	}
}

// A client id begins no sign-ins after its time; grants outlast it.
func TestClientIDsEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.Lifetimes.ClientID = 24 * hour })
		f := rg.signedIn()
		sleep(23 * hour)
		if a := rg.browser().authorize(asking(f.client)); a.StatusCode != http.StatusOK {
			t.Errorf("after 23 hours: %d", a.StatusCode)
		}
		sleep(2 * hour)
		rg.wantPage("after 25 hours", rg.browser().authorize(asking(f.client)), http.StatusBadRequest)
	})
}
