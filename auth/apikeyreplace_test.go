package auth_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

const newKey = "newkey-0123456789abcdefghijklmn"

// D89: keys are replaced for the requests to come, and a mistake leaves those before in force.
func TestKeysAreReplaced(t *testing.T) {
	a := newKeys(t, auth.APIKey{Name: "ci", Key: goodKey})
	if err := a.ReplaceKeys(auth.APIKey{Name: "ci", Key: newKey}); err != nil {
		t.Fatal(err)
	}
	expectKeys(t, "replaced", a, map[string]int{goodKey: 401, newKey: 200})
	for name, keys := range map[string][]auth.APIKey{"no key": nil, "too short": {{Name: "ci", Key: "short"}}} {
		if err := a.ReplaceKeys(keys...); err == nil {
			t.Errorf("%s: accepted", name)
		}
		expectKeys(t, name, a, map[string]int{goodKey: 401, newKey: 200})
	}
}

// Beside a file only the keys of the configuration are replaced, and none of them while the file is broken.
func TestKeysBesideAFileAreReplaced(t *testing.T) {
	f := newKeysFile(t, fileOf(entry("a", fileKey)))
	a := f.open(auth.APIKey{Name: "fixed", Key: goodKey})
	if err := a.ReplaceKeys(auth.APIKey{Name: "fixed", Key: newKey}); err != nil {
		t.Fatal(err)
	}
	expectKeys(t, "replaced", a, map[string]int{fileKey: 200, newKey: 200, goodKey: 401})
	if err := a.ReplaceKeys(auth.APIKey{Name: "a", Key: goodKey}); err == nil || !strings.Contains(err.Error(), "name") {
		t.Errorf("a name of the file: %v", err)
	}
	f.replace("{")
	if err := a.ReplaceKeys(auth.APIKey{Name: "fixed", Key: goodKey}); err == nil {
		t.Error("replaced beside a broken file")
	}
	expectKeys(t, "not replaced", a, map[string]int{fileKey: 200, newKey: 200, goodKey: 401})
	f.replace(fileOf(entry("b", otherKey)))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	expectKeys(t, "the file again", a, map[string]int{fileKey: 401, newKey: 200, otherKey: 200})
}

// Who came with a key is asked about it while a stream is open: gone once the key is, in a file too, whoever else came since.
func TestOpenStreamsOfReplacedKeys(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newKeysFile(t, fileOf(entry("a", fileKey), entry("b", otherKey)))
		a := f.open(auth.APIKey{Name: "fixed", Key: goodKey})
		who := map[string]*auth.Principal{}
		for _, key := range []string{fileKey, otherKey, goodKey} {
			r := &http.Request{Header: http.Header{"Authorization": {"Bearer " + key}}}
			p, err := a.Authenticate(r)
			if err != nil {
				t.Fatal(err)
			}
			who[key] = p
		}
		expect := func(when string, gone ...string) {
			t.Helper()
			for key, p := range who {
				if err := p.Check(t.Context()); (err != nil) != strings.Contains(strings.Join(gone, " "), key) {
					t.Errorf("%s: %s: %v", when, p.Subject, err)
				}
			}
		}
		expect("at first")
		if err := a.ReplaceKeys(auth.APIKey{Name: "fixed", Key: newKey}); err != nil {
			t.Fatal(err)
		}
		expect("a key replaced", goodKey)
		f.replace(fileOf(entry("a", fileKey)))
		time.Sleep(time.Second)
		expect("a key removed from the file", goodKey, otherKey)
		if err := os.Remove(f.path); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		expect("the file gone", goodKey, otherKey)
	})
}

// A key whose end is brought forward, so that its holder hands over to another one, keeps no stream open beyond it.
func TestOpenStreamsOfKeysThatEndSooner(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		a := newKeys(t, auth.APIKey{Name: "ci", Key: goodKey})
		p, err := a.Authenticate(&http.Request{Header: http.Header{"Authorization": {"Bearer " + goodKey}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.ReplaceKeys(auth.APIKey{Name: "ci", Key: goodKey, Expires: time.Now().Add(time.Minute)}); err != nil {
			t.Fatal(err)
		}
		if err := p.Check(t.Context()); err != nil {
			t.Errorf("before the end: %v", err)
		}
		time.Sleep(time.Minute)
		expectKeys(t, "at the end", a, map[string]int{goodKey: 401})
		if err := p.Check(t.Context()); err == nil {
			t.Error("its open streams go on")
		}
	})
}
