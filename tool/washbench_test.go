package tool

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// listOf returns rows like those of the services: ids, names, times, references, addresses.
func listOf(n int) []json.RawMessage {
	rows := make([]json.RawMessage, n)
	for i := range rows {
		rows[i] = json.RawMessage(fmt.Sprintf(`{"id":%d,"name":"Rule %d for the branch in Zurich","order":%d,"state":"ENABLED","rank":7,"description":"Lets the people of finance reach what they need, and nothing else",`+
			`"lastModifiedTime":17%08d,"lastModifiedBy":{"id":%d,"name":"admin-%d@acme.example.com"},"urls":["www.example.com/path-%d",".example.org"],"predefined":false,"passwordLastModified":null,"creationTime":"2025-02-02T01:15:30.120Z"}`,
			216196257331368721+i, i, i, i, i%97, i%97, i))
	}
	return rows
}

// flatOf returns rows that become a table.
func flatOf(n int) []json.RawMessage {
	rows := make([]json.RawMessage, n)
	for i := range rows {
		rows[i] = json.RawMessage(fmt.Sprintf(`{"id":%d,"name":"Label %d of the branch","description":"For reports of finance","lastModifiedTime":17%08d,"createdBy":"admin-%d@acme.example.com","enabled":true,"references":%d}`,
			216196257331368721+i, i, i, i%97, i%7))
	}
	return rows
}

// BenchmarkAnswer is what an answer of 1 000 rows goes through: query, mask, sanitise, encode. It is to take at most three times as
// long as its floor, which decodes and encodes the same bytes.
func BenchmarkAnswer(b *testing.B) {
	for _, shape := range []struct {
		name, expression string
		rows             []json.RawMessage
	}{
		{"nested", "[?order >= `0`]", listOf(1000)}, {"flat", "[?references >= `0`]", flatOf(1000)},
		{"projected", "[].{id: id, name: name, state: state}", listOf(1000)}, {"unqueried", "", listOf(1000)},
	} {
		raw := joinArray(shape.rows)
		b.Run(shape.name+"/ours", func(b *testing.B) {
			c := &call{engine: &engine{rt: Runtime{MaxAnswerBytes: 16 << 20}}, tool: &compiled{spec: Spec{Name: "demo", Effect: Read, List: true}}}
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				var q *query
				if shape.expression != "" {
					q, _ = parseQuery(shape.expression)
				}
				res, err := c.encodeRows(context.Background(), Rows{Rows: shape.rows}, q)
				if err != nil || len(res.Content) != 1 || len(res.Content[0].(*mcp.TextContent).Text) < 1000 {
					b.Fatal(err, res)
				}
			}
		})
		b.Run(shape.name+"/floor", func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				var value any
				if err := json.Unmarshal(raw, &value); err != nil {
					b.Fatal(err)
				}
				if _, err := json.Marshal(value); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWash is masking and sanitising where nothing changes: at least 150 MB/s and no allocation. Its floor looks at every byte too.
func BenchmarkWash(b *testing.B) {
	for name, raw := range map[string]json.RawMessage{
		"rows": joinArray(listOf(1000)), "flat": joinArray(flatOf(1000)), "text": quote(strings.Repeat("Lets the people of finance reach what they need, and nothing else. ", 4000)),
	} {
		b.Run(name+"/ours", func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				w := borrowWasher(washing{mask: true, sanitise: true})
				if clean := w.wash(raw); &clean[0] != &raw[0] {
					b.Fatal("copied")
				}
				w.giveBack()
			}
		})
		b.Run(name+"/floor", func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
					b.Fatal("not plain")
				}
			}
		})
	}
}
