package oidcproxy_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

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

// R151: a flood of one kind is counted, not written, and hides no other.
func TestR151Floods(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		for range 5000 {
			rg.post("/token", url.Values{})
		}
		if n := rg.happened(oidcproxy.EventThrottled) + rg.happened(oidcproxy.EventRequestRefused); n < 100 || n > 250 {
			t.Errorf("%d events", n)
		}
		rg.post("/revoke", refreshing("x", "", "token", "x"))
		rg.browser().authorize(asking("x"))
		rg.client()
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
