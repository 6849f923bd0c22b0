package transport_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

func TestSessionsArePerPrincipalAndInAllLimited(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, MaxSessions: 3, MaxSessionsPerPrincipal: 2}, nil)
	as := func(who string) []string { return []string{"Authorization", "Bearer " + who} }
	first := rg.open(as("ann")...)
	rg.open(as("ann")...)
	a := rg.send(http.MethodPost, initialize, as("ann")...)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || string(a.rpc.ID) != "1" {
		t.Errorf("third session of ann: %d %s", a.status, a.body)
	}
	rg.open(as("bob")...)
	if a := rg.send(http.MethodPost, initialize, as("cyd")...); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("fourth session in all: %d %s", a.status, a.body)
	}
	body, headers := message(legacy, first, "ping", "", "")
	if a := rg.send(http.MethodPost, body, append(headers, as("ann")...)...); a.status != http.StatusOK {
		t.Errorf("ping in a session: %d %s", a.status, a.body)
	}
	if a := rg.send(http.MethodDelete, "", append(as("ann"), "Mcp-Session-Id", first)...); a.status != http.StatusNoContent {
		t.Errorf("DELETE: %d %s", a.status, a.body)
	}
	rg.eventually("a session of ann instead of the one that she has ended", func() bool {
		return rg.send(http.MethodPost, initialize, as("ann")...).status == http.StatusOK
	})
}

// What does not become a session takes no place.
func TestRefusedInitializeTakesNoPlace(t *testing.T) {
	rg := newRig(t, transport.Config{MaxSessions: 1}, nil)
	for range 3 {
		rg.send(http.MethodPost, `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}`)
		rg.send(http.MethodPost, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":[]}`)
		rg.send(http.MethodPost, `{"jsonrpc":"2.0","id":1,"method":"ping"}`)
	}
	rg.open()
	if a := rg.ask(modern, "tools/list", "", ""); a.status != http.StatusOK {
		t.Errorf("the new era needs no session: %d %s", a.status, a.body)
	}
}

func TestIdleSessionsEnd(t *testing.T) {
	rg := newRig(t, transport.Config{MaxSessions: 1, SessionTimeout: 50 * time.Millisecond}, nil)
	session := rg.open()
	rg.eventually("place for another session", func() bool {
		return rg.send(http.MethodPost, initialize).status == http.StatusOK
	})
	if a := rg.send(http.MethodGet, "", "Mcp-Session-Id", session); a.status != http.StatusNotFound {
		t.Errorf("GET in the session that has ended: %d %s", a.status, a.body)
	}
}

// A client that vanishes while a human is asked would leave its session for ever.
func TestSessionOfAVanishedClientEnds(t *testing.T) {
	rg := newRig(t, transport.Config{MaxSessions: 1, SessionTimeout: 20 * time.Millisecond, CallTimeout: 50 * time.Millisecond},
		map[string]handler{"confirms": confirms})
	a := rg.send(http.MethodPost, strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1))
	body, headers := message(legacy, a.header.Get("Mcp-Session-Id"), "tools/call", "", `"name":"confirms"`)
	ctx, vanish := context.WithCancel(t.Context())
	resp, err := rg.start(ctx, http.MethodPost, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	vanish()
	resp.Body.Close()
	rg.eventually("place for another session", func() bool {
		return rg.send(http.MethodPost, initialize).status == http.StatusOK
	})
}

// eventually fails unless the condition becomes true within a few seconds.
func (rg *rig) eventually(what string, holds func() bool) {
	rg.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	rg.t.Errorf("waited in vain for %s", what)
}

// A DELETE that is refused for its protocol version ends no call of the session, which goes on; one that is accepted does.
func TestDeleteThatIsRefusedEndsNothing(t *testing.T) {
	started, release, ended := make(chan struct{}, 1), make(chan struct{}), make(chan error, 1)
	rg := newRig(t, transport.Config{}, map[string]handler{"waits": func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		started <- struct{}{}
		select {
		case <-ctx.Done():
		case <-release:
		}
		ended <- ctx.Err()
		return text("done"), nil
	}})
	for version, accepted := range map[string]bool{legacy: true, modern: false, "1999-01-01": false} {
		session := rg.open()
		go func() { _ = rg.post(t.Context(), legacy, session, "waits") }()
		<-started
		a := rg.send(http.MethodDelete, "", "Mcp-Protocol-Version", version, "Mcp-Session-Id", session)
		if !accepted {
			release <- struct{}{}
		}
		if err := <-ended; (a.status == http.StatusNoContent) != accepted || (err != nil) != accepted {
			t.Errorf("%s: %d, and the handler has %v", version, a.status, err)
		}
	}
}
