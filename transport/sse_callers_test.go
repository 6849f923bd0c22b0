package transport_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// Another caller can neither act in a session, nor answer what its human is asked, nor learn that there is one (D70, R139).
func TestSSESessionOfAnotherPrincipal(t *testing.T) {
	ran := make(chan string, 10)
	rg := newSSERig(t, transport.Config{Auth: byToken}, map[string]handler{
		"confirms": confirms,
		"whoami": func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			ran <- "whoami"
			return whoami(ctx, req)
		},
	})
	s := rg.session(as("ann")...)
	s.accepted(toolCall("2", "confirms"), as("ann")...)
	s.wants("elicitation/create")
	unknown := &stream{rg: rg, endpoint: s.endpoint[:len(s.endpoint)-26] + strings.Repeat("A", 26)}
	answered := func(a answer) []any {
		a.header.Del("X-Request-Id")
		a.header.Del("Date")
		return []any{a.status, a.body, a.header}
	}
	for _, body := range []string{
		toolCall("3", "whoami"),
		`{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{}}}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}`,
		`garbage`,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"` + strings.Repeat("x", 5<<20) + `"}}`,
	} {
		got := s.post(body, as("bob")...)
		if got.status != http.StatusNotFound {
			t.Errorf("bob in ann's session: %d %s", got.status, got.body)
		}
		for _, who := range []string{"bob", "ann"} {
			if diff := cmp.Diff(answered(unknown.post(body, as(who)...)), answered(got)); diff != "" {
				t.Errorf("%.80s: a session that is not there is answered otherwise (-unknown, +ann's): %s", body, diff)
			}
		}
	}
	bob := rg.session(as("bob")...)
	bob.accepted(toolCall("3", "whoami"), as("bob")...)
	bob.wants("test/bob")
	s.accepted(`{"jsonrpc":"2.0","id":1,"result":{"action":"decline"}}`, as("ann")...)
	s.wants("human said decline")
	s.accepted(toolCall("3", "whoami"), as("ann")...)
	s.wants("test/ann")
	if n := len(ran); n != 2 {
		t.Errorf("the tool ran %d times", n)
	}
}

// The id alone is enough where nobody authenticates, so it goes into no log, of the SDK either.
func TestSSESessionIDIsNotLogged(t *testing.T) {
	var log bytes.Buffer
	all := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var o mcp.ServerOptions
	transport.ServerOptions(&o)
	o.Logger = all
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, &o)
	server.AddTool(&mcp.Tool{Name: "echo", InputSchema: anyObject}, echo)
	rg := newSSERig(t, transport.Config{Auth: byToken, Server: server}, nil)
	s := rg.session(as("ann")...)
	s.accepted(toolCall("2", "echo"), as("ann")...)
	s.wants("done")
	s.post("garbage", as("ann")...)
	s.post(toolCall("3", "echo"), as("bob")...)
	s.post(toolCall("3", "echo"))
	s.end()
	rg.eventually("the end of the session", func() bool {
		return s.post(toolCall("3", "echo"), as("ann")...).status == http.StatusNotFound
	})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := rg.e.Close(ctx); err != nil {
		t.Fatal(err)
	}
	id := s.endpoint[len(s.endpoint)-26:]
	if logged := log.String() + rg.log.String(); strings.Contains(logged, id) || !strings.Contains(logged, "session connected") {
		t.Errorf("%s in %s", id, logged)
	}
}

func TestSSESessionsArePerPrincipalAndInAllLimited(t *testing.T) {
	rg := newSSERig(t, transport.Config{Auth: byToken, MaxSessions: 3, MaxSessionsPerPrincipal: 2}, nil)
	first := rg.session(as("ann")...)
	rg.session(as("ann")...)
	if s := rg.try(as("ann")...); s.resp.StatusCode != http.StatusTooManyRequests || s.resp.Header.Get("Retry-After") == "" {
		t.Errorf("third session of ann: %s", s.resp.Status)
	}
	if a := rg.send(http.MethodPost, initialize, as("ann")...); a.status != http.StatusTooManyRequests {
		t.Errorf("third session of ann, streamable: %d %s", a.status, a.body)
	}
	rg.session(as("bob")...)
	if s := rg.try(as("cyd")...); s.resp.StatusCode != http.StatusServiceUnavailable || s.resp.Header.Get("Retry-After") == "" {
		t.Errorf("fourth session in all: %s", s.resp.Status)
	}
	first.end()
	rg.eventually("a session of ann instead of the one that has ended", func() bool {
		s := rg.try(as("ann")...)
		return s.resp.StatusCode == http.StatusOK
	})
}

// A streamable session takes a place away from those of this transport too.
func TestSSESharesThePlacesOfSessions(t *testing.T) {
	rg := newSSERig(t, transport.Config{MaxSessions: 1}, nil)
	id := rg.open()
	if s := rg.try(); s.resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a second session: %s", s.resp.Status)
	}
	rg.send(http.MethodDelete, "", "Mcp-Session-Id", id)
	rg.eventually("place for a session", func() bool { return rg.try().resp.StatusCode == http.StatusOK })
}
