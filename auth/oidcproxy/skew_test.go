package oidcproxy_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A dated transport puts a date on answers, or none.
type dated struct {
	next http.RoundTripper
	date *string
}

func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := d.next.RoundTrip(r)
	if err == nil {
		resp.Header.Del("Date")
		if *d.date != "" {
			resp.Header.Set("Date", *d.date)
		}
	}
	return resp, err
}

// D90: an ID token that has ended ends the grant, whatever clock an earlier answer had.
func TestClockOfAnEarlierAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		date := ""
		rg := newRig(t, func(c *oidcproxy.Config) {
			c.HTTPClient = &http.Client{Transport: dated{c.HTTPClient.Transport, &date}}
		})
		f := rg.signedIn()
		date = time.Now().Add(-3 * time.Hour).UTC().Format(http.TimeFormat)
		f = rg.refreshed(f)
		rg.idp.Tamper(authtest.Tampering{IDToken: func(claims map[string]any) { claims["exp"] = time.Now().Add(-2 * time.Hour).Unix() }})
		for range 3 {
			sleep(time.Minute)
			rg.want("wrong date", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
		}
		if !strings.Contains(rg.logged(), "a clock is wrong") {
			t.Errorf("the log does not say why: %s", rg.logged())
		}
		date = ""
		rg.want("no date", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
	})
}
