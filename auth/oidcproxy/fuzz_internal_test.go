package oidcproxy

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/org/zscalermcp/store"
)

// R160: what is accepted, net/url reads in the same way, and nothing in it can hide where it leads.
func FuzzRedirectURI(f *testing.F) {
	for _, seed := range []string{
		"https://app.example.com/callback", "http://localhost:3000/cb?a=1", "http://[::1]/cb", "cursor://anysphere.cursor-mcp/oauth/callback", "com.example.app:/oauth",
		"https://good@evil/", `https:\\evil`, "https:/evil", "///evil", "https://a/%2e%2e/b", "https://h:99999/", "http://127.1/", "http://0x7f.1/", "https://a/#", "javascript:alert(1)", "https://a/?code=x",
		"http://[fe80::1%25lo]/", "https://a．b/", "https://h:/", "http:/\\evil",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := parseRedirectURI(raw)
		if err != nil {
			return
		}
		parsed, err := url.Parse(raw)
		if err != nil || parsed.Scheme != u.scheme || parsed.User != nil || parsed.Fragment != "" || parsed.Opaque != "" {
			t.Fatalf("%q: net/url reads %+v, %v", raw, parsed, err)
		}
		host := u.host
		if u.port != "" {
			host += ":" + u.port
		}
		if parsed.Host != host || "?"+parsed.RawQuery != rootQuery(u.query) {
			t.Fatalf("%q: host %q and query %q, net/url %q and %q", raw, host, u.query, parsed.Host, parsed.RawQuery)
		}
		if strings.ContainsFunc(raw, func(c rune) bool { return c > unicode.MaxASCII || c <= ' ' }) || !u.matches(u) {
			t.Fatalf("%q is accepted", raw)
		}
		if u.kind == webURI && (u.scheme != "https" || isLoopbackHost(u.host)) {
			t.Fatalf("%q is no web URI", raw)
		}
		answered, err := url.Parse(u.with("code=x&state=y"))
		if err != nil || answered.Query().Get("code") != "x" || answered.Host != parsed.Host || answered.Path != parsed.Path {
			t.Fatalf("%q with an answer is %q", raw, answered)
		}
	})
}

func rootQuery(query string) string {
	if query == "" {
		return "?"
	}
	return query
}

// R160: forms are read as net/url reads them, or not at all.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{"a=b&c=d", "a=%20+&a=", "a", "=", "a=b;c=d", "a=%zz", "a=%00", "a=%ff", "resource=x&resource=y", "&&", "a=%26b%3D"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parsePairs(text)
		if err != nil {
			return
		}
		want, err := url.ParseQuery(text)
		if err != nil || !maps.EqualFunc(map[string][]string(got), map[string][]string(want), slices.Equal) {
			t.Fatalf("%q: %v, net/url %v %v", text, got, want, err)
		}
		for name, values := range got {
			if got.plain("state") && strings.ContainsFunc(name+strings.Join(values, ""), func(c rune) bool { return c < ' ' || c == 0x7f }) && name != "state" {
				t.Fatalf("%q has a control character", text)
			}
		}
	})
}

// R160: what is kept of a registration is fit to be shown, and small.
func FuzzRegistration(f *testing.F) {
	for _, seed := range []string{
		`{"redirect_uris":["https://a.example/cb"],"client_name":"x"}`, `{"redirect_uris":null}`, `{"client_name":"\u202ex"}`, `{"redirect_uris":["x"],"redirect_uris":[]}`, `{"a":[[[[[[[[[[]]]]]]]]]]}`, `[]`, `{"contacts":[1]}`, "{\"client_name\":\"\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, e := parseClientMetadata(data)
		if e != nil {
			if e.code != "invalid_client_metadata" {
				t.Fatalf("%q: %v", data, e)
			}
			return
		}
		if len([]rune(m.Name)) > maxClientName || strings.ContainsFunc(m.Name, func(c rune) bool { return !unicode.IsPrint(c) }) || cleanName(m.Name) != m.Name {
			t.Fatalf("%q: name %q", data, m.Name)
		}
	})
}

// R160: nothing opens as a client id, a code or a refresh token but what was sealed as one, and nothing is an access token but what was signed.
func FuzzHandles(f *testing.F) {
	keys, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		f.Fatal(err)
	}
	signing, err := newSigningKeys(keys, "https://mcp.example.com")
	if err != nil {
		f.Fatal(err)
	}
	p := &Provider{
		keys: keys, signing: signing, issuer: "https://mcp.example.com", resource: "https://mcp.example.com/mcp", now: time.Now,
	}
	id, err := p.sealClient(registration{Redirects: []string{"https://a.example/cb"}})
	if err != nil {
		f.Fatal(err)
	}
	code, err := p.sealHandle(codeHandle, newHandle(newGrantID(), 0))
	if err != nil {
		f.Fatal(err)
	}
	refresh, err := p.sealHandle(refreshHandle, newHandle(newGrantID(), 1))
	if err != nil {
		f.Fatal(err)
	}
	access, err := p.mint(grant{id: newGrantID(), Subject: "u", Issuer: "i", Label: "l"}, nil, time.Now(), time.Hour)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{id, code, refresh, access, "mcpc_", "mcpr_" + code[5:], access + ".", strings.Replace(access, ".", "..", 1), strings.Repeat(".", 100), id[:len(id)-1]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := p.client(nil, text); err == nil && text != id {
			t.Fatalf("a client: %q", text)
		}
		if _, ok := p.openHandle(codeHandle, text); ok && text != code {
			t.Fatalf("a code: %q", text)
		}
		if _, ok := p.openHandle(refreshHandle, text); ok && text != refresh {
			t.Fatalf("a refresh token: %q", text)
		}
		if _, err := p.parseAccessToken(text); err == nil && text != access {
			t.Fatalf("an access token: %q", text)
		}
	})
}

// R160: a Basic header gives what RFC 6749 section 2.3.1 says, and never an empty id.
func FuzzBasic(f *testing.F) {
	for _, seed := range []string{"Basic YTpi", "basic YTpi", "Basic  YTpi", "Basic Og==", "Basic %", "Bearer x", "Basic YSUzQWI6Yw==", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		id, _, ok := parseBasic([]string{header})
		if ok && id == "" {
			t.Fatalf("%q: an empty id", header)
		}
	})
}

// R160: the quick reader of claims reads what encoding/json reads, or leaves it to that.
func FuzzAccessClaims(f *testing.F) {
	for _, seed := range []string{
		`{"iss":"https://a","sub":"u","aud":"https://a/mcp","client_id":"c","scope":"a b","jti":"j","iat":1,"nbf":0,"exp":9,"auth_time":1,"token_use":"mcp-access","idp":"i","gid":"g","epo":2}`,
		`{"sub":"a\u0022b"}`, `{"sub":"é"}`, `{"exp":01}`, `{"exp":-1}`, `{"exp":1e3}`, `{"exp":"1"}`, `{"sub":1}`, `{"sub":"a","sub":"b"}`, `{"SUB":"a"}`, `{"exp":9223372036854775808}`,
		`{}`, `}`, `{,}`, `{"sub":"a",}`, `{"sub":"a"}}`, `{"sub":"a"{"aud":"b"}`, `{"sub" :"a"}`, `{"other":"a"}`, `{"exp":1 }`, ``,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		var quick, slow accessClaims
		if !quick.readPlain(payload) {
			return
		}
		if err := json.Unmarshal([]byte(payload), &slow); err != nil || quick != slow {
			t.Fatalf("%q is %+v, encoding/json reads %+v, %v", payload, quick, slow, err)
		}
	})
}

// Tokens of users whose identifiers need escapes are read like others.
func TestAccessClaimsWithEscapes(t *testing.T) {
	for _, subject := range []string{"user", `a"b\c`, "<é>\n", "\u2028"} {
		want := accessClaims{Issuer: "https://a", Subject: subject, Expires: 7}
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got accessClaims
		if err := got.read(data); err != nil || got != want {
			t.Errorf("%q is read as %+v, %v", data, got, err)
		}
		if plain := new(accessClaims).readPlain(string(data)); plain != (subject == "user") {
			t.Errorf("%q is read quickly: %v", data, plain)
		}
	}
}
