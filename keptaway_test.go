package zscalermcp_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/tool"
)

// R141: no wider scope would help with a tool of a service that the tenant does not have, so none is asked for: it is not there.
func TestNoStepUpForWhatTheTenantDoesNotHave(t *testing.T) {
	for product, want := range map[string]string{"ZPA": `unknown tool "zia_create_rule_label"`, "ZIA": "Forbidden"} {
		_, opts := entitledTenant(t, product)
		session := connect(t, scoped(t, opts...), readerKey, "", nil)
		_, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "zia_create_rule_label", Arguments: map[string]any{"name": "x"}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a tenant with %s: %v, want %s", product, err, want)
		}
	}
}

// The agent's service is offered whatever is selected, so that toolsets of a host's own do not belong there.
func TestCustomToolsetsAreSelectedLikeOthers(t *testing.T) {
	mine := func(name string) zscalermcp.Option {
		return zscalermcp.WithTools(tool.Set{Name: name, Doc: "Tools of the host.", Tools: []tool.Tool{
			tool.Func(tool.Read, "acme_dump", "Dump what the host knows.", func(context.Context, struct{}) (any, error) { return map[string]any{}, nil }),
		}})
	}
	for _, name := range []string{"zscaler_ops", "zscaler_"} {
		if _, err := zscalermcp.New(zscalermcp.WithEnv(nil), mine(name)); err == nil || !strings.Contains(err.Error(), `toolset "`+name+`"`) || !strings.Contains(err.Error(), "another word") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, tc := range map[string]struct {
		toolset string
		opts    []zscalermcp.Option
		want    bool
	}{
		"nothing selected": {"zscalers_ops", nil, true},
		"another service":  {"zscalers_ops", []zscalermcp.Option{zscalermcp.WithServices("zia")}, false},
		"another toolset":  {"acme", []zscalermcp.Option{zscalermcp.WithToolsets("zia_rule_labels")}, false},
		"other tools":      {"acme", []zscalermcp.Option{zscalermcp.WithOnlyTools("zia_*")}, false},
		"its own":          {"acme", []zscalermcp.Option{zscalermcp.WithServices("acme"), zscalermcp.WithToolsets("acme"), zscalermcp.WithOnlyTools("acme_*")}, true},
	} {
		infos, err := zscalermcp.Tools(append(tc.opts, zscalermcp.WithEnv(nil), mine(tc.toolset))...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := slices.ContainsFunc(infos, func(info tool.Info) bool { return info.Name == "acme_dump" }); got != tc.want {
			t.Errorf("%s: offered is %v", name, got)
		}
	}
}
