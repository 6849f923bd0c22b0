package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"
)

// maxQueryAllocation is more than any query on a few rows may allocate, short-lived garbage included.
const maxQueryAllocation = 512 << 20

// allocated returns how many bytes fn allocates. Other tests may run meanwhile, and only add to it.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func nested(open, inner, end string, n int) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
}

// explosive are short expressions whose results are exponential in their length, or nearly.
func explosive() map[string]string {
	const texts = "['a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a']"
	empty := "`[" + strings.TrimSuffix(strings.Repeat(`"",`, 400), ",") + "]`"
	doubled := strings.Repeat("[@,@]|", 40)
	return map[string]string{
		"to_string of to_string":      "length(" + nested("to_string([", `'"'`, "])", 40) + ")",
		"to_string of what is shared": doubled + "length(to_string(@))",
		"join of join":                "length(" + nested("join(", "'x'", ", "+texts+")", 8) + ")",
		"join with a literal":         empty + " | length(" + nested("join(", "'x'", ", @)", 4) + ")",
		"multi-select lists":          doubled + "@",
		"multi-select hashes":         strings.Repeat("{a:@,b:@}|", 40) + "@",
		"flattened":                   strings.Repeat("[@,@][]|", 40) + "length(@)",
		"flattened, dropped":          strings.Repeat("[@,@,@,@,@,@,@,@][]|", 20) + "[?`false`]",
		"projections in projections":  nested("[`[0,0,0,0,0,0,0,0]`[*].", "[`null`]", "]", 30),
		"projections without result":  nested("[`[0,0,0,0,0,0,0,0]`[*].", "nothing", "]", 30),
		"map in map":                  nested("map(&", "@", ", `[0,0,0,0,0,0,0,0,0]`)", 30),
		"compared":                    doubled + "@ == `[[1]]`",
		"merge":                       "{a:@}|" + strings.Repeat("{a:merge(@,@),b:@}|", 40) + "@",
		"error behind a filter":       strings.Repeat("[@,@][]|", 40) + "[?@][?@][]",
		"sorted for each":             "`[0,0,0,0,0,0,0,0,0]`|" + strings.Repeat("[@,@,@,@][]|", 9) + "map(&sort_by(`[2,1,3]`,&sort(`[1,2,3,4,5,6,7,8]`)[0]), @)",
	}
}

func TestExplosiveQueriesAreRefused(t *testing.T) {
	for name, expression := range explosive() {
		if len(expression) > maxQueryBytes {
			t.Fatalf("%s: would be refused for its length", name)
		}
		started := time.Now()
		var err error
		used := allocated(func() { _, err = ask(expression) })
		if err == nil || !strings.Contains(err.Error(), "too much memory") && !strings.Contains(err.Error(), "takes too long") {
			t.Errorf("%s: got %v", name, err)
		}
		t.Logf("%s: %d MiB, %v: %v", name, used>>20, time.Since(started), err)
		if used > maxQueryAllocation {
			t.Errorf("%s: %d MiB allocated", name, used>>20)
		}
	}
}

// The library would write the argument, which holds itself 2^40 times over, into its error.
func TestQueryErrorsDoNotRepeatTheData(t *testing.T) {
	var err error
	used := allocated(func() { _, err = ask(strings.Repeat("[@,@]|", 40) + "sum(@)") })
	if err == nil || len(err.Error()) > 200 || used > maxQueryAllocation {
		t.Fatalf("%d MiB allocated, %v", used>>20, err)
	}
}

func TestModerateQueriesAreNot(t *testing.T) {
	for _, expression := range []string{
		"length(" + nested("to_string([", `'"'`, "])", 12) + ")",
		nested("join(", "'x'", ", ['a','b','c'])", 8),
		strings.Repeat("[@,@]|", 10) + "length(to_string(@))",
		strings.Repeat("[@,@]|", 10) + "@",
		"[][?size > `1`][].{id: id, all: [name, size, on, price, deep]}",
		"sort_by(@, &to_string([id, name]))[].merge(@, {x: join('-', [name, name])})",
		"{size: length(@), first: [0]}",
		"[0].name[::-1]",
		"'abc'[0:2]",
		"[?deep == {x: [`1`, `2`]}].name",
	} {
		if _, err := ask(expression); err != nil {
			t.Errorf("%s: %v", expression, err)
		}
	}
}

// Large lists and long, ordinary expressions are what the budget must leave room for.
func TestQueryOnManyRows(t *testing.T) {
	rows := make([]json.RawMessage, 8000)
	for i := range rows {
		rows[i] = json.RawMessage(fmt.Sprintf(`{"id":"%d","n":%d}`, i, i))
	}
	var members []string
	for i := range 20 {
		members = append(members, fmt.Sprintf("m%d: not_null(n, id)", i))
	}
	for expression, want := range map[string]int{
		"@": 8000, "[].id": 8000, "[?n == `7`]": 1, "sort_by(@, &id)[0:3]": 3, "[?contains(['1','22','333'], id)]": 3,
		"[?starts_with(id, '799') && n > `7990`].{id: id, text: to_string(@)}": 9,
		"[0:2000].{" + strings.Join(members, ", ") + "}":                       2000,
		"[?to_string(n) == id] | length(@)":                                    1,
	} {
		q, err := parseQuery(expression)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := q.apply(context.Background(), rows); err != nil || len(got) != want {
			t.Errorf("%s: %d rows, %v; want %d", expression, len(got), err, want)
		}
	}
}

func TestQueryObeysItsContext(t *testing.T) {
	q, err := parseQuery("[].length(name)")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := q.apply(ctx, queryRows); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := q.apply(ctx, queryRows); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func TestQueryResultDepth(t *testing.T) {
	if _, err := ask(nested("[", "@", "]", maxResultDepth-3)); err != nil { // a row nests 3 deep, and stands in an array
		t.Error(err)
	}
	for _, expression := range []string{nested("[", "@", "]", maxResultDepth-2), nested("[", "@", "]", 2000), "`" + nested("[", "", "]", 2000) + "`"} {
		if _, err := ask(expression); err == nil || !strings.Contains(err.Error(), "deep") {
			t.Errorf("%.20s: got %v", expression, err)
		}
	}
}

func TestEncodedIsAnUpperBound(t *testing.T) {
	for _, value := range []any{
		nil, true, false, "", "a\"\\\n\x00\u2028é😀\xff", 1.0, -math.MaxFloat64, math.SmallestNonzeroFloat64, -1.2345678901234567e-7, json.Number("216196257331368721"),
		[]any{}, []any{1.0, "x", nil}, map[string]any{}, map[string]any{"\x01": []any{"\x02"}, "b": false},
	} {
		raw, err := encodeJSON(value)
		if err != nil {
			t.Fatal(err)
		}
		if length, _ := encoded(value, 1<<20); length < len(raw) {
			t.Errorf("%s: %d bytes, bound %d", raw, len(raw), length)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"[].id", "[?size > `5`]", "[].[@,@]", "sort_by(@,&id)", "[::-1]", "map(&id, @)", "$", "[0:9999999999999]", "@.*.*"} {
		f.Add(seed)
	}
	for _, seed := range explosive() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		var got string
		var err error
		used := allocated(func() { got, err = ask(expression) })
		if err == nil && !json.Valid([]byte(got)) {
			t.Fatalf("%q: %s", expression, got)
		}
		if used > maxQueryAllocation {
			t.Fatalf("%q: %d MiB", expression, used>>20)
		}
	})
}
