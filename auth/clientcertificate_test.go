package auth_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

type certRule = auth.ClientCertificateRule

// The names by which rules know certificates, each with the nearest ones that are somebody else's. A caller of "" is refused.
func TestClientCertificateRules(t *testing.T) {
	ca := certify(t, nil)
	common, org := []int{2, 5, 4, 3}, []int{2, 5, 4, 10}
	for name, test := range map[string]struct {
		rule   certRule
		cert   func(*x509.Certificate)
		caller string
	}{
		"cn":                   {certRule{CommonName: "alice"}, cn("alice"), "alice"},
		"cn: case":             {certRule{CommonName: "alice"}, cn("Alice"), ""},
		"cn: longer":           {certRule{CommonName: "alice"}, cn("alice "), ""},
		"cn: NUL":              {certRule{CommonName: "alice"}, cn("alice\x00.evil"), ""},
		"cn: none":             {certRule{CommonName: "alice"}, dns("alice"), ""},
		"cn: the second":       {certRule{CommonName: "alice"}, dn(attribute("evil", common...), attribute("alice", common...)), ""},
		"cn: the first":        {certRule{CommonName: "alice"}, dn(attribute("alice", common...), attribute("evil", common...)), ""},
		"dn":                   {certRule{SubjectDN: "CN=alice,O=Acme"}, dn(attribute("Acme", org...), attribute("alice", common...)), "CN=alice,O=Acme"},
		"dn: order":            {certRule{SubjectDN: "CN=alice,O=Acme"}, dn(attribute("alice", common...), attribute("Acme", org...)), ""},
		"dn: one value":        {certRule{SubjectDN: "CN=alice,O=Acme"}, cn("alice,O=Acme"), ""},
		"dn: that one value":   {certRule{SubjectDN: `CN=alice\,O\=Acme`}, cn("alice,O=Acme"), ""},
		"dn: escaped":          {certRule{SubjectDN: `CN=alice\,O=Acme`}, cn("alice,O=Acme"), `CN=alice\,O=Acme`},
		"dn: a name more":      {certRule{SubjectDN: "CN=alice"}, dn(attribute("evil", common...), attribute("alice", common...)), ""},
		"dns":                  {certRule{DNS: "a.example.com"}, dns("x.example.com", "A.Example.COM."), "a.example.com"},
		"dns: rule in capital": {certRule{DNS: "A.Example.com."}, dns("a.example.com"), "a.example.com"},
		"dns: longer":          {certRule{DNS: "a.example.com"}, dns("a.example.com.evil.org", "xa.example.com"), ""},
		"dns: NUL":             {certRule{DNS: "a.example.com"}, dns("a.example.com\x00"), ""},
		"dns: in the cn":       {certRule{DNS: "a.example.com"}, cn("a.example.com"), ""},
		"dns*":                 {certRule{DNS: "*.example.com"}, dns("a-1.example.com"), "a-1.example.com"},
		"dns*: two labels":     {certRule{DNS: "*.example.com"}, dns("a.b.example.com"), ""},
		"dns*: none":           {certRule{DNS: "*.example.com"}, dns("example.com"), ""},
		"dns*: empty":          {certRule{DNS: "*.example.com"}, dns(".example.com"), ""},
		"dns*: no boundary":    {certRule{DNS: "*.example.com"}, dns("evilexample.com"), ""},
		"dns*: a wildcard":     {certRule{DNS: "*.example.com"}, dns("*.example.com"), ""},
		"dns*: two":            {certRule{DNS: "*.example.com"}, dns("a.example.com", "b.example.com"), ""},
		"dns*: two, as one":    {certRule{DNS: "*.example.com", Name: "fleet"}, dns("a.example.com", "b.example.com"), "fleet"},
		"dns*: one twice":      {certRule{DNS: "*.example.com"}, dns("a.example.com", "A.example.com", "x.org"), "a.example.com"},
		"uri":                  {certRule{URI: "spiffe://acme/ns/a"}, uri(t, "spiffe://acme/ns/a"), "spiffe://acme/ns/a"},
		"uri: case":            {certRule{URI: "spiffe://acme/ns/a"}, uri(t, "spiffe://acme/ns/A"), ""},
		"uri: longer":          {certRule{URI: "spiffe://acme/ns/a"}, uri(t, "spiffe://acme/ns/a/b"), ""},
		"uri: query":           {certRule{URI: "spiffe://acme/ns/a"}, uri(t, "spiffe://acme/ns/a?x"), ""},
		"uri: two SVIDs":       {certRule{URI: "spiffe://acme/ns/a"}, uri(t, "spiffe://acme/ns/a", "spiffe://acme/ns/b"), ""},
		"uri: two others":      {certRule{URI: "https://acme/a"}, uri(t, "https://acme/a", "https://acme/b"), "https://acme/a"},
		"uri*":                 {certRule{URI: "spiffe://acme/ns/*"}, uri(t, "spiffe://acme/ns/a/b-1._~"), "spiffe://acme/ns/a/b-1._~"},
		"uri*: no boundary":    {certRule{URI: "spiffe://acme/ns/*"}, uri(t, "spiffe://acme/nsevil/a"), ""},
		"uri*: none":           {certRule{URI: "spiffe://acme/ns/*"}, uri(t, "spiffe://acme/ns/"), ""},
		"uri*: upwards":        {certRule{URI: "spiffe://acme/ns/*"}, uri(t, "spiffe://acme/ns/../admin"), ""},
		"uri*: in place":       {certRule{URI: "spiffe://acme/ns/*"}, uri(t, "spiffe://acme/ns/a/./b"), ""},
		"uri*: encoded":        {certRule{URI: "spiffe://acme/ns/*"}, uri(t, "spiffe://acme/ns/%2e%2e/admin"), ""},
		"uri*: empty segment":  {certRule{URI: "spiffe://acme/ns/*"}, uri(t, "spiffe://acme/ns/a//b"), ""},
		"uri*: query":          {certRule{URI: "spiffe://acme/ns/*"}, uri(t, "spiffe://acme/ns/a?b"), ""},
		"uri*: another domain": {certRule{URI: "spiffe://acme/*"}, uri(t, "spiffe://acme@evil/a"), ""},
		"uri*: two":            {certRule{URI: "https://acme/*"}, uri(t, "https://acme/a", "https://acme/b"), ""},
		"email":                {certRule{Email: "al@example.com"}, emails("al@EXAMPLE.com"), "al@example.com"},
		"email: case of al":    {certRule{Email: "al@example.com"}, emails("Al@example.com"), ""},
		"email*":               {certRule{Email: "*@example.com"}, emails("Al.x+y@example.com"), "Al.x+y@example.com"},
		"email*: subdomain":    {certRule{Email: "*@example.com"}, emails("al@sub.example.com"), ""},
		"email*: two at":       {certRule{Email: "*@example.com"}, emails(`"al@evil.org"@example.com`), ""},
		"email*: nobody":       {certRule{Email: "*@example.com"}, emails("@example.com"), ""},
		"email*: two":          {certRule{Email: "*@example.com"}, emails("a@example.com", "b@example.com"), ""},
		"email: as cn":         {certRule{Email: "al@example.com"}, cn("al@example.com"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := byRules(t, test.rule).Authenticate(over(connected(certify(t, ca, test.cert), ca)))
			e := (*auth.Error)(nil)
			switch {
			case test.caller != "" && (err != nil || p.Subject != test.caller):
				t.Errorf("%v, %v; want %q", p, err, test.caller)
			case test.caller == "" && (p != nil || !errors.As(err, &e) || e.Status != http.StatusUnauthorized):
				t.Errorf("%v, %v; want a refusal", p, err)
			}
		})
	}
}

// Everything of a principal, by the first rule that matches.
func TestClientCertificatePrincipal(t *testing.T) {
	ca := certify(t, nil)
	cert := certify(t, ca, cn("alice"), dns("a.example.com"))
	a := byRules(t,
		certRule{CommonName: "bob", Name: "wrong"},
		certRule{DNS: "*.example.com", Name: "Alice", Scopes: []string{"read"}},
		certRule{CommonName: "alice", Name: "late"})
	got, err := a.Authenticate(over(connected(cert, ca)))
	if err != nil {
		t.Fatal(err)
	}
	want := &auth.Principal{Subject: "Alice", Scopes: []string{"read"}, Expires: cert.NotAfter, Method: "client-certificate"}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(auth.Principal{}), cmpopts.IgnoreFields(auth.Principal{}, "Issuer")); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(got.Issuer, "client-certificate:dns:sha256:") {
		t.Errorf("issuer %q", got.Issuer)
	}
}

// D71: a renewed certificate is the same caller, whatever CAs stand between; the same name from another CA, or of another kind, is another.
func TestClientCertificateIdentity(t *testing.T) {
	ca, namesake := certify(t, nil), certify(t, nil)
	sub := certify(t, ca, asCA, cn("sub"))
	subAgain := certifyKey(t, sub.key, ca, asCA, cn("sub"), func(c *x509.Certificate) { c.NotAfter = c.NotAfter.Add(time.Hour) })
	cross := certifyKey(t, sub.key, namesake, asCA, cn("sub"))
	rule, acme := certRule{CommonName: "alice"}, certRule{CommonName: "alice", Authority: "acme"}
	keyOf := func(rule certRule, chain ...*certified) string {
		t.Helper()
		p, err := byRules(t, rule).Authenticate(over(connected(chain...)))
		if err != nil {
			t.Fatal(err)
		}
		return p.Key()
	}
	alice := func(by *certified) *certified { return certify(t, by, cn("alice"), dns("alice")) }
	direct, below := keyOf(rule, alice(ca), ca), keyOf(rule, alice(sub), sub, ca)
	for what, same := range map[string]bool{
		"renewed":                         keyOf(rule, alice(ca), ca) == direct,
		"renewed below":                   keyOf(rule, alice(sub), sub, ca) == below,
		"renewed by a renewed CA":         keyOf(rule, alice(sub), subAgain, ca) == below,
		"over a cross-certificate":        keyOf(rule, alice(sub), cross, namesake) == below,
		"another CA of the same name":     keyOf(rule, alice(namesake), namesake) != direct,
		"another CA below":                below != direct,
		"as a DNS name":                   keyOf(certRule{DNS: "alice"}, alice(ca), ca) != direct,
		"under one authority":             keyOf(acme, alice(ca), ca) == keyOf(acme, alice(namesake), namesake),
		"under the authority of one only": keyOf(acme, alice(ca), ca) != direct,
	} {
		if !same {
			t.Error(what)
		}
	}
}

// A rule can be narrowed to a CA: by the name of one that is trusted, or by the key of any in the chain.
func TestClientCertificateIssuer(t *testing.T) {
	ca, other := certify(t, nil), certify(t, nil, cn("Others"))
	sub, forged := certify(t, ca, asCA, cn("sub")), certify(t, other, asCA, cn("Acme clients"))
	digest := func(c *certified) string { return "sha256:" + digestOf(string(c.RawSubjectPublicKeyInfo)) }
	alice := func(by *certified) *certified { return certify(t, by, cn("alice")) }
	for _, test := range []struct {
		name, issuer string
		chain        []*certified
		admitted     bool
	}{
		{"by name", "CN=Acme clients", []*certified{alice(ca), ca}, true},
		{"by name, further up", "CN=Acme clients", []*certified{alice(sub), sub, ca}, true},
		{"another", "CN=Acme clients", []*certified{alice(other), other}, false},
		{"one that calls itself so", "CN=Acme clients", []*certified{alice(forged), forged, other}, false},
		{"by name, between", "CN=sub", []*certified{alice(sub), sub, ca}, false},
		{"by key", digest(ca), []*certified{alice(ca), ca}, true},
		{"by key in capitals", "sha256:" + strings.ToUpper(digest(ca)[7:]), []*certified{alice(ca), ca}, true},
		{"by key, between", digest(sub), []*certified{alice(sub), sub, ca}, true},
		{"by key, another", digest(sub), []*certified{alice(ca), ca}, false},
		{"by its own key", digest(ca), []*certified{ca}, false},
		{"by its own name", "CN=Acme clients", []*certified{ca}, false},
	} {
		rules := byRules(t, certRule{CommonName: "alice", Issuer: test.issuer}, certRule{CommonName: "Acme clients", Issuer: test.issuer})
		if p, err := rules.Authenticate(over(connected(test.chain...))); (err == nil) != test.admitted {
			t.Errorf("%s: %v, %v", test.name, p, err)
		}
	}
}

// D74: only what this process has verified counts: no header, and no certificate that was only shown.
func TestClientCertificateUnverified(t *testing.T) {
	ca := certify(t, nil)
	alice := certify(t, ca, cn("alice"))
	a := byRules(t, certRule{CommonName: "alice"})
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: alice.Raw}))
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, bear := range map[string]func(*http.Request){
		"no TLS": nil,
		"shown only": func(r *http.Request) {
			r.TLS = &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{alice.Certificate, ca.Certificate}}
		},
		"an empty chain": func(r *http.Request) {
			r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{alice.Certificate}, VerifiedChains: [][]*x509.Certificate{{}}}
		},
		"a chain of nothing":      func(r *http.Request) { r.TLS = &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{nil}}} },
		"X-Client-Cert":           header("X-Client-Cert", url.QueryEscape(text)),
		"X-SSL-Client-Cert":       header("X-Ssl-Client-Cert", url.QueryEscape(text)),
		"X-SSL-Client-S-DN":       header("X-Ssl-Client-S-Dn", "CN=alice"),
		"X-SSL-Client-Verify":     header("X-Ssl-Client-Verify", "SUCCESS"),
		"Client-Cert":             header("Client-Cert", ":"+strings.ReplaceAll(text, "\n", "")+":"),
		"X-Forwarded-Client-Cert": header("X-Forwarded-Client-Cert", "By=x;Hash=y;Subject=\"CN=alice\";URI=spiffe://acme/a"),
		"X-ARR-ClientCert":        header("X-Arr-Clientcert", text),
	} {
		if p, err := a.Authenticate(over(bear)); p != nil || !errors.Is(err, auth.ErrNotMine) {
			t.Errorf("%s: %v, %v", name, p, err)
		}
		if cert, ok := auth.ClientCertificate(over(bear)); ok || cert != nil {
			t.Errorf("%s: there is a certificate", name)
		}
	}
	r := over(connected(alice, ca))
	r.Header.Set("X-Client-Cert", "CN=mallory")
	if p, err := a.Authenticate(r); err != nil || p.Subject != "alice" {
		t.Errorf("%v, %v", p, err)
	}
	if cert, ok := auth.ClientCertificate(r); !ok || cert != alice.Certificate {
		t.Error("the certificate is not found")
	}
}

// The certificate counts until it ends, on a connection that was opened before too.
func TestClientCertificateExpires(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		ca := certify(t, nil)
		r := over(connected(certify(t, ca, cn("alice")), ca))
		a := byRules(t, certRule{CommonName: "alice"})
		time.Sleep(time.Hour - time.Second)
		if _, err := a.Authenticate(r); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		e := (*auth.Error)(nil)
		if p, err := a.Authenticate(r); p != nil || !errors.As(err, &e) || e.Status != http.StatusUnauthorized || !strings.Contains(e.Err.Error(), "expired") {
			t.Errorf("%v, %v", p, err)
		}
	})
}

// R131: beside a credential in a header the certificate is only what guards the way in; without one it is the credential.
func TestClientCertificateBesideOthers(t *testing.T) {
	ca := certify(t, nil)
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "ci", Key: goodKey}}, Headers: []string{"X-Api-Key"}})
	if err != nil {
		t.Fatal(err)
	}
	certs := byRules(t, certRule{CommonName: "alice"})
	alice, mallory := connected(certify(t, ca, cn("alice")), ca), connected(certify(t, ca, cn("mallory")), ca)
	for order, both := range map[string][2]auth.Authenticator{"keys first": {keys, certs}, "certificates first": {certs, keys}} {
		a, err := auth.AnyOf(both[0], both[1])
		if err != nil {
			t.Fatal(err)
		}
		for name, test := range map[string]struct {
			a       auth.Authenticator
			connect func(*http.Request)
			header  [2]string
			status  int
			caller  string
		}{
			"a certificate":                     {a, alice, [2]string{}, 200, "alice"},
			"a key":                             {a, nil, [2]string{"X-Api-Key", goodKey}, 200, "ci"},
			"both":                              {a, alice, [2]string{"X-Api-Key", goodKey}, 200, "ci"},
			"a strange certificate and a key":   {a, mallory, [2]string{"X-Api-Key", goodKey}, 200, "ci"},
			"a certificate and a wrong key":     {a, alice, [2]string{"X-Api-Key", "wrong-0123456789-0123456789"}, 401, ""},
			"a strange certificate":             {a, mallory, [2]string{}, 401, ""},
			"nothing":                           {a, nil, [2]string{}, 401, ""},
			"a header that nobody reads":        {a, alice, [2]string{"Authorization", "Bearer of-the-platform"}, 200, "alice"},
			"alone: a certificate":              {certs, alice, [2]string{}, 200, "alice"},
			"alone: a certificate and a bearer": {certs, alice, [2]string{"Authorization", "Bearer abc"}, 401, ""},
		} {
			r := over(test.connect)
			if test.header[0] != "" {
				r.Header.Set(test.header[0], test.header[1])
			}
			var caller string
			w := httptest.NewRecorder()
			auth.Middleware(test.a, auth.MiddlewareConfig{})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				p, _ := auth.PrincipalFromContext(r.Context())
				caller = p.Subject
			})).ServeHTTP(w, r)
			if w.Code != test.status || caller != test.caller {
				t.Errorf("%s, %s: %d %q %s", order, name, w.Code, caller, w.Body)
			}
		}
	}
	if _, err := auth.AnyOf(certs, keys, byRules(t, certRule{CommonName: "bob"})); err == nil || !strings.Contains(err.Error(), "client certificate") {
		t.Errorf("two for certificates: %v", err)
	}
}

// R133: who is refused learns no names; the log has what a rule for the certificate would need.
func TestClientCertificateRefusal(t *testing.T) {
	ca := certify(t, nil)
	var log logBuffer
	var events []auth.Event
	gate := auth.Middleware(byRules(t, certRule{CommonName: "alice"}), auth.MiddlewareConfig{
		Logger: debugLog(&log), Audit: func(_ context.Context, e auth.Event) { events = append(events, e) },
	})(http.NotFoundHandler())
	w := httptest.NewRecorder()
	gate.ServeHTTP(w, over(connected(certify(t, ca, cn("mallory\nx"), dns("m.example.com")), ca)))
	if w.Code != http.StatusUnauthorized || w.Header().Get("Www-Authenticate") != `Client-Certificate realm="zscaler-mcp"` || !strings.Contains(w.Body.String(), "client certificate") {
		t.Errorf("%d %s %s", w.Code, w.Header(), w.Body)
	}
	for _, name := range []string{"alice", "mallory", "Acme", "sha256"} {
		if strings.Contains(w.Body.String(), name) {
			t.Errorf("the answer has %q: %s", name, w.Body)
		}
	}
	for _, want := range []string{`CN=mallory\\\\0Ax`, "m.example.com", "CN=Acme clients", "sha256:" + digestOf(string(ca.RawSubjectPublicKeyInfo))} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %s: %s", want, &log)
		}
	}
	if len(events) != 1 || events[0].Reason != auth.ReasonInvalid || events[0].Mode != "client-certificate" {
		t.Errorf("%+v", events)
	}
}

// Every mistake in the rules is in one error, at its place.
func TestClientCertificateConfigMistakes(t *testing.T) {
	bad := []certRule{
		{}, {CommonName: "a", DNS: "a"}, {CommonName: " a"}, {CommonName: "a\x00"}, {CommonName: "*"}, {CommonName: "a*"}, {SubjectDN: "CN=a*"}, {SubjectDN: "C = DE, CN = a"}, {SubjectDN: "/C=DE/CN=a"}, {SubjectDN: "alice"},
		{DNS: "*"}, {DNS: "*."}, {DNS: "a.*.com"}, {DNS: "**.a.com"}, {DNS: "a b"}, {DNS: "ä.com"}, {DNS: "a..b"},
		{URI: "*"}, {URI: "spiffe://*"}, {URI: "spiffe://a*"}, {URI: "spiffe://a/b*"},
		{URI: "spiffe:///*"}, {URI: "spiffe://a/*/b"}, {URI: "spiffe://a/?b/*"}, {URI: "alice"}, {URI: "SPIFFE://a/b"},
		{Email: "*"}, {Email: "*@"}, {Email: "a*@b.c"}, {Email: "*@*.c"}, {Email: "a@b@c"}, {Email: "example.com"},
		{CommonName: "a", Issuer: "sha256:00"}, {CommonName: "a", Issuer: "Acme"}, {CommonName: "a", Name: "\n"}, {CommonName: "a", Authority: "sha256:x"}, {CommonName: "a", Scopes: []string{"a b"}},
	}
	_, err := auth.NewClientCertificate(auth.ClientCertificateConfig{Rules: bad})
	for i := range bad {
		if want := fmt.Sprintf("ClientCertificateConfig.Rules[%d]", i); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v is accepted", bad[i])
		}
	}
	good := []certRule{
		{CommonName: "Müller, Max"}, {SubjectDN: `CN=a\, b,O=Acme`}, {SubjectDN: "1.2.3=#0401,CN=a"}, {DNS: "*.internal"}, {DNS: "_a.b"}, {URI: "urn:acme:a"}, {URI: "spiffe://a/*"}, {URI: "spiffe://a/b/*"},
		{Email: "*@b.c"}, {Email: "a+b@c.d", Name: "x"}, {CommonName: "a", Issuer: "sha256:" + strings.Repeat("0", 64), Authority: "a", Scopes: []string{"a"}},
	}
	if _, err := auth.NewClientCertificate(auth.ClientCertificateConfig{Rules: good}); err != nil {
		t.Error(err)
	}
	if _, err := auth.NewClientCertificate(auth.ClientCertificateConfig{}); err == nil {
		t.Error("no rule at all is accepted")
	}
}

// A subject is written as OpenSSL prints it with -nameopt RFC2253,utf8,-esc_msb.
func TestClientCertificateSubjectAsOpenSSL(t *testing.T) {
	ca := certify(t, nil)
	subject := []pkix.AttributeTypeAndValue{
		attribute("com", 0, 9, 2342, 19200300, 100, 1, 25), attribute("DE", 2, 5, 4, 6), attribute(`München, "Stadt"`, 2, 5, 4, 7),
		attribute("#1 Weg", 2, 5, 4, 9), attribute(`Acme <x>;y\z+w `, 2, 5, 4, 10), attribute("al", 0, 9, 2342, 19200300, 100, 1, 1), attribute("Biz", 1, 2, 3, 4), attribute("alice", 2, 5, 4, 3),
	}
	const want = `CN=alice,1.2.3.4=#130342697A,UID=al,O=Acme \<x\>\;y\\z\+w\ ,street=\#1 Weg,L=München\, \"Stadt\",C=DE,DC=com`
	p, err := byRules(t, certRule{SubjectDN: want}).Authenticate(over(connected(certify(t, ca, dn(subject...)), ca)))
	if err != nil || p.Subject != want {
		t.Errorf("%v, %v", p, err)
	}
}
