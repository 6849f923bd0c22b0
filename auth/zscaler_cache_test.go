package auth_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// R135: a pair is checked once in the life of its token, less a minute or a tenth, and once an hour or MaxAge at least.
func TestZscalerRemembersForTheLifeOfTheToken(t *testing.T) {
	for name, test := range map[string]struct {
		life, maxAge time.Duration // 0: not known; default
		want         time.Duration
	}{
		"not known":               {0, 0, time.Hour},
		"not known, MaxAge":       {0, 10 * time.Minute, 10 * time.Minute},
		"a day":                   {24 * time.Hour, 0, time.Hour},
		"a day, MaxAge":           {24 * time.Hour, time.Minute, time.Minute},
		"under an hour":           {time.Hour - time.Second, 0, 59*time.Minute - time.Second},
		"half an hour":            {30 * time.Minute, 0, 29 * time.Minute},
		"half an hour, MaxAge":    {30 * time.Minute, 10 * time.Minute, 10 * time.Minute},
		"where both margins meet": {10 * time.Minute, 0, 9 * time.Minute},
		"a little":                {100 * time.Second, 0, 90 * time.Second},
		"less than MaxAge":        {5 * time.Minute, 10 * time.Minute, 270 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				o := &oneAPI{life: test.life}
				z := newZscaler(t, o, auth.ZscalerConfig{MaxAge: test.maxAge})
				began := time.Now()
				for range 100 {
					expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
				}
				p, err := z.Authenticate(basicAuth("alice", "s3cret"))
				if err != nil || p.Expires.Sub(began) != test.want {
					t.Errorf("expires after %s, want %s; %v", p.Expires.Sub(began), test.want, err)
				}
				time.Sleep(test.want - 1)
				expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
				time.Sleep(time.Nanosecond)
				expect(t, o, z, basicAuth("alice", "s3cret"), 200, 2)
			})
		})
	}
}

// A revocable attachment says when its caller must be checked anew.
type revocable struct{ revoked atomic.Bool }

func (r *revocable) Revoked() bool { return r.revoked.Load() }

// An attachment that is revoked has its caller checked at the next request; the outcome of that counts.
func TestZscalerAttachmentIsRevoked(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}, attach: func(string) any { return &revocable{} }}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		attached := func(calls int) *revocable {
			t.Helper()
			p, err := z.Authenticate(basicAuth("alice", "s3cret"))
			if err != nil || o.calls() != calls {
				t.Fatalf("%v after %d checks, want %d", err, o.calls(), calls)
			}
			return p.Attachment().(*revocable)
		}
		first := attached(1)
		if attached(1) != first {
			t.Error("another attachment without a check")
		}
		first.revoked.Store(true)
		second := attached(2)
		if second == first || attached(2) != second {
			t.Error("the attachment of the new check is not the one that counts")
		}
		second.revoked.Store(true)
		o.change(func() { o.secrets["alice"] = "rotated" })
		expect(t, o, z, basicAuth("alice", "s3cret"), 401, 3)
		expect(t, o, z, basicAuth("alice", "s3cret"), 401, 3)
	})
}

// R135: a wrong pair is not checked again for 30 to 60 seconds; the right one need not wait for that.
func TestZscalerRemembersWrongPairs(t *testing.T) {
	for age, cfg := range map[time.Duration]auth.ZscalerConfig{30 * time.Second: {}, time.Minute: {FailureAge: time.Minute}} {
		bubble.Test(t, func(t *testing.T) {
			o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}}
			z := newZscaler(t, o, cfg)
			for range 100 {
				expect(t, o, z, basicAuth("alice", "wrong"), 401, 1)
			}
			time.Sleep(age - 1)
			expect(t, o, z, basicAuth("alice", "wrong"), 401, 1)
			expect(t, o, z, basicAuth("alice", "s3cret"), 200, 2)
			time.Sleep(time.Nanosecond)
			expect(t, o, z, basicAuth("alice", "wrong"), 401, 3)
			expect(t, o, z, basicAuth("alice", "s3cret"), 200, 3)
		})
	}
}

// R135: trouble is no verdict: 503, asked again after a second and no sooner, and held against nobody.
func TestZscalerUpstreamTrouble(t *testing.T) {
	for name, trouble := range map[string]error{
		"refused": errors.New("connection refused"), "deadline": context.DeadlineExceeded, "cancelled": fmt.Errorf("x: %w", context.Canceled),
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				o := &oneAPI{trouble: trouble, secrets: map[string]string{"alice": "s3cret"}}
				z := newZscaler(t, o, auth.ZscalerConfig{})
				for i := range 50 {
					w := expect(t, o, z, basicAuth("alice", "s3cret"), 503, i+1)
					if w.Header().Get("Retry-After") == "" {
						t.Error("no Retry-After")
					}
					time.Sleep(time.Second - 1)
					expect(t, o, z, basicAuth("alice", "s3cret"), 503, i+1)
					time.Sleep(time.Nanosecond)
				}
				o.change(func() { o.trouble = nil })
				expect(t, o, z, basicAuth("alice", "s3cret"), 200, 51)
			})
		})
	}
}

// The table of good pairs is bounded, by what the heap says too; who falls out of it is checked again.
func TestZscalerEntriesAreBounded(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const callers = 3000
		o := &oneAPI{attach: func(string) any { return make([]byte, 10<<10) }}
		z := newZscaler(t, o, auth.ZscalerConfig{MaxEntries: 100})
		name := func(i int) string { return fmt.Sprint("client-", i) }
		before := heap()
		for i := range callers {
			expect(t, o, z, at(fmt.Sprintf("10.0.%d.%d", i/250, i%250), basicAuth(name(i), "s3cret")), 200, i+1)
			time.Sleep(100 * time.Millisecond)
		}
		if grown := heap() - before; grown > 4<<20 {
			t.Errorf("100 entries of 10 KiB hold %d bytes", grown)
		}
		for i := callers - 50; i < callers; i++ {
			expect(t, o, z, basicAuth(name(i), "s3cret"), 200, callers)
		}
		expect(t, o, z, basicAuth(name(0), "s3cret"), 200, callers+1)
		runtime.KeepAlive(z)
	})
}

// D91: another split of the same text, or another form of it, is another credential.
func TestZscalerPairsNeverCollide(t *testing.T) {
	o := &oneAPI{secrets: map[string]string{"a": "bc", "id": "b:c"}}
	z := newZscaler(t, o, auth.ZscalerConfig{})
	expect(t, o, z, basicAuth("a", "bc"), 200, 1)
	expect(t, o, z, basicAuth("ab", "c"), 401, 2)
	expect(t, o, z, at("192.0.2.2", pairHeaders("ab", "c")), 401, 3)
	expect(t, o, z, pairHeaders("a", "bc"), 200, 4)
	expect(t, o, z, basicAuth("id", "b:c"), 200, 5)
	expect(t, o, z, pairHeaders("id:b", "c"), 401, 6)
	expect(t, o, z, pairHeaders("id", "b:c"), 200, 7)
	expect(t, o, z, pairHeaders("", "abc"), 400, 7)
	expect(t, o, z, pairHeaders("basic", encoded("a:bc")), 401, 8)
	if last := o.asked[5]; last != "id:b:c" { // the id has the colon
		t.Errorf("asked about %q", last)
	}
}

// D91: after a rotation the new secret works at once, and the old one until it must be checked and no longer.
func TestZscalerSecretRotation(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "old"}, life: time.Hour - time.Second}
		z := newZscaler(t, o, auth.ZscalerConfig{MaxAge: 20 * time.Minute})
		expect(t, o, z, basicAuth("alice", "old"), 200, 1)
		o.change(func() { o.secrets["alice"] = "new" })
		expect(t, o, z, basicAuth("alice", "new"), 200, 2)
		time.Sleep(20*time.Minute - 1)
		expect(t, o, z, basicAuth("alice", "old"), 200, 2)
		time.Sleep(time.Nanosecond)
		expect(t, o, z, basicAuth("alice", "old"), 401, 3)
		time.Sleep(time.Minute)
		expect(t, o, z, basicAuth("alice", "new"), 200, 4)
		expect(t, o, z, basicAuth("alice", "old"), 401, 5)
	})
}

// R160: principals never mix up, whether entries come and go or stay.
func TestZscalerPrincipalsNeverMix(t *testing.T) {
	for _, entries := range []int{0, 4} {
		bubble.Test(t, func(t *testing.T) {
			o := &oneAPI{attach: func(id string) any { return id }}
			z := newZscaler(t, o, auth.ZscalerConfig{MaxEntries: entries})
			var all sync.WaitGroup
			for i := range 8 {
				name, secret := fmt.Sprint("client-", i), strings.Repeat("s", i+1)
				all.Go(func() {
					for range 200 {
						p, err := z.Authenticate(at(fmt.Sprint("10.0.0.", i), basicAuth(name, secret)))
						if err != nil || p.Subject != name || p.ClientID != name || p.Attachment() != name {
							t.Errorf("%+v, %v; want %s", p, err, name)
							return
						}
						time.Sleep(time.Second)
					}
				})
			}
			all.Wait()
			if n := o.calls(); entries == 0 && n != 8 || entries == 4 && n < 100 {
				t.Errorf("%d checks with %d entries", n, entries)
			}
		})
	}
}
