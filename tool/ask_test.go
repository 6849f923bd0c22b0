package tool_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
)

func accept(content map[string]any) func(*mcp.ElicitParams) *mcp.ElicitResult {
	return func(*mcp.ElicitParams) *mcp.ElicitResult {
		return &mcp.ElicitResult{Action: "accept", Content: content}
	}
}

func TestHumanIsAskedInBothEras(t *testing.T) {
	yes := map[string]any{"confirm": true}
	for _, legacy := range []bool{false, true} {
		for name, tc := range map[string]struct {
			answer  func(*mcp.ElicitParams) *mcp.ElicitResult
			deleted int64
			isError bool
		}{
			"yes":       {accept(yes), 1, false},
			"no":        {accept(map[string]any{"confirm": false}), 0, false},
			"decline":   {func(*mcp.ElicitParams) *mcp.ElicitResult { return &mcp.ElicitResult{Action: "decline"} }, 0, false},
			"cancel":    {func(*mcp.ElicitParams) *mcp.ElicitResult { return &mcp.ElicitResult{Action: "cancel"} }, 0, false},
			"no member": {accept(map[string]any{}), 0, true},
			"not bool":  {accept(map[string]any{"confirm": "true"}), 0, true},
		} {
			t.Run(name+map[bool]string{true: " legacy", false: " new"}[legacy], func(t *testing.T) {
				count, tools := deleters()
				asked := ""
				answer := func(p *mcp.ElicitParams) *mcp.ElicitResult { asked = p.Message; return tc.answer(p) }
				cs := newBench(t, tool.Runtime{}, tools...).connect(identity{subject: "alice", legacy: legacy, answer: answer})
				res, err := cs.CallTool(context.Background(), &mcp.CallToolParams{Name: "delete_label", Arguments: json.RawMessage(`{"label_id":"7"}`)})
				if err != nil {
					if !tc.isError || legacy { // the new-era client checks the form itself
						t.Fatal(err)
					}
				} else if res.IsError != tc.isError {
					t.Fatalf("isError = %v: %s", res.IsError, textOf(res))
				}
				if !strings.Contains(asked, `label_id = "7"`) {
					t.Errorf("asked %q", asked)
				}
				if count.Load() != tc.deleted {
					t.Errorf("deleted %d times", count.Load())
				}
			})
		}
	}
}

// ask makes the first round of a client that answers input requests itself.
func ask(t *testing.T, cs *mcp.ClientSession) string {
	t.Helper()
	res := call(t, cs, "delete_label", `{"label_id":"7"}`)
	if !res.NeedsInput() || res.RequestState == "" {
		t.Fatalf("no input required: %s", textOf(res))
	}
	return res.RequestState
}

func answer(t *testing.T, cs *mcp.ClientSession, name, args, state string) *mcp.CallToolResult {
	t.Helper()
	res, err := cs.CallTool(context.Background(), &mcp.CallToolParams{
		Name: name, Arguments: json.RawMessage(args), RequestState: state,
		InputResponses: mcp.InputResponseMap{"confirm": &mcp.ElicitResult{Action: "accept", Content: map[string]any{"confirm": true}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

var human = identity{subject: "alice", manual: true, caps: &mcp.ElicitationCapabilities{}}

// TestTokenDoesNotReplaceTheHuman: a token got without elicitation, by the same caller for the same
// arguments, does not pass where there is somebody to ask.
func TestTokenDoesNotReplaceTheHuman(t *testing.T) {
	count, tools := deleters()
	b := newBench(t, tool.Runtime{}, tools...)
	mute, cs := b.connect(identity{subject: "alice"}), b.connect(human)
	token := offered(t, mute, `{"label_id":"7"}`)
	for _, args := range []string{withToken(token), `{"label_id":"7","kwargs":{"confirmation_token":"` + token + `"}}`} {
		if res := call(t, cs, "delete_label", args); !res.NeedsInput() || count.Load() != 0 {
			t.Fatalf("nobody was asked: %s", textOf(res))
		}
	}
	state := call(t, cs, "delete_label", withToken(token)).RequestState
	wantOK(t, answer(t, cs, "delete_label", withToken(token), state)) // the human's answer counts all the same
	wantOK(t, call(t, mute, "delete_label", withToken(token)))        // and the token, where nobody can be asked
	if count.Load() != 2 {
		t.Fatalf("deleted %d times", count.Load())
	}
}

func TestStateIsBoundAndSingleUse(t *testing.T) {
	count, tools := deleters()
	b := newBench(t, tool.Runtime{}, tools...)
	cs, mallory := b.connect(human), b.connect(identity{subject: "mallory", manual: true, caps: human.caps})
	state := ask(t, cs)
	wantError(t, answer(t, cs, "delete_other", `{"label_id":"7"}`, state), "not valid")
	wantError(t, answer(t, cs, "delete_label", `{"label_id":"8"}`, state), "other arguments")
	wantError(t, answer(t, mallory, "delete_label", `{"label_id":"7"}`, state), "not valid")
	wantError(t, answer(t, cs, "delete_label", `{"label_id":"7"}`, state[1:]), "not valid")
	if count.Load() != 0 {
		t.Fatal("deleted")
	}
	wantOK(t, answer(t, cs, "delete_label", `{ "label_id": "7" }`, state))
	wantError(t, answer(t, cs, "delete_label", `{"label_id":"7"}`, state), "used already")
	if count.Load() != 1 {
		t.Fatalf("deleted %d times", count.Load())
	}
}

// A state is spent by any answer, and only the answers of the protocol are understood.
// A human's answer may come to another process than the one that has asked (requestState), and counts once for all of them.
func TestProcessesShareQuestions(t *testing.T) {
	memory := store.NewMemory(store.MemoryConfig{})
	defer func() { _ = memory.Close() }()
	key := store.GenerateKey()
	count, tools := deleters()
	process := func(keys ...[]byte) *mcp.ClientSession {
		ring, err := store.NewKeyring(keys...)
		if err != nil {
			t.Fatal(err)
		}
		return newBench(t, tool.Runtime{Keys: ring, Store: memory}, tools...).connect(human)
	}
	first, second, rotated, stranger := process(key), process(key), process(store.GenerateKey(), key), process(store.GenerateKey())
	state := ask(t, first)
	wantError(t, answer(t, stranger, "delete_label", `{"label_id":"7"}`, state), "not valid")
	wantOK(t, answer(t, second, "delete_label", `{"label_id":"7"}`, state))
	for _, cs := range []*mcp.ClientSession{first, second, rotated} {
		wantError(t, answer(t, cs, "delete_label", `{"label_id":"7"}`, state), "used already")
	}
	wantOK(t, answer(t, rotated, "delete_label", `{"label_id":"7"}`, ask(t, second)))
	if count.Load() != 2 {
		t.Errorf("deleted %d times", count.Load())
	}
}

func TestUnclearAnswersDeleteNothing(t *testing.T) {
	for name, responses := range map[string]mcp.InputResponseMap{
		"none":           nil,
		"another id":     {"other": &mcp.ElicitResult{Action: "accept", Content: map[string]any{"confirm": true}}},
		"unknown action": {"confirm": &mcp.ElicitResult{Action: "approve", Content: map[string]any{"confirm": true}}},
		"no content":     {"confirm": &mcp.ElicitResult{Action: "accept"}},
	} {
		t.Run(name, func(t *testing.T) {
			count, tools := deleters()
			cs := newBench(t, tool.Runtime{}, tools...).connect(human)
			state := ask(t, cs)
			res, err := cs.CallTool(context.Background(), &mcp.CallToolParams{
				Name: "delete_label", Arguments: json.RawMessage(`{"label_id":"7"}`), RequestState: state, InputResponses: responses,
			})
			if err != nil {
				t.Fatal(err)
			}
			wantError(t, res, "nothing was deleted")
			wantError(t, answer(t, cs, "delete_label", `{"label_id":"7"}`, state), "used already")
			if count.Load() != 0 {
				t.Error("deleted")
			}
		})
	}
}

func TestAnswerWithoutStateIsNoConfirmation(t *testing.T) {
	for _, who := range []identity{human, {subject: "alice", legacy: true, answer: func(*mcp.ElicitParams) *mcp.ElicitResult {
		return &mcp.ElicitResult{Action: "decline"}
	}}} {
		count, tools := deleters()
		answer(t, newBench(t, tool.Runtime{}, tools...).connect(who), "delete_label", `{"label_id":"7"}`, "")
		if count.Load() != 0 {
			t.Fatalf("deleted, legacy = %v", who.legacy)
		}
	}
}

// A client that can ask a human gets states only; if one passed as a token, the model could confirm.
func TestStateIsNoToken(t *testing.T) {
	count, tools := deleters()
	b := newBench(t, tool.Runtime{}, tools...)
	cs, mute := b.connect(human), b.connect(identity{subject: "alice"})
	wantError(t, call(t, mute, "delete_label", withToken(ask(t, cs))), "not valid")
	token := offered(t, mute, `{"label_id":"7"}`)
	wantError(t, answer(t, cs, "delete_label", `{"label_id":"7"}`, token), "not valid")
	if count.Load() != 0 {
		t.Fatal("deleted")
	}
}

func TestStateExpires(t *testing.T) {
	for wait, says := range map[time.Duration]string{5*time.Minute - time.Second: "", 5*time.Minute + time.Second: "expired"} {
		bubble.Test(t, func(t *testing.T) {
			_, tools := deleters()
			cs := newBench(t, tool.Runtime{}, tools...).connect(human)
			state := ask(t, cs)
			time.Sleep(wait)
			if res := answer(t, cs, "delete_label", `{"label_id":"7"}`, state); says == "" {
				wantOK(t, res)
			} else {
				wantError(t, res, says)
			}
			_ = cs.Close()
		})
	}
}

func TestWhoCanAsk(t *testing.T) {
	form, url := &mcp.FormElicitationCapabilities{}, &mcp.URLElicitationCapabilities{}
	for name, tc := range map[string]struct {
		caps *mcp.ElicitationCapabilities
		asks bool
	}{
		"none": {nil, false}, "empty means form": {&mcp.ElicitationCapabilities{}, true},
		"form": {&mcp.ElicitationCapabilities{Form: form}, true}, "url only": {&mcp.ElicitationCapabilities{URL: url}, false},
		"both": {&mcp.ElicitationCapabilities{Form: form, URL: url}, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, tools := deleters()
			cs := newBench(t, tool.Runtime{}, tools...).connect(identity{subject: "alice", manual: true, caps: tc.caps})
			res := call(t, cs, "delete_label", `{"label_id":"7"}`)
			if res.NeedsInput() != tc.asks || res.IsError == tc.asks {
				t.Errorf("needs input %v, error %v: %s", res.NeedsInput(), res.IsError, textOf(res))
			}
		})
	}
}

// A legacy client that never answers must not hold its session for ever (R: go-sdk.md, asking a human).
func TestVanishedHumanEndsTheCall(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		count, tools := deleters()
		release := make(chan struct{})
		cs := newBench(t, tool.Runtime{}, tools...).connect(identity{subject: "alice", legacy: true, answer: func(*mcp.ElicitParams) *mcp.ElicitResult {
			<-release
			return &mcp.ElicitResult{Action: "cancel"}
		}})
		started := time.Now()
		wantError(t, call(t, cs, "delete_label", `{"label_id":"7"}`), "nothing was deleted")
		if took := time.Since(started); took > 15*time.Minute {
			t.Errorf("took %v", took)
		}
		if count.Load() != 0 {
			t.Error("deleted")
		}
		close(release)
		_ = cs.Close()
	})
}
