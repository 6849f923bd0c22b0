package oidcproxy_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// keyHolder is a client that proves who it is by a key.
type keyHolder struct {
	id     string
	key    crypto.Signer
	method jwt.SigningMethod
	kid    string
}

func newKeyHolder(t testing.TB, id string, method jwt.SigningMethod) *keyHolder {
	t.Helper()
	var key crypto.Signer
	var err error
	switch method.Alg()[:2] {
	case "RS", "PS":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "ES":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &keyHolder{id, key, method, "key-1"}
}

// jwks is its public key.
func (k *keyHolder) jwks() map[string]any {
	b64 := base64.RawURLEncoding.EncodeToString
	jwk := map[string]any{"kid": k.kid, "use": "sig"}
	switch public := k.key.Public().(type) {
	case *rsa.PublicKey:
		maps.Copy(jwk, map[string]any{"kty": "RSA", "n": b64(public.N.Bytes()), "e": b64(big.NewInt(int64(public.E)).Bytes())})
	case *ecdsa.PublicKey:
		point, _ := public.Bytes()
		maps.Copy(jwk, map[string]any{"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])})
	case ed25519.PublicKey:
		maps.Copy(jwk, map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(public)})
	}
	return map[string]any{"keys": []any{jwk}}
}

// claims are those of a lawful assertion, with changes; nil takes one out.
func (k *keyHolder) claims(changes map[string]any) jwt.MapClaims {
	now := time.Now()
	claims := jwt.MapClaims{"iss": k.id, "sub": k.id, "aud": issuer, "jti": randomHex(16), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
	for name, value := range changes {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	return claims
}

func (k *keyHolder) assertion(t testing.TB, changes map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(k.method, k.claims(changes))
	token.Header["kid"] = k.kid
	text, err := token.SignedString(k.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// asserting adds an assertion to a form.
func asserting(form url.Values, assertion string, changes ...string) url.Values {
	form.Set("client_assertion_type", jwtBearer)
	form.Set("client_assertion", assertion)
	return changed(form, changes...)
}

// signedInWith signs a user in for a client with a key.
func (rg *rig) signedInWith(k *keyHolder) family {
	rg.Helper()
	code := rg.browser().signIn(asking(k.id)).Get("code")
	return rg.redeemed(family{client: k.id, code: code}, rg.post("/token", asserting(redeeming(k.id, code), k.assertion(rg.TB, nil))))
}

// R38: clients prove by their key who they are, be it in their document, at its jwks_uri, or in the configuration, with every algorithm of the metadata.
func TestR38PrivateKeyJWT(t *testing.T) {
	for _, method := range []jwt.SigningMethod{
		jwt.SigningMethodRS256, jwt.SigningMethodRS512, jwt.SigningMethodPS256, jwt.SigningMethodES256, jwt.SigningMethodEdDSA,
	} {
		inBubble(t, func(t *testing.T) {
			inside, outside, known := newKeyHolder(t, documentID, method), newKeyHolder(t, "https://other.example.com/client", method), newKeyHolder(t, "known", method)
			pub := newPublisher(t)
			pub.publish(inside.id, pub.document(inside.id, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": inside.jwks()}))
			pub.publish(outside.id, pub.document(outside.id, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": keysURL}))
			pub.publish(keysURL, metadata(t, outside.jwks()))
			rg := newRig(t, pub.with(func(c *oidcproxy.Config) {
				c.Clients = []oidcproxy.Client{{ID: "known", RedirectURIs: []string{clientCB}, PublicKeys: metadata(t, known.jwks())}}
			}))
			var offered struct {
				Methods    []string `json:"token_endpoint_auth_methods_supported"`
				Algorithms []string `json:"token_endpoint_auth_signing_alg_values_supported"`
			}
			if err := json.Unmarshal([]byte(rg.get("/.well-known/oauth-authorization-server").body), &offered); err != nil || !strings.Contains(strings.Join(offered.Methods, " "), "private_key_jwt") ||
				!strings.Contains(strings.Join(offered.Algorithms, " "), method.Alg()) || strings.Contains(strings.Join(offered.Algorithms, " "), "HS") {
				t.Errorf("R11: %v %+v", err, offered)
			}
			for _, k := range []*keyHolder{inside, outside, known} {
				f := rg.signedInWith(k)
				for _, changes := range []map[string]any{{"aud": issuer + "/token"}, {"aud": []string{issuer}}, {"exp": time.Now().Add(5 * time.Minute).Unix()}} {
					f = rg.redeemed(f, rg.post("/token", asserting(refreshing(k.id, f.refresh), k.assertion(t, changes))))
				}
				f = rg.redeemed(f, rg.post("/token", asserting(refreshing("", f.refresh), k.assertion(t, nil), "client_id", ""))) // RFC 7521 section 4.2: client_id is optional
				rg.want("without an assertion", rg.post("/token", refreshing(k.id, f.refresh)), http.StatusUnauthorized, "invalid_client")
				rg.want("revocation", rg.post("/revoke", asserting(url.Values{"token": {f.refresh}}, k.assertion(t, nil))), http.StatusOK, "")
				rg.want("after it", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
			}
		})
	}
}

// D64, R38: what is no proof, and the nearest that is.
func TestD64Assertions(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		k, other := newKeyHolder(t, documentID, jwt.SigningMethodES256), newKeyHolder(t, "https://other.example.com/client", jwt.SigningMethodES256)
		pub := newPublisher(t)
		for _, each := range []*keyHolder{k, other} {
			pub.publish(each.id, pub.document(each.id, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": each.jwks()}))
		}
		pub.publish("https://app.example.com/public", pub.document("https://app.example.com/public", nil))
		rg := newRig(t, pub.configure)
		f := rg.signedInWith(k)
		now := time.Now()
		for name, changes := range map[string]map[string]any{
			"another iss": {"iss": other.id}, "another sub": {"sub": other.id}, "no sub": {"sub": nil}, "another server": {"aud": "https://other.example.com"}, "two audiences": {"aud": []string{issuer, "https://other.example.com"}},
			"the endpoint's address": {"aud": resource}, "no aud": {"aud": nil}, "no exp": {"exp": nil}, "a long exp": {"exp": now.Add(7 * time.Minute).Unix()}, "ended": {"exp": now.Add(-2 * time.Minute).Unix()},
			"not yet": {"nbf": now.Add(2 * time.Minute).Unix()}, "issued ahead": {"iat": now.Add(2 * time.Minute).Unix()}, "no jti": {"jti": nil}, "an empty jti": {"jti": ""}, "jti as a number": {"jti": 1}, "a long jti": {"jti": strings.Repeat("j", 257)},
		} {
			rg.want(name, rg.post("/token", asserting(refreshing(k.id, f.refresh), k.assertion(t, changes))), http.StatusUnauthorized, "invalid_client")
		}
		b64 := base64.RawURLEncoding.EncodeToString
		payload, _ := json.Marshal(k.claims(nil))
		mac := jwt.NewWithClaims(jwt.SigningMethodHS256, k.claims(nil))
		keys, _ := json.Marshal(k.jwks())
		withMAC, err := mac.SignedString(keys)
		if err != nil {
			t.Fatal(err)
		}
		foreign := &keyHolder{k.id, other.key, k.method, k.kid}
		for name, assertion := range map[string]string{
			"D1 alg none": b64([]byte(`{"alg":"none"}`)) + "." + b64(payload) + ".", "a MAC": withMAC, "the key of another client": foreign.assertion(t, nil), "of another client": other.assertion(t, nil),
			"no JWT": "x.y.z", "empty": "", "an access token of ours": f.access, "very long": strings.Repeat("a", 17<<10),
		} {
			a := rg.post("/token", asserting(refreshing(k.id, f.refresh), assertion))
			if a.StatusCode != http.StatusUnauthorized || a.code() != "invalid_client" {
				t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
			}
		}
		good := k.assertion(t, nil)
		rg.want("another type", rg.post("/token", asserting(refreshing(k.id, f.refresh), good, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")), http.StatusUnauthorized, "invalid_client")
		rg.want("a secret too", rg.post("/token", asserting(refreshing(k.id, f.refresh), good, "client_secret", "s")), http.StatusBadRequest, "invalid_request")
		rg.want("Basic too", rg.post("/token", asserting(refreshing(k.id, f.refresh), good), "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("a:b"))), http.StatusBadRequest, "invalid_request")
		rg.want("R95 a secret in place of it", rg.post("/token", refreshing(k.id, f.refresh, "client_secret", "s")), http.StatusUnauthorized, "invalid_client")
		rg.want("R95 of a public client", rg.post("/token", asserting(refreshing("https://app.example.com/public", f.refresh), good)), http.StatusUnauthorized, "invalid_client")
		f = rg.redeemed(f, rg.post("/token", asserting(refreshing(k.id, f.refresh), good)))

		rg.want("again", rg.post("/token", asserting(refreshing(k.id, f.refresh), good)), http.StatusUnauthorized, "invalid_client")
		rg.provider(pub.configure) // a replica
		rg.want("again, at a replica", rg.post("/token", asserting(refreshing(k.id, f.refresh), good)), http.StatusUnauthorized, "invalid_client")
		samejti := k.assertion(t, map[string]any{"jti": "one"})
		f = rg.redeemed(f, rg.post("/token", asserting(refreshing(k.id, f.refresh), samejti)))
		rg.want("its jti in another", rg.post("/token", asserting(refreshing(k.id, f.refresh), k.assertion(t, map[string]any{"jti": "one"}))), http.StatusUnauthorized, "invalid_client")
		of := rg.signedInWith(other)
		rg.redeemed(of, rg.post("/token", asserting(refreshing(other.id, of.refresh), other.assertion(t, map[string]any{"jti": "one"})))) // jti is each client's own
		if strings.Contains(rg.logged(), good) {
			t.Error("R149: the log has an assertion")
		}
	})
}

// R38, R39: keys that a client has replaced are found, soon; a store that fails is no reason to forget the client.
func TestR38ReplacedKeys(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		before := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		after := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		after.kid = "key-2"
		pub := newPublisher(t)
		publish := func(k *keyHolder) {
			pub.publish(documentID, pub.document(documentID, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": k.jwks()}), "Cache-Control", "max-age=86400")
		}
		publish(before)
		rg := newRig(t, pub.configure)
		f := rg.signedInWith(before)
		publish(after)
		rg.want("at once", rg.post("/token", asserting(refreshing(documentID, f.refresh), after.assertion(t, nil))), http.StatusUnauthorized, "invalid_client")
		sleep(31 * time.Second)
		f = rg.redeemed(f, rg.post("/token", asserting(refreshing(documentID, f.refresh), after.assertion(t, nil))))
		rg.want("the old key", rg.post("/token", asserting(refreshing(documentID, f.refresh), before.assertion(t, nil))), http.StatusUnauthorized, "invalid_client")
		asked := pub.asked(documentID)
		for range 20 {
			rg.post("/token", asserting(refreshing(documentID, f.refresh), before.assertion(t, nil)))
		}
		if n := pub.asked(documentID) - asked; n != 0 {
			t.Errorf("asked %d times for a wrong key", n)
		}
		rg.failing(func(op string) error {
			if op == "create" {
				return http.ErrServerClosed
			}
			return nil
		})
		good := after.assertion(t, nil)
		rg.want("R100 the store fails", rg.post("/token", asserting(refreshing(documentID, f.refresh), good)), http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.failing(nil)
		rg.redeemed(f, rg.post("/token", asserting(refreshing(documentID, f.refresh), good)))
	})
}
