package oidcproxy_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// grants lists all that a filter selects, page by page.
func (rg *rig) grants(f oidcproxy.GrantFilter) []oidcproxy.GrantInfo {
	rg.Helper()
	var all []oidcproxy.GrantInfo
	for {
		page, err := rg.p.Administrator("test").Grants(rg.Context(), f)
		if err != nil {
			rg.Fatal(err)
		}
		if all = append(all, page.Grants...); page.Next == "" {
			return all
		}
		f.Cursor = page.Next
	}
}

// R116: the list says of each grant what is stored, and nothing else.
func TestR116GrantInfo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) {
			c.Claims = []string{"email"}
			c.Clients = []oidcproxy.Client{{ID: "0123456789abcdef", RedirectURIs: []string{clientCB}}} // as a fingerprint is
		})
		f := rg.signInAs("ann", rg.client())
		began := time.Now().Truncate(time.Second)
		sleep(hour)
		rg.refreshed(f)
		known := rg.signInAs("bob", "0123456789abcdef")
		rg.idp.SignIn(authtest.User{Subject: "cat"})
		rg.browser().signIn(asking(f.client))
		now := time.Now().Truncate(time.Second)
		want := []oidcproxy.GrantInfo{
			{
				Subject: "ann", Claims: map[string]json.RawMessage{"email": json.RawMessage(`"ann@example.com"`)}, Client: fingerprintOf(f.client), ClientOrigin: "registered",
				SignedIn: began, Renewed: now, Lapses: now.Add(30 * 24 * hour), Ends: began.Add(90 * 24 * hour),
			},
			{
				Subject: "bob", Claims: map[string]json.RawMessage{"email": json.RawMessage(`"bob@example.com"`)}, Client: fingerprintOf(known.client), ClientOrigin: "configured",
				ClientID: known.client, SignedIn: now, Renewed: now, Lapses: now.Add(30 * 24 * hour), Ends: now.Add(90 * 24 * hour),
			},
			{Subject: "cat", Client: fingerprintOf(f.client), ClientOrigin: "registered", SignedIn: now, Lapses: now.Add(time.Minute), Ends: now.Add(90 * 24 * hour), Pending: true},
		}
		for i := range want {
			want[i].Issuer, want[i].Scopes = upIssuer, []string{"mcp:read"}
		}
		bySubject := func(a, b oidcproxy.GrantInfo) int { return strings.Compare(a.Subject, b.Subject) }
		got := rg.grants(oidcproxy.GrantFilter{})
		slices.SortFunc(got, bySubject)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(oidcproxy.GrantInfo{}, "ID")); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		for what, row := range map[string]struct {
			filter oidcproxy.GrantFilter
			want   string
		}{
			"a user":                  {oidcproxy.GrantFilter{Issuer: upIssuer, Subject: "bob"}, "bob"},
			"a client":                {oidcproxy.GrantFilter{Client: f.client}, "ann cat"},
			"its fingerprint":         {oidcproxy.GrantFilter{Client: fingerprintOf(f.client)}, "ann cat"},
			"both":                    {oidcproxy.GrantFilter{Issuer: upIssuer, Subject: "cat", Client: f.client}, "cat"},
			"both, apart":             {oidcproxy.GrantFilter{Issuer: upIssuer, Subject: "bob", Client: f.client}, ""},
			"a client like one":       {oidcproxy.GrantFilter{Client: known.client}, "bob"},
			"nobody":                  {oidcproxy.GrantFilter{Issuer: upIssuer, Subject: "dan"}, ""},
			"another identity's user": {oidcproxy.GrantFilter{Issuer: issuer, Subject: "bob"}, ""},
		} {
			found := rg.grants(row.filter)
			slices.SortFunc(found, bySubject)
			var subjects []string
			for _, g := range found {
				subjects = append(subjects, g.Subject)
			}
			if got := strings.Join(subjects, " "); got != row.want {
				t.Errorf("%s: %q, want %q", what, got, row.want)
			}
		}
		sleep(30*24*hour + time.Second)
		if left := rg.grants(oidcproxy.GrantFilter{}); len(left) != 0 {
			t.Errorf("what has ended by itself is listed: %+v", left)
		}
	})
}

// R116: a page reads its grants and no others, and pages have every grant once, though some end in between.
func TestR116Pages(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) {
		off := oidcproxy.Rate{PerSecond: -1}
		c.RateLimits.Authorize, c.RateLimits.Consent, c.RateLimits.Callback = off, off, off
		c.Limits.GrantsPerClient, c.Limits.GrantsPerUser = 500, 500
	})
	client := rg.client()
	for range 205 {
		rg.browser().signIn(asking(client))
	}
	admin, s := rg.p.Administrator("test"), rg.store.(*counting)
	pageOf := func(f oidcproxy.GrantFilter) oidcproxy.GrantPage {
		t.Helper()
		s.calls = nil
		page, err := admin.Grants(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if want := 1 + len(page.Grants); len(s.calls) != want {
			t.Errorf("the store was asked %d times for %d grants", len(s.calls), len(page.Grants))
		}
		return page
	}
	for _, size := range []int{0, 1, 100, 204, 205, 206, 1000} {
		seen := map[string]bool{}
		for f := (oidcproxy.GrantFilter{Limit: size}); ; {
			page := pageOf(f)
			for _, g := range page.Grants {
				seen[g.ID] = true
			}
			if page.Next == "" {
				break
			}
			if want := max(size, 1); size != 0 && len(page.Grants) != want || size == 0 && len(page.Grants) != 100 {
				t.Errorf("a page of %d has %d", size, len(page.Grants))
			}
			f.Cursor = page.Next
			if size == 1 && len(seen) > 3 {
				break
			}
		}
		if len(seen) != 205 && size != 1 {
			t.Errorf("pages of %d have %d grants", size, len(seen))
		}
	}
	first := pageOf(oidcproxy.GrantFilter{Limit: 100})
	if _, err := admin.EndGrant(t.Context(), first.Next); err != nil {
		t.Fatal(err)
	}
	if next := pageOf(oidcproxy.GrantFilter{Limit: 1000, Cursor: first.Next}); len(next.Grants) != 105 || next.Next != "" {
		t.Errorf("behind a cursor that has ended: %d, %q", len(next.Grants), next.Next)
	}
	for what, f := range map[string]oidcproxy.GrantFilter{
		"too many": {Limit: 1001}, "too few": {Limit: -1}, "a cursor": {Cursor: "x"}, "half a user": {Issuer: upIssuer}, "the other half": {Subject: "user"},
	} {
		if _, err := admin.Grants(t.Context(), f); !errors.Is(err, oidcproxy.ErrSelection) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// R116, D86: the id of a grant is no token, and none is in a list.
func TestR116ListHasNoSecret(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	listed, err := json.Marshal(rg.grants(oidcproxy.GrantFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(f.access, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	for name, value := range claims {
		if text, ok := value.(string); ok && (name == "gid" || name == "jti") && strings.Contains(string(listed), text) {
			t.Errorf("the list has %s", name)
		}
	}
	for what, secret := range map[string]string{"client id": f.client, "access token": f.access, "refresh token": f.refresh, "code": f.code} {
		if strings.Contains(string(listed), secret) {
			t.Errorf("the list has the %s", what)
		}
	}
	id := rg.grants(oidcproxy.GrantFilter{})[0].ID
	for _, prefix := range []string{"", "mcpr_", "mcpa_"} {
		rg.want("as a refresh token", rg.post("/token", refreshing(f.client, prefix+id)), http.StatusBadRequest, "invalid_grant")
		rg.want("as a code", rg.post("/token", redeeming(f.client, prefix+id)), http.StatusBadRequest, "invalid_grant")
		if a := rg.call(prefix + id); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("as an access token: %d", a.StatusCode)
		}
	}
}
