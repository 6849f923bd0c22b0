package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/store"
)

func TestGenerateKey(t *testing.T) {
	a, b := store.GenerateKey(), store.GenerateKey()
	if len(a) != 32 || bytes.Equal(a, b) {
		t.Errorf("keys of %d bytes, equal: %v", len(a), bytes.Equal(a, b))
	}
}

func TestParseKeys(t *testing.T) {
	key := bytes.Repeat([]byte{0xfb, 0xef, 0xbe, 0xff}, 8) // all of + / - _ in base64
	longer := bytes.Repeat([]byte{7}, 65)
	std, url := base64.StdEncoding, base64.URLEncoding
	for name, test := range map[string]struct {
		text string
		want [][]byte
	}{
		"hex":           {hex.EncodeToString(key), [][]byte{key}},
		"upper hex":     {strings.ToUpper(hex.EncodeToString(key)), [][]byte{key}},
		"base64":        {std.EncodeToString(key), [][]byte{key}},
		"base64url":     {url.EncodeToString(key), [][]byte{key}},
		"without =":     {base64.RawStdEncoding.EncodeToString(key), [][]byte{key}},
		"raw base64url": {base64.RawURLEncoding.EncodeToString(key), [][]byte{key}},
		"several":       {" " + std.EncodeToString(key) + " ,\t" + hex.EncodeToString(longer), [][]byte{key, longer}},
	} {
		got, err := store.ParseKeys(test.text)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestParseKeysNamesEveryMistake(t *testing.T) {
	good := hex.EncodeToString(testKey('k'))
	_, err := store.ParseKeys(good + ",,not-a-key!," + "c2hvcnQtc2VjcmV0LXRleHQ," + good)
	if err == nil {
		t.Fatal("bad keys were taken")
	}
	for _, want := range []string{"master key 2 is empty", "master key 3 is neither", "master key 4 has 17 bytes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q: %v", want, err)
		}
	}
	for _, secret := range []string{good, "not-a-key", "c2hv", "short-secret"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error shows %q: %v", secret, err)
		}
	}
	for _, text := range []string{"", " ", ",", good + ",", good[:32] + "\n" + good[32:], good[:62]} {
		if keys, err := store.ParseKeys(text); err == nil {
			t.Errorf("ParseKeys(%q) = %d keys", text, len(keys))
		}
	}
}

func FuzzParseKeys(f *testing.F) {
	f.Add(hex.EncodeToString(testKey('k')))
	f.Add(base64.StdEncoding.EncodeToString(testKey('k')) + ",x")
	f.Fuzz(func(t *testing.T, text string) {
		keys, err := store.ParseKeys(text)
		if (err == nil) != (len(keys) > 0) {
			t.Fatalf("ParseKeys(%q) = %d keys, %v", text, len(keys), err)
		}
		for _, key := range keys {
			if len(key) < 32 {
				t.Errorf("ParseKeys(%q) took a key of %d bytes", text, len(key))
			}
		}
	})
}
