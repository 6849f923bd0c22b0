package oidcproxy_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const keysURL = "https://app.example.com/keys.json"

// keyed starts a provider with a client whose keys are at its jwks_uri; header is that of the document.
func keyed(t *testing.T, header ...string) (*rig, *publisher, *keyHolder) {
	t.Helper()
	k := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
	pub := newPublisher(t)
	pub.publish(documentID, pub.document(documentID, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": keysURL}), header...)
	pub.publish(keysURL, metadata(t, k.jwks()))
	return newRig(t, pub.configure), pub, k
}

// R37: a private key is refused at the jwks_uri too, and one in the document next to what is public of it is as well.
func TestR37PrivateKeys(t *testing.T) {
	for _, at := range []string{"jwks", "jwks_uri"} {
		for private, status := range map[string]int{"": http.StatusOK, "d": http.StatusBadRequest, "k": http.StatusBadRequest} {
			inBubble(t, func(t *testing.T) {
				rg, pub, k := keyed(t)
				set := k.jwks()
				if private != "" {
					set["keys"].([]any)[0].(map[string]any)[private] = "c2VjcmV0"
				}
				if at == "jwks_uri" {
					pub.publish(keysURL, metadata(t, set))
				} else {
					pub.publish(documentID, pub.document(documentID, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": set}))
				}
				if a := rg.browser().authorize(asking(documentID)); a.StatusCode != status {
					t.Errorf("%s with %q: %d %s", at, private, a.StatusCode, a.body)
				}
			})
		}
	}
}

// R38, D61: the key of a stranger costs little to verify with, whatever its size.
func TestR38SizeOfKeys(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub, _ := keyed(t)
		for size, status := range map[int]int{2047: http.StatusBadRequest, 2048: http.StatusOK, 8192: http.StatusOK, 8193: http.StatusBadRequest, 80_000: http.StatusBadRequest} {
			modulus := bytes.Repeat([]byte{0xff}, (size+7)/8)
			modulus[0] >>= (8 - size%8) % 8
			key := map[string]any{"kty": "RSA", "kid": "1", "n": base64.RawURLEncoding.EncodeToString(modulus), "e": "AQAB"}
			pub.publish(keysURL, metadata(t, map[string]any{"keys": []any{key}}))
			sleep(6 * time.Minute)
			if a := rg.browser().authorize(asking(documentID)); a.StatusCode != status {
				t.Errorf("%d bits: %d", size, a.StatusCode)
			}
		}
	})
}

// R38, R39: keys at a jwks_uri are good no longer than that says, however long the document is.
func TestR39KeysHaveATimeOfTheirOwn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub, k := keyed(t, "Cache-Control", "max-age=86400")
		pub.publish(keysURL, metadata(t, k.jwks()), "Cache-Control", "max-age=600")
		f := rg.signedInWith(k)
		other := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		pub.publish(keysURL, metadata(t, other.jwks()), "Cache-Control", "max-age=600")
		sleep(9 * time.Minute)
		f = rg.redeemed(f, rg.post("/token", asserting(refreshing(documentID, f.refresh), k.assertion(t, nil))))
		sleep(time.Minute)
		rg.want("a key that was taken back", rg.post("/token", asserting(refreshing(documentID, f.refresh), k.assertion(t, nil))), http.StatusUnauthorized, "invalid_client")
		rg.redeemed(f, rg.post("/token", asserting(refreshing(documentID, f.refresh), other.assertion(t, nil))))
	})
}

// R39, D62: wrong assertions do not have a host asked that has just failed.
func TestD62WrongAssertionsInAnOutage(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub, k := keyed(t, "Cache-Control", "max-age=86400")
		pub.publish(keysURL, metadata(t, k.jwks()), "Cache-Control", "max-age=86400")
		f := rg.signedInWith(k)
		wrong := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		pub.serve(documentID, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
		sleep(time.Minute)
		before := pub.asked(documentID)
		for range 25 {
			rg.want("R100 a wrong key, or a new one", rg.post("/token", asserting(refreshing(documentID, f.refresh), wrong.assertion(t, nil))), http.StatusServiceUnavailable, "temporarily_unavailable")
			sleep(time.Second)
		}
		if n := pub.asked(documentID) - before; n != 1 {
			t.Errorf("asked %d times in 25 seconds", n)
		}
		sleep(10 * time.Second)
		rg.post("/token", asserting(refreshing(documentID, f.refresh), wrong.assertion(t, nil)))
		if n := pub.asked(documentID) - before; n != 2 {
			t.Errorf("asked %d times, the last one after the back-off", n)
		}
		rg.redeemed(f, rg.post("/token", asserting(refreshing(documentID, f.refresh), k.assertion(t, nil))))
	})
}

// D64: an assertion is remembered as used for as long as any clock may take it.
func TestD64AssertionsAtTheEdgesOfTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, _, k := keyed(t)
		f := rg.signedInWith(k)
		for i, ahead := range []time.Duration{0, time.Minute, 5 * time.Minute, 6 * time.Minute} {
			used := k.assertion(t, map[string]any{"exp": time.Now().Add(ahead).Unix()})
			f = rg.redeemed(f, rg.post("/token", asserting(refreshing(documentID, f.refresh), used)))
			sleep(ahead + 59*time.Second)
			rg.want("again", rg.post("/token", asserting(refreshing(documentID, f.refresh), used)), http.StatusUnauthorized, "invalid_client")
			if strings.Count(rg.logged(), "came before") != i+1 {
				t.Errorf("%s ahead: it was refused for another reason", ahead)
			}
		}
		for name, exp := range map[string]any{
			"beyond the leeway": time.Now().Add(6*time.Minute + time.Second).Unix(), "ended": time.Now().Add(-time.Minute).Unix(), "1e300": 1e300, "2^63": 9223372036854775807.0, "-1": -1, "0": 0, "as text": "4102444800", "null": nil,
		} {
			rg.want(name, rg.post("/token", asserting(refreshing(documentID, f.refresh), k.assertion(t, map[string]any{"exp": exp}))), http.StatusUnauthorized, "invalid_client")
		}
	})
}

// R38, D64: an assertion without client_id is that of its sub, and of nobody else.
func TestD64AssertionsThatNameTheirClient(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub, k := keyed(t)
		f := rg.signedInWith(k)
		const other = "https://other.example.com/client"
		pub.publish(other, pub.document(other, nil))
		for _, sub := range []any{other, "https://127.0.0.1/client", "https://app.example.com/unknown", "mcpc_x", "", 1, []string{documentID}, strings.Repeat("s", 5000)} {
			rg.want("another sub", rg.post("/token", asserting(refreshing("", f.refresh, "client_id", ""), k.assertion(t, map[string]any{"sub": sub}))), http.StatusUnauthorized, "invalid_client")
		}
		rg.want("the client_id of another", rg.post("/token", asserting(refreshing(other, f.refresh), k.assertion(t, nil))), http.StatusUnauthorized, "invalid_client")
		rg.redeemed(f, rg.post("/token", asserting(refreshing("", f.refresh, "client_id", ""), k.assertion(t, nil))))
	})
}

// R39: a request that goes away takes nobody's document along.
func TestR39FirstToAskGoesAway(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub := documented(t, nil, nil)
		document := pub.document(documentID, nil)
		pub.serve(documentID, func(w http.ResponseWriter, _ *http.Request) {
			sleep(3 * time.Second)
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(document))
		})
		link := "/authorize?" + asking(documentID).Encode()
		gone, leave := context.WithCancel(t.Context())
		defer leave()
		first, second := make(chan answer), make(chan answer)
		go func() {
			r := request(t, http.MethodGet, link, "", "Accept", "text/html")
			first <- rg.do(r.WithContext(gone))
		}()
		sleep(time.Second)
		go func() { second <- rg.do(request(t, http.MethodGet, link, "", "Accept", "text/html")) }()
		sleep(time.Second)
		leave()
		rg.wantPage("who went away", <-first, http.StatusServiceUnavailable)
		if a := <-second; a.StatusCode != http.StatusOK {
			t.Errorf("who waited: %d", a.StatusCode)
		}
		if n := pub.asked(documentID); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// R24, R37, D61: lists of a document have the bounds of those of a registration.
func TestR37ListsOfDocuments(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list := func(n int) (uris []string) {
			for i := range n {
				uris = append(uris, clientCB+strings.Repeat("/", i+1))
			}
			return append(uris, clientCB)
		}
		for name, row := range map[string]struct {
			changes map[string]any
			status  int
		}{
			"10 redirect URIs": {map[string]any{"redirect_uris": list(9)}, http.StatusOK}, "11 redirect URIs": {map[string]any{"redirect_uris": list(10)}, http.StatusBadRequest},
			"1,000 keys": {map[string]any{"jwks": map[string]any{"keys": make([]struct{}, 1000)}}, http.StatusOK}, "2,000 keys": {map[string]any{"jwks": map[string]any{"keys": make([]struct{}, 2000)}}, http.StatusBadRequest},
			"a number of grants": {map[string]any{"grant_types": 7}, http.StatusBadRequest}, "grants within grants": {map[string]any{"grant_types": []any{[]string{"authorization_code"}}}, http.StatusBadRequest},
		} {
			rg, _ := documented(t, maps.Clone(row.changes), nil)
			if a := rg.browser().authorize(asking(documentID)); a.StatusCode != row.status {
				t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
			}
		}
	})
}
