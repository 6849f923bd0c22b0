package tool_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/store"
)

// A search is as long as a task is, so that it takes no time.
func TestLongSearches(t *testing.T) {
	_, session, _ := onDemand(t, store.NewMemory(store.MemoryConfig{}))
	for _, task := range []string{strings.Repeat("dump ", 205), strings.Repeat("d", 1025), strings.Repeat("ü", 513)} {
		wantError(t, call(t, session, "zscaler_find_tool", `{"task":"`+task+`"}`), "longer than 1024 bytes", "few words")
	}
	wantOK(t, call(t, session, "zscaler_find_tool", `{"task":"`+strings.Repeat("dump ", 204)+`"}`))
}
