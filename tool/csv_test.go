package tool_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/tool"
)

// A spreadsheet that opens the text of an answer runs nothing in it; structured content has the texts as they are.
func TestFormulasInTables(t *testing.T) {
	for text, guarded := range map[string]string{
		"=1+1": "'=1+1", "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0", "-HYPERLINK(1)": "'-HYPERLINK(1)", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1", "\r=1": "'\r'=1", "  =1": "  '=1", "＝1": "'＝1",
		"a;=cmd()": "a;'=cmd()", "a\n=1": "a\n'=1", `a"=1`: `a"'=1`, "a,-cmd(1)": "a,'-cmd(1)", "-a": "'-a", "@home": "'@home",
		"-5": "", "+49 (89) 123-45": "", "-": "", "a=b": "", "x@acme.example.com": "", "2-1": "", "a; -5": "", "a\n- one\n- two": "", "-1.5%": "", "1e5": "", "--": "",
	} {
		if guarded == "" {
			guarded = text
		}
		row := `{"id":1,"x":` + string(marshalled(t, text)) + `}`
		res, structured := answerOf(t, rowsOf(row), "", tool.Runtime{}, tool.List)
		table := res.Content[0].(*mcp.TextContent).Text
		lines, err := csv.NewReader(strings.NewReader(table)).ReadAll()
		if err != nil || len(lines) != 2 || strings.ReplaceAll(lines[1][1], "\n", "\r") != strings.ReplaceAll(guarded, "\n", "\r") {
			t.Errorf("%q: %q (%v)", text, table, err)
		}
		var got struct{ Result []struct{ X string } }
		if err := json.Unmarshal([]byte(structured), &got); err != nil || got.Result[0].X != text {
			t.Errorf("%q: %s", text, structured)
		}
	}
}

// Names that begin like formulas, numbers that do, and one column of nothing.
func TestTables(t *testing.T) {
	for want, rows := range map[string][]string{
		"'=a,b\n-5,x\n":         {`{"=a":-5,"b":"x"}`},
		"a\n\"\"\n1\n":          {`{"a":null}`, `{"a":1}`},
		"a,b,c\n1,2,\n,4,3\n":   {`{"a":1,"b":2}`, `{"c":3,"b":4}`},
		"a\nline\\n\n":          {`{"a":"line\\n"}`},
		"a,b\n\" x\",\"1;2\"\n": {`{ "a" : " x" , "b" : "1;2" }`},
		"a\n2\n":                {`{"a":1,"a":2}`},
		"é\nü\n":                {`{"\u00e9":"\u00fc"}`},
	} {
		res, _ := answerOf(t, rowsOf(rows...), "", tool.Runtime{}, tool.List)
		if got := res.Content[0].(*mcp.TextContent).Text; got != want {
			t.Errorf("%q: got %q, want %q", rows, got, want)
		}
	}
}
