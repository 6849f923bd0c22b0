package oidcproxy_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A recording is what one client sends, and what must come back. In its requests {client_id}, {client_secret}, {basic} (both in Base64), {state},
// {challenge}, {verifier}, {code} and {refresh_token} stand for what a run finds out, and {client_assertion} for another one each time. What is not known of a client is left out, or is what its SDK
// sends; names and ports are examples.
type recording struct {
	Client string   `json:"client"`
	Quirks []string `json:"quirks"` // what the recording is kept for
	Server struct {
		Resource  string   `json:"resource"`  // ResourceURL, unless it is the usual one
		Redirects []string `json:"redirects"` // RedirectURIs; null allows all
		Documents string   `json:"documents"` // MetadataDocuments.Mode
	} `json:"server"`
	Headers map[string]string `json:"headers"` // of every request of the client's own, not of the browser's
	Logins  int               `json:"logins"`  // one after another, each from the start; 0 means 1

	First struct { // without a token
		Method    string         `json:"method"`
		URL       string         `json:"url"` // of the endpoint, as the user types it
		Challenge map[string]any `json:"challenge"`
	} `json:"first"`
	Lookups  []lookup    `json:"lookups"`  // in their order; the last one finds the authorization server
	Document publication `json:"document"` // in place of a registration
	Register struct {
		Times   int               `json:"times"` // 0 means 1; the last one is used
		Headers map[string]string `json:"headers"`
		Body    map[string]any    `json:"body"`
		Has     map[string]any    `json:"has"` // of the answer, beside and instead of what was sent
	} `json:"register"`
	Authorize map[string]string `json:"authorize"`
	Token     struct {
		exchange
		Scope string `json:"scope"` // that is granted
	} `json:"token"`
	Refresh struct {
		exchange
		Parallel int   `json:"parallel"` // so many processes at once; 0 means 1
		Again    []int `json:"again"`    // the same token once more, so many seconds later each time; a second later in any case
	} `json:"refresh"`
	Refused []refusal `json:"refused"`
}

// A lookup is a request for metadata.
type lookup struct {
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Status  int               `json:"status"`
	Has     map[string]any    `json:"has"`
}

// An exchange is a request of the token endpoint.
type exchange struct {
	Headers map[string]string `json:"headers"`
	Form    map[string]string `json:"form"`
}

// A refusal is a registration, a metadata document or an authorization request that differs from the recorded one in what is named.
type refusal struct {
	Why      string            `json:"why"`
	Register map[string]any    `json:"register"`
	Document map[string]any    `json:"document"` // null takes a member out
	Query    map[string]string `json:"query"`
	Error    string            `json:"error"` // "" for a page that says what to do
}

// A replay is a recording under way.
type replay struct {
	*rig
	recording
	pub    *publisher
	signer *keyHolder // of a client whose document names keys
	user   *browser
	known  map[string]string // what placeholders stand for
	server map[string]any    // metadata of the authorization server
	stored int               // entries of the store before the client came
}

// What real clients send works from the first request to the last refresh, and what is next to it is refused.
func TestClients(t *testing.T) {
	files, err := filepath.Glob("testdata/clients/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no recordings: ", err)
	}
	for _, file := range files {
		recorded := readRecording(t, file)
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			inBubble(t, recorded.replay)
		})
	}
}

func readRecording(t *testing.T, file string) (recorded recording) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&recorded); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return recorded
}

func (r recording) replay(t *testing.T) {
	pub := newPublisher(t)
	rg := newRig(t, pub.with(r.configure))
	c := &replay{rig: rg, recording: r, pub: pub, user: rg.browser(), known: map[string]string{"verifier": verifier, "challenge": challengeOf(verifier), "state": "client-state"}}
	for range max(1, r.Logins) {
		c.discover()
		c.introduces()
		c.signsIn()
		c.redeems()
		c.refreshes()
	}
	c.isRefused()
	c.isForgotten()
}

func (r recording) configure(cfg *oidcproxy.Config) {
	cfg.ResourceURL, cfg.RedirectURIs = cmp.Or(r.Server.Resource, resource), r.Server.Redirects
	cfg.MetadataDocuments.Mode = oidcproxy.DocumentMode(r.Server.Documents)
}

// discover goes from the challenge to the metadata.
func (c *replay) discover() {
	c.stored = c.entries()
	refused := c.do(request(c.TB, c.First.Method, c.First.URL, ""))
	challenge := c.challengeIn(refused)
	if refused.StatusCode != http.StatusUnauthorized || challenge["error"] != nil {
		c.Errorf("R120 without a token: %d %v", refused.StatusCode, challenge)
	}
	c.wantMembers("R119 the challenge", challenge, c.First.Challenge)
	for _, look := range c.Lookups {
		a := c.send(http.MethodGet, look.Path, "", look.Headers)
		if a.StatusCode != look.Status {
			c.Fatalf("%s: %d", look.Path, a.StatusCode)
		}
		c.server = a.json(c.TB)
		c.wantMembers(look.Path, c.server, look.Has)
	}
}

var quotedParam = regexp.MustCompile(`([a-z_]+)="([^"]*)"(, |$)`)

// challengeIn reads as the strictest client does: Bearer comes first, and every value is quoted (R119).
func (c *replay) challengeIn(a answer) map[string]any {
	params := map[string]any{}
	rest, isBearer := strings.CutPrefix(a.Header.Get("WWW-Authenticate"), "Bearer ")
	for _, found := range quotedParam.FindAllStringSubmatch(rest, -1) {
		params[found[1]] = found[2]
	}
	if unread := quotedParam.ReplaceAllString(rest, ""); !isBearer || unread != "" || params["resource_metadata"] == nil {
		c.Errorf("R119 %q", a.Header["Www-Authenticate"])
	}
	return params
}

// authorizes opens the address that the client gives its user.
func (c *replay) authorizes(changes map[string]string) answer {
	query := maps.Clone(c.Authorize)
	maps.Copy(query, changes)
	return c.user.open(c.endpoint("authorization_endpoint") + "?" + c.filled(query).Encode())
}

// signsIn ends with the code; the identity provider's answer comes twice, the second time before the browser has read our answer to the first.
func (c *replay) signsIn() {
	page := c.authorizes(nil)
	for _, shown := range c.shown() {
		if !strings.Contains(page.body, shown) {
			c.Errorf("R60 without %q: %s", shown, page.body)
		}
	}
	if c.entries() != c.stored {
		c.Errorf("R27, R58: %d entries instead of %d", c.entries(), c.stored)
	}
	callback := c.atUpstream(c.user.answerForm(page.field(c.TB), "approve").link(c.TB))
	twin := &browser{rig: c.rig, cookies: maps.Clone(c.user.cookies)}
	back := c.user.open(callback)
	c.wantPage("R88 the callback again", twin.open(callback), http.StatusBadRequest)
	answered := back.location(c.TB).Query()
	if location := back.Header.Get("Location"); !strings.HasPrefix(location, c.Authorize["redirect_uri"]+"?") || !slices.Equal(answered["iss"], []string{issuer}) ||
		answered.Get("state") != c.filled(c.Authorize).Get("state") || answered.Get("code") == "" {
		c.Errorf("R52 back to %s", location)
	}
	c.known["code"] = answered.Get("code")
}

// redeems sends the code twice, as clients do whose page is loaded twice (R97).
func (c *replay) redeems() {
	if secret := c.known["client_secret"]; secret != "" {
		c.authenticatesBy("other")
		c.want("R95 another secret", c.exchanged(c.Token.exchange), http.StatusUnauthorized, "invalid_client")
		c.authenticatesBy(secret)
	}
	c.isNobodyElse()
	c.holds("token", c.exchanged(c.Token.exchange))
	sleep(9 * time.Second)
	c.want("R97 the code again", c.exchanged(c.Token.exchange), http.StatusBadRequest, "invalid_grant")
	if a := c.calls(); a.StatusCode != http.StatusOK {
		c.Errorf("R97 after the code came again: %d", a.StatusCode)
	}
}

// holds checks tokens, and calls the endpoint with them. There is a refresh token each time (R110).
func (c *replay) holds(what string, a answer) {
	if a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" {
		c.Fatalf("%s: %d %v %s\n%s", what, a.StatusCode, a.Header, a.body, c.logged())
	}
	got := a.json(c.TB)
	c.wantMembers(what, got, map[string]any{"token_type": "Bearer", "expires_in": 3600.0, "scope": c.Token.Scope})
	for _, name := range []string{"access_token", "refresh_token"} {
		token, _ := got[name].(string)
		if token == "" {
			c.Fatalf("R110 %s: no %s", what, name)
		}
		c.known[name] = token
	}
	called := c.calls()
	if called.StatusCode != http.StatusOK || fmt.Sprint(called.json(c.TB)["scopes"]) != "["+c.Token.Scope+"]" {
		c.Errorf("%s: the call: %d %s", what, called.StatusCode, called.body)
	}
}

func (c *replay) calls() answer {
	return c.do(request(c.TB, c.First.Method, c.First.URL, "", "Authorization", "Bearer "+c.known["access_token"]))
}

// refreshes sends one refresh token several times: at once, and again within the grace (R103, R104, R107).
func (c *replay) refreshes() {
	sleep(time.Hour)
	ended := c.calls()
	c.want("the access token has ended", ended, http.StatusUnauthorized, "invalid_token")
	if challenge := c.challengeIn(ended); challenge["error"] != "invalid_token" {
		c.Errorf("R120 %v", challenge)
	}
	answers := make([]answer, max(1, c.Refresh.Parallel))
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = c.exchanged(c.Refresh.exchange) })
	}
	all.Wait()
	for _, seconds := range append([]int{1}, c.Refresh.Again...) {
		sleep(time.Duration(seconds) * time.Second)
		answers = append(answers, c.exchanged(c.Refresh.exchange))
	}
	successors := map[string]bool{c.known["refresh_token"]: true}
	for _, a := range answers {
		c.holds("refresh", a)
		successors[c.known["refresh_token"]] = true
	}
	if len(successors) != 2 {
		c.Errorf("R104: %d answers have %d successors", len(answers), len(successors)-1)
	}
}

func (c *replay) exchanged(e exchange) answer {
	return c.send(http.MethodPost, c.endpoint("token_endpoint"), c.filled(e.Form).Encode(), e.Headers)
}

var hole = regexp.MustCompile(`[:,\[]\s*null|\[\s*\]`)

// send makes a request of the client's own, and checks what is the same for all of them: CORS for pages, and JSON without nulls and empty lists (R8, R12).
func (c *replay) send(method, address, body string, headers map[string]string) answer {
	r := request(c.TB, method, address, body)
	for _, set := range []map[string]string{c.Headers, headers} {
		for name, value := range set {
			r.Header.Set(name, c.fill(value))
		}
	}
	a := c.do(r)
	if origin := r.Header.Get("Origin"); origin != "" && (a.Header.Get("Access-Control-Allow-Origin") != "*" || !c.preflights(method, address, origin)) {
		c.Errorf("R8 %s %s from a page: %v", method, address, a.Header)
	}
	if hole.MatchString(a.body) || a.Header.Get("Content-Type") != "application/json" {
		c.Errorf("R12 %s: %s", address, a.body)
	}
	return a
}

// preflights reports whether a page may send the request.
func (c *replay) preflights(method, address, origin string) bool {
	a := c.do(request(c.TB, http.MethodOptions, address, "", "Origin", origin, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", "content-type,mcp-protocol-version"))
	allowed := strings.ToLower(a.Header.Get("Access-Control-Allow-Headers"))
	return a.StatusCode == http.StatusNoContent && a.Header.Get("Access-Control-Allow-Origin") == "*" && strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), method) &&
		strings.Contains(allowed, "content-type") && strings.Contains(allowed, "mcp-protocol-version")
}

func (c *replay) wantMembers(what string, got, want map[string]any) {
	for name, value := range want {
		if !reflect.DeepEqual(got[name], value) {
			c.Errorf("%s: %s is %v, want %v", what, name, got[name], value)
		}
	}
}

// endpoint is an address in the metadata that the client has found.
func (c *replay) endpoint(name string) string { return c.server[name].(string) }

func (c *replay) filled(recorded map[string]string) url.Values {
	form := url.Values{}
	for name, text := range recorded {
		form.Set(name, c.fill(text))
	}
	return form
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func (c *replay) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if name == "{client_assertion}" {
			return c.signer.assertion(c.TB, map[string]any{"aud": c.endpoint("token_endpoint")})
		}
		value, ok := c.known[strings.Trim(name, "{}")]
		if !ok {
			c.Fatalf("nothing is known of %s", name)
		}
		return value
	})
}
