package auth_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// D75, R155: an address is that of the socket, or what a trusted proxy says of it; a caller's own word changes nothing.
func TestForwardedAddressesAndTheThrottle(t *testing.T) {
	const proxy = "10.0.0.7"
	for name, test := range map[string]struct {
		proxies auth.Proxies
		peer    string
		header  func(i int) string // X-Forwarded-For of request i
		calls   int                // for 40 wrong pairs in a row, each in another name
	}{
		"nobody is trusted":                 {auth.Proxies{}, proxy, func(i int) string { return fmt.Sprint("198.51.100.", i) }, 21},
		"an untrusted peer":                 {proxies("10.1.0.0/16"), proxy, func(i int) string { return fmt.Sprint("198.51.100.", i) }, 21},
		"a trusted one, many clients":       {proxies("10.0.0.0/16"), proxy, func(i int) string { return fmt.Sprint("198.51.100.", i) }, 40},
		"a trusted one, one client":         {proxies(proxy), proxy, func(int) string { return "198.51.100.1" }, 21},
		"a client that invents hops before": {proxies(proxy), proxy, func(i int) string { return fmt.Sprintf("203.0.113.%d, 198.51.100.1", i) }, 21},
		"a client that names the proxy":     {proxies(proxy), proxy, func(i int) string { return fmt.Sprintf("203.0.113.%d, %s, 198.51.100.1", i, proxy) }, 21},
		"another port each time":            {proxies(proxy), proxy, func(i int) string { return fmt.Sprint("198.51.100.1:", 1000+i) }, 21},
		"garbage":                           {proxies(proxy), proxy, func(i int) string { return fmt.Sprint("garbage-", i) }, 21},
		"no header":                         {proxies(proxy), proxy, func(int) string { return "" }, 21},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				o := &oneAPI{secrets: map[string]string{}}
				z := newZscaler(t, o, auth.ZscalerConfig{Proxies: test.proxies})
				for i := range 40 {
					r := at(test.peer, basicAuth(fmt.Sprint("client-", i), "wrong"))
					r.Header.Set("X-Forwarded-For", test.header(i))
					r.Header.Set("Forwarded", fmt.Sprint("for=192.0.2.", i)) // never read
					r.Header.Set("X-Real-Ip", fmt.Sprint("192.0.2.", i))
					want := http.StatusUnauthorized
					if i >= test.calls {
						want = http.StatusTooManyRequests
					}
					expect(t, o, z, r, want, min(i+1, test.calls))
				}
			})
		})
	}
}

// The proxies are those of the time when the authenticator was made.
func TestZscalerKeepsItsProxies(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		trusted := proxies("10.0.0.7")
		o := &oneAPI{secrets: map[string]string{}}
		z := newZscaler(t, o, auth.ZscalerConfig{Proxies: trusted})
		trusted.Prefixes[0] = proxies("192.0.2.0/24").Prefixes[0]
		for i := range 22 {
			r := basicAuth(fmt.Sprint("client-", i), "wrong") // of 192.0.2.1
			r.Header.Set("X-Forwarded-For", fmt.Sprint("198.51.100.", i))
			answered(z, r)
		}
		if o.calls() != 21 {
			t.Errorf("%d checks", o.calls())
		}
	})
}

// R154: IPv6 counts by networks of 64 bits, IPv4 by address, also where it comes in the clothes of IPv6.
func TestThrottleCountsNetworks(t *testing.T) {
	for name, test := range map[string]struct {
		addr  func(i int) string
		calls int // for 40 wrong pairs
	}{
		"one /64":                {func(i int) string { return fmt.Sprintf("[2001:db8:0:1:%x:%x::%x]", i, i+7, i) }, 21},
		"one /64, zones":         {func(i int) string { return fmt.Sprintf("[fe80::%x%%eth%d]", i+1, i) }, 21},
		"neighbouring /64":       {func(i int) string { return fmt.Sprintf("[2001:db8:0:%x::1]", i) }, 30}, // the share of a site
		"neighbouring /48":       {func(i int) string { return fmt.Sprintf("[2001:db8:%x::1]", i) }, 40},
		"neighbouring IPv4":      {func(i int) string { return fmt.Sprint("198.51.100.", i) }, 40},
		"IPv4, in IPv6":          {func(int) string { return "[::ffff:198.51.100.1]" }, 21},
		"IPv4 in either":         {func(i int) string { return [...]string{"198.51.100.1", "[::ffff:198.51.100.1]"}[i%2] }, 21},
		"neighbouring, in IPv6":  {func(i int) string { return fmt.Sprintf("[::ffff:198.51.100.%d]", i) }, 40},
		"one address, all ports": {func(int) string { return "198.51.100.1" }, 21},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				o := &oneAPI{secrets: map[string]string{}}
				z := newZscaler(t, o, auth.ZscalerConfig{})
				for i := range 40 {
					r := basicAuth(fmt.Sprint("client-", i), "wrong")
					r.RemoteAddr = fmt.Sprint(test.addr(i), ":", 1000+i)
					answered(z, r)
				}
				if o.calls() != test.calls {
					t.Errorf("%d checks, want %d", o.calls(), test.calls)
				}
			})
		})
	}
}

// R135, D91: strangers from everywhere cause 40 checks at once and 20 a second, and callers who are known do not notice.
func TestFloodFromEverywhere(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
		time.Sleep(10 * time.Second) // the burst is whole again
		through, known := guardedBy(z), basicAuth("alice", "s3cret")
		flood := func(from int, pause time.Duration) {
			t.Helper()
			for i := from; i < from+1000; i++ {
				got := through(at(fmt.Sprintf("10.0.%d.%d", i/250, i%250), basicAuth(fmt.Sprint("stranger-", i), "wrong")))
				if got != http.StatusUnauthorized && got != http.StatusTooManyRequests {
					t.Errorf("stranger: status %d", got)
				}
				if got := through(known); got != http.StatusOK {
					t.Errorf("known caller: status %d", got)
				}
				time.Sleep(pause)
			}
		}
		flood(0, 0)
		if got := o.calls() - 1; got != 40 {
			t.Errorf("%d checks in an instant", got)
		}
		flood(1000, 10*time.Millisecond)
		if got := o.calls() - 41; got < 199 || got > 200 {
			t.Errorf("%d checks in the next 10 seconds", got)
		}
		time.Sleep(time.Second)
		if got := through(at("192.0.2.9", pairHeaders("alice", "s3cret"))); got != http.StatusOK {
			t.Errorf("a new caller after the flood: status %d", got)
		}
	})
}

// R154, D91: one address that tries another name each second for 10 minutes causes just so many checks.
func TestFloodFromOneAddress(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{"alice": "s3cret"}}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
		through := guardedBy(z)
		wrong := func(i int) { through(basicAuth(fmt.Sprint("stranger-", i), "wrong")) }
		for i := range 100 {
			wrong(i)
		}
		for i := range 600 {
			time.Sleep(time.Second)
			wrong(100 + i)
			if got := through(basicAuth("alice", "s3cret")); got != http.StatusOK {
				t.Fatalf("known caller: status %d", got)
			}
		}
		// 20 and one at first, then at 1, 3, 7, 15 and 31 s, and at 61 s and each 30 s later until 571 s.
		if got, want := o.calls()-1, 21+5+18; got != want {
			t.Errorf("%d checks, want %d", got, want)
		}
	})
}

// R154, D91: a site that tries from ever other addresses takes its share of the rate, and new callers from elsewhere come in.
func TestFloodFromOneSite(t *testing.T) {
	for name, status := range map[string]int{"wrong pairs": 0, "trouble": http.StatusServiceUnavailable} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				o := &oneAPI{secrets: map[string]string{"lawful": "s3cret"}}
				z := newZscaler(t, o, auth.ZscalerConfig{})
				through, seconds := guardedBy(z), 60
				if status != 0 {
					o.change(func() { o.trouble = errors.New("down") })
				}
				for i := range seconds * 200 {
					through(at(fmt.Sprintf("[2001:db8:0:%x::1]", i), basicAuth(fmt.Sprint("stranger-", i), "wrong")))
					time.Sleep(5 * time.Millisecond)
				}
				if got := o.calls(); got > 30+seconds*5 {
					t.Errorf("%d checks in %d seconds", got, seconds)
				}
				o.change(func() { o.trouble = nil })
				if got := through(at("203.0.113.1", basicAuth("lawful", "s3cret"))); got != http.StatusOK {
					t.Errorf("a new caller: status %d", got)
				}
			})
		})
	}
}
