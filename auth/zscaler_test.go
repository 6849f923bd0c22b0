package auth_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// R135: what is missing or out of bounds does not start, all at once, and nobody is asked for that.
func TestNewZscalerNamesEveryMistake(t *testing.T) {
	everybody := auth.Proxies{Prefixes: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}
	_, err := auth.NewZscaler(auth.ZscalerConfig{Headers: []string{"X-Api-Key"}, Proxies: everybody, MaxAge: 2 * time.Hour, FailureAge: time.Second, MaxEntries: -1})
	for _, want := range []string{"Verify is missing", `"X-Api-Key"`, "covers every address", "MaxAge", "FailureAge", "MaxEntries"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	o := &oneAPI{}
	for name, test := range map[string]struct {
		cfg auth.ZscalerConfig
		ok  bool
	}{
		"nothing":              {auth.ZscalerConfig{}, true},
		"Authorization":        {auth.ZscalerConfig{Headers: []string{"authorization"}}, true},
		"one of the pair":      {auth.ZscalerConfig{Headers: []string{"X-Zscaler-Client-ID"}}, true},
		"another header":       {auth.ZscalerConfig{Headers: []string{"Authorization", "Cookie"}}, false},
		"MaxAge of an hour":    {auth.ZscalerConfig{MaxAge: time.Hour}, true},
		"MaxAge above it":      {auth.ZscalerConfig{MaxAge: time.Hour + 1}, false},
		"MaxAge below zero":    {auth.ZscalerConfig{MaxAge: -1}, false},
		"shortest FailureAge":  {auth.ZscalerConfig{FailureAge: 30 * time.Second}, true},
		"FailureAge below it":  {auth.ZscalerConfig{FailureAge: 30*time.Second - 1}, false},
		"longest FailureAge":   {auth.ZscalerConfig{FailureAge: time.Minute}, true},
		"FailureAge above it":  {auth.ZscalerConfig{FailureAge: time.Minute + 1}, false},
		"negative FailureAge":  {auth.ZscalerConfig{FailureAge: -time.Minute}, false},
		"one entry":            {auth.ZscalerConfig{MaxEntries: 1}, true},
		"fewer than none":      {auth.ZscalerConfig{MaxEntries: -1}, false},
		"a proxy":              {auth.ZscalerConfig{Proxies: proxies("10.0.0.0/8")}, true},
		"a proxy's odd header": {auth.ZscalerConfig{Proxies: auth.Proxies{Header: "X-Real-Ip"}}, false},
	} {
		test.cfg.Verify = o.verify
		if z, err := auth.NewZscaler(test.cfg); (err == nil) != test.ok || (z != nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if o.calls() != 0 {
		t.Errorf("%q", o.asked)
	}
}

// R135, R132: both forms of a pair name the same caller, whatever the case of the scheme.
func TestZscalerPrincipal(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}, attach: func(id string) any { return "client of " + id }}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		want := &auth.Principal{Issuer: "zscaler", Subject: "alice", ClientID: "alice", Method: "zscaler", Expires: time.Now().Add(time.Hour)}
		for name, r := range map[string]*http.Request{
			"Basic":  basicAuth("alice", "s3cret"),
			"basic":  with("Authorization", "basic "+encoded("alice:s3cret")),
			"BASIC ": with("Authorization", "BASIC    "+encoded("alice:s3cret")),
			"pair":   pairHeaders("alice", "s3cret"),
		} {
			for range 2 { // at first sight, and from memory
				got, err := z.Authenticate(r)
				if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(auth.Principal{})); err != nil || diff != "" {
					t.Fatalf("%s: %v (-want +got):\n%s", name, err, diff)
				}
				if got.Key() != want.Key() || got.Attachment() != "client of alice" {
					t.Errorf("%s: key %s, attachment %v", name, got.Key(), got.Attachment())
				}
			}
		}
		if o.calls() != 2 {
			t.Errorf("%d checks, want one for each form", o.calls())
		}
	})
}

// R135, D91, RFC 7617 section 2: the first colon ends the id; everything behind it is the secret, as it is.
func TestZscalerReadsPairs(t *testing.T) {
	for _, pair := range [][2]string{{"id", ":"}, {"id", ":a:b:"}, {"id", "two words"}, {"id", " edges "}, {"zscaler ä", "pässwörd"}, {"id", "%41+/="}, {"i", "s"}} {
		o := &oneAPI{secrets: map[string]string{pair[0]: pair[1]}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		expect(t, o, z, basicAuth(pair[0], pair[1]), 200, 1)
		expect(t, o, z, pairHeaders(pair[0], pair[1]), 200, 2)
		if want := pair[0] + ":" + pair[1]; o.asked[0] != want || o.asked[1] != want {
			t.Errorf("asked about %q, want %q", o.asked, want)
		}
	}
}

// R131, R132, R135, R160: what is no pair is refused without asking anybody, and never echoed.
func TestZscalerRefusesWhatIsNoPair(t *testing.T) {
	const id, secret = "X-Zscaler-Client-ID", "X-Zscaler-Client-Secret"
	raw := func(token string) *http.Request { return with("Authorization", "Basic "+token) }
	both := basicAuth("alice", "s3cret")
	both.Header.Set(id, "alice")
	for name, test := range map[string]struct {
		r      *http.Request
		status int
	}{
		"Basic":                    {raw("YWxpY2U6czNjcmV0"), 200},
		"padded":                   {raw("YWxpY2U6czNjcmU="), 200},
		"pair":                     {pairHeaders("alice", "s3cret"), 200},
		"unpadded":                 {raw("YWxpY2U6czNjcmU"), 401},
		"bits behind the end":      {raw("YWxpY2U6czNjcmV="), 401},
		"alphabet of URLs":         {raw("YWxpY2U6czNjc-_0"), 401},
		"no base64":                {raw("alice.s3cret"), 401},
		"no token68":               {raw("alice:s3cret"), 400},
		"two tokens":               {raw("YWxpY2U6czNjcmV0 s3cret"), 400},
		"nothing":                  {raw(""), 401},
		"no colon":                 {raw(encoded("alice-s3cret")), 401},
		"empty id":                 {basicAuth("", "s3cret"), 401},
		"empty secret":             {basicAuth("alice", ""), 401},
		"colon alone":              {raw(encoded(":")), 401},
		"NUL in the id":            {basicAuth("ali\x00ce", "s3cret"), 401},
		"NUL in the secret":        {basicAuth("alice", "s3c\x00ret"), 401},
		"tab":                      {basicAuth("alice\t", "s3cret"), 401},
		"line feed":                {basicAuth("alice", "s3cret\n"), 401},
		"escape":                   {basicAuth("alice", "\x1bs3cret"), 401},
		"delete":                   {basicAuth("alice", "s3cret\x7f"), 401},
		"no UTF-8":                 {basicAuth("alice", "s3cret\xff"), 401},
		"id without UTF-8":         {basicAuth("al\xc3", "s3cret"), 401},
		"NUL in the header":        {pairHeaders("alice", "s3\x00cret"), 401},
		"tab in the header":        {pairHeaders("ali\tce", "s3cret"), 401},
		"header without UTF-8":     {pairHeaders("alice", "s3cret\xe4"), 401},
		"id alone":                 {with(id, "alice"), 400},
		"secret alone":             {with(secret, "s3cret"), 400},
		"empty secret's header":    {pairHeaders("alice", ""), 400},
		"empty id's header":        {pairHeaders("", "s3cret"), 400},
		"empty headers":            {pairHeaders("", ""), 400},
		"two ids":                  {with(id, "alice", id, "bob", secret, "s3cret"), 400},
		"Basic and a header":       {both, 400},
		"Basic twice":              {with("Authorization", "Basic YTpi", "Authorization", "Basic YTpi"), 400},
		"secret of 16 KiB":         {pairHeaders("alice", strings.Repeat("s", 16<<10)), 200},
		"secret of more than that": {pairHeaders("alice", strings.Repeat("s", 16<<10+1)), 401},
	} {
		t.Run(name, func(t *testing.T) {
			o := &oneAPI{}
			z := newZscaler(t, o, auth.ZscalerConfig{})
			calls := 0
			if test.status == 200 {
				calls = 1
			}
			w := expect(t, o, z, test.r, test.status, calls)
			if text := fmt.Sprint(w.Header(), w.Body); test.status != 200 && strings.Contains(strings.ToLower(text), "s3c") {
				t.Errorf("the answer repeats the credential: %s", text)
			}
		})
	}
}

// R118, R132: a good pair counts in its own scheme only, were it in memory.
func TestZscalerLeavesOtherSchemesAlone(t *testing.T) {
	o := &oneAPI{}
	z := newZscaler(t, o, auth.ZscalerConfig{})
	expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
	for _, scheme := range []string{"Bearer", "bearer", "Basicx", "Digest", "Negotiate"} {
		r := with("Authorization", scheme+" "+encoded("alice:s3cret"))
		if p, err := z.Authenticate(r); p != nil || !errors.Is(err, auth.ErrNotMine) {
			t.Errorf("%s: %v, %v", scheme, p, err)
		}
		expect(t, o, z, r, 401, 1)
	}
	expect(t, o, z, with("X-Api-Key", encoded("alice:s3cret")), 401, 1)
	expect(t, o, z, with(), 401, 1)
}
