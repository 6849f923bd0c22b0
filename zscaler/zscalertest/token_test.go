package zscalertest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func TestTokenAnswer(t *testing.T) {
	c := start(t, zscalertest.Options{Entitlements: []string{"ZIA", "ZPA"}, TokenLifetime: time.Minute})
	a := c.login(form(c.tenant))
	o := a.object()
	if a.status != 200 || o["token_type"] != "Bearer" || text(o["expires_in"]) != "60" {
		t.Fatalf("token answer: %d %v", a.status, o["expires_in"])
	}
	if got := a.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control = %q", got)
	}
	var claims struct {
		Info []struct{ Prd, Rnm, Tnt string } `json:"service-info"`
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(text(o["access_token"]), ".")[1])
	if err != nil || json.Unmarshal(raw, &claims) != nil {
		t.Fatal("the token is not a JWT")
	}
	var products []string
	for _, i := range claims.Info {
		products = append(products, i.Prd)
	}
	if diff := cmp.Diff([]string{"ZIA", "ZPA"}, products); diff != "" {
		t.Errorf("service-info (-want +got):\n%s", diff)
	}
	if c.tenant.TokenRequests() != 2 {
		t.Errorf("TokenRequests = %d, want 2", c.tenant.TokenRequests())
	}
}

func TestTokenRefusals(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for name, tc := range map[string]struct {
		change func(url.Values)
		status int
		code   string
	}{
		"lawful":          {func(url.Values) {}, 200, ""},
		"wrong secret":    {func(f url.Values) { f.Set("client_secret", "no") }, 401, "invalid_client"},
		"wrong client":    {func(f url.Values) { f.Set("client_id", "no") }, 401, "invalid_client"},
		"no credentials":  {func(f url.Values) { f.Del("client_secret") }, 401, "invalid_client"},
		"no client":       {func(f url.Values) { f.Del("client_id") }, 400, "invalid_request"},
		"wrong grant":     {func(f url.Values) { f.Set("grant_type", "password") }, 400, "unsupported_grant_type"},
		"wrong audience":  {func(f url.Values) { f.Set("audience", "https://example.com") }, 400, "invalid_request"},
		"two credentials": {func(f url.Values) { f.Set("client_assertion", "x") }, 400, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			f := form(c.tenant)
			tc.change(f)
			a := c.login(f)
			if a.status != tc.status || text(a.object()["error"]) != tc.code {
				t.Errorf("got %d %v, want %d %q", a.status, a.object()["error"], tc.status, tc.code)
			}
		})
	}
}

func TestPrivateKeyAssertion(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c := start(t, zscalertest.Options{})
	claims := func() jwt.MapClaims {
		return jwt.MapClaims{"iss": c.tenant.ClientID, "sub": c.tenant.ClientID, "aud": "https://api.zscaler.com", "exp": time.Now().Add(10 * time.Minute).Unix()}
	}
	login := func(method jwt.SigningMethod, with any, claims jwt.MapClaims) int {
		signed, err := jwt.NewWithClaims(method, claims).SignedString(with)
		if err != nil {
			t.Fatal(err)
		}
		f := form(c.tenant)
		f.Del("client_secret")
		f.Set("client_assertion", signed)
		f.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		return c.login(f).status
	}
	if got := login(jwt.SigningMethodRS256, key, claims()); got != 401 {
		t.Errorf("unregistered key: %d, want 401", got)
	}
	c.tenant.AddPublicKey(&key.PublicKey)
	if got := login(jwt.SigningMethodRS256, key, claims()); got != 200 {
		t.Errorf("registered key: %d, want 200", got)
	}
	if got := login(jwt.SigningMethodRS512, key, claims()); got != 401 {
		t.Errorf("RS512: %d, want 401", got)
	}
	for claim, bad := range map[string]any{"iss": "x", "sub": "x", "aud": "x", "exp": time.Now().Add(-time.Minute).Unix()} {
		wrong := claims()
		wrong[claim] = bad
		if got := login(jwt.SigningMethodRS256, key, wrong); got != 401 {
			t.Errorf("wrong %s: %d, want 401", claim, got)
		}
	}
}

func TestTokenEndsByTimeAndRevocation(t *testing.T) {
	now := time.Now()
	c := start(t, zscalertest.Options{TokenLifetime: time.Minute, Clock: func() time.Time { return now }})
	c.want(200, "GET", "/zia/api/v1/status", "")
	now = now.Add(61 * time.Second)
	a := c.want(401, "GET", "/zia/api/v1/status", "")
	if diff := cmp.Diff(object{"detail": "unauthorized", "type": "", "title": "", "status": ""}, a.object()); diff != "" {
		t.Errorf("401 (-want +got):\n%s", diff)
	}
	c.token = text(c.login(form(c.tenant)).object()["access_token"])
	c.want(200, "GET", "/zia/api/v1/status", "")
	c.tenant.Revoke()
	c.want(401, "GET", "/zia/api/v1/status", "")
	c.token = text(c.login(form(c.tenant)).object()["access_token"])
	c.want(200, "GET", "/zia/api/v1/status", "")
	c.token = "x"
	c.want(401, "GET", "/zia/api/v1/status", "")
}

func TestSecretIsNeverPrinted(t *testing.T) {
	tenant := zscalertest.NewTenant(zscalertest.Options{BaseURL: "http://127.0.0.1:1"})
	defer tenant.Close()
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("tenant", "tenant", tenant)
	for _, out := range []string{log.String(), tenant.String(), fmt.Sprintf("%v %+v %#v %s", tenant, tenant, tenant, tenant)} {
		if strings.Contains(out, tenant.ClientSecret) {
			t.Error("a format shows the client secret")
		}
		if !strings.Contains(out, "acme") {
			t.Errorf("%q does not name the tenant", out)
		}
	}
	requests := tenant.Requests()
	if slices.ContainsFunc(requests, func(zscalertest.Request) bool { return true }) {
		t.Error("a new tenant has recorded something")
	}
}
