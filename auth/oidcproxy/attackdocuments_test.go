package oidcproxy_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
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
func TestAttackHugeKeys(t *testing.T) {
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
func TestAttackPrivateKeysAtTheirAddress(t *testing.T) {
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
func TestAttackBackOffByBadAssertions(t *testing.T) {
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
func TestAttackSlowDocuments(t *testing.T) {
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
		const many = 20
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
func TestAttackInternalNames(t *testing.T) {
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
func TestAttackResolverSinkhole(t *testing.T) {
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
func TestAttackDenyUnderAnotherDocument(t *testing.T) {
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
func TestAttackOutageAfterADay(t *testing.T) {
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
func TestAttackReplacedKeysInAnOutage(t *testing.T) {
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

// D52: at hosts of a known company where everybody has pages, nobody is that company.
func TestAttackHostsOfEverybody(t *testing.T) {
	rg := newRig(t, nil)
	for name, uri := range map[string]string{
		"Gemini": "https://script.google.com/macros/s/AKfycbx/exec", "Copilot": "https://evil.azure-apim.net/cb",
	} {
		a := rg.register(`{"client_name":"` + name + `","redirect_uris":["` + uri + `"]}`)
		client := a.json(t)["client_id"].(string)
		page := rg.browser().authorize(asking(client, "redirect_uri", uri))
		if !strings.Contains(page.body, "imitation") {
			t.Errorf("%s at %s: no warning", name, uri)
		}
	}
}

// A user who refuses the account loses nothing else.
func TestAttackRefusedAccountEndsOthers(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) { c.ConfirmAccount = true; c.Limits.GrantsPerClient = 1 })
	client := rg.client()
	b := rg.browser()
	code := queryOf(t, b.answerAccount(b.account(asking(client)).field(t), "continue").link(t)).Get("code")
	f := rg.redeemed(family{client: client, code: code}, rg.post("/token", redeeming(client, code)))
	b.answerAccount(b.account(asking(client)).field(t), "cancel")
	if a := rg.call(f.access); a.StatusCode != http.StatusOK {
		t.Errorf("after another sign-in was refused: %d", a.StatusCode)
	}
	b.answerAccount(b.account(asking(client)).field(t), "continue").link(t)
	rg.want("R156 after another one that was confirmed", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
}

// D64: held: a mark lasts as long as the assertion by every clock.
func TestAttackReplayUntilItEnds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		k := newKeyHolder(t, documentID, jwt.SigningMethodEdDSA)
		rg, _ := documented(t, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "jwks": k.jwks()}, nil)
		f := rg.signedInWith(k)
		for _, exp := range []float64{359.9, -58, 300.9999} {
			changes := map[string]any{"exp": float64(time.Now().Unix()) + exp}
			good := k.assertion(t, changes)
			f = rg.redeemed(f, rg.post("/token", asserting(refreshing(k.id, f.refresh), good)))
			for range 500 {
				if a := rg.post("/token", asserting(refreshing(k.id, "x"), good)); a.code() != "invalid_client" {
					t.Fatalf("%v: %d %s", changes, a.StatusCode, a.body)
				}
				sleep(time.Second)
			}
		}
		b64 := base64.RawURLEncoding.EncodeToString
		for name, payload := range map[string]string{
			"exp twice": `{"iss":"I","sub":"I","aud":"A","jti":"1","exp":1,"exp":9}`, "exp as text": `{"iss":"I","sub":"I","aud":"A","jti":"2","exp":"9999999999"}`,
			"exp beyond": `{"iss":"I","sub":"I","aud":"A","jti":"3","exp":1e300}`, "exp null": `{"iss":"I","sub":"I","aud":"A","jti":"4","exp":null}`,
			"sub twice": `{"iss":"I","sub":"I","sub":"I","aud":"A","jti":"5","exp":NOW}`, "aud as object": `{"iss":"I","sub":"I","aud":{"A":1},"jti":"6","exp":NOW}`,
			"aud twice the same": `{"iss":"I","sub":"I","aud":["A","A"],"jti":"7","exp":NOW}`, "Sub": `{"iss":"I","Sub":"I","aud":"A","jti":"8","exp":NOW}`,
			"aud with slash": `{"iss":"I","sub":"I","aud":"A/","jti":"9","exp":NOW}`, "aud prefix": `{"iss":"I","sub":"I","aud":"A/token/","jti":"10","exp":NOW}`,
		} {
			payload = strings.NewReplacer(`"I"`, `"`+documentID+`"`, `"A`, `"`+issuer, "NOW", fmt.Sprint(time.Now().Unix()+60)).Replace(payload)
			text := b64([]byte(`{"alg":"EdDSA","kid":"key-1"}`)) + "." + b64([]byte(payload))
			sig, err := jwt.SigningMethodEdDSA.Sign(text, k.key)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{documentID, ""} {
				if a := rg.post("/token", asserting(refreshing(id, "x", "client_id", id), text+"."+b64(sig))); a.code() != "invalid_client" {
					t.Errorf("%s (%q): %d %s", name, id, a.StatusCode, a.body)
				}
			}
		}
	})
}

// R76, R156: with ConfirmAccount a site that opens windows ends no session of the user, who has confirmed nothing.
func TestAttackWindowsEndSessions(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) {
			c.SkipConsent, c.SkipConsentAcknowledged, c.ConfirmAccount, c.Limits.GrantsPerUser = true, true, true, 3
		})
		client, evil := rg.client(), rg.client()
		b := rg.browser()
		visited := func(client string) answer {
			there := b.open("/authorize?"+asking(client).Encode(), "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
			return b.open(b.atUpstream(there.Header.Get("Location")))
		}
		code := queryOf(t, b.answerAccount(visited(client).field(t), "continue").link(t)).Get("code")
		f := rg.redeemed(family{client: client, code: code}, rg.post("/token", redeeming(client, code)))
		for range 3 {
			sleep(2 * time.Second)
			visited(evil)
		}
		if a := rg.call(f.access); a.StatusCode != http.StatusOK {
			t.Errorf("after three windows that nobody has answered: %d", a.StatusCode)
		}
	})
}

// Held: prompt=none tells a site nothing of who has approved what in the browser.
func TestAttackSilenceTellsNothing(t *testing.T) {
	rg := newRig(t, remembering())
	known, fresh := rg.told(asking("web")), rg.browser()
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"},
		{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, {"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, nil,
		{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Sec-Purpose", "prefetch;prerender"},
	} {
		q := "/authorize?" + asking("web", "prompt", "none").Encode()
		one, other := known.open(q, headers...), fresh.open(q, headers...)
		if one.Header.Get("Location") != other.Header.Get("Location") || len(one.Cookies()) != len(other.Cookies()) || !strings.Contains(one.Header.Get("Location"), "consent_required") {
			t.Errorf("%v: %q %q", headers, one.Header.Get("Location"), other.Header.Get("Location"))
		}
	}
	if a := known.open("/authorize?"+asking("web", "prompt", "none").Encode(), ownVisit...); !strings.HasPrefix(a.Header.Get("Location"), "https://idp.example.com") {
		t.Errorf("its own visit: %s", a.Header.Get("Location"))
	}
}

// Held: one callback of many at two replicas succeeds, and the form cannot be answered after it; another browser with the form or the address gets nothing.
func TestAttackTwoReplicas(t *testing.T) {
	rg := newRig(t, nil)
	client := rg.client()
	first := rg.handler
	rg.provider(nil)
	second := rg.handler
	b := rg.browser()
	page := b.authorize(asking(client))
	b.answerForm(page.field(t), "approve")
	rg.handler = first
	if a := b.answerForm(page.field(t), "approve"); a.StatusCode != http.StatusGone {
		t.Errorf("approved at both: %d", a.StatusCode)
	}
	page = b.authorize(asking(client))
	back := b.atUpstream(b.answerForm(page.field(t), "approve").link(t))
	jar := map[string]string{}
	for k, v := range b.cookies {
		jar[k] = v
	}
	codes := make(chan string, 20)
	for i := range cap(codes) {
		go func() {
			h := first
			if i%2 == 0 {
				h = second
			}
			r := request(t, http.MethodGet, back, "", "Accept", "text/html")
			for k, v := range jar {
				r.AddCookie(&http.Cookie{Name: k, Value: v})
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			u, _ := url.Parse(w.Header().Get("Location"))
			codes <- u.Query().Get("code")
		}()
	}
	good := 0
	for range cap(codes) {
		if <-codes != "" {
			good++
		}
	}
	if good != 1 {
		t.Errorf("%d codes", good)
	}
	for _, action := range []string{"approve", "deny"} {
		if a := b.answerForm(page.field(t), action); a.StatusCode != http.StatusGone {
			t.Errorf("after the callback: %d", a.StatusCode)
		}
	}
}
