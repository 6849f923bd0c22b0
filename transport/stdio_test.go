package transport_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

// A pipe is a stdio client: what it writes the server reads, line by line, and the other way round.
type pipe struct {
	t     *testing.T
	e     *transport.Endpoint
	in    *io.PipeWriter
	out   *bufio.Reader
	ended chan error
}

func newPipe(t *testing.T, ctx context.Context, cfg transport.Config, tools map[string]handler) *pipe {
	t.Helper()
	cfg.Server = newServer(tools)
	e, err := transport.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	inRead, inWrite := io.Pipe()
	outRead, outWrite := io.Pipe()
	p := &pipe{t: t, e: e, in: inWrite, out: bufio.NewReader(outRead), ended: make(chan error, 1)}
	go func() {
		err := e.ServeStdio(ctx, inRead, outWrite)
		outWrite.Close()
		p.ended <- err
	}()
	return p
}

func (p *pipe) write(lines ...string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, strings.Join(lines, "\n")+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pipe) read() string {
	p.t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatal(err)
	}
	return line
}

// finish reads what is left and returns it with the error of ServeStdio.
func (p *pipe) finish() (string, error) {
	p.t.Helper()
	rest, err := io.ReadAll(p.out)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(rest), <-p.ended
}

func (p *pipe) initialize() {
	p.t.Helper()
	p.write(strings.Replace(initialize, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1))
	if answer := p.read(); !strings.Contains(answer, `"protocolVersion":"2025-11-25"`) {
		p.t.Fatalf("initialize: %s", answer)
	}
	p.write(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
}

func toolCall(id, tool string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"` + tool + `","arguments":{}}}`
}

func TestStdioAnswersAsPrincipalStdio(t *testing.T) {
	for _, era := range eras {
		p := newPipe(t, t.Context(), transport.Config{}, map[string]handler{"whoami": whoami})
		if era == legacy {
			p.initialize()
		}
		body, _ := message(era, "", "tools/call", "", `"name":"whoami"`)
		p.write(body)
		if answer := p.read(); !strings.Contains(answer, "stdio/stdio") {
			t.Errorf("%s: %s", era, answer)
		}
		p.in.Close()
		if rest, err := p.finish(); rest != "" || err != nil {
			t.Errorf("%s: at the end: %q, %v", era, rest, err)
		}
	}
}

func TestStdioBadLinesDoNotEndTheServer(t *testing.T) {
	g := newGate()
	p := newPipe(t, t.Context(), transport.Config{MaxBodyBytes: 1000}, map[string]handler{"gate": g.handle})
	p.initialize()
	for _, test := range []struct{ line, code string }{
		{`garbage`, "-32700"},
		{`{"jsonrpc":"2.0",`, "-32700"},
		{`{"jsonrpc":"1.0","id":9,"method":"ping"}`, "-32600"},
		{`{"jsonrpc":"2.0","id":{},"method":"ping"}`, "-32600"},
		{`{"jsonrpc":"2.0","id":9,"method":"ping","method":"ping"}`, "-32600"},
		{`[{"jsonrpc":"2.0","id":9,"method":"ping"}]`, "-32600"},
		{`42`, "-32600"},
		{nested(200), "-32600"},
		{strings.Repeat("x", 1001), "-32600"},
		{strings.Repeat("x", 200_000), "-32600"},
	} {
		p.write(test.line)
		if answer := p.read(); !strings.Contains(answer, `"code":`+test.code) || !strings.Contains(answer, `"id":null`) {
			t.Errorf("%.40s: %s", test.line, answer)
		}
		p.write("", "\r", `{"jsonrpc":"2.0","id":9,"method":"ping"}`+"\r")
		if answer := p.read(); !strings.Contains(answer, `"id":9,"result"`) {
			t.Errorf("ping after %.40s: %s", test.line, answer)
		}
	}
	p.write(toolCall("5", "gate"))
	<-g.started
	p.write(toolCall("5", "gate"))
	if answer := p.read(); !strings.Contains(answer, "in use") {
		t.Errorf("id in use: %s", answer)
	}
	close(g.open)
	if answer := p.read(); !strings.Contains(answer, `"id":5,"result"`) {
		t.Errorf("first call with the id: %s", answer)
	}
	p.in.Close()
	if rest, err := p.finish(); rest != "" || err != nil {
		t.Errorf("at the end: %q, %v", rest, err)
	}
}

func TestStdioEndOfInputLosesNoAnswer(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			select {
			case <-time.After(time.Minute):
				return text("slept"), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		p := newPipe(t, t.Context(), transport.Config{}, map[string]handler{"slow": slow})
		p.initialize()
		p.write(toolCall("2", "slow"), `{"jsonrpc":"2.0","id":3,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},`+modernMeta+`}}`)
		if _, err := io.WriteString(p.in, toolCall("4", "slow")); err != nil { // no newline at the end
			t.Fatal(err)
		}
		p.in.Close()
		rest, err := p.finish()
		if err != nil || strings.Count(rest, "slept") != 2 {
			t.Errorf("at the end: %v\n%s", err, rest)
		}
	})
}

// At the end of the input nobody can answer a question: the call is told at once.
func TestStdioEndOfInputFailsElicitation(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		start := time.Now()
		p := newPipe(t, t.Context(), transport.Config{}, map[string]handler{"confirms": confirms})
		p.initialize()
		p.write(toolCall("2", "confirms"))
		if question := p.read(); !strings.Contains(question, "elicitation/create") {
			t.Fatal(question)
		}
		p.in.Close()
		rest, err := p.finish()
		if err != nil || !strings.Contains(rest, `"id":2,"error"`) || !strings.Contains(rest, "cannot answer") {
			t.Errorf("at the end: %v\n%s", err, rest)
		}
		if d := time.Since(start); d > 0 {
			t.Errorf("it took %s", d)
		}
	})
}

func TestStdioElicitation(t *testing.T) {
	p := newPipe(t, t.Context(), transport.Config{}, map[string]handler{"confirms": confirms})
	p.initialize()
	p.write(toolCall("2", "confirms"))
	p.read()
	p.write(`{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{}}}`)
	if answer := p.read(); !strings.Contains(answer, "human said accept") {
		t.Error(answer)
	}
	p.in.Close()
	if rest, err := p.finish(); rest != "" || err != nil {
		t.Errorf("at the end: %q, %v", rest, err)
	}
}

func TestStdioEndOfContextTellsCallsAndEndsPromptly(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		ctx, interrupt := context.WithCancel(t.Context())
		g := newGate()
		p := newPipe(t, ctx, transport.Config{}, map[string]handler{"gate": g.handle})
		p.initialize()
		p.write(toolCall("2", "gate"))
		<-g.started
		start := time.Now()
		interrupt()
		rest, err := p.finish()
		if err != nil || !strings.Contains(rest, `"id":2,"error"`) || !strings.Contains(rest, "shutting down") {
			t.Errorf("at the end: %v\n%s", err, rest)
		}
		if d := time.Since(start); d > 0 {
			t.Errorf("it took %s", d)
		}
	}) // no goroutine is left, or synctest would fail
}

func TestStdioCloseLosesNoAnswer(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		g := newGate()
		p := newPipe(t, t.Context(), transport.Config{}, map[string]handler{"gate": g.handle})
		p.initialize()
		p.write(toolCall("2", "gate"))
		<-g.started
		closed := make(chan error)
		go func() { closed <- p.e.Close(t.Context()) }()
		synctest.Wait()
		p.write(toolCall("3", "gate"))
		if answer := p.read(); !strings.Contains(answer, "shutting down") {
			t.Errorf("new call: %s", answer)
		}
		close(g.open)
		rest, err := p.finish()
		if err != nil || !strings.Contains(rest, "passed") {
			t.Errorf("at the end: %v\n%s", err, rest)
		}
		if err := <-closed; err != nil {
			t.Errorf("Close: %v", err)
		}
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("broken") }

func TestStdioReportsAReadFailure(t *testing.T) {
	before := runtime.NumGoroutine()
	e, err := transport.New(transport.Config{Server: newServer(nil)})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.ServeStdio(t.Context(), brokenReader{}, io.Discard); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("ServeStdio: %v", err)
	}
	settle(t, before)
}
