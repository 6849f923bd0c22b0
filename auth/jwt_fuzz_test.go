package auth

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/org/zscalermcp/internal/strictjson"
)

// R160: hostile JSON neither panics nor is read in another way than encoding/json reads it.
func FuzzStrictObject(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1,"b":[{"c":"}\""}]}`, `{"a":1,"a":2}`, `{"\u0061":1,"a":2}`, `[]`, `{"a" : "x" , "b":-1e9 }`, ` {"a":{}} `, "{\"\x81\":[]}", `{"\ud800":1}`, `{"a":"\ud83d\ude00","\ud83d\ude00":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		members, err := strictjson.Object(data)
		var want map[string]json.RawMessage
		valid := json.Unmarshal(data, &want) == nil && want != nil
		if err != nil {
			strange := !utf8.Valid(data) || strings.ContainsRune(strings.Join(slices.Collect(maps.Keys(want)), ""), utf8.RuneError)
			if valid && err != strictjson.ErrDuplicate && (err != strictjson.ErrNotText || !strange) {
				t.Fatalf("%q: %v, but it is an object", data, err)
			}
			return
		}
		if !valid || len(want) != len(members) {
			t.Fatalf("%q: %d members, want %d", data, len(members), len(want))
		}
		for name, value := range want {
			if string(members[name]) != string(value) {
				t.Fatalf("%q: %q is %q, want %q", data, name, members[name], value)
			}
		}
	})
}

// R160: nothing that has the form of a token panics.
func FuzzJWT(f *testing.F) {
	j, err := NewJWT(JWTConfig{Issuers: []JWTIssuer{{Issuer: "i", Audiences: []string{"a"}, Secret: "0123456789abcdef0123456789abcdef"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJpIn0.c2ln")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		looksLikeJWS(token)
		if v, err := j.verify(t.Context(), token); err == nil {
			t.Fatalf("accepted %q as %+v", token, v)
		}
	})
}
