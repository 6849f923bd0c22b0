package address_test

import (
	"testing"

	"github.com/org/zscalermcp/internal/address"
)

func TestShown(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                     "",
		"https://idp.example.com/keys":         "https://idp.example.com/keys",
		"https://idp.example.com/keys?code=s3": "https://idp.example.com/keys?",
		"https://me:s3@idp.example.com:8443/":  "https://…@idp.example.com:8443/",
		"https://s3@idp.example.com":           "https://…@idp.example.com",
		"https://idp.example.com/a%20b#s3":     "https://idp.example.com/a%20b",
		"https://me:s3@idp.example.com:port/":  "(no URL)",
		"me:s3@idp.example.com":                "(no URL)",
		"mailto:s3":                            "(no URL)",
		"/path":                                "/path",
	} {
		if got := address.Shown(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}
