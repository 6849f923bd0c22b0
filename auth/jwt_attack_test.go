package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
)

// rawJSON is JSON as it stands.
type rawJSON string

func (r rawJSON) MarshalJSON() ([]byte, error) {
	if !json.Valid([]byte(r)) { // 1e999 is valid
		return nil, errors.New("no JSON")
	}
	return []byte(r), nil
}

// errorOf is the refusal in err.
func errorOf(t testing.TB, err error) *auth.Error {
	t.Helper()
	var e *auth.Error
	if !errors.As(err, &e) {
		t.Fatalf("no refusal: %v", err)
	}
	return e
}

// guardedBy returns the status that a request gets behind a.
func guardedBy(a auth.Authenticator) func(*http.Request) int {
	h := auth.Middleware(a, auth.MiddlewareConfig{Logger: debugLog(io.Discard)})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	return func(r *http.Request) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
}

// keysOf is the provider's key set as JSON.
func keysOf(t testing.TB, idp *authtest.Provider) string {
	t.Helper()
	w := httptest.NewRecorder()
	idp.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, idp.JWKSURL(), nil))
	return w.Body.String()
}

// D1: no signature, in every spelling.
func TestJWTWithoutSignature(t *testing.T) {
	idp := newIDP(t, "RS256")
	j := newJWT(t, jwtConfig(idp))
	good := mint(idp, nil)
	parts := strings.Split(good, ".")
	for _, alg := range []string{"none", "None", "nOnE", "NONE", "", " none"} {
		forged := segments(good, map[string]any{"alg": alg, "typ": "JWT"}, nil)
		unsigned := forged[:strings.LastIndexByte(forged, '.')+1]
		for _, token := range []string{forged, unsigned, unsigned + parts[2]} {
			if got := statusOf(t, j, token); got != http.StatusUnauthorized {
				t.Errorf("alg %q: status %d", alg, got)
			}
		}
	}
	if got := statusOf(t, j, parts[0]+"."+parts[1]+"."); got != http.StatusUnauthorized {
		t.Errorf("stripped signature: status %d", got)
	}
	if got := statusOf(t, j, good); got != http.StatusOK {
		t.Errorf("the token itself: status %d", got)
	}
}

// D2, R125: a MAC whose secret is the public key.
func TestJWTForgedWithThePublicKey(t *testing.T) {
	idp := newIDP(t, "RS256")
	j := newJWT(t, jwtConfig(idp))
	var set struct{ Keys []jwkset.JWKMarshal }
	if err := json.Unmarshal([]byte(keysOf(t, idp)), &set); err != nil {
		t.Fatal(err)
	}
	key, err := jwkset.NewJWKFromMarshal(set.Keys[0], jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Key())
	if err != nil {
		t.Fatal(err)
	}
	modulus, _ := base64.RawURLEncoding.DecodeString(set.Keys[0].N)
	for name, secret := range map[string][]byte{
		"DER": der, "PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "modulus": modulus, "JWK": []byte(keysOf(t, idp)),
	} {
		forged := segments(mint(idp, nil), map[string]any{"alg": "HS256", "typ": "JWT", "kid": set.Keys[0].KID}, nil)
		input := forged[:strings.LastIndexByte(forged, '.')]
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(input))
		if got := statusOf(t, j, input+"."+base64.RawURLEncoding.EncodeToString(mac.Sum(nil))); got != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, got)
		}
	}
}

// R125: with a shared secret, and only then, HS256 passes, and nothing else does.
func TestJWTSharedSecret(t *testing.T) {
	secret := strings.Repeat("s", 32)
	idp := newIDP(t, "RS256")
	j := newJWT(t, auth.JWTConfig{Issuers: []auth.JWTIssuer{{Issuer: idpURL, Secret: auth.Secret(secret), Audiences: []string{resource}}}})
	sign := func(method jwt.SigningMethod, key any) string {
		token, err := jwt.NewWithClaims(method, jwt.MapClaims{"iss": idpURL, "sub": "s", "aud": resource, "exp": 4102444800}).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	for range 2 {
		if got := statusOf(t, j, sign(jwt.SigningMethodHS256, []byte(secret))); got != http.StatusOK {
			t.Errorf("status %d", got)
		}
	}
	if got := statusOf(t, j, sign(jwt.SigningMethodHS256, []byte(secret+"x"))); got != http.StatusUnauthorized {
		t.Errorf("another secret: status %d", got)
	}
	if got := statusOf(t, j, mint(idp, nil)); got != http.StatusUnauthorized {
		t.Errorf("a signature in place of a MAC: status %d", got)
	}
}

// D3, R125: an algorithm that is not the key's.
func TestJWTAlgorithmOfAnotherKey(t *testing.T) {
	for _, algorithm := range []string{"RS256", "PS256", "ES256", "EdDSA"} {
		idp := newIDP(t, algorithm)
		cfg := jwtConfig(idp)
		cfg.Algorithms = []string{"RS256", "RS384", "PS256", "ES256", "ES384", "EdDSA"}
		j := newJWT(t, cfg)
		good := mint(idp, nil)
		if got := statusOf(t, j, good); got != http.StatusOK {
			t.Fatalf("%s: status %d", algorithm, got)
		}
		for _, alg := range cfg.Algorithms {
			if alg == algorithm {
				continue
			}
			token := idp.MintWith(map[string]any{"alg": alg}, map[string]any{"aud": resource})
			if got := statusOf(t, j, token); got != http.StatusUnauthorized {
				t.Errorf("%s with a key for %s: status %d", alg, algorithm, got)
			}
		}
		narrow := jwtConfig(idp)
		narrow.Algorithms = []string{"RS512"}
		if got := statusOf(t, newJWT(t, narrow), good); got != http.StatusUnauthorized {
			t.Errorf("%s where RS512 alone is accepted: status %d", algorithm, got)
		}
	}
}

// D4: signatures that are none.
func TestJWTBadSignatures(t *testing.T) {
	idp := newIDP(t, "ES256")
	j := newJWT(t, jwtConfig(idp))
	good := mint(idp, nil)
	cut := strings.LastIndexByte(good, '.') + 1
	der := []byte{0x30, 6, 2, 1, 1, 2, 1, 1}
	for name, signature := range map[string][]byte{
		"zero": make([]byte, 64), "short": make([]byte, 63), "long": make([]byte, 65), "DER": der, "empty": nil, "ones": []byte(strings.Repeat("\xff", 64)),
	} {
		if got := statusOf(t, j, good[:cut]+base64.RawURLEncoding.EncodeToString(signature)); got != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, got)
		}
	}
	other := segments(good, nil, map[string]any{"iss": idpURL, "sub": "admin", "aud": resource, "exp": 4102444800})
	if got := statusOf(t, j, other); got != http.StatusUnauthorized {
		t.Errorf("another payload: status %d", got)
	}
}

// D5, R126: kid is a name to look up and nothing else.
func TestJWTKeyIDs(t *testing.T) {
	idp := newIDP(t, "ES256")
	j := newJWT(t, jwtConfig(idp))
	for name, kid := range map[string]any{
		"traversal": "../../dev/null", "SQL": "' OR 1=1 --", "NUL": "a\x00b", "number": 1, "array": []string{"a"}, "null": rawJSON("null"),
		"long": strings.Repeat("k", 10_000), "URL": "https://evil.example.com/key", "empty": "",
	} {
		token := idp.MintWith(map[string]any{"kid": kid}, map[string]any{"aud": resource})
		if got := statusOf(t, j, token); got != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, got)
		}
	}
	if n := idp.Requests("/jwks"); n > 1 {
		t.Errorf("%d requests for keys", n)
	}
	anonymous := func() string { return idp.MintWith(map[string]any{"kid": nil}, map[string]any{"aud": resource}) }
	one := newJWT(t, jwtConfig(idp))
	if got := statusOf(t, one, anonymous()); got != http.StatusOK {
		t.Errorf("no kid, one key: status %d", got)
	}
	idp.Rotate()
	two := newJWT(t, jwtConfig(idp))
	if got := statusOf(t, two, anonymous()); got != http.StatusUnauthorized {
		t.Errorf("no kid, two keys: status %d", got)
	}
	if got := statusOf(t, two, mint(idp, nil)); got != http.StatusOK {
		t.Errorf("kid, two keys: status %d", got)
	}
}

// D6, R126: the token does not say where its key is.
func TestJWTBringsItsOwnKey(t *testing.T) {
	var hits atomic.Int32
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer evil.Close()
	idp, attacker := newIDP(t, "ES256"), newIDP(t, "ES256")
	j := newJWT(t, jwtConfig(idp))
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal([]byte(keysOf(t, attacker)), &set); err != nil {
		t.Fatal(err)
	}
	for name, header := range map[string]map[string]any{
		"jku": {"jku": evil.URL}, "x5u": {"x5u": evil.URL}, "jwk": {"jwk": set.Keys[0]}, "x5c": {"x5c": []string{"MIIB"}},
	} {
		if got := statusOf(t, j, attacker.MintWith(header, map[string]any{"aud": resource})); got != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, got)
		}
		if got := statusOf(t, j, idp.MintWith(header, map[string]any{"aud": resource})); got != http.StatusOK {
			t.Errorf("%s in a token of the issuer: status %d, want it ignored", name, got)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests to the attacker", hits.Load())
	}
}

// D9, D14, R123: tokens that are more than a signature, or meant for something else.
func TestJWTOtherKindsOfToken(t *testing.T) {
	idp := newIDP(t, "ES256")
	j := newJWT(t, jwtConfig(idp))
	for name, header := range map[string]map[string]any{
		"crit": {"crit": []string{"exp"}}, "b64": {"b64": false, "crit": []string{"b64"}}, "b64 alone": {"b64": false}, "zip": {"zip": "DEF"}, "enc": {"enc": "A128GCM"},
		"nested": {"cty": "JWT"}, "logout": {"typ": "logout+jwt"}, "DPoP": {"typ": "dpop+jwt"}, "typ of a number": {"typ": 1},
	} {
		if got := statusOf(t, j, idp.MintWith(header, map[string]any{"aud": resource})); got != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, got)
		}
	}
	for _, typ := range []any{"JWT", "jwt", "at+jwt", "application/at+jwt", nil} {
		if got := statusOf(t, j, idp.MintWith(map[string]any{"typ": typ}, map[string]any{"aud": resource})); got != http.StatusOK {
			t.Errorf("typ %v: status %d", typ, got)
		}
	}
	for name, claims := range map[string]map[string]any{
		"ID token": {"at_hash": "x"}, "ID token with nonce": {"nonce": "x", "scope": nil}, "ID token with code": {"c_hash": "x"}, "Cognito ID token": {"token_use": "id"}, "Keycloak refresh token": {"typ": "Refresh"}, "Keycloak ID token": {"typ": "ID"},
	} {
		if got := statusOf(t, j, mint(idp, claims)); got != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, got)
		}
	}
	if got := statusOf(t, j, mint(idp, map[string]any{"nonce": "x", "scope": "openid"})); got != http.StatusOK { // of older Keycloaks
		t.Errorf("an access token with nonce: status %d", got)
	}
	if got := statusOf(t, j, "a.b.c.d.e"); got != http.StatusUnauthorized {
		t.Errorf("JWE: status %d", got)
	}
}

// D14, R123: where ID tokens have an audience of the server's, tokens must say that they are access tokens.
func TestAccessTokensOnly(t *testing.T) {
	idp := newIDP(t, "ES256")
	cfg := jwtConfig(idp)
	cfg.Issuers[0].Audiences, cfg.Issuers[0].AccessTokens = []string{"desktop"}, true
	strict := newJWT(t, cfg)
	cfg.Issuers[0].AccessTokens = false
	lenient := newJWT(t, cfg)
	for name, test := range map[string]struct {
		typ    any
		claims map[string]any
		want   int
	}{
		"ID token":                 {"JWT", nil, 401},
		"ID token without typ":     {nil, map[string]any{"name": "Alice", "sid": "s", "auth_time": 1}, 401},
		"ID token, azp":            {"JWT", map[string]any{"azp": "desktop"}, 401},
		"ID token, app roles":      {"JWT", map[string]any{"roles": []string{"Operators"}}, 401},
		"by typ":                   {"at+jwt", nil, 200},
		"by typ, in full":          {"application/at+jwt", nil, 200},
		"by scope":                 {"JWT", map[string]any{"scope": "zscaler:read"}, 200},
		"by scopes":                {"JWT", map[string]any{"scp": []string{"zscaler:read"}}, 200},
		"by client":                {"JWT", map[string]any{"client_id": "service"}, 200},
		"by another client":        {"JWT", map[string]any{"azp": "service"}, 200},
		"Entra ID's app token, v2": {"JWT", map[string]any{"azp": "desktop", "azpacr": "1", "roles": []string{"r"}}, 200},
		"Keycloak's":               {"JWT", map[string]any{"typ": "Bearer", "azp": "desktop"}, 200},
	} {
		claims := map[string]any{"aud": "desktop"}
		maps.Copy(claims, test.claims)
		token := idp.MintWith(map[string]any{"typ": test.typ}, claims)
		if got := statusOf(t, strict, token); got != test.want {
			t.Errorf("%s: status %d, want %d", name, got, test.want)
		}
		if got := statusOf(t, lenient, token); got != 200 {
			t.Errorf("%s, where tokens need not say it: status %d", name, got)
		}
	}
	cfg.Issuers[0].AccessTokens, cfg.Issuers[0].IDTokens = true, true
	if _, err := auth.NewJWT(cfg); err == nil || !strings.Contains(err.Error(), "contradict") {
		t.Errorf("both kinds demanded: %v", err)
	}
}

// D10, R127: texts that only look like tokens.
func TestJWTMalformed(t *testing.T) {
	idp := newIDP(t, "ES256")
	j := newJWT(t, jwtConfig(idp))
	good := mint(idp, nil)
	parts := strings.Split(good, ".")
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	double := func(text []byte, member string) string { return "{" + member + "," + string(text[1:]) }
	through := guardedBy(j)
	for name, token := range map[string]string{
		"dots": strings.Repeat(".", 10_000), "one dot": parts[0] + "." + parts[1], "four parts": good + ".x", "padding": good + "=",
		"padding in the header": parts[0] + "=." + parts[1] + "." + parts[2], "nothing": "..", "header of no JSON": segments(good, "x", nil), "payload of no JSON": segments(good, nil, "x"),
		"payload list": segments(good, nil, "[]"), "header list": segments(good, "[]", nil), "payload null": segments(good, nil, "null"),
		"alg twice": segments(good, double(header, `"alg":"ES256"`), nil), "escaped alg twice": segments(good, double(header, `"\u0061lg":"ES256"`), nil), "ALG": segments(good, strings.Replace(string(header), `"alg"`, `"ALG"`, 1), nil),
		"aud twice": segments(good, nil, double(payload, `"aud":"x"`)), "trailing bits": parts[0] + "." + parts[1] + "." + parts[2][:len(parts[2])-1] + "B",
		"more behind the header": segments(good, string(header)+"{}", nil), "deep": segments(good, nil, strings.Repeat("[", 5000)+strings.Repeat("]", 5000)),
	} {
		if got := through(bearing(token)); got != http.StatusUnauthorized && got != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, got)
		}
	}
	if got := through(bearing(mint(idp, map[string]any{"pad": strings.Repeat("x", 20_000)}))); got != http.StatusUnauthorized {
		t.Errorf("too long: status %d", got)
	}
	if got := through(bearing(mint(idp, map[string]any{"pad": strings.Repeat("x", 9_000)}))); got != http.StatusOK {
		t.Errorf("long: status %d", got)
	}
	if slices.Contains([]int{through(bearing(good))}, http.StatusUnauthorized) {
		t.Error("the token itself is refused")
	}
}

// R127: text that is not UTF-8 would be replaced by readers, who would then take two callers for one.
func TestJWTTextThatIsNoText(t *testing.T) {
	idp := newIDP(t, "ES256")
	j := newJWT(t, jwtConfig(idp))
	for sub, want := range map[string]int{
		`"x\ud83d\ude00"`: 200, "\"x\U0001f600\"": 200, "\"x\ufffd\"": 200,
		`"x\ud800"`: 401, `"x\udfff"`: 401, `"\ude00\ud83d"`: 401, "\"x\x81\"": 401,
	} {
		if got := statusOf(t, j, mint(idp, map[string]any{"sub": rawJSON(sub)})); got != want {
			t.Errorf("sub %q: status %d, want %d", sub, got, want)
		}
	}
	for name, want := range map[string]int{"department": 200, "\x81": 401} {
		payload := rawJSON("{\"" + name + "\":\"x\"}")
		if got := statusOf(t, j, mint(idp, map[string]any{"more": payload})); got != want {
			t.Errorf("a claim %q: status %d, want %d", name, got, want)
		}
	}
}
