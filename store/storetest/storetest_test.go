package storetest_test

import (
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/storetest"
)

func openMemory(t *testing.T) store.Store {
	m := store.NewMemory(store.MemoryConfig{})
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return m
}

// R143.
func TestMemory(t *testing.T) {
	storetest.TestStore(t, openMemory)
}

var mutantName = flag.String("mutant", "", "test this broken store only, in a process of its own")

// TestMain runs the suite on one broken store when -mutant says so.
func TestMain(m *testing.M) {
	flag.Parse()
	if *mutantName == "" {
		os.Exit(m.Run())
	}
	broken := mutants[*mutantName].wrap
	open := func(t *testing.T) store.Store { return broken(openMemory(t)) }
	run := []testing.InternalTest{{Name: "TestStore", F: func(t *testing.T) { storetest.TestStore(t, open) }}}
	_ = flag.Set("test.run", "")
	testing.Main(func(string, string) (bool, error) { return true, nil }, run, nil, nil)
}

// The suite must notice each broken store, by the check that is meant for it.
func TestSuiteNoticesBrokenStores(t *testing.T) {
	for name, mutant := range mutants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := exec.CommandContext(t.Context(), os.Args[0], "-mutant="+name).CombinedOutput()
			if err == nil {
				t.Fatalf("the suite passes on a store that %s", name)
			}
			if want := "--- FAIL: TestStore/" + strings.ReplaceAll(mutant.noticedBy, " ", "_"); !strings.Contains(string(out), want) {
				t.Errorf("not noticed by %q:\n%s", mutant.noticedBy, out)
			}
		})
	}
}
