package auth_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
)

const (
	platformPeer = "10.0.0.1:443"
	strangePeer  = "203.0.113.9:443"
)

// What would trust nobody, or everybody, is named at once with the other mistakes.
func TestTrustPlatformNamesEveryMistake(t *testing.T) {
	var typedNil *auth.APIKeys
	for _, inner := range []auth.Authenticator{nil, typedNil} {
		_, err := auth.TrustPlatform(inner, auth.Proxies{Header: "Via"})
		if err == nil {
			t.Fatal("accepted")
		}
		saysAll(t, "the error", err.Error(), "the authenticator is nil", "no proxy is named", `"Via" is not known`)
	}
	keys := newKeys(t, auth.APIKey{Key: goodKey})
	for _, all := range []string{"0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96"} {
		a, err := auth.TrustPlatform(keys, auth.Proxies{Prefixes: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix(all)}})
		if err == nil || a != nil {
			t.Errorf("%s: accepted", all)
		}
	}
	trustPlatform(t, keys, "10.0.0.0/8", "::1")
}

// R118, R155: who is admitted without a credential, and that one that is there is judged.
func TestTrustPlatform(t *testing.T) {
	a := trustPlatform(t, newKeys(t, auth.APIKey{Name: "key", Key: goodKey}), "10.0.0.0/8", "2001:db8::/32")
	const key, wrong = "X-Api-Key: " + goodKey, "Authorization: Bearer " + otherKey
	for name, test := range map[string]struct {
		peer  string
		lines []string
		want  string // caller, status and reason
	}{
		"platform":                      {platformPeer, nil, "platform 200 admitted"},
		"platform over IPv6":            {"[2001:db8::1]:443", nil, "platform 200 admitted"},
		"platform over mapped IPv6":     {"[::ffff:10.0.0.1]:443", nil, "platform 200 admitted"},
		"stranger":                      {strangePeer, nil, " 401 no_credential"},
		"neighbour":                     {"11.0.0.1:443", nil, " 401 no_credential"},
		"Unix socket":                   {"@", nil, " 401 no_credential"},
		"path of a socket":              {"/run/mcp.sock", nil, " 401 no_credential"},
		"no peer":                       {"", nil, " 401 no_credential"},
		"loopback":                      {"127.0.0.1:443", nil, " 401 no_credential"},
		"platform, right key":           {platformPeer, []string{key}, "key 200 admitted"},
		"stranger, right key":           {strangePeer, []string{key}, "key 200 admitted"},
		"platform, wrong key":           {platformPeer, []string{wrong}, " 401 invalid_credential"},
		"platform, key of another kind": {platformPeer, []string{"Authorization: Basic Y2xpZW50OnJpZ2h0"}, " 401 invalid_credential"},
		"platform, half a pair":         {platformPeer, []string{"X-Zscaler-Client-ID: client"}, " 401 invalid_credential"},
		"platform, scheme alone":        {platformPeer, []string{"Authorization: Bearer"}, " 401 malformed"},
		"platform, two credentials":     {platformPeer, []string{key, wrong}, " 400 several_credentials"},
		"platform, malformed":           {platformPeer, []string{"Authorization: Bearer a b"}, " 400 malformed"},
		"platform, empty X-Api-Key":     {platformPeer, []string{"X-Api-Key: "}, "platform 200 admitted"},
		"stranger, empty X-Api-Key":     {strangePeer, []string{"X-Api-Key: "}, " 401 no_credential"},
		"platform, empty and full":      {platformPeer, []string{"X-Api-Key: ", wrong}, " 400 several_credentials"},
		"stranger as if from platform":  {strangePeer, []string{"X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1", "X-Real-Ip: 10.0.0.1"}, " 401 no_credential"},
		"platform for a stranger":       {platformPeer, []string{"X-Forwarded-For: 203.0.113.9"}, "platform 200 admitted"},
		"platform for garbage":          {platformPeer, []string{"X-Forwarded-For: unknown"}, "platform 200 admitted"},
	} {
		c := recorder{proxies: parseProxies(t, "", "10.0.0.0/8")}
		w, seen := c.serve(a, sentFrom(test.peer, test.lines...))
		caller := ""
		if seen != nil {
			p, _ := auth.PrincipalFromContext(seen.Context())
			caller = p.Subject
		}
		if got := fmt.Sprint(caller, " ", w.Code, " ", c.last(t).Reason); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// R139: the platform is a caller of its own, and no key of that name is it.
func TestPlatformPrincipal(t *testing.T) {
	a := trustPlatform(t, newKeys(t, auth.APIKey{Name: "platform", Key: goodKey}), "10.0.0.0/8")
	p, err := a.Authenticate(sentFrom(platformPeer))
	if err != nil {
		t.Fatal(err)
	}
	want := &auth.Principal{Issuer: "platform", Subject: "platform", ClientID: "platform", Method: "platform"}
	if diff := cmp.Diff(want, p, cmpopts.IgnoreUnexported(auth.Principal{})); diff != "" || p.Key() != want.Key() {
		t.Errorf("the principal (-want +got):\n%s", diff)
	}
	named, err := a.Authenticate(bearing(goodKey))
	if err != nil || named.Key() == p.Key() {
		t.Errorf("the key named platform: %v, %v", named, err)
	}
	var c recorder
	c.serve(a, sentFrom(platformPeer))
	if e := c.last(t); e.Mode != "platform" || e.Principal != p.Key() {
		t.Errorf("event %+v", e)
	}
	c.serve(a, sentFrom(platformPeer, "X-Api-Key: "+otherKey))
	if e := c.last(t); e.Mode != "api-key" || e.Principal != "" {
		t.Errorf("event of a refusal %+v", e)
	}
}

// R131: where keys come in X-Api-Key only, Authorization is the platform's own: no credential, whatever it holds, and not for
// the next handler.
func TestPlatformsOwnAuthorization(t *testing.T) {
	a := trustPlatform(t, newHeaderKeys(t, "X-Api-Key", auth.APIKey{Name: "key", Key: goodKey}), "10.0.0.0/8")
	const own = "Authorization: Bearer identity-token-of-the-platform"
	for lines, want := range map[string]string{
		own:                                "platform 200",
		own + "|" + own:                    "platform 200",
		"Authorization: a, b":              "platform 200",
		own + "|X-Api-Key: " + goodKey:     "key 200",
		own + "|X-Api-Key: " + otherKey:    " 401",
		"X-Api-Key: " + otherKey:           " 401",
		"Authorization: Bearer " + goodKey: "platform 200",
		"X-Zscaler-Client-ID: client":      "platform 200",
	} {
		var c recorder
		w, seen := c.serve(a, sentFrom(platformPeer, splitLines(lines)...))
		caller := ""
		if seen != nil {
			p, _ := auth.PrincipalFromContext(seen.Context())
			caller = p.Subject
			for _, name := range []string{"Authorization", "X-Api-Key", "X-Zscaler-Client-Id"} {
				if _, ok := seen.Header[name]; ok {
					t.Errorf("%s: the next handler sees %s", lines, name)
				}
			}
		}
		if got := fmt.Sprint(caller, " ", w.Code); got != want {
			t.Errorf("%s: %s, want %s", lines, got, want)
		}
		holdsNone(t, "the log", c.log.String(), "identity-token", goodKey, otherKey)
	}
	if got := guardedBy(a)(sentFrom(strangePeer, own)); got != http.StatusUnauthorized {
		t.Errorf("a stranger with the platform's header: status %d", got)
	}
}

// R131: naming the header in Connection makes the credential absent, wrong or right. That is what a request without it would
// get from the same peer, and nothing better: the platform can leave it out as well, and a stranger wins nothing.
func TestPlatformAndHopByHopCredentials(t *testing.T) {
	a := trustPlatform(t, newKeys(t, auth.APIKey{Name: "key", Key: goodKey}), "10.0.0.0/8")
	for _, key := range []string{goodKey, otherKey} {
		lines := []string{"X-Api-Key: " + key, "Connection: X-Api-Key"}
		for _, peer := range []string{platformPeer, strangePeer} {
			bare, bareStatus := callerOf(a, sentFrom(peer))
			caller, status := callerOf(a, sentFrom(peer, lines...))
			if caller != bare || status != bareStatus {
				t.Errorf("from %s with %s: %q %d, without a credential: %q %d", peer, key, caller, status, bare, bareStatus)
			}
		}
	}
	if caller, _ := callerOf(a, sentFrom(platformPeer, "X-Api-Key: "+goodKey, "Connection: Authorization")); caller != "key" {
		t.Errorf("a credential that Connection does not name: %q", caller)
	}
}

// A list of proxies that its owner changes later trusts nobody new.
func TestTrustPlatformKeepsItsList(t *testing.T) {
	proxies := parseProxies(t, "", "10.0.0.0/8")
	a, err := auth.TrustPlatform(newKeys(t, auth.APIKey{Key: goodKey}), proxies)
	if err != nil {
		t.Fatal(err)
	}
	proxies.Prefixes[0] = netip.MustParsePrefix("203.0.113.0/24")
	if got := guardedBy(a)(sentFrom(strangePeer)); got != http.StatusUnauthorized {
		t.Errorf("the new one: status %d", got)
	}
	if got := guardedBy(a)(sentFrom(platformPeer)); got != http.StatusOK {
		t.Errorf("the old one: status %d", got)
	}
}

// In a combination the platform's trust holds for requests without any credential; all others have their judge.
func TestTrustPlatformInAnyOf(t *testing.T) {
	idp := newIDP(t, "ES256")
	jwt := newJWT(t, jwtConfig(idp))
	keys := newKeys(t, auth.APIKey{Name: "key", Key: goodKey})
	good, wrong := "Authorization: Bearer "+mint(idp, map[string]any{"sub": "alice"}), "Authorization: Bearer "+mint(idp, map[string]any{"aud": "x"})
	stranger := "Authorization: Bearer " + mint(idp, map[string]any{"iss": secondIDP})
	trusted := func(inner auth.Authenticator) auth.Authenticator { return trustPlatform(t, inner, "10.0.0.0/8") }
	for name, a := range map[string]auth.Authenticator{
		"first": anyOf(t, trusted(keys), jwt, oneClient(t)), "last": anyOf(t, oneClient(t), jwt, trusted(keys)),
		"outside": trusted(anyOf(t, keys, jwt, oneClient(t))), "twice": anyOf(t, trusted(keys), trusted(jwt), oneClient(t)),
	} {
		for line, want := range map[string][2]string{ // from the platform, from a stranger
			"":                          {"platform 200", " 401"},
			good:                        {"alice 200", "alice 200"},
			wrong:                       {" 401", " 401"},
			stranger:                    {" 401", " 401"},
			"X-Api-Key: " + goodKey:     {"key 200", "key 200"},
			"X-Api-Key: " + otherKey:    {" 401", " 401"},
			"Authorization: Basic Og==": {" 401", " 401"},
			"Authorization: Digest x":   {" 401", " 401"},
		} {
			for i, peer := range []string{platformPeer, strangePeer} {
				caller, status := callerOf(a, sentFrom(peer, splitLines(line)...))
				if got := fmt.Sprint(caller, " ", status); got != want[i] {
					t.Errorf("%s, %.40q from %s: %s, want %s", name, line, peer, got, want[i])
				}
			}
		}
	}
}

// R155: over a real Unix socket nobody has an address, and nobody is trusted by one.
func TestTrustPlatformOverAUnixSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "s") // a short name: the address of a socket has some 100 bytes
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(dir, "s"))
	if err != nil && runtime.GOOS == "windows" {
		t.Skip(err) // older ones have no such sockets
	}
	if err != nil {
		t.Fatal(err)
	}
	a := trustPlatform(t, newKeys(t, auth.APIKey{Name: "key", Key: goodKey}), "10.0.0.0/8", "127.0.0.0/8", "::1")
	c := &recorder{}
	srv := &httptest.Server{Listener: listener, Config: &http.Server{Handler: c.guard(a, whoAmI)}}
	srv.Start()
	defer srv.Close()
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(dir, "s"))
	}}}
	for key, want := range map[string]int{"": 401, goodKey: 200} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://mcp/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Api-Key", key)
		r.Header.Set("X-Forwarded-For", "10.0.0.1")
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if e := c.last(t); resp.StatusCode != want || e.ClientAddr.IsValid() {
			t.Errorf("key %q: status %d, address %s", key, resp.StatusCode, e.ClientAddr)
		}
	}
	client.CloseIdleConnections()
}

// R118: where another member of the combination takes a credential, it is judged, and not left unseen for the platform's sake.
func TestPlatformOvertakesAnotherMember(t *testing.T) {
	idp := newIDP(t, "ES256")
	keys := newHeaderKeys(t, "X-Api-Key", auth.APIKey{Name: "key", Key: goodKey})
	for name, a := range map[string]auth.Authenticator{
		"in front": anyOf(t, trustPlatform(t, keys, "10.0.0.1"), newJWT(t, jwtConfig(idp)), oneClient(t)),
		"behind":   anyOf(t, newJWT(t, jwtConfig(idp)), oneClient(t), trustPlatform(t, keys, "10.0.0.1")),
	} {
		for line, want := range map[string]string{
			"Authorization: Bearer " + mint(idp, map[string]any{"sub": "alice"}):   "alice",
			"Authorization: Bearer " + mint(idp, map[string]any{"aud": "another"}): "",
			"Authorization: Bearer " + mint(idp, map[string]any{"iss": secondIDP}): "",
			"Authorization: Basic Y2xpZW50Ondyb25n":                                "",
			"":                                                                     "platform",
		} {
			if caller, status := callerOf(a, sentFrom(platformPeer, splitLines(line)...)); caller != want {
				t.Errorf("%s: %.30q is taken for %q (%d), want %q", name, line, caller, status, want)
			}
		}
	}
}
