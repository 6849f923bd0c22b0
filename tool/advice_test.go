package tool_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/tool"
)

// TestQueryThatHitsNothing: an empty result is the query's, and the note shows what could be asked for.
func TestQueryThatHitsNothing(t *testing.T) {
	rows := rowsOf(`{"id":1,"name":"a"}`, `{"id":2,"tags":[{"x":1}]}`)
	const note = "The query left 0 of 2 rows; rows have the members: id, name, tags. Numbers"
	for query, empty := range map[string]bool{
		"foo": true, "[].nope": true, "[?nope==`1`]": true, "[0].nope": true,
		"[?id==`1`]": false, "[?name=='a'].name": false, "length(@)": false, "": false,
	} {
		res, structured := answerOf(t, rows, string(marshalled(t, map[string]string{"query": query})), tool.Runtime{}, tool.List)
		wantOK(t, res)
		if got := strings.Contains(textOf(res), note); got != empty || strings.HasPrefix(structured, `{"result":[],"note":"The query left`) != empty {
			t.Errorf("%q: note is %v, want %v: %s\n%s", query, got, empty, textOf(res), structured)
		}
	}
	res, _ := answerOf(t, rowsOf(), `{"query":"foo"}`, tool.Runtime{}, tool.List)
	if len(res.Content) != 1 {
		t.Errorf("no rows to begin with: %s", textOf(res))
	}
	res, _ = answerOf(t, rowsOf(`1`, `"a"`), `{"query":"foo"}`, tool.Runtime{}, tool.List)
	if !strings.Contains(textOf(res), "0 of 2 rows; the rows are not objects") {
		t.Errorf("scalar rows: %s", textOf(res))
	}
	res, _ = answerOf(t, tool.Rows{Rows: rows.Rows, Note: "There are more."}, `{"query":"foo"}`, tool.Runtime{}, tool.List)
	if !strings.Contains(textOf(res), "There are more.\nThe query left") {
		t.Errorf("the handler's note is lost: %s", textOf(res))
	}
}

// TestMemberNamesAreBounded in number and length, and cleaned.
func TestMemberNamesAreBounded(t *testing.T) {
	var members []string
	for i := range 41 {
		members = append(members, fmt.Sprintf(`"m%d":%d`, i, i))
	}
	res, _ := answerOf(t, rowsOf("{"+strings.Join(members, ",")+"}"), `{"query":"foo"}`, tool.Runtime{}, tool.List)
	if text := textOf(res); !strings.Contains(text, "m39, and others.") || strings.Contains(text, "m40") {
		t.Errorf("41 members: %s", text)
	}
	res, _ = answerOf(t, rowsOf("{"+strings.Join(members[:40], ",")+"}"), `{"query":"foo"}`, tool.Runtime{}, tool.List)
	if text := textOf(res); !strings.Contains(text, "m39. ") || strings.Contains(text, "others") {
		t.Errorf("40 members: %s", text)
	}
	long := strings.Repeat("x", 65)
	res, _ = answerOf(t, rowsOf(`{"`+long+`":1,"a\n\u202eb <script>x</script>":2}`), `{"query":"foo"}`, tool.Runtime{}, tool.List, tool.Untrusted)
	if text := textOf(res); !strings.Contains(text, long[:64]+"…, a b") || strings.Contains(text, long) || strings.Contains(text, "script") {
		t.Errorf("odd names: %s", text)
	}
}

// TestNumbersForStrings: an integer where digits are text is refused with the text to send, and that is
// accepted; other types get no such advice.
func TestNumbersForStrings(t *testing.T) {
	type in struct {
		ID    string   `json:"id" jsonschema:"The id."`
		Tags  []string `json:"tags,omitempty" jsonschema:"Tags."`
		Kind  string   `json:"kind,omitempty" jsonschema:"Kind." enum:"a,b"`
		Short string   `json:"short,omitempty" jsonschema:"Short." pattern:"^[0-9]{1,3}$"`
	}
	cs := newBench(t, tool.Runtime{}, tool.Func(tool.Read, "demo", "Demo.", func(_ context.Context, in in) (any, error) {
		return map[string]any{"id": in.ID}, nil
	})).connect(identity{subject: "alice"})
	for number, advised := range map[string]bool{
		"2401001": true, "216196257331368721": true, "-5": true, "0": true, "9007199254740993": true, strings.Repeat("9", 40): true,
		"1.5": false, "1e3": false, "1.0": false, "-0": false, strings.Repeat("9", 41): false, "true": false, "[1]": false, `{"a":1}`: false, "null": false,
	} {
		res := call(t, cs, "demo", `{"id":`+number+`}`)
		if advice := "id: must be a string; got a number: send " + `"` + number + `"`; !res.IsError || strings.Contains(textOf(res), advice) != advised {
			t.Errorf("%s: advised is %v: %s", number, !advised, textOf(res))
		}
		if !advised {
			continue
		}
		if res := call(t, cs, "demo", `{"id":"`+number+`"}`); res.IsError || !strings.Contains(textOf(res), `"`+number+`"`) {
			t.Errorf("%s as advised: %s", number, textOf(res))
		}
	}
	wantError(t, call(t, cs, "demo", `{"id":"1","tags":["a",7]}`), `tags[1]: must be a string; got a number: send "7"`)
	wantError(t, call(t, cs, "demo", `{"id":"1","kind":7}`), `kind: must be a string, such as "a"; got a number`)
	wantError(t, call(t, cs, "demo", `{"id":"1","short":1234}`), `short: must be a string, such as`)
	wantError(t, call(t, cs, "demo", `{"id":"1","short":123}`), `short: must be a string; got a number: send "123"`)
}

// TestNearToolNames come from the offered tools only: the answer to a name tells nothing of hidden tools.
func TestNearToolNames(t *testing.T) {
	fn := func(context.Context, struct{}) (any, error) { return map[string]any{}, nil }
	list, del := tool.Func(tool.Read, "zia_list_rule_labels", "List.", fn), tool.Func(tool.Create, "zia_create_rule_labels", "Create.", fn)
	all, err := catalogue(t, list, del).Select(tool.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	if err := tool.Bind(server, all, tool.Runtime{}); err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, server: server}
	server.AddTool(&mcp.Tool{Name: "zia_list_rule_labelz", InputSchema: json.RawMessage(`{"type":"object"}`)}, nil)
	for _, legacy := range []bool{false, true} {
		cs := b.connect(identity{subject: "alice", legacy: legacy})
		for name, want := range map[string]string{
			"zia_list_rule_label":    `unknown tool "zia_list_rule_label"; did you mean zia_list_rule_labels?`,
			"zia_create_rule_label":  `unknown tool "zia_create_rule_label"; did you mean zia_list_rule_labels?`,
			"zia_create_rule_labels": `unknown tool "zia_create_rule_labels"; did you mean zia_list_rule_labels?`,
			"zia_list_rule_labelz":   `unknown tool "zia_list_rule_labelz"; did you mean zia_list_rule_labels?`,
			"weather":                `unknown tool "weather"`,
		} {
			_, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: name})
			var wire *jsonrpc.Error
			if !errors.As(err, &wire) || wire.Code != jsonrpc.CodeInvalidParams || wire.Message != want {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
		}
	}
}

// TestCallerIsLogged by issuer, subject and client, each on one line.
func TestCallerIsLogged(t *testing.T) {
	for name, tc := range map[string]struct {
		principal auth.Principal
		want      map[string]string
	}{
		"all":      {auth.Principal{Issuer: "https://id.example", Subject: "alice", ClientID: "cli"}, map[string]string{"issuer": "https://id.example", "subject": "alice", "client_id": "cli"}},
		"hostile":  {auth.Principal{Issuer: "i", Subject: "a\r\nlevel=ERROR\u2028\u202ex\x00\x7fé", ClientID: "c\td"}, map[string]string{"issuer": "i", "subject": "alevel=ERRORxé", "client_id": "cd"}},
		"long":     {auth.Principal{Issuer: "i", Subject: strings.Repeat("s", 257)}, map[string]string{"issuer": "i", "subject": strings.Repeat("s", 256) + "…", "client_id": ""}},
		"not long": {auth.Principal{Issuer: "i", Subject: strings.Repeat("s", 256)}, map[string]string{"issuer": "i", "subject": strings.Repeat("s", 256), "client_id": ""}},
	} {
		var log strings.Builder
		b := newBench(t, tool.Runtime{Logger: slog.New(slog.NewJSONHandler(&log, nil)), Context: func(ctx context.Context) (context.Context, error) { return ctx, nil }},
			simple(tool.Read, func(context.Context) (any, error) { return map[string]any{}, nil }))
		serverSide, clientSide := mcp.NewInMemoryTransports()
		ss, err := b.server.Connect(auth.ContextWithPrincipal(t.Context(), &tc.principal), serverSide, nil)
		if err != nil {
			t.Fatal(err)
		}
		cs, err := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, nil).Connect(t.Context(), clientSide, nil)
		if err != nil {
			t.Fatal(err)
		}
		wantOK(t, call(t, cs, "demo", ""))
		_ = cs.Close()
		_ = ss.Wait()
		var record map[string]any
		if err := json.Unmarshal([]byte(log.String()), &record); err != nil {
			t.Fatalf("%s: %v in %s", name, err, log.String())
		}
		for attribute, want := range tc.want {
			if record[attribute] != want {
				t.Errorf("%s: %s is %q, want %q", name, attribute, record[attribute], want)
			}
		}
		if record["principal"] != tc.principal.Key() {
			t.Errorf("%s: principal %q", name, record["principal"])
		}
	}
}

// TestMistakesNameTheTool in every line, and a nil function is one.
func TestMistakesNameTheTool(t *testing.T) {
	first, second := errors.New("first"), errors.New("second\nthird")
	spec := tool.Func(tool.Read, "zia_many", "Many.", done).Spec()
	spec.Check = func() error { return errors.Join(first, second) }
	_, err := tool.Compile(tool.Set{Name: "zia_set", Doc: "Set.", Tools: []tool.Tool{
		tool.New(spec), tool.Func[struct{}](tool.Read, "zia_nil", "Nil.", nil),
	}})
	if err == nil || !errors.Is(err, first) || !errors.Is(err, second) {
		t.Fatalf("Compile = %v", err)
	}
	lines := strings.Split(err.Error(), "\n")[1:]
	want := []string{`tool "zia_many": first`, `tool "zia_many": second`, `tool "zia_many": third`, `tool "zia_nil": no Handle, or a nil function`}
	for i, line := range want {
		if len(lines) != len(want) || !strings.HasPrefix(lines[i], line) {
			t.Errorf("lines %q, want %q", lines, want)
			break
		}
	}
}
