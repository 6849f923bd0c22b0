package oidcproxy_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R38: keys that are none, or are of another algorithm, prove nothing and break nothing; one kid is of one key of each kind.
func TestOddKeys(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		pub := newPublisher(t)
		rg := newRig(t, pub.with(func(c *oidcproxy.Config) {
			c.RateLimits.Document, c.RateLimits.Token = oidcproxy.Rate{PerSecond: -1}, oidcproxy.Rate{PerSecond: -1}
		}))
		b64 := base64.RawURLEncoding.EncodeToString
		ed, es := newKeyHolder(t, "", jwt.SigningMethodEdDSA), newKeyHolder(t, "", jwt.SigningMethodES256)
		one := func(k *keyHolder) string {
			return strings.TrimSuffix(strings.TrimPrefix(metadata(t, k.jwks()), `{"keys":[`), "]}")
		}
		big := b64([]byte(strings.Repeat("\xff", 256)))
		even := b64([]byte(strings.Repeat("\xfe", 256)))
		for i, keys := range []string{
			`{"kty":"OKP","crv":"Ed25519","kid":"key-1","x":"AAAA"}`, `{"kty":"OKP","crv":"X25519","kid":"key-1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`,
			`{"kty":"EC","crv":"P-256","kid":"key-1","x":"AAAA","y":"AAAA"}`, `{"kty":"RSA","kid":"key-1","n":"` + big + `","e":"AQ"}`, `{"kty":"RSA","kid":"key-1","n":"` + big + `","e":"AA"}`,
			`{"kty":"RSA","kid":"key-1","n":"` + even + `","e":"AQAB"}`, `{"kty":"RSA","kid":"key-1","n":"` + big + `","e":"__________8"}`, `{"kty":"RSA","kid":"key-1","n":"` + big + `","e":"gAAAAAAAAAE"}`,
			`null`, `1`, `{}`, `{"kty":"EC","crv":"P-256","kid":"key-1","x":"AA","y":"AA"}`, one(ed) + "," + one(ed), one(ed) + "," + one(newKeyHolder(t, "", jwt.SigningMethodEdDSA)), one(es) + "," + one(ed),
		} {
			id := fmt.Sprintf("https://app.example.com/odd/%d", i)
			pub.publish(id, strings.TrimSuffix(pub.document(id, map[string]any{"token_endpoint_auth_method": "private_key_jwt"}), "}")+`,"jwks":{"keys":[`+keys+`]}}`)
			page := rg.browser().authorize(asking(id)).StatusCode
			if page != http.StatusOK && page != http.StatusBadRequest {
				t.Errorf("%s: %d", keys, page)
			}
			now := time.Now().Unix()
			for _, alg := range []string{"RS256", "PS256", "ES256", "EdDSA", "HS256", "none", "ES384", "ES256K"} {
				for _, size := range []int{0, 32, 64, 96, 256} {
					text := b64([]byte(`{"alg":"`+alg+`","kid":"key-1"}`)) + "." + b64(fmt.Appendf(nil, `{"iss":%q,"sub":%q,"aud":%q,"jti":"%d%s%d","exp":%d}`, id, id, issuer, i, alg, size, now+60)) + "." + b64(make([]byte, size))
					if a := rg.post("/token", asserting(refreshing(id, "x"), text)); a.code() != "invalid_client" {
						t.Errorf("%.80s %s: %d %s", keys, alg, a.StatusCode, a.body)
					}
				}
			}
		}
	})
}

// R38: an issuer with a path: assertions are for it or its token endpoint, and for nothing at the origin, where LegacyRootEndpoints answers too.
func TestAudienceBelowAPath(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		k := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		pub := newPublisher(t)
		pub.publish(documentID, pub.document(documentID, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": k.jwks()}))
		rg := newRig(t, pub.with(func(c *oidcproxy.Config) { c.IssuerURL, c.LegacyRootEndpoints = issuer+"/oauth", true }))
		for aud, want := range map[string]string{
			issuer + "/oauth": "invalid_grant", issuer + "/oauth/token": "invalid_grant", issuer: "invalid_client", issuer + "/token": "invalid_client", issuer + "/oauth/": "invalid_client", issuer + "/oauth/revoke": "invalid_client",
			"https://MCP.example.com/oauth": "invalid_client",
		} {
			for _, at := range []string{"/token", "/oauth/token"} {
				if a := rg.post(at, asserting(refreshing(k.id, "x"), k.assertion(t, map[string]any{"aud": aud}))); a.code() != want {
					t.Errorf("%s at %s: %s", aud, at, a.body)
				}
			}
		}
	})
}

// D49, R74: what a browser opens to show a picture of it is not opened by the user yet.
func TestPreviews(t *testing.T) {
	rg := newRig(t, remembering())
	b := rg.told(asking("web"))
	for _, header := range [][]string{{"X-Purpose", "preview"}, {"X-Purpose", "prefetch"}, {"X-Moz", "prefetch"}, {"Purpose", "prefetch"}, {"Sec-Purpose", "prefetch"}} {
		rg.wantAsked(header[0], b.open("/authorize?"+asking("web").Encode(), append(header, ownVisit...)...), true)
	}
	rg.wantAsked("the user", b.visit(asking("web")), false)
}

// R39, R31: what the operator's rules exclude is excluded at each step, also where a document changes between them.
func TestChangeBetweenSteps(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub := documented(t, nil, func(c *oidcproxy.Config) { c.RedirectURIs = []string{"https://app.example.com/*"} })
		b := rg.browser()
		page := b.authorize(asking(documentID))
		pub.publish(documentID, pub.document(documentID, map[string]any{"redirect_uris": []string{clientCB, "https://evil.example.org/cb"}}))
		sleep(6 * time.Minute)
		rg.wantPage("a document that is not accepted any more", b.answerForm(page.field(t), "approve"), http.StatusBadRequest)
		pub.publish(documentID, pub.document(documentID, nil))
		sleep(time.Minute)
		code := b.signIn(asking(documentID)).Get("code")
		pub.publish(documentID, pub.document(documentID, map[string]any{"redirect_uris": []string{"https://app.example.com/other"}, "grant_types": []string{"authorization_code"}}))
		sleep(30 * time.Second)
		rg.want("a code of before, for another client", rg.post("/token", redeeming(rg.client("https://app.example.com/x"), code)), http.StatusBadRequest, "invalid_grant")
	})
}
