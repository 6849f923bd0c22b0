package storetest_test

import (
	"fmt"
	"testing"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/storetest"
)

// The test of an implementation is one line.
func ExampleTestStore() {
	test := func(t *testing.T) {
		storetest.TestStore(t, func(t *testing.T) store.Store {
			return store.NewMemory(store.MemoryConfig{})
		})
	}
	tests := []testing.InternalTest{{Name: "TestMyStore", F: test}}
	match := func(string, string) (bool, error) { return true, nil }
	fmt.Println(testing.RunTests(match, tests))
	// Output: true
}
