package zscalermcp_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/tool"
)

// The shortest texts that can tell a model anything.
const (
	minToolDoc     = 40
	minArgumentDoc = 8
)

// everyTool are all tools of the catalogue.
func everyTool(t *testing.T) []tool.Info {
	t.Helper()
	tools, err := zscalermcp.Tools(zscalermcp.WithEnv(nil), zscalermcp.WithWriteTools("*"))
	if err != nil {
		t.Fatal(err)
	}
	return tools
}

// everything connects to a server that offers all tools.
func everything(t *testing.T) *mcp.ClientSession {
	t.Helper()
	_, opts := tenantOptions(t)
	return connect(t, serve(t, newServer(t, append(opts, withKey(t), zscalermcp.WithWriteTools("*"))...))+"/mcp", testKey, "", nil)
}

// A description tells a tool from every other, and its title does.
func TestDescriptionsTellToolsApart(t *testing.T) {
	docs, titles := map[string]string{}, map[string]string{}
	for _, info := range everyTool(t) {
		if len(info.Doc) < minToolDoc {
			t.Errorf("%s: %q is too short", info.Name, info.Doc)
		}
		if other := docs[info.Doc]; other != "" {
			t.Errorf("%s and %s have one description", other, info.Name)
		}
		if other := titles[info.Annotations.Title]; other != "" || info.Annotations.Title == "" {
			t.Errorf("%s and %q have the title %q", info.Name, other, info.Annotations.Title)
		}
		docs[info.Doc], titles[info.Annotations.Title] = info.Name, info.Name
	}
}

// Changes of ZIA and ZTW are staged; whoever makes one must learn how it takes effect.
func TestStagedWritesNameTheActivation(t *testing.T) {
	steps := map[string]*regexp.Regexp{
		"zia": regexp.MustCompile(`\bzia_activate_configuration\b`),
		"ztw": regexp.MustCompile(`(?i)\bactivat`),
	}
	for _, info := range everyTool(t) {
		step := steps[info.Service]
		if step == nil || info.Effect == tool.Read || info.Name == "zia_activate_configuration" {
			continue
		}
		if !step.MatchString(info.Doc) {
			t.Errorf("%s does not say how its change takes effect: %s", info.Name, info.Doc)
		}
	}
}

func TestEveryArgumentIsDescribed(t *testing.T) {
	for _, info := range everyTool(t) {
		each("", argumentsOf(t, info), func(path string, arg argument) {
			if len(arg.Description) < minArgumentDoc {
				t.Errorf("%s: argument %s is described as %q", info.Name, path, arg.Description)
			}
		})
	}
}

// Lists can be searched, and deletes are confirmed; hints for clients say what the effect says.
func TestEffectsAreAdvertised(t *testing.T) {
	for _, info := range everyTool(t) {
		arguments, hints := argumentsOf(t, info), info.Annotations
		if _, ok := arguments["query"]; !ok && info.List {
			t.Errorf("%s is a list without query", info.Name)
		}
		if _, ok := arguments["confirmation_token"]; ok != (info.Effect == tool.Delete) {
			t.Errorf("%s: confirmation_token is %v for the effect %s", info.Name, ok, info.Effect)
		}
		changes := info.Effect == tool.Update || info.Effect == tool.Delete
		if hints.ReadOnlyHint != (info.Effect == tool.Read) || *hints.DestructiveHint != changes ||
			hints.IdempotentHint != (info.Effect != tool.Create) || *hints.OpenWorldHint != info.Untrusted {
			t.Errorf("%s: the hints %+v do not fit the effect %s", info.Name, hints, info.Effect)
		}
	}
}

// Operators and agents choose toolsets by what these say of themselves.
func TestToolsetsSayWhatTheyAre(t *testing.T) {
	answer, err := everything(t).CallTool(t.Context(), &mcp.CallToolParams{Name: "zscaler_list_toolsets"})
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := answer.StructuredContent.(map[string]any)["result"].([]any)
	known := map[string]bool{}
	for _, info := range everyTool(t) {
		known[info.Toolset] = true
	}
	docs := map[any]bool{}
	for _, row := range rows {
		set := row.(map[string]any)
		doc, _ := set["description"].(string)
		if len(doc) < minToolDoc/2 || !strings.HasSuffix(doc, ".") || docs[doc] {
			t.Errorf("%s: %q is no sentence of its own", set["toolset"], doc)
		}
		docs[doc] = true
		delete(known, set["toolset"].(string))
	}
	delete(known, tool.AgentService) // that of zscaler_list_toolsets itself
	for name := range known {
		t.Errorf("toolset %s is not listed", name)
	}
}

// What a client has to read at first where every tool is offered.
func TestSizeOfTheWholeList(t *testing.T) {
	list, err := everything(t).ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	wire, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("tools/list has %d tools and %d bytes", len(list.Tools), len(wire))
	if len(list.Tools) != len(everyTool(t)) {
		t.Errorf("%d tools are listed, and %d offered", len(list.Tools), len(everyTool(t)))
	}
}
