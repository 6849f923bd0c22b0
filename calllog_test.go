package zscalermcp_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

// records are the log's records of calls of a tool.
func records(t *testing.T, logs *logBuffer, tool string) (found []map[string]any) {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(logs.String()), "\n") {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		if record["msg"] == "tool call" && record["tool"] == tool {
			found = append(found, record)
		}
	}
	return found
}

// A log of tool calls has who called what with which arguments, how much came back, and Zscaler's request ids, and no secret.
func TestToolCallLog(t *testing.T) {
	var logs logBuffer
	_, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t), logs.option(), zscalermcp.WithToolCallLog(), zscalermcp.WithWriteTools("*"))...)
	session := connect(t, serve(t, srv)+"/mcp", testKey, "", nil)
	text, failed := call(t, session, "zia_list_rule_labels", map[string]any{"search": "a"})
	if failed {
		t.Fatal(text)
	}
	const secret = "Pl4nted-S3cret"
	if text, failed := call(t, session, "zia_create_vpn_credential", map[string]any{"credential_type": "UFQDN", "fqdn": "paris@acme.example.com", "pre_shared_key": secret}); failed {
		t.Fatal(text)
	}
	_, _ = call(t, session, "zia_create_vpn_credential", map[string]any{"credential_type": "NONE", "pre_shared_key": secret})
	_, _ = call(t, session, "zia_delete_rule_label", map[string]any{"label_id": "1", "confirmation_token": secret, "kwargs": secret})

	record := records(t, &logs, "zia_list_rule_labels")[0]
	ids, _ := record["api_request_ids"].([]any)
	if record["arguments"] != `{"search":"a"}` || record["subject"] != "tester" || len(ids) != 1 || record["rows"].(float64) < 2 || record["bytes"].(float64) < float64(len(text)) || record["outcome"] != "ok" {
		t.Errorf("the record of a list: %v", record)
	}
	created := records(t, &logs, "zia_create_vpn_credential")
	if arguments := created[0]["arguments"].(string); !strings.Contains(arguments, "paris@acme") || len(created) != 2 {
		t.Errorf("the record of a creation: %v", created)
	}
	if strings.Contains(logs.String(), secret) {
		t.Errorf("a secret is logged:\n%s", logs.String())
	}
}

// Without it, arguments are not logged.
func TestNoToolCallLog(t *testing.T) {
	var logs logBuffer
	_, opts := tenantOptions(t)
	session := connect(t, serve(t, newServer(t, append(opts, withKey(t), logs.option())...))+"/mcp", testKey, "", nil)
	if text, failed := call(t, session, "zia_list_rule_labels", map[string]any{"search": "somebody"}); failed {
		t.Fatal(text)
	}
	if record := records(t, &logs, "zia_list_rule_labels")[0]; record["arguments"] != nil || strings.Contains(logs.String(), "somebody") {
		t.Errorf("the record: %v", record)
	}
}
