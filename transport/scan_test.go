package transport

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

func TestScanFindsWhatTheRouterNeeds(t *testing.T) {
	for _, test := range []struct {
		name, body string
		want       envelope
	}{
		{"call", ` {"id" : 7,"method":"ping","jsonrpc":"2.0"} `, envelope{id: json.RawMessage("7"), calls: true}},
		{"string id", `{"id":"a","method":"initialize"}`, envelope{id: json.RawMessage(`"a"`), calls: true, initialize: true}},
		{"notification", `{"method":"x"}`, envelope{}},
		{"empty method", `{"id":-7,"method":""}`, envelope{id: json.RawMessage("-7"), calls: true}},
		{"null id of an error", `{"id":null,"error":{}}`, envelope{}},
		{"response", `{"id":7,"result":{"method":"initialize"}}`, envelope{}},
		{"version", `{"id":7,"method":"x","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}`,
			envelope{id: json.RawMessage("7"), calls: true, version: []byte("2026-07-28")}},
		{"version elsewhere", `{"id":7,"method":"x","params":{"arguments":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}}`,
			envelope{id: json.RawMessage("7"), calls: true}},
		{"escaped", `{"id":7,"m\u0065thod":"\u0069nitialize"}`, envelope{id: json.RawMessage("7"), calls: true, initialize: true}},
		{"listen", `{"id":7,"method":"subscriptions/listen"}`, envelope{id: json.RawMessage("7"), calls: true, listen: true}},
	} {
		got, refused := scan([]byte(test.body), 64)
		if refused != nil {
			t.Errorf("%s: %v", test.name, refused)
		}
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(envelope{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// Members that decide nothing may be there twice: tools judge their own arguments.
func TestScanLeavesArgumentsAlone(t *testing.T) {
	if _, refused := scan([]byte(`{"id":1,"method":"x","params":{"arguments":{"id":1,"id":2,"name":1,"name":2}}}`), 64); refused != nil {
		t.Error(refused)
	}
	if _, refused := scan([]byte(`{"id":1,"method":"x","params":{"name":"a","name":"b"}}`), 64); refused == nil {
		t.Error("a tool name that is there twice is accepted")
	}
}

// FuzzScan compares the scanner with encoding/json and with the SDK's decoder.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"a":[1,-2.5e+3,true,false,null,"\u00e9\n"]},"_meta":{}}}`,
		`[{"id":1},{"id":2}]`, `{"a":{"b":[{}]}}`, `"x"`, `01`, `1.`, `-`, `1e`, `[1,]`, `{"a":1,}`, `{,}`, "\"\x01\"", `"\x"`, `"\u12g4"`, `nul`, `{} {}`,
		strings.Repeat("[", 10), `{"method":"a","method":"b"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const depth = 8
		env, refused := scan(data, depth)
		valid := json.Valid(data)
		switch {
		case refused == nil && !valid:
			t.Fatalf("accepted %q", data)
		case refused != nil && refused.code == jsonrpc.CodeParseError && valid:
			t.Fatalf("refused valid JSON %q: %v", data, refused)
		case refused != nil:
			return
		}
		msg, err := jsonrpc.DecodeMessage(data)
		if err != nil {
			return
		}
		req, ok := msg.(*jsonrpc.Request)
		if isCall := ok && req.IsCall(); isCall != env.calls {
			t.Fatalf("%q: calls = %t, the SDK says %t", data, env.calls, isCall)
		}
		if ok && (req.Method == methodInitialize) != env.initialize {
			t.Fatalf("%q: initialize = %t, the SDK reads method %q", data, env.initialize, req.Method)
		}
	})
}

// FuzzDecodeLine: a line that is let through has one message, and does not end the SDK's reader.
func FuzzDecodeLine(f *testing.F) {
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	f.Add([]byte(`{"jsonrpc":"2.0","id":[],"method":3}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		msg, refused := decodeLine(line, 64)
		if (msg == nil) == (refused == nil) {
			t.Fatalf("%q: message %v, refusal %v", line, msg, refused)
		}
		if refused != nil && !json.Valid(refused.message(nil)) {
			t.Fatalf("%q: the refusal is no JSON", line)
		}
	})
}
