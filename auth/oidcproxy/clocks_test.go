package oidcproxy_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// keepsTime is a store that tells the time, as one elsewhere does.
type keepsTime struct{ store.Store }

func (keepsTime) Now() time.Time { return time.Now() }

// apart starts three replicas on a store that tells the time, on machines whose clocks are an hour behind, right and an hour ahead.
func apart(t *testing.T) (*rig, []http.Handler) {
	t.Helper()
	rg := newRig(t, nil)
	rg.store = keepsTime{rg.store}
	var replicas []http.Handler
	for _, off := range []time.Duration{-hour, 0, hour} {
		rg.provider(func(c *oidcproxy.Config) { c.Clock = func() time.Time { return time.Now().Add(off) } })
		replicas = append(replicas, rg.handler)
	}
	return rg, replicas
}

// D90: where the store tells the time, clocks that are an hour apart sign nobody in or out, at whatever replica each step is.
func TestD90ClocksAnHourApart(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg, replicas := apart(t)
		step := 0
		next := func() {
			rg.handler = replicas[step%len(replicas)]
			step++
		}
		for begin := range replicas {
			step = begin
			next()
			client := rg.client()
			b := rg.browser()
			next()
			field := b.authorize(asking(client)).field(t)
			next()
			back := rg.atUpstream(b.answerForm(field, "approve").link(t))
			next()
			code := b.open(back).location(t).Query().Get("code")
			next()
			f := rg.redeemed(family{client: client, code: code}, rg.post("/token", redeeming(client, code)))
			for range 7 {
				next()
				if a := rg.call(f.access); a.StatusCode != http.StatusOK {
					t.Fatalf("call: %d %s", a.StatusCode, a.body)
				}
				retired := f
				f = rg.refreshed(f)
				sleep(time.Minute)
				next()
				if again := rg.refreshed(retired); again.refresh != f.refresh {
					t.Error("R104: a retired token within its grace gives another successor")
				}
			}
			next()
			rg.want("D34: the code again", rg.post("/token", redeeming(client, code)), http.StatusBadRequest, "invalid_grant")
			next()
			rg.want("D34: its tokens", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
		}
		for begin := range replicas { // D39, R105: and what is over is over by all of them
			step = begin
			next()
			f := rg.signedIn()
			retired := f
			f = rg.refreshed(f)
			sleep(10 * time.Minute)
			next()
			rg.want("R105: after the grace", rg.post("/token", refreshing(retired.client, retired.refresh)), http.StatusBadRequest, "invalid_grant")
			rg.want("R105: its family", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
			f = rg.signedIn()
			sleep(hour + time.Second)
			next()
			rg.want("D11: an access token after its time", rg.call(f.access), http.StatusUnauthorized, "invalid_token")
			code := rg.browser().signIn(asking(f.client)).Get("code")
			sleep(time.Minute)
			next()
			rg.want("D39: a code after its time", rg.post("/token", redeeming(f.client, code)), http.StatusBadRequest, "invalid_grant")
		}
	})
}
