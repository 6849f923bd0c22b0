package transport_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// A POST is answered at once, and its call counts until it is answered.
func TestSSECallsArePerPrincipalAndInAllLimited(t *testing.T) {
	g := newGate()
	rg := newSSERig(t, transport.Config{Auth: byToken, MaxCalls: 3, MaxCallsPerPrincipal: 2}, map[string]handler{"gate": g.handle, "echo": echo})
	ann, other, bob, cyd := rg.session(as("ann")...), rg.session(as("ann")...), rg.session(as("bob")...), rg.session(as("cyd")...)
	begin := func(s *stream, who string) {
		t.Helper()
		s.accepted(toolCall("2", "gate"), as(who)...)
		<-g.started
	}
	begin(ann, "ann")
	begin(other, "ann")
	if a := ann.post(toolCall("3", "echo"), as("ann")...); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || string(a.rpc.ID) != "3" {
		t.Errorf("third call of ann: %d %s", a.status, a.body)
	}
	bob.accepted(toolCall("3", "echo"), as("bob")...)
	bob.wants("done")
	begin(bob, "bob")
	if a := cyd.post(toolCall("3", "echo"), as("cyd")...); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("fourth call in all: %d %s", a.status, a.body)
	}
	close(g.open)
	for _, s := range []*stream{ann, other, bob} {
		s.wants("passed")
	}
	for range 50 { // each gives its place back before its answer is there
		ann.accepted(toolCall("2", "echo"), as("ann")...)
		ann.accepted(toolCall("3", "echo"), as("ann")...)
		ann.wants("done")
		ann.wants("done")
	}
}

// The call of a client that has gone counts as long as its handler runs, and no longer.
func TestSSECallOfAVanishedClientCounts(t *testing.T) {
	open, started := make(chan struct{}), make(chan struct{})
	deaf := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		started <- struct{}{}
		<-open
		return text("late"), nil
	}
	rg := newSSERig(t, transport.Config{Auth: byToken, MaxCallsPerPrincipal: 1, MaxSessionsPerPrincipal: 2}, map[string]handler{"deaf": deaf, "echo": echo})
	first, second := rg.session(as("ann")...), rg.session(as("ann")...)
	first.accepted(toolCall("2", "deaf"), as("ann")...)
	<-started
	first.end()
	rg.eventually("the end of the session", func() bool { return first.post(initialized, as("ann")...).status == http.StatusNotFound })
	echoes := func() int { return second.post(toolCall("3", "echo"), as("ann")...).status }
	for range 20 {
		if status := echoes(); status != http.StatusTooManyRequests {
			t.Fatalf("a second call while the handler of the first one runs: %d", status)
		}
		if s := rg.try(as("ann")...); s.resp.StatusCode != http.StatusTooManyRequests {
			t.Fatalf("a third session while the handler of the first one runs: %s", s.resp.Status)
		}
	}
	close(open)
	rg.eventually("the end of the first call", func() bool { return echoes() == http.StatusAccepted })
	rg.eventually("the place of the first session", func() bool { return rg.try(as("ann")...).resp.StatusCode == http.StatusOK })
}

// blocked is a server whose handler of progress waits, and with it all later messages of a session but answers.
func blocked() (server *mcp.Server, open, started chan struct{}) {
	open, started = make(chan struct{}), make(chan struct{}, 1000)
	var o mcp.ServerOptions
	transport.ServerOptions(&o)
	o.ProgressNotificationHandler = func(context.Context, *mcp.ProgressNotificationServerRequest) {
		started <- struct{}{}
		<-open
	}
	server = mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, &o)
	server.AddTool(&mcp.Tool{Name: "echo", InputSchema: anyObject}, echo)
	return server, open, started
}

const progress = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"a","progress":1}}`

// What a client sends faster than it is handled is refused in the end, not kept.
func TestSSENotificationsAreLimited(t *testing.T) {
	server, open, started := blocked()
	rg := newSSERig(t, transport.Config{Server: server, MaxCalls: 1}, nil)
	s, other := rg.session(), rg.session()
	s.accepted(progress)
	<-started
	accepted := 1
	for ; accepted < 100; accepted++ {
		if a := s.post(progress); a.status != http.StatusAccepted {
			if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
				t.Errorf("%d %s", a.status, a.body)
			}
			break
		}
	}
	if accepted < 30 || accepted > 33 { // initialized may be among them
		t.Errorf("%d notifications were accepted", accepted)
	}
	s.accepted(`{"jsonrpc":"2.0","id":99,"result":{}}`) // an answer needs no place
	s.accepted(toolCall("2", "echo"))
	if a := s.post(toolCall("3", "echo")); a.status != http.StatusTooManyRequests {
		t.Errorf("the place of a call whose handler has not begun: %d %s", a.status, a.body)
	}
	other.accepted(progress) // others are not concerned
	close(open)
	s.wants("done")
	for range 100 { // and the count goes down again
		rg.eventually("a notification to be accepted", func() bool { return s.post(progress).status == http.StatusAccepted })
	}
}

// Notifications that never reach a handler count until a later message has.
func TestSSEGarbageNotificationsAreForgotten(t *testing.T) {
	rg := newSSERig(t, transport.Config{}, map[string]handler{"echo": echo})
	s := rg.session()
	for range 5 {
		for i := range 20 {
			s.accepted(fmt.Sprintf(`{"jsonrpc":"2.0","method":"no/such","params":{"n":%d}}`, i))
		}
		s.accepted(toolCall("2", "echo"))
		s.wants("done")
	}
}

// The places of calls that wait for their handler are given back when the session ends.
func TestSSEWaitingCallsEndWithTheSession(t *testing.T) {
	server, open, started := blocked()
	rg := newSSERig(t, transport.Config{Server: server, MaxCalls: 1}, nil)
	s, other := rg.session(), rg.session()
	s.accepted(progress)
	<-started
	s.accepted(toolCall("2", "echo"))
	if a := other.post(toolCall("2", "echo")); a.status != http.StatusTooManyRequests {
		t.Errorf("%d %s", a.status, a.body)
	}
	s.end()
	rg.eventually("the place of the call", func() bool { return other.post(toolCall("2", "echo")).status == http.StatusAccepted })
	other.wants("done")
	close(open)
}

// A client that reads nothing loses its session after the write timeout, and leaves nothing.
func TestSSEUnreadStreamsEnd(t *testing.T) {
	big := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return text(strings.Repeat("x", 8<<20)), nil
	}
	open, started := make(chan struct{}), make(chan struct{}, 1)
	deaf := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		started <- struct{}{}
		<-open
		return text("late"), nil
	}
	rg := newSSERig(t, transport.Config{MaxSessions: 1, MaxCalls: 2, WriteTimeout: 300 * time.Millisecond},
		map[string]handler{"big": big, "echo": echo, "deaf": deaf})
	before := runtime.NumGoroutine()
	conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(rg.url, "http://"), "/team/mcp"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil { // or the whole answer fits into buffers
		t.Fatal(err)
	}
	fmt.Fprint(conn, "GET /team/sse HTTP/1.1\r\nHost: localhost\r\n\r\n")
	s := &stream{rg: rg, endpoint: endpointIn(t, conn)}
	s.accepted(initialize)
	rg.eventually("the end of initialize", func() bool { return s.post(toolCall("1", "deaf")).status == http.StatusAccepted })
	<-started
	s.accepted(toolCall("2", "big"))
	if a := s.post(toolCall("3", "echo")); a.status != http.StatusTooManyRequests {
		t.Errorf("a call beside one whose answer nobody takes: %d %s", a.status, a.body)
	}
	ended := false
	for range 3000 { // encoding such an answer takes a while under the race detector
		if ended = s.post(initialized).status == http.StatusNotFound; ended {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !ended {
		t.Error("the session goes on")
	}
	close(open)
	rg.eventually("place for another session and call", func() bool {
		other := rg.try()
		if other.resp.StatusCode != http.StatusOK {
			return false
		}
		_, other.endpoint, _ = strings.Cut(other.next(), " ")
		other.accepted(initialize)
		other.wants("result")
		other.accepted(toolCall("2", "echo"))
		other.wants("done")
		other.end()
		return true
	})
	rg.client.CloseIdleConnections()
	_ = conn.Close()
	settle(t, before)
}

// endpointIn reads no more of a stream than its first event.
func endpointIn(t *testing.T, conn net.Conn) string {
	t.Helper()
	var got []byte
	one := make([]byte, 1)
	for !strings.HasSuffix(string(got), "\n\n\r\n") { // the end of a chunk
		if _, err := conn.Read(one); err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		got = append(got, one[0])
	}
	_, data, _ := strings.Cut(string(got), "data: ")
	return strings.TrimSpace(data)
}

// A quiet stream has heartbeats, also after events.
func TestSSEHasHeartbeats(t *testing.T) {
	rg := newSSERig(t, transport.Config{Heartbeat: 20 * time.Millisecond}, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	resp, err := rg.at("/team/sse").start(ctx, http.MethodGet, "")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	beats := 0
	for beats < 3 && lines.Scan() {
		if strings.HasPrefix(lines.Text(), ":") {
			beats++
		}
	}
	if beats < 3 {
		t.Errorf("%d heartbeats: %v", beats, lines.Err())
	}
}
