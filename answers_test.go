package zscalermcp_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/tool"
)

// vault is a toolset whose only tool answers a secret and markup.
var vault = tool.Set{Name: "acme_vault", Doc: "Secrets of Acme.", Tools: []tool.Tool{
	tool.Func(tool.Read, "acme_get_secret", "Get the secret of Acme, for the tests of answers.", func(context.Context, struct{}) (any, error) {
		return json.RawMessage(`{"password":"hunter2","note":"<b>x</b>"}`), nil
	}),
}}

// answered is what the tool of vault answers on a server of its own.
func answered(t *testing.T, opts ...zscalermcp.Option) (string, zscalermcp.Posture) {
	t.Helper()
	srv := newServer(t, append([]zscalermcp.Option{zscalermcp.WithTools(vault), zscalermcp.WithToolsets("acme_vault")}, opts...)...)
	ours, theirs := mcp.NewInMemoryTransports()
	session, err := srv.MCP().Connect(t.Context(), ours, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, failed := call(t, client, "acme_get_secret", nil)
	if failed {
		t.Error(text)
	}
	_ = client.Close()
	_ = session.Wait()
	return text, srv.Posture()
}

// What becomes of secrets and markup in answers is up to options, and where these are silent to variables.
func TestAnswersAreSetByOptionsAndEnvironment(t *testing.T) {
	const hidden, shown = `"` + tool.Masked + `"`, `"hunter2"`
	for name, test := range map[string]struct {
		env        environ
		opts       []zscalermcp.Option
		has, hasNo string
		posture    string
		warns      string
	}{
		"nothing":             {has: hidden + `,"note":"x"`, hasNo: "Size of", posture: "masked in every answer"},
		"revealed by option":  {opts: []zscalermcp.Option{zscalermcp.WithRevealSecrets("acme_get_*")}, has: shown, hasNo: "masked", posture: "but shown by the tools that match acme_get_*"},
		"revealed by env":     {env: environ{"ZSCALER_MCP_REVEAL_SECRETS": "acme_get_secret, acme_*"}, has: shown, hasNo: "masked", posture: "acme_get_secret, acme_*"},
		"all revealed":        {env: environ{"ZSCALER_MCP_REVEAL_SECRETS": "*"}, has: shown, hasNo: "masked", warns: "every tool shows"},
		"unsanitised by env":  {env: environ{"ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION": "true"}, has: hidden + `,"note":"<b>x</b>"`, hasNo: shown, warns: "not sanitised"},
		"unsanitised":         {opts: []zscalermcp.Option{zscalermcp.WithoutSanitising()}, has: `"<b>x</b>"`, hasNo: shown, warns: "not sanitised"},
		"sanitised by env":    {env: environ{"ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION": "false"}, has: `"note":"x"`, hasNo: shown},
		"the option wins":     {env: environ{"ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION": "false"}, opts: []zscalermcp.Option{zscalermcp.WithoutSanitising()}, has: `"<b>x</b>"`, hasNo: shown},
		"the option wins too": {env: environ{"ZSCALER_MCP_REVEAL_SECRETS": "zcc_*"}, opts: []zscalermcp.Option{zscalermcp.WithRevealSecrets("acme_*")}, has: shown, hasNo: "masked"},
		"sizes by env":        {env: environ{"ZSCALER_MCP_REPORT_TOKENS": "1"}, has: "Size of this answer: ", hasNo: shown},
		"sizes":               {opts: []zscalermcp.Option{zscalermcp.WithTokenReport()}, has: "Size of this answer: ", hasNo: shown},
	} {
		t.Run(name, func(t *testing.T) {
			text, posture := answered(t, append(test.opts, tenantEnv.with(pairs(test.env)...).option())...)
			if !strings.Contains(text, test.has) || strings.Contains(text, test.hasNo) {
				t.Error(text)
			}
			if !strings.Contains(posture.Secrets, test.posture) {
				t.Errorf("posture: %s", posture.Secrets)
			}
			if warned := slices.ContainsFunc(posture.Warnings, func(w string) bool { return strings.Contains(w, test.warns) }); test.warns != "" && !warned {
				t.Errorf("warnings: %q", posture.Warnings)
			}
			if (posture.Sanitising == "off") != strings.Contains(text, "<b>") {
				t.Errorf("posture: %s", posture.Sanitising)
			}
		})
	}
}

func pairs(e environ) (pairs []string) {
	for name, value := range e {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// Whoever reveals secrets of a tool that is not there means another.
func TestRevealingNothingIsAMistake(t *testing.T) {
	for pattern, says := range map[string]string{"acme_get_secrets": "did you mean acme_get_secret?", "[": "malformed", "nobody_*": "no offered tool matches"} {
		_, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_REVEAL_SECRETS", pattern).option(), zscalermcp.WithTools(vault))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", pattern, err)
		}
	}
	if _, err := zscalermcp.New(tenantEnv.option(), zscalermcp.WithRevealSecrets()); err == nil {
		t.Error("revealing no tool is accepted")
	}
}
