package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth/authtest"
)

const testKey = "test-key-0123456789-abcdefghijklmnop"

// buffer is an io.Writer that may be read while it is written.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// zscalerMCP runs the command in an empty directory and returns its status and output.
func zscalerMCP(t *testing.T, env map[string]string, args ...string) (status int, out, err string) {
	t.Helper()
	var stdout, stderr buffer
	status = run(t.Context(), args, of(env), streams{in: strings.NewReader(""), out: &stdout, err: &stderr})
	return status, stdout.String(), stderr.String()
}

// of is an environment of these variables alone.
func of(env map[string]string) environment {
	return environment{from(env), slices.Collect(maps.Keys(env))}
}

func TestListToolsNeedsNoCredentials(t *testing.T) {
	status, out, stderr := zscalerMCP(t, nil, "--list-tools", "--format", "json", "--enable-write-tools", "--write-tools", "*")
	if status != 0 {
		t.Fatal(stderr)
	}
	var tools []map[string]any
	if err := json.Unmarshal([]byte(out), &tools); err != nil {
		t.Fatal(err)
	}
	if len(tools) != 402+5 {
		t.Errorf("%d tools, want 402 and the agent's", len(tools))
	}
	for _, member := range []string{"name", "service", "toolset", "effect", "listed", "list", "untrusted", "inputSchema", "annotations"} {
		if _, ok := tools[0][member]; !ok {
			t.Errorf("no member %q in %v", member, tools[0])
		}
	}
	status, out, _ = zscalerMCP(t, nil, "--list-tools", "--toolsets", "zia_rule_labels")
	if status != 0 || strings.Count(out, "\n") != 2+5 || !strings.Contains(out, "zia_list_rule_labels") {
		t.Errorf("text list, status %d: %s", status, out)
	}
}

func TestBadCommandLines(t *testing.T) {
	for want, args := range map[string][]string{
		"--format":               {"--list-tools", "--format", "yaml"},
		"zia_rule_labels":        {"--list-tools", "--toolsets", "zia_rule_lables"},
		"ZSCALER_MCP_TRANSPORT":  {"--transport", "pigeon"},
		"ZSCALER_MCP_LOG_FORMAT": {"--log-format", "xml", "--demo"},
		"ZSCALER_MCP_DEMO":       {"--demo=perhaps"},
		"unknown flag":           {"--nonsense"},
		"ZSCALER_CLIENT_ID":      {"--check"},
		"--demo":                 {"--check", "--services", "zia"},
		"--flag=value":           {"--demo", "true"},
		"--write-tools is empty": {"--list-tools", "--write-tools="},
		"regular file":           {"--dotenv-path", "/dev/zero"},
		"in the clear":           {"--check", "--demo", "--transport", "streamable-http", "--host", "0.0.0.0"},
		"no such file":           {"--dotenv-path", "missing.env"},
		"HTTP callers must":      {"--check", "--demo", "--transport", "streamable-http"},
	} {
		var env map[string]string
		if want == "in the clear" {
			env = map[string]string{"ZSCALER_MCP_AUTH_API_KEY": testKey}
		}
		status, out, stderr := zscalerMCP(t, env, args...)
		if status != 1 || out != "" || !strings.Contains(stderr, want) {
			t.Errorf("%v: status %d, out %q, want %q in: %s", args, status, out, want, stderr)
		}
	}
}

func TestCheckPrintsThePosture(t *testing.T) {
	env := map[string]string{"ZSCALER_MCP_AUTH_API_KEY": testKey}
	status, out, stderr := zscalerMCP(t, env, "--check", "--demo", "--transport", "streamable-http")
	var posture struct {
		Transport, Auth string
		Tools           int
	}
	if err := json.Unmarshal([]byte(out), &posture); status != 0 || err != nil {
		t.Fatalf("status %d, %v: %s", status, err, stderr)
	}
	if posture.Transport != "streamable-http" || posture.Auth != "api-key" || posture.Tools == 0 {
		t.Errorf("%+v", posture)
	}
	if strings.Contains(out+stderr, testKey) {
		t.Error("the key is printed")
	}
	if strings.Contains(out, "null") || !strings.Contains(out, "Nobody was asked") {
		t.Errorf("%s", out)
	}
}

// In mode authorization-server the check reads the discovery document, and says so and what it has found.
func TestCheckOfAnAuthorizationServer(t *testing.T) {
	idp := authtest.NewProvider(authtest.Options{})
	defer idp.Close()
	env := map[string]string{
		"ZSCALER_MCP_AUTH_MODE": "authorization-server", "OIDCPROXY_CONFIG_URL": idp.DiscoveryURL(), "OIDCPROXY_BASE_URL": "http://127.0.0.1:8000",
		"OIDCPROXY_CLIENT_ID": "mcp", "OIDCPROXY_CLIENT_SECRET": testKey, "ZSCALER_MCP_MASTER_KEYS": strings.Repeat("ab", 32),
	}
	check := func() (int, string, string) {
		return zscalerMCP(t, env, "--check", "--demo", "--transport", "streamable-http")
	}
	if status, out, stderr := check(); status != 0 || strings.Contains(out, "Nobody was asked") || !strings.Contains(out, "http://127.0.0.1:8000/auth/callback") || !strings.Contains(out, `"Warnings": []`) {
		t.Errorf("%d %s %s", status, out, stderr)
	}
	idp.Fail(http.StatusBadGateway)
	if status, out, stderr := check(); status != 0 || !strings.Contains(out, "nobody can sign in until the identity provider answers") {
		t.Errorf("down: %d %s %s", status, out, stderr)
	}
	idp.Fail(http.StatusNotFound)
	if status, out, stderr := check(); status == 0 || !strings.Contains(stderr, "answered with status 404") {
		t.Errorf("a wrong address: %d %s %s", status, out, stderr)
	}
}

func TestFlagWinsOverEnvironmentOverFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vars")
	write(t, file, "ZSCALER_MCP_TOOLSETS=zia_admin\nZSCALER_MCP_DISABLED_TOOLS=zia_get_rule_label\n")
	env := map[string]string{"ZSCALER_MCP_TOOLSETS": "zid_users", "ZSCALER_MCP_DOTENV_PATH": file}
	for want, args := range map[string][]string{
		"zia_list_rule_labels": {"--list-tools", "--toolsets", "zia_rule_labels"},
		"zid_list_users":       {"--list-tools"},
	} {
		status, out, stderr := zscalerMCP(t, env, args...)
		if status != 0 || !strings.Contains(out, want) || strings.Contains(out, "zia_get_") {
			t.Errorf("%v: status %d %s %s", args, status, out, stderr)
		}
	}
	delete(env, "ZSCALER_MCP_TOOLSETS")
	if _, out, stderr := zscalerMCP(t, env, "--list-tools"); !strings.Contains(out, "zia_get_activation_status") {
		t.Errorf("the file is not read: %s %s", out, stderr)
	}
}

// A malformed line may hold a secret: the error names the file and no more.
func TestMalformedFileIsNotQuoted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vars")
	write(t, file, "ZSCALER_CLIENT_SECRET hunter2-is-the-secret\n\"=\n")
	status, out, stderr := zscalerMCP(t, nil, "--dotenv-path", file, "--check")
	if status != 1 || !strings.Contains(stderr, file) || strings.Contains(out+stderr, "hunter2") {
		t.Errorf("status %d: %s%s", status, out, stderr)
	}
}

func TestGenerateAuthToken(t *testing.T) {
	status, first, _ := zscalerMCP(t, nil, "--generate-auth-token")
	_, second, _ := zscalerMCP(t, map[string]string{"ZSCALER_MCP_PORT": "9001"}, "--generate-auth-token")
	key := regexp.MustCompile(`ZSCALER_MCP_AUTH_API_KEY=([A-Za-z0-9_-]{43})\n`)
	a, b := key.FindStringSubmatch(first), key.FindStringSubmatch(second)
	if status != 0 || a == nil || b == nil || a[1] == b[1] {
		t.Fatalf("no fresh 256-bit keys: %s%s", first, second)
	}
	for _, client := range []string{"Claude Code", "mcp-remote", "Cursor", "VS Code", "http://127.0.0.1:9001/mcp"} {
		if !strings.Contains(second, client) {
			t.Errorf("no configuration for %s", client)
		}
	}
	if status, bearer, _ := zscalerMCP(t, nil, "--generate-auth-token=bearer"); status != 0 || !key.MatchString(bearer) {
		t.Errorf("the vendor's word for it: status %d: %s", status, bearer)
	}
}

// Each configuration is JSON that a client can be given as it is, with the URL and the header.
func TestClientConfigurations(t *testing.T) {
	env := map[string]string{"ZSCALER_CLIENT_ID": "id", "ZSCALER_CLIENT_SECRET": "se:cr\"et", "ZSCALER_MCP_PUBLIC_URL": "https://mcp.example.com/mcp"}
	for kind, header := range map[string]string{"api-key": `"Bearer [A-Za-z0-9_-]{43}"`, "basic": `"Basic aWQ6c2U6Y3IiZXQ="`} {
		status, out, stderr := zscalerMCP(t, env, "--generate-auth-token="+kind)
		if status != 0 {
			t.Fatal(stderr)
		}
		configurations := regexp.MustCompile(`(?m)^  (\{(?:.*\n)+?)\n`).FindAllStringSubmatch(out, -1)
		if len(configurations) != 3 {
			t.Errorf("%s: %d configurations in:\n%s", kind, len(configurations), out)
		}
		for _, configuration := range configurations {
			if text := configuration[1]; !json.Valid([]byte(text)) || !strings.Contains(text, `"https://mcp.example.com/mcp"`) || !regexp.MustCompile(header).MatchString(text) {
				t.Errorf("%s: %s", kind, text)
			}
		}
	}
	for args, want := range map[string]string{"--generate-auth-token=basic": "ZSCALER_CLIENT_ID", "--generate-auth-token=magic": "magic", "--generate-auth-token --port=0": "--public-url",
		"--generate-auth-token --public-url=svc.example.com": "must begin with https://", "--generate-auth-token --public-url=https://u:p@h/mcp": "no user", `--generate-auth-token --public-url=https://h/";id`: "public",
		"--generate-auth-token --host=0.0.0.0:8443": "the port goes into ZSCALER_MCP_PORT", "--generate-auth-token --port=tcp://10.0.0.1:80": "ZSCALER_MCP_PORT"} {
		if status, out, stderr := zscalerMCP(t, nil, strings.Fields(args)...); status != 1 || out != "" || !strings.Contains(stderr, want) {
			t.Errorf("%s: status %d, %s%s", args, status, out, stderr)
		}
	}
}

// The demo over HTTP: the log line "listening" carries the URL, and a client with the key gets in.
func TestDemoOverHTTP(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var stdout, stderr buffer
	done := make(chan int, 1)
	env := map[string]string{"ZSCALER_MCP_AUTH_API_KEY": testKey, "ZSCALER_MCP_PORT": "0", "ZSCALER_MCP_TRANSPORT": "streamable-http", "ZSCALER_MCP_LOG_FORMAT": "json", "ZSCALER_MCP_DEBUG": "true"}
	go func() {
		done <- run(ctx, []string{"--demo"}, of(env), streams{in: strings.NewReader(""), out: &stdout, err: &stderr})
	}()
	url := waitForURL(t, &stderr)
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: bearer{}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "zia_list_rule_labels"})
	if err != nil || result.IsError {
		t.Errorf("call: %v %+v", err, result)
	}
	_ = session.Close()
	stop()
	if status := <-done; status != 0 {
		t.Errorf("status %d: %s", status, stderr.String())
	}
	if stdout.String() != "" || strings.Contains(stderr.String(), testKey) {
		t.Errorf("stdout %q, or the key in the log", stdout.String())
	}
}

type bearer struct{}

func (bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+testKey)
	return http.DefaultTransport.RoundTrip(r)
}

func waitForURL(t *testing.T, log *buffer) string {
	t.Helper()
	line := regexp.MustCompile(`"msg":"listening","url":"([^"]+)"`)
	for t.Context().Err() == nil {
		if found := line.FindStringSubmatch(log.String()); found != nil {
			return found[1]
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("no line that says listening")
	return ""
}

// stdout carries the protocol and nothing else; secrets may come from files.
func TestDemoOverStdio(t *testing.T) {
	in, feed := io.Pipe()
	var stdout, stderr buffer
	done := make(chan int, 1)
	go func() {
		done <- run(t.Context(), []string{"--demo"}, of(nil), streams{in: in, out: &stdout, err: &stderr})
	}()
	for _, line := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`,
		`not JSON`,
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`,
		`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"zia_list_rule_labels","arguments":{}}}`,
	} {
		if _, err := io.WriteString(feed, line+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	_ = feed.Close()
	if status := <-done; status != 0 {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	answers := map[string]bool{}
	for line := range strings.Lines(stdout.String()) {
		var message struct {
			ID    any
			Error *struct{ Code int }
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatalf("stdout holds something else: %q", line)
		}
		switch {
		case message.Error != nil && message.Error.Code == -32700:
			answers["parse error"] = true
		case message.ID == 1.0:
			answers["initialize"] = true
		case message.ID == 2.0:
			answers["call"] = strings.Contains(line, `"structuredContent"`)
		}
	}
	for _, want := range []string{"initialize", "parse error", "call"} {
		if !answers[want] {
			t.Errorf("no answer for %s in %s", want, stdout.String())
		}
	}
}

func TestSecretsFromFiles(t *testing.T) {
	secret, key := filepath.Join(t.TempDir(), "secret"), filepath.Join(t.TempDir(), "key")
	write(t, secret, "the-client-secret\n")
	write(t, key, testKey+"\n")
	env := map[string]string{
		"ZSCALER_VANITY_DOMAIN": "acme", "ZSCALER_CLIENT_ID": "client", "ZSCALER_CLIENT_SECRET_FILE": secret,
		"ZSCALER_MCP_AUTH_API_KEY_FILE": key, "ZSCALER_MCP_TRANSPORT": "streamable-http",
	}
	if status, out, stderr := zscalerMCP(t, env, "--check"); status != 0 {
		t.Errorf("%s%s", out, stderr)
	}
	env["ZSCALER_CLIENT_SECRET"] = "again"
	if status, _, stderr := zscalerMCP(t, env, "--check"); status != 1 || !strings.Contains(stderr, "ZSCALER_CLIENT_SECRET_FILE") {
		t.Errorf("secret twice: status %d: %s", status, stderr)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEveryMistakeAtOnce(t *testing.T) {
	env := map[string]string{"ZSCALER_MCP_TRANSPORT": "streamable-http", "ZSCALER_MCP_LOG_FORMAT": "xml", "ZSCALER_MCP_DEBUG": "perhaps", "ZSCALER_MCP_DEMO": "x", "ZSCALER_MCP_PORT": "y"}
	_, _, stderr := zscalerMCP(t, env)
	for _, want := range []string{"LOG_FORMAT", "DEBUG", "DEMO", "PORT", "ZSCALER_CLIENT_ID", "callers must authenticate"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no word of %s in: %s", want, stderr)
		}
	}
}

// A project that an agent works in may bring an .env file: it must not be read unasked.
func TestEnvFileOfTheWorkingDirectoryIsNotRead(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".env", "ZSCALER_MCP_WRITE_ENABLED=true\nZSCALER_MCP_WRITE_TOOLS=*\n")
	_, unasked, _ := zscalerMCP(t, nil, "--list-tools")
	_, asked, _ := zscalerMCP(t, nil, "--list-tools", "--dotenv-path", ".env")
	if strings.Contains(unasked, "zia_create_rule_label") || !strings.Contains(asked, "zia_create_rule_label") {
		t.Error("read unasked, or not read when asked")
	}
}

func TestDollarSignsInTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vars")
	for line, ok := range map[string]bool{
		"ZSCALER_CLIENT_SECRET=pa$PATH": false, `ZSCALER_CLIENT_SECRET="pa$PATH"`: false, "ZSCALER_CLIENT_SECRET='pa$PATH'": true,
		"A=1\nZSCALER_CLIENT_SECRET=\"abc\n#$PATH\"": false, "ZSCALER_CLIENT_SECRET=\"abc\n#PATH\"": true,
		"# costs $5": true, "ZSCALER_CLIENT_SECRET=plain": true,
	} {
		write(t, file, line+"\n")
		vars, err := readDotenv(file)
		if (err == nil) != ok {
			t.Errorf("%s: %v", line, err)
		}
		if got := vars["ZSCALER_CLIENT_SECRET"]; ok && strings.Contains(line, "'") && got != "pa$PATH" {
			t.Errorf("%s became %s", line, got)
		}
	}
}

func TestAnEmptyVariableCountsAsUnset(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vars")
	write(t, file, "ZSCALER_MCP_TOOLSETS=zia_admin\n")
	env := map[string]string{"ZSCALER_MCP_TOOLSETS": "", "ZSCALER_MCP_DOTENV_PATH": file}
	if _, out, stderr := zscalerMCP(t, env, "--list-tools"); !strings.Contains(out, "zia_get_activation_status") || strings.Contains(out, "zid_") {
		t.Errorf("%s%s", out, stderr)
	}
}
