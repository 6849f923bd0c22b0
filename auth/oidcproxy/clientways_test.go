package oidcproxy_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A publication is a metadata document at its address. What is not known of it is left out. Where it names keys, those of the run are there.
type publication struct {
	URL  string         `json:"url"`
	JSON map[string]any `json:"json"`
}

// Ways in which a server comes to know a client that it does not know yet.
const (
	byDocument     = "document"
	byRegistration = "registration"
	byHand         = "" // of an administrator
)

// wayOf is what clients that have both ways choose by the metadata, as the TypeScript SDK does: a document where it is offered, a registration where that
// is. Hosted clients want the method none beside the flag.
func wayOf(server map[string]any) string {
	methods, _ := server["token_endpoint_auth_methods_supported"].([]any)
	switch {
	case server["client_id_metadata_document_supported"] == true && slices.Contains(methods, any("none")):
		return byDocument
	case server["registration_endpoint"] != nil:
		return byRegistration
	}
	return byHand
}

// introduces makes the client known to the server: by its document, if it has one, and else by a registration.
func (c *replay) introduces() {
	way := wayOf(c.server)
	if c.Document.URL == "" {
		if c.Server.Documents == "off" && way != byRegistration {
			c.Errorf("R10: without documents the way is %q", way)
		}
		c.registers()
		return
	}
	if way != byDocument {
		c.Errorf("R10: a client with a document goes by %q", way)
	}
	c.known["client_id"] = c.Document.URL
	if keys, ok := c.Document.JSON["jwks_uri"].(string); ok && c.signer == nil {
		c.signer = newKeyHolder(c.TB, c.Document.URL, jwt.SigningMethodRS256)
		c.pub.publish(keys, metadata(c.TB, c.signer.jwks()))
	}
	c.pub.publish(c.Document.URL, metadata(c.TB, c.Document.JSON))
}

// shown is what the consent page must have of the client.
func (c *replay) shown() []string {
	if c.Document.URL == "" {
		name, _ := c.Register.Body["client_name"].(string)
		return []string{name}
	}
	name, _ := c.Document.JSON["client_name"].(string)
	from, _ := url.Parse(c.Document.URL)
	return []string{name, "Verified origin</dt><dd>" + from.Host + "<"}
}

// isNobodyElse: where the client proves by a key who it is, neither another key nor none will do (R38, D64).
func (c *replay) isNobodyElse() {
	if c.signer == nil {
		return
	}
	own := c.signer
	c.signer = newKeyHolder(c.TB, own.id, own.method)
	c.want("D64 another key", c.exchanged(c.Token.exchange), http.StatusUnauthorized, "invalid_client")
	c.signer = own
	bare := exchange{Headers: c.Token.Headers, Form: maps.Clone(c.Token.Form)}
	delete(bare.Form, "client_assertion")
	delete(bare.Form, "client_assertion_type")
	c.want("R38 without an assertion", c.exchanged(bare), http.StatusUnauthorized, "invalid_client")
}

// registers checks that the answer says all that was sent, the redirect URIs and how the client authenticates among it (R14, R15, R18).
func (c *replay) registers() {
	for range max(1, c.Register.Times) {
		a := c.registered(c.Register.Body)
		if a.StatusCode != http.StatusCreated {
			c.Fatalf("register: %d %s", a.StatusCode, a.body)
		}
		got, want := a.json(c.TB), maps.Clone(c.Register.Body)
		maps.Copy(want, c.Register.Has)
		c.wantMembers("register", got, want)
		secret, _ := got["client_secret"].(string)
		_, expires := got["client_secret_expires_at"].(float64)
		if wanted := want["token_endpoint_auth_method"] != "none"; wanted != (secret != "") || wanted != expires || got["client_id_issued_at"] == nil {
			c.Errorf("R14, R15: %s", a.body)
		}
		c.known["client_id"] = got["client_id"].(string)
		c.authenticatesBy(secret)
	}
}

// authenticatesBy sets the secret. Clients put it into Basic as it is, without form-encoding.
func (c *replay) authenticatesBy(secret string) {
	c.known["client_secret"], c.known["basic"] = secret, base64.StdEncoding.EncodeToString([]byte(c.known["client_id"]+":"+secret))
}

func (c *replay) registered(metadata map[string]any) answer {
	body, _ := json.Marshal(metadata) // which was JSON before
	return c.send(http.MethodPost, c.endpoint("registration_endpoint"), string(body), c.Register.Headers)
}

// isRefused asks for what is next to the recorded requests.
func (c *replay) isRefused() {
	for i, r := range c.Refused {
		switch {
		case r.Register != nil:
			metadata := maps.Clone(c.Register.Body)
			maps.Copy(metadata, r.Register)
			c.want(r.Why, c.registered(metadata), http.StatusBadRequest, r.Error)
		case r.Document != nil:
			c.isNoDocument(r.Why, fmt.Sprintf("%s/%d", c.Document.URL, i), r.Document)
		case r.Error == "":
			c.wantHelp(r.Why, c.authorizes(r.Query))
		default:
			to := c.authorizes(r.Query).location(c.TB)
			if !strings.HasPrefix(to.String(), c.Authorize["redirect_uri"]+"?") || to.Query().Get("error") != r.Error {
				c.Errorf("%s: to %s", r.Why, to)
			}
		}
	}
}

// isNoDocument publishes the document at another address, as it is and then with changes: only the first is one.
func (c *replay) isNoDocument(why, at string, changes map[string]any) {
	document := maps.Clone(c.Document.JSON)
	document["client_id"] = at
	c.pub.publish(at, metadata(c.TB, document))
	if a := c.authorizes(map[string]string{"client_id": at}); a.StatusCode != http.StatusOK {
		c.Errorf("%s: the good one: %d %s", why, a.StatusCode, a.body)
	}
	maps.Copy(document, changes)
	maps.DeleteFunc(document, func(_ string, value any) bool { return value == nil })
	c.pub.publish(at, metadata(c.TB, document))
	sleep(6 * time.Minute) // the good one is remembered
	page := c.authorizes(map[string]string{"client_id": at})
	c.wantPage(why, page, http.StatusBadRequest)
	if !strings.Contains(page.body, "maker of the app") {
		c.Errorf("%s: the page does not help: %s", why, page.body)
	}
}

// isForgotten: a server with other keys does not know what it gave, nor a client that has registered: it says so, and all begins anew (R57, R100).
func (c *replay) isForgotten() {
	c.rig.store, c.rig.keys = nil, nil
	c.provider(c.pub.with(c.configure))
	if c.Document.URL == "" {
		c.wantHelp("R57 a stale client id", c.authorizes(nil))
		c.isUnknown("a stale client id")
	} else {
		c.want("a refresh token of other keys", c.exchanged(c.Refresh.exchange), http.StatusBadRequest, "invalid_grant")
		c.pub.serve(c.Document.URL, http.NotFound)
		sleep(6 * time.Minute)
		c.wantPage("R39 a document that is gone", c.authorizes(nil), http.StatusBadRequest)
		c.isUnknown("a document that is gone")
		sleep(time.Minute)
	}
	c.discover()
	c.introduces()
	c.signsIn()
}

// isUnknown asks as a program does.
func (c *replay) isUnknown(what string) {
	asked := c.endpoint("authorization_endpoint") + "?" + c.filled(c.Authorize).Encode()
	c.want("R57 "+what+", asked by a program", c.get(asked, "Accept", "application/json"), http.StatusBadRequest, "invalid_client")
	c.want("R100 a refresh with "+what, c.exchanged(c.Refresh.exchange), http.StatusUnauthorized, "invalid_client")
}

// wantHelp checks that a page tells the user what to do, and leads nowhere.
func (c *replay) wantHelp(what string, a answer) {
	c.wantPage(what, a, http.StatusBadRequest)
	if !strings.Contains(a.body, "Remove this server in the app, or clear its stored sign-in, and add it again.") {
		c.Errorf("%s: the page does not help: %s", what, a.body)
	}
}

// R10, R11: which way the metadata leads clients that have no client id yet, and that this way leads to a token, as one of Config.Clients does in each case.
func TestMetadataLeadsClients(t *testing.T) {
	invited := oidcproxy.Registration{Mode: oidcproxy.RegistrationToken, InitialToken: "0123456789abcdef0123456789abcdef"}
	off := oidcproxy.Registration{Mode: oidcproxy.RegistrationOff}
	for name, row := range map[string]struct {
		registration oidcproxy.Registration
		documents    oidcproxy.DocumentMode
		way          string
	}{
		"by default":                    {way: byDocument},
		"documents off":                 {documents: oidcproxy.DocumentsOff, way: byRegistration},
		"registration off":              {registration: off, way: byHand},
		"registration off, documents":   {registration: off, documents: oidcproxy.DocumentsOn, way: byDocument},
		"registration token":            {registration: invited, way: byRegistration},
		"registration token, documents": {registration: invited, documents: oidcproxy.DocumentsOn, way: byDocument},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				rg, pub := documented(t, nil, func(c *oidcproxy.Config) {
					c.Registration, c.MetadataDocuments.Mode = row.registration, row.documents
					c.Clients = []oidcproxy.Client{{ID: "known", RedirectURIs: []string{clientCB}}}
				})
				server := rg.get("/.well-known/oauth-authorization-server").json(t)
				if way := wayOf(server); way != row.way {
					t.Fatalf("%q, want %q: %v", way, row.way, server)
				}
				if offered := server["registration_endpoint"] != nil; offered != (row.registration.Mode != oidcproxy.RegistrationOff) {
					t.Errorf("the metadata offers registration: %v", offered)
				}
				rg.uses("known")
				switch row.way {
				case byDocument:
					rg.uses(documentID)
				case byRegistration:
					rg.wantPage("a document", rg.browser().authorize(asking(documentID)), http.StatusBadRequest)
					body := metadata(t, map[string]any{"redirect_uris": []string{clientCB}})
					answered := rg.do(request(t, http.MethodPost, server["registration_endpoint"].(string), body, "Content-Type", "application/json", "Authorization", "Bearer "+string(row.registration.InitialToken)))
					rg.uses(answered.json(t)["client_id"].(string))
				default:
					rg.wantPage("a document", rg.browser().authorize(asking(documentID)), http.StatusBadRequest)
				}
				if fetched := pub.asked(documentID) > 0; fetched != (row.way == byDocument) {
					t.Errorf("the document was fetched: %v", fetched)
				}
			})
		})
	}
}
