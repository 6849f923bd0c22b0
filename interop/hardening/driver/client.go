package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	legacyVersion = "2025-11-25"
	modernVersion = "2026-07-28"
	sessionHeader = "Mcp-Session-Id"
	listTool      = "zia_list_rule_labels" // a tool that asks the tenant
)

// A client is one program with connections, an address and a key of its own. Without a session it speaks the protocol without sessions.
type client struct {
	http    *http.Client
	url     string
	key     string
	session string
}

// client makes the next client. Each has an address of loopback of its own where the system has more than one, as clients in the world have.
func (w *world) client(caller int) *client {
	dialer := &net.Dialer{Timeout: 20 * time.Second}
	if n := w.clients.Add(1); elsewhere {
		dialer.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, byte(1+n>>16&63), byte(n>>8), byte(n))}
	}
	return &client{
		http: &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 64}, Timeout: 4 * time.Minute},
		url:  w.url, key: w.keyOf(caller),
	}
}

// elsewhere: all of 127.0.0.0/8 is loopback, as on Linux.
var elsewhere = func() bool {
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.1.2.3:0")
	if err != nil {
		return false
	}
	return ln.Close() == nil
}()

func (c *client) close() { c.http.CloseIdleConnections() }

// An answer is a response that has been read to its end.
type answer struct {
	status  int
	header  http.Header
	body    string
	message message
}

// A message is an answer of JSON-RPC.
type message struct {
	ID     json.RawMessage
	Method string
	Result *struct {
		IsError bool
		Content []struct{ Text string }
	}
	Error *struct {
		Code    int
		Message string
	}
}

// text is what a tool says.
func (m message) text() string {
	if m.Result == nil || len(m.Result.Content) == 0 {
		return ""
	}
	return m.Result.Content[0].Text
}

// errCut is an answer that has begun and does not end as it should.
var errCut = errors.New("the answer is cut")

// read reads a response to its end.
func read(resp *http.Response, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(content)}
	if err != nil {
		return a, fmt.Errorf("%w: %w after %d bytes", errCut, err, len(content))
	}
	return a, nil
}

// post sends a message and reads the answer to it.
func (c *client) post(ctx context.Context, method, params string) (answer, error) {
	req, err := c.request(ctx, method, params)
	if err != nil {
		return answer{}, err
	}
	a, err := read(c.http.Do(req))
	if err != nil {
		return a, err
	}
	a.message, err = answerIn(a)
	return a, err
}

func (c *client) request(ctx context.Context, method, params string) (*http.Request, error) {
	var id string
	if !strings.HasPrefix(method, "notifications/") {
		id = `"id":1,`
	}
	modern := c.session == "" && method != "initialize"
	if modern {
		params = withMeta(params)
	}
	body := `{"jsonrpc":"2.0",` + id + `"method":"` + method + `","params":` + params + `}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	c.identify(req.Header)
	if modern {
		req.Header.Set("Mcp-Protocol-Version", modernVersion)
		req.Header.Set("Mcp-Method", method)
		if name := nameIn(params); name != "" {
			req.Header.Set("Mcp-Name", name)
		}
	}
	return req, nil
}

// identify sets the headers that each request of the client has.
func (c *client) identify(h http.Header) {
	h.Set("Authorization", "Bearer "+c.key)
	h.Set("Content-Type", "application/json")
	h.Set("Accept", "application/json, text/event-stream")
	if c.session != "" {
		h.Set(sessionHeader, c.session)
		h.Set("Mcp-Protocol-Version", legacyVersion)
	}
}

const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"` + modernVersion + `","io.modelcontextprotocol/clientInfo":{"name":"driver","version":"1"},` +
	`"io.modelcontextprotocol/clientCapabilities":{}}`

func withMeta(params string) string {
	if rest := strings.TrimPrefix(params, "{"); rest != "}" {
		return "{" + meta + "," + rest
	}
	return "{" + meta + "}"
}

func nameIn(params string) string {
	var named struct{ Name string }
	_ = json.Unmarshal([]byte(params), &named) // ours
	return named.Name
}

// answerIn finds the answer among the events of a stream, or in a body.
func answerIn(a answer) (message, error) {
	var m message
	switch {
	case a.status != http.StatusOK || a.body == "":
		_ = json.Unmarshal([]byte(a.body), &m) // refusals of what is in front are no messages
		return m, nil
	case !strings.HasPrefix(a.header.Get("Content-Type"), "text/event-stream"):
		return m, json.Unmarshal([]byte(a.body), &m)
	}
	for line := range strings.Lines(a.body) {
		if data, ok := strings.CutPrefix(line, "data:"); ok && json.Unmarshal([]byte(data), &m) == nil && string(m.ID) == "1" && m.Method == "" {
			return m, nil
		}
		m = message{}
	}
	return m, fmt.Errorf("%w: a stream of %d bytes without the answer", errCut, len(a.body))
}

const initialize = `{"protocolVersion":"` + legacyVersion + `","capabilities":{"elicitation":{}},"clientInfo":{"name":"driver","version":"1"}}`

// open begins a session, or goes on with what was refused of it.
func (c *client) open(ctx context.Context) (answer, error) {
	if c.session == "" {
		a, err := c.post(ctx, "initialize", initialize)
		if err != nil || a.status != http.StatusOK {
			return a, err
		}
		if c.session = a.header.Get(sessionHeader); c.session == "" {
			return a, errors.New("initialize without a session")
		}
	}
	return c.post(ctx, "notifications/initialized", "{}")
}

// call calls a tool.
func (c *client) call(ctx context.Context, tool, arguments string) (answer, error) {
	return c.post(ctx, "tools/call", `{"name":"`+tool+`","arguments":`+arguments+`}`)
}

// bare sends a request without a body: GET opens the stream of the session, DELETE ends it.
func (c *client) bare(ctx context.Context, method string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.url, nil)
	if err != nil {
		return nil, err
	}
	c.identify(req.Header)
	return c.http.Do(req)
}

// end ends the session.
func (c *client) end(ctx context.Context) error {
	a, err := read(c.bare(ctx, http.MethodDelete))
	if err == nil && a.status >= 300 {
		err = fmt.Errorf("DELETE: %d %.200s", a.status, a.body)
	}
	c.session = ""
	return err
}

// later is when a client that was refused may come again; ok reports whether it was told so.
func (a answer) later() (wait time.Duration, ok bool) {
	if a.status != http.StatusTooManyRequests && a.status != http.StatusServiceUnavailable {
		return 0, false
	}
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	return time.Duration(seconds) * time.Second, err == nil && seconds > 0
}

// good judges an answer that must be one.
func good(what string, a answer, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	case a.status >= 300 || a.message.Error != nil || a.message.Result != nil && a.message.Result.IsError:
		return fmt.Errorf("%s: %d %.300s", what, a.status, a.body)
	}
	return nil
}
