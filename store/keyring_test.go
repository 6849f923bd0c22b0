package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/org/zscalermcp/store"
)

func testKey(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func newRing(t testing.TB, keys ...[]byte) *store.Keyring {
	t.Helper()
	ring, err := store.NewKeyring(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func mustSeal(t testing.TB, ring *store.Keyring, purpose, plaintext, aad string) string {
	t.Helper()
	token, err := ring.Seal(purpose, []byte(plaintext), []byte(aad))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestNewKeyringNamesEveryMistake(t *testing.T) {
	if _, err := store.NewKeyring(); err == nil {
		t.Error("a ring without keys was made")
	}
	_, err := store.NewKeyring(testKey('a'), []byte("short-master-key"), testKey('a'))
	if err == nil {
		t.Fatal("a short and a repeated key were taken")
	}
	for _, want := range []string{"master key 2 has 16 bytes", "master key 3 repeats key 1"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "short-master-key") || strings.Contains(err.Error(), "aaaa") {
		t.Errorf("error shows a key: %v", err)
	}
	newRing(t, testKey('a'), testKey('b'), bytes.Repeat([]byte("c"), 100))
}

func TestSealOpen(t *testing.T) {
	ring := newRing(t, testKey('a'))
	for _, plaintext := range []string{"", "x", strings.Repeat("long", 3000)} {
		token := mustSeal(t, ring, "p", plaintext, "aad")
		got, err := ring.Open("p", token, []byte("aad"))
		if err != nil || string(got) != plaintext {
			t.Errorf("Open = %q, %v; want %q", got, err, plaintext)
		}
		if token == mustSeal(t, ring, "p", plaintext, "aad") {
			t.Error("two seals of one value are equal")
		}
	}
}

// D15: a sealed value opens for its own purpose, additional data and ring only.
func TestOpenRefusesOtherUse(t *testing.T) {
	ring := newRing(t, testKey('a'))
	token := mustSeal(t, ring, "confirm", "secret", "alice")
	other := newRing(t, testKey('b'))
	for name, open := range map[string]func() ([]byte, error){
		"other purpose":    func() ([]byte, error) { return ring.Open("cookie", token, []byte("alice")) },
		"purpose prefix":   func() ([]byte, error) { return ring.Open("confir", token, []byte("malice")) },
		"other aad":        func() ([]byte, error) { return ring.Open("confirm", token, []byte("bob")) },
		"no aad":           func() ([]byte, error) { return ring.Open("confirm", token, nil) },
		"other ring":       func() ([]byte, error) { return other.Open("confirm", token, []byte("alice")) },
		"nil ring":         func() ([]byte, error) { return (*store.Keyring)(nil).Open("confirm", token, []byte("alice")) },
		"empty token":      func() ([]byte, error) { return ring.Open("confirm", "", []byte("alice")) },
		"version only":     func() ([]byte, error) { return ring.Open("confirm", token[:2], []byte("alice")) },
		"header only":      func() ([]byte, error) { return ring.Open("confirm", token[:12], []byte("alice")) },
		"truncated":        func() ([]byte, error) { return ring.Open("confirm", token[:len(token)-4], []byte("alice")) },
		"padded":           func() ([]byte, error) { return ring.Open("confirm", token+"=", []byte("alice")) },
		"line break added": func() ([]byte, error) { return ring.Open("confirm", token[:5]+"\n"+token[5:], []byte("alice")) },
		"return added":     func() ([]byte, error) { return ring.Open("confirm", token+"\r", []byte("alice")) },
	} {
		if got, err := open(); !errors.Is(err, store.ErrSeal) || got != nil {
			t.Errorf("%s: Open = %q, %v; want ErrSeal", name, got, err)
		}
	}
	if got, err := ring.Open("confirm", token, []byte("alice")); err != nil || string(got) != "secret" {
		t.Errorf("Open = %q, %v", got, err)
	}
}

// Every other spelling of a token is refused, or a mark on a spent token could be evaded.
func TestOpenRefusesEveryChangedCharacter(t *testing.T) {
	ring := newRing(t, testKey('a'))
	token := mustSeal(t, ring, "p", "ab", "")
	for i := range token {
		for _, c := range []byte("ABPQgw-_09") {
			changed := token[:i] + string(c) + token[i+1:]
			if changed == token {
				continue
			}
			if _, err := ring.Open("p", changed, nil); !errors.Is(err, store.ErrSeal) {
				t.Fatalf("character %d changed to %c: %v", i, c, err)
			}
		}
	}
}

func TestSealedSizeIsCapped(t *testing.T) {
	ring := newRing(t, testKey('a'))
	const most = 16<<10/4*3 - 1 - 8 - 12 - 16 // token bytes without version, key id, nonce and tag
	token, err := ring.Seal("p", make([]byte, most), nil)
	if err != nil || len(token) != 16<<10 {
		t.Fatalf("Seal of %d bytes: %d characters, %v", most, len(token), err)
	}
	if _, err := ring.Open("p", token, nil); err != nil {
		t.Errorf("Open of the longest token = %v", err)
	}
	if _, err := ring.Seal("p", make([]byte, most+1), nil); err == nil {
		t.Error("a value was sealed that cannot be opened")
	}
	if _, err := ring.Open("p", strings.Repeat("A", 16<<10+1), nil); !errors.Is(err, store.ErrSeal) {
		t.Errorf("Open of a token that is too long = %v", err)
	}
}

// D89: a rotated ring opens what the old one sealed; a lost key is a clean error.
func TestRotation(t *testing.T) {
	before := newRing(t, testKey('a'))
	during := newRing(t, testKey('b'), testKey('a'))
	after := newRing(t, testKey('b'))
	old, fresh := mustSeal(t, before, "p", "old", ""), mustSeal(t, during, "p", "new", "")
	if got, err := during.Open("p", old, nil); err != nil || string(got) != "old" {
		t.Errorf("rotated ring: Open = %q, %v", got, err)
	}
	if got, err := after.Open("p", fresh, nil); err != nil || string(got) != "new" {
		t.Errorf("the first key does not seal: Open = %q, %v", got, err)
	}
	if _, err := after.Open("p", old, nil); !errors.Is(err, store.ErrSeal) {
		t.Errorf("Open without the old key = %v", err)
	}
	if bytes.Equal(before.MAC("p"), during.MAC("p")) || !bytes.Equal(during.MAC("p"), after.MAC("p")) {
		t.Error("MAC is not made with the first key")
	}
}

func TestMasterKeysAreCopied(t *testing.T) {
	key := testKey('a')
	ring := newRing(t, key)
	clear(key)
	token := mustSeal(t, ring, "p", "v", "")
	if _, err := newRing(t, testKey('a')).Open("p", token, nil); err != nil {
		t.Errorf("the ring changed with the caller's slice: %v", err)
	}
}

// D91: parts that join to the same bytes must not collide.
func TestMACSeparatesParts(t *testing.T) {
	ring := newRing(t, testKey('a'))
	parts := func(texts ...string) (out [][]byte) {
		for _, text := range texts {
			out = append(out, []byte(text))
		}
		return out
	}
	seen := map[string]string{}
	for name, mac := range map[string][]byte{
		"p(a,bc)":  ring.MAC("p", parts("a", "bc")...),
		"p(ab,c)":  ring.MAC("p", parts("ab", "c")...),
		"p(abc)":   ring.MAC("p", parts("abc")...),
		"p(abc,)":  ring.MAC("p", parts("abc", "")...),
		"pa(bc)":   ring.MAC("pa", parts("bc")...),
		"p()":      ring.MAC("p"),
		"p(empty)": ring.MAC("p", nil),
		"other":    newRing(t, testKey('b')).MAC("p", parts("a", "bc")...),
	} {
		if len(mac) != 32 {
			t.Errorf("%s: MAC of %d bytes", name, len(mac))
		}
		if other, ok := seen[string(mac)]; ok {
			t.Errorf("%s and %s have one MAC", name, other)
		}
		seen[string(mac)] = name
	}
	if !bytes.Equal(ring.MAC("p", []byte("a")), newRing(t, testKey('a')).MAC("p", []byte("a"))) {
		t.Error("two processes with one key make different MACs")
	}
}

// More purposes than are remembered, from many goroutines.
func TestKeyringConcurrentPurposes(t *testing.T) {
	ring := newRing(t, testKey('a'), testKey('b'))
	old := newRing(t, testKey('b'))
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			purpose := fmt.Sprint("purpose ", i)
			for _, sealer := range []*store.Keyring{ring, old} {
				token, err := sealer.Seal(purpose, []byte("v"), nil)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := ring.Open(purpose, token, nil); err != nil {
					t.Errorf("%s: %v", purpose, err)
				}
			}
		}()
	}
	wg.Wait()
}

// R152.
func TestKeyringNeverPrintsKeys(t *testing.T) {
	key := []byte("KEYRINGSECRETKEYRINGSECRETKEYRINGSECRET")
	ring := newRing(t, key)
	mustSeal(t, ring, "p", "v", "")
	type config struct {
		Ring   *store.Keyring
		hidden *store.Keyring
		Value  store.Keyring
	}
	c := config{ring, ring, *ring}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+"\n", ring, *ring, c)
	}
	fmt.Fprintln(&out, ring.String(), ring.GoString(), c.hidden)
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("ring", "ring", ring, "config", c)
	}
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	bytesText := strings.Trim(fmt.Sprint(key[:8]), "[]")
	for _, secret := range []string{string(key[:8]), hex.EncodeToString(key[:8]), base64.StdEncoding.EncodeToString(key[:9]), bytesText} {
		if strings.Contains(strings.ToLower(out.String()), strings.ToLower(secret)) {
			t.Errorf("the key is printed as %q", secret)
		}
	}
	if !strings.Contains(out.String(), "redacted") {
		t.Error("nothing was printed at all")
	}
}

func FuzzOpen(f *testing.F) {
	ring := newRing(f, testKey('a'), testKey('b'))
	f.Add(mustSeal(f, ring, "p", "value", "aad"))
	f.Add(mustSeal(f, newRing(f, testKey('c')), "p", "value", "aad"))
	f.Add("AQ")
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		plaintext, err := ring.Open("other", token, []byte("aad"))
		if !errors.Is(err, store.ErrSeal) || plaintext != nil {
			t.Errorf("Open(%q) = %q, %v", token, plaintext, err)
		}
		again := mustSeal(t, ring, "other", token[:min(len(token), 4096)], "aad")
		if got, err := ring.Open("other", again, []byte("aad")); err != nil || string(got) != token[:min(len(token), 4096)] {
			t.Errorf("seal and open of %q = %q, %v", token, got, err)
		}
	})
}

func BenchmarkSealOpen(b *testing.B) {
	ring, value := newRing(b, testKey('a')), make([]byte, 256)
	b.ReportAllocs()
	for b.Loop() {
		token, err := ring.Seal("p", value, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := ring.Open("p", token, nil); err != nil {
			b.Fatal(err)
		}
	}
}
