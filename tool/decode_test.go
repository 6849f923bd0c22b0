package tool

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type listArgs struct {
	ID    string          `json:"id" jsonschema:"The id."`
	Limit *int64          `json:"limit,omitempty" jsonschema:"Limit."`
	Kind  string          `json:"kind,omitempty" jsonschema:"Kind." enum:"RED,GREEN"`
	Tags  []string        `json:"tags,omitempty" jsonschema:"Tags."`
	Order string          `json:"order,omitempty" jsonschema:"Order." default:"asc"`
	Body  json.RawMessage `json:"body,omitempty" jsonschema:"Body."`
}

func decoded(t testing.TB, args string) (map[string]json.RawMessage, error) {
	t.Helper()
	checked, err := decode(compileArgs(t, reflect.TypeFor[listArgs]()).args, json.RawMessage(args))
	return checked.raw, err
}

func TestDecodeKeepsBytes(t *testing.T) {
	for name, tc := range map[string]struct {
		args string
		want map[string]json.RawMessage
	}{
		"big integer": {`{"id":"1","limit":216196257331368721}`, map[string]json.RawMessage{"id": []byte(`"1"`), "limit": []byte("216196257331368721")}},
		"least":       {`{"id":"1","limit":-9223372036854775808}`, map[string]json.RawMessage{"id": []byte(`"1"`), "limit": []byte("-9223372036854775808")}},
		"integral":    {`{"id":"1","limit":1.50e2}`, map[string]json.RawMessage{"id": []byte(`"1"`), "limit": []byte("150")}},
		"any JSON":    {`{"id":"1","body":{"b":1.0, "a":216196257331368721}}`, map[string]json.RawMessage{"id": []byte(`"1"`), "body": []byte(`{"b":1.0, "a":216196257331368721}`)}},
		"null":        {`{"id":"1","limit":null,"order":null}`, map[string]json.RawMessage{"id": []byte(`"1"`)}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.want["order"] = []byte(`"asc"`)
			got, err := decoded(t, tc.args)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	deep := strings.Repeat("[", maxNesting) + strings.Repeat("]", maxNesting)
	for name, tc := range map[string]struct{ args, says string }{
		"unknown":            {`{"id":"1","limitt":1}`, "limitt: there is no such argument; did you mean limit?; the valid ones are id, limit, kind, tags, order, body, query"},
		"missing":            {``, "id: is missing; The id."},
		"null for missing":   {`{"id":null}`, "id: is missing"},
		"wrong type":         {`{"id":7}`, `id: must be a string; got a number: send "7"`},
		"JSON in a string":   {`{"id":"1","tags":"[\"a\"]"}`, "must be an array, such as [\"text\"]; got a string; send the value itself, not JSON inside a string"},
		"number in string":   {`{"id":"1","limit":"5"}`, "must be an integer, such as 10; got a string; send the value itself"},
		"plain string":       {`{"id":"1","tags":"a"}`, "tags: must be an array, such as [\"text\"]; got a string"},
		"element":            {`{"id":"1","tags":["a",1]}`, "tags[1]: must be a string"},
		"null element":       {`{"id":"1","tags":[null]}`, "tags[0]: must be a string, such as \"text\"; got null"},
		"enum":               {`{"id":"1","kind":"GREY"}`, "kind: must be one of RED, GREEN; did you mean"},
		"beyond int64":       {`{"id":"1","limit":9223372036854775808}`, "limit: is outside the range"},
		"huge exponent":      {`{"id":"1","limit":1e999999999}`, "plain digits"},
		"tiny fraction":      {`{"id":"1","limit":1.0000000000000000001}`, "is a fraction"},
		"twice":              {`{"id":"1","id":"2"}`, "id: is there twice"},
		"twice, escaped":     {`{"id":"1","\u0069d":"2"}`, "id: is there twice"},
		"twice inside":       {`{"id":"1","body":[{"a":1,"a":2}]}`, "body.[].a: is there twice"},
		"half a pair":        {`{"id":"1","body":["\ud800"]}`, "body.[]: holds half"},
		"half, then whole":   {`{"id":"a\ud800\ud83d\ude00"}`, "id: holds half"},
		"escaped, then half": {`{"id":"a\\ud800\udc01"}`, "id: holds half"},
		"halves swapped":     {`{"id":"\udc00\ud800"}`, "id: holds half"},
		"half at the end":    {`{"id":"\uD83D"}`, "id: holds half"},
		"half, then letters": {`{"id":"\ud83dude00"}`, "id: holds half"},
		"half in a name":     {`{"id":"1","body":{"\udc00":1}}`, "holds half"},
		"array":              {`[]`, "must be a JSON object; got an array"},
		"not JSON":           {`{"id":`, "not valid JSON"},
		"two values":         {`{"id":"1"} {}`, "not valid JSON"},
		"not UTF-8":          {"{\"id\":\"\xff\"}", "UTF-8"},
		"too deep":           {`{"id":"1","body":` + deep + `}`, "nest more than 32 deep"},
		"too large":          {`{"id":"` + strings.Repeat("a", maxArgumentBytes) + `"}`, "larger than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decoded(t, tc.args)
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v\nwant %s", err, tc.says)
			}
		})
	}
	for _, whole := range []string{`\ud83d\ude00 \ufffd`, `\\ud800`, `\\\uD83D\uDE00\ud83d\ude00`, `\u0041\ud7ff\ue000`, `\\\\ud800\"`} {
		if _, err := decoded(t, `{"id":"`+whole+`"}`); err != nil {
			t.Errorf("%s: %v", whole, err)
		}
	}
	if _, err := decoded(t, `{"id":"1","body":`+deep[1:len(deep)-1]+`}`); err != nil {
		t.Errorf("refused just below the depth: %v", err)
	}
}

// Normalisation reaches every depth, so that what a handler decodes fits its types.
func TestDecodeNormalises(t *testing.T) {
	type item struct {
		Size  int    `json:"size,omitempty" jsonschema:"Size."`
		Order string `json:"order,omitempty" jsonschema:"Order." default:"asc"`
	}
	type args struct {
		Sizes []int          `json:"sizes,omitempty" jsonschema:"Sizes."`
		Named map[string]int `json:"named,omitempty" jsonschema:"Named."`
		Items []item         `json:"items,omitempty" jsonschema:"Items."`
		Ratio float64        `json:"ratio,omitempty" jsonschema:"Ratio."`
	}
	shape := compileArgs(t, reflect.TypeFor[args]()).args
	for raw, want := range map[string]string{
		`{"sizes":[1.0, 2]}`:                                    `{"sizes":[1,2]}`,
		`{"named":{"b":1e1,"a":2}}`:                             `{"named":{"a":2,"b":10}}`,
		`{"items":[{"size":null},{"order":"desc","size":3.0}]}`: `{"items":[{"order":"asc"},{"order":"desc","size":3}]}`,
		`{"ratio":1.50}`:                                        `{"ratio":1.50}`,
	} {
		checked, err := decode(shape, json.RawMessage(raw))
		if err != nil {
			t.Errorf("%s: %v", raw, err)
		} else if diff := cmp.Diff(want, string(joinObject(checked.raw))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
	for raw, says := range map[string]string{
		`{"ratio":1e999}`: "outside the range of a 64-bit float", `{"sizes":[1e20]}`: "sizes[0]: is outside the range",
		`{"sizes":[1e99999999999999999999]}`: "plain digits", `{"items":[{"size":1,"x":2}]}`: "items[0].x: there is no such argument",
	} {
		if _, err := decode(shape, json.RawMessage(raw)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v", raw, err)
		}
	}
	none := compileArgs(t, reflect.TypeFor[struct{}]()).args
	none.fields = nil
	if _, err := decode(none, json.RawMessage(`{"a":1}`)); err == nil || !strings.Contains(err.Error(), "this takes none") {
		t.Errorf("got %v", err)
	}
}

func TestDuplicatesInLargeObjects(t *testing.T) {
	var names []string
	for i := range 3 * fewNames {
		names = append(names, fmt.Sprintf(`"n%d":1`, i))
	}
	large := strings.Join(names, ",")
	if _, err := decoded(t, `{"id":"1","body":{`+large+`}}`); err != nil {
		t.Error(err)
	}
	for _, twice := range []int{0, fewNames - 1, fewNames, len(names) - 1} {
		if _, err := decoded(t, `{"id":"1","body":{`+large+","+names[twice]+`}}`); err == nil || !strings.Contains(err.Error(), "is there twice") {
			t.Errorf("%d: got %v", twice, err)
		}
	}
}

func TestDecodeReportsAllProblems(t *testing.T) {
	_, err := decoded(t, `{"limit":"x","kind":"BLUE","tags":[1,2],"nope":1}`)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, part := range []string{"id: is missing", "limit: must be an integer", "kind: must be one of", "tags[0]", "tags[1]", "nope: there is no"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("missing %q in:\n%v", part, err)
		}
	}
}

func TestDecodeRepeatsNoValues(t *testing.T) {
	_, err := decoded(t, `{"id":["hunter2"],"limit":"hunter2","kind":"hunter2","body":1}`)
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestLongErrorsAreCut(t *testing.T) {
	_, err := decoded(t, `{"id":"1","tags":[`+strings.Repeat("1,", 1000)+`1]}`)
	if err == nil || len(err.Error()) > 8000 || !strings.Contains(err.Error(), "tags[19]") || !strings.HasSuffix(err.Error(), "\n- and more") {
		t.Errorf("got %.300v", err)
	}
}

func TestExactlyAsManyProblemsAsAreToldAreNotCut(t *testing.T) {
	_, err := decoded(t, `{"id":"1","tags":[`+strings.Repeat("1,", maxProblems-1)+`1]}`)
	if err == nil || strings.Contains(err.Error(), "and more") || !strings.Contains(err.Error(), "tags[19]") {
		t.Errorf("got %v", err)
	}
}

// A megabyte of mistakes must cost about what a megabyte without any does.
func TestMistakesAreNotAmplified(t *testing.T) {
	filled := func(item string) string {
		var b strings.Builder
		for i := 0; b.Len() < maxArgumentBytes-200; i++ {
			b.WriteString(strings.ReplaceAll(item, "#", strconv.Itoa(i)))
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	for name, args := range map[string]string{
		"unknown names": `{` + filled(`"x#":1,`) + `}`, "elements": `{"id":"1","tags":[` + filled(`1,`) + `]}`,
		"twice": `{` + filled(`"x":1,`) + `}`, "half pairs": `{"id":"1","tags":[` + filled(`"\ud800",`) + `]}`,
		"long strings": `{"id":"1","limit":"` + filled(`[`) + `"}`,
	} {
		var err error
		used := allocated(func() { _, err = decoded(t, args) })
		if err == nil || used > 48<<20 {
			t.Errorf("%s: %d MiB allocated, %.100v", name, used>>20, err)
		}
		t.Logf("%s: %d MiB", name, used>>20)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"id":"1","limit":1.0,"tags":["a"],"body":{"a":[1]}}`)
	f.Add(`{"id":"1","id":"2"}`)
	f.Add(`{"id":"\ud800","limit":1e30}`)
	args := compileArgs(f, reflect.TypeFor[listArgs]()).args
	f.Fuzz(func(t *testing.T, raw string) {
		checked, err := decode(args, json.RawMessage(raw))
		if err != nil {
			return
		}
		members := checked.raw
		var in, sent listArgs
		if err := (Args{raw: members}).Decode(&in); err != nil {
			t.Fatalf("%q: accepted, but: %v", raw, err)
		}
		if err := checked.Decode(&sent); err != nil || !sameArgs(in, sent) {
			t.Fatalf("%q: as it was sent it is read differently: %s (%v)", raw, cmp.Diff(in, sent), err)
		}
		normal, err := decode(args, joinObject(members))
		if err != nil {
			t.Fatalf("%q: its own normal form is refused: %v", raw, err)
		}
		first, err := canonical("t", members)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := canonical("t", normal.raw); err != nil || first != second {
			t.Fatalf("%q: the digest changes (%v)", raw, err)
		}
	})
}

// sameArgs compares but for the space inside of any JSON.
func sameArgs(a, b listArgs) bool {
	var first, second any
	bodies := len(a.Body) == 0 && len(b.Body) == 0 ||
		json.Unmarshal(a.Body, &first) == nil && json.Unmarshal(b.Body, &second) == nil && cmp.Equal(first, second)
	a.Body, b.Body = nil, nil
	return bodies && cmp.Equal(a, b)
}

// A type without any is decoded on a shorter way, which must not lead others to it.
func TestDecodeExactlyIntoEveryType(t *testing.T) {
	type ids struct {
		ID  int64            `json:"id" jsonschema:"Id."`
		All map[string]int64 `json:"all,omitempty" jsonschema:"All."`
	}
	type loose struct {
		ID  int64 `json:"id" jsonschema:"Id."`
		All []any `json:"all,omitempty" jsonschema:"All."`
	}
	const id = 216196257331368721
	for in, raw := range map[reflect.Type]string{
		reflect.TypeFor[ids]():   `{"all":{"a":216196257331368721},"id":216196257331368721}`,
		reflect.TypeFor[loose](): `{"all":[216196257331368721],"id":216196257331368721}`,
	} {
		c := compileArgs(t, in)
		args, err := decode(c.args, json.RawMessage(raw))
		if err != nil {
			t.Fatal(err)
		}
		args.closed = c.closed
		var members map[string]any
		if err := args.Decode(&members); err != nil || members["id"] != json.Number("216196257331368721") {
			t.Errorf("%s into a map: %v (%v)", in, members, err)
		}
		own := reflect.New(in)
		if err := args.Decode(own.Interface()); err != nil || own.Elem().Field(0).Int() != id {
			t.Errorf("%s: %v (%v)", in, own, err)
		}
		if list, ok := own.Interface().(*loose); ok && (len(list.All) != 1 || list.All[0] != json.Number("216196257331368721")) {
			t.Errorf("a number lost digits: %v", list.All)
		}
	}
}
