package auth_test

import (
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/internal/bubble"
)

// R137: what is missing or out of bounds does not start, all at once, without the secret in the text and without a request.
func TestNewIntrospectionNamesEveryMistake(t *testing.T) {
	_, err := auth.NewIntrospection(auth.IntrospectionConfig{
		URL: "http://idp.example.com/introspect", ClientSecret: "s3cret-0123456789", GoodAge: time.Hour, BadAge: time.Minute, MaxEntries: -1, RequiredScopes: []string{"ok", "not ok"},
		Proxies: auth.Proxies{Prefixes: []netip.Prefix{netip.MustParsePrefix("::/0")}},
	})
	for _, want := range []string{"URL must be https", "ClientID and ClientSecret are needed", "Issuer is empty", "Audiences and ClientIDs", "GoodAge", "BadAge", "MaxEntries", `"not ok"`, "covers every address"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the error holds the secret: %v", err)
	}
	idp := newIDP(t, "ES256")
	for name, test := range map[string]struct {
		change func(*auth.IntrospectionConfig)
		ok     bool
	}{
		"nothing":         {func(*auth.IntrospectionConfig) {}, true},
		"loopback":        {func(c *auth.IntrospectionConfig) { c.URL = "http://127.0.0.1:1/introspect" }, true},
		"in the clear":    {func(c *auth.IntrospectionConfig) { c.URL = "http://192.0.2.1/introspect" }, false},
		"no URL":          {func(c *auth.IntrospectionConfig) { c.URL = "" }, false},
		"URL with a user": {func(c *auth.IntrospectionConfig) { c.URL = "https://u:p@idp.example.com/" }, false},
		"no client id":    {func(c *auth.IntrospectionConfig) { c.ClientID = "" }, false},
		"no secret":       {func(c *auth.IntrospectionConfig) { c.ClientSecret = "" }, false},
		"no issuer":       {func(c *auth.IntrospectionConfig) { c.Issuer = "" }, false},
		"a document instead": {func(c *auth.IntrospectionConfig) {
			c.Issuer, c.DiscoveryURL = "", "https://idp.example.com/.well-known/openid-configuration"
		}, true},
		"a document of nobody": {func(c *auth.IntrospectionConfig) { c.Issuer, c.DiscoveryURL = "", "https://idp.example.com/oidc" }, false},
		"in the clear too": {func(c *auth.IntrospectionConfig) {
			c.DiscoveryURL = "http://idp.example.com/.well-known/openid-configuration"
		}, false},
		"no audience":          {func(c *auth.IntrospectionConfig) { c.Audiences = nil }, false},
		"clients instead":      {func(c *auth.IntrospectionConfig) { c.Audiences, c.ClientIDs = nil, []string{"app"} }, true},
		"an empty audience":    {func(c *auth.IntrospectionConfig) { c.Audiences = []string{resource, ""} }, false},
		"an empty client":      {func(c *auth.IntrospectionConfig) { c.ClientIDs = []string{""} }, false},
		"longest GoodAge":      {func(c *auth.IntrospectionConfig) { c.GoodAge = 5 * time.Minute }, true},
		"GoodAge above it":     {func(c *auth.IntrospectionConfig) { c.GoodAge = 5*time.Minute + 1 }, false},
		"negative GoodAge":     {func(c *auth.IntrospectionConfig) { c.GoodAge = -1 }, false},
		"longest BadAge":       {func(c *auth.IntrospectionConfig) { c.BadAge = 10 * time.Second }, true},
		"BadAge above it":      {func(c *auth.IntrospectionConfig) { c.BadAge = 10*time.Second + 1 }, false},
		"negative BadAge":      {func(c *auth.IntrospectionConfig) { c.BadAge = -1 }, false},
		"one entry":            {func(c *auth.IntrospectionConfig) { c.MaxEntries = 1 }, true},
		"fewer than none":      {func(c *auth.IntrospectionConfig) { c.MaxEntries = -1 }, false},
		"scopes":               {func(c *auth.IntrospectionConfig) { c.RequiredScopes = []string{"a:b", "c/d"} }, true},
		"an empty scope":       {func(c *auth.IntrospectionConfig) { c.RequiredScopes = []string{""} }, false},
		"a proxy's odd header": {func(c *auth.IntrospectionConfig) { c.Proxies.Header = "X-Real-Ip" }, false},
	} {
		cfg := introspectionConfig(idp)
		test.change(&cfg)
		if i, err := auth.NewIntrospection(cfg); (err == nil) != test.ok || (i != nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := idp.Requests(authtest.IntrospectionPath); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// R137: whom an active token belongs to, be it opaque or a JWT.
func TestIntrospectionPrincipal(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		i := newIntrospection(t, introspectionConfig(idp))
		claims := map[string]any{"sub": "alice", "client_id": "app", "scope": `read write b\d read:"x"`, "groups": []string{"netops"}}
		want := &auth.Principal{
			Issuer: idpURL, Subject: "alice", ClientID: "app", Method: "introspection", Scopes: []string{"read", "write"}, Expires: time.Unix(time.Now().Add(time.Hour).Unix(), 0),
		}
		for name, token := range map[string]string{"opaque": opaque(idp, claims), "JWT": mint(idp, claims)} {
			for range 2 { // at first sight, and from memory
				got, err := i.Authenticate(bearing(token))
				if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(auth.Principal{})); err != nil || diff != "" {
					t.Fatalf("%s: %v (-want +got):\n%s", name, err, diff)
				}
				var groups []string
				if ok, err := got.Claim("groups", &groups); !ok || err != nil || !cmp.Equal(groups, []string{"netops"}) || got.Key() != want.Key() {
					t.Errorf("%s: groups %v, %v, %v; key %s", name, groups, ok, err, got.Key())
				}
			}
		}
		if n := idp.Requests(authtest.IntrospectionPath); n != 2 {
			t.Errorf("%d questions about two tokens", n)
		}
	})
}

// R137: a token that does not say when it ends has its streams end in an hour.
func TestIntrospectionWithoutExp(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		idp := newIDP(t, "ES256")
		cfg := introspectionConfig(idp)
		cfg.HTTPClient = network(func(*http.Request) *http.Response {
			return reply(200, strings.NewReader(activeAnswer(map[string]any{"exp": nil})))
		})
		p, err := newIntrospection(t, cfg).Authenticate(bearing("t"))
		if err != nil || !p.Expires.Equal(time.Now().Add(time.Hour)) {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

// R118, R132: other kinds of credential are not its own.
func TestIntrospectionLeavesOtherCredentialsAlone(t *testing.T) {
	idp := newIDP(t, "ES256")
	i := newIntrospection(t, introspectionConfig(idp))
	token := opaque(idp, nil)
	for name, r := range map[string]*http.Request{
		"none": with(), "Basic": with("Authorization", "Basic "+token), "key": with("X-Api-Key", token), "pair": pairHeaders("id", token),
	} {
		if _, err := i.Authenticate(r); err != auth.ErrNotMine {
			t.Errorf("%s: %v", name, err)
		}
	}
	questions(t, idp, i, with("Authorization", "bEARER   "+token), 200, 1)
	questions(t, idp, i, with("Authorization", "Bearer "+token, "X-Api-Key", token), 400, 1)
}

// R137, RFC 6749 section 2.3.1, RFC 7662 section 2.1: how the server asks, byte for byte; the token is in the body and nowhere else.
func TestIntrospectionRequest(t *testing.T) {
	for _, test := range []struct{ id, secret, basic, token, body string }{
		{"plain", "s3cret", "plain:s3cret", "abc", "token=abc&token_type_hint=access_token"},
		{"a:b", "c:d", "a%3Ab:c%3Ad", "a+b/c=", "token=a%2Bb%2Fc%3D&token_type_hint=access_token"},
		{"50%", "100%25", "50%25:100%2525", "a~b-c._", "token=a~b-c._&token_type_hint=access_token"},
		{"two words", "a+b c", "two+words:a%2Bb+c", "abc", "token=abc&token_type_hint=access_token"},
		{"ä", "é&=", "%C3%A4:%C3%A9%26%3D", "abc", "token=abc&token_type_hint=access_token"},
	} {
		idp := authtest.NewProvider(authtest.Options{Algorithm: "ES256", BaseURL: idpURL, ClientID: test.id, ClientSecret: test.secret})
		cfg := introspectionConfig(idp)
		inner := cfg.HTTPClient.Transport
		cfg.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			got := []string{r.Method, r.URL.String(), r.Header.Get("Content-Type"), r.Header.Get("Accept"), string(body)}
			want := []string{http.MethodPost, idpURL + authtest.IntrospectionPath, "application/x-www-form-urlencoded", "application/json", test.body}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if diff := cmp.Diff([]string{"Basic " + encoded(test.basic)}, r.Header["Authorization"]); diff != "" {
				t.Errorf("%q, %q (-want +got):\n%s", test.id, test.secret, diff)
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			return inner.RoundTrip(r)
		})}
		i := newIntrospection(t, cfg)
		if got := statusOf(t, i, test.token); got != http.StatusUnauthorized { // the provider takes the server's credentials, and knows no such token
			t.Errorf("%q: status %d", test.id, got)
		}
	}
}
