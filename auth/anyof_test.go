package auth_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
)

const secondIDP = "https://second.example.com"

func anyOf(t testing.TB, first auth.Authenticator, more ...auth.Authenticator) auth.Authenticator {
	t.Helper()
	a, err := auth.AnyOf(first, more...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// oneClient knows the client "client" with the secret "right", and reads the headers.
func oneClient(t testing.TB, headers ...string) *auth.Zscaler {
	t.Helper()
	return newZscaler(t, &oneAPI{secrets: map[string]string{"client": "right"}}, auth.ZscalerConfig{Headers: headers})
}

func newResource(t testing.TB, cfg auth.ProtectedResourceConfig) *auth.ProtectedResource {
	t.Helper()
	p, err := auth.NewProtectedResource(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func trustPlatform(t testing.TB, inner auth.Authenticator, list ...string) auth.Authenticator {
	t.Helper()
	a, err := auth.TrustPlatform(inner, parseProxies(t, "", list...))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func newHeaderKeys(t testing.TB, header string, keys ...auth.APIKey) *auth.APIKeys {
	t.Helper()
	a, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: keys, Headers: []string{header}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What cannot be combined is named, all at once.
func TestAnyOfNamesEveryMistake(t *testing.T) {
	idp := newIDP(t, "ES256")
	at := func(address string) auth.Authenticator {
		return newResource(t, auth.ProtectedResourceConfig{Resource: address, Verifier: newJWT(t, jwtConfig(idp))})
	}
	var nilFunc auth.AuthenticatorFunc
	_, err := auth.AnyOf(nil, (*auth.JWT)(nil), nilFunc, newKeys(t, auth.APIKey{Key: goodKey}), newIntrospection(t, introspectionConfig(idp)), oneClient(t), oneClient(t), at(resource), at("https://other.example.com/mcp"))
	if err == nil {
		t.Fatal("accepted")
	}
	saysAll(t, "the error", err.Error(), "authenticator 1 is nil", "authenticator 2 is nil", "authenticator 3 is nil",
		"*auth.APIKeys and *auth.Introspection each take any Bearer token that is no JWT", "*auth.Zscaler and *auth.Zscaler each take any client id and secret",
		"the resources differ: "+resource+", https://other.example.com/mcp")
}

// Two that take one form are found through everything that wraps them; two that share the work are no mistake.
func TestAnyOfTellsTakersOfOneForm(t *testing.T) {
	idp := newIDP(t, "ES256")
	keys, more, jwt := newKeys(t, auth.APIKey{Key: goodKey}), newKeys(t, auth.APIKey{Key: fileKey}), newJWT(t, jwtConfig(idp))
	inHeader := newHeaderKeys(t, "X-Api-Key", auth.APIKey{Key: goodKey})
	asks, zscaler := newIntrospection(t, introspectionConfig(idp)), oneClient(t)
	discovering := newJWT(t, auth.JWTConfig{Issuers: []auth.JWTIssuer{{DiscoveryURL: secondIDP + "/.well-known/openid-configuration", Audiences: []string{resource}}}})
	inResource := func(verifier auth.Authenticator) auth.Authenticator {
		return newResource(t, auth.ProtectedResourceConfig{Resource: resource, Verifier: verifier, AuthorizationServers: []string{idpURL}})
	}
	trusted := func(inner auth.Authenticator) auth.Authenticator { return trustPlatform(t, inner, "10.0.0.0/8") }
	for name, pair := range map[string][2]auth.Authenticator{
		"keys twice":                 {keys, more},
		"one twice":                  {keys, keys},
		"keys in one header":         {inHeader, newHeaderKeys(t, "x-api-key", auth.APIKey{Key: fileKey})},
		"keys in one header of two":  {inHeader, keys},
		"keys, introspection":        {keys, asks},
		"in AnyOf":                   {anyOf(t, jwt, keys), asks},
		"in AnyOf, the other way":    {asks, anyOf(t, keys, zscaler)},
		"in TrustPlatform":           {trusted(keys), more},
		"in ProtectedResource":       {keys, inResource(asks)},
		"in several":                 {keys, trusted(anyOf(t, zscaler, inResource(anyOf(t, jwt, asks))))},
		"Zscaler by two headers":     {oneClient(t, "Authorization"), oneClient(t, "X-Zscaler-Client-ID")},
		"Zscaler in TrustPlatform":   {zscaler, trusted(oneClient(t))},
		"Zscaler in an inner AnyOf":  {zscaler, trusted(anyOf(t, keys, oneClient(t)))},
		"nil behind a good one":      {keys, nil},
		"keys behind introspections": {inResource(asks), trusted(keys)},
		"JWT behind introspection":   {asks, jwt},
		"behind, wrapped":            {trusted(inResource(asks)), anyOf(t, zscaler, inResource(jwt))},
		"one issuer twice":           {jwt, newJWT(t, jwtConfig(idp))},
		"one issuer, wrapped":        {inResource(jwt), trusted(anyOf(t, newJWT(t, jwtConfig(idp)), keys))},
		"the issuer of a document":   {discovering, newJWT(t, auth.JWTConfig{Issuers: []auth.JWTIssuer{{Issuer: secondIDP, PublicKeys: keysOf(t, idp), Audiences: []string{resource}}}})},
	} {
		if a, err := auth.AnyOf(pair[0], pair[1]); err == nil || a != nil {
			t.Errorf("%s: accepted", name)
		}
	}
	anyOf(t, keys)
	anyOf(t, inHeader, newHeaderKeys(t, "Authorization", auth.APIKey{Key: fileKey}))
	anyOf(t, inHeader, asks)
	anyOf(t, keys, jwt, discovering, zscaler)
	anyOf(t, inResource(jwt), inResource(discovering), trusted(asks), zscaler)
	anyOf(t, anyOf(t, anyOf(t, keys), jwt), anyOf(t, zscaler))
}

// combined knows JWTs of two issuers, keys and Zscaler clients. A key whose text is a JWT is among the keys.
func combined(t testing.TB) (a auth.Authenticator, first, second, stranger string) {
	t.Helper()
	one, two := newIDP(t, "ES256"), newIDP(t, "ES256")
	first = mint(one, map[string]any{"sub": "of-first"})
	second = mint(two, map[string]any{"sub": "of-second", "iss": secondIDP})
	stranger = mint(one, map[string]any{"sub": "of-nobody", "iss": "https://evil.example.com"})
	keys := newKeys(t, auth.APIKey{Name: "key", Key: goodKey}, auth.APIKey{Name: "jwt-as-key", SHA256: sha256.Sum256([]byte(stranger))},
		auth.APIKey{Name: "old", Key: fileKey, Expires: time.Now().Add(-time.Hour)})
	byFixedKeys := auth.JWTConfig{Issuers: []auth.JWTIssuer{{Issuer: secondIDP, PublicKeys: keysOf(t, two), Audiences: []string{resource}}}}
	return anyOf(t, keys, newJWT(t, jwtConfig(one)), oneClient(t), newJWT(t, byFixedKeys)), first, second, stranger
}

// Each credential has its judge, whatever the order of the members.
func TestAnyOfRouting(t *testing.T) {
	a, first, second, stranger := combined(t)
	forged := first[:len(first)-4] + "AAAA"
	for name, test := range map[string]struct {
		lines  []string
		caller string
		mode   string // of the event
		status int
		reason string
	}{
		"first issuer":        {[]string{"Authorization: Bearer " + first}, "of-first", "jwt", 200, "admitted"},
		"second issuer":       {[]string{"Authorization: bearer " + second}, "of-second", "jwt", 200, "admitted"},
		"unknown issuer":      {[]string{"Authorization: Bearer " + stranger}, "", "", 401, auth.ReasonInvalid},
		"JWT as X-Api-Key":    {[]string{"X-Api-Key: " + stranger}, "", "", 401, auth.ReasonInvalid},
		"good JWT, X-Api-Key": {[]string{"X-Api-Key: " + first}, "", "", 401, auth.ReasonInvalid},
		"forged":              {[]string{"Authorization: Bearer " + forged}, "", "jwt", 401, auth.ReasonInvalid},
		"key":                 {[]string{"Authorization: Bearer " + goodKey}, "key", "api-key", 200, "admitted"},
		"key in X-Api-Key":    {[]string{"X-Api-Key: " + goodKey}, "key", "api-key", 200, "admitted"},
		"wrong key":           {[]string{"Authorization: Bearer " + otherKey}, "", "api-key", 401, auth.ReasonInvalid},
		"expired key":         {[]string{"X-Api-Key: " + fileKey}, "", "api-key", 401, auth.ReasonExpired},
		"two dots, no JWT":    {[]string{"Authorization: Bearer a.b.c"}, "", "api-key", 401, auth.ReasonInvalid},
		"Basic":               {[]string{"Authorization: Basic Y2xpZW50OnJpZ2h0"}, "client", "zscaler", 200, "admitted"},
		"pair":                {[]string{"X-Zscaler-Client-ID: client", "X-Zscaler-Client-Secret: right"}, "client", "zscaler", 200, "admitted"},
		"half a pair":         {[]string{"X-Zscaler-Client-ID: client"}, "", "zscaler", 400, auth.ReasonMalformed},
		"wrong Basic":         {[]string{"Authorization: Basic b3RoZXI6d3Jvbmc="}, "", "zscaler", 401, auth.ReasonInvalid},
		"key as Basic":        {[]string{"Authorization: Basic " + goodKey}, "", "zscaler", 401, auth.ReasonInvalid},
		"another scheme":      {[]string{"Authorization: Digest " + goodKey}, "", "", 401, auth.ReasonInvalid},
		"nothing":             {nil, "", "", 401, auth.ReasonNoCredential},
		"JWT and key":         {[]string{"Authorization: Bearer " + first, "X-Api-Key: " + goodKey}, "", "", 400, auth.ReasonSeveralCredentials},
		"Basic and pair":      {[]string{"Authorization: Basic Y2xpZW50OnJpZ2h0", "X-Zscaler-Client-ID: client"}, "", "", 400, auth.ReasonSeveralCredentials},
	} {
		var c recorder
		w, seen := c.serve(a, sentFrom("203.0.113.9:1", test.lines...))
		caller := ""
		if seen != nil {
			p, _ := auth.PrincipalFromContext(seen.Context())
			caller = p.Subject
		}
		e := c.last(t)
		if got := fmt.Sprint(w.Code, " ", caller, " ", e.Mode, " ", e.Reason); got != fmt.Sprint(test.status, " ", test.caller, " ", test.mode, " ", test.reason) {
			t.Errorf("%s: %s, want %d %s %s %s", name, got, test.status, test.caller, test.mode, test.reason)
		}
		holdsNone(t, name, c.log.String()+w.Body.String()+fmt.Sprintf("%+v", e), goodKey, fileKey, otherKey, first, stranger, "Y2xpZW50", "b3RoZXI", "right")
	}
}

// A refusal is final: a credential that one has judged is nobody else's.
func TestAnyOfHasOneJudge(t *testing.T) {
	idp := newIDP(t, "ES256")
	good := mint(idp, nil)
	keys := newKeys(t, auth.APIKey{Name: "key", Key: goodKey}, auth.APIKey{Name: "old", Key: fileKey, Expires: time.Now().Add(-time.Hour)})
	for name, test := range map[string]struct {
		member auth.Authenticator
		line   string
		status int
		asked  int // of the one behind it
	}{
		"good JWT":         {newJWT(t, jwtConfig(idp)), "Authorization: Bearer " + good, 200, 0},
		"wrong JWT":        {newJWT(t, jwtConfig(idp)), "Authorization: Bearer " + good[:len(good)-4] + "AAAA", 401, 0},
		"JWT for others":   {newJWT(t, jwtConfig(idp)), "Authorization: Bearer " + mint(idp, map[string]any{"aud": "x"}), 401, 0},
		"stranger's JWT":   {newJWT(t, jwtConfig(idp)), "Authorization: Bearer " + mint(idp, map[string]any{"iss": secondIDP}), 299, 1},
		"no JWT":           {newJWT(t, jwtConfig(idp)), "Authorization: Bearer " + goodKey, 299, 1},
		"good key":         {keys, "Authorization: Bearer " + goodKey, 200, 0},
		"wrong key":        {keys, "X-Api-Key: " + otherKey, 401, 0},
		"expired key":      {keys, "Authorization: Bearer " + fileKey, 401, 0},
		"no key":           {keys, "Authorization: Bearer " + good, 299, 1},
		"wrong pair":       {oneClient(t), "Authorization: Basic Y2xpZW50Ondyb25n", 401, 0},
		"no pair":          {oneClient(t), "X-Api-Key: " + goodKey, 299, 1},
		"inactive token":   {newIntrospection(t, introspectionConfig(idp)), "Authorization: Bearer made-up-token", 401, 0},
		"other's kind":     {newIntrospection(t, introspectionConfig(idp)), "X-Api-Key: made-up-token", 299, 1},
		"nothing, trusted": {trustPlatform(t, keys, "203.0.113.0/24"), "X-Nothing: x", 200, 0},
		"wrong, trusted":   {trustPlatform(t, keys, "203.0.113.0/24"), "X-Api-Key: " + otherKey, 401, 0},
	} {
		front := &counted{}
		behind := &counted{judge: func(*http.Request) (*auth.Principal, error) { return &auth.Principal{Subject: "behind"}, nil }}
		caller, status := callerOf(anyOf(t, front, test.member, behind), sentFrom("203.0.113.9:1", test.line))
		if caller == "behind" {
			status = 299
		}
		if status != test.status || front.calls != 1 || behind.calls != test.asked {
			t.Errorf("%s: status %d, want %d; asked %d and %d times", name, status, test.status, front.calls, behind.calls)
		}
	}
}

// R159: what goes wrong in a member of the host's own ends the request with 500, and nobody else decides.
func TestAnyOfMembersErrors(t *testing.T) {
	var typedNil *auth.Error
	for name, test := range map[string]struct {
		judge  func(*http.Request) (*auth.Principal, error)
		status int
	}{
		"plain error": {func(*http.Request) (*auth.Principal, error) { return nil, errors.New("PRIVATE") }, 500},
		"typed nil":   {func(*http.Request) (*auth.Principal, error) { return nil, typedNil }, 500},
		"panic":       {func(*http.Request) (*auth.Principal, error) { panic("PRIVATE") }, 500},
		"nothing":     {func(*http.Request) (*auth.Principal, error) { return nil, nil }, 500},
		"no subject":  {func(*http.Request) (*auth.Principal, error) { return &auth.Principal{}, nil }, 500},
		"status 200":  {func(*http.Request) (*auth.Principal, error) { return nil, &auth.Error{Status: 200} }, 500},
		"unavailable": {func(*http.Request) (*auth.Principal, error) {
			return nil, &auth.Error{Status: 503, RetryAfter: time.Second}
		}, 503},
		"wrapped not mine": {func(*http.Request) (*auth.Principal, error) { return nil, fmt.Errorf("x: %w", auth.ErrNotMine) }, 200},
	} {
		a := anyOf(t, &counted{judge: test.judge}, newKeys(t, auth.APIKey{Key: goodKey}))
		for range 2 {
			var c recorder
			w, seen := c.serve(a, bearing(goodKey))
			if w.Code != test.status || (seen != nil) != (test.status == 200) {
				t.Errorf("%s: status %d, want %d", name, w.Code, test.status)
			}
			holdsNone(t, name, w.Body.String()+fmt.Sprint(w.Header()), "PRIVATE", goodKey)
			holdsNone(t, name, c.log.String(), goodKey)
		}
	}
}

// A JWT of one issuer is judged while the keys of another cannot be had, and nobody takes it for a key meanwhile.
func TestAnyOfThroughAnOutage(t *testing.T) {
	down, up := newIDP(t, "ES256"), newIDP(t, "ES256")
	cfg := jwtConfig(down)
	cfg.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("down") })}
	second := auth.JWTConfig{Issuers: []auth.JWTIssuer{{Issuer: secondIDP, PublicKeys: keysOf(t, up), Audiences: []string{resource}}}}
	behind := &counted{}
	a := anyOf(t, newJWT(t, cfg), newJWT(t, second), behind)
	if got := guardedBy(a)(bearing(mint(up, map[string]any{"iss": secondIDP}))); got != http.StatusOK {
		t.Errorf("the issuer that is up: status %d", got)
	}
	if got := guardedBy(a)(bearing(mint(down, nil))); got != http.StatusServiceUnavailable || behind.calls != 0 {
		t.Errorf("the issuer that is down: status %d; another is asked %d times", got, behind.calls)
	}
}

// R131: keys of one header beside JWTs: what is a key there is nothing elsewhere, and two kinds stay two.
func TestAnyOfKeysOfOneHeader(t *testing.T) {
	idp := newIDP(t, "ES256")
	jwt := "Authorization: Bearer " + mint(idp, map[string]any{"sub": "alice"})
	keys := newHeaderKeys(t, "x-api-key", auth.APIKey{Name: "key", Key: goodKey})
	for _, a := range []auth.Authenticator{anyOf(t, keys, newJWT(t, jwtConfig(idp))), anyOf(t, newJWT(t, jwtConfig(idp)), keys)} {
		for lines, want := range map[string]string{
			"X-Api-Key: " + goodKey:                        "key 200",
			jwt:                                            "alice 200",
			"Authorization: Bearer " + goodKey:             " 401",
			"X-Api-Key: " + otherKey:                       " 401",
			"X-Api-Key: " + goodKey + "|" + jwt:            " 400",
			jwt + "|X-Api-Key: ":                           " 400",
			"X-Zscaler-Client-ID: i|X-Api-Key: " + goodKey: " 400",
		} {
			caller, status := callerOf(a, sentFrom("203.0.113.9:1", splitLines(lines)...))
			if got := fmt.Sprint(caller, " ", status); got != want {
				t.Errorf("%s: %s, want %s", lines, got, want)
			}
		}
	}
}

// Keys that come in X-Api-Key only take no Bearer token, and leave them to introspection.
func TestKeysOfOneHeaderBesideIntrospection(t *testing.T) {
	a, err := auth.AnyOf(newHeaderKeys(t, "X-Api-Key", auth.APIKey{Key: goodKey}), newIntrospection(t, introspectionConfig(newIDP(t, "ES256"))))
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	if caller, _ := callerOf(a, sentFrom(strangePeer, "X-Api-Key: "+goodKey)); caller != "default" {
		t.Errorf("caller %q", caller)
	}
}
