package tool_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
)

func TestArgs(t *testing.T) {
	args := tool.NewArgs(map[string]json.RawMessage{
		"name": json.RawMessage(`"a\u0062"`), "limit": json.RawMessage(`216196257331368721`), "any": json.RawMessage(`{"id": [216196257331368721]}`),
	})
	if got := args.Text("name"); got != "ab" {
		t.Errorf("name = %q", got)
	}
	if got := args.Text("limit") + args.Text("absent"); got != "" {
		t.Errorf("text of what is no string: %q", got)
	}
	if raw, ok := args.Raw("any"); !ok || string(raw) != `{"id": [216196257331368721]}` {
		t.Errorf("any = %s", raw)
	}
	if !args.Has("limit") || args.Has("absent") {
		t.Error("Has is wrong")
	}
	var into struct {
		Limit int64          `json:"limit"`
		Any   map[string]any `json:"any"`
	}
	if err := args.Decode(&into); err != nil {
		t.Fatal(err)
	}
	if into.Limit != 216196257331368721 {
		t.Errorf("limit = %d", into.Limit)
	}
	if diff := cmp.Diff(map[string]any{"id": []any{json.Number("216196257331368721")}}, into.Any); diff != "" {
		t.Errorf("a number lost digits (-want +got):\n%s", diff)
	}
	var wrong struct {
		Limit bool `json:"limit"`
	}
	if err := args.Decode(&wrong); err == nil {
		t.Error("decoded a number into a bool")
	}
}
