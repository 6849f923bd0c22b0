package oidcproxy_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// hugeRSA is a key set whose one key has a modulus of so many bytes.
func hugeRSA(size int) string {
	n := make([]byte, size)
	_, _ = rand.Read(n)
	n[0] |= 0x80
	n[size-1] |= 1
	set, _ := json.Marshal(map[string]any{"keys": []any{map[string]any{"kty": "RSA", "kid": "k", "n": base64.RawURLEncoding.EncodeToString(n), "e": "f____w"}}})
	return string(set)
}

// R153, R125: a key in a stranger's document may not make verifying it a work of its own.
func TestHugeKeys(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, size := range []int{256, 512, 1024, 2048, 4096, 11000} {
			rg, pub := documented(t, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example.com/keys"}, nil)
			pub.publish("https://app.example.com/keys", hugeRSA(size))
			status := rg.browser().authorize(asking(documentID)).StatusCode
			if accepted := status == http.StatusOK; accepted != (size <= 1024) { // what the TLS of Go takes
				t.Errorf("a key of %d bits: %d", size*8, status)
			}
		}
	})
}

// R37: a set of keys at jwks_uri that has a private one is as public as a document.
func TestPrivateKeysAtTheirAddress(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		k := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		for name, change := range map[string]func(map[string]any) string{
			"public": func(m map[string]any) string { return metadata(t, m) },
			"private": func(m map[string]any) string {
				m["keys"].([]any)[0].(map[string]any)["d"] = "AAAA"
				return metadata(t, m)
			},
			"symmetric": func(m map[string]any) string {
				m["keys"] = append(m["keys"].([]any), map[string]any{"kty": "oct", "k": "AAAA"})
				return metadata(t, m)
			},
		} {
			rg, pub := documented(t, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example.com/keys"}, nil)
			pub.publish("https://app.example.com/keys", change(k.jwks()))
			if a := rg.browser().authorize(asking(documentID)); (a.StatusCode == http.StatusOK) != (name == "public") {
				t.Errorf("%s: %d", name, a.StatusCode)
			}
		}
		// within the document, behind a member twice
		rg, pub := documented(t, nil, nil)
		one := strings.TrimSuffix(strings.TrimPrefix(metadata(t, k.jwks()), `{"keys":[`), `]}`)
		private := strings.Replace(one, "{", `{"d":"AAAA",`, 1)
		for i, set := range []string{
			`{"keys":[` + one + `]}`, `{"keys":[` + private + `],"keys":[` + one + `]}`, `{"keys":[` + one + `],"Keys":[` + private + `]}`, `{"Keys":[` + private + `],"keys":[` + one + `]}`,
			`{"keys":[` + strings.Replace(one, "{", `{"D":"AAAA",`, 1) + `]}`, `{"keys":[` + strings.Replace(one, "{", `{"\u0064":"AAAA",`, 1) + `]}`,
		} {
			id := fmt.Sprintf("https://app.example.com/set/%d", i)
			doc := strings.TrimSuffix(pub.document(id, map[string]any{"token_endpoint_auth_method": "private_key_jwt"}), "}") + `,"jwks":` + set + "}"
			pub.publish(id, doc)
			if a := rg.browser().authorize(asking(id)); (a.StatusCode == http.StatusOK) != (i == 0) {
				t.Errorf("%d: %d %s", i, a.StatusCode, set)
			}
		}
	})
}

// R39: failures keep others from asking again, whatever assertions strangers send.
func TestBackOffByBadAssertions(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		k, wrong := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA), newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		rg, pub := documented(t, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": k.jwks()}, nil)
		rg.browser().authorize(asking(documentID))
		pub.serve(documentID, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusServiceUnavailable) })
		sleep(time.Minute)
		before := pub.asked(documentID)
		for range 20 {
			rg.post("/token", asserting(refreshing(documentID, "x"), wrong.assertion(t, nil)))
			sleep(time.Second)
		}
		if n := pub.asked(documentID) - before; n > 1 {
			t.Errorf("a host that fails was asked %d times within 20 seconds", n)
		}
	})
}

// R39: one address that names slow documents keeps no other's out.
func TestSlowDocuments(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		pub := newPublisher(t)
		pub.publish(documentID, pub.document(documentID, nil))
		rg := newRig(t, splitResolver{pub, func(host string) bool {
			if strings.HasPrefix(host, "slow") { // the attacker's own name server, or an address that answers nothing
				sleep(4 * time.Second)
			}
			return false
		}}.configure)
		done := make(chan struct{})
		const many = 80 // more than are fetched at once
		for i := range many {
			go func() {
				rg.browserAt(fmt.Sprintf("[2001:db8:1:%x::1]:1", i)).authorize(asking(fmt.Sprintf("https://slow%d.example.org/c", i)))
				done <- struct{}{}
			}()
		}
		sleep(time.Second)
		if a := rg.browser().authorize(asking(documentID)); a.StatusCode != http.StatusOK {
			t.Errorf("an innocent client: %d", a.StatusCode)
		}
		for range many {
			<-done
		}
		sleep(time.Second)
	})
}

func (rg *rig) browserAt(peer string) *browser {
	b := rg.browser()
	b.peer = peer
	return b
}

// A split resolver has names of an internal zone.
type splitResolver struct {
	pub      *publisher
	internal func(host string) bool
}

func (s splitResolver) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	switch {
	case s.internal(host):
		return []netip.Addr{netip.MustParseAddr("10.1.2.3")}, nil
	case strings.HasPrefix(host, "nowhere."):
		return nil, errors.New("no such host")
	}
	return s.pub.LookupNetIP(ctx, network, host)
}

func (s splitResolver) configure(c *oidcproxy.Config) {
	s.pub.configure(c)
	c.MetadataDocuments.Fetch.Resolver = safefetch.Resolver(s)
}

// R34: strangers do not learn which names the resolver of this network knows.
func TestInternalNames(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		pub := newPublisher(t)
		rg := newRig(t, splitResolver{pub, func(host string) bool { return strings.HasPrefix(host, "db.") }}.configure)
		there := rg.browser().authorize(asking("https://db.corp.example.com/x"))
		nowhere := rg.browser().authorize(asking("https://nowhere.corp.example.com/x"))
		if there.StatusCode != nowhere.StatusCode {
			t.Errorf("an internal name: %d, none: %d", there.StatusCode, nowhere.StatusCode)
		}
		there, nowhere = rg.post("/token", redeeming("https://db.corp.example.com/x", "x")), rg.post("/token", redeeming("https://nowhere.corp.example.com/x", "x"))
		if there.StatusCode != nowhere.StatusCode {
			t.Errorf("token: an internal name: %d, none: %d", there.StatusCode, nowhere.StatusCode)
		}
	})
}

// R100: a resolver that for a while has a wrong address of the host is no reason to forget the client.
func TestResolverSinkhole(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		pub := newPublisher(t)
		pub.publish(documentID, pub.document(documentID, nil))
		bad := false
		rg := newRig(t, splitResolver{pub, func(string) bool { return bad }}.configure)
		f := rg.uses(documentID)
		bad = true
		sleep(6 * time.Minute)
		a := rg.post("/token", refreshing(documentID, f.refresh))
		if a.StatusCode == http.StatusUnauthorized {
			t.Errorf("signed out: %d %s", a.StatusCode, a.body)
		}
	})
}

// R71, R39: a refusal takes back what was remembered of the client, whatever its document said then.
func TestDenyUnderAnotherDocument(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub := documented(t, nil, remembering())
		b := rg.told(asking(documentID))
		rg.wantAsked("before", b.visit(asking(documentID)), false)
		pub.publish(documentID, pub.document(documentID, map[string]any{"client_name": "Other"}))
		sleep(6 * time.Minute)
		b.answerForm(b.visit(asking(documentID)).field(t), "deny")
		pub.publish(documentID, pub.document(documentID, nil))
		sleep(6 * time.Minute)
		rg.wantAsked("refused, and the document is as before", b.visit(asking(documentID)), true)
	})
}

// R39: an outage changes nothing for a while, however long the document may be kept.
func TestOutageAfterADay(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub := documented(t, nil, nil)
		pub.publish(documentID, pub.document(documentID, nil), "Cache-Control", "max-age=86400")
		f := rg.uses(documentID)
		pub.fail(true)
		sleep(24*time.Hour + time.Second)
		rg.want("a second of an outage", rg.post("/token", refreshing(documentID, f.refresh)), http.StatusOK, "")
	})
}

// R100: a client whose key is not the last one that was seen is not refused while its keys cannot be asked for.
func TestReplacedKeysInAnOutage(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		before, after := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA), newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		after.kid = "key-2"
		rg, pub := documented(t, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": before.jwks()}, func(c *oidcproxy.Config) {
			c.RateLimits.Document = oidcproxy.Rate{PerSecond: 0.001, Burst: 5}
		})
		f := rg.signedInWith(before)
		pub.publish(documentID, pub.document(documentID, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": after.jwks()}))
		sleep(time.Minute)
		for i := range 5 { // somebody behind the same address
			rg.browser().authorize(asking(fmt.Sprintf("https://evil.example.org/%d", i)))
		}
		a := rg.post("/token", asserting(refreshing(documentID, f.refresh), after.assertion(t, nil)))
		if a.StatusCode == http.StatusUnauthorized {
			t.Errorf("a good assertion, while the keys may not be asked for: %d %s", a.StatusCode, a.body)
		}
	})
}
