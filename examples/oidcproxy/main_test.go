package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
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

// The identity provider alone prints what the binary needs, and serves it until it is ended.
func TestProvide(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- provide(ctx, writer, "http://127.0.0.1:8000") }()
	var address string
	for lines := bufio.NewScanner(reader); lines.Scan() && address == ""; {
		_, address, _ = strings.Cut(lines.Text(), "OIDCPROXY_CONFIG_URL=")
		if strings.Contains(lines.Text(), "go run") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }() // ends with writer
	resp, err := http.Get(address)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%q: %v %v", address, resp, err)
	} else {
		_ = resp.Body.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	_ = writer.Close()
}
