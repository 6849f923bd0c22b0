package paritytest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
)

// A Request is what arrives at the gateway. In the table, {customer_id} and {zcell_customer_id} stand
// for the ids of the tenant, in the path and in texts of the body.
type Request struct {
	Method string     `json:"method"`
	Path   string     `json:"path"`  // escaped
	Query  url.Values `json:"query"` // nil when there is none
	Body   any        `json:"body"`  // decoded JSON with exact numbers; nil when there is none
}

// String is the request in brief, such as "GET /users?limit=1".
func (r Request) String() string {
	if len(r.Query) == 0 {
		return r.Method + " " + r.Path
	}
	return r.Method + " " + r.Path + "?" + r.Query.Encode()
}

// RenameQuery returns a difference in requests: the vendor's names of query arguments and ours.
func RenameQuery(names map[string]string) func(toolName string, r *Request) {
	return func(_ string, r *Request) {
		query := url.Values{}
		for name, values := range r.Query {
			if ours, ok := names[name]; ok {
				name = ours
			}
			query[name] = values
		}
		r.Query = query
	}
}

// testRequests makes every call of the table and compares its request.
func (s *Suite) testRequests(t *testing.T, table []Tool) {
	w := s.Open(t, s.Answer)
	deleting := w
	if s.Answer == nil {
		deleting = s.Open(t, exists) // the simulated tenant does not have the table's objects
	}
	for _, ref := range table {
		t.Run(ref.Name, func(t *testing.T) {
			w := w
			if ref.Effect == "delete" {
				w = deleting
			}
			if elsewhere := slices.Contains(s.Elsewhere, ref.Name); elsewhere != (len(ref.Calls) == 0) {
				t.Errorf("%d calls in the table, and covered elsewhere is %v", len(ref.Calls), elsewhere)
			}
			for i, call := range ref.Calls {
				s.checkCall(t, w, fmt.Sprintf("%s call %d", ref.Name, i+1), ref.Name, call)
			}
		})
	}
}

// checkCall makes one call and compares its request. Canned answers have to satisfy the tool; what the
// simulated tenant answers to invented ids does not matter here.
func (s *Suite) checkCall(t testing.TB, w *World, label, toolName string, call Call) {
	t.Helper()
	w.Forget()
	if text, failed := w.Call(t, toolName, call.Args); failed && s.Answer != nil {
		t.Errorf("%s: %s", label, text)
		return
	}
	all := w.Requests()
	if s.specs[toolName].Effect == tool.Delete {
		all = s.afterQuestion(t, w, label, toolName, all)
	} else if asked := w.Asked(); len(asked) > 0 {
		t.Errorf("%s: the human was asked: %q", label, asked)
	}
	work := s.work(toolName, all)
	if len(work) != 1 {
		t.Errorf("%s: %d requests, want 1:\n%s", label, len(work), lines(all))
		return
	}
	if diff := cmp.Diff(s.expected(toolName, call.Request), s.normal(w.withPlaceholders(t, work[0]))); diff != "" {
		t.Errorf("%s (-vendor +ours):\n%s", label, diff)
	}
}

// exists answers every request with an object.
func exists(Request) (int, string) { return http.StatusOK, `{"id":"1","name":"object"}` }

// afterQuestion checks what comes before a deletion: that the human is asked once, and that until then
// the object is read, by the path and in the microtenant of the DELETE, and nothing else is done, other
// look-ups apart. It returns the requests behind the question.
func (s *Suite) afterQuestion(t testing.TB, w *World, label, toolName string, all []Request) []Request {
	t.Helper()
	w.mu.Lock()
	before, asked := w.before, w.asked
	w.mu.Unlock()
	if len(asked) != 1 {
		t.Errorf("%s: the human was asked %d times, want once: %q", label, len(asked), asked)
		return all
	}
	after, lookup := all[before:], Request{Method: http.MethodGet}
	if len(after) > 0 {
		lookup.Path = after[len(after)-1].Path
		if scope, ok := after[len(after)-1].Query["microtenantId"]; ok {
			lookup.Query = url.Values{"microtenantId": scope}
		}
	}
	looks := s.work(toolName, all[:before])
	if len(looks) != 1 || looks[0].String() != lookup.String() {
		t.Errorf("%s: before the question came\n%s\nwant a look at the object by\n%s", label, lines(all[:before]), lookup)
	}
	return after
}

// expected returns the vendor's request with the deliberate differences applied.
func (s *Suite) expected(toolName string, r Request) Request {
	if s.Requests != nil {
		s.Requests(toolName, &r)
	}
	return s.normal(r)
}

func (s *Suite) normal(r Request) Request {
	if len(r.Query) == 0 {
		r.Query = nil
	}
	if s.Normal != nil {
		s.Normal(&r)
	}
	return r
}

// work returns the requests that do the work of the tool, which should be one: all, or, where there are
// look-ups, those that are no GET, or the last if all are.
func (s *Suite) work(toolName string, all []Request) []Request {
	if len(all) == 0 || s.Lookups == nil || !s.Lookups(toolName) {
		return all
	}
	work := slices.DeleteFunc(slices.Clone(all), func(r Request) bool { return r.Method == http.MethodGet })
	if len(work) == 0 {
		return all[len(all)-1:]
	}
	return work
}

// lines returns requests in brief, one a line.
func lines(requests []Request) string {
	var all []string
	for _, r := range requests {
		all = append(all, r.String())
	}
	return strings.Join(all, "\n")
}
