package tool

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var queryRows = []json.RawMessage{
	json.RawMessage(`{"id":216196257331368721,"name":"a","size":7,"on":true,"price":5.50,"deep":{"x":[1,2]}}`),
	json.RawMessage(`{"id":216196257331368722,"name":"b","size":3,"on":false,"price":1e2,"deep":{"x":[]}}`),
}

func ask(expression string) (string, error) {
	q, err := parseQuery(expression)
	if err != nil {
		return "", err
	}
	rows, err := q.apply(context.Background(), queryRows)
	return string(joinArray(rows)), err
}

func TestQuery(t *testing.T) {
	for expression, want := range map[string]string{
		"[].id":                   `[216196257331368721,216196257331368722]`,
		"[?size > `5`].id":        `[216196257331368721]`,
		"[?size == `3`].name":     `["b"]`,
		"[?price >= `5.5`].price": `[5.5,100]`,
		"[?to_string(id) == '216196257331368722'].name": `["b"]`,
		"[].type(id)":                           `["number","number"]`,
		"sum([].size)":                          `[10]`,
		"[?name == 'nobody']":                   `[]`,
		"nothing":                               `[]`,
		"length(@)":                             `[2]`,
		"[0].name":                              `["a"]`,
		"[0].{n: name, i: id}":                  `[{"i":216196257331368721,"n":"a"}]`,
		"[].deep.x[]":                           `[1,2]`,
		"[?contains(name, 'a')] | [0].id":       `[216196257331368721]`,
		"sort_by(@, &size)[].name":              `["b","a"]`,
		"[?on && size > `1` || name=='b'].name": `["a","b"]`,
		"[].to_number(id) | [0] > `1`":          `[true]`,
	} {
		got, err := ask(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", expression, diff)
		}
	}
}

func TestBadQueries(t *testing.T) {
	for expression, says := range map[string]string{
		"[?size > ]":                         "at position",
		"[].{":                               "position",
		"foo(@)":                             "unknown function",
		"length(`1`)":                        "invalid type",
		"sum([].name)":                       "invalid type",
		"$":                                  "not supported",
		"[?$]":                               "not supported",
		"let $x = @ in [$x, $x]":             "not supported",
		"pad_left('a', `1000000000`)":        "unknown function",
		"`1` / `0`":                          "no JSON value",
		"&name":                              "no JSON value",
		"to_string(&name)":                   "argument of to_string is no JSON value",
		strings.Repeat("a", maxQueryBytes+1): "longer than",
		"merge(@)":                           "argument 1 of merge must be object, got array",
		"abs([0].id)":                        "too many digits",
	} {
		if got, err := ask(expression); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.60s: got %s, %v; want %q", expression, got, err, says)
		}
	}
}

func TestExactNumbers(t *testing.T) {
	for text, exactly := range map[string]bool{
		"1": true, "0": true, "-0.0": true, "5.50": true, "999999999999999": true, "9007199254740992": true, "1e300": true,
		"9007199254740993": false, "216196257331368721": false, "0.1234567890123456789": false, "1e999": false, "1e-999": false,
	} {
		if _, isFloat := decodeForQuery(json.RawMessage(text)).(float64); isFloat != exactly {
			t.Errorf("%s: float64 is %v", text, isFloat)
		}
	}
}
