package zpa_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestRuleUpdatesTakeTurns: each update of a rule reads what the one before it wrote: its reads and its
// write stand together. Without that, changes of two callers would be lost without an error.
func TestRuleUpdatesTakeTurns(t *testing.T) {
	b := newBench(t, cannedRule(oddRule))
	const callers = 12
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			arguments := map[string]any{"rule_id": "288341529047100003", "name": fmt.Sprint("n", i)}
			if text, failed := b.Call(t, "zpa_update_access_policy_rule", arguments); failed {
				t.Error(text)
			}
		})
	}
	wg.Wait()
	var order []string
	for _, r := range b.Requests() {
		if strings.Contains(r.Path, "/rule/") {
			order = append(order, r.Method)
		}
	}
	if got, want := strings.Join(order, " "), strings.TrimSpace(strings.Repeat("GET PUT GET ", callers)); got != want {
		t.Errorf("requests %s, want %s", got, want)
	}
}

// TestAdvancedNamesNoOtherObject: the id and the microtenant of an application segment are not to be had
// through advanced; the same members deeper down are.
func TestAdvancedNamesNoOtherObject(t *testing.T) {
	for advanced, refused := range map[string]string{
		`{"id":"288341529047100999"}`:             `"id"`,
		`{"microtenant_id":null}`:                 `argument "microtenant_id"`,
		`{"microtenantId":{}}`:                    `argument "microtenant_id"`,
		`{"modified_by":"1"}`:                     `"modifiedBy"`,
		`{"description":"e"}`:                     `argument "description"`,
		`{"description":"d"}`:                     "",
		`{"inspection_apps":[{"id":"1"}]}`:        "",
		`{"clientless_app_ids":[{"domain":"a"}]}`: "given twice",
	} {
		b := newBench(t, canned(map[string]string{"GET /application/288341529047100002": `{"id":"288341529047100002","name":"n"}`, "PUT ": ""}))
		_, failure := b.call(t, "zpa_update_application_segment_ba",
			`{"segment_id":"288341529047100002","description":"d","clientless_app_ids":[{"domain":"b"}],"advanced":`+advanced+`}`)
		wrote := strings.Contains(b.Lines(), "PUT")
		if !strings.Contains(failure, refused) || (failure == "") != (refused == "") || wrote != (refused == "") {
			t.Errorf("%s: %q, requests:\n%s", advanced, failure, b.Lines())
		}
	}
}
