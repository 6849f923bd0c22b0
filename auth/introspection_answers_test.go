package auth_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// R137, D11, D12: what the provider says of a token, and what is made of it.
func TestIntrospectionAnswers(t *testing.T) {
	type members = map[string]any
	in := func(seconds time.Duration) any { return time.Now().Add(seconds * time.Second).Unix() }
	bubble.Test(t, func(t *testing.T) {
		for name, test := range map[string]struct {
			change members
			want   int
		}{
			"active":                   {nil, 200},
			"only what is needed":      {members{"iss": nil, "client_id": nil, "token_type": nil, "scope": nil, "exp": nil}, 200},
			"inactive":                 {members{"active": false}, 401},
			"active as text":           {members{"active": "true"}, 401},
			"active as a number":       {members{"active": 1}, 401},
			"active null":              {members{"active": rawJSON("null")}, 401},
			"active missing":           {members{"active": nil}, 401},
			"active in other letters":  {members{"active": nil, "Active": true}, 401},
			"exp just ahead":           {members{"exp": in(1)}, 200},
			"exp now":                  {members{"exp": in(0)}, 401},
			"exp past":                 {members{"exp": in(-1)}, 401},
			"exp as text":              {members{"exp": fmt.Sprint(in(3600))}, 401},
			"exp beyond all years":     {members{"exp": 1e15}, 401},
			"exp with a fraction":      {members{"exp": rawJSON("4102444800.5")}, 200},
			"nbf past":                 {members{"nbf": in(-1)}, 200},
			"nbf ahead by the leeway":  {members{"nbf": in(60)}, 200},
			"nbf beyond it":            {members{"nbf": in(61)}, 401},
			"nbf as text":              {members{"nbf": "1"}, 401},
			"another issuer":           {members{"iss": "https://evil.example.com"}, 401},
			"issuer with a slash":      {members{"iss": idpURL + "/"}, 401},
			"issuer in other letters":  {members{"iss": strings.ToUpper(idpURL)}, 401},
			"issuer as a number":       {members{"iss": 7}, 401},
			"another audience":         {members{"aud": "https://other.example.com"}, 401},
			"no audience":              {members{"aud": nil}, 401},
			"empty list of audiences":  {members{"aud": []string{}}, 401},
			"several audiences":        {members{"aud": []string{"https://other.example.com", resource}}, 200},
			"audience with a slash":    {members{"aud": resource + "/"}, 401},
			"two audiences in one":     {members{"aud": resource + " x"}, 401},
			"audience as a number":     {members{"aud": 7}, 401},
			"audience and a number":    {members{"aud": []any{resource, 7}}, 401},
			"client as audience":       {members{"aud": "resource-server"}, 401},
			"type in small letters":    {members{"token_type": "bearer"}, 200},
			"type of an access token":  {members{"token_type": "access_token"}, 200},
			"type of a refresh token":  {members{"token_type": "refresh_token"}, 401},
			"type of an ID token":      {members{"token_type": "id_token"}, 401},
			"bound to a key":           {members{"token_type": "DPoP"}, 401},
			"type as a number":         {members{"token_type": 1}, 401},
			"no subject nor client":    {members{"sub": nil, "client_id": nil, "username": "alice"}, 401},
			"no subject, but a client": {members{"sub": nil}, 200},
			"empty subject":            {members{"sub": ""}, 401},
			"subject as a number":      {members{"sub": 7}, 401},
			"odd scope":                {members{"scope": 7}, 200}, // none
			"nulls":                    {members{"iss": rawJSON("null"), "nbf": rawJSON("null"), "exp": rawJSON("null"), "token_type": rawJSON("null"), "scope": rawJSON("null")}, 200},
			"audience null":            {members{"aud": rawJSON("null")}, 401},
			"ID token of Keycloak":     {members{"typ": "ID"}, 401},
			"ID token by its hash":     {members{"at_hash": "x", "scope": nil}, 401},
			"ID token by its nonce":    {members{"nonce": "x", "scope": nil}, 401},
			"ID token by its use":      {members{"token_use": "id"}, 401},
			"refresh token":            {members{"typ": "Refresh"}, 401},
			"refresh token by its use": {members{"token_use": "refresh_token"}, 401},
			"offline token":            {members{"typ": "Offline"}, 401},
			"access token of Keycloak": {members{"typ": "Bearer", "nonce": "x"}, 200},
			"other members":            {members{"x": members{"active": false}}, 200},
		} {
			cfg := introspectionConfig(newIDP(t, "ES256"))
			cfg.HTTPClient = network(func(*http.Request) *http.Response {
				return reply(200, strings.NewReader(activeAnswer(test.change)))
			})
			i := newIntrospection(t, cfg)
			if got := statusOf(t, i, "token-0123456789"); got != test.want {
				t.Errorf("%s: status %d, want %d", name, got, test.want)
			}
			if got := guardedBy(i)(bearing("token-0123456789")); got != test.want {
				t.Errorf("%s: status %d through the middleware, want %d", name, got, test.want)
			}
		}
	})
}

// R123, D14: where ID tokens have an accepted audience, the answer must say that the token is an access token.
func TestIntrospectionAccessTokens(t *testing.T) {
	type members = map[string]any
	bare := members{"aud": "app", "client_id": "app", "scope": nil, "token_type": nil}
	for name, test := range map[string]struct {
		change    members
		want      int
		otherwise int // without AccessTokens
	}{
		"nothing says it":      {nil, 401, 200},
		"scope":                {members{"scope": "read"}, 200, 200},
		"token_type":           {members{"token_type": "Bearer"}, 200, 200},
		"use":                  {members{"token_use": "access"}, 200, 200},
		"typ":                  {members{"typ": "Bearer"}, 200, 200},
		"another client":       {members{"client_id": "desktop"}, 200, 200},
		"of an ID token":       {members{"scope": "read", "typ": "ID"}, 401, 401},
		"client id is a list":  {members{"client_id": []string{"desktop"}}, 401, 200},
		"client and audiences": {members{"aud": []string{"app", "x"}}, 401, 200},
	} {
		for accessTokens, want := range map[bool]int{true: test.want, false: test.otherwise} {
			cfg := introspectionConfig(newIDP(t, "ES256"))
			cfg.Audiences, cfg.AccessTokens = []string{"app"}, accessTokens
			change := maps.Clone(bare)
			maps.Copy(change, test.change)
			cfg.HTTPClient = network(func(*http.Request) *http.Response { return reply(200, strings.NewReader(activeAnswer(change))) })
			if got := statusOf(t, newIntrospection(t, cfg), "token-0123456789"); got != want {
				t.Errorf("%s, access tokens only %t: status %d, want %d", name, accessTokens, got, want)
			}
		}
	}
}

// R3, R78, R137: the issuer that only the discovery document tells is the one that counts; until it is known nobody passes, and its stand-in is not to be
// kept by caches.
func TestIntrospectionIssuerOfADocument(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		document, down := `{"issuer":"`+idpURL+`/"}`, false
		cfg := introspectionConfig(newIDP(t, "ES256"))
		cfg.Issuer, cfg.DiscoveryURL = "", idpURL+"/.well-known/openid-configuration"
		cfg.HTTPClient = network(func(r *http.Request) *http.Response {
			switch {
			case r.URL.Path == "/.well-known/openid-configuration" && down:
				return reply(500, strings.NewReader(""))
			case r.URL.Path == "/.well-known/openid-configuration":
				return reply(200, strings.NewReader(document))
			}
			return reply(200, strings.NewReader(activeAnswer(map[string]any{"iss": idpURL + "/"})))
		})
		down = true
		i := newIntrospection(t, cfg)
		guarded := newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: i})
		metadata := func(issuer, cache string) {
			t.Helper()
			w := fetched(t, guarded, http.MethodGet, wellKnown)
			if got := w.Header().Get("Cache-Control"); got != cache || !strings.Contains(w.Body.String(), `"authorization_servers":["`+issuer+`"]`) {
				t.Errorf("metadata %s, %s", w.Body, got)
			}
		}
		metadata(idpURL, "no-store")
		if got := statusOf(t, guarded, "token-0123456789"); got != http.StatusServiceUnavailable {
			t.Errorf("while the issuer is unknown: status %d", got)
		}
		down = false
		time.Sleep(time.Minute)
		if got := statusOf(t, guarded, "token-0123456789"); got != http.StatusOK {
			t.Errorf("status %d", got)
		}
		if p, err := guarded.Authenticate(bearing("token-0123456789")); err != nil || p.Issuer != idpURL+"/" {
			t.Errorf("%+v, %v", p, err)
		}
		metadata(idpURL+"/", "public, max-age=300")
		document = `{"issuer":"https://evil.example.com"}`
		if got := statusOf(t, newIntrospection(t, cfg), "token-0123456789"); got != http.StatusServiceUnavailable {
			t.Errorf("the document of another issuer: status %d", got)
		}
	})
}

// R137: which clients' tokens count, where they do, and which member names the caller.
func TestIntrospectionClientsAndSubject(t *testing.T) {
	for name, test := range map[string]struct {
		audiences, clients []string
		subject            string
		change             map[string]any
		want               int
		caller             string
	}{
		"client":                  {nil, []string{"x", "app"}, "", map[string]any{"aud": nil}, 200, "alice"},
		"another client":          {nil, []string{"app"}, "", map[string]any{"client_id": "other"}, 401, ""},
		"client, other letters":   {nil, []string{"app"}, "", map[string]any{"client_id": "APP"}, 401, ""},
		"no client":               {nil, []string{"app"}, "", map[string]any{"client_id": nil}, 401, ""},
		"client as a list":        {nil, []string{"app"}, "", map[string]any{"client_id": []string{"app"}}, 401, ""},
		"azp is no client_id":     {nil, []string{"app"}, "", map[string]any{"client_id": nil, "azp": "app"}, 401, ""},
		"both":                    {[]string{resource}, []string{"app"}, "", nil, 200, "alice"},
		"both, another client":    {[]string{resource}, []string{"app"}, "", map[string]any{"client_id": "x"}, 401, ""},
		"both, another audience":  {[]string{resource}, []string{"app"}, "", map[string]any{"aud": "x"}, 401, ""},
		"another subject":         {[]string{resource}, nil, "username", map[string]any{"username": "bob"}, 200, "bob"},
		"another subject missing": {[]string{resource}, nil, "username", nil, 401, ""},
	} {
		cfg := introspectionConfig(newIDP(t, "ES256"))
		cfg.Audiences, cfg.ClientIDs, cfg.SubjectClaim = test.audiences, test.clients, test.subject
		cfg.HTTPClient = network(func(*http.Request) *http.Response {
			return reply(200, strings.NewReader(activeAnswer(test.change)))
		})
		i := newIntrospection(t, cfg)
		if got := statusOf(t, i, "token-0123456789"); got != test.want {
			t.Errorf("%s: status %d, want %d", name, got, test.want)
		}
		if p, _ := i.Authenticate(bearing("token-0123456789")); test.want == 200 && p.Subject != test.caller {
			t.Errorf("%s: %v", name, p)
		}
	}
}

// R137, R133: an answer that cannot be read is no verdict: 503 with Retry-After, and one line of what came in neither answer nor error.
func TestIntrospectionTrouble(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		good := activeAnswer(nil)
		ok := func(body string) func() *http.Response {
			return func() *http.Response { return reply(200, strings.NewReader(body)) }
		}
		typed := func(contentType string) func() *http.Response {
			return func() *http.Response {
				resp := reply(200, strings.NewReader(good))
				resp.Header = http.Header{"Content-Type": {contentType}}
				return resp
			}
		}
		status := func(code int) func() *http.Response {
			return func() *http.Response {
				resp := reply(code, strings.NewReader(good))
				resp.Header.Set("Location", idpURL+"/elsewhere")
				return resp
			}
		}
		padded := func(size int) string { return good + strings.Repeat(" ", size-len(good)) }
		for name, test := range map[string]struct {
			answer func() *http.Response // nil: the network fails
			want   int
		}{
			"the answer":           {ok(good), 200},
			"white space":          {ok("\r\n\t " + good + "\n"), 200},
			"with a charset":       {typed("application/json;charset=UTF-8"), 200},
			"of another JSON type": {typed("application/introspection+json"), 200},
			"HTML":                 {typed("text/html"), 503},
			"signed":               {typed("application/token-introspection+jwt"), 503},
			"no type":              {typed(""), 503},
			"member twice":         {ok(strings.Replace(good, `"sub":`, `"active":false,"sub":`, 1)), 503},
			"member twice, hidden": {ok(strings.Replace(good, `"sub":`, `"\u0073ub":"bob","sub":`, 1)), 503},
			"a list":               {ok("[" + good + "]"), 503},
			"two answers":          {ok(good + good), 503},
			"broken off":           {ok(good[:len(good)-1]), 503},
			"nothing":              {ok(""), 503},
			"null":                 {ok("null"), 503},
			"64 KiB":               {ok(padded(64 << 10)), 200},
			"more than that":       {ok(padded(64<<10 + 1)), 503},
			"endless":              {func() *http.Response { return reply(200, endless{}) }, 503},
			"a broken connection": {func() *http.Response {
				return reply(200, io.MultiReader(strings.NewReader(good), brokenReader{}))
			}, 503},
			"created":        {status(201), 503},
			"no content":     {status(204), 503},
			"moved":          {status(302), 503},
			"moved, kept":    {status(307), 503},
			"bad request":    {status(400), 503},
			"unauthorized":   {status(401), 503},
			"forbidden":      {status(403), 503},
			"not found":      {status(404), 503},
			"many questions": {status(429), 503},
			"internal error": {status(500), 503},
			"no connection":  {nil, 503},
		} {
			cfg, asked := introspectionConfig(newIDP(t, "ES256")), 0
			cfg.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				if asked++; test.answer == nil {
					return nil, errors.New("connection refused")
				}
				return test.answer(), nil
			})}
			i := newIntrospection(t, cfg)
			if got := statusOf(t, i, "token-0123456789"); got != test.want || asked != 1 {
				t.Errorf("%s: status %d after %d requests, want %d", name, got, asked, test.want)
			}
			w := answered(i, bearing("token-0123456789"))
			if wait, challenge := w.Header().Get("Retry-After"), w.Header().Get("Www-Authenticate"); w.Code != test.want || (wait != "") != (test.want == 503) || challenge != "" {
				t.Errorf("%s: %d %v", name, w.Code, w.Header())
			}
			if _, err := i.Authenticate(bearing("token-0123456789")); err != nil && (strings.Contains(err.Error(), "alice") || strings.Contains(err.Error(), "elsewhere")) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// R137, R149: where the server's own credentials are wrong its log says what to do, and nothing that is secret.
func TestIntrospectionRefusesTheServer(t *testing.T) {
	for secret, want := range map[string]int{"": 200, "wrong-secret-0123456789": 503} {
		var logs logBuffer
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		cfg.Logger = debugLog(&logs)
		if secret != "" {
			cfg.ClientSecret = auth.Secret(secret)
		}
		token := opaque(idp, nil)
		if got := statusOf(t, newIntrospection(t, cfg), token); got != want {
			t.Errorf("status %d, want %d", got, want)
		}
		told := strings.Contains(logs.String(), `"level":"ERROR"`) && strings.Contains(logs.String(), "check the client id and secret for introspection") && strings.Contains(logs.String(), `"status":401`)
		if told != (want == 503) {
			t.Errorf("log of status %d: %s", want, logs.String())
		}
		for _, text := range []string{token, idp.ClientSecret, "wrong-secret", encoded("resource-server:" + secret)[:20]} {
			if strings.Contains(logs.String(), text) {
				t.Errorf("the log holds %q: %s", text, logs.String())
			}
		}
	}
}

// A client that acts for itself is a caller of its own, whatever the sub of a user is (RFC 9068 section 5).
func TestIntrospectedClientIsNoUser(t *testing.T) {
	idp := newIDP(t, "ES256")
	i := newIntrospection(t, introspectionConfig(idp))
	user, err := i.Authenticate(bearing(opaque(idp, map[string]any{"sub": "alice", "client_id": "app"})))
	if err != nil {
		t.Fatal(err)
	}
	client, err := i.Authenticate(bearing(opaque(idp, map[string]any{"sub": nil, "client_id": "alice"})))
	if err != nil {
		t.Fatal(err)
	}
	if user.Subject != client.Subject || user.Key() == client.Key() || client.Issuer != idpURL+"#client" {
		t.Errorf("%v and %v have the keys %s and %s", user, client, user.Key(), client.Key())
	}
}

// Tokens of a form that the provider does not judge (RFC 7009 section 2.2.1) are refused, not called an outage.
func TestIntrospectionOfAnUnsupportedToken(t *testing.T) {
	for body, want := range map[string]int{`{"error":"unsupported_token_type"}`: 401, `{"error":"invalid_request"}`: 503} {
		cfg := introspectionConfig(newIDP(t, "ES256"))
		cfg.HTTPClient = network(func(*http.Request) *http.Response { return reply(http.StatusBadRequest, strings.NewReader(body)) })
		if got := statusOf(t, newIntrospection(t, cfg), "eyJhbGciOiJub25lIn0.e30.x"); got != want {
			t.Errorf("%s: status %d, want %d", body, got, want)
		}
	}
}
