package transport_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

const heartbeat = ":"

// inPipes runs f with a rig in a bubble whose connections have no buffers: a write lasts until the peer has read it.
func inPipes(t *testing.T, cfg transport.Config, tools map[string]handler, f func(*testing.T, *rig)) {
	t.Helper()
	bubble.Test(t, func(t *testing.T) {
		cfg.Server = newServer(tools)
		e, err := transport.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ln := newPipeListener()
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() {
			served <- transport.Serve(ctx, &http.Server{Handler: e, ReadHeaderTimeout: 5 * time.Second}, ln, e, time.Second)
		}()
		dial := func(context.Context, string, string) (net.Conn, error) { return ln.dial(), nil }
		client := &http.Client{Transport: &http.Transport{DialContext: dial}}
		f(t, &rig{t: t, e: e, url: "http://localhost", client: client})
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		client.CloseIdleConnections()
	})
}

// sleeps is a tool that says nothing for a while.
func sleeps(d time.Duration, res *mcp.CallToolResult, err error) handler {
	return func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		select {
		case <-time.After(d):
			return res, err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// linesOf reads an answer and tells when its lines came, as seconds from now.
func linesOf(resp *http.Response, begun time.Time) (lines []string, at []time.Duration) {
	defer resp.Body.Close()
	for in := bufio.NewScanner(resp.Body); in.Scan(); {
		if in.Text() != "" {
			lines, at = append(lines, in.Text()), append(at, time.Since(begun))
		}
	}
	return lines, at
}

// The header of a quiet call goes out with its first heartbeat, so that proxies see both.
func TestQuietCallsHaveHeartbeats(t *testing.T) {
	for _, era := range eras {
		for interval, beats := range map[time.Duration]int{0: 6, 40 * time.Second: 2, -1: 0} {
			inPipes(t, transport.Config{Heartbeat: interval}, map[string]handler{"sleeps": sleeps(100*time.Second, text("slept"), nil)}, func(t *testing.T, rg *rig) {
				session := ""
				if era == legacy {
					session = rg.open()
				}
				begun := time.Now()
				body, headers := message(era, session, "tools/call", "sleeps", `"name":"sleeps"`)
				resp, err := rg.start(t.Context(), http.MethodPost, body, headers...)
				if err != nil {
					t.Fatal(err)
				}
				header := time.Since(begun)
				lines, at := linesOf(resp, begun)
				if n := len(lines) - 2; n != beats || resp.StatusCode != http.StatusOK || resp.Header.Get("X-Accel-Buffering") != "no" {
					t.Errorf("%s, %s: %d, %v, %d heartbeats: %q", era, interval, resp.StatusCode, resp.Header, n, lines)
				}
				if lines[len(lines)-2] != "event: message" || !strings.Contains(lines[len(lines)-1], "slept") {
					t.Errorf("%s, %s: %q", era, interval, lines)
				}
				for i := range beats {
					if lines[i] != heartbeat || at[i] > time.Duration(i+1)*max(interval, 15*time.Second) || header > at[0] {
						t.Errorf("%s, %s: header after %s, %q after %s", era, interval, header, lines[i], at[i])
					}
				}
			})
		}
	}
}

// listenings open a stream of each kind.
var listenings = map[string]func(*rig, context.Context) (*http.Response, error){
	"GET": func(rg *rig, ctx context.Context) (*http.Response, error) {
		return rg.start(ctx, http.MethodGet, "", "Mcp-Session-Id", rg.open())
	},
	"subscriptions/listen": func(rg *rig, ctx context.Context) (*http.Response, error) {
		body, headers := message(modern, "", "subscriptions/listen", "", `"notifications":{"toolsListChanged":true}`)
		return rg.start(ctx, http.MethodPost, body, headers...)
	},
}

func TestStreamsHaveHeartbeats(t *testing.T) {
	for name, listens := range listenings {
		inPipes(t, transport.Config{}, map[string]handler{"echo": echo}, func(t *testing.T, rg *rig) {
			ctx, hangUp := context.WithTimeout(t.Context(), 2*time.Minute)
			defer hangUp()
			resp, err := listens(rg, ctx)
			if err != nil {
				t.Fatal(err)
			}
			lines, at := linesOf(resp, time.Now())
			n := 0
			for _, line := range lines {
				if line == heartbeat {
					n++
				}
			}
			if n < 7 || n > 8 {
				t.Errorf("%s: %d heartbeats in two minutes: %q after %v", name, n, lines, at)
			}
		})
	}
}

// What is busy needs no heartbeat.
func TestBusyStreamsHaveNone(t *testing.T) {
	reports := func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		for i := range 10 {
			time.Sleep(12 * time.Second)
			_ = req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: "p", Progress: float64(i)})
		}
		return text("reported"), nil
	}
	for _, era := range eras {
		inPipes(t, transport.Config{}, map[string]handler{"reports": reports}, func(t *testing.T, rg *rig) {
			if a := rg.call(era, "reports"); strings.Contains(a.body, "\n:") || strings.Count(a.body, "notifications/progress") != 10 || !strings.Contains(a.body, "reported") {
				t.Errorf("%s: %s", era, a.body)
			}
		})
	}
}

// A refusal has a status as long as none was sent. After a heartbeat or an event it is an event, where the SDK would write bare JSON into the stream.
func TestRefusalsKeepTheirStatus(t *testing.T) {
	refusal := &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: "no such thing"}
	reports := func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		_ = req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: "p", Progress: 1})
		return nil, refusal
	}
	for tool, test := range map[string]struct {
		status int
		media  string
	}{
		"refuses": {http.StatusBadRequest, "application/json"}, "absent": {http.StatusBadRequest, "application/json"},
		"hesitates": {http.StatusOK, "text/event-stream"}, "reports": {http.StatusOK, "text/event-stream"},
	} {
		inPipes(t, transport.Config{}, map[string]handler{
			"refuses": sleeps(time.Second, nil, refusal), "hesitates": sleeps(20*time.Second, nil, refusal), "reports": reports,
		}, func(t *testing.T, rg *rig) {
			a := rg.call(modern, tool)
			if a.status != test.status || a.header.Get("Content-Type") != test.media || a.code() != jsonrpc.CodeInvalidParams || string(a.rpc.ID) != "7" {
				t.Errorf("%s: %d %v %s", tool, a.status, a.header, a.body)
			}
			if stream := test.status == http.StatusOK; stream != strings.HasSuffix(a.body, "}\n\n") || stream != strings.Contains(a.body, "event: message\ndata: {") {
				t.Errorf("%s: %q", tool, a.body)
			}
		})
	}
}

// Whichever comes first, the refusal or the heartbeat, the answer is whole (run with -race).
func TestRefusalsAndHeartbeatsAtOnce(t *testing.T) {
	refusal := &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: "no such thing"}
	rg := newRig(t, transport.Config{Heartbeat: time.Millisecond}, map[string]handler{"refuses": sleeps(time.Millisecond, nil, refusal)})
	for range 100 {
		a := rg.call(modern, "refuses")
		stream := a.header.Get("Content-Type") == "text/event-stream"
		if a.code() != jsonrpc.CodeInvalidParams || string(a.rpc.ID) != "7" || stream != (a.status == http.StatusOK) || stream != strings.HasSuffix(a.body, "\n\n") {
			t.Fatalf("%d %v %q", a.status, a.header, a.body)
		}
	}
}

// Nothing is put into an event, whatever the handler writes at the same time (run with -race), and a client of another make reads it all.
func TestHeartbeatsStayOutOfEvents(t *testing.T) {
	const events = 200
	reports := func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		for i := range events {
			_ = req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: "p", Progress: float64(i), Message: strings.Repeat("x", 5000)})
			if i%20 == 0 {
				time.Sleep(3 * time.Millisecond)
			}
		}
		return text("reported"), nil
	}
	rg := newRig(t, transport.Config{Heartbeat: time.Microsecond}, map[string]handler{"reports": reports})
	for _, era := range eras {
		a := rg.call(era, "reports")
		beats, messages := 0, 0
		for block := range strings.SplitSeq(strings.TrimSuffix(a.body, "\n\n"), "\n\n") {
			data, isMessage := strings.CutPrefix(block, "event: message\ndata: ")
			switch {
			case block == heartbeat:
				beats++
			case isMessage && json.Valid([]byte(data)):
				messages++
			default:
				t.Fatalf("%s: torn: %.200q", era, block)
			}
		}
		if beats == 0 || messages != events+1 {
			t.Errorf("%s: %d heartbeats, %d messages", era, beats, messages)
		}
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "t", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: rg.url, HTTPClient: rg.client}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	if res, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "reports"}); err != nil || res.IsError {
		t.Errorf("the SDK's client: %v, %v", res, err)
	}
}

// Heartbeats are how a peer is noticed that is gone without a word: it does not take them, and loses its stream.
func TestPeersThatDoNotReadAreNoticed(t *testing.T) {
	for name, listens := range listenings {
		for interval, ends := range map[time.Duration]bool{0: true, -1: false} {
			inPipes(t, transport.Config{MaxSessions: 1, Heartbeat: interval}, map[string]handler{"echo": echo}, func(t *testing.T, rg *rig) {
				ctx, hangUp := context.WithCancel(t.Context())
				defer hangUp()
				resp, err := listens(rg, ctx)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				// The client's own buffer holds what comes first; from then on it reads nothing.
				body := make([]byte, 4<<10)
				if _, err := resp.Body.Read(body); err != nil {
					t.Fatal(err)
				}
				holdsItsPlace := func() bool {
					again, err := listenings["subscriptions/listen"](rg, ctx)
					if err != nil {
						t.Fatal(err)
					}
					defer again.Body.Close()
					return again.StatusCode == http.StatusTooManyRequests
				}
				if time.Sleep(10 * time.Second); !holdsItsPlace() {
					t.Errorf("%s: the stream has no place", name)
				}
				time.Sleep(10 * time.Minute)
				if synctest.Wait(); holdsItsPlace() == ends {
					t.Errorf("%s, heartbeat %s: holds its place: %t", name, interval, ends)
				}
			})
		}
	}
}

// A session that is used lives on; its stream alone does not keep it.
func TestSessionsLiveWhileTheyAreUsed(t *testing.T) {
	inPipes(t, transport.Config{}, map[string]handler{"echo": echo}, func(t *testing.T, rg *rig) {
		session := rg.open()
		body, headers := message(legacy, session, "tools/call", "", `"name":"echo"`)
		for range 5 {
			time.Sleep(29 * time.Minute)
			if a := rg.send(http.MethodPost, body, headers...); a.status != http.StatusOK {
				t.Fatalf("in use: %d %s", a.status, a.body)
			}
		}
		resp, err := rg.start(t.Context(), http.MethodGet, "", "Mcp-Session-Id", session)
		if err != nil {
			t.Fatal(err)
		}
		if lines, at := linesOf(resp, time.Now()); len(lines) < 100 || at[len(at)-1] > 30*time.Minute {
			t.Errorf("%d heartbeats until %s", len(lines), at[len(at)-1])
		}
		if a := rg.send(http.MethodPost, body, headers...); a.status != http.StatusNotFound {
			t.Errorf("idle: %d %s", a.status, a.body)
		}
	})
}

// An event may come in pieces, and what comes after the end of the request goes nowhere.
func TestHeartbeatsWaitForTheEndOfAnEvent(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		e, err := transport.New(transport.Config{Server: newServer(nil)})
		if err != nil {
			t.Fatal(err)
		}
		rec := httptest.NewRecorder()
		out, end := e.Answer(rec)
		out.Header().Set("Content-Type", "text/event-stream")
		for _, piece := range []string{"event: a\n", "data: b", "\n\n"} {
			if _, err := io.WriteString(out, piece); err != nil {
				t.Error(err)
			}
			time.Sleep(16 * time.Second)
		}
		end()
		if _, err := io.WriteString(out, "data: late\n\n"); err == nil {
			t.Error("an event after the end is taken")
		}
		out.WriteHeader(http.StatusTeapot)
		out.Header().Set("X-A", "b")
		if err := http.NewResponseController(out).Flush(); err == nil {
			t.Error("nothing is left to flush")
		}
		time.Sleep(time.Hour)
		if got := rec.Body.String(); got != "event: a\ndata: b\n\n:\n\n" || rec.Header().Get("X-A") != "" {
			t.Errorf("%q, %v", got, rec.Header())
		}
		if err := e.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// The header of a refusal that a heartbeat forestalls is not that of the stream.
func TestHeadersThatComeTooLate(t *testing.T) {
	const message = `{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no"}}`
	for pause, want := range map[time.Duration]struct {
		status      int
		media, body string
	}{
		time.Second:      {http.StatusBadRequest, "application/json", message},
		16 * time.Second: {http.StatusOK, "text/event-stream", ":\n\nevent: message\ndata: " + message + "\n\n"},
	} {
		bubble.Test(t, func(t *testing.T) {
			e, err := transport.New(transport.Config{Server: newServer(nil)})
			if err != nil {
				t.Fatal(err)
			}
			rec := httptest.NewRecorder()
			out, end := e.Answer(rec)
			out.Header().Set("Content-Type", "text/event-stream")
			transport.Await(out)
			out.Header().Set("Content-Type", "application/json")
			time.Sleep(pause)
			out.WriteHeader(http.StatusBadRequest)
			if _, err := io.WriteString(out, message); err != nil {
				t.Error(err)
			}
			end()
			if media := rec.Header().Get("Content-Type"); rec.Code != want.status || media != want.media || rec.Body.String() != want.body {
				t.Errorf("after %s: %d %s %q", pause, rec.Code, media, rec.Body)
			}
		})
	}
}

func TestHeartbeatsInHTTP2(t *testing.T) {
	rg := newRig(t, transport.Config{Heartbeat: 10 * time.Millisecond}, map[string]handler{"sleeps": sleeps(100*time.Millisecond, text("slept"), nil)})
	srv := httptest.NewUnstartedServer(rg.e)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	rg.url, rg.client = srv.URL, srv.Client()
	for _, era := range eras {
		if a := rg.call(era, "sleeps"); a.status != http.StatusOK || !strings.HasPrefix(a.body, ":\n\n") || !strings.Contains(a.body, "slept") {
			t.Errorf("%s: %d %s", era, a.status, a.body)
		}
	}
}
