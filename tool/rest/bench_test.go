package rest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/org/zscalermcp/zscaler"
)

// silent answers every request with an empty object, so that what is measured is the planning.
type silent struct{ answer *zscaler.Response }

func (s silent) Do(context.Context, *zscaler.Request) (*zscaler.Response, error) {
	return s.answer, nil
}
func (silent) Setting(string) (string, error) { return "1", nil }

// BenchmarkPlan measures the way from checked arguments to a request, for a body of every kind of
// place: no reflection, no repeated parsing of tags.
func BenchmarkPlan(b *testing.B) {
	doer := silent{&zscaler.Response{Status: 200, Body: json.RawMessage("{}")}}
	ctx := zscaler.ContextWithDoer(context.Background(), doer)
	for name, arguments := range map[string]string{
		"path": `{"rule_type":"A"}`,
		"body": `{"rule_type":"A","name":"n","enabled":true,"order":2,"note":"text","city":"Bern","country":"ch","labels":["1","2","3"],"owner":"7","advanced":{"dest_ip_groups":["1"],"surrogate_ip":true}}`,
	} {
		b.Run(name, func(b *testing.B) {
			handle, in := newRuleTool("/zia/api/v1").Spec().Handle, args(b, arguments)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := handle(ctx, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
