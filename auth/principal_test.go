package auth_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// R122, R139: a key for every principal, and no two alike.
func TestPrincipalKey(t *testing.T) {
	seen := map[string]auth.Principal{}
	for _, p := range []auth.Principal{
		{}, {Subject: "ab"}, {Issuer: "a", Subject: "b"}, {Issuer: "ab"}, {Issuer: "b", Subject: "a"}, {Issuer: "a", Subject: "b\x00"},
	} {
		key := p.Key()
		if other, ok := seen[key]; ok || len(key) != 43 {
			t.Errorf("key %q of %q, %q; the same as of %q, %q", key, p.Issuer, p.Subject, other.Issuer, other.Subject)
		}
		seen[key] = p
	}
	a, b := auth.Principal{Issuer: "i", Subject: "s"}, auth.Principal{Issuer: "i", Subject: "s", ClientID: "c", Scopes: []string{"x"}}
	if a.Key() != b.Key() {
		t.Error("one caller has two keys")
	}
}

func TestPrincipalClaims(t *testing.T) {
	raw := json.RawMessage(`"eng"`)
	base := &auth.Principal{Subject: "s", Scopes: []string{"read"}}
	p := base.WithClaims(map[string]json.RawMessage{"team": raw})
	copy(raw, `"xxx"`)
	var team string
	if ok, err := p.Claim("team", &team); !ok || err != nil || team != "eng" {
		t.Errorf("Claim(team) = %q, %v, %v", team, ok, err)
	}
	if ok, err := p.Claim("team", new(int)); !ok || err == nil {
		t.Errorf("a string claim read as a number: %v, %v", ok, err)
	}
	if ok, err := base.Claim("team", &team); ok || err != nil {
		t.Errorf("the original got the claim: %v, %v", ok, err)
	}
	if !p.HasScope("read") || p.HasScope("write") {
		t.Errorf("scopes %v", p.Scopes)
	}
}

func TestPrincipalFromContext(t *testing.T) {
	if p, ok := auth.PrincipalFromContext(context.Background()); ok {
		t.Errorf("a principal from nowhere: %v", p)
	}
	if p, ok := auth.PrincipalFromContext(auth.ContextWithPrincipal(context.Background(), nil)); ok {
		t.Errorf("a nil principal counts: %v", p)
	}
	want := &auth.Principal{Subject: "s"}
	if p, ok := auth.PrincipalFromContext(auth.ContextWithPrincipal(context.Background(), want)); !ok || p != want {
		t.Errorf("PrincipalFromContext = %v, %v", p, ok)
	}
}
