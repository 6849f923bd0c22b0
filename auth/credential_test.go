package auth

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChallenge(t *testing.T) {
	for _, test := range []struct {
		want string
		args []string
	}{
		{`Bearer`, []string{"Bearer"}},
		{`Bearer realm="r"`, []string{"Bearer", "realm", "r"}},
		{`Bearer realm="r", scope="a b"`, []string{"Bearer", "realm", "r", "error", "", "scope", "a b"}},
		{`Basic realm="a\"b\\c"`, []string{"Basic", "realm", `a"b\c`}},
		{`Bearer realm="a  X: b   "`, []string{"Bearer", "realm", "a\r\nX: b\x00é\x7f"}},
		{`Bearer scope="s"`, []string{"Bearer", "bad name", "v", "x\r\n", "v", "scope", "s", "odd"}},
		{``, []string{"Bad scheme", "realm", "r"}},
		{``, []string{"", "realm", "r"}},
	} {
		if diff := cmp.Diff(test.want, Challenge(test.args[0], test.args[1:]...)); diff != "" {
			t.Errorf("Challenge(%q) (-want +got):\n%s", test.args, diff)
		}
	}
}

// D33: no value can end its quotes or its line.
func FuzzChallenge(f *testing.F) {
	f.Add("realm", `a"b\`, "x\r\ny")
	f.Fuzz(func(t *testing.T, name, first, second string) {
		got := Challenge("Bearer", name, first, "scope", second)
		quotes := 0
		for i := 0; i < len(got); i++ {
			switch c := got[i]; {
			case c < ' ' || c > '~':
				t.Fatalf("character %q in %q", c, got)
			case c == '\\':
				i++
			case c == '"':
				quotes++
			}
		}
		if want := 2 * strings.Count(bareOutside(got), "="); quotes != want {
			t.Errorf("%d quotes in %q, want %d", quotes, got, want)
		}
	})
}

// bareOutside returns what of s stands outside quotes.
func bareOutside(s string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case !quoted:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// R131, R132, R160: whatever the header, there is at most one credential, it is a substring in token
// syntax, and a refusal is one of the fixed ones.
func FuzzAuthorization(f *testing.F) {
	for _, seed := range []string{"Bearer abc", "bearer  a.b.c==", "Bearer", "Bearer a,b", "Bearer a, Bearer b", "Basic dTpw", "\x00", "=", "Bearer ="} {
		f.Add(seed, "")
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, value, apiKey string) {
		h := http.Header{"Authorization": {value}}
		if apiKey != "" {
			h.Set("X-Api-Key", apiKey)
		}
		cred, err := fromAny.read(h)
		if err != nil {
			if err != errSeveral && err != errMalformed && err != errEmptyToken && err != errTooLong || cred.presented() {
				t.Fatalf("read(%q, %q) = %+v, %v", value, apiKey, cred, err)
			}
			return
		}
		if apiKey != "" {
			t.Fatalf("two credentials pass: %q, %q", value, apiKey)
		}
		if !cred.presented() {
			if value != "" {
				t.Fatalf("%q counts as nothing", value)
			}
			return
		}
		spaces := len(value) - len(cred.scheme) - len(cred.token)
		if spaces < 1 || value != cred.scheme+strings.Repeat(" ", spaces)+cred.token || strings.ContainsAny(cred.token, ", \t\r\n\"") || cred.token[0] == '=' {
			t.Errorf("%q read as %q and %q", value, cred.scheme, cred.token)
		}
	})
}

func TestLongestCredential(t *testing.T) {
	longest := "Bearer " + strings.Repeat("a", maxCredential-len("Bearer "))
	if _, err := fromAny.read(http.Header{"Authorization": {longest}}); err != nil {
		t.Errorf("%d bytes: %v", len(longest), err)
	}
	if _, err := fromAny.read(http.Header{"Authorization": {longest + "a"}}); err != errTooLong {
		t.Errorf("%d bytes: %v", len(longest)+1, err)
	}
	if _, err := fromAny.read(http.Header{"X-Api-Key": {longest + "a"}}); err != errTooLong {
		t.Errorf("API key of %d bytes: %v", len(longest)+1, err)
	}
}
