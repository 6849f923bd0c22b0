package oidcproxy_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// D52: at hosts of a known company where everybody has pages, nobody is that company.
func TestHostsOfEverybody(t *testing.T) {
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
func TestRefusedAccountEndsOthers(t *testing.T) {
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
func TestReplayUntilItEnds(t *testing.T) {
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
func TestWindowsEndSessions(t *testing.T) {
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
func TestSilenceTellsNothing(t *testing.T) {
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
func TestTwoReplicas(t *testing.T) {
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
