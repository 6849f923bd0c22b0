package tool_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/tool"
)

type labelID struct {
	LabelID string          `json:"label_id" jsonschema:"The label."`
	Options json.RawMessage `json:"options,omitempty" jsonschema:"Anything."`
}

// deleters returns two delete tools, and the count of deletions that happened.
func deleters() (*atomic.Int64, []tool.Tool) {
	var count atomic.Int64
	remove := func(_ context.Context, in labelID) (any, error) {
		if in.LabelID == "" {
			return nil, errors.New("no label came through")
		}
		count.Add(1)
		return map[string]any{"success": true}, nil
	}
	return &count, []tool.Tool{
		tool.Func(tool.Delete, "delete_label", "Delete a label.", remove),
		tool.Func(tool.Delete, "delete_other", "Delete another thing.", remove),
	}
}

var tokenInText = regexp.MustCompile(`confirmation_token: (\S+)`)

// offered makes the first call of a client that cannot ask, and returns the token.
func offered(t testing.TB, cs *mcp.ClientSession, args string) string {
	t.Helper()
	res := call(t, cs, "delete_label", args)
	wantError(t, res, "Nothing was deleted yet", "7", "5 minutes")
	m := tokenInText.FindStringSubmatch(textOf(res))
	if m == nil {
		t.Fatalf("no token in %s", textOf(res))
	}
	return m[1]
}

func withToken(token string) string { return `{"label_id":"7","confirmation_token":"` + token + `"}` }

func TestTokenConfirmsOnce(t *testing.T) {
	count, tools := deleters()
	cs := newBench(t, tool.Runtime{}, tools...).connect(identity{subject: "alice"})
	token := offered(t, cs, `{"label_id":"7"}`)
	if count.Load() != 0 {
		t.Fatal("deleted without confirmation")
	}
	wantOK(t, call(t, cs, "delete_label", withToken(token)))
	wantError(t, call(t, cs, "delete_label", withToken(token)), "used already", "Nothing was deleted")
	if count.Load() != 1 {
		t.Fatalf("deleted %d times", count.Load())
	}
}

func TestTokenIsAcceptedInEveryVendorForm(t *testing.T) {
	for name, form := range map[string]string{
		"object":              `{"label_id":"7","kwargs":{"confirmation_token":"TOKEN"}}`,
		"text of an object":   `{"label_id":"7","kwargs":"{\"confirmation_token\": \"TOKEN\"}"}`,
		"bare token":          `{"label_id":"7","kwargs":"TOKEN"}`,
		"both the same":       `{"label_id":"7","kwargs":"TOKEN","confirmation_token":"TOKEN"}`,
		"own with empty":      `{"label_id":"7","kwargs":"{}","confirmation_token":"TOKEN"}`,
		"own with null":       `{"label_id":"7","kwargs":null,"confirmation_token":"TOKEN"}`,
		"other order, spaces": "{ \"confirmation_token\":\"TOKEN\",\n \"label_id\" : \"\\u0037\" }",
	} {
		t.Run(name, func(t *testing.T) {
			_, tools := deleters()
			cs := newBench(t, tool.Runtime{}, tools...).connect(identity{subject: "alice"})
			token := offered(t, cs, `{"label_id":"7"}`)
			wantOK(t, call(t, cs, "delete_label", strings.ReplaceAll(form, "TOKEN", token)))
		})
	}
}

func TestKwargsHoldNothingButTheToken(t *testing.T) {
	count, tools := deleters()
	cs := newBench(t, tool.Runtime{}, tools...).connect(identity{subject: "alice"})
	for _, kwargs := range []string{`7`, `[]`, `{"force":true}`, `{"confirmation_token":7}`, `true`} {
		wantError(t, call(t, cs, "delete_label", `{"label_id":"7","kwargs":`+kwargs+`}`), "kwargs")
	}
	wantError(t, call(t, cs, "delete_label", `{"label_id":"7","kwargs":"a","confirmation_token":"b"}`), "another confirmation token")
	if count.Load() != 0 {
		t.Fatal("deleted")
	}
}

func TestTokenIsBound(t *testing.T) {
	const args = `{"label_id":"7","options":{"a":216196257331368721,"b":[1]}}`
	with := func(args, token string) string {
		return strings.TrimSuffix(args, "}") + `,"confirmation_token":"` + token + `"}`
	}
	for name, attempt := range map[string]struct{ subject, tool, args, says string }{
		"same":                {"alice", "delete_label", args, ""},
		"members reordered":   {"alice", "delete_label", `{"options":{"b":[ 1 ],"a":216196257331368721},"label_id":"7"}`, ""},
		"other tool":          {"alice", "delete_other", args, "not valid for this caller and tool"},
		"other principal":     {"mallory", "delete_label", args, "not valid for this caller and tool"},
		"changed argument":    {"alice", "delete_label", strings.Replace(args, `"7"`, `"8"`, 1), "other arguments"},
		"number off by one":   {"alice", "delete_label", strings.Replace(args, "721", "722", 1), "other arguments"},
		"number near a float": {"alice", "delete_label", strings.Replace(args, "721", "720", 1), "other arguments"},
		"argument left out":   {"alice", "delete_label", `{"label_id":"7"}`, "other arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			count, tools := deleters()
			b := newBench(t, tool.Runtime{}, tools...)
			token := offered(t, b.connect(identity{subject: "alice"}), args)
			res := call(t, b.connect(identity{subject: attempt.subject}), attempt.tool, with(attempt.args, token))
			if attempt.says == "" {
				wantOK(t, res)
				return
			}
			wantError(t, res, attempt.says, "Nothing was deleted")
			if count.Load() != 0 {
				t.Fatal("deleted")
			}
			// A refused attempt must not spend the token of the rightful caller.
			wantOK(t, call(t, b.connect(identity{subject: "alice"}), "delete_label", with(args, token)))
		})
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	count, tools := deleters()
	cs := newBench(t, tool.Runtime{}, tools...).connect(identity{subject: "alice"})
	token := offered(t, cs, `{"label_id":"7"}`)
	last := byte('A')
	if token[len(token)/2] == last {
		last = 'B'
	}
	altered := token[:len(token)/2] + string(last) + token[len(token)/2+1:]
	for _, forged := range []string{"x", altered, token + "A", token[1:], strings.Repeat("A", 5000)} {
		wantError(t, call(t, cs, "delete_label", withToken(forged)), "not valid")
	}
	if count.Load() != 0 {
		t.Fatal("deleted")
	}
}

func TestTokenExpires(t *testing.T) {
	for wait, says := range map[time.Duration]string{5*time.Minute - time.Second: "", 5*time.Minute + time.Second: "expired"} {
		bubble.Test(t, func(t *testing.T) {
			_, tools := deleters()
			cs := newBench(t, tool.Runtime{}, tools...).connect(identity{subject: "alice"})
			token := offered(t, cs, `{"label_id":"7"}`)
			time.Sleep(wait)
			res := call(t, cs, "delete_label", withToken(token))
			if says == "" {
				wantOK(t, res)
			} else {
				wantError(t, res, says)
			}
			_ = cs.Close()
		})
	}
}

func TestProcessesShareConfirmations(t *testing.T) {
	memory := store.NewMemory(store.MemoryConfig{})
	defer func() { _ = memory.Close() }()
	key := store.GenerateKey()
	_, tools := deleters()
	process := func(key []byte) *mcp.ClientSession {
		return newBench(t, tool.Runtime{Keys: keyring(t, key), Store: memory}, tools...).connect(identity{subject: "alice"})
	}
	first, second, stranger := process(key), process(key), process(store.GenerateKey())
	token := offered(t, first, `{"label_id":"7"}`)
	wantError(t, call(t, stranger, "delete_label", withToken(token)), "not valid")
	wantOK(t, call(t, second, "delete_label", withToken(token)))
	wantError(t, call(t, first, "delete_label", withToken(token)), "used already")
}

// keepsTime is a store whose clock is not that of this machine.
type keepsTime struct {
	store.Store
	ahead *time.Duration
}

func (k keepsTime) Now() time.Time { return time.Now().Add(*k.ahead) }

// Where the store tells the time confirmations end by its clock, so that processes whose clocks differ accept each other's.
func TestConfirmationsEndByTheClockOfTheStore(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		ahead := time.Hour
		_, tools := deleters()
		cs := newBench(t, tool.Runtime{Store: keepsTime{store.NewMemory(store.MemoryConfig{}), &ahead}}, tools...).connect(identity{subject: "alice"})
		first, second := offered(t, cs, `{"label_id":"7"}`), offered(t, cs, `{"label_id":"7"}`)
		ahead += 4 * time.Minute
		wantOK(t, call(t, cs, "delete_label", withToken(first)))
		ahead += 2 * time.Minute
		wantError(t, call(t, cs, "delete_label", withToken(second)), "expired")
		_ = cs.Close()
	})
}

// A downStore cannot be asked.
type downStore struct{ store.Store }

func (downStore) Create(context.Context, string, []byte, time.Duration, ...string) error {
	return errors.New("connection refused by 10.0.0.7")
}

func TestStoreDownDeletesNothing(t *testing.T) {
	count, tools := deleters()
	b := newBench(t, tool.Runtime{Store: downStore{}}, tools...)
	cs := b.connect(identity{subject: "alice"})
	token := offered(t, cs, `{"label_id":"7"}`)
	res := call(t, cs, "delete_label", withToken(token))
	wantError(t, res, "try the same call again", "Nothing was deleted")
	if strings.Contains(textOf(res), "10.0.0.7") || !strings.Contains(b.log.String(), "10.0.0.7") {
		t.Error("the cause belongs in the log, not in the answer")
	}
	if count.Load() != 0 {
		t.Fatal("deleted")
	}
}

func TestConfirmDescribes(t *testing.T) {
	_, tools := deleters()
	spec := tools[0].Spec()
	spec.Confirm = func(_ context.Context, args tool.Args) (string, error) {
		if args.Text("label_id") == "404" {
			return "", errors.New("there is no label 404")
		}
		return "label \"Fi\u202enance\" (" + args.Text("label_id") + ")", nil
	}
	cs := newBench(t, tool.Runtime{}, tool.New(spec)).connect(identity{subject: "alice"})
	wantError(t, call(t, cs, "delete_label", `{"label_id":"7"}`), `label "Fi\u202enance" (7)`)
	wantError(t, call(t, cs, "delete_label", `{"label_id":"404"}`), "there is no label 404")
}

// TestQuestionHidesNothing: no value can push another out of sight, nor look like something else.
func TestQuestionHidesNothing(t *testing.T) {
	type scoped struct {
		Account string         `json:"account,omitempty" jsonschema:"An account; its name sorts first."`
		Segment string         `json:"segment_id" jsonschema:"The segment."`
		IDs     []int64        `json:"ids,omitempty" jsonschema:"Ids."`
		Options map[string]any `json:"options,omitempty" jsonschema:"Options."`
	}
	remove := tool.Func(tool.Delete, "delete_label", "Delete.", func(context.Context, scoped) (any, error) { return struct{}{}, nil })
	cs := newBench(t, tool.Runtime{}, remove).connect(identity{subject: "alice"})
	for name, tc := range map[string]struct{ args, says string }{
		"plain":          {`{"segment_id":"288"}`, `delete_label with segment_id = "288"` + "\n"},
		"required first": {`{"account":"a","segment_id":"288"}`, `with segment_id = "288", account = "a"` + "\n"},
		"pushed out":     {`{"account":"` + strings.Repeat(" ", 1100) + `","segment_id":"288"}`, `segment_id = "288", account = "` + strings.Repeat(" ", 100) + `…" (1100 characters)` + "\n"},
		"just fits":      {`{"account":"` + strings.Repeat("é", 100) + `","segment_id":"288"}`, `account = "` + strings.Repeat("é", 100) + `"` + "\n"},
		"escapes":        {`{"segment_id":"\u0032\u0038\u0038"}`, `segment_id = "288"` + "\n"},
		"bidi, breaks":   {`{"segment_id":"2\u202e8\n8\u200b\u0000"}`, `segment_id = "2\u202e8\n8\u200b\x00"` + "\n"},
		"raw bidi":       {"{\"segment_id\":\"2\u202e8\u3164\U000e0100\u00a0\"}", `segment_id = "2\u202e8\u3164\U000e0100\u00a0"` + "\n"},
		"closing quote":  {`{"segment_id":"2\", account = \"x\\"}`, `segment_id = "2\", account = \"x\\"` + "\n"},
		"other scripts":  {`{"segment_id":"財務 Ünï😀"}`, `segment_id = "財務 Ünï😀"` + "\n"},
		"nested":         {`{"segment_id":"1","options":{"\u0061":"\u202e\u0062"}}`, `options = {"a":"\u202eb"}` + "\n"},
		"many ids":       {`{"segment_id":"1","ids":[` + strings.Repeat("216196257331368721,", 9) + `7]}`, "216196257331368721,2161…" + " (174 characters)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, call(t, cs, "delete_label", tc.args), tc.says)
		})
	}
}

// TestDescriptionsAreShownWhole: what a question cannot show whole is not asked, for the rest of it would be deleted unseen.
func TestDescriptionsAreShownWhole(t *testing.T) {
	for _, tc := range []struct {
		length int
		asked  bool
	}{{8000, true}, {8001, false}} {
		_, tools := deleters()
		spec := tools[0].Spec()
		text := strings.Repeat("é\n", tc.length/2-1) + strings.Repeat("x", tc.length-2*(tc.length/2-1)-1) + "!"
		spec.Confirm = func(context.Context, tool.Args) (string, error) { return text, nil }
		cs := newBench(t, tool.Runtime{}, tool.New(spec)).connect(identity{subject: "alice"})
		res := call(t, cs, "delete_label", `{"label_id":"7"}`)
		if tc.asked {
			wantError(t, res, `é\né\n`, "x!\n", "confirmation_token")
			continue
		}
		wantError(t, res, "8001 characters", "nothing was deleted", "fewer objects")
		if strings.Contains(textOf(res), "confirmation_token") {
			t.Error(textOf(res))
		}
	}
}

func TestBindNeedsKeysForDeletes(t *testing.T) {
	_, tools := deleters()
	sel, err := catalogue(t, tools...).Select(tool.Selection{EnableWrites: true, WriteTools: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "test"}, nil)
	if err := tool.Bind(server, sel, tool.Runtime{}); err == nil || !strings.Contains(err.Error(), "Keys and Store") {
		t.Fatalf("got %v", err)
	}
}
