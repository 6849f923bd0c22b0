package zscalermcp

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/org/zscalermcp/tool"
)

//go:generate go test -run TestToolPages . -update

const toolPages = "docs/tools"

// docs/tools has one page for each toolset and an index, made from the catalogue: go generate . writes them.
func TestToolPages(t *testing.T) {
	pages := newToolDocs(t).pages()
	if flag.Lookup("update").Value.String() == "true" {
		writePages(t, pages)
	}
	files, err := filepath.Glob(toolPages + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := pages[filepath.Base(file)]; !ok {
			t.Errorf("%s is the page of no toolset: run go generate .", file)
		}
	}
	for name, want := range pages {
		if got, err := os.ReadFile(filepath.Join(toolPages, name)); err != nil || string(got) != want {
			t.Errorf("%s differs from the catalogue (%v): run go generate .", name, err)
		}
	}
}

func writePages(t *testing.T, pages map[string]string) {
	t.Helper()
	stale, err := filepath.Glob(toolPages + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range stale {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(toolPages, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(toolPages, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A toolDocs knows the whole catalogue, writes included, and what the selection "default" lists of it.
type toolDocs struct {
	t     *testing.T
	sets  []tool.Set
	infos map[string]tool.Info
}

func newToolDocs(t *testing.T) *toolDocs {
	t.Helper()
	infos, err := Tools(WithEnv(nil), WithWriteTools("*"), WithToolsets("default"))
	if err != nil {
		t.Fatal(err)
	}
	d := &toolDocs{t: t, sets: catalogue(), infos: map[string]tool.Info{}}
	for _, info := range infos {
		d.infos[info.Name] = info
	}
	slices.SortFunc(d.sets, func(a, b tool.Set) int {
		return cmp.Or(slices.Index(docServices, a.Service())-slices.Index(docServices, b.Service()), strings.Compare(a.Name, b.Name))
	})
	return d
}

func (d *toolDocs) pages() map[string]string {
	pages := map[string]string{"README.md": d.index()}
	for _, set := range d.sets {
		pages[set.Name+".md"] = d.page(set)
	}
	return pages
}

// docServices are the services in the order of the index.
var docServices = []string{"zia", "zpa", "zdx", "zcc", "ztw", "zid", "zins", "zms", "zcell", "zeasm", tool.AgentService}

var docTitles = map[string]string{
	"zia": "Zscaler Internet Access", "zpa": "Zscaler Private Access", "zdx": "Zscaler Digital Experience", "zcc": "Zscaler Client Connector", "ztw": "Zscaler Cloud & Branch Connector",
	"zid": "ZIdentity", "zins": "Z-Insights", "zms": "Zscaler Microsegmentation", "zcell": "Zscaler Cellular", "zeasm": "External Attack Surface Management", tool.AgentService: "Help for agents",
}

// A toolCount counts tools.
type toolCount struct{ all, reads, listed int }

func (c *toolCount) add(other toolCount) {
	c.all, c.reads, c.listed = c.all+other.all, c.reads+other.reads, c.listed+other.listed
}

func (c toolCount) cells() string {
	return fmt.Sprintf("%d | %d | %d | %d", c.all, c.reads, c.all-c.reads, c.listed)
}

func (d *toolDocs) count(set tool.Set) (c toolCount) {
	for _, t := range set.Tools {
		info := d.infos[t.Spec().Name]
		c.all++
		if info.Effect == tool.Read {
			c.reads++
		}
		if info.Listed {
			c.listed++
		}
	}
	return c
}

// generated stands above every page.
const generated = "Made from the catalogue by `go generate .`; edit the declarations, not this page.\n\n"

func (d *toolDocs) index() string {
	var tables, services strings.Builder
	var all toolCount
	for _, service := range docServices {
		var sum toolCount
		fmt.Fprintf(&tables, "\n## %s: %s\n\n| toolset | tools | read | write | by default | |\n|---|---|---|---|---|---|\n", service, docTitles[service])
		for _, set := range d.sets {
			if set.Service() == service {
				c := d.count(set)
				sum.add(c)
				fmt.Fprintf(&tables, "| [%s](%s.md) | %s | %s |\n", set.Name, set.Name, c.cells(), markdown(set.Doc))
			}
		}
		fmt.Fprintf(&services, "| %s | %s | %s |\n", service, docTitles[service], sum.cells())
		all.add(sum)
	}
	return "# Tools\n\n" + generated + `Which of these a server offers is a matter of its [settings](../guides/configuration.md): without any, those that read. A tool that writes has to be switched on.
"By default" counts the tools that toolset selection ` + "`default`" + ` lists from the start; the others can be called by name, and found with ` + "`zscaler_find_tool`" + `.

Some arguments are the same everywhere, and left out of the tables:

- ` + "`query`" + `: a JMESPath expression that runs on the rows, or on the record, and narrows the answer after it came from Zscaler.
- ` + "`all`" + `: true returns every page of a list, not only the first, up to 10 000 rows.
- ` + "`confirmation_token`" + `: for deletions by clients that cannot ask a human; the first call returns it.

[Members of answers that hold secrets](../guides/configuration.md#secrets-in-answers) of the tenant, such as keys and passwords, are masked unless the operator reveals them by tool.
The page of a tool says where there are more of them, or where the secret is the point.

| service | | tools | read | write | by default |
|---|---|---|---|---|---|
` + services.String() + fmt.Sprintf("| all | | %s |\n", all.cells()) + tables.String()
}

func (d *toolDocs) page(set tool.Set) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s%s %s, [all toolsets](README.md).\n", set.Name, generated, markdown(set.Doc), docTitles[set.Service()])
	b.WriteString("\n| tool | effect | by default |\n|---|---|---|\n")
	for _, t := range set.Tools {
		info := d.infos[t.Spec().Name]
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", info.Name, info.Name, info.Effect, yes(info.Listed, "listed"))
	}
	for _, t := range set.Tools {
		d.tool(&b, t.Spec())
	}
	return b.String()
}

func yes(is bool, word string) string {
	if is {
		return word
	}
	return ""
}

// tool writes of one tool.
func (d *toolDocs) tool(b *strings.Builder, spec tool.Spec) {
	info := d.infos[spec.Name]
	var args docSchema
	if err := json.Unmarshal(info.InputSchema, &args); err != nil {
		d.t.Errorf("%s: the schema of its arguments: %v", spec.Name, err)
	}
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n", spec.Name, markdown(spec.Doc))
	for _, fact := range facts(spec, info, args) {
		fmt.Fprintf(b, "- %s\n", fact)
	}
	own := args.own()
	if len(own) == 0 {
		b.WriteString("- takes no arguments\n")
		return
	}
	b.WriteString("\n| argument | type | required | default | limits | description |\n|---|---|---|---|---|---|\n")
	for _, name := range own {
		p := args.Properties[name]
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s |\n", name, p.kind(), yes(slices.Contains(args.Required, name), "yes"), code(string(p.Default)), p.limits(), markdown(p.Description))
	}
}

// facts are what else there is to know of a tool.
func facts(spec tool.Spec, info tool.Info, args docSchema) []string {
	said := []string{"effect: " + info.Effect.String()}
	for _, fact := range []struct {
		is   bool
		text string
	}{
		{info.Listed, "listed by toolset selection `default`"},
		{info.List && !spec.Pages, "a list, narrowed by `query`"},
		{info.List && spec.Pages, "a list, narrowed by `query`; `all` gets every page"},
		{!info.List && args.has("query"), "a record, narrowed by `query`"},
		{info.Effect == tool.Delete, "asks a human for confirmation, or demands `confirmation_token`"},
		{info.Untrusted, "answers hold text that outsiders wrote, and say so"},
		{spec.Secret, "answers with a secret, masked unless the operator reveals it for this tool"},
		{len(spec.SecretMembers) > 0, "masked members of answers, beside those that are masked everywhere: " + strings.Join(slices.Sorted(slices.Values(spec.SecretMembers)), ", ")},
	} {
		if fact.is {
			said = append(said, fact.text)
		}
	}
	return said
}

// commonArguments are explained in the index.
var commonArguments = map[string]string{"query": "JMESPath expression that runs on ", "all": "true returns every page", "confirmation_token": "Leave out on the first call."}

func (s docSchema) has(name string) bool { _, ok := s.Properties[name]; return ok }

// own returns the names of the arguments that are not the same everywhere: the required ones first, then by name.
func (s docSchema) own() []string {
	names := slices.DeleteFunc(slices.Collect(maps.Keys(s.Properties)), func(name string) bool {
		same := commonArguments[name]
		return same != "" && strings.HasPrefix(s.Properties[name].Description, same)
	})
	slices.SortFunc(names, func(a, b string) int {
		optional := func(name string) int { return min(slices.Index(s.Required, name), 0) }
		return cmp.Or(optional(b)-optional(a), strings.Compare(a, b))
	})
	return names
}
