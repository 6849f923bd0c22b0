package oidcproxy_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// R151: whatever page a user is shown, its request id leads to an event that says why; so does that of a program's error.
func TestR151ErrorsAreTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.RedirectURIs = []string{clientCB, "https://old.example/cb"} })
		old, client, other := rg.client("https://old.example/cb"), rg.client(), newRig(t, nil).client()
		denied := rg.client(clientCB)
		rg.provider(func(c *oidcproxy.Config) {
			c.RedirectURIs, c.DeniedClients = []string{clientCB}, []string{denied}
		})
		b := rg.browser()
		field := b.authorize(asking(client)).field(t)
		b.answerForm(field, "approve")
		used, foreign := rg.signedIn(), rg.signedIn()
		wrongVerifier := rg.browser().signIn(asking(client)).Get("code")
		for name, row := range map[string]struct {
			a     answer
			cause string
		}{
			"an unknown client":    {rg.browser().authorize(asking("x")), "neither one of Config.Clients"},
			"other keys":           {rg.browser().authorize(asking(other)), "other master keys"},
			"denied":               {rg.browser().authorize(asking(denied)), "DeniedClients"},
			"elsewhere":            {rg.browser().authorize(asking(client, "redirect_uri", "https://evil.example/cb?secret-query")), "did not register https://evil.example/cb?"},
			"no longer allowed":    {rg.browser().authorize(asking(old, "redirect_uri", "https://old.example/cb")), "did not register https://old.example/cb"},
			"no client":            {rg.get("/authorize", "Accept", "text/html"), "reason=no_client"},
			"another browser":      {rg.browser().answerForm(field, "approve"), "reason=other_browser"},
			"answered":             {b.answerForm(field, "approve"), "reason=form_used"},
			"foreign form":         {b.answerForm(field, "approve", "Origin", "https://evil.example"), "reason=foreign_form"},
			"unbound callback":     {rg.browser().open("/auth/callback?code=x&state=" + strings.Repeat("s", 43)), "reason=unbound"},
			"method":               {b.send(http.MethodGet, "/consent", ""), "reason=method"},
			"wrong redirect URI":   {rg.register(`{"redirect_uris":["http://localhost:5555/callback?secret-query"]}`), "RedirectURIs does not allow http://localhost:5555/callback"},
			"wrong client":         {rg.post("/token", redeeming(other, "x")), "other master keys"},
			"a wrong verifier":     {rg.post("/token", redeeming(client, wrongVerifier, "code_verifier", strings.Repeat("x", 43))), "code_verifier is missing, or does not belong"},
			"a made-up code":       {rg.post("/token", redeeming(client, "x")), "the code was not made here"},
			"a made-up token":      {rg.post("/token", refreshing(client, "x")), "the refresh token was not made here"},
			"a used code":          {rg.post("/token", redeeming(used.client, used.code)), "redeemed a moment ago"},
			"of another client":    {rg.post("/token", refreshing(used.client, foreign.refresh)), "belongs to another client"},
			"a wrong content type": {rg.do(request(t, http.MethodPost, "/token", "x", "Content-Type", "text/plain")), "operation=/token"},
		} {
			id := row.a.Header.Get("X-Request-Id")
			found := false
			for line := range strings.Lines(rg.logged()) {
				found = found || strings.Contains(line, "request_id="+id) && strings.Contains(line, row.cause)
			}
			if id == "" || !found {
				t.Errorf("%s: no line with %q has the id %q", name, row.cause, id)
			}
			if strings.Contains(row.a.Header.Get("Content-Type"), "html") && !strings.Contains(row.a.body, id) {
				t.Errorf("%s: the page does not show the id", name)
			}
		}
		sleep(181 * 24 * hour)
		rg.wantPage("expired", rg.browser().authorize(asking(client)), http.StatusBadRequest)
		if log := rg.logged(); !strings.Contains(log, "older than Lifetimes.ClientID") || strings.Contains(log, "secret-query") {
			t.Errorf("the log: %s", log)
		}
	})
}

// R151: trouble of ours is an event too, and louder than mistakes of others.
func TestR151Trouble(t *testing.T) {
	rg := newRig(t, nil)
	f := rg.signedIn()
	b := rg.browser()
	back := b.begun(f.client)
	broken := func(op string) error { return errors.New("the store is gone") }
	rg.failing(broken)
	a := rg.post("/token", refreshing(f.client, f.refresh))
	rg.want("a refresh", a, http.StatusServiceUnavailable, "temporarily_unavailable")
	rg.failing(func(op string) error {
		if op == "list" {
			return broken(op)
		}
		return nil
	})
	rg.wantRefusal("a sign-in", b.open(back), "temporarily_unavailable", "client-state")
	rg.failing(nil)
	rg.idp.Tamper(authtest.Tampering{IDToken: func(claims map[string]any) { claims["aud"] = "another" }})
	b = rg.browser()
	rg.wantRefusal("an ID token of another", b.open(b.begun(f.client)), "server_error", "client-state")
	for _, event := range []string{
		oidcproxy.EventRequestRefused + " reason=temporarily_unavailable", oidcproxy.EventLoginFailed + " reason=temporarily_unavailable", oidcproxy.EventLoginFailed + " reason=server_error",
	} {
		name, reason, _ := strings.Cut(event, " ")
		found := false
		for line := range strings.Lines(rg.logged()) {
			found = found || strings.Contains(line, "level=WARN msg="+name) && strings.Contains(line, reason) && strings.Contains(line, "cause=")
		}
		if !found || rg.happened(name) == 0 {
			t.Errorf("nothing says loudly: %s\n%s", event, rg.logged())
		}
	}
}

// R151: a flood of one kind is counted, not written, and hides no other.
func TestR151Floods(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, func(c *oidcproxy.Config) { c.RateLimits.Authorize.PerSecond = -1 })
		for range 5000 {
			rg.post("/token", url.Values{})
		}
		if n := rg.happened(oidcproxy.EventThrottled) + rg.happened(oidcproxy.EventRequestRefused); n < 100 || n > 250 {
			t.Errorf("%d events", n)
		}
		rg.post("/revoke", refreshing("x", "", "token", "x"))
		for range 300 {
			rg.get("/authorize", "Accept", "text/html")
		}
		rg.browser().authorize(asking("x"))
		rg.client()
		pages := map[string]bool{}
		for _, e := range rg.events {
			pages[e.Reason] = pages[e.Reason] || e.Name == oidcproxy.EventPageRefused
		}
		if !pages["no_client"] || !pages["unknown_client"] {
			t.Errorf("one reason hides another: %v", pages)
		}
		for _, name := range []string{oidcproxy.EventPageRefused, oidcproxy.EventRegistered} {
			if rg.happened(name) == 0 {
				t.Errorf("%s is hidden", name)
			}
		}
		sleep(time.Minute)
		rg.post("/token", url.Values{})
		rg.mu.Lock()
		defer rg.mu.Unlock()
		if last := rg.events[len(rg.events)-1]; last.Suppressed == 0 {
			t.Errorf("nothing says how many were left out: %+v", last)
		}
	})
}
