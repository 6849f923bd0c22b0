package zscalermcp_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp"
)

func TestBanner(t *testing.T) {
	posture := zscalermcp.Posture{
		Transport: "streamable-http", Tenant: "acme (beta)", Path: "/mcp", Listen: "0.0.0.0:443", TLS: "certificate until 2027", Hosts: []string{"mcp.example.com"}, Sources: []string{"10.0.0.0/8"},
		Origins: []string{"https://a.example.com", "https://b.example.com"}, Auth: "jwt", AuthDetail: "issuer x", AuthCache: "until they expire", Sanitising: "on", Audit: "log", Page: true,
		Toolsets: []string{"zia_admin", "zms"}, Tools: 12, WriteTools: 3, WritePatterns: []string{"zia_create_*"}, Policy: true, Warnings: []string{"first", "second"},
	}
	want := `  transport        streamable-http
  tenant           acme (beta)
  path             /mcp
  listen           0.0.0.0:443
  TLS              certificate until 2027
  hosts            mcp.example.com
  sources          10.0.0.0/8
  authentication   jwt
  accepted         issuer x
  remembered       until they expire
  policy           narrows what each caller may use
  tools act as     the server
  web origins      https://a.example.com, https://b.example.com
  page for people  on
  tools            12 (zia_admin, zms)
  write tools      3 (zia_create_*)
  sanitising       on
  audit            log
  store            memory of this process
  master keys      generated at start: what they sealed ends with the process
  warning: first
  warning: second
`
	if diff := cmp.Diff(want, posture.Banner()); diff != "" {
		t.Error(diff)
	}
	posture.Transport = "stdio"
	for _, label := range []string{"path", "authentication", "accepted", "policy", "origins"} {
		if strings.Contains(posture.Banner(), label) {
			t.Errorf("on stdio there is a line of %q:\n%s", label, posture.Banner())
		}
	}
}

// What the configuration says cannot make lines of its own, nor move the cursor, colour or turn round what is written.
func TestBannerIsNotBrokenByValues(t *testing.T) {
	for _, value := range []string{"a\nb", "a\r\nb", "a\x1b[2Jb", "a\tb", "a\u202eb", "a\u2028b", "a\x85b", "a\u009bb", "a\xffb", "a\x7fb"} {
		plain, odd := bannerOf("ab"), bannerOf(value)
		if strings.Contains(odd, value) || strings.Count(odd, "\n") != strings.Count(plain, "\n") {
			t.Errorf("%q: %q", value, odd)
		}
		if strings.Count(odd, `"a\`) != strings.Count(plain, "ab") {
			t.Errorf("%q is not quoted everywhere: %q", value, odd)
		}
	}
	for _, value := range []string{"a b", "zürich", "例え", "https://a.example.com/?x=\"y\"", "*"} {
		if odd := bannerOf(value); strings.Count(odd, value) != strings.Count(bannerOf("ab"), "ab") {
			t.Errorf("%q does not stand as it is: %s", value, odd)
		}
	}
}

// bannerOf is the banner of a posture in which all text is the same.
func bannerOf(text string) string {
	list := []string{text}
	return zscalermcp.Posture{
		Tenant: text, Path: text, Origins: list, Auth: text, AuthDetail: text, Toolsets: list, Tools: 1, WriteTools: 1, WritePatterns: list, Store: text, Warnings: list,
	}.Banner()
}
