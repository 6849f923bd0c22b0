package zscalermcp_test

import (
	"encoding/json"
	"os"
	"testing"

	zscalermcp "github.com/org/zscalermcp"
	"github.com/org/zscalermcp/tool"
)

// The catalogue is the vendor's: every tool of the table, in its toolset, and none besides but the agent's own.
func TestCatalogueIsTheVendors(t *testing.T) {
	data, err := os.ReadFile("zscaler/internal/paritytest/testdata/tools.json")
	if err != nil {
		t.Fatal(err)
	}
	var table []struct{ Name, Toolset string }
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	if len(table) != 402 {
		t.Errorf("%d tools in the table, want 402", len(table))
	}
	tools, err := zscalermcp.Tools(zscalermcp.WithEnv(nil), zscalermcp.WithWriteTools("*"))
	if err != nil {
		t.Fatal(err)
	}
	toolsets := map[string]string{}
	for _, info := range tools {
		if info.Toolset != tool.AgentService {
			toolsets[info.Name] = info.Toolset
		}
	}
	missing := 0
	for _, ref := range table {
		switch ours, ok := toolsets[ref.Name]; {
		case !ok:
			t.Errorf("missing: %s (%s)", ref.Name, ref.Toolset)
			missing++
		case ours != ref.Toolset:
			t.Errorf("%s is in the toolset %s, want %s", ref.Name, ours, ref.Toolset)
		}
		delete(toolsets, ref.Name)
	}
	if missing > 0 {
		t.Errorf("%d tools are missing", missing)
	}
	for name := range toolsets {
		t.Errorf("%s is no tool of the vendor's", name)
	}
}
