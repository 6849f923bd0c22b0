package tool_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
)

func threeSets(t testing.TB) *tool.Catalogue {
	t.Helper()
	c, err := tool.Compile(
		tool.Set{Name: "zia_labels", Doc: "Labels.", Default: true, Tools: []tool.Tool{
			tool.Func(tool.Read, "zia_list_labels", "List.", done, tool.List, tool.Untrusted),
			tool.Func(tool.Create, "zia_create_label", "Create.", done),
			tool.Func(tool.Delete, "zia_delete_label", "Delete.", done),
		}},
		tool.Set{Name: "zia_rules", Doc: "Rules.", Tools: []tool.Tool{
			tool.Func(tool.Read, "zia_list_rules", "List.", done), tool.Func(tool.Update, "zia_update_rule", "Update.", done),
		}},
		tool.Set{Name: "zpa_groups", Doc: "Groups.", Tools: []tool.Tool{tool.Func(tool.Read, "zpa_list_groups", "List.", done)}},
		tool.Set{Name: "zscaler", Doc: "Help.", Tools: []tool.Tool{tool.Func(tool.Read, "zscaler_help", "Help.", done)}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSelect(t *testing.T) {
	for name, tc := range map[string]struct {
		sel  tool.Selection
		want string
	}{
		"zero is every read":      {tool.Selection{}, "zia_list_labels zia_list_rules zpa_list_groups zscaler_help"},
		"service":                 {tool.Selection{Services: []string{"zpa"}}, "zpa_list_groups zscaler_help"},
		"without service":         {tool.Selection{WithoutServices: []string{"zia"}}, "zpa_list_groups zscaler_help"},
		"services with and out":   {tool.Selection{Services: []string{"zpa", "zia"}, WithoutServices: []string{"zia"}}, "zpa_list_groups zscaler_help"},
		"toolset":                 {tool.Selection{Toolsets: []string{"zia_rules"}}, "zia_list_rules zscaler_help"},
		"service and toolset":     {tool.Selection{Services: []string{"zia"}, Toolsets: []string{"zia_rules"}}, "zia_list_rules zscaler_help"},
		"all":                     {tool.Selection{Toolsets: []string{"all"}}, "zia_list_labels zia_list_rules zpa_list_groups zscaler_help"},
		"default":                 {tool.Selection{Toolsets: []string{"default"}}, "zia_list_labels (zia_list_rules) (zpa_list_groups) zscaler_help"},
		"default tools":           {tool.Selection{Toolsets: []string{"default"}, Default: []string{"zia_list_rules"}}, "zia_list_labels zia_list_rules (zpa_list_groups) zscaler_help"},
		"default and all":         {tool.Selection{Toolsets: []string{"default", "all"}}, "zia_list_labels zia_list_rules zpa_list_groups zscaler_help"},
		"default and more":        {tool.Selection{Toolsets: []string{"default", "zpa_groups"}}, "zia_list_labels (zia_list_rules) zpa_list_groups zscaler_help"},
		"default of a service":    {tool.Selection{Toolsets: []string{"default"}, Services: []string{"zia"}}, "zia_list_labels (zia_list_rules) zscaler_help"},
		"default with writes":     {tool.Selection{Toolsets: []string{"default"}, EnableWrites: true, WriteTools: []string{"*"}, Services: []string{"zia"}}, "zia_list_labels zia_create_label zia_delete_label (zia_list_rules) (zia_update_rule) zscaler_help"},
		"default, and out":        {tool.Selection{Toolsets: []string{"default"}, WithoutToolsets: []string{"zia_rules"}}, "zia_list_labels (zpa_list_groups) zscaler_help"},
		"only":                    {tool.Selection{Tools: []string{"zia_*"}}, "zia_list_labels zia_list_rules zscaler_help"},
		"only, and out":           {tool.Selection{Tools: []string{"zia_*"}, WithoutTools: []string{"*_rules"}}, "zia_list_labels zscaler_help"},
		"only, of a toolset":      {tool.Selection{Tools: []string{"*_list_*"}, Toolsets: []string{"zia_rules"}}, "zia_list_rules zscaler_help"},
		"only, but no write":      {tool.Selection{Tools: []string{"zia_*_label*"}}, "zia_list_labels zscaler_help"},
		"only, and one write":     {tool.Selection{Tools: []string{"zia_create_label", "zia_list_labels"}, EnableWrites: true, WriteTools: []string{"*"}}, "zia_list_labels zia_create_label zscaler_help"},
		"only, of the default":    {tool.Selection{Tools: []string{"*_list_*"}, Toolsets: []string{"default"}, Services: []string{"zia"}}, "zia_list_labels (zia_list_rules) zscaler_help"},
		"without toolset":         {tool.Selection{WithoutToolsets: []string{"zia_labels"}}, "zia_list_rules zpa_list_groups zscaler_help"},
		"without tool":            {tool.Selection{WithoutTools: []string{"zia_list_*"}}, "zpa_list_groups zscaler_help"},
		"without help":            {tool.Selection{WithoutToolsets: []string{"zscaler"}, Services: []string{"zpa"}}, "zpa_list_groups"},
		"without a helping tool":  {tool.Selection{WithoutTools: []string{"zscaler_*"}, Services: []string{"zpa"}}, "zpa_list_groups"},
		"help alone":              {tool.Selection{WithoutTools: []string{"z[ip]a_*"}}, "zscaler_help"},
		"one key":                 {tool.Selection{EnableWrites: true, Services: []string{"zpa"}}, "zpa_list_groups zscaler_help"},
		"the other key":           {tool.Selection{WriteTools: []string{"*"}, Services: []string{"zpa"}}, "zpa_list_groups zscaler_help"},
		"one key, writes there":   {tool.Selection{EnableWrites: true, Toolsets: []string{"zia_rules"}}, "zia_list_rules zscaler_help"},
		"other key, writes there": {tool.Selection{WriteTools: []string{"*"}, Toolsets: []string{"zia_rules"}}, "zia_list_rules zscaler_help"},
		"both keys":               {tool.Selection{EnableWrites: true, WriteTools: []string{"*_rule", "zia_create_label"}, Services: []string{"zia"}}, "zia_list_labels zia_create_label zia_list_rules zia_update_rule zscaler_help"},
		"both keys, left out":     {tool.Selection{EnableWrites: true, WriteTools: []string{"*"}, WithoutTools: []string{"zia_delete_label"}, Toolsets: []string{"zia_labels"}}, "zia_list_labels zia_create_label zscaler_help"},
	} {
		t.Run(name, func(t *testing.T) {
			sel, err := threeSets(t).Select(tc.sel)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, info := range sel.Tools() {
				name := info.Name
				if !info.Listed {
					name = "(" + name + ")"
				}
				names = append(names, name)
			}
			if diff := cmp.Diff(tc.want, strings.Join(names, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSelectReportsEveryMistake(t *testing.T) {
	_, err := threeSets(t).Select(tool.Selection{
		Services: []string{"zai", "zia", "zscaler"}, WithoutServices: []string{"zp"}, Tools: []string{"zpa_create_*"}, Default: []string{"zia_list_nothing"}, Toolsets: []string{"zia_rule", "quantum_set", "zpa_groups"}, WithoutToolsets: []string{"all"},
		WithoutTools: []string{"zia_list_lables", "["}, WriteTools: []string{"zia_list_*", "zia_delete_labels"},
	})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, part := range []string{
		`no service is called "zai"; did you mean zia`, `no service is called "zscaler"`, `no service is called "zp"; did you mean zpa`, `no tool matches "zpa_create_*"`, `no default tool is called "zia_list_nothing"`, `no toolset is called "zia_rule"; did you mean zia_rules`,
		`no toolset is called "quantum_set"; there are zia_labels, zia_rules`, `no toolset is called "all"`,
		`toolset "zpa_groups" belongs to service "zpa"`, `no tool matches "zia_list_lables"; did you mean zia_list_labels`,
		`tool pattern "[" is malformed`, `no write tool matches "zia_list_*"`, `no write tool matches "zia_delete_labels"; did you mean zia_delete_label`,
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("missing %q in\n%v", part, err)
		}
	}
}

func TestInfo(t *testing.T) {
	sel, err := threeSets(t).Select(tool.Selection{Toolsets: []string{"zia_labels"}, EnableWrites: true, WriteTools: []string{"*delete*"}})
	if err != nil {
		t.Fatal(err)
	}
	infos := sel.Tools()[:2]
	for i := range infos {
		infos[i].InputSchema = json.RawMessage(`{}`)
	}
	got, err := json.Marshal(infos)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"name":"zia_list_labels","service":"zia","toolset":"zia_labels","effect":"read","listed":true,"list":true,"untrusted":true,"inputSchema":{},` +
		`"annotations":{"destructiveHint":false,"idempotentHint":true,"openWorldHint":true,"readOnlyHint":true,"title":"ZIA list labels"}},` +
		`{"name":"zia_delete_label","service":"zia","toolset":"zia_labels","effect":"delete","listed":true,"list":false,"untrusted":false,"inputSchema":{},` +
		`"annotations":{"destructiveHint":true,"idempotentHint":true,"openWorldHint":false,"readOnlyHint":false,"title":"ZIA delete label"}}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var back []tool.Info
	if err := json.Unmarshal(got, &back); err != nil || back[1].Effect != tool.Delete {
		t.Errorf("%v, %v", back, err)
	}
}
