package main

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

// What serves shows its posture: in a log in text as a banner after the line, in JSON within that line.
func TestPostureInTheLog(t *testing.T) {
	for format, wants := range map[string][]string{
		"text": {"level=INFO msg=\"serving stdio\"\n  transport    stdio\n", "\n  tools        7 (zia_rule_labels, zscaler)\n", "  warning: over HTTP the server would not start", "line\\nbreak"},
		"json": {`"msg":"serving stdio","posture":{"transport":"stdio",`},
	} {
		env := map[string]string{"ZSCALER_MCP_LOG_FORMAT": format, "ZSCALER_MCP_TOOLSETS": "zia_rule_labels", "ZSCALER_MCP_AUTH_MODE": "line\nbreak"}
		status, _, stderr := zscalerMCP(t, env, "--demo")
		if status != 0 {
			t.Fatal(stderr)
		}
		for _, want := range wants {
			if !strings.Contains(stderr, want) {
				t.Errorf("%s: no %q in\n%s", format, want, stderr)
			}
		}
		for line := range strings.Lines(stderr) {
			if format == "json" && !json.Valid([]byte(line)) {
				t.Errorf("a line that is not JSON: %s", line)
			}
		}
		if strings.Contains(stderr, "posture.") || strings.Contains(stderr, "line\nbreak") {
			t.Errorf("%s", stderr)
		}
	}
}

// The banner keeps the other members of its line, also those of a logger that was derived.
func TestBannerHandler(t *testing.T) {
	var out buffer
	log := slog.New(bannerHandler{slog.NewTextHandler(&out, nil), &out}).With("a", 1).WithGroup("g")
	log.Info("listening", "url", "http://127.0.0.1:1/mcp", "posture", zscalermcp.Posture{Tenant: "acme"}, "b", 2)
	line, banner, _ := strings.Cut(out.String(), "\n")
	if !strings.HasSuffix(line, "msg=listening a=1 g.url=http://127.0.0.1:1/mcp g.b=2") || !strings.HasPrefix(banner, "  tenant ") {
		t.Errorf("%s", out.String())
	}
	log.Debug("listening", "posture", zscalermcp.Posture{Tenant: "not logged"})
	log.Info("without", "c", 3)
	if got := out.String(); strings.Contains(got, "not logged") || !strings.HasSuffix(got, "msg=without a=1 g.c=3\n") {
		t.Errorf("%s", got)
	}
}
