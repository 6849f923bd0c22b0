package main

import (
	"bytes"
	"strings"
	"testing"
)

// The example walks through to a call of the endpoint.
func TestWalk(t *testing.T) {
	var out bytes.Buffer
	if err := walk(t.Context(), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if !strings.Contains(out.String(), "5. and calls the endpoint: it may use ") || strings.Contains(out.String(), "use 0 tools") {
		t.Errorf("%s", &out)
	}
}
