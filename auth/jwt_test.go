package auth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

func TestJWTPrincipal(t *testing.T) {
	for _, algorithm := range []string{"RS256", "ES256", "PS256", "EdDSA"} {
		t.Run(algorithm, func(t *testing.T) {
			idp := newIDP(t, algorithm)
			cfg := jwtConfig(idp)
			cfg.Algorithms = []string{algorithm}
			j := newJWT(t, cfg)
			token := mint(idp, map[string]any{"sub": "alice", "client_id": "app", "scope": "read write", "groups": []string{"netops"}})
			for range 2 { // at first sight, and from the cache
				p, err := j.Authenticate(bearing(token))
				if err != nil {
					t.Fatal(err)
				}
				got := []string{p.Issuer, p.Subject, p.ClientID, p.Method, strings.Join(p.Scopes, " ")}
				if diff := cmp.Diff([]string{idpURL, "alice", "app", "jwt", "read write"}, got); diff != "" {
					t.Error(diff)
				}
				var groups []string
				if ok, err := p.Claim("groups", &groups); !ok || err != nil || len(groups) != 1 {
					t.Errorf("groups %v, %v, %v", groups, ok, err)
				}
			}
		})
	}
}

// R124: what is missing or would be unsafe does not start, all at once, without a secret in the text.
func TestNewJWTNamesEveryMistake(t *testing.T) {
	_, err := auth.NewJWT(auth.JWTConfig{Algorithms: []string{"RS256", "none", "HS256"}, Leeway: time.Hour, MaxAge: -1, Issuers: []auth.JWTIssuer{
		{},
		{Issuer: "https://a", Audiences: []string{"x"}, JWKSURL: "http://idp.example.com/jwks"},
		{Issuer: "https://b", Audiences: []string{"x"}, Secret: "a-short-secret"},
		{Issuer: "https://c", Audiences: []string{"x"}, JWKSURL: "https://c/jwks", Secret: auth.Secret(strings.Repeat("s", 32))},
		{Issuer: "https://d/{tenantid}/", Audiences: []string{"x"}, JWKSURL: "https://d/jwks", RequiredScopes: []string{"a b"}},
		{Issuer: "https://e", Audiences: []string{"x"}, PublicKeys: "nonsense"},
		auth.EntraIDMultiTenant([]string{"common", "acme.onmicrosoft.com"}, "x"),
	}})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		`"none"`, `"HS256"`, "JWTConfig.Leeway is", "JWTConfig.MaxAge is", "Issuers[0].Issuer is empty", "Issuers[0].Audiences is empty", "Issuers[0].JWKSURL or one of",
		"Issuers[1].JWKSURL (https://a) must be https", "Issuers[2].Secret (https://b) has 14 bytes", "Issuers[3].JWKSURL (https://c) or one of",
		"Issuers[4].Tenants (https://d/{tenantid}/) is empty", `Issuers[4].RequiredScopes (https://d/{tenantid}/) has "a b"`, "Issuers[5].PublicKeys (https://e) holds neither",
		`Issuers[6].Tenants (https://login.microsoftonline.com/{tenantid}/v2.0) has "common"`, `has "acme.onmicrosoft.com"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "a-short-secret") || strings.Contains(err.Error(), "sssss") {
		t.Error("the error holds a secret")
	}
	if _, err := auth.NewJWT(auth.JWTConfig{}); err == nil {
		t.Error("no issuer was taken")
	}
}

func TestNewJWTRefusesOneIssuerTwice(t *testing.T) {
	of := func(issuer string, tenants ...string) auth.JWTIssuer {
		return auth.JWTIssuer{Issuer: issuer, Audiences: []string{"x"}, JWKSURL: "https://idp.example.com/jwks", Tenants: tenants}
	}
	withAlias, document := of("https://a.example.com", nil...), auth.JWTIssuer{DiscoveryURL: "https://a.example.com/.well-known/openid-configuration", Audiences: []string{"x"}}
	withAlias.IssuerAliases = []string{"https://b.example.com"}
	const template = "https://a.example.com/{tenantid}/"
	for name, test := range map[string]struct {
		issuers []auth.JWTIssuer
		want    string // "" means accepted
	}{
		"twice":            {[]auth.JWTIssuer{of("https://b.example.com"), of("https://a.example.com"), of("https://a.example.com")}, "JWTConfig.Issuers[2].Issuer https://a.example.com is that of Issuers[1] too"},
		"as an alias":      {[]auth.JWTIssuer{of("https://b.example.com"), withAlias}, "https://b.example.com is that of Issuers[0] too"},
		"by its document":  {[]auth.JWTIssuer{of("https://a.example.com"), document}, "https://a.example.com is that of Issuers[0] too"},
		"one tenant twice": {[]auth.JWTIssuer{of(template, "t1", "t2"), of(template, "t2", "t3")}, "https://a.example.com/t2/ is that of Issuers[0] too"},
		"a tenant alone":   {[]auth.JWTIssuer{of(template, "t1", "t2"), of("https://a.example.com/t1/")}, "https://a.example.com/t1/ is that of Issuers[0] too"},
		"its own alias":    {[]auth.JWTIssuer{{Issuer: "https://a.example.com", IssuerAliases: []string{"https://a.example.com"}, Audiences: []string{"x"}, JWKSURL: "https://idp.example.com/jwks"}}, ""},
		"other tenants":    {[]auth.JWTIssuer{of(template, "t1", "t2"), of(template, "t3")}, ""},
		"another slash":    {[]auth.JWTIssuer{of("https://a.example.com"), of("https://a.example.com/")}, ""},
	} {
		_, err := auth.NewJWT(auth.JWTConfig{Issuers: test.issuers})
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestNewJWTMakesNoRequest(t *testing.T) {
	idp := newIDP(t, "ES256")
	newJWT(t, jwtConfig(idp))
	if n := idp.Requests("/jwks"); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// D11, R128: the dates of a token, each at the edge of the leeway.
func TestJWTDates(t *testing.T) {
	for name, test := range map[string]struct {
		claims map[string]any // seconds from now, or a value as it is
		want   int
	}{
		"exp missing":           {map[string]any{"exp": nil}, 401},
		"exp just past":         {map[string]any{"exp": -59}, 200},
		"exp past the leeway":   {map[string]any{"exp": -61}, 401},
		"exp negative":          {map[string]any{"exp": "=-1"}, 401},
		"exp zero":              {map[string]any{"exp": "=0"}, 401},
		"exp text":              {map[string]any{"exp": `="9999999999"`}, 401},
		"exp null":              {map[string]any{"exp": "=null"}, 401},
		"exp list":              {map[string]any{"exp": "=[9999999999]"}, 401},
		"exp infinite":          {map[string]any{"exp": "=1e999"}, 401},
		"exp beyond all years":  {map[string]any{"exp": "=1e15"}, 401},
		"exp with a fraction":   {map[string]any{"exp": "=4102444800.5"}, 200},
		"nbf just ahead":        {map[string]any{"nbf": 59}, 200},
		"nbf beyond the leeway": {map[string]any{"nbf": 61}, 401},
		"nbf text":              {map[string]any{"nbf": `="1"`}, 401},
		"iat just ahead":        {map[string]any{"iat": 59}, 200},
		"iat beyond the leeway": {map[string]any{"iat": 61}, 401},
		"iat missing":           {map[string]any{"iat": nil}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				idp := newIDP(t, "ES256")
				j := newJWT(t, jwtConfig(idp))
				claims := map[string]any{}
				for claim, value := range test.claims {
					switch value := value.(type) {
					case int:
						claims[claim] = time.Now().Unix() + int64(value)
					case string:
						claims[claim] = rawJSON(strings.TrimPrefix(value, "="))
					default:
						claims[claim] = nil
					}
				}
				if got := statusOf(t, auth.Authenticator(j), mint(idp, claims)); got != test.want {
					t.Errorf("status %d, want %d", got, test.want)
				}
				through := guardedBy(j)
				if got := through(bearing(mint(idp, claims))); got != test.want {
					t.Errorf("status %d through the middleware, want %d", got, test.want)
				}
			})
		})
	}
}

func TestJWTMaxAge(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.MaxAge = 10 * time.Minute
	j := newJWT(t, cfg)
	for want, iat := range map[int]any{200: time.Now().Add(-9 * time.Minute).Unix(), 401: time.Now().Add(-12 * time.Minute).Unix()} {
		if got := statusOf(t, j, mint(idp, map[string]any{"iat": iat})); got != want {
			t.Errorf("iat %v: status %d, want %d", iat, got, want)
		}
	}
	if got := statusOf(t, j, mint(idp, map[string]any{"iat": nil})); got != 401 {
		t.Errorf("without iat: status %d", got)
	}
}

// D12, R130: only tokens that are for this server.
func TestJWTAudience(t *testing.T) {
	idp := newIDP(t, "ES256")
	strict := jwtConfig(idp)
	strict.Issuers[0].SingleAudience = true
	lenient, single := newJWT(t, jwtConfig(idp)), newJWT(t, strict)
	for name, test := range map[string]struct {
		aud    any
		status int // of the one, and of the one that wants a single audience
		single int
	}{
		"exact":             {resource, 200, 200},
		"list of one":       {[]string{resource}, 200, 200},
		"for others too":    {[]string{"https://other.example.com", resource}, 200, 401},
		"missing":           {nil, 401, 401},
		"empty list":        {[]string{}, 401, 401},
		"sibling":           {"https://mcp.example.com/other", 401, 401},
		"longer":            {resource + "x", 401, 401},
		"with a slash":      {resource + "/", 401, 401},
		"other case":        {strings.ToUpper(resource), 401, 401},
		"two words":         {resource + " x", 401, 401},
		"upstream client":   {"resource-server", 401, 401},
		"number":            {7, 401, 401},
		"list with numbers": {[]any{resource, 7}, 401, 401},
	} {
		token := idp.Mint(map[string]any{"aud": test.aud})
		if got := statusOf(t, lenient, token); got != test.status {
			t.Errorf("%s: status %d, want %d", name, got, test.status)
		}
		if got := statusOf(t, single, token); got != test.single {
			t.Errorf("%s, single: status %d, want %d", name, got, test.single)
		}
	}
}

// D13, D71: an issuer is its exact text, and the same sub of two issuers is two callers.
func TestJWTIssuers(t *testing.T) {
	first, second := newIDP(t, "ES256"), newIDP(t, "ES256")
	both := auth.JWTConfig{HTTPClient: first.Client(), Issuers: []auth.JWTIssuer{
		{Issuer: idpURL, JWKSURL: first.JWKSURL(), Audiences: []string{resource}},
		{Issuer: "https://second.example.com", PublicKeys: keysOf(t, second), Audiences: []string{resource}},
	}}
	j := newJWT(t, both)
	a, err := j.Authenticate(bearing(mint(first, nil)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := j.Authenticate(bearing(mint(second, map[string]any{"iss": "https://second.example.com"})))
	if err != nil {
		t.Fatal(err)
	}
	if a.Subject != b.Subject || a.Key() == b.Key() {
		t.Errorf("subjects %q and %q have keys %s and %s", a.Subject, b.Subject, a.Key(), b.Key())
	}
	for name, iss := range map[string]any{
		"slash": idpURL + "/", "case": strings.ToUpper(idpURL), "other": "https://evil.example.com", "missing": nil, "number": 1, "empty": "",
		"the other issuer's name": "https://second.example.com",
	} {
		if got := statusOf(t, j, mint(first, map[string]any{"iss": iss})); got != http.StatusUnauthorized {
			t.Errorf("iss %s: status %d", name, got)
		}
	}
	for name, sub := range map[string]any{"missing": nil, "empty": "", "number": 7} {
		if got := statusOf(t, j, mint(first, map[string]any{"sub": sub})); got != http.StatusUnauthorized {
			t.Errorf("sub %s: status %d", name, got)
		}
	}
}

// R121: a good token that covers too little.
func TestJWTRequiredScopes(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.Issuers[0].RequiredScopes = []string{"mcp:use", "mcp:read"}
	j := newJWT(t, cfg)
	if got := statusOf(t, j, mint(idp, map[string]any{"scope": "mcp:read mcp:use other"})); got != 200 {
		t.Errorf("status %d", got)
	}
	for _, scope := range []any{
		"mcp:read", "", nil, "MCP:USE mcp:read", []string{"mcp:use"}, []string{"mcp:use mcp:read"}, []any{"mcp:use", "mcp:read", 7},
		"mcp:use\u00a0mcp:read", "mcp:use\tmcp:read", "mcp:use\nmcp:read", "mcp:use,mcp:read", "mcp:use\u2003mcp:read",
	} { // D93
		_, err := j.Authenticate(bearing(mint(idp, map[string]any{"scope": scope})))
		want := &auth.Error{Status: 403, Code: "insufficient_scope", Scopes: []string{"mcp:use", "mcp:read"}}
		if e := errorOf(t, err); e.Status != want.Status || e.Code != want.Code || !cmp.Equal(e.Scopes, want.Scopes) {
			t.Errorf("scope %v: %+v", scope, e)
		}
	}
}

// R121: who must ask for another scope must ask for those that are always needed too.
func TestJWTChallengeNamesEveryScope(t *testing.T) {
	cfg := jwtConfig(newIDP(t, "ES256"))
	cfg.Issuers[0].RequiredScopes = []string{"mcp:use"}
	got := newJWT(t, cfg).Challenges(nil, &auth.Error{Status: 403, Code: "insufficient_scope", Description: "More.", Scopes: []string{"zia:write", "mcp:use"}})
	want := []string{`Bearer realm="zscaler-mcp", error="insufficient_scope", error_description="More.", scope="mcp:use zia:write"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := newJWT(t, cfg).Challenges(nil, &auth.Error{Status: 401}); len(got) != 1 || got[0] != `Bearer realm="zscaler-mcp"` {
		t.Errorf("without a credential: %q", got)
	}
}

// R118, R132: other kinds of credential are not its own.
func TestJWTLeavesOtherCredentialsAlone(t *testing.T) {
	j := newJWT(t, jwtConfig(newIDP(t, "ES256")))
	for name, value := range map[string]string{"Authorization": "Basic YTpi", "X-Api-Key": goodKey, "X-Zscaler-Client-Id": "id", "X-None": ""} {
		r := bearing("")
		r.Header.Del("Authorization")
		r.Header.Set(name, value)
		if _, err := j.Authenticate(r); err != auth.ErrNotMine {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := j.Authenticate(bearing("an-api-key-0123456789")); err != auth.ErrNotMine {
		t.Errorf("an API key: %v", err)
	}
}
