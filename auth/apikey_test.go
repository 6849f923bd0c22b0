package auth_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

func bearer(key string) *http.Request {
	return &http.Request{Header: http.Header{"Authorization": {"Bearer " + key}}}
}

func TestGenerateAPIKey(t *testing.T) {
	a, b := auth.GenerateAPIKey(), auth.GenerateAPIKey()
	if len(a) != 43 || a == b {
		t.Errorf("keys of %d characters, equal: %v", len(a), a == b)
	}
	newKeys(t, auth.APIKey{Key: auth.Secret(a)})
}

// R134: every mistake at once, and no key in the text.
func TestNewAPIKeysNamesEveryMistake(t *testing.T) {
	if _, err := auth.NewAPIKeys(auth.APIKeysConfig{}); err == nil {
		t.Error("no key was taken")
	}
	_, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{
		{Name: "a", Key: goodKey},
		{Name: "a", Key: "fifteen-bytes-1"},
		{Key: goodKey},
		{Name: "d", Key: "has spaces in it, and a comma"},
		{Name: "e", Scopes: []string{"ok", "not ok"}},
		{Name: "f", Key: "both-of-them-0123456789", SHA256: [32]byte{1}},
		{Name: "g\n", SHA256: sha256.Sum256([]byte(goodKey))},
	}})
	if err == nil {
		t.Fatal("bad keys were taken")
	}
	for _, want := range []string{
		`2 ("a"): the key has 15 bytes`, `2 ("a"): the name is that of API key 1`, `3 (""): the name must be`,
		`3 (""): the key is that of API key 1`, `4 ("d"): the key has characters`, `5 ("e"): scope 2`, `5 ("e"): the key is empty`,
		`6 ("f"): set Key or SHA256`, `7 ("g\n"): the name must be`, `7 ("g\n"): the key is that of API key 1`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	for _, secret := range []string{goodKey, "fifteen", "spaces", "both-of"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows %q", secret)
		}
	}
	newKeys(t, auth.APIKey{Name: "a", Key: "sixteen-bytes-12"}, auth.APIKey{Name: "b", Key: goodKey, Scopes: []string{"ok", "!#[]~"}})
}

// The longest key is the longest that a request can carry.
func TestLongestAPIKey(t *testing.T) {
	longest := strings.Repeat("k", 16<<10-len("Bearer "))
	if got := statusOf(t, newKeys(t, auth.APIKey{Key: auth.Secret(longest)}), longest); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	_, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Key: auth.Secret(longest + "k")}}})
	if err == nil || !strings.Contains(err.Error(), "longer than a request can carry") {
		t.Errorf("one byte more: %v", err)
	}
}

func TestAPIKeysPrincipal(t *testing.T) {
	expires := time.Now().Add(time.Hour)
	second := "second-0123456789abcdef"
	a := newKeys(t,
		auth.APIKey{Name: "one", Key: goodKey, Scopes: []string{"read", "write"}, Expires: expires},
		auth.APIKey{Name: "two", SHA256: sha256.Sum256([]byte(second))})
	for key, want := range map[string]*auth.Principal{
		goodKey: {Issuer: "api-key", Subject: "one", ClientID: "one", Method: "api-key", Scopes: []string{"read", "write"}, Expires: expires},
		second:  {Issuer: "api-key", Subject: "two", ClientID: "two", Method: "api-key"},
	} {
		for _, r := range []*http.Request{bearer(key), {Header: http.Header{"X-Api-Key": {key}}}} {
			got, err := a.Authenticate(r)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(auth.Principal{}), cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		}
	}
	p, err := newKeys(t, auth.APIKey{Key: goodKey}).Authenticate(bearer(goodKey))
	if err != nil || p.Subject != "default" {
		t.Errorf("a single key without name: %+v, %v", p, err)
	}
}

// Without the middleware in front the same rules hold.
func TestAPIKeysAuthenticateAlone(t *testing.T) {
	a := newKeys(t, auth.APIKey{Key: goodKey})
	for name, h := range map[string]http.Header{
		"none": {}, "basic": {"Authorization": {"Basic dXNlcg=="}}, "pair": {"X-Zscaler-Client-Id": {"i"}}, "empty": {"X-Api-Key": {""}},
	} {
		if p, err := a.Authenticate(&http.Request{Header: h}); !errors.Is(err, auth.ErrNotMine) {
			t.Errorf("%s: %v, %v; want ErrNotMine", name, p, err)
		}
	}
	var refusal *auth.Error
	two := http.Header{"Authorization": {"Bearer " + goodKey}, "X-Api-Key": {goodKey}}
	if _, err := a.Authenticate(&http.Request{Header: two}); !errors.As(err, &refusal) || refusal.Status != 400 {
		t.Errorf("two credentials: %v", err)
	}
}

// An expired key and a wrong one get one answer; only the log tells them apart.
func TestAPIKeyExpires(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		a := newKeys(t, auth.APIKey{Name: "old", Key: goodKey, Expires: time.Now().Add(time.Minute)})
		time.Sleep(time.Minute - 1)
		if _, err := a.Authenticate(bearer(goodKey)); err != nil {
			t.Fatalf("just before the end: %v", err)
		}
		time.Sleep(time.Nanosecond)
		var expired, wrong *auth.Error
		_, err := a.Authenticate(bearer(goodKey))
		_, err2 := a.Authenticate(bearer("wrong-0123456789abcdef"))
		if !errors.As(err, &expired) || !errors.As(err2, &wrong) {
			t.Fatalf("expired: %v; wrong: %v", err, err2)
		}
		if diff := cmp.Diff(wrong, expired, cmpopts.IgnoreFields(auth.Error{}, "Err")); diff != "" {
			t.Errorf("the answers differ (-wrong +expired):\n%s", diff)
		}
		if !strings.Contains(expired.Error(), `"old" has expired`) {
			t.Errorf("the log does not say why: %v", expired)
		}
	})
}

// R152.
func TestSecretNeverPrints(t *testing.T) {
	var out logBuffer
	key := auth.APIKey{Name: "n", Key: goodKey}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, key, &key, key.Key, newKeys(t, key))
	}
	fmt.Fprint(&out, key.Key.String(), key.Key.GoString())
	debugLog(&out).Info("m", "key", key, "secret", key.Key, "keys", []auth.APIKey{key})
	if strings.Contains(out.String(), goodKey[:8]) || strings.Contains(out.String(), fmt.Sprintf("%x", goodKey[:8])) {
		t.Errorf("the key is printed: %s", out.String())
	}
	if !strings.Contains(out.String(), "[redacted]") {
		t.Error("nothing was printed at all")
	}
}
