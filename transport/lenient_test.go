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

// The media type of a message: what older clients send is accepted, and its nearest unlawful neighbour is not. D82: compressed bodies are not read.
func TestContentTypesAndEncodings(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	for _, test := range []struct {
		header, value string
		status        int
	}{
		{"Content-Type", "application/json-rpc", 200},
		{"Content-Type", "Application/JSON-RPC; charset=UTF-8", 200},
		{"Content-Type", `application/json; charset="utf-8"; profile=x`, 200},
		{"Content-Type", "application/json;charset=utf8", 200},
		{"Content-Type", "application/json-rpc; charset=utf-16", 415},
		{"Content-Type", "application/json; charset=iso-8859-1", 415},
		{"Content-Type", "application/json; charset=", 415},
		{"Content-Type", "application/json; charset=utf-8; charset=utf-7", 415},
		{"Content-Type", "application/json-rpc2", 415},
		{"Content-Type", "application/jsonrequest", 415},
		{"Content-Type", "application/json, text/plain", 415},
		{"Content-Type", "text/json", 415},
		{"Content-Type", "text/plain; application/json-rpc", 415},
		{"Content-Type", "application/x-www-form-urlencoded", 415},
		{"Content-Type", "", 415},
		{"Content-Encoding", "identity", 200},
		{"Content-Encoding", "gzip", 415},
		{"Content-Encoding", "identity, br", 415},
	} {
		for _, era := range eras {
			a := rg.sendAs(era, test.header, test.value)
			if a.status != test.status || test.status == 415 && (a.code() != -32600 || !strings.Contains(a.body, "unsupported media type: ")) {
				t.Errorf("%s, %s %q: %d %s", era, test.header, test.value, a.status, a.body)
			}
			if got := a.header.Get("Accept-Encoding"); (got == "identity") != (test.status == 415 && test.header == "Content-Encoding") {
				t.Errorf("%s, %s %q: Accept-Encoding %q", era, test.header, test.value, got)
			}
		}
	}
}

// sendAs calls echo with one header changed.
func (rg *rig) sendAs(era, header, value string) answer {
	rg.t.Helper()
	session := ""
	if era == legacy {
		session = rg.open()
	}
	body, headers := message(era, session, "tools/call", "echo", `"name":"echo"`)
	return rg.send(http.MethodPost, body, append(headers, header, value)...)
}

// Which of several Content-Type lines a proxy believes is not known.
func TestTwoContentTypesAreRefused(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	for lines, status := range map[string]int{
		"": 200, "Content-Type: application/json\r\n": 415, "Content-Type: text/plain\r\n": 415,
	} {
		w := dial(t, rg.url)
		w.head("POST", len(initialize), lines+"X-A: b")
		w.write(initialize)
		if resp := w.read(); resp.StatusCode != status {
			t.Errorf("beside application/json %q: %d", lines, resp.StatusCode)
		}
	}
}

// The Accept header of a POST may leave out either half; who takes no event streams gets JSON, and who takes neither is refused.
func TestAcceptIsCompleted(t *testing.T) {
	const stream, json, refused = "text/event-stream", "application/json", ""
	rg := newRig(t, transport.Config{}, map[string]handler{"echo": echo})
	for accept, want := range map[string]string{
		"application/json, text/event-stream": stream, "text/event-stream, application/json;q=0.1": stream, "*/*": stream, "": stream,
		"text/event-stream": stream, "TEXT/*": stream, "text/html, */*;q=0.1": stream, "application/json;q=0, text/event-stream": stream,
		"application/json": json, "Application/*": json, "application/json-rpc": json, "application/json; charset=utf-8; q=0.5": json,
		"application/json, text/event-stream;q=0": json, "*/*, text/event-stream; q=0.000": json, "*/*;q=1, text/*;q=0": json,
		"text/html": refused, "*/*;q=0": refused, "application/json;q=0": refused, "application/xml, image/*": refused, "application/json-seq": refused,
	} {
		for _, era := range eras {
			a := rg.sendAs(era, "Accept", accept)
			switch {
			case want == refused && (a.status != http.StatusBadRequest || !strings.Contains(a.body, "takes neither")):
				t.Errorf("%s, Accept %q: %d %s", era, accept, a.status, a.body)
			case want != refused && (a.status != http.StatusOK || a.header.Get("Content-Type") != want || !strings.Contains(string(a.rpc.Result), "done")):
				t.Errorf("%s, Accept %q: %d %v %s", era, accept, a.status, a.header, a.body)
			case want == json && !strings.HasPrefix(a.body, `{"jsonrpc"`):
				t.Errorf("%s, Accept %q: %s", era, accept, a.body)
			}
		}
	}
}

var onlyJSON = []string{"Accept", "application/json"}

// An answer in JSON is the response alone, with the status that it has in a stream, and no heartbeat goes before it.
func TestAnswersInJSON(t *testing.T) {
	reports := func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		_ = req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: "p", Progress: 1})
		time.Sleep(time.Minute)
		return text("reported\n\ndata: x"), nil
	}
	for _, era := range eras {
		inPipes(t, transport.Config{}, map[string]handler{"reports": reports}, func(t *testing.T, rg *rig) {
			a := rg.call(era, "reports", onlyJSON...)
			if a.status != 200 || a.header.Get("Content-Type") != "application/json" || !strings.HasPrefix(a.body, `{"jsonrpc":"2.0","id":7,"result"`) || !strings.Contains(a.body, "reported") {
				t.Errorf("%s: %d %v %s", era, a.status, a.header, a.body)
			}
			status := map[string]int{legacy: 200, modern: 400}[era]
			if a := rg.call(era, "absent", onlyJSON...); a.status != status || a.code() != -32602 {
				t.Errorf("%s: %d %s", era, a.status, a.body)
			}
		})
	}
}

// Whoever reads no streams can neither be asked nor listen; both fail at once.
func TestStreamsAreNotForcedOnClients(t *testing.T) {
	rg := newRig(t, transport.Config{}, map[string]handler{"confirms": confirms, "echo": echo})
	a := rg.send(http.MethodPost, strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1), onlyJSON...)
	session := a.header.Get("Mcp-Session-Id")
	if a.status != 200 || session == "" || a.header.Get("Content-Type") != "application/json" || !strings.Contains(a.body, "protocolVersion") {
		t.Errorf("initialize: %d %v %s", a.status, a.header, a.body)
	}
	body, headers := message(legacy, session, "tools/call", "confirms", `"name":"confirms"`)
	if a := rg.send(http.MethodPost, body, append(headers, onlyJSON...)...); a.code() == 0 || !strings.Contains(a.body, "does not accept event streams") {
		t.Errorf("a call that asks: %d %s", a.status, a.body)
	}
	a = rg.send(http.MethodPost, strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1))
	if got := rg.confirm(a.header.Get("Mcp-Session-Id")); !strings.Contains(got, "human said accept") {
		t.Errorf("the same with streams: %s", got)
	}
	listen, headers := message(modern, "", "subscriptions/listen", "", `"notifications":{"toolsListChanged":true}`)
	if a := rg.send(http.MethodPost, listen, append(headers, onlyJSON...)...); a.status != http.StatusBadRequest || !strings.Contains(a.body, "answered with an event stream") {
		t.Errorf("listen: %d %s", a.status, a.body)
	}
}

// A host may end a request before its call does. An empty stream says so; an empty body would be no JSON.
func TestRequestsThatEndAreToldInJSON(t *testing.T) {
	g := newGate()
	rg := newRig(t, transport.Config{}, map[string]handler{"gate": g.handle})
	defer close(g.open)
	session := rg.open()
	rg.url = newProbe(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 50*time.Millisecond)
		defer cancel()
		rg.e.ServeHTTP(w, r.WithContext(ctx))
	}))
	body, headers := message(legacy, session, "tools/call", "gate", `"name":"gate"`)
	if a := rg.send(http.MethodPost, body, append(headers, onlyJSON...)...); a.code() != -32603 || a.status != http.StatusInternalServerError || string(a.rpc.ID) != "7" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	if a := rg.send(http.MethodPost, strings.Replace(body, `"id":7`, `"id":8`, 1), headers...); a.body != "" || a.status != http.StatusOK {
		t.Errorf("as a stream: %d %v %s", a.status, a.header, a.body)
	}
}

// GET opens a stream and nothing else. Who has no credential is told that first: mcp-remote begins with such a GET.
func TestGetIsForStreams(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, nil)
	session := rg.open(as("ann")...)
	for _, test := range []struct {
		accept, version string
		status          int
		allow, says     string
	}{
		{"", "", 405, "POST, GET, DELETE", "Accept: text/event-stream"},
		{"text/html", "", 405, "POST, GET, DELETE", "sent with POST"},
		{"application/json", legacy, 405, "POST, GET, DELETE", "sent with POST"},
		{"text/event-stream;q=0, */*", "", 405, "POST, GET, DELETE", "sent with POST"},
		{"application/json", modern, 405, "POST", "subscriptions/listen"},
		{"text/event-stream", modern, 405, "POST", "subscriptions/listen"},
	} {
		headers := []string{"Accept", test.accept, "Mcp-Protocol-Version", test.version, "Mcp-Session-Id", session}
		a := rg.send(http.MethodGet, "", append(headers, as("ann")...)...)
		if a.status != test.status || a.header.Get("Allow") != test.allow || a.code() != -32600 || !strings.Contains(a.body, test.says) {
			t.Errorf("Accept %q, version %q: %d %v %s", test.accept, test.version, a.status, a.header, a.body)
		}
		if a := rg.send(http.MethodGet, "", headers...); a.status != http.StatusUnauthorized {
			t.Errorf("Accept %q, version %q, no credential: %d %s", test.accept, test.version, a.status, a.body)
		}
	}
	for _, accept := range []string{"text/event-stream", "*/*", "text/*", "application/json, text/event-stream"} {
		rg.eventually("a stream for Accept: "+accept, func() bool { return rg.streamIsFree(session, "Accept", accept) })
	}
}

// streamIsFree reports whether nobody has the stream of ann's session.
func (rg *rig) streamIsFree(session string, headers ...string) bool {
	ctx, hangUp := context.WithCancel(rg.t.Context())
	defer hangUp()
	resp, err := rg.start(ctx, http.MethodGet, "", append(headers, "Authorization", "Bearer ann", "Mcp-Session-Id", session)...)
	if err != nil {
		rg.t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Methods are case-sensitive (RFC 9110 section 9.1).
func TestMethodsAreCaseSensitive(t *testing.T) {
	rg := newRig(t, transport.Config{}, nil)
	for method, status := range map[string]int{"POST": 200, "post": 405, "Post": 405, "get": 405, "HEAD": 405} {
		body := initialize
		if strings.EqualFold(method, "get") || method == "HEAD" {
			body = ""
		}
		if a := rg.send(method, body); a.status != status {
			t.Errorf("%s: %d %s", method, a.status, a.body)
		}
	}
}
