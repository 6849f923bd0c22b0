package auth

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// appended are elements as proxies write them behind what callers have sent, for the addresses 192.0.2.7 and 2001:db8::7.
var appended = map[string][]string{
	forwardedFor: {"192.0.2.7", "192.0.2.7:4711", "2001:db8::7", "[2001:db8::7]:4711"},
	forwarded: {
		"for=192.0.2.7", `for="192.0.2.7:4711"`, "For=192.0.2.7;proto=https", `proto=https;for="[2001:db8::7]"`,
		`by="[2001:db8::1]";for="[2001:db8::7]:4711";host="mcp.example.com"`,
	},
}

// R155, R160, D75: whatever a caller sends, a proxy that adds its own element at the end is heard.
func FuzzClientAddr(f *testing.F) {
	for _, seed := range []string{
		"", "1.2.3.4", "for=1.2.3.4", `for="x`, `for=5.6.7.8;y="`, `for="\`, `a="b\"c";for=1.2.3.4`, "unknown", "\n", `for=1.2.3.4;a="` + "\n" + `"`, ",,;;", strings.Repeat("1.2.3.4,", 1025),
	} {
		for form := range uint8(5) {
			f.Add(seed, form, form%2 == 0, form%3 == 0, form%2 == 1)
		}
	}
	f.Fuzz(func(t *testing.T, sent string, form uint8, rfc7239, ownLine, tight bool) {
		header := forwardedFor
		if rfc7239 {
			header = forwarded
		}
		element := appended[header][int(form)%len(appended[header])]
		lines := lawfulLines(sent)
		if last := len(lines) - 1; ownLine {
			lines = append(lines, element)
		} else if lines[last] += ", " + element; tight {
			lines[last] = strings.TrimSuffix(lines[last], ", "+element) + "," + element
		}
		callers := []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")}
		r := &http.Request{RemoteAddr: "10.0.0.1:443", Header: http.Header{header: lines}}
		got := ClientAddr(r, Proxies{Prefixes: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Header: header})
		if !slices.Contains(callers, got) {
			t.Errorf("%s: %q gives %s", header, lines, got)
		}
		// Where the element is a proxy's too, the walk goes on, and still ends at an address.
		all := Proxies{Prefixes: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("2001:db8::7/128")}, Header: header}
		if got := ClientAddr(r, all); !got.IsValid() || got.Zone() != "" || got.Is4In6() {
			t.Errorf("%s: %q gives %s", header, lines, got)
		}
		if got := ClientAddr(&http.Request{RemoteAddr: "203.0.113.9:1", Header: r.Header}, all); got.String() != "203.0.113.9" {
			t.Errorf("an untrusted peer is believed: %s", got)
		}
	})
}

// lawfulLines are the lines of a header that net/http would let through.
func lawfulLines(sent string) []string {
	sent = strings.Map(func(c rune) rune {
		if c < ' ' && c != '\t' && c != '\n' {
			return -1
		}
		return c
	}, sent)
	return strings.Split(sent, "\n")
}

// R160: what is read of a Forwarded line is in it, and an element behind it stays one.
func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{"", `for=1.2.3.4`, `for="[::1]:80";by=_x, For="a,b;c"`, `for="\"`, `"`, `\"`, `for=";",for=1`, `=;=,=`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		before := slices.Collect(hopsBackward(http.Header{forwarded: {line}}, forwarded))
		for _, hop := range before {
			if !strings.Contains(line, hop) {
				t.Fatalf("%q has no %q", line, hop)
			}
			if addr, ok := hopAddr(hop); ok && !addr.IsValid() {
				t.Fatalf("%q is no address", hop)
			}
		}
		after := slices.Collect(hopsBackward(http.Header{forwarded: {line + ", for=192.0.2.7"}}, forwarded))
		if !slices.Equal(after, append([]string{"192.0.2.7"}, before...)) {
			t.Errorf("%q: %q, and with one more %q", line, before, after)
		}
	})
}
