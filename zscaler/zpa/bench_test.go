package zpa_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// A bench is a world whose tools are called with arguments in JSON.
type bench struct{ *paritytest.World }

// newBench opens a world over the answers, or over the simulated tenant if they are nil.
func newBench(t testing.TB, answer paritytest.Answer) *bench {
	t.Helper()
	return &bench{suite.Open(t, answer)}
}

// call runs a tool with the JSON args and returns the JSON of its result, or the text of its error.
func (b *bench) call(t testing.TB, name, args string) (result, failure string) {
	t.Helper()
	answer := b.Result(t, name, json.RawMessage(args))
	if answer.IsError {
		return "", paritytest.Text(answer)
	}
	if !suite.Specs(t)[name].List {
		return paritytest.Text(answer), "" // exact: the client reads numbers into floats
	}
	data, err := json.Marshal(answer.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), ""
}

// must is call for calls that have to succeed.
func (b *bench) must(t testing.TB, name, args string) string {
	t.Helper()
	result, failure := b.call(t, name, args)
	if failure != "" {
		t.Fatalf("%s %s: %s", name, args, failure)
	}
	return result
}

// canned answers by method and path ending, such as "GET /segmentGroup"; the longest one counts.
func canned(answers map[string]string) paritytest.Answer {
	all := map[string]string{"GET ": `{}`, "POST ": `{"id":"288341529047190001"}`}
	for _, kind := range []string{"ACCESS_POLICY", "TIMEOUT_POLICY", "CLIENT_FORWARDING_POLICY", "ISOLATION_POLICY", "INSPECTION_POLICY"} {
		all["GET /policySet/policyType/"+kind] = `{"id":"288341529047105001"}`
		all["GET /rules/policyType/"+kind] = `{"totalPages":"0","totalCount":"0"}`
	}
	all["GET /application"], all["GET /segmentGroup"], all["GET /getAppsByType"] = `{"list":[]}`, `{"list":[]}`, `{"list":[]}`
	maps.Copy(all, answers)
	return func(req paritytest.Request) (int, string) {
		best := ""
		for ending := range all {
			method, path, _ := strings.Cut(ending, " ")
			if method == req.Method && strings.HasSuffix(req.Path, path) && len(ending) > len(best) {
				best = ending
			}
		}
		return http.StatusOK, all[best]
	}
}

// decode decodes JSON with exact numbers.
func decode(t testing.TB, data string) any {
	t.Helper()
	if data == "" {
		return nil
	}
	return paritytest.JSON(t, data)
}
