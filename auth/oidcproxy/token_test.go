package oidcproxy_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// coded registers a client and goes as far as its code.
func (rg *rig) coded() (client, code string) {
	rg.Helper()
	client = rg.client()
	return client, rg.browser().signIn(asking(client)).Get("code")
}

// R93, R12: the token endpoint takes a form, from the body alone, each parameter once; its answers are never cached.
func TestR93TokenRequests(t *testing.T) {
	rg := newRig(t, nil)
	client, code := rg.coded()
	good := redeeming(client, code)
	send := func(method, path, body, contentType string) answer {
		return rg.do(request(t, method, path, body, "Content-Type", contentType))
	}
	const form = "application/x-www-form-urlencoded"
	for name, row := range map[string]struct {
		answer
		status int
		code   string
	}{
		"GET":                                {send(http.MethodGet, "/token?"+good.Encode(), "", form), http.StatusMethodNotAllowed, "invalid_request"},
		"query":                              {send(http.MethodPost, "/token?"+good.Encode(), "", form), http.StatusBadRequest, "invalid_request"},
		"query and body":                     {send(http.MethodPost, "/token?client_id="+client, good.Encode(), form), http.StatusBadRequest, "invalid_request"},
		"JSON":                               {send(http.MethodPost, "/token", `{"grant_type":"authorization_code"}`, "application/json"), http.StatusUnsupportedMediaType, "invalid_request"},
		"no type":                            {send(http.MethodPost, "/token", good.Encode(), ""), http.StatusUnsupportedMediaType, "invalid_request"},
		"too large":                          {send(http.MethodPost, "/token", good.Encode()+"&a="+strings.Repeat("x", 65<<10), form), http.StatusRequestEntityTooLarge, "invalid_request"},
		"D30 code twice":                     {send(http.MethodPost, "/token", good.Encode()+"&code=x", form), http.StatusBadRequest, "invalid_request"},
		"D30 client twice":                   {send(http.MethodPost, "/token", good.Encode()+"&client_id=x", form), http.StatusBadRequest, "invalid_request"},
		"broken escape":                      {send(http.MethodPost, "/token", good.Encode()+"&a=%zz", form), http.StatusBadRequest, "invalid_request"},
		"no grant_type":                      {rg.post("/token", redeeming(client, code, "grant_type", "")), http.StatusBadRequest, "invalid_request"},
		"other grant":                        {rg.post("/token", redeeming(client, code, "grant_type", "password")), http.StatusBadRequest, "unsupported_grant_type"},
		"no client":                          {rg.post("/token", redeeming(client, code, "client_id", "")), http.StatusBadRequest, "invalid_request"},
		"no code":                            {rg.post("/token", redeeming(client, "", "code", "")), http.StatusBadRequest, "invalid_request"},
		"R100 unknown client, unknown grant": {rg.post("/token", redeeming("x", code, "grant_type", "password")), http.StatusUnauthorized, "invalid_client"},
	} {
		rg.want(name, row.answer, row.status, row.code)
		if row.Header.Get("Cache-Control") != "no-store" || row.Header.Get("Pragma") != "no-cache" {
			t.Errorf("%s: %v", name, row.Header)
		}
	}
	a := send(http.MethodPost, "/token", good.Encode()+"&unknown=1&resource="+url.QueryEscape(resource+"/"), form+"; charset=UTF-8")
	got := a.json(t)
	if a.StatusCode != http.StatusOK || got["token_type"] != "Bearer" || got["expires_in"] != float64(3600) || got["scope"] != "mcp:read" || got["refresh_token"] == nil || got["id_token"] != nil || strings.Contains(a.body, "null") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Pragma") != "no-cache" {
		t.Errorf("%v", a.Header)
	}
}

// R94, R95, D84: clients authenticate in the one way that they registered.
func TestR94ClientAuthentication(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.Clients = []oidcproxy.Client{{ID: "known", Secret: "a secret with : and % of thirty-two bytes", RedirectURIs: []string{clientCB}}}
	})
	registered := func(method string) (id, secret string) {
		got := rg.register(metadata(t, map[string]any{"redirect_uris": []string{clientCB}, "token_endpoint_auth_method": method})).json(t)
		secret, _ = got["client_secret"].(string)
		return got["client_id"].(string), secret
	}
	basic := func(id, secret string) []string {
		return []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(secret)))}
	}
	public, _ := registered("none")
	basicID, basicSecret := registered("client_secret_basic")
	postID, postSecret := registered("client_secret_post")
	const known = "a secret with : and % of thirty-two bytes"
	for name, row := range map[string]struct {
		client  string
		changes []string
		headers []string
		status  int
	}{
		"public":                {public, nil, nil, 200},
		"public, empty secret":  {public, []string{"client_secret", "-empty-"}, nil, 200},
		"public, blank secret":  {public, []string{"client_secret", " "}, nil, 401},
		"public, stray secret":  {public, []string{"client_secret", "x"}, nil, 401},
		"public by Basic":       {public, []string{"client_id", ""}, basic(public, ""), 200},
		"public, Basic secret":  {public, nil, basic(public, "x"), 401},
		"basic":                 {basicID, []string{"client_id", ""}, basic(basicID, basicSecret), 200},
		"basic with its id":     {basicID, nil, basic(basicID, basicSecret), 200},
		"basic, wrong":          {basicID, nil, basic(basicID, basicSecret+"x"), 401},
		"basic, none":           {basicID, nil, nil, 401},
		"basic by post":         {basicID, []string{"client_secret", basicSecret}, nil, 401},
		"post":                  {postID, []string{"client_secret", postSecret}, nil, 200},
		"post, wrong":           {postID, []string{"client_secret", basicSecret}, nil, 401},
		"post by Basic":         {postID, nil, basic(postID, postSecret), 401},
		"two ways":              {basicID, []string{"client_secret", basicSecret}, basic(basicID, basicSecret), 400},
		"two clients":           {public, nil, basic(basicID, basicSecret), 400},
		"two headers":           {basicID, nil, append(basic(basicID, basicSecret), basic(basicID, basicSecret)...), 400},
		"Bearer":                {public, nil, []string{"Authorization", "Bearer x"}, 400},
		"broken Basic":          {public, nil, []string{"Authorization", "Basic %%%"}, 400},
		"an assertion":          {public, []string{"client_assertion", "x"}, nil, 401},
		"the operator's, Basic": {"known", nil, basic("known", known), 200},
		"the operator's, post":  {"known", []string{"client_secret", known}, nil, 200},
		"the operator's, wrong": {"known", nil, basic("known", known+"x"), 401},
		"the operator's, none":  {"known", nil, nil, 401},
		"Basic, unknown":        {"x", nil, basic("x", "y"), 401},
	} {
		code := ""
		if row.client != "x" {
			code = rg.browser().signIn(asking(row.client)).Get("code")
		}
		form := redeeming(row.client, code, row.changes...)
		if form.Get("client_secret") == "-empty-" {
			form.Set("client_secret", "")
		}
		a := rg.post("/token", form, row.headers...)
		if a.StatusCode != row.status {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		challenge := a.Header.Get("Www-Authenticate")
		if tried := row.headers != nil && strings.HasPrefix(row.headers[1], "Basic "); row.status == 401 && (challenge != "") != (tried && !strings.Contains(name, "two") && name != "public by Basic") {
			t.Errorf("%s: challenge %q", name, challenge)
		}
	}
}

// D29, D36, D37, D38, R96, R98, R99: a code is for one client, one redirect URI, one verifier, one resource; whoever is wrong burns it.
func TestCodesAreBound(t *testing.T) {
	rg := newRig(t, nil)
	for name, row := range map[string]struct {
		changes []string
		code    string
	}{
		"D29 other redirect_uri":   {[]string{"redirect_uri", clientCB + "2"}, "invalid_grant"},
		"D29 redirect_uri, slash":  {[]string{"redirect_uri", clientCB + "/"}, "invalid_grant"},
		"D38 no verifier":          {[]string{"code_verifier", ""}, "invalid_grant"},
		"D37 other verifier":       {[]string{"code_verifier", verifier + "x"}, "invalid_grant"},
		"D38 verifier = challenge": {[]string{"code_verifier", challengeOf(verifier)}, "invalid_grant"},
		"R48 other resource":       {[]string{"resource", issuer + "/other"}, "invalid_target"},
	} {
		client, code := rg.coded()
		rg.want(name, rg.post("/token", redeeming(client, code, row.changes...)), http.StatusBadRequest, row.code)
		rg.want(name+", burnt", rg.post("/token", redeeming(client, code)), http.StatusBadRequest, "invalid_grant")
	}
	client, code := rg.coded()
	rg.want("D36 another client", rg.post("/token", redeeming(rg.client(), code)), http.StatusBadRequest, "invalid_grant")
	rg.want("D36 burnt", rg.post("/token", redeeming(client, code)), http.StatusBadRequest, "invalid_grant")
	if rg.happened(oidcproxy.EventCodeBurnt) != 7 {
		t.Errorf("%d events", rg.happened(oidcproxy.EventCodeBurnt))
	}
	for name, changes := range map[string][]string{"R99 no redirect_uri": {"redirect_uri", ""}, "no resource": {"resource", ""}, "slash": {"resource", resource + "/"}} {
		client, code := rg.coded()
		if a := rg.post("/token", redeeming(client, code, changes...)); a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	for _, long := range []struct {
		verifier string
		lawful   bool
	}{{strings.Repeat("v", 42), false}, {strings.Repeat("v", 43), true}, {strings.Repeat("v", 128), true}, {strings.Repeat("v", 129), false}, {strings.Repeat("v", 43) + "+", false}, {strings.Repeat("v", 43) + "~._-", true}} {
		client := rg.client()
		code := rg.browser().signIn(asking(client, "code_challenge", challengeOf(long.verifier))).Get("code")
		if a := rg.post("/token", redeeming(client, code, "code_verifier", long.verifier)); (a.StatusCode == http.StatusOK) != long.lawful {
			t.Errorf("D38 verifier of %d: %d %s", len(long.verifier), a.StatusCode, a.body)
		}
	}
	rg.provider(func(c *oidcproxy.Config) { c.RequireRedirectURI, c.InvalidGrantStatus = true, http.StatusUnauthorized })
	client, code = rg.coded()
	unnamed := rg.browser().signIn(asking(client, "redirect_uri", "")).Get("code")
	if a := rg.post("/token", redeeming(client, unnamed, "redirect_uri", "")); a.StatusCode != http.StatusOK {
		t.Errorf("R99 not sent at the authorization endpoint either: %d %s", a.StatusCode, a.body)
	}
	rg.want("R99, R100 strict", rg.post("/token", redeeming(client, code, "redirect_uri", "")), http.StatusUnauthorized, "invalid_grant")
}

// D39: a code ends after its minute, to the second.
func TestD39CodesExpire(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		client, code := rg.coded()
		sleep(59 * time.Second)
		if a := rg.post("/token", redeeming(client, code)); a.StatusCode != http.StatusOK {
			t.Errorf("in time: %d %s", a.StatusCode, a.body)
		}
		client, code = rg.coded()
		sleep(61 * time.Second)
		rg.want("late", rg.post("/token", redeeming(client, code)), http.StatusBadRequest, "invalid_grant")
	})
}

// D34, R97: a code that comes again ends everything that came of it, except at once from its own client.
func TestD34CodeReplay(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		f := rg.signedIn()
		rg.want("at once", rg.post("/token", redeeming(f.client, f.code)), http.StatusBadRequest, "invalid_grant")
		if a := rg.call(f.access); a.StatusCode != http.StatusOK {
			t.Errorf("after a double callback: %d", a.StatusCode)
		}
		sleep(11 * time.Second)
		rg.want("later", rg.post("/token", redeeming(f.client, f.code)), http.StatusBadRequest, "invalid_grant")
		if a := rg.call(f.access); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("its access token afterwards: %d", a.StatusCode)
		}
		rg.want("its refresh token afterwards", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
		if rg.happened(oidcproxy.EventCodeReplayed) != 1 {
			t.Errorf("%d events", rg.happened(oidcproxy.EventCodeReplayed))
		}
		for name, again := range map[string]func(f family) url.Values{
			"wrong verifier at once": func(f family) url.Values { return redeeming(f.client, f.code, "code_verifier", verifier+"x") },
			"other client at once":   func(f family) url.Values { return redeeming(rg.client(), f.code) },
		} {
			f := rg.signedIn()
			rg.want(name, rg.post("/token", again(f)), http.StatusBadRequest, "invalid_grant")
			if a := rg.call(f.access); a.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s: the access token lives: %d", name, a.StatusCode)
			}
		}
		f = rg.refreshed(rg.signedIn())
		sleep(20 * time.Minute)
		f = rg.refreshed(f)
		rg.want("after refreshes", rg.post("/token", redeeming(f.client, f.code)), http.StatusBadRequest, "invalid_grant")
		if a := rg.call(f.access); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("after refreshes: %d", a.StatusCode)
		}
	})
}

// D35: of many who redeem a code at once, at two replicas, one gets tokens.
func TestD35CodeRace(t *testing.T) {
	rg := newRig(t, nil)
	first := rg.handler
	second := rg.mount(rg.provider(nil))
	client, code := rg.coded()
	var wins, losses int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			h := first
			if i%2 == 1 {
				h = second
			}
			a := serveOn(t, h, "/token", redeeming(client, code))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case a.StatusCode == http.StatusOK:
				wins++
			case a.code() == "invalid_grant":
				losses++
			default:
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
		})
	}
	all.Wait()
	if wins != 1 || losses != 59 {
		t.Errorf("%d of 60 got tokens, %d were refused", wins, losses)
	}
}

// Tokens for clients that did not register for refresh tokens.
func TestWithoutRefreshTokens(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		client := rg.register(metadata(t, map[string]any{"redirect_uris": []string{clientCB}, "grant_types": []string{"authorization_code"}})).json(t)["client_id"].(string)
		f := rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, rg.browser().signIn(asking(client)).Get("code"))))
		if f.refresh != "" {
			t.Error("a refresh token that was not asked for")
		}
		rg.want("refresh", rg.post("/token", refreshing(client, "x")), http.StatusBadRequest, "unauthorized_client")
		sleep(59 * time.Minute)
		if a := rg.call(f.access); a.StatusCode != http.StatusOK {
			t.Errorf("in time: %d", a.StatusCode)
		}
		sleep(2 * time.Minute)
		if a := rg.call(f.access); a.StatusCode != http.StatusUnauthorized || rg.entries() != 1 && rg.entries() != 0 {
			t.Errorf("late: %d, %d entries", a.StatusCode, rg.entries())
		}
	})
}

// R96: a code is not given to a client that may no longer send its user there, by the operator's word or by its document's.
func TestCodeForARedirectURIThatHasGone(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, gone := range []bool{false, true} {
			other := clientCB + "/2"
			known := func(uris ...string) func(*oidcproxy.Config) {
				return func(c *oidcproxy.Config) { c.Clients = []oidcproxy.Client{{ID: "known", RedirectURIs: uris}} }
			}
			rg := newRig(t, known(clientCB, other))
			code := rg.browser().signIn(asking("known")).Get("code")
			left := []string{other, clientCB}
			if gone {
				left = left[:1]
			}
			rg.provider(known(left...))
			if a := rg.post("/token", redeeming("known", code)); gone != (a.code() == "invalid_grant") {
				t.Errorf("gone %v: %d %s", gone, a.StatusCode, a.body)
			}

			rg, pub := documented(t, map[string]any{"redirect_uris": []string{clientCB, other}}, nil)
			rg.browser().authorize(asking(documentID))
			sleep(5*time.Minute - time.Second)
			code = rg.browser().signIn(asking(documentID)).Get("code")
			pub.publish(documentID, pub.document(documentID, map[string]any{"redirect_uris": left}))
			sleep(2 * time.Second)
			if a := rg.post("/token", redeeming(documentID, code)); gone != (a.code() == "invalid_grant") {
				t.Errorf("document, gone %v: %d %s", gone, a.StatusCode, a.body)
			}
		}
	})
}
