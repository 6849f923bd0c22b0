package transport_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/transport"
)

func as(who string) []string { return []string{"Authorization", "Bearer " + who} }

// begin sends a call to a gate and returns when its handler runs. The call ends with the function.
func (rg *rig) begin(g *gate, era, session, who string) (stop context.CancelFunc, ended <-chan error) {
	ctx, cancel := context.WithCancel(rg.t.Context())
	body, headers := message(era, session, "tools/call", "gate", `"name":"gate"`)
	body = strings.Replace(body, `"id":7`, `"id":"`+rand.Text()+`"`, 1) // one session may have several
	done := make(chan error, 1)
	go func() {
		resp, err := rg.start(ctx, http.MethodPost, body, append(headers, as(who)...)...)
		if err == nil {
			rg.read(resp)
		}
		done <- err
	}()
	select {
	case <-g.started:
	case err := <-done:
		rg.t.Fatalf("the call did not begin: %v", err)
	}
	return cancel, done
}

func TestCallsArePerPrincipalAndInAllLimited(t *testing.T) {
	for _, era := range eras {
		g := newGate()
		rg := newRig(t, transport.Config{Auth: byToken, MaxCalls: 3, MaxCallsPerPrincipal: 2}, map[string]handler{"gate": g.handle, "echo": echo})
		sessions := map[string]string{}
		for _, who := range []string{"ann", "bob", "cyd"} {
			if era == legacy {
				sessions[who] = rg.open(as(who)...)
			}
		}
		echoes := func(who string) answer {
			body, headers := message(era, sessions[who], "tools/call", "echo", `"name":"echo"`)
			return rg.send(http.MethodPost, body, append(headers, as(who)...)...)
		}
		var ended []<-chan error
		begin := func(who string) {
			_, done := rg.begin(g, era, sessions[who], who)
			ended = append(ended, done)
		}
		begin("ann")
		if a := echoes("ann"); a.status != http.StatusOK {
			t.Errorf("%s: second call of ann: %d %s", era, a.status, a.body)
		}
		begin("ann")
		if a := echoes("ann"); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || string(a.rpc.ID) != "7" {
			t.Errorf("%s: third call of ann: %d %s", era, a.status, a.body)
		}
		if a := echoes("bob"); a.status != http.StatusOK {
			t.Errorf("%s: first call of bob: %d %s", era, a.status, a.body)
		}
		begin("bob")
		if a := echoes("cyd"); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: fourth call in all: %d %s", era, a.status, a.body)
		}
		close(g.open)
		for _, done := range ended {
			if err := <-done; err != nil {
				t.Errorf("%s: %v", era, err)
			}
		}
		rg.eventually("an answer for ann", func() bool { return echoes("ann").status == http.StatusOK })
	}
}

// A legacy handler goes on when its client has gone, and counts as long as it does.
func TestCallOfAVanishedClientCounts(t *testing.T) {
	g := newGate()
	rg := newRig(t, transport.Config{Auth: byToken, MaxCallsPerPrincipal: 1}, map[string]handler{"gate": g.handle, "echo": echo})
	session := rg.open(as("ann")...)
	body, headers := message(legacy, session, "tools/call", "", `"name":"echo"`)
	echoes := func() int { return rg.send(http.MethodPost, body, append(headers, as("ann")...)...).status }
	vanish, ended := rg.begin(g, legacy, session, "ann")
	vanish()
	<-ended
	for range 20 {
		if status := echoes(); status != http.StatusTooManyRequests {
			t.Fatalf("a second call while the handler of the first one runs: %d", status)
		}
		time.Sleep(time.Millisecond)
	}
	close(g.open)
	rg.eventually("the end of the first call", func() bool { return echoes() == http.StatusOK })
}

// The answer of a human is no call: it comes through when the call that waits for it is the last one.
func TestElicitationIsAnsweredAtTheLimit(t *testing.T) {
	rg := newRig(t, transport.Config{MaxCalls: 1}, map[string]handler{"confirms": confirms})
	a := rg.send(http.MethodPost, strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1))
	if got := rg.confirm(a.header.Get("Mcp-Session-Id")); !strings.Contains(got, "human said accept") {
		t.Error(got)
	}
}

// Bodies that are being read take memory before anyone knows whether they are calls.
func TestBodiesBeingReadAreLimited(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, MaxCallsPerPrincipal: 2}, nil)
	var slow []*wire
	for range 2 {
		w := dial(t, rg.url)
		w.head("POST", len(initialize), "Authorization: Bearer ann", "Expect: 100-continue")
		if line, err := w.in.ReadString('\n'); err != nil || !strings.Contains(line, "100") { // sent by the first Read
			t.Fatal(line, err)
		}
		if _, err := w.in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, w)
	}
	if a := rg.send(http.MethodPost, initialize, as("ann")...); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("a third one: %d %s", a.status, a.body)
	}
	rg.open(as("bob")...)
	for _, w := range slow {
		w.write(initialize)
		if resp := w.read(); resp.StatusCode != http.StatusOK {
			t.Error(resp.Status)
		}
	}
	rg.open(as("ann")...)
}

func TestStreamsArePerPrincipalAndInAllLimited(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken, MaxSessions: 3, MaxSessionsPerPrincipal: 2}, map[string]handler{"echo": echo})
	listen, listenHeaders := message(modern, "", "subscriptions/listen", "", `"notifications":{"toolsListChanged":true}`)
	try := func(method, body string, headers ...string) (status int, header http.Header, end func()) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		resp, err := rg.start(ctx, method, body, headers...)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, resp.Header, func() { cancel(); resp.Body.Close() }
	}
	listens := func(who string) (int, http.Header, func()) {
		return try(http.MethodPost, listen, append(listenHeaders, as(who)...)...)
	}
	status, _, endFirst := listens("ann")
	if status != http.StatusOK {
		t.Fatalf("first stream of ann: %d", status)
	}
	first, second := rg.open(as("ann")...), rg.open(as("ann")...)
	status, _, endGet := try(http.MethodGet, "", append(as("ann"), "Mcp-Session-Id", first)...)
	defer endGet()
	if status != http.StatusOK {
		t.Fatalf("second stream of ann: %d", status)
	}
	status, header, end := listens("ann")
	if end(); status != http.StatusTooManyRequests || header.Get("Retry-After") == "" {
		t.Errorf("third stream of ann: %d", status)
	}
	status, _, end = try(http.MethodGet, "", append(as("ann"), "Mcp-Session-Id", second)...)
	if end(); status != http.StatusTooManyRequests {
		t.Errorf("third stream of ann, by GET: %d", status)
	}
	status, _, end = listens("bob")
	defer end()
	if status != http.StatusOK {
		t.Errorf("first stream of bob: %d", status)
	}
	status, header, end = listens("cyd")
	if end(); status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		t.Errorf("fourth stream in all: %d", status)
	}
	endFirst()
	rg.eventually("a stream instead of the one that has ended", func() bool {
		status, _, end := listens("ann")
		end()
		return status == http.StatusOK
	})
}

// A legacy session cannot hold a subscription stream: its handler would outlive the connection.
func TestListenIsOfTheNewEra(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	body, headers := message(legacy, rg.open(), "subscriptions/listen", "", `"notifications":{"toolsListChanged":true}`)
	if a := rg.send(http.MethodPost, body, headers...); a.code() != -32601 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestStdioCallsAreLimited(t *testing.T) {
	g := newGate()
	p := newPipe(t, t.Context(), transport.Config{MaxCalls: 2}, map[string]handler{"gate": g.handle})
	p.initialize()
	p.write(toolCall("1", "gate"), toolCall(`"b"`, "gate"))
	<-g.started
	<-g.started
	for _, id := range []string{"3", `"d"`} {
		p.write(toolCall(id, "gate"))
		if answer := p.read(); !strings.Contains(answer, `"id":`+id) || !strings.Contains(answer, "-32000") {
			t.Errorf("third call: %s", answer)
		}
	}
	close(g.open)
	for range 2 {
		if answer := p.read(); !strings.Contains(answer, "passed") {
			t.Error(answer)
		}
	}
	p.write(toolCall("3", "gate"))
	if answer := p.read(); !strings.Contains(answer, "passed") {
		t.Errorf("after the others: %s", answer)
	}
	p.in.Close()
	if rest, err := p.finish(); rest != "" || err != nil {
		t.Errorf("at the end: %q, %v", rest, err)
	}
}

// The SDK keeps these messages as long as their session or stream.
func TestMessagesThatAreKeptAreSmall(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	pad := func(body string, size int) string {
		return body[:len(body)-1] + strings.Repeat(" ", size-len(body)) + "}"
	}
	listen, listenHeaders := message(modern, "", "subscriptions/listen", "", `"notifications":{}`)
	for _, test := range []struct {
		name, body string
		headers    []string
	}{
		{"initialize", initialize, nil},
		{"initialize, escaped", strings.Replace(initialize, "initialize", `initiali\u007ae`, 1), nil},
		{"listen", listen, listenHeaders},
	} {
		for size, want := range map[int]int{64 << 10: 200, 64<<10 + 1: 413} {
			if a := rg.send(http.MethodPost, pad(test.body, size), test.headers...); a.status != want {
				t.Errorf("%s of %d bytes: %d %s", test.name, size, a.status, a.body)
			} else if want == 413 && !strings.Contains(a.body, fmt.Sprint(64<<10)) {
				t.Errorf("%s: the limit is not named: %s", test.name, a.body)
			}
		}
	}
}
