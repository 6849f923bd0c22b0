package tool

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/store"
)

func newCall(t testing.TB) *call {
	t.Helper()
	ring, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	memory := store.NewMemory(store.MemoryConfig{})
	t.Cleanup(func() { _ = memory.Close() })
	return &call{
		engine: &engine{rt: Runtime{Keys: ring, Store: memory}}, tool: &compiled{spec: Spec{Name: "demo_delete"}},
		principal: &auth.Principal{Issuer: "test", Subject: "alice"},
	}
}

func FuzzToken(f *testing.F) {
	c := newCall(f)
	about, err := canonical("demo_delete", nil)
	if err != nil {
		f.Fatal(err)
	}
	genuine, err := c.seal(purposeToken, about)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(genuine[:len(genuine)-1])
	f.Add(genuine + "=")
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		if token == genuine {
			return
		}
		if err := c.spend(context.Background(), purposeToken, token, about); err == nil {
			t.Fatalf("forged: %q", token)
		}
	})
}

func FuzzKwargs(f *testing.F) {
	for _, seed := range []string{`null`, `"abc"`, `{"confirmation_token":"abc"}`, `"{\"confirmation_token\":\"abc\"}"`, `"{"`, `{"a":1}`, `{"confirmation_token":null}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, kwargs string) {
		if !json.Valid([]byte(kwargs)) {
			return
		}
		members := map[string]json.RawMessage{argKwargs: json.RawMessage(strings.TrimSpace(kwargs)), "id": json.RawMessage(`"1"`)}
		token, err := takeToken(members)
		if len(members) != 1 {
			t.Fatalf("left %v", members)
		}
		if err != nil && token != "" {
			t.Fatalf("both %q and %v", token, err)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	f.Add(`{"a":{"x":1,"y":[2,"\u0041"]},"b":216196257331368721}`)
	f.Add(`{"a":1e400}`)
	f.Fuzz(func(t *testing.T, raw string) {
		members, problems := scan(json.RawMessage(strings.TrimSpace(raw)))
		if problems != nil {
			return
		}
		var again map[string]json.RawMessage
		if err := json.Unmarshal([]byte(raw), &again); err != nil || !cmp.Equal(again, members) {
			t.Fatalf("%q: %s (%v)", raw, cmp.Diff(again, members), err)
		}
		first, err := canonical("t", members)
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		if second, err := canonical("u", members); err != nil || first == second {
			t.Fatalf("%q: the tool does not count (%v)", raw, err)
		}
		for name := range members {
			delete(members, name)
			if other, err := canonical("t", members); err != nil || first == other {
				t.Fatalf("%q: %q does not count (%v)", raw, name, err)
			}
			break
		}
	})
}

// What a query decodes and encodes is what encoding/json would.
func FuzzQueriedJSON(f *testing.F) {
	for _, seed := range []string{`{"b":[1,-0,2.50,1e21,216196257331368721,null,true],"a":{"x":"\u00e9\n","x":{}}}`, ` [ [ ] , { } , "\ud83d\ude00" ] `, `-1e-7`, `[0,-0.0,1e300,9007199254740993]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !valid([]byte(raw)) || !utf8.ValidString(raw) {
			return
		}
		value := decodeForQuery(json.RawMessage(raw))
		var want any
		dec := json.NewDecoder(strings.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, value, cmp.FilterValues(func(a, b any) bool { return isNumber(a) && isNumber(b) }, cmp.Ignore())); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", raw, diff)
		}
		ours, err := appendQueried(nil, value)
		theirs, wrong := encodeJSON(value)
		if string(ours) != string(theirs) || (err == nil) != (wrong == nil) {
			t.Fatalf("%s: %s (%v), want %s (%v)", raw, ours, err, theirs, wrong)
		}
	})
}

func isNumber(v any) bool {
	switch v.(type) {
	case float64, json.Number:
		return true
	}
	return false
}
