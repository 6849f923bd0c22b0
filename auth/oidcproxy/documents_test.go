package oidcproxy_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

const documentID = "https://app.example.com/oauth/client.json"

// documented starts a provider that knows one client by its document.
func documented(t *testing.T, changes map[string]any, change func(*oidcproxy.Config)) (*rig, *publisher) {
	t.Helper()
	pub := newPublisher(t)
	pub.publish(documentID, pub.document(documentID, changes))
	if change == nil {
		change = func(*oidcproxy.Config) {}
	}
	return newRig(t, pub.with(change)), pub
}

// uses signs a user in with a client that needs no registration.
func (rg *rig) uses(client string, changes ...string) family {
	rg.Helper()
	code := rg.browser().signIn(asking(client, changes...)).Get("code")
	return rg.redeemed(family{client: client, code: code}, rg.post("/token", redeeming(client, code)))
}

// R10, R31, R60: a client that is named by its document signs users in without any registration, and the page says who vouches for it.
func TestMetadataDocument(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub := documented(t, nil, nil)
		if rg.get("/.well-known/oauth-authorization-server").json(t)["client_id_metadata_document_supported"] != true {
			t.Error("not advertised")
		}
		page := rg.browser().authorize(asking(documentID))
		for _, want := range []string{"Example app", "Verified origin</dt><dd>app.example.com<", "Sends you to</dt><dd>app.example.com"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("the page lacks %q: %s", want, page.body)
			}
		}
		if strings.Contains(page.body, "unverified") || rg.entries() != 0 {
			t.Errorf("%d entries; %s", rg.entries(), page.body)
		}
		f := rg.uses(documentID)
		f = rg.refreshed(f)
		if a := rg.call(f.access); a.StatusCode != http.StatusOK {
			t.Errorf("call: %d %s", a.StatusCode, a.body)
		}
		listed, err := rg.p.Administrator("").Grants(t.Context(), oidcproxy.GrantFilter{Client: documentID})
		if err != nil || len(listed.Grants) != 1 || listed.Grants[0].ClientOrigin != "document of app.example.com" {
			t.Errorf("R116: %v %+v", err, listed)
		}
		rg.want("revocation", rg.post("/revoke", map[string][]string{"client_id": {documentID}, "token": {f.refresh}}), http.StatusOK, "")
		rg.want("after it", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
		if n := pub.asked(documentID); n != 1 {
			t.Errorf("R39: %d requests for the document", n)
		}
		rg.wantPage("another redirect URI", rg.browser().authorize(asking(documentID, "redirect_uri", clientCB+"/")), http.StatusBadRequest)
	})
}

// R31, R32, R36, R37, D61, D63: what is no metadata document, and next to it what is one.
func TestR32Documents(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		good := map[string]map[string]any{
			"plain": {}, "no name": {"client_name": nil}, "method none": {"token_endpoint_auth_method": "none"}, "loopback": {"redirect_uris": []string{clientCB, "http://127.0.0.1/callback"}},
			"unknown members": {"logo_uri": "https://10.0.0.1/logo.png", "x": 1}, "grants": {"grant_types": []string{"authorization_code", "urn:x"}},
			"jwks without use": {"jwks": map[string]any{"keys": []any{}}},
		}
		bad := map[string]map[string]any{
			"client_id missing": {"client_id": nil}, "client_id with a slash": {"client_id": documentID + "/"}, "client_id in another case": {"client_id": strings.Replace(documentID, "app", "App", 1)},
			"client_id with a port": {"client_id": strings.Replace(documentID, ".com", ".com:443", 1)}, "client_id of another": {"client_id": "https://other.example.com/oauth/client.json"},
			"client_id as a list": {"client_id": []string{documentID}}, "a secret": {"client_secret": "x"}, "an expiring secret": {"client_secret_expires_at": 0},
			"secret in the form": {"token_endpoint_auth_method": "client_secret_post"}, "secret in Basic": {"token_endpoint_auth_method": "client_secret_basic"},
			"secret as a MAC": {"token_endpoint_auth_method": "client_secret_jwt"}, "another method": {"token_endpoint_auth_method": "tls_client_auth"},
			"no redirect URIs": {"redirect_uris": nil}, "empty redirect URIs": {"redirect_uris": []string{}}, "wildcard path": {"redirect_uris": []string{clientCB, "https://app.example.com/*"}},
			"wildcard host": {"redirect_uris": []string{"https://*.example.com/cb"}}, "http": {"redirect_uris": []string{clientCB, "http://app.example.com/cb"}},
			"javascript": {"redirect_uris": []string{"javascript:alert(1)//", clientCB}}, "web with loopback": {"application_type": "web", "redirect_uris": []string{clientCB, "http://localhost/cb"}},
			"no code": {"response_types": []string{"token"}}, "no authorization_code": {"grant_types": []string{"client_credentials"}},
			"private_key_jwt without keys": {"token_endpoint_auth_method": "private_key_jwt"}, "a private key": {"jwks": map[string]any{"keys": []any{map[string]any{"kty": "EC", "d": "x"}}}},
			"a symmetric key": {"jwks": map[string]any{"keys": []any{map[string]any{"kty": "oct", "k": "x"}}}}, "name as a number": {"client_name": 1},
			"two ways to the keys":        {"token_endpoint_auth_method": "private_key_jwt", "jwks": map[string]any{"keys": []any{}}, "jwks_uri": "https://app.example.com/keys"},
			"keys at an internal address": {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://169.254.169.254/keys"},
		}
		rg, pub := documented(t, nil, func(c *oidcproxy.Config) { c.RateLimits.Document = oidcproxy.Rate{PerSecond: -1} })
		id := func(i int) string { return fmt.Sprintf("https://app.example.com/%d", i) }
		i := 0
		ask := func(name string, changes map[string]any) answer {
			i++
			if changes["client_id"] == documentID || changes["client_id"] == nil && !strings.HasPrefix(name, "client_id") {
				changes["client_id"] = id(i)
			}
			if text, ok := changes["client_id"].(string); ok {
				changes["client_id"] = strings.NewReplacer(documentID, id(i), "https://App.example.com/oauth/client.json", strings.Replace(id(i), "app", "App", 1), "https://app.example.com:443/oauth/client.json", strings.Replace(id(i), ".com", ".com:443", 1)).Replace(text)
			}
			pub.publish(id(i), pub.document(id(i), changes))
			return rg.browser().authorize(asking(id(i)))
		}
		for name, changes := range good {
			if a := ask(name, changes); a.StatusCode != http.StatusOK {
				t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
			}
		}
		for name, changes := range bad {
			rg.wantPage(name, ask(name, changes), http.StatusBadRequest)
			rg.want(name+" at the token endpoint", rg.post("/token", redeeming(id(i), "x")), http.StatusUnauthorized, "invalid_client")
		}
		if n := pub.asked("https://10.0.0.1/logo.png"); n != 0 {
			t.Error("D63: the logo was fetched")
		}
		body := pub.document(documentID+"2", nil)
		for name, text := range map[string]string{
			"a member twice": strings.Replace(body, "{", `{"client_id":"x",`, 1), "a byte order mark": "\ufeff" + body, "a list": "[" + body + "]", "nothing": "", "not UTF-8": strings.Replace(body, "Example", "\xff", 1),
			"two documents": body + body, "very deep": strings.Replace(body, "{", `{"x":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+",", 1),
		} {
			i++
			pub.publish(id(i), strings.ReplaceAll(text, documentID+"2", id(i)))
			rg.wantPage(name, rg.browser().authorize(asking(id(i))), http.StatusBadRequest)
		}
	})
}

// R31, D58: which addresses are those of documents; the others are not asked for.
func TestR31DocumentAddresses(t *testing.T) { inBubble(t, testR31DocumentAddresses) }

func testR31DocumentAddresses(t *testing.T) {
	rg, pub := documented(t, nil, nil)
	for _, id := range []string{
		"https://app.example.com", "https://app.example.com/", "https://user@app.example.com/c", "https://app.example.com/c#f", "https://app.example.com/c?q", "https://app.example.com/a/../c",
		"https://app.example.com/%2e%2e/c", "https://app.example.com:8443/c", "https://APP.example.com/c", "https://127.0.0.1/c", "https://10.1.2.3/c", "https://[::1]/c", "https://localhost/c",
		"https://2130706433/c", "https://0x7f.1/c", "https://app.example.com./c", "https://app.example.com/" + strings.Repeat("a", 512), "https:///c", "https://app.example.com\\@evil.example.org/c",
	} {
		rg.wantPage(id, rg.browser().authorize(asking(id)), http.StatusBadRequest)
		rg.want(id, rg.post("/token", redeeming(id, "x")), http.StatusUnauthorized, "invalid_client")
	}
	if len(pub.hits) != 0 {
		t.Errorf("asked for: %v", pub.hits)
	}
	for _, id := range []string{"http://app.example.com/c", "HTTPS://app.example.com/c", "//app.example.com/c"} { // no addresses of documents at all
		rg.wantPage(id, rg.browser().authorize(asking(id)), http.StatusBadRequest)
	}
	if a := rg.browser().authorize(asking(documentID)); a.StatusCode != http.StatusOK {
		t.Errorf("the good one: %d", a.StatusCode)
	}
}

// R39, D62: how long documents are remembered, and failures; what is fixed is found, what is withdrawn is gone, and an outage changes nothing for a day.
func TestR39DocumentCache(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub := documented(t, nil, nil)
		open := func() answer { return rg.browser().authorize(asking(documentID)) }
		status := func(what string, want int) {
			t.Helper()
			if a := open(); a.StatusCode != want {
				t.Errorf("%s: %d, want %d", what, a.StatusCode, want)
			}
		}
		asked := func(what string, want int) {
			t.Helper()
			if n := pub.asked(documentID); n != want {
				t.Errorf("%s: asked %d times, want %d", what, n, want)
			}
		}
		status("first", http.StatusOK)
		sleep(5*time.Minute - time.Second)
		status("fresh", http.StatusOK)
		asked("fresh", 1)
		sleep(time.Second)
		status("no longer fresh", http.StatusOK)
		asked("no longer fresh", 2)

		pub.publish(documentID, pub.document(documentID, nil), "Cache-Control", "public, max-age=3600", "Age", "600")
		sleep(5 * time.Minute)
		status("with max-age", http.StatusOK)
		asked("with max-age", 3)
		sleep(50*time.Minute - time.Second)
		status("with max-age", http.StatusOK)
		asked("within max-age", 3)
		sleep(time.Second)
		pub.fail(true)
		f := rg.uses(documentID) // in an outage of its host
		f = rg.refreshed(f)
		for range 30 {
			status("outage", http.StatusOK)
		}
		sleep(24 * time.Hour)
		status("an outage of a day", http.StatusServiceUnavailable)
		rg.want("R100 in an outage", rg.post("/token", refreshing(documentID, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		pub.fail(false)
		status("the failure is remembered", http.StatusServiceUnavailable)
		sleep(30 * time.Second)
		f = rg.refreshed(f)

		pub.publish(documentID, "{}")
		sleep(time.Hour)
		status("poisoned", http.StatusBadRequest)
		before := pub.asked(documentID)
		status("poisoned", http.StatusBadRequest)
		rg.want("poisoned", rg.post("/token", refreshing(documentID, f.refresh)), http.StatusUnauthorized, "invalid_client")
		pub.publish(documentID, pub.document(documentID, nil))
		sleep(29 * time.Second)
		status("still remembered as bad", http.StatusBadRequest)
		asked("failures are remembered", before)
		sleep(time.Second)
		status("fixed", http.StatusOK)
		rg.refreshed(f)

		pub.publish(documentID, pub.document(documentID, nil), "Cache-Control", "max-age=999999999")
		sleep(5 * time.Minute)
		status("max-age of years", http.StatusOK)
		before = pub.asked(documentID)
		sleep(24*time.Hour - time.Second)
		status("a day", http.StatusOK)
		asked("within a day", before)
		sleep(time.Second)
		status("a day", http.StatusOK)
		asked("after a day", before+1)
	})
}

// R39: the document is fetched once for all who ask at the same time, and seldom for one address.
func TestR39DocumentLimits(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, pub := documented(t, nil, func(c *oidcproxy.Config) { c.RateLimits.Document = oidcproxy.Rate{PerSecond: 0.1, Burst: 20} })
		pub.serve(documentID, func(w http.ResponseWriter, _ *http.Request) {
			sleep(time.Second)
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(pub.document(documentID, nil)))
		})
		answers := make(chan int, 15)
		for range cap(answers) {
			go func() { answers <- rg.browser().authorize(asking(documentID)).StatusCode }()
		}
		for range cap(answers) {
			if status := <-answers; status != http.StatusOK {
				t.Errorf("one of many: %d", status)
			}
		}
		if n := pub.asked(documentID); n != 1 {
			t.Errorf("asked %d times", n)
		}
		throttled := 0 // beyond 20: those who joined cost nothing
		for i := range 30 {
			if a := rg.browser().authorize(asking(fmt.Sprintf("https://app.example.com/%d", i))); a.StatusCode == http.StatusTooManyRequests {
				throttled++
			}
		}
		rg.want("the limit at the token endpoint", rg.post("/token", redeeming("https://app.example.com/next", "x")), http.StatusServiceUnavailable, "temporarily_unavailable")
		if throttled != 11 {
			t.Errorf("%d of 30 throttled", throttled)
		}
		for range 30 {
			if a := rg.browser().authorize(asking(documentID)); a.StatusCode != http.StatusOK {
				t.Fatalf("what is remembered costs nothing: %d", a.StatusCode)
			}
		}
		other := rg.browser()
		other.peer = "192.0.2.77:1"
		pub.publish("https://app.example.com/good", pub.document("https://app.example.com/good", nil))
		if a := other.authorize(asking("https://app.example.com/good")); a.StatusCode != http.StatusOK {
			t.Errorf("another address: %d", a.StatusCode)
		}
	})
}

// R39: what the user was asked about is what is approved.
func TestDocumentChangesUnderTheQuestion(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for name, changes := range map[string]map[string]any{
			"name": {"client_name": "Another app"}, "redirect URIs": {"redirect_uris": []string{clientCB, clientCB + "/2"}}, "nothing of weight": {"logo_uri": "https://app.example.com/logo"},
		} {
			rg, pub := documented(t, nil, nil)
			b := rg.browser()
			field := b.authorize(asking(documentID)).field(t)
			pub.publish(documentID, pub.document(documentID, changes))
			sleep(6 * time.Minute)
			a := b.answerForm(field, "approve")
			if name == "nothing of weight" {
				a.link(t)
				continue
			}
			rg.wantPage(name, a, http.StatusGone)
			if rg.happened(oidcproxy.EventClientChanged) != 1 {
				t.Errorf("%s: no event", name)
			}
			b.answerForm(b.authorize(asking(documentID)).field(t), "approve").link(t)
		}
	})
}

// Where documents are off, or their hosts or redirect URIs are not allowed, or the client is denied, there is no such client; and what it got before has ended.
func TestDocumentsThatAreNotServed(t *testing.T) {
	for name, narrow := range map[string]func(*oidcproxy.Config){
		"off": func(c *oidcproxy.Config) { c.MetadataDocuments.Mode = oidcproxy.DocumentsOff },
		"registration off": func(c *oidcproxy.Config) {
			c.Registration.Mode, c.Clients = oidcproxy.RegistrationOff, []oidcproxy.Client{{ID: "a", RedirectURIs: []string{clientCB}}}
		},
		"registration token": func(c *oidcproxy.Config) {
			c.Registration = oidcproxy.Registration{Mode: oidcproxy.RegistrationToken, InitialToken: "0123456789abcdef0123456789abcdef"}
		},
		"denied":      func(c *oidcproxy.Config) { c.DeniedClients = []string{documentID} },
		"host denied": func(c *oidcproxy.Config) { c.MetadataDocuments.Fetch.DenyHosts = []string{"app.example.com"} },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				rg, pub := documented(t, nil, nil)
				f := rg.uses(documentID)
				rg.provider(pub.with(narrow))
				rg.wantPage("authorize", rg.browser().authorize(asking(documentID)), http.StatusBadRequest)
				rg.want("refresh", rg.post("/token", refreshing(documentID, f.refresh)), http.StatusUnauthorized, "invalid_client")
				rg.want("call", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
				advertised := name == "denied" || name == "host denied"
				if rg.get("/.well-known/oauth-authorization-server").json(t)["client_id_metadata_document_supported"] != advertised {
					t.Error("the metadata says something else")
				}
				rg.provider(pub.with(func(c *oidcproxy.Config) {
					narrow(c)
					c.DeniedClients, c.MetadataDocuments.Fetch.DenyHosts = nil, []string{"other.example.com"}
					c.MetadataDocuments.Mode = oidcproxy.DocumentsOn
				}))
				if a := rg.call(f.access); a.StatusCode != http.StatusOK {
					t.Errorf("allowed again: %d", a.StatusCode)
				}
				if a := rg.browser().authorize(asking(documentID)); a.StatusCode != http.StatusOK {
					t.Errorf("allowed again: %d", a.StatusCode)
				}
			})
		})
	}
	inBubble(t, func(t *testing.T) {
		rg, _ := documented(t, nil, func(c *oidcproxy.Config) { c.RedirectURIs = []string{"https://other.example.com/*"} })
		rg.wantPage("a redirect URI that is not allowed", rg.browser().authorize(asking(documentID)), http.StatusBadRequest)
	})
}

// D52: a document with the name of a well-known client says so at its own host only.
func TestD52DocumentsThatImitate(t *testing.T) { inBubble(t, testD52DocumentsThatImitate) }

func testD52DocumentsThatImitate(t *testing.T) {
	pub := newPublisher(t)
	rg := newRig(t, pub.configure)
	for id, imitates := range map[string]bool{"https://claude.ai/oauth/client": false, "https://evil.example.org/oauth/client": true} {
		pub.publish(id, pub.document(id, map[string]any{"client_name": "Claude", "redirect_uris": []string{"http://localhost/callback"}}))
		page := rg.browser().authorize(asking(id, "redirect_uri", "http://localhost:4711/callback"))
		if got := strings.Contains(page.body, "imitation"); got != imitates || !strings.Contains(page.body, "any program there can claim this name") {
			t.Errorf("%s: warned of an imitation: %v: %s", id, got, page.body)
		}
	}
}
