package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestTour(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, true); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"1. Without a key the server answers 401", "2. With the key", "3. Three segment groups", "4. A new rule label", "5. Before it deletes", "6. Deleted"} {
		if !strings.Contains(out.String(), step) {
			t.Errorf("the transcript lacks %q:\n%s", step, out.String())
		}
	}
}
