package authtest_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
)

const (
	keyOfOne   = "key-of-one-0123456789-abcdefghij"
	keyOfTwo   = "key-of-two-0123456789-abcdefghij"
	secretOne  = "secret-of-one-0123456789"
	secretTwo  = "secret-of-two-0123456789"
	theServer  = "https://mcp.example.com/mcp"
	theIssuer  = "https://idp.example.com"
	wrongOfAll = "wrong-0123456789-0123456789-01234"
)

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(id, secret) }
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func newKeys(*testing.T) auth.Authenticator {
	return must(auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "one", Key: keyOfOne}, {Name: "two", Key: keyOfTwo}}}))
}

func newZscaler(*testing.T) auth.Authenticator {
	secrets := map[string]auth.Secret{"one": secretOne, "two": secretTwo}
	return must(auth.NewZscaler(auth.ZscalerConfig{Verify: func(_ context.Context, id string, secret auth.Secret) (auth.ZscalerGrant, error) {
		if secrets[id] != secret {
			return auth.ZscalerGrant{}, auth.ErrWrongCredentials
		}
		return auth.ZscalerGrant{Expires: time.Now().Add(time.Hour)}, nil
	}}))
}

func newCertificates(*testing.T) auth.Authenticator {
	return must(auth.NewClientCertificate(auth.ClientCertificateConfig{Rules: []auth.ClientCertificateRule{{CommonName: "one"}, {CommonName: "two"}}}))
}

// certificate lets a request come over a connection with a verified certificate.
func certificate(name string) func(*http.Request) {
	subject := pkix.Name{CommonName: name, Names: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: name}}}
	chain := []*x509.Certificate{{Subject: subject, NotAfter: time.Now().Add(time.Hour)}, {RawSubjectPublicKeyInfo: []byte("the key of the CA")}}
	return func(r *http.Request) { r.TLS = &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{chain}} }
}

// suites are those of every mode of package auth.
func suites() map[string]authtest.Suite {
	idp := authtest.NewProvider(authtest.Options{BaseURL: theIssuer, Algorithm: "ES256"})
	newJWT := func(*testing.T) auth.Authenticator {
		return must(auth.NewJWT(auth.JWTConfig{HTTPClient: idp.Client(), Issuers: []auth.JWTIssuer{
			{Issuer: theIssuer, JWKSURL: idp.JWKSURL(), Audiences: []string{theServer}},
		}}))
	}
	newIntrospection := func(*testing.T) auth.Authenticator {
		return must(auth.NewIntrospection(auth.IntrospectionConfig{
			URL: idp.IntrospectionURL(), ClientID: idp.ClientID, ClientSecret: auth.Secret(idp.ClientSecret), Issuer: theIssuer,
			Audiences: []string{theServer}, HTTPClient: idp.Client(),
		}))
	}
	claims := func(sub, aud string) map[string]any { return map[string]any{"sub": sub, "aud": aud} }
	keys := authtest.Suite{New: newKeys, Good: bearer(keyOfOne), Other: func(r *http.Request) { r.Header.Set("X-Api-Key", keyOfTwo) },
		Wrong: map[string]func(*http.Request){"another key": bearer(wrongOfAll), "a beginning": bearer(keyOfOne[:20])}}
	pairs := authtest.Suite{New: newZscaler, Good: basic("one", secretOne), Other: basic("two", secretTwo),
		Wrong: map[string]func(*http.Request){"the secret of the other": basic("one", secretTwo), "nobody": basic("nobody", wrongOfAll)}}
	tokens := authtest.Suite{New: newJWT, Good: bearer(idp.Mint(claims("one", theServer))), Other: bearer(idp.Mint(claims("two", theServer))),
		Wrong: map[string]func(*http.Request){"for another server": bearer(idp.Mint(claims("one", theServer+"2"))), "a key": bearer(wrongOfAll)}}
	opaque := authtest.Suite{New: newIntrospection, Good: bearer(idp.MintOpaque(claims("one", theServer))), Other: bearer(idp.MintOpaque(claims("two", theServer))),
		Wrong:   map[string]func(*http.Request){"for another server": bearer(idp.MintOpaque(claims("one", theServer+"2"))), "no token": bearer(wrongOfAll)},
		Secrets: []string{idp.ClientSecret}}
	protected := tokens
	protected.New = func(t *testing.T) auth.Authenticator {
		return must(auth.NewProtectedResource(auth.ProtectedResourceConfig{Resource: theServer, Verifier: newJWT(t)}))
	}
	all := keys
	all.New = func(t *testing.T) auth.Authenticator {
		return must(auth.AnyOf(protected.New(t), newKeys(t), newZscaler(t)))
	}
	all.Other = tokens.Good
	all.Wrong = map[string]func(*http.Request){"a token": tokens.Wrong["for another server"], "a key": bearer(wrongOfAll), "a pair": basic("one", secretTwo)}
	certificates := authtest.Suite{New: newCertificates, Good: certificate("one"), Other: certificate("two"),
		Wrong: map[string]func(*http.Request){"nobody": certificate("three"), "a key beside it": func(r *http.Request) {
			certificate("one")(r)
			bearer(wrongOfAll)(r)
		}}}
	withKeys := keys
	withKeys.New = func(t *testing.T) auth.Authenticator { return must(auth.AnyOf(newCertificates(t), newKeys(t))) }
	withKeys.Other = certificate("one")
	platform := keys
	platform.New = func(t *testing.T) auth.Authenticator {
		return must(auth.TrustPlatform(newKeys(t), must(auth.ParseProxies([]string{"10.9.8.7"}, ""))))
	}
	return map[string]authtest.Suite{
		"APIKeys": keys, "Zscaler": pairs, "JWT": tokens, "Introspection": opaque, "ProtectedResource": protected, "AnyOf": all, "TrustPlatform": platform,
		"ClientCertificate": certificates, "ClientCertificate and APIKeys": withKeys,
	}
}

// D14, D73: every mode of package auth keeps what it promises.
func TestModes(t *testing.T) {
	for name, suite := range suites() {
		t.Run(name, func(t *testing.T) { authtest.TestAuthenticator(t, suite) })
	}
}

var mutantName = flag.String("mutant", "", "test this broken authenticator only, in a process of its own")

// TestMain runs the suite on one broken authenticator when -mutant says so.
func TestMain(m *testing.M) {
	flag.Parse()
	if *mutantName == "" {
		os.Exit(m.Run())
	}
	suite := suites()["APIKeys"]
	if mutant, ok := mutants[*mutantName]; ok {
		suite.New = func(t *testing.T) auth.Authenticator { return mutant.wrap(newKeys(t)) }
	}
	if *mutantName == "short secret" {
		suite.Secrets = []string{"1234567"}
	}
	run := []testing.InternalTest{{Name: "TestAuthenticator", F: func(t *testing.T) { authtest.TestAuthenticator(t, suite) }}}
	_ = flag.Set("test.run", "")
	testing.Main(func(string, string) (bool, error) { return true, nil }, run, nil, nil)
}

// A secret that is not looked for is a mistake of the suite's user.
func TestSuiteRefusesShortSecrets(t *testing.T) {
	for name, refused := range map[string]bool{"short secret": true, "none": false} {
		out, err := exec.CommandContext(t.Context(), os.Args[0], "-mutant="+name).CombinedOutput()
		if (err != nil) != refused || strings.Contains(string(out), "Suite.Secrets[0] has 7 bytes") != refused {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// The suite must notice each broken authenticator, by the check that is meant for it.
func TestSuiteNoticesBrokenAuthenticators(t *testing.T) {
	for name, mutant := range mutants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := exec.CommandContext(t.Context(), os.Args[0], "-mutant="+name).CombinedOutput()
			if err == nil {
				t.Fatalf("the suite passes on an authenticator that %s", name)
			}
			if want := "--- FAIL: TestAuthenticator/" + strings.ReplaceAll(mutant.noticedBy, " ", "_"); !strings.Contains(string(out), want) {
				t.Errorf("not noticed by %q:\n%s", mutant.noticedBy, out)
			}
		})
	}
}
