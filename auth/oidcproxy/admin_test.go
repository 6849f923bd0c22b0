package oidcproxy_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

const upIssuer = "https://idp.example.com"

func fingerprintOf(client string) string {
	sum := sha256.Sum256([]byte(client))
	return hex.EncodeToString(sum[:8])
}

// signInAs signs a user in with a client.
func (rg *rig) signInAs(subject, client string) family {
	rg.Helper()
	rg.idp.SignIn(authtest.User{Subject: subject, Claims: map[string]any{"email": subject + "@example.com"}})
	code := rg.browser().signIn(asking(client)).Get("code")
	return rg.redeemed(family{client: client, code: code}, rg.post("/token", redeeming(client, code)))
}

// wantStanding checks which families are good at the endpoint and for a refresh.
func (rg *rig) wantStanding(what string, want []bool, families ...*family) {
	rg.Helper()
	for i, f := range families {
		a := rg.call(f.access)
		if got := a.StatusCode == http.StatusOK; got != want[i] {
			rg.Errorf("%s: access token %d: %d", what, i, a.StatusCode)
		}
		if a = rg.post("/token", refreshing(f.client, f.refresh)); a.StatusCode == http.StatusOK {
			*f = rg.redeemed(*f, a)
		}
		if got := a.StatusCode == http.StatusOK; got != want[i] || !got && a.code() != "invalid_grant" {
			rg.Errorf("%s: refresh token %d: %d %s", what, i, a.StatusCode, a.body)
		}
	}
}

// R116: grants are ended by id, by user, by client and all together; those of others stand, and the identity provider is told of each.
func TestR116EndGrants(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		a, b := rg.client(), rg.client()
		annA, annB, bobA, bobB := rg.signInAs("ann", a), rg.signInAs("ann", b), rg.signInAs("bob", a), rg.signInAs("bob", b)
		cat := rg.signInAs("cat", b)
		all := []*family{&annA, &annB, &bobA, &bobB, &cat}
		rg.wantStanding("before", []bool{true, true, true, true, true}, all...)
		admin := rg.p.Administrator("ops")
		ended := func(what string, want, live int) func(int, error) {
			return func(got int, err error) {
				t.Helper()
				if got != want || err != nil {
					t.Errorf("%s: %d ended, want %d: %v", what, got, want, err)
				}
				sleep(time.Second)
				if n := rg.idp.LiveRefreshTokens(); n != live {
					t.Errorf("%s: %d refresh tokens at the provider, want %d (R114)", what, n, live)
				}
			}
		}
		one := rg.grants(oidcproxy.GrantFilter{Issuer: upIssuer, Subject: "ann", Client: a})
		if len(one) != 1 {
			t.Fatalf("%+v", one)
		}
		ended("an id", 1, 4)(admin.EndGrant(t.Context(), one[0].ID))
		rg.wantStanding("by id", []bool{false, true, true, true, true}, all...)
		ended("again", 0, 4)(admin.EndGrant(t.Context(), one[0].ID))
		ended("nobody", 0, 4)(admin.EndUser(t.Context(), "https://other.example.com", "bob"))
		ended("a user", 2, 2)(admin.EndUser(t.Context(), upIssuer, "bob"))
		rg.wantStanding("by user", []bool{false, true, false, false, true}, all...)
		annA = rg.signInAs("ann", a) // nobody is kept from coming again
		ended("a client, by fingerprint", 1, 2)(admin.EndClient(t.Context(), fingerprintOf(a)))
		rg.wantStanding("by client", []bool{false, true, false, false, true}, all...)
		ended("a client, by id", 2, 0)(admin.EndClient(t.Context(), b))
		rg.wantStanding("by client", make([]bool, 5), all...)
		annA, cat = rg.signInAs("ann", a), rg.signInAs("cat", b)
		ended("all", 2, 0)(admin.EndAll(t.Context()))
		rg.wantStanding("all", make([]bool, 5), all...)
		ended("all again", 0, 0)(admin.EndAll(t.Context()))
		for what, end := range map[string]func() (int, error){
			"no id": func() (int, error) { return admin.EndGrant(t.Context(), "") }, "a long id": func() (int, error) { return admin.EndGrant(t.Context(), one[0].ID+"x") },
			"another key": func() (int, error) { return admin.EndGrant(t.Context(), "../signin/"+one[0].ID[:33]) },
			"no issuer":   func() (int, error) { return admin.EndUser(t.Context(), "", "ann") }, "no subject": func() (int, error) { return admin.EndUser(t.Context(), upIssuer, "") },
			"no client": func() (int, error) { return admin.EndClient(t.Context(), "") },
		} {
			if n, err := end(); n != 0 || !errors.Is(err, oidcproxy.ErrSelection) {
				t.Errorf("%s: %d, %v", what, n, err)
			}
		}
	})
}

// R116: other replicas refuse what has ended within the time that they remember its status, and list the same.
func TestR116Replicas(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		remember := func(c *oidcproxy.Config) { c.Limits.StatusCache = 5 * time.Second }
		rg := newRig(t, remember)
		here := rg.handler
		there := rg.mount(rg.provider(remember))
		f, other := rg.signInAs("ann", rg.client()), rg.signInAs("bob", rg.client())
		at := func(h http.Handler, f family) int {
			rg.handler = h
			return rg.call(f.access).StatusCode
		}
		if at(here, f) != http.StatusOK || at(there, f) != http.StatusOK {
			t.Fatal("not signed in")
		}
		if n, err := rg.p.Administrator("ops").EndUser(t.Context(), upIssuer, "ann"); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if at(here, f) != http.StatusUnauthorized {
			t.Error("here it is not refused at once")
		}
		sleep(5 * time.Second)
		if at(here, f) != http.StatusUnauthorized || at(there, f) != http.StatusUnauthorized {
			t.Error("a replica still admits it")
		}
		if at(here, other) != http.StatusOK || at(there, other) != http.StatusOK {
			t.Error("another user is signed out")
		}
	})
}

// R116: what one provider lists and ends is its own, though others have their grants in the same store.
func TestR116ProvidersShareAStore(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	mine := rg.p
	elsewhere := rg.provider(func(c *oidcproxy.Config) { c.ResourceURL = "https://other.example.com/mcp" })
	for what, end := range map[string]func(*oidcproxy.Administrator) (int, error){
		"all":  func(a *oidcproxy.Administrator) (int, error) { return a.EndAll(t.Context()) },
		"user": func(a *oidcproxy.Administrator) (int, error) { return a.EndUser(t.Context(), upIssuer, "user") },
		"client": func(a *oidcproxy.Administrator) (int, error) {
			return a.EndClient(t.Context(), f.client)
		},
	} {
		if n, err := end(elsewhere.Administrator("")); n != 0 || err != nil {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
	rg.handler = rg.mount(mine)
	rg.wantStanding("of the other provider", []bool{true}, &f)
}

// R116, R150, R151: each ending is told with who did it to whom, and by what it was chosen.
func TestR116Events(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signInAs("ann", rg.client())
	id := rg.grants(oidcproxy.GrantFilter{})[0].ID
	rg.events = nil
	admin := rg.p.Administrator("eve\n\u202elevel=ERROR")
	_, err := admin.Grants(t.Context(), oidcproxy.GrantFilter{Issuer: upIssuer, Subject: "ann", Client: f.client})
	_, err2 := admin.EndUser(t.Context(), upIssuer, "ann")
	_, err3 := rg.p.Administrator("").EndUser(t.Context(), upIssuer, "ann") // who has no grants any more
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	ann := auth.Event{
		Mode: oidcproxy.Method, Principal: (&auth.Principal{Issuer: upIssuer, Subject: "ann"}).Key(), Subject: "ann", ClientID: fingerprintOf(f.client), Reason: "user", By: "evelevel=ERROR",
	}
	listed, ended := ann, ann
	listed.Name, ended.Name, ended.Operation = oidcproxy.EventAdminListed, oidcproxy.EventAdminEnded, id
	if diff := cmp.Diff([]auth.Event{listed, ended}, rg.events, cmpopts.IgnoreFields(auth.Event{}, "Time", "ClientAddr")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !strings.Contains(rg.logged(), "by=") {
		t.Errorf("the log: %s", rg.logged())
	}
	rg.signInAs("ann", f.client)
	if _, err := rg.p.Administrator("").EndAll(t.Context()); err != nil || rg.events[len(rg.events)-1].By != "host" || rg.events[len(rg.events)-1].Reason != "all" {
		t.Errorf("%+v, %v", rg.events[len(rg.events)-1], err)
	}
}
