package safefetch_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// Each group of refused URLs stands beside its nearest lawful neighbours.
var urlRows = []struct {
	name            string
	refused, lawful []string
}{
	{"scheme", []string{
		"http://client.example.com/id", "HTTPS://client.example.com/id", "https:/client.example.com/id", "https:client.example.com/id", "//client.example.com/id", "", "ftp://client.example.com/id",
		"file:///etc/passwd", "gopher://client.example.com/id", " https://client.example.com/id", "https:\\\\client.example.com/id", "urn:ietf:x", "https://",
	}, []string{"https://client.example.com/id"}},
	{"path", []string{
		"https://client.example.com", "https://client.example.com/", "https://client.example.com/a b", "https://client.example.com/a\\b", "https://client.example.com/a\nb", "https://client.example.com/é",
		"https://client.example.com/%", "https://client.example.com/%4", "https://client.example.com/%zz", "https://client.example.com/a%2fb", "https://client.example.com/a%5Cb", "https://client.example.com/a%00",
		"https://client.example.com/a%0d%0ab", "https://client.example.com/a%7f", `https://client.example.com/a"b`, "https://client.example.com/<a>", "https://client.example.com/{a}", "https://client.example.com/[a]",
		"https://client.example.com/a^b", "https://client.example.com/a|b", "https://client.example.com/a`b", "https://client.example.com/a\x00",
	}, []string{"https://client.example.com/a", "https://client.example.com/a/", "https://client.example.com//", "https://client.example.com/%C3%A9", "https://client.example.com/a%20b", "https://client.example.com/~a;b=(c)!$&'*+,:@_-"}},
	{"dot segments", []string{
		"https://client.example.com/.", "https://client.example.com/..", "https://client.example.com/a/./b", "https://client.example.com/a/../b", "https://client.example.com/a/..", "https://client.example.com/%2e",
		"https://client.example.com/%2E%2e/b", "https://client.example.com/.%2e/b", "https://client.example.com/%2e./b",
	}, []string{"https://client.example.com/...", "https://client.example.com/.well-known/id", "https://client.example.com/a../b", "https://client.example.com/%2e%2e%2e", "https://client.example.com/%252e"}},
	{"user", []string{"https://me@client.example.com/id", "https://me:s3@client.example.com/id", "https://@client.example.com/id", "https://me%40client.example.com/id"}, []string{"https://client.example.com/@me"}},
	{"query", []string{"https://client.example.com/id?", "https://client.example.com/id?a=b"}, []string{"https://client.example.com/id%3F"}},
	{"fragment", []string{"https://client.example.com/id#", "https://client.example.com/id#a"}, []string{"https://client.example.com/id%23"}},
	{"length", []string{"https://client.example.com/" + strings.Repeat("a", 486)}, []string{"https://client.example.com/" + strings.Repeat("a", 485)}},
	{"port", []string{
		"https://client.example.com:8080/id", "https://client.example.com:443/id", "https://client.example.com:/id", "https://client.example.com:0/id", "https://client.example.com:08443/id", "https://client.example.com:65979/id",
		"https://client.example.com:x/id", "https://client.example.com:+8443/id", "https://client.example.com:22/id",
	}, []string{"https://client.example.com:8443/id"}},
	{"host", []string{
		"https:///id", "https://Client.example.com/id", "https://client.example.com./id", "https://client..example.com/id", "https://.example.com/id", "https://-a.example.com/id", "https://a-.example.com/id",
		"https://cliént.example.com/id", "https://client.ex%61mple.com/id", "https://client_a.example.com/id", "https://a b.example.com/id", "https://client.example.com\\.evil.com/id", "https://client。example.com/id",
		"https://" + strings.Repeat("a", 64) + ".example.com/id", "https://" + strings.Repeat("a.", 124) + "abcdef/id", "https://client.example.com\x00/id", "https://*.example.com/id", "https://client.example.com,evil.com/id",
	}, []string{"https://xn--clint-csa.example.com/id", "https://a-b.example.com/id", "https://1.example.com/id", "https://" + strings.Repeat("a", 63) + ".example.com/id", "https://" + strings.Repeat("a.", 124) + "abcde/id"}},
	{"addresses", []string{
		"https://127.0.0.1/id", "https://10.0.0.1/id", "https://192.168.1.1/id", "https://172.16.0.1/id", "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/id", "https://0.0.0.0/id", "https://224.0.0.1/id", "https://255.255.255.255/id",
		"https://[::1]/id", "https://[::]/id", "https://[fd00::1]/id", "https://[fe80::1]/id", "https://[fe80::1%25eth0]/id", "https://[::ffff:127.0.0.1]/id", "https://[::ffff:8.8.8.8]/id", "https://[64:ff9b::a00:1]/id", "https://[2002:7f00:1::1]/id",
		"https://[2001:0:7f00:1::1]/id", "https://[2606:4700::5efe:7f00:1]/id", "https://[::127.0.0.1]/id", "https://[ff02::1]/id", "https://[fd00:ec2::254]/id",
	}, []string{"https://93.184.215.14/id", "https://[2606:4700::1111]/id", "https://[64:ff9b::808:808]/id", "https://[2606:4700::5efe:808:808]/id", "https://128.0.0.0/id"}},
	{"spellings of addresses", []string{
		"https://2130706433/id", "https://0x7f000001/id", "https://017700000001/id", "https://127.1/id", "https://127.0.1/id", "https://0177.0.0.1/id", "https://0x7f.0.0.1/id", "https://0x7f.1/id", "https://127.0.0.1./id", "https://127.0.0.01/id",
		"https://a.example.com.0x7f/id", "https://1.2.3.4.5/id", "https://256.256.256.256/id", "https://client.example.1com/id", "https://1572395790/id", "https://93.184.215.014/id", "https://93.184.55054/id",
		"https://[2606:4700:0::1111]/id", "https://[2606:4700::1111/id", "https://2606:4700::1111/id", "https://2606:4700::1111:8443/id", "https://[93.184.215.14]/id", "https://[2606:4700::1111]a/id", "https://[]/id", "https://[client.example.com]/id", "https://[2606:4700::ABCD]/id",
	}, []string{"https://127.0.0.1.example.com/id", "https://0x7f.example.com/id", "https://[2606:4700::1111]:8443/id", "https://93.184.215.14:8443/id"}},
	{"names nearby", []string{
		"https://localhost/id", "https://a.localhost/id", "https://router/id", "https://printer.local/id", "https://metadata.google.internal/id", "https://instance-data.ec2.internal/id", "https://metadata.goog/id", "https://a.metadata.goog/id",
		"https://1.0.0.127.in-addr.arpa/id", "https://nas.home.arpa/id", "https://localhost.localdomain/id", "https://wiki.corp/id", "https://nas.lan/id", "https://nas.home/id", "https://wiki.intranet/id", "https://wiki.private/id",
		"https://kubernetes.default.svc.cluster.local/id",
	}, []string{"https://localhost.example.com/id", "https://notlocal.com/id", "https://internal.example.com/id", "https://ametadata.goog/id", "https://local.net/id"}},
}

// R31, R36, D58: what is refused by its text is neither looked up nor dialled, by Get as by CheckURL.
func TestURLs(t *testing.T) {
	for _, row := range urlRows {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			f := w.fetcher(func(c *safefetch.Config) { c.Ports = []uint16{443, 8443} })
			for _, text := range row.refused {
				_, err := f.CheckURL(text)
				demand(t, text, err, safefetch.ErrRefused)
				_, err = f.Get(t.Context(), text)
				demand(t, text, err, safefetch.ErrRefused)
				w.untouched(text, 0)
			}
			for _, text := range row.lawful {
				if u, err := f.CheckURL(text); err != nil || u.String() != text {
					t.Errorf("%s: %v, %v", text, u, err)
				}
			}
		})
	}
}

// R36: ports are those of the configuration, and 443 only if it is among them.
func TestPorts(t *testing.T) {
	w := newWorld(t)
	for _, row := range []struct {
		ports []uint16
		url   string
		good  bool
	}{
		{nil, document, true},
		{nil, "https://client.example.com:8443/id", false},
		{[]uint16{8443}, "https://client.example.com:8443/id", true},
		{[]uint16{8443}, document, false},
		{[]uint16{443, 8443}, document, true},
	} {
		_, err := w.fetcher(func(c *safefetch.Config) { c.Ports = row.ports }).CheckURL(row.url)
		if (err == nil) != row.good {
			t.Errorf("%v, %s: %v", row.ports, row.url, err)
		}
	}
}

// R39: the policy names hosts, or all below one; what is denied is denied in any case.
func TestHostPolicy(t *testing.T) {
	w := newWorld(t)
	for _, row := range []struct {
		allow, deny []string
		host        string
		good        bool
	}{
		{nil, nil, "a.example.com", true},
		{[]string{}, nil, "a.example.com", false},
		{[]string{"a.example.com"}, nil, "a.example.com", true},
		{[]string{"a.example.com"}, nil, "b.a.example.com", false},
		{[]string{"a.example.com"}, nil, "example.com", false},
		{[]string{"*.example.com"}, nil, "a.example.com", true},
		{[]string{"*.example.com"}, nil, "b.a.example.com", true},
		{[]string{"*.example.com"}, nil, "example.com", false},
		{[]string{"*.example.com"}, nil, "aexample.com", false},
		{[]string{"*.example.com"}, nil, "example.com.evil.com", false},
		{[]string{"other.com", "*.example.com"}, nil, "a.example.com", true},
		{nil, []string{"a.example.com"}, "a.example.com", false},
		{nil, []string{"a.example.com"}, "b.example.com", true},
		{nil, []string{"a.example.com"}, "b.a.example.com", true},
		{nil, []string{"*.example.com"}, "a.example.com", false},
		{nil, []string{"*.example.com"}, "example.com", true},
		{nil, []string{}, "example.com", true},
		{[]string{"*.example.com"}, []string{"a.example.com"}, "a.example.com", false},
		{[]string{"*.example.com"}, []string{"a.example.com"}, "b.example.com", true},
		{[]string{"*.example.com"}, nil, "93.184.215.14", false},
		{[]string{"93.184.215.14"}, nil, "93.184.215.14", true},
		{[]string{"2606:4700::1111"}, nil, "[2606:4700::1111]", true},
		{nil, []string{"2606:4700::1111"}, "[2606:4700::1111]", false},
		{[]string{"10.0.0.1"}, nil, "10.0.0.1", false}, // a network must be allowed, too
		{[]string{"*.corp"}, nil, "wiki.corp", true},   // named, so meant
		{[]string{"*.corp"}, nil, "wiki.internal", false},
		{[]string{"*.localhost"}, nil, "a.localhost", false},
	} {
		f := w.fetcher(func(c *safefetch.Config) { c.AllowHosts, c.DenyHosts = row.allow, row.deny })
		if _, err := f.CheckURL("https://" + row.host + "/id"); (err == nil) != row.good {
			t.Errorf("allow %q, deny %q: %s: %v", row.allow, row.deny, row.host, err)
		}
	}
}

// R149: errors hold the URL without what may be secret in it, and without what a stranger would like to see in a log.
func TestErrorsShowNoSecret(t *testing.T) {
	f := newWorld(t).fetcher()
	for text, want := range map[string]string{
		"https://client.example.com/id?code=s3cret":                "https://client.example.com/id?:",
		"https://me:s3cret@client.example.com/id":                  "https://…@client.example.com/id:",
		"https://client.example.com/id#s3cret":                     "https://client.example.com/id:",
		"https://client.example.com/\ns3cret":                      "(no URL)",
		"https://client.example.com/" + strings.Repeat("a", 1<<20): "https://client.example.com/aaa",
	} {
		_, err := f.CheckURL(text)
		if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), want) || len(err.Error()) > 512 {
			t.Errorf("%.80s: %.600v", text, err)
		}
	}
}
