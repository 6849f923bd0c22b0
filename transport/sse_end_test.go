package transport_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

// A client that vanishes, in a call or while its human is asked, leaves nothing behind.
func TestSSEVanishedClientsLeaveNothing(t *testing.T) {
	for _, tool := range []string{"gate", "confirms", ""} {
		g := newGate()
		rg := newSSERig(t, transport.Config{MaxSessions: 1, MaxCalls: 1}, map[string]handler{"gate": g.handle, "confirms": confirms})
		before := runtime.NumGoroutine()
		for range 3 {
			var s *stream
			rg.eventually("place for a session", func() bool { s = rg.try(); return s.resp.StatusCode == http.StatusOK })
			_, s.endpoint, _ = strings.Cut(s.next(), " ")
			s.accepted(initialize2024)
			s.wants("result")
			switch tool {
			case "gate":
				s.accepted(toolCall("2", tool))
				<-g.started
			case "confirms":
				s.accepted(toolCall("2", tool))
				s.wants("elicitation/create")
			}
			s.end()
		}
		rg.client.CloseIdleConnections()
		settle(t, before)
		if n := transport.OpenSSE(rg.e); n != 0 {
			t.Errorf("%d sessions are kept", n)
		}
	}
}

// While the endpoint drains, calls in flight are answered on their streams, with the human's help where they need it; then the streams end.
func TestSSEDrain(t *testing.T) {
	g := newGate()
	rg := newSSERig(t, transport.Config{}, map[string]handler{"gate": g.handle, "confirms": confirms})
	idle, busy, asking := rg.session(), rg.session(), rg.session()
	busy.accepted(toolCall("2", "gate"))
	<-g.started
	asking.accepted(toolCall("2", "confirms"))
	asking.wants("elicitation/create")
	asking.accepted(toolCall("3", "gate"))
	<-g.started
	closed := make(chan error, 1)
	go func() { closed <- rg.e.Close(t.Context()) }()
	if event := idle.next(); event != "" {
		t.Errorf("an idle stream goes on: %s", event)
	}
	if s := rg.try(); s.resp.StatusCode != http.StatusServiceUnavailable || s.resp.Header.Get("Retry-After") == "" {
		t.Errorf("a new stream: %s", s.resp.Status)
	}
	if a := busy.post(toolCall("3", "gate")); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || string(a.rpc.ID) != "3" {
		t.Errorf("a new call: %d %s", a.status, a.body)
	}
	if a := idle.post(toolCall("3", "gate")); a.status != http.StatusNotFound && a.status != http.StatusServiceUnavailable {
		t.Errorf("a call in an ended session: %d %s", a.status, a.body)
	}
	asking.accepted(`{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{}}}`)
	asking.wants("human said accept")
	select {
	case err := <-closed:
		t.Errorf("Close returned before the call: %v", err)
	default:
	}
	busy.accepted(initialized)
	close(g.open)
	for _, s := range []*stream{busy, asking} {
		s.wants("passed")
		if event := s.next(); event != "" {
			t.Errorf("an answered stream goes on: %s", event)
		}
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}

// Calls that Close cannot wait for are told so.
func TestSSECloseStopsCalls(t *testing.T) {
	g := newGate()
	rg := newSSERig(t, transport.Config{}, map[string]handler{"gate": g.handle})
	s := rg.session()
	s.accepted(toolCall("2", "gate"))
	<-g.started
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := rg.e.Close(ctx); err == nil || !strings.Contains(err.Error(), "1 calls") {
		t.Errorf("Close: %v", err)
	}
	s.wants("shutting down")
	if event := s.next(); event != "" {
		t.Errorf("the stream goes on: %s", event)
	}
}

const bubblePing = `{"jsonrpc":"2.0","id":"p","method":"ping"}`

// lasts fails unless the stream ends after that time.
func (p *inProcess) lasts(since time.Time, want time.Duration) {
	p.t.Helper()
	<-p.ended
	if got := time.Since(since); got != want {
		p.t.Errorf("the session lasted %s, want %s", got, want)
	}
	if err := p.e.Close(p.t.Context()); err != nil {
		p.t.Error(err)
	}
}

func TestSSEIdleSessionsEnd(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		start := time.Now()
		newInProcess(t, transport.Config{SessionTimeout: time.Minute}, nil).lasts(start, time.Minute)
	})
	bubble.Test(t, func(t *testing.T) { // a message keeps it, whatever it is
		start := time.Now()
		p := newInProcess(t, transport.Config{SessionTimeout: time.Minute}, nil)
		for _, body := range []string{bubblePing, initialized, `{"jsonrpc":"2.0","id":1,"result":{}}`} {
			time.Sleep(50 * time.Second)
			p.post(body)
		}
		p.lasts(start, 150*time.Second+time.Minute)
	})
	bubble.Test(t, func(t *testing.T) { // a call in flight keeps it, and its answer counts as a message
		start := time.Now()
		slow := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			time.Sleep(4 * time.Minute)
			return text("late"), nil
		}
		p := newInProcess(t, transport.Config{SessionTimeout: time.Minute}, map[string]handler{"slow": slow})
		p.post(toolCall("2", "slow"))
		if event := <-p.out.events; !strings.Contains(event, "late") {
			t.Error(event)
		}
		p.lasts(start, 5*time.Minute)
	})
}

// An onlyOnce is JSON for the first who asks.
type onlyOnce struct{ asked bool }

func (o *onlyOnce) MarshalJSON() ([]byte, error) {
	if o.asked {
		return nil, errors.New("not again")
	}
	o.asked = true
	return []byte("1"), nil
}

// An answer that the SDK cannot encode is never sent; its call does not keep the session for ever.
func TestSSELostAnswersDoNotKeepASession(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		start := time.Now()
		lost := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Meta: mcp.Meta{"a": new(onlyOnce)}}, nil
		}
		p := newInProcess(t, transport.Config{SessionTimeout: time.Minute, CallTimeout: 5 * time.Minute}, map[string]handler{"lost": lost})
		p.post(toolCall("2", "lost"))
		p.lasts(start, 6*time.Minute)
	})
}

// expiring admits everyone for that time, in seconds, that a header says.
var expiring = auth.AuthenticatorFunc(func(r *http.Request) (*auth.Principal, error) {
	p := &auth.Principal{Issuer: "test", Subject: "ann", Method: "test"}
	if d, err := time.ParseDuration(r.Header.Get("X-Lasts")); err == nil {
		p.Expires = time.Now().Add(d)
	}
	return p, nil
})

// A stream ends with the credential that opened it, unless its caller has shown a newer one since.
func TestSSEEndsWithTheCredential(t *testing.T) {
	for _, test := range []struct {
		posts string
		want  time.Duration
	}{
		{"", 10 * time.Minute},
		{"1m", 10 * time.Minute},
		{"20m", 25 * time.Minute},
		{"20m 1m", 25 * time.Minute},
		{"never", 35 * time.Minute}, // of idleness
	} {
		bubble.Test(t, func(t *testing.T) {
			start := time.Now()
			p := newInProcess(t, transport.Config{Auth: expiring}, nil, "X-Lasts", "10m")
			time.Sleep(5 * time.Minute)
			for lasts := range strings.FieldsSeq(test.posts) {
				p.post(bubblePing, "X-Lasts", lasts)
				<-p.out.events
			}
			p.lasts(start, test.want)
		})
	}
}

// A stream ends soon after the caller of its last message may no longer go on.
func TestSSEChecksTheCaller(t *testing.T) {
	revoked := &auth.Error{Status: http.StatusUnauthorized}
	checked := auth.AuthenticatorFunc(func(r *http.Request) (*auth.Principal, error) {
		p := &auth.Principal{Issuer: "test", Subject: "ann", Method: "test"}
		until, good := time.Now().Add(100*time.Second), r.Header.Get("X-Good") != ""
		return p.WithCheck(func(context.Context) error {
			if good || time.Now().Before(until) {
				return nil
			}
			return revoked
		}), nil
	})
	bubble.Test(t, func(t *testing.T) {
		start := time.Now()
		newInProcess(t, transport.Config{Auth: checked}, nil).lasts(start, 120*time.Second)
	})
	bubble.Test(t, func(t *testing.T) {
		start := time.Now()
		p := newInProcess(t, transport.Config{Auth: checked}, nil)
		time.Sleep(50 * time.Second)
		p.post(bubblePing, "X-Good", "1")
		p.lasts(start, 50*time.Second+30*time.Minute)
	})
}
