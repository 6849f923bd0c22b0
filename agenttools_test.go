package zscalermcp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
)

// agents serves a demo tenant to two callers with keys of their own, and connects them; changes gets the name of whoever is told of a changed list.
func agents(t *testing.T, version string, changes chan<- string, opts ...zscalermcp.Option) (ann, bob *mcp.ClientSession) {
	t.Helper()
	secrets := map[string]string{"ann": auth.GenerateAPIKey(), "bob": auth.GenerateAPIKey()}
	var keys []auth.APIKey
	for name, secret := range secrets {
		keys = append(keys, auth.APIKey{Name: name, Key: auth.Secret(secret)})
	}
	callers, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	_, tenant := tenantOptions(t)
	url := serve(t, newServer(t, append(append(tenant, zscalermcp.WithAuth(callers)), opts...)...)) + "/mcp"
	open := func(name string) *mcp.ClientSession {
		return connect(t, url, secrets[name], version, &mcp.ClientOptions{
			ToolListChangedHandler: func(_ context.Context, _ *mcp.ToolListChangedRequest) { changes <- name },
		})
	}
	return open("ann"), open("bob")
}

// An enabled toolset is listed for the caller who has enabled it, who alone is told.
func TestEnabledToolsetsAreOneCallersOwn(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			changes := make(chan string, 10)
			ann, bob := agents(t, version, changes, zscalermcp.WithToolsets("default"))
			const hidden = "zpa_list_application_servers"
			if slices.Contains(toolNames(t, ann), hidden) {
				t.Fatal("it is listed from the start")
			}
			if n := len(toolNames(t, ann)); n > 60+5 {
				t.Errorf("default lists %d tools", n)
			}
			if text, failed := call(t, bob, hidden, nil); failed {
				t.Errorf("a tool that is not listed cannot be called: %s", text)
			}
			text, failed := call(t, ann, "zscaler_enable_toolset", map[string]any{"toolset": "zpa_application_servers"})
			if failed || !strings.Contains(text, hidden) || !strings.Contains(text, `"changed":true`) {
				t.Fatal(text)
			}
			select {
			case who := <-changes:
				if who != "ann" {
					t.Errorf("%s is told", who)
				}
			case <-time.After(10 * time.Second):
				t.Error("nobody is told")
			}
			if !slices.Contains(toolNames(t, ann), hidden) {
				t.Error("it is not listed for the caller who has enabled it")
			}
			if slices.Contains(toolNames(t, bob), hidden) {
				t.Error("it is listed for another caller")
			}
			if text, _ := call(t, ann, "zscaler_enable_toolset", map[string]any{"toolset": "zpa_application_servers"}); !strings.Contains(text, `"changed":false`) {
				t.Errorf("a second time: %s", text)
			}
			if text, failed := call(t, bob, "zscaler_enable_toolset", map[string]any{"toolset": "zid_users"}); failed {
				t.Fatal(text)
			}
			select {
			case who := <-changes:
				if who != "bob" {
					t.Errorf("%s is told of bob's", who)
				}
			case <-time.After(10 * time.Second):
				t.Error("bob is not told")
			}
		})
	}
}

// The agent's tools know of nothing that the operator or the policy keeps from the caller.
func TestAgentToolsShowWhatTheCallerMayUse(t *testing.T) {
	onlyBob := auth.PolicyFunc(func(p *auth.Principal, op auth.Operation) auth.Decision {
		return auth.Decision{Allowed: op.Service != "zpa" || p.Subject == "bob"}
	})
	ann, bob := agents(t, "", make(chan string, 10), zscalermcp.WithPolicy(onlyBob), zscalermcp.WithoutToolsets("zid_users"))
	question := map[string]any{"task": "list the segment groups", "limit": 20}
	for name, tc := range map[string]struct {
		tool     string
		args     map[string]any
		anns     bool   // ann gets an answer, too
		bobsOnly string // is in the answer for bob, and not in ann's
		nobodys  string
	}{
		"toolsets": {"zscaler_list_toolsets", nil, true, "zpa_segment_groups", "zid_users"},
		"tools":    {"zscaler_get_toolset_tools", map[string]any{"toolset": "zpa_segment_groups"}, false, "zpa_get_segment_group", "zpa_create_segment_group"},
		"find":     {"zscaler_find_tool", question, true, "zpa_list_segment_groups", "zpa_delete_segment_group"},
		"enable":   {"zscaler_enable_toolset", map[string]any{"toolset": "zpa_segment_groups"}, false, "zpa_list_segment_groups", "zpa_create_segment_group"},
		"left out": {"zscaler_get_toolset_tools", map[string]any{"toolset": "zia_rule_labels"}, true, "", "zid_"},
	} {
		t.Run(name, func(t *testing.T) {
			his, failed := call(t, bob, tc.tool, tc.args)
			if failed || !strings.Contains(his, tc.bobsOnly) || strings.Contains(his, tc.nobodys) {
				t.Errorf("bob gets %s", his)
			}
			hers, failed := call(t, ann, tc.tool, tc.args)
			if failed == tc.anns || strings.Contains(hers, tc.nobodys) || tc.bobsOnly != "" && strings.Contains(hers, tc.bobsOnly) && tc.anns {
				t.Errorf("ann gets %s", hers)
			}
		})
	}
	text, failed := call(t, ann, "zscaler_enable_toolset", map[string]any{"toolset": "zpa_segment_group"})
	if !failed || strings.Contains(text, "zpa_segment_groups") {
		t.Errorf("the answer to a near name tells of what is hidden: %s", text)
	}
	if text, failed := call(t, bob, "zscaler_enable_toolset", map[string]any{"toolset": "zpa_segment_group"}); !failed || !strings.Contains(text, "zpa_segment_groups") {
		t.Errorf("no help with a name: %s", text)
	}
}

// A task leads to its tool, whatever else has the same words.
func TestFindTool(t *testing.T) {
	ann, _ := agents(t, "", make(chan string, 10), zscalermcp.WithWriteTools("*"), zscalermcp.WithToolsets("default"))
	for task, want := range map[string]string{
		"show me the segment groups":      "zpa_list_segment_groups",
		"new rule label":                  "zia_create_rule_label",
		"look up the category of a site":  "zia_url_lookup",
		"commit the pending changes":      "zia_activate_configuration",
		"remove a url filtering rule":     "zia_delete_url_filtering_rule",
		"which users have a bad score":    "zdx_list_application_users",
		"groups of a user by their email": "zid_get_user_groups_by_name",
	} {
		text, failed := call(t, ann, "zscaler_find_tool", map[string]any{"task": task, "limit": 3})
		if failed {
			t.Errorf("%s: %s", task, text)
			continue
		}
		names := []string{}
		for _, row := range rows(t, text) {
			names = append(names, row["tool"].(string))
			if row["inputSchema"] == nil || row["description"] == "" {
				t.Errorf("%s: no way to call %s", task, row["tool"])
			}
		}
		if !slices.Contains(names, want) {
			t.Errorf("%s: %v, want %s among them", task, names, want)
		}
	}
	for _, task := range []string{"xyzzy plugh", "the of"} {
		if text, failed := call(t, ann, "zscaler_find_tool", map[string]any{"task": task}); !failed || !strings.Contains(text, "zscaler_list_toolsets") {
			t.Errorf("%q: %s", task, text)
		}
	}
}

func TestCheckConnectivity(t *testing.T) {
	ann, _ := agents(t, "", make(chan string, 10), zscalermcp.WithServices("zia", "zpa"))
	text, failed := call(t, ann, "zscaler_check_connectivity", nil)
	if failed || strings.Count(text, "true") != 2 || !strings.Contains(text, "zia") || !strings.Contains(text, "zpa") || strings.Contains(text, "zdx") {
		t.Errorf("two services that answer: %s", text)
	}
	every, _ := agents(t, "", make(chan string, 10))
	if text, failed := call(t, every, "zscaler_check_connectivity", nil); failed || strings.Count(text, "true") != 10 {
		t.Errorf("every service answers but: %s", text)
	}
	text, failed = call(t, ann, "zscaler_check_connectivity", map[string]any{"services": []string{"zpa"}})
	if failed || strings.Contains(text, "zia") {
		t.Errorf("one of them: %s", text)
	}
	text, failed = call(t, ann, "zscaler_check_connectivity", map[string]any{"services": []string{"zdx"}})
	if failed || !strings.Contains(text, "Nothing was asked") || !strings.Contains(text, "zia, zpa") {
		t.Errorf("one that is not offered: %s", text)
	}
}

// A panic of the host's HTTP client is a row of the answer, and no end of the process.
func TestCheckConnectivityWithAClientThatPanics(t *testing.T) {
	tenant, opts := tenantOptions(t)
	client := &http.Client{Transport: panicking{tenant.TokenURL()}}
	session := connect(t, serve(t, newServer(t, append(opts, withKey(t), zscalermcp.WithHTTPClient(client))...))+"/mcp", testKey, "", nil)
	text, failed := call(t, session, "zscaler_check_connectivity", nil)
	if failed || strings.Count(text, "failed inside the server") != 10 || strings.Contains(text, "a-secret-word") {
		t.Errorf("the answer: %s", text)
	}
}

// panicking is a network that panics, but for the token endpoint.
type panicking struct{ token string }

func (p panicking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.String() == p.token {
		return http.DefaultTransport.RoundTrip(r)
	}
	panic("a-secret-word")
}

// rows decodes a list that is JSON.
func rows(t *testing.T, text string) (list []map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return list
}
