package zscaler_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler"
)

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func pkcs1(k *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k)}))
}

func pkcs8(t *testing.T, k any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func jwk(k *rsa.PrivateKey, change func(map[string]string)) string {
	b64 := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
	m := map[string]string{
		"kty": "RSA", "n": b64(k.N), "e": b64(big.NewInt(int64(k.E))), "d": b64(k.D),
		"p": b64(k.Primes[0]), "q": b64(k.Primes[1]),
	}
	if change != nil {
		change(m)
	}
	b, _ := json.Marshal(m)
	return string(b)
}

// TestPrivateKeyForms signs in with every form of the key, and checks the assertion that arrives.
func TestPrivateKeyForms(t *testing.T) {
	k := testKey()
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, []byte(pkcs8(t, k)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]string{
		"PKCS #1":         pkcs1(k),
		"PKCS #8":         pkcs8(t, k),
		"JWK":             jwk(k, nil),
		"file":            file,
		"escaped newline": strings.ReplaceAll(pkcs1(k), "\n", `\n`),
	} {
		f := &fake{}
		c := newClient(t, f, func(cfg *zscaler.Config) { cfg.Credentials.PrivateKey = zscaler.Secret(key) })
		if _, err := c.Token(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkAssertion(t, f.tokenRequests()[0].body, &k.PublicKey)
	}
}

// checkAssertion reads the form as the token endpoint does. The key wins over the configured secret.
func checkAssertion(t *testing.T, body string, key *rsa.PublicKey) {
	t.Helper()
	form, err := url.ParseQuery(body)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	parsed, err := jwt.ParseWithClaims(form.Get("client_assertion"), claims,
		func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"RS256"}))
	if err != nil {
		t.Fatal(err)
	}
	exp, err := claims.GetExpirationTime()
	if err != nil || time.Until(exp.Time) > 10*time.Minute || time.Until(exp.Time) < 9*time.Minute {
		t.Error("exp", exp, err)
	}
	delete(claims, "exp")
	want := jwt.MapClaims{"iss": "client-1", "sub": "client-1", "aud": "https://api.zscaler.com"}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"alg": "RS256", "typ": "JWT"}, parsed.Header); diff != "" {
		t.Error(diff)
	}
	form.Del("client_assertion")
	wantForm := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"client-1"}, "audience": {"https://api.zscaler.com"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
	if diff := cmp.Diff(wantForm, form); diff != "" {
		t.Error(diff)
	}
}

func TestPrivateKeyRefused(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := testKey()
	for name, test := range map[string]struct{ key, want string }{
		"short":        {pkcs1(short), "1024 bits"},
		"short JWK":    {jwk(short, nil), "1024 bits"},
		"elliptic":     {pkcs8(t, ec), "PKCS #8 RSA"},
		"public JWK":   {jwk(k, func(m map[string]string) { delete(m, "d") }), "not all there"},
		"JWK of EC":    {jwk(k, func(m map[string]string) { m["kty"] = "EC" }), "kty"},
		"torn JWK":     {"{", "not a valid JWK"},
		"mixed JWK":    {jwk(k, func(m map[string]string) { m["p"] = m["q"] }), "belong together"},
		"cut PEM":      {pkcs1(k)[:400], "no PEM block"},
		"certificate":  {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "another type"},
		"missing file": {"/no/such/file.pem", "no such file"},
	} {
		cfg := testConfig(&fake{})
		cfg.Credentials.PrivateKey = zscaler.Secret(test.key)
		_, err := zscaler.New(cfg)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "ZSCALER_PRIVATE_KEY") {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && len(test.key) > 100 && strings.Contains(err.Error(), test.key[60:90]) {
			t.Errorf("%s: the error quotes the key", name)
		}
	}
}
