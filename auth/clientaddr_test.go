package auth_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth"
)

func parseProxies(t testing.TB, header string, list ...string) auth.Proxies {
	t.Helper()
	p, err := auth.ParseProxies(list, header)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// R155: addresses and prefixes of both families, as they are compared.
func TestParseProxies(t *testing.T) {
	got := parseProxies(t, "", "10.0.0.5", " 10.1.2.3/8 ", "2001:db8::1", "2001:DB8:1::/48", "::ffff:192.0.2.1", "127.0.0.0/1", "8000::/1", "::1")
	want := []string{"10.0.0.5/32", "10.0.0.0/8", "2001:db8::1/128", "2001:db8:1::/48", "192.0.2.1/32", "0.0.0.0/1", "8000::/1", "::1/128"}
	var prefixes []string
	for _, prefix := range got.Prefixes {
		prefixes = append(prefixes, prefix.String())
	}
	if diff := cmp.Diff(want, prefixes); diff != "" {
		t.Errorf("prefixes (-want +got):\n%s", diff)
	}
	if none, err := auth.ParseProxies(nil, ""); err != nil || len(none.Prefixes) > 0 {
		t.Errorf("no proxy: %v, %v", none, err)
	}
}

// R155: every bad entry is named in one error; a prefix that covers all would let callers choose their address.
func TestParseProxiesNamesEveryMistake(t *testing.T) {
	bad := []string{
		"", "localhost", "10.0.0", "10.0.0.1:80", "[::1]", "010.0.0.1", "10.0.0.1-10.0.0.9", "fe80::1%eth0", "fe80::%eth0/10",
		"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "0.0.0.0/0", "10.0.0.0/0", "::/0", "::ffff:10.0.0.0/104", "::ffff:0.0.0.0/96",
	}
	p, err := auth.ParseProxies(append(bad, "10.0.0.7"), "X-Real-IP")
	if err == nil {
		t.Fatalf("accepted as %v", p)
	}
	for _, entry := range bad {
		if entry == "10.0.0.0/0" {
			entry = "0.0.0.0/0" // as it is compared
		}
		saysAll(t, "the error", err.Error(), `proxy "`+entry+`"`)
	}
	saysAll(t, "the error", err.Error(), `"X-Real-IP" is not known`, "use X-Forwarded-For or Forwarded", "covers every address")
	holdsNone(t, "the error", err.Error(), "10.0.0.7")
}

// R155: one of two headers, in any case.
func TestProxyHeaderNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"": true, "X-Forwarded-For": true, "x-forwarded-for": true, "X-FORWARDED-FOR": true, "Forwarded": true, "forwarded": true,
		"X_Forwarded_For": false, "X-Forwarded-For ": false, "X-Real-IP": false, "CF-Connecting-IP": false, "Forwarded-For": false,
	} {
		p, err := auth.ParseProxies([]string{"10.0.0.0/8"}, name)
		if (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
		if !ok {
			continue
		}
		r := sentFrom("10.0.0.1:80", "X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.2")
		want := "192.0.2.1"
		if strings.EqualFold(name, "forwarded") {
			want = "192.0.2.2"
		}
		if got := auth.ClientAddr(r, p).String(); got != want {
			t.Errorf("%q: address %s, want %s", name, got, want)
		}
	}
}

// R155: proxies that no ParseProxies has made are judged too.
func TestProxiesValidate(t *testing.T) {
	prefix := netip.MustParsePrefix
	if err := (auth.Proxies{}).Validate(); err != nil {
		t.Errorf("the zero value: %v", err)
	}
	if err := (auth.Proxies{Prefixes: []netip.Prefix{prefix("10.0.0.0/8"), prefix("10.1.2.3/8"), prefix("::1/128")}, Header: "forwarded"}).Validate(); err != nil {
		t.Errorf("good ones: %v", err)
	}
	err := auth.Proxies{Prefixes: []netip.Prefix{{}, prefix("::ffff:10.0.0.0/104"), prefix("0.0.0.0/0"), prefix("::/0")}, Header: "Via"}.Validate()
	if err == nil {
		t.Fatal("accepted")
	}
	saysAll(t, "the error", err.Error(), `"invalid Prefix"`, `"::ffff:10.0.0.0/104"`, `"0.0.0.0/0"`, `"::/0"`, `"Via"`)
}

// R155: prefixes that cover every address only together are no better than one that does.
func TestProxiesThatCoverEverythingTogether(t *testing.T) {
	for list, ok := range map[string]bool{
		"0.0.0.0/1 128.0.0.0/1":                                   false,
		"0.0.0.0/1 128.0.0.0/2 192.0.0.0/2":                       false,
		"128.0.0.0/1 10.0.0.0/8 0.0.0.0/1 10.0.0.0/8":             false,
		"::/1 8000::/1":                                           false,
		"0.0.0.0/1":                                               true,
		"0.0.0.0/1 0.0.0.0/1":                                     true,
		"0.0.0.0/1 10.0.0.0/8 64.0.0.0/2 127.0.0.1 8000::/1":      true,
		"0.0.0.0/1 128.0.0.0/2 192.0.0.0/3":                       true,
		"0.0.0.0/1 8000::/1":                                      true,
		"10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fd00::/8 ::1/64": true,
	} {
		_, err := auth.ParseProxies(strings.Fields(list), "")
		if (err == nil) != ok {
			t.Errorf("%s: %v", list, err)
		}
	}
}

// R155, D75: who is believed, and how far. The proxies are 10.0.0.0/8 and 2001:db8:aaaa::/48.
func TestClientAddr(t *testing.T) {
	const proxy, stranger = "10.0.0.1:443", "203.0.113.9:5555"
	hops := func(n int) string { return strings.Repeat("10.0.0.2,", n) }
	for name, test := range map[string]struct {
		peer  string
		lines []string // of X-Forwarded-For, or whole ones
		want  string
	}{
		"untrusted peer":               {stranger, []string{"198.51.100.1"}, "203.0.113.9"},
		"untrusted peer, all headers":  {stranger, []string{"10.0.0.1", "Forwarded: for=198.51.100.1", "X-Real-Ip: 198.51.100.1"}, "203.0.113.9"},
		"next to the proxies":          {"11.0.0.1:1", []string{"198.51.100.1"}, "11.0.0.1"},
		"no header":                    {proxy, nil, "10.0.0.1"},
		"one hop":                      {proxy, []string{"198.51.100.1"}, "198.51.100.1"},
		"first untrusted from right":   {proxy, []string{"192.0.2.66, 198.51.100.1, 10.0.0.2, 10.0.0.3"}, "198.51.100.1"},
		"spoofed proxy on the left":    {proxy, []string{"10.9.9.9, 198.51.100.1"}, "198.51.100.1"},
		"all trusted":                  {proxy, []string{"10.0.0.4, 10.0.0.3"}, "10.0.0.4"},
		"several lines":                {proxy, []string{"192.0.2.66", "198.51.100.1, 10.0.0.2", "10.0.0.3"}, "198.51.100.1"},
		"no spaces":                    {proxy, []string{"192.0.2.66,198.51.100.1,10.0.0.2"}, "198.51.100.1"},
		"port":                         {proxy, []string{"198.51.100.1:4711"}, "198.51.100.1"},
		"IPv6":                         {proxy, []string{"2001:db8::9"}, "2001:db8::9"},
		"IPv6 in brackets":             {proxy, []string{"[2001:db8::9]"}, "2001:db8::9"},
		"IPv6 with a port":             {proxy, []string{"[2001:db8::9]:4711"}, "2001:db8::9"},
		"IPv6 proxies":                 {"[2001:db8:aaaa::1]:443", []string{"198.51.100.1, [2001:db8:aaaa::2]:1"}, "198.51.100.1"},
		"zones do not count":           {"[2001:db8:aaaa::1%eth0]:443", []string{"fe80::1%eth1"}, "fe80::1"},
		"mapped peer":                  {"[::ffff:10.0.0.1]:443", []string{"198.51.100.1"}, "198.51.100.1"},
		"mapped stranger":              {"[::ffff:203.0.113.9]:443", []string{"198.51.100.1"}, "203.0.113.9"},
		"mapped hops":                  {proxy, []string{"::ffff:198.51.100.1, [::ffff:10.0.0.2]:1"}, "198.51.100.1"},
		"IPv4 in brackets":             {proxy, []string{"[198.51.100.1]"}, "10.0.0.1"},
		"unknown":                      {proxy, []string{"192.0.2.66, unknown"}, "10.0.0.1"},
		"unknown behind a proxy":       {proxy, []string{"192.0.2.66, unknown, 10.0.0.2"}, "10.0.0.2"},
		"obfuscated":                   {proxy, []string{"192.0.2.66, _hidden, 10.0.0.2"}, "10.0.0.2"},
		"garbage":                      {proxy, []string{"192.0.2.66, 198.51.100.1.5, 10.0.0.2"}, "10.0.0.2"},
		"empty hop":                    {proxy, []string{"192.0.2.66, , 10.0.0.2"}, "10.0.0.2"},
		"comma at the end":             {proxy, []string{"192.0.2.66,"}, "10.0.0.1"},
		"empty line":                   {proxy, []string{""}, "10.0.0.1"},
		"leading zeros":                {proxy, []string{"198.051.100.001"}, "10.0.0.1"},
		"quotes":                       {proxy, []string{`"198.51.100.1"`}, "10.0.0.1"},
		"31 hops":                      {proxy, []string{"198.51.100.1," + hops(31)[:31*9-1]}, "198.51.100.1"},
		"32 hops":                      {proxy, []string{"198.51.100.1," + hops(32)[:32*9-1]}, "10.0.0.2"},
		"900 hops":                     {proxy, []string{"198.51.100.1, " + hops(899) + "10.0.0.3"}, "10.0.0.2"},
		"a long line":                  {proxy, []string{strings.Repeat("x", 8<<10-len(",198.51.100.1")) + ",198.51.100.1"}, "198.51.100.1"},
		"longer":                       {proxy, []string{strings.Repeat("x", 8<<10-len(",198.51.100.1")) + ", 198.51.100.1"}, "198.51.100.1"},
		"long lines":                   {proxy, []string{strings.Repeat("x", 5<<10), strings.Repeat("x", 3<<10), "198.51.100.1"}, "198.51.100.1"},
		"underscores":                  {proxy, []string{"X_Forwarded_For: 198.51.100.1"}, "10.0.0.1"},
		"the other header":             {proxy, []string{"Forwarded: for=198.51.100.1"}, "10.0.0.1"},
		"other headers":                {proxy, []string{"X-Real-Ip: 198.51.100.1", "True-Client-Ip: 198.51.100.1", "X-Client-Ip: 198.51.100.1"}, "10.0.0.1"},
		"Unix socket":                  {"@", []string{"198.51.100.1"}, "invalid IP"},
		"no peer":                      {"", []string{"198.51.100.1"}, "invalid IP"},
		"peer that is no address":      {"pipe", []string{"10.0.0.1"}, "invalid IP"},
		"a proxy that is not named":    {"[::1]:443", []string{"198.51.100.1"}, "::1"},
		"IPv4-compatible is no mapped": {"[::a00:1]:443", []string{"198.51.100.1"}, "::a00:1"},
	} {
		r := sentFrom(test.peer)
		for _, line := range test.lines {
			name, value, ok := strings.Cut(line, ": ")
			if !ok {
				name, value = "X-Forwarded-For", line
			}
			r.Header[name] = append(r.Header[name], value)
		}
		if got := auth.ClientAddr(r, parseProxies(t, "", "10.0.0.0/8", "2001:db8:aaaa::/48")).String(); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if got := auth.ClientAddr(r, auth.Proxies{}); got.IsValid() && strings.Contains(got.String(), "100.1") {
			t.Errorf("%s: with no proxy at all: %s", name, got)
		}
	}
}

// R155, D74, D75: RFC 7239 as proxies write it, and as callers abuse it. The last element is the proxy's own.
func TestClientAddrForwarded(t *testing.T) {
	for name, test := range map[string]struct {
		lines []string
		want  string
	}{
		"plain":                           {[]string{`for=198.51.100.1`}, "198.51.100.1"},
		"case and other parameters":       {[]string{`proto=https;By=10.0.0.1; FOR=198.51.100.1 ;host="h"`}, "198.51.100.1"},
		"quoted":                          {[]string{`for="198.51.100.1:4711"`}, "198.51.100.1"},
		"IPv6":                            {[]string{`for="[2001:db8::9]:4711"`}, "2001:db8::9"},
		"IPv6 without port":               {[]string{`for="[2001:db8::9]"`}, "2001:db8::9"},
		"walk":                            {[]string{`for=192.0.2.66, for=198.51.100.1;proto=http, for=10.0.0.2`}, "198.51.100.1"},
		"several lines":                   {[]string{`for=192.0.2.66`, `for=198.51.100.1`, `for=10.0.0.2, for=10.0.0.3`}, "198.51.100.1"},
		"comma and semicolon in quotes":   {[]string{`for=192.0.2.66, host="a,b;for=10.0.0.9";for=198.51.100.1`}, "198.51.100.1"},
		"escaped quote of the caller":     {[]string{`for=192.0.2.66;a="\", for=192.0.2.67;b=\"", for=198.51.100.1`}, "198.51.100.1"},
		"unknown":                         {[]string{`for=192.0.2.66, for=unknown, for=10.0.0.2`}, "10.0.0.2"},
		"obfuscated":                      {[]string{`for=192.0.2.66, for="_secret", for=10.0.0.2`}, "10.0.0.2"},
		"element without for":             {[]string{`for=192.0.2.66, proto=https`}, "10.0.0.1"},
		"two for":                         {[]string{`for=192.0.2.66;for=198.51.100.1`}, "10.0.0.1"},
		"two for of one spelling":         {[]string{`for=198.51.100.1;For=198.51.100.1`}, "10.0.0.1"},
		"space before the equals sign":    {[]string{`for =192.0.2.66`}, "10.0.0.1"},
		"space behind the equals sign":    {[]string{`for= 192.0.2.66`}, "10.0.0.1"},
		"escaped digit":                   {[]string{`for="19\2.0.2.66"`}, "10.0.0.1"},
		"half a quote":                    {[]string{`for="192.0.2.66`}, "10.0.0.1"},
		"empty line":                      {[]string{``}, "10.0.0.1"},
		"open quote before":               {[]string{`for=192.0.2.66;y=", for=198.51.100.1`}, "198.51.100.1"},
		"open quote in for":               {[]string{`for="x, for=198.51.100.1`}, "198.51.100.1"},
		"open quote, and one of a proxy":  {[]string{`for=192.0.2.66;y=", for="[2001:db8::9]:1"`}, "2001:db8::9"},
		"open quote, proxy's two":         {[]string{`for=192.0.2.66;y=", for="[2001:db8::9]:1";by="[2001:db8::1]"`}, "2001:db8::9"},
		"backslash at the end":            {[]string{`for=192.0.2.66;y="\, for="[2001:db8::9]:1"`}, "2001:db8::9"},
		"backslash outside of quotes":     {[]string{`for=192.0.2.66;y=\, for=198.51.100.1`}, "198.51.100.1"},
		"closed quotes":                   {[]string{`for="x", for=5.6.7.8;y="", for=198.51.100.1`}, "198.51.100.1"},
		"open quote on a line of its own": {[]string{`for=192.0.2.66;y="`, `for=198.51.100.1`}, "198.51.100.1"},
		"open quote, then a proxy":        {[]string{`for=192.0.2.66;y=", for=198.51.100.1, for=10.0.0.2`}, "198.51.100.1"},
		"open quote, and nobody":          {[]string{`for=192.0.2.66;y=", for=10.0.0.2`}, "10.0.0.2"},
		"escaped quotes of a proxy":       {[]string{`for=192.0.2.66;y=", for=198.51.100.1;host="a\"b,c"`}, "198.51.100.1"},
		"backslashes in front of a quote": {[]string{`for=192.0.2.66, for=198.51.100.1;host="a\\"`}, "198.51.100.1"},
		"long quoted junk":                {[]string{`for="` + strings.Repeat(`\"x`, 10000) + `, for=198.51.100.1`}, "198.51.100.1"},
		"open quote behind a proxy":       {[]string{`for=192.0.2.66;y="`, `for=10.0.0.2`}, "10.0.0.2"},
		"quote inside of a value":         {[]string{`a=b"c;d";for=198.51.100.1`}, "10.0.0.1"},
		"text behind a quote":             {[]string{`a="b"c;for=198.51.100.1`}, "10.0.0.1"},
		"whole quotes before":             {[]string{`a="b" ;c="d";for=198.51.100.1`}, "198.51.100.1"},
		"spoofed proxy":                   {[]string{`for=10.9.9.9, for=198.51.100.1`}, "198.51.100.1"},
	} {
		r := sentFrom("10.0.0.1:443", "X-Forwarded-For: 192.0.2.77")
		r.Header["Forwarded"] = test.lines
		if got := auth.ClientAddr(r, parseProxies(t, "Forwarded", "10.0.0.0/8")).String(); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// D75: rotating the header dodges nothing, unless a trusted peer has written it.
func TestThrottlingIgnoresStrangersHeaders(t *testing.T) {
	for peer, want := range map[string]int{"203.0.113.9:1": 1, "10.0.0.1:1": 50} {
		seen := map[netip.Addr]bool{}
		for i := range 50 {
			r := sentFrom(peer)
			r.Header = http.Header{"X-Forwarded-For": {netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}).String()}}
			seen[auth.ClientAddr(r, parseProxies(t, "", "10.0.0.0/8"))] = true
		}
		if len(seen) != want {
			t.Errorf("from %s: %d addresses, want %d", peer, len(seen), want)
		}
	}
}

// R155, D75: an escaped quote in what the proxy itself appends does not close the quote that a caller has left open.
func TestForwardedEscapedQuotes(t *testing.T) {
	r := sentFrom("10.0.0.1:443")
	r.Header["Forwarded"] = []string{`for=192.0.2.66;a=", for=198.51.100.1;host="a\"b"`}
	if got := auth.ClientAddr(r, parseProxies(t, "Forwarded", "10.0.0.0/8")).String(); got != "198.51.100.1" {
		t.Errorf("the address is %s", got)
	}
}
