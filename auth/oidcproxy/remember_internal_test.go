package oidcproxy

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/store"
)

// rememberer is as much of a provider as remembered consent needs.
func rememberer(t testing.TB) *Provider {
	t.Helper()
	keys, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{keys: keys, issuer: "https://mcp.example.com", resource: "https://mcp.example.com/mcp", cookiePrefix: "__Host-", now: time.Now}
	p.cfg.RememberConsent = maxRememberConsent
	return p
}

// manyApprovals are as many as there are to be, each with bits for so many scopes.
func manyApprovals(n, scopes int) []approval {
	all := make([]approval, n)
	for i := range all {
		all[i] = approval{at: time.Now().Unix(), lasts: uint32(maxRememberConsent / time.Second), scopes: make([]byte, (scopes+7)/8)}
		_, _ = rand.Read(all[i].of[:])
		_, _ = rand.Read(all[i].scopes)
	}
	return all
}

// R72: whatever is remembered, the cookie has at most 4 KiB; up to 640 scopes leave room for all 25 approvals, and what does not fit are the oldest.
func TestR72SizeOfTheCookie(t *testing.T) {
	p := rememberer(t)
	browser := randomText()
	for _, scopes := range []int{0, 1, 8, 100, 640, 1000, 5000, 20_000, 100_000} {
		for _, n := range []int{0, 1, 24, 25, 26, 100} {
			all := manyApprovals(n, scopes)
			w := httptest.NewRecorder()
			if err := p.setApprovals(w, browser, all); err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			for _, line := range w.Header()["Set-Cookie"] {
				if len(line) > 4096 {
					t.Errorf("%d scopes, %d approvals: a cookie of %d bytes", scopes, n, len(line))
				}
			}
			for _, cookie := range w.Result().Cookies() {
				r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
			}
			kept := p.approvals(r, browser)
			if want := min(n, maxRemembered); scopes <= 640 && len(kept) != want || len(kept) > want {
				t.Errorf("%d scopes, %d approvals: %d are kept", scopes, n, len(kept))
			}
			if diff := cmp.Diff(all[n-len(kept):], kept, cmp.AllowUnexported(approval{})); len(kept) > 0 && diff != "" {
				t.Errorf("%d scopes, %d approvals: %s", scopes, n, diff)
			}
		}
	}
}

// R160: what is read of approvals reads the same again, is bounded, and nothing makes the reader panic.
func FuzzApprovals(f *testing.F) {
	one := encodeApprovals(manyApprovals(1, 9))
	for _, seed := range [][]byte{nil, one, one[:len(one)-1], append(bytes.Clone(one), 0), encodeApprovals(manyApprovals(25, 2)), encodeApprovals(manyApprovals(26, 0)), append(bytes.Clone(one[:approvalBytes]), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		all := decodeApprovals(plain)
		if len(all) > maxRemembered {
			t.Fatalf("%d approvals", len(all))
		}
		if diff := cmp.Diff(all, decodeApprovals(encodeApprovals(all)), cmp.AllowUnexported(approval{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

// R160, D50: nothing is read from a cookie but what was sealed, for this browser.
func FuzzRememberCookie(f *testing.F) {
	p := rememberer(f)
	browser := randomText()
	w := httptest.NewRecorder()
	if err := p.setApprovals(w, browser, manyApprovals(3, 2)); err != nil {
		f.Fatal(err)
	}
	good := w.Result().Cookies()[0].Value
	form, err := p.keys.Seal(requestPurpose, []byte(`{}`), p.browserAAD(browser))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", good, good[1:], good[:len(good)-1], good + "A", good + good, form, "\"" + good + "\"", "AQ", "."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Cookie", "__Host-"+rememberCookieName+"="+text)
		sent, ok := p.cookie(r, rememberCookieName)
		if kept := p.approvals(r, browser); len(kept) > 0 && (!ok || sent != good) {
			t.Fatalf("%q is read as %d approvals", text, len(kept))
		}
		if kept := p.approvals(r, randomText()); len(kept) > 0 {
			t.Fatalf("%q is read in another browser", text)
		}
	})
}
