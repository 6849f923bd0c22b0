package auth

import (
	"encoding/base64"
	"strings"
	"testing"
)

// R160, D91: nothing makes parseBasic panic, and one pair has one token only: no two credentials are read as the same.
func FuzzBasic(f *testing.F) {
	for _, seed := range []string{"YTpi", "YTpiOmM=", "OmI=", "YTo=", "Og==", "YTpi\n", "YTpj=", "YTpiYg", "YQ==", "", "====", "YTpiOmN=", "/+8=", "w6Q6w7Y="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		id, secret, err := parseBasic(token)
		if err != nil {
			if id != "" || secret != "" {
				t.Fatalf("%q: %q, %q with %v", token, id, secret, err)
			}
			return
		}
		if strings.Contains(id, ":") {
			t.Fatalf("%q: the id %q has a colon", token, id)
		}
		if !isToken68(token) { // the middleware has refused it; base64 skips line breaks
			token = strings.NewReplacer("\r", "", "\n", "").Replace(token)
		}
		if again := base64.StdEncoding.EncodeToString([]byte(id + ":" + secret)); again != token {
			t.Fatalf("%q and %q are both %q, %q", token, again, id, secret)
		}
		_, _, err = pairOf(credential{from: fromAuthorization, scheme: "Basic", token: token})
		if plain := isPlain(id) && isPlain(secret); plain != (err == nil) {
			t.Fatalf("%q, %q: %v", id, secret, err)
		}
	})
}
