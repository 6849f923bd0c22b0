package zscalermcp_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
)

// promptValues has a value for every argument of every prompt.
var promptValues = map[string]string{
	"url": "https://www.example.com/news", "user": "ada.moreau@acme.example.com", "name": "Payroll", "domains": "payroll.example.com, *.pay.example.com", "ports": "443, 8000-8010, udp/53",
	"connector_group": "Connectors Paris", "microtenant_id": "288341529047139712", "offline_days": "14", "application": "Payroll", "user_or_device": "ada-mbp-01", "since_hours": "48",
	"since_days": "14", "country": "France", "iccid": "8933000900100200303", "policy_type": "GEO_FENCE",
}

// promptSession connects to a server of a simulated tenant.
func promptSession(t *testing.T, version string, opts ...zscalermcp.Option) *mcp.ClientSession {
	t.Helper()
	_, tenant := tenantOptions(t)
	return connect(t, serve(t, newServer(t, append(append(tenant, withKey(t)), opts...)...))+"/mcp", testKey, version, nil)
}

func listedPrompts(t *testing.T, session *mcp.ClientSession) map[string]*mcp.Prompt {
	t.Helper()
	list, err := session.ListPrompts(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]*mcp.Prompt{}
	for _, p := range list.Prompts {
		listed[p.Name] = p
	}
	return listed
}

// allValues are values for every argument of a prompt.
func allValues(t *testing.T, p *mcp.Prompt) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, a := range p.Arguments {
		if values[a.Name] = promptValues[a.Name]; values[a.Name] == "" {
			t.Errorf("%s: no value for %s in the test", p.Name, a.Name)
		}
	}
	return values
}

func promptText(t *testing.T, session *mcp.ClientSession, name string, values map[string]string) string {
	t.Helper()
	result, err := session.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: name, Arguments: values})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	content, ok := result.Messages[0].Content.(*mcp.TextContent)
	if len(result.Messages) != 1 || !ok || result.Messages[0].Role != "user" || result.Description == "" {
		t.Fatalf("%s: %+v", name, result)
	}
	return content.Text
}

// refusal returns the message of the JSON-RPC error, invalid params, that a prompt is refused with.
func refusal(t *testing.T, session *mcp.ClientSession, name string, values map[string]string) string {
	t.Helper()
	_, err := session.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: name, Arguments: values})
	var wire *jsonrpc.Error
	if !errors.As(err, &wire) || wire.Code != jsonrpc.CodeInvalidParams {
		t.Fatalf("%s: %v, want invalid params", name, err)
	}
	return wire.Message
}

// The plans as an agent gets them, with every argument: of a server that reads, and of one that writes, too. Run with -update after a change.
func TestPromptTexts(t *testing.T) {
	written := map[string]bool{}
	for kind, opts := range map[string][]zscalermcp.Option{"reading": nil, "writing": {zscalermcp.WithWriteTools("*")}} {
		for era, version := range eras {
			session := promptSession(t, version, opts...)
			for name, p := range listedPrompts(t, session) {
				file := filepath.Join("testdata", "prompts", name+"."+kind+".md")
				written[file] = true
				text := promptText(t, session, name, allValues(t, p))
				if *update {
					if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if diff := cmp.Diff(string(want), text); err != nil || diff != "" {
					t.Errorf("%s, %s: %v (-file +got)\n%s", file, era, err, diff)
				}
			}
		}
	}
	files, err := filepath.Glob("testdata/prompts/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !written[file] {
			t.Errorf("%s belongs to no prompt that is offered", file)
		}
	}
}

// Defaults are filled in, what is optional can be left out or empty, and spaces around a value do not count.
func TestPromptDefaults(t *testing.T) {
	session := promptSession(t, "")
	text := promptText(t, session, "zcell_audit_data_usage", nil)
	if !strings.Contains(text, "\n- since_days: \"30\"\n") || !strings.Contains(text, "`days=30`") || strings.Contains(text, "- country") || strings.Contains(text, "given country") {
		t.Errorf("without arguments: %s", text)
	}
	if other := promptText(t, session, "zcell_audit_data_usage", map[string]string{"country": "", "since_days": " 30 "}); other != text {
		t.Errorf("with empty ones: %s", cmp.Diff(text, other))
	}
	for name, p := range listedPrompts(t, session) {
		values := allValues(t, p)
		maps.DeleteFunc(values, func(name, _ string) bool {
			return !slices.ContainsFunc(p.Arguments, func(a *mcp.PromptArgument) bool { return a.Name == name && a.Required })
		})
		if text := promptText(t, session, name, values); strings.Contains(text, "<no value>") || strings.Contains(text, "given user ") && values["user"] == "" {
			t.Errorf("%s without what is optional: %s", name, text)
		}
	}
	p := listedPrompts(t, session)["zcell_audit_data_usage"]
	if a := p.Arguments[0]; a.Name != "since_days" || a.Required || !strings.HasSuffix(a.Description, " Default: 30.") || p.Title == "" || p.Description == "" {
		t.Errorf("it is listed as %+v, %+v", p, a)
	}
}

// A prompt is shown with all the tools that it cannot do without, and its text names no others: take away any tool that a text names, and the
// prompt goes, or the step.
func TestPromptsNameOnlyToolsThatAreThere(t *testing.T) {
	var denied atomic.Pointer[string]
	denied.Store(new(string))
	policy := auth.PolicyFunc(func(_ *auth.Principal, op auth.Operation) auth.Decision {
		return auth.Decision{Allowed: op.Tool != *denied.Load()}
	})
	session := promptSession(t, "", zscalermcp.WithWriteTools("*"), zscalermcp.WithPolicy(policy))
	named := map[string][]string{}
	for name, p := range listedPrompts(t, session) {
		for _, word := range backticked(promptText(t, session, name, allValues(t, p))) {
			if isToolName(word) {
				named[word] = append(named[word], name)
			}
		}
	}
	for tool, prompts := range named {
		denied.Store(&tool)
		listed := listedPrompts(t, session)
		for _, name := range prompts {
			if p := listed[name]; p != nil && strings.Contains(promptText(t, session, name, allValues(t, p)), "`"+tool+"`") {
				t.Errorf("%s names %s, which the caller may not use", name, tool)
			}
		}
	}
}

// It is the same with tools that the operator leaves out.
func TestPromptsOfToolsThatAreLeftOut(t *testing.T) {
	session := promptSession(t, "", zscalermcp.WithoutTools("zia_url_lookup", "zia_list_rule_labels"))
	listed := listedPrompts(t, session)
	if listed["zia_investigate_blocked_url"] != nil || listed["zia_prepare_change"] == nil {
		t.Errorf("listed are %v", slices.Sorted(maps.Keys(listed)))
	}
	if got := refusal(t, session, "zia_investigate_blocked_url", map[string]string{"url": "a.example"}); got != `unknown prompt "zia_investigate_blocked_url"` {
		t.Error(got)
	}
	if text := promptText(t, session, "zia_prepare_change", nil); strings.Contains(text, "zia_list_rule_labels") || !strings.Contains(text, "`zia_list_url_categories`") {
		t.Errorf("a tool that is left out: %s", text)
	}
}

// Steps that change the tenant are there for servers with the tool and callers who may use it, and always ask first.
func TestPromptsAskBeforeTheyChange(t *testing.T) {
	changes := map[string]bool{}
	for _, info := range tools(t, zscalermcp.WithWriteTools("*")) {
		changes[info.Name] = info.Effect.String() != "read"
	}
	writing, reading := promptSession(t, "", zscalermcp.WithWriteTools("*")), promptSession(t, "")
	found := 0
	for name, p := range listedPrompts(t, writing) {
		for line := range strings.Lines(promptText(t, writing, name, allValues(t, p))) {
			for _, word := range backticked(line) {
				if !changes[word] {
					continue
				}
				found++
				if before, _, _ := strings.Cut(line, "`"+word+"`"); !strings.Contains(before, "ASK FIRST") {
					t.Errorf("%s: %s is named where nobody is asked: %s", name, word, line)
				}
			}
		}
		text := promptText(t, reading, name, allValues(t, p))
		if strings.Contains(text, "ASK FIRST") || !strings.Contains(text, "This plan only reads.") {
			t.Errorf("%s on a server that only reads: %s", name, text)
		}
	}
	if found == 0 {
		t.Error("no prompt names a tool that changes anything")
	}
}

// Toolsets that are not listed from the start are named, for a caller who can have them listed.
func TestPromptsTellWhatHasToBeListed(t *testing.T) {
	session := promptSession(t, "", zscalermcp.WithToolsets("default"))
	if text := promptText(t, session, "zcell_review_anomaly_policies", nil); !strings.Contains(text, "zcell_anomaly_policy") || !strings.Contains(text, "`zscaler_enable_toolset`") {
		t.Errorf("not a word of the toolset: %s", text)
	}
	for name, opts := range map[string][]zscalermcp.Option{
		"all listed": {}, "nobody to list them": {zscalermcp.WithToolsets("default"), zscalermcp.WithoutTools("zscaler_enable_toolset")},
	} {
		if text := promptText(t, promptSession(t, "", opts...), "zcell_review_anomaly_policies", nil); strings.Contains(text, "zscaler_enable_toolset") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// A server without the tools of any prompt promises none.
func TestPromptsArePromisedWhereThereAreAny(t *testing.T) {
	for name, test := range map[string]struct {
		opts []zscalermcp.Option
		want bool
	}{
		"a service with prompts": {[]zscalermcp.Option{zscalermcp.WithServices("zdx")}, true}, "one without": {[]zscalermcp.Option{zscalermcp.WithServices("zms")}, false},
		"switched off": {[]zscalermcp.Option{zscalermcp.WithServices("zdx"), zscalermcp.WithoutPrompts()}, false},
	} {
		for era, version := range eras {
			session := promptSession(t, version, test.opts...)
			if got := session.InitializeResult().Capabilities.Prompts != nil; got != test.want {
				t.Errorf("%s, %s: prompts are promised: %t", name, era, got)
			}
		}
	}
}

// WithoutPrompts leaves those of the host.
func TestHostPrompts(t *testing.T) {
	for name, test := range map[string]struct {
		opts []zscalermcp.Option
		ours bool
	}{
		"beside ours": {nil, true}, "without ours": {[]zscalermcp.Option{zscalermcp.WithoutPrompts()}, false},
		"a policy that denies all": {[]zscalermcp.Option{zscalermcp.WithPolicy(denyAll)}, false},
	} {
		for era, version := range eras {
			t.Run(name+", "+era, func(t *testing.T) {
				_, tenant := tenantOptions(t)
				srv := newServer(t, append(append(tenant, withKey(t)), test.opts...)...)
				answer := func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
					return &mcp.GetPromptResult{Description: "mine", Messages: []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: "mine"}}}}, nil
				}
				srv.MCP().AddPrompt(&mcp.Prompt{Name: "host_prompt"}, answer)
				srv.MCP().AddPrompt(&mcp.Prompt{Name: "zia_prepare_change"}, answer) // takes the place of ours
				session := connect(t, serve(t, srv)+"/mcp", testKey, version, nil)
				listed := listedPrompts(t, session)
				if listed["host_prompt"] == nil || listed["zia_prepare_change"] == nil || (listed["zia_investigate_blocked_url"] != nil) != test.ours {
					t.Errorf("listed are %v", slices.Sorted(maps.Keys(listed)))
				}
				for _, mine := range []string{"host_prompt", "zia_prepare_change"} {
					if text := promptText(t, session, mine, map[string]string{"anything": "goes"}); text != "mine" {
						t.Errorf("%s: %s", mine, text)
					}
				}
			})
		}
	}
}

// R140, R141: who may not use the tools of a prompt neither sees nor gets it, and cannot tell it from one that does not exist.
func TestPromptsAreForWhoMayUseTheirTools(t *testing.T) {
	notAnn := auth.PolicyFunc(func(p *auth.Principal, op auth.Operation) auth.Decision {
		return auth.Decision{Allowed: p.Subject == "bob" || op.Tool != "zia_url_lookup" && op.Tool != "zia_activate_configuration"}
	})
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			ann, bob := agents(t, version, make(chan string, 10), zscalermcp.WithPolicy(notAnn), zscalermcp.WithWriteTools("zia_activate_configuration"))
			const hidden, open = "zia_investigate_blocked_url", "zia_prepare_change"
			hers, his := listedPrompts(t, ann), listedPrompts(t, bob)
			if hers[hidden] != nil || hers[open] == nil || his[hidden] == nil || his[open] == nil {
				t.Errorf("ann sees %v, bob %v", slices.Sorted(maps.Keys(hers)), slices.Sorted(maps.Keys(his)))
			}
			for _, values := range []map[string]string{nil, {"url": "www.example.com"}, {"nonsense": "x"}} {
				missing := refusal(t, ann, "zia_no_such_prompt", values)
				if got := refusal(t, ann, hidden, values); got != strings.ReplaceAll(missing, "zia_no_such_prompt", hidden) {
					t.Errorf("hidden: %q, missing: %q", got, missing)
				}
			}
			if text := promptText(t, bob, hidden, map[string]string{"url": "www.example.com"}); !strings.Contains(text, "`zia_url_lookup`") {
				t.Errorf("bob gets %s", text)
			}
			if text := promptText(t, ann, open, nil); strings.Contains(text, "`zia_activate_configuration`") {
				t.Errorf("ann is told of a tool that is not hers: %s", text)
			}
			if text := promptText(t, bob, open, nil); !strings.Contains(text, "`zia_activate_configuration`") {
				t.Errorf("bob is not told of it: %s", text)
			}
		})
	}
}

// Prompts of services that the tenant does not have are not shown.
func TestPromptsOfServicesThatTheTenantHas(t *testing.T) {
	_, opts := entitledTenant(t, "ZIA")
	session := connect(t, serve(t, newServer(t, append(opts, withKey(t))...))+"/mcp", testKey, "", nil)
	listed := listedPrompts(t, session)
	if listed["zia_prepare_change"] == nil || listed["zdx_explain_user_experience"] != nil {
		t.Errorf("listed are %v", slices.Sorted(maps.Keys(listed)))
	}
	if got := refusal(t, session, "zdx_explain_user_experience", nil); got != `unknown prompt "zdx_explain_user_experience"` {
		t.Error(got)
	}
}
