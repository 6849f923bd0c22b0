package tool_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/tool"
)

type nothing = struct{}

// simple declares a tool without arguments.
func simple(effect tool.Effect, fn func(ctx context.Context) (any, error), opts ...tool.Option) tool.Tool {
	return tool.Func(effect, "demo", "Demo.", func(ctx context.Context, _ nothing) (any, error) { return fn(ctx) }, opts...)
}

func TestFailuresAreToolErrors(t *testing.T) {
	secret := errors.New("dial 10.0.0.7: refused")
	for name, tc := range map[string]struct {
		effect        tool.Effect
		fn            func(context.Context) (any, error)
		says, outcome string
		hides         string
	}{
		"error":       {tool.Read, func(context.Context) (any, error) { return nil, errors.New("no such label; list them first") }, "no such label; list them first", "error", ""},
		"public":      {tool.Read, func(context.Context) (any, error) { return nil, fmt.Errorf("call: %w", publicError{secret}) }, "the tenant is down", "error", "10.0.0.7"},
		"panic":       {tool.Read, func(context.Context) (any, error) { panic("10.0.0.7") }, "failed inside the server", "panic", "a value of type string"},
		"error panic": {tool.Read, func(context.Context) (any, error) { panic(secret) }, "failed inside the server", "panic", "a value of type *errors.errorString"},
		"nil panic":   {tool.Update, func(context.Context) (any, error) { return writeTo(nil), nil }, "may have been made", "panic", "nil map"},
		"bad record":  {tool.Read, func(context.Context) (any, error) { return json.RawMessage("<html>"), nil }, "not valid JSON", "error", ""},
		"empty":       {tool.Read, func(context.Context) (any, error) { return json.RawMessage(""), nil }, "not valid JSON", "error", ""},
		"unencodable": {tool.Read, func(context.Context) (any, error) { return make(chan int), nil }, "unsupported type", "error", ""},
		"bad row":     {tool.Read, func(context.Context) (any, error) { return tool.Rows{Rows: []json.RawMessage{[]byte("{")}}, nil }, "not valid JSON", "error", ""},
		"protocol":    {tool.Read, func(context.Context) (any, error) { return nil, &jsonrpc.Error{Code: 1, Message: "wire"} }, "wire", "error", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tool.Runtime{RequestID: func(context.Context) string { return "req-1" }}, simple(tc.effect, tc.fn))
			res := call(t, b.connect(identity{subject: "alice"}), "demo", "")
			wantError(t, res, tc.says, "Server request id: req-1")
			log := b.log.String()
			if !strings.Contains(log, `"outcome":"`+tc.outcome+`"`) || !strings.Contains(log, `"request_id":"req-1"`) {
				t.Errorf("log: %s", log)
			}
			if tc.outcome == "panic" && (strings.Contains(log, "10.0.0.7") || !strings.Contains(log, "bind_test.go")) {
				t.Errorf("the log has the value of a panic, or no stack: %s", log)
			}
			if tc.hides != "" && (strings.Contains(textOf(res), tc.hides) || !strings.Contains(log, tc.hides)) {
				t.Errorf("%q belongs in the log only:\n%s\n%s", tc.hides, textOf(res), log)
			}
		})
	}
}

type publicError struct{ error }

func (publicError) PublicError() string { return "the tenant is down" }

func TestDeadline(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		b := newBench(t, tool.Runtime{Timeout: 3 * time.Second}, simple(tool.Update, func(ctx context.Context) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		cs := b.connect(identity{subject: "alice"})
		started := time.Now()
		wantError(t, call(t, cs, "demo", ""), "did not finish within 3s", "may have been made")
		if took := time.Since(started); took != 3*time.Second {
			t.Errorf("took %v", took)
		}
		if !strings.Contains(b.log.String(), `"outcome":"timeout"`) {
			t.Error(b.log)
		}
		_ = cs.Close()
	})
}

// TestDeadlineOfTheQuestion: what ends before the human was asked has deleted nothing; what ends in the
// deletion itself may have.
func TestDeadlineOfTheQuestion(t *testing.T) {
	wait := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for says, slowQuestion := range map[string]bool{"did not finish within 3s. Nothing was deleted.": true, "did not finish within 3s. The change may have been made": false} {
		bubble.Test(t, func(t *testing.T) {
			spec := simple(tool.Delete, func(ctx context.Context) (any, error) { return nil, wait(ctx) }).Spec()
			spec.Confirm = func(ctx context.Context, _ tool.Args) (string, error) {
				if slowQuestion {
					return "", wait(ctx)
				}
				return "delete it", nil
			}
			b := newBench(t, tool.Runtime{Timeout: 3 * time.Second}, tool.New(spec))
			asked := 0
			cs := b.connect(identity{subject: "alice", caps: &mcp.ElicitationCapabilities{Form: &mcp.FormElicitationCapabilities{}}, answer: func(*mcp.ElicitParams) *mcp.ElicitResult {
				asked++
				return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"confirm": true}}
			}})
			wantError(t, call(t, cs, "demo", ""), says)
			if (asked == 0) != slowQuestion {
				t.Errorf("asked %d times", asked)
			}
			_ = cs.Close()
		})
	}
}

func TestCancellationIsLogged(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		b := newBench(t, tool.Runtime{}, simple(tool.Create, func(ctx context.Context) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		cs := b.connect(identity{subject: "alice", legacy: true})
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := cs.CallTool(ctx, &mcp.CallToolParams{Name: "demo"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		if !strings.Contains(b.log.String(), `"outcome":"cancelled"`) {
			t.Error(b.log)
		}
		_ = cs.Close()
	})
}

func TestBindRefusesNonsense(t *testing.T) {
	sel, err := catalogue(t, simple(tool.Read, func(context.Context) (any, error) { return nil, nil })).Select(tool.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "test"}, nil)
	for name, err := range map[string]error{
		"no server": tool.Bind(nil, sel, tool.Runtime{}), "no selection": tool.Bind(server, nil, tool.Runtime{}),
		"negative time": tool.Bind(server, sel, tool.Runtime{Timeout: -1}), "negative size": tool.Bind(server, sel, tool.Runtime{MaxAnswerBytes: -1}),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := tool.Bind(server, sel, tool.Runtime{}); err != nil {
		t.Error(err)
	}
}

func TestReplacedToolIsHidden(t *testing.T) {
	b := newBench(t, tool.Runtime{}, simple(tool.Read, func(context.Context) (any, error) { return map[string]any{}, nil }))
	b.server.AddTool(&mcp.Tool{Name: "demo", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{}, nil
		})
	list, err := b.connect(identity{subject: "alice"}).ListTools(context.Background(), nil)
	if err != nil || len(list.Tools) != 0 {
		t.Errorf("listed %v, %v", list, err)
	}
}

func TestContextAndPrincipal(t *testing.T) {
	type key struct{}
	fn := func(ctx context.Context) (any, error) {
		p, _ := auth.PrincipalFromContext(ctx)
		return map[string]any{"tenant": ctx.Value(key{}), "who": p.Issuer + "/" + p.Subject}, nil
	}
	plant := func(ctx context.Context) (context.Context, error) {
		if p, _ := auth.PrincipalFromContext(ctx); p.Subject == "mallory" {
			return nil, errors.New("no tenant for you")
		}
		return context.WithValue(ctx, key{}, "t1"), nil
	}
	b := newBench(t, tool.Runtime{Context: plant}, simple(tool.Read, fn))
	for subject, want := range map[string]string{"alice": `{"tenant":"t1","who":"test/alice"}`, "": `{"tenant":"t1","who":"local/local"}`} {
		if got := structuredOf(t, call(t, b.connect(identity{subject: subject}), "demo", "")); got != want {
			t.Errorf("%q: got %s", subject, got)
		}
	}
	wantError(t, call(t, b.connect(identity{subject: "mallory"}), "demo", ""), "no tenant for you")
}

// A request over HTTP whose principal was lost must not run as the local one.
func TestLostPrincipalIsRefused(t *testing.T) {
	b := newBench(t, tool.Runtime{}, simple(tool.Read, func(context.Context) (any, error) { return map[string]any{}, nil }))
	b.server.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
			if r, ok := req.(*mcp.CallToolRequest); ok {
				r.Extra = &mcp.RequestExtra{Header: map[string][]string{}}
			}
			return next(ctx, method, req)
		}
	})
	wantError(t, call(t, b.connect(identity{}), "demo", ""), "lost track of who is calling")
	wantOK(t, call(t, b.connect(identity{subject: "alice"}), "demo", ""))
}

func TestLogHoldsNoValues(t *testing.T) {
	_, tools := deleters()
	b := newBench(t, tool.Runtime{}, tools...)
	cs := b.connect(identity{subject: "alice"})
	token := offered(t, cs, `{"label_id":"hunter7"}`)
	call(t, cs, "delete_label", `{"label_id":"hunter7","confirmation_token":"`+token+`"}`)
	call(t, cs, "delete_label", `{"label_id":"hunter7","hunter7":"hunter7"}`)
	log := b.log.String()
	if strings.Contains(log, "hunter7") || strings.Contains(log, token[:20]) {
		t.Errorf("log: %s", log)
	}
	p := auth.Principal{Issuer: "test", Subject: "alice"}
	for _, part := range []string{`"outcome":"asked"`, `"outcome":"ok"`, `"outcome":"invalid"`, `"effect":"delete"`, `"tool":"delete_label"`, `"principal":"` + p.Key() + `"`, `"duration":`} {
		if !strings.Contains(log, part) {
			t.Errorf("missing %s in %s", part, log)
		}
	}
}

func TestForeignToolsAreHiddenAndRefused(t *testing.T) {
	b := newBench(t, tool.Runtime{}, simple(tool.Read, func(context.Context) (any, error) { return map[string]any{}, nil }))
	ran := false
	b.server.AddTool(&mcp.Tool{Name: "foreign", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			ran = true
			return &mcp.CallToolResult{}, nil
		})
	for _, legacy := range []bool{false, true} {
		cs := b.connect(identity{subject: "alice", legacy: legacy})
		list, err := cs.ListTools(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Tools) != 1 || list.Tools[0].Name != "demo" || list.NextCursor != "" {
			t.Errorf("listed %v, cursor %q", list.Tools, list.NextCursor)
		}
		var refusals []string
		for _, name := range []string{"foreign", "absentt"} {
			_, err := cs.CallTool(context.Background(), &mcp.CallToolParams{Name: name})
			var wire *jsonrpc.Error
			if !errors.As(err, &wire) || wire.Code != jsonrpc.CodeInvalidParams {
				t.Fatalf("%s: got %v", name, err)
			}
			refusals = append(refusals, strings.Replace(wire.Message, name, "NAME", 1))
		}
		if refusals[0] != refusals[1] || !strings.Contains(refusals[0], `unknown tool "NAME"`) {
			t.Errorf("the refusals differ: %q", refusals)
		}
	}
	if ran {
		t.Error("the foreign tool ran")
	}
}

func TestListedTool(t *testing.T) {
	b := newBench(t, tool.Runtime{}, simple(tool.Create, func(context.Context) (any, error) { return nil, nil }))
	list, err := b.connect(identity{subject: "alice"}).ListTools(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := list.Tools[0]
	if got.Title != "Demo" || got.Description != "Demo." || got.Annotations.ReadOnlyHint || got.Annotations.IdempotentHint || *got.Annotations.DestructiveHint || got.OutputSchema != nil {
		t.Errorf("got %+v %+v", got, got.Annotations)
	}
}

// A server whose list is asked for and called at once must not share what it answers (run with -race).
func TestConcurrentUse(t *testing.T) {
	b := newBench(t, tool.Runtime{}, simple(tool.Read, func(context.Context) (any, error) { return map[string]any{"a": 1}, nil }))
	done := make(chan error)
	for range 4 {
		cs := b.connect(identity{subject: "alice"})
		go func() {
			for range 20 {
				if _, err := cs.ListTools(context.Background(), nil); err != nil {
					done <- err
					return
				}
				if _, err := cs.CallTool(context.Background(), &mcp.CallToolParams{Name: "demo"}); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func writeTo(m map[string]int) map[string]int {
	m["a"] = 1
	return m
}
