package rest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool/rest"
)

type oneOrAll struct {
	ID     string `json:"id,omitempty" in:"-"`
	Search string `json:"search,omitempty" in:"query=search"`
}

// TestReadOne: a list that is turned into the read of one object answers that as its only row, and an id
// that is none reaches nothing.
func TestReadOne(t *testing.T) {
	tl := rest.Read[oneOrAll]("x_get", "GET /zia/api/v1/x", "d", rest.List, rest.Prepare(func(_ context.Context, p *rest.Plan) error {
		if id := p.Args.Text("id"); id != "" {
			return p.ReadOne("/zia/api/v1/x/{id}", map[string]string{"id": id})
		}
		return nil
	}))
	for _, tc := range []struct{ arguments, answer, request, want string }{
		{`{"search":"a"}`, `[{"id":1},{"id":2}]`, "GET /zia/api/v1/x?search=a", "{\"id\":1}\n{\"id\":2}\n"},
		{`{"id":"7","search":"a"}`, `{"id":7, "n":9007199254740993}`, "GET /zia/api/v1/x/7", "{\"id\":7, \"n\":9007199254740993}\n"},
		{`{"id":"7"}`, ``, "GET /zia/api/v1/x/7", "nothing found"},
		{`{"id":"../y"}`, ``, "", "is not an id"},
	} {
		f := tenant{replies: []reply{{body: tc.answer}}}
		result, err := f.call(t, tl, tc.arguments)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = text(t, result)
		}
		if !strings.Contains(got, tc.want) || strings.Join(f.requests, "\n") != tc.request {
			t.Errorf("%s: %q after %q, want %q after %q", tc.arguments, got, f.requests, tc.want, tc.request)
		}
	}
}
