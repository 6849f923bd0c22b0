package zia_test

import (
	"encoding/json"
	"testing"

	"github.com/org/zscalermcp/tool"
)

var (
	everything = tool.Selection{EnableWrites: true, WriteTools: []string{"*"}}
	// bindable leaves out the deletes, whose confirmation needs a store; their handlers are called
	// directly.
	bindable = tool.Selection{EnableWrites: true, WriteTools: []string{"*"}, WithoutTools: []string{"zia_delete_*"}}
)

// changedParams are the deliberate differences in arguments: the bounds that the vendor's server
// checks without saying so are advertised.
var changedParams = map[string]func(*parityParam){
	"zia_create_url_filtering_rule order": func(p *parityParam) { p.Min = number(1) },
	"zia_update_url_filtering_rule order": func(p *parityParam) { p.Min = number(1) },
	"zia_create_url_filtering_rule rank":  func(p *parityParam) { p.Min, p.Max = number(0), number(7) },
	"zia_update_url_filtering_rule rank":  func(p *parityParam) { p.Min, p.Max = number(0), number(7) },
}

func number(x float64) *float64 { return &x }

// invoke calls a tool, deletes past their confirmation.
func (w *world) invoke(t *testing.T, name string, args map[string]any) {
	t.Helper()
	if spec := specs()[name]; spec.Effect == tool.Delete {
		w.remove(t, name, args)
		return
	}
	w.call(t, name, args)
}

// remove runs the handler of a delete.
func (w *world) remove(t *testing.T, name string, args map[string]any) (any, error) {
	t.Helper()
	return specs()[name].Handle(w.ctx, arguments(t, args))
}

// arguments returns checked arguments.
func arguments(t *testing.T, args map[string]any) tool.Args {
	t.Helper()
	raw := map[string]json.RawMessage{}
	for name, value := range args {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		raw[name] = data
	}
	return tool.NewArgs(raw)
}

// normal returns the request as it stands in testdata.
func normal(_ *testing.T, r request) request {
	if len(r.Query) == 0 {
		r.Query = nil
	}
	return r
}

// mend returns the vendor's request with the deliberate differences applied: there are none in what
// testdata holds.
func mend(r request) request { return r }
