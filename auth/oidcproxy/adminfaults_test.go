package oidcproxy_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// R116, R109: a refresh that is under way does not bring the grant back, and what the identity provider gives for it is revoked.
func TestR116EndedDuringARefresh(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, delay := slowly()
		rg := newRig(t, change)
		f := rg.signedIn()
		delay.Store(int64(2 * time.Second))
		var all sync.WaitGroup
		all.Go(func() {
			rg.want("ended meanwhile", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
		})
		sleep(time.Second)
		if n, err := rg.p.Administrator("ops").EndAll(t.Context()); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		all.Wait()
		delay.Store(0)
		rg.wantStanding("after it", []bool{false}, &f)
		sleep(10 * time.Second)
		if n := rg.idp.LiveRefreshTokens() + len(rg.grants(oidcproxy.GrantFilter{})); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

// A refreshedBefore store has something happen before the first Take.
type refreshedBefore struct {
	store.Store
	happen func()
}

func (s *refreshedBefore) Take(ctx context.Context, key string) ([]byte, error) {
	if happen := s.happen; happen != nil {
		s.happen = nil
		happen()
	}
	return s.Store.Take(ctx, key)
}

// A slowTakes store takes its time for each Take.
type slowTakes struct {
	store.Store
	delay *time.Duration
}

func (s slowTakes) Take(ctx context.Context, key string) ([]byte, error) {
	sleep(*s.delay)
	return s.Store.Take(ctx, key)
}

// R114, R116: the refresh token of the identity provider that is revoked is the last one, though it has come a moment before, or could not be stored.
func TestR116LastTokenIsRevoked(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		hooked := &refreshedBefore{Store: rg.store}
		rg.p = rg.provider(func(c *oidcproxy.Config) { c.Store = hooked })
		end := func(what string) {
			t.Helper()
			if n, err := rg.p.Administrator("ops").EndAll(t.Context()); n != 1 || err != nil {
				t.Errorf("%s: %d, %v", what, n, err)
			}
			sleep(time.Second)
			if n := rg.idp.LiveRefreshTokens(); n != 0 {
				t.Errorf("%s: %d live", what, n)
			}
		}
		f := rg.signedIn()
		hooked.happen = func() { f = rg.refreshed(f) }
		end("rotated before it was taken")
		f = rg.signedIn()
		rg.failingSwap(2, 1000)
		rg.want("not saved", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		rg.failing(nil)
		end("not saved")
	})
}

// R114, R116: the identity provider is told of every grant of many, though only some at once, and Close does not wait for it.
func TestR116ManyAreRevoked(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		change, delay := slowly()
		rg := newRig(t, change)
		client := rg.client()
		many := func() {
			for i := range 100 {
				rg.signInAs(fmt.Sprint("user", i), client)
			}
			delay.Store(int64(3 * time.Second))
			if n, err := rg.p.Administrator("ops").EndAll(t.Context()); n != 100 || err != nil {
				t.Errorf("%d, %v", n, err)
			}
			sleep(time.Second)
		}
		many()
		if n := 100 - rg.idp.LiveRefreshTokens(); n > 16 {
			t.Errorf("%d at once", n)
		}
		sleep(time.Minute)
		if n := rg.idp.LiveRefreshTokens(); n != 0 {
			t.Errorf("%d live", n)
		}
		delay.Store(0)
		many()
		began := time.Now()
		if err := rg.p.Close(); err != nil || time.Since(began) > 4*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// R116: records that cannot be read are listed by their ids, and ended.
func TestR116UnreadableRecords(t *testing.T) {
	rg := newRig(t, nil)
	rg.signedIn()
	keys, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	rg.keys = keys
	rg.p = rg.provider(nil)
	f := rg.signedIn()
	found := rg.grants(oidcproxy.GrantFilter{Issuer: upIssuer, Subject: "user"})
	lost := slices.IndexFunc(found, func(g oidcproxy.GrantInfo) bool { return g.Unreadable })
	if len(found) != 2 || lost < 0 || cmp.Diff(oidcproxy.GrantInfo{ID: found[lost].ID, Unreadable: true}, found[lost]) != "" {
		t.Fatalf("%+v", found)
	}
	if n, err := rg.p.Administrator("ops").EndGrant(t.Context(), found[lost].ID); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	rg.wantStanding("the readable one", []bool{true}, &f)
	if n := len(rg.grants(oidcproxy.GrantFilter{})); n != 1 {
		t.Errorf("%d are left", n)
	}
	if n, err := rg.p.Administrator("ops").EndUser(t.Context(), upIssuer, "user"); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// R116: a store that fails for some grants keeps none of the others from ending; one that is gone is not asked for each. Trying again ends the rest.
func TestR116StoreFails(t *testing.T) {
	broken := errors.New("a blip of the store")
	for _, op := range []string{"get", "take"} {
		rg := newRig(t, nil)
		client := rg.client()
		for i := range 30 {
			rg.signInAs(fmt.Sprint("user", i), client)
		}
		admin, count := rg.p.Administrator("ops"), 0
		rg.failing(func(each string) error {
			if each == op {
				if count++; count%4 == 0 {
					return broken
				}
			}
			return nil
		})
		n, err := admin.EndAll(t.Context())
		if n != 23 || !errors.Is(err, broken) {
			t.Errorf("%s: %d, %v", op, n, err)
		}
		if told := rg.happened(oidcproxy.EventAdminFailed); told != 7 {
			t.Errorf("%s: %d failures are told", op, told)
		}
		count = 0
		rg.failing(func(each string) error {
			if each != op {
				return nil
			}
			count++
			return broken
		})
		if n, err := admin.EndAll(t.Context()); n != 0 || !errors.Is(err, broken) || count != 5 || !strings.Contains(err.Error(), "2 grants left") {
			t.Errorf("%s, gone: %d after %d, %v", op, n, count, err)
		}
		rg.failing(nil)
		if n, err := admin.EndAll(t.Context()); n != 7 || err != nil {
			t.Errorf("%s, again: %d, %v", op, n, err)
		}
		rg.failing(func(string) error { return broken })
		if _, err := admin.Grants(t.Context(), oidcproxy.GrantFilter{}); !errors.Is(err, broken) || errors.Is(err, oidcproxy.ErrSelection) {
			t.Errorf("list: %v", err)
		}
		if n, err := admin.EndAll(t.Context()); n != 0 || !errors.Is(err, broken) {
			t.Errorf("no list: %d, %v", n, err)
		}
	}
}
