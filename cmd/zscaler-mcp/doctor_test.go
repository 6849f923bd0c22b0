package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
)

// A front is a proxy before the command, on a port that is known beforehand. Until it knows the command, requests wait.
type front struct {
	*httptest.Server
	known   chan struct{}
	to      *url.URL    // the command, once it is known
	doubles atomic.Bool // the proxy adds a CORS header of its own
}

func newFront(t *testing.T) *front {
	t.Helper()
	f := &front{known: make(chan struct{})}
	f.Server = httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			select {
			case <-f.known:
				r.SetURL(f.to)
			case <-r.In.Context().Done():
			}
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			if f.doubles.Load() {
				r.Header.Add("Access-Control-Allow-Origin", "*")
			}
			return nil
		},
	})
	t.Cleanup(f.Close)
	return f
}

// authorizationServer are the variables of one at the address of the front.
func authorizationServer(t *testing.T, base string) map[string]string {
	t.Helper()
	idp := authtest.NewProvider(authtest.Options{})
	t.Cleanup(idp.Close)
	idp.AddClient(authtest.Client{ID: "mcp", Secret: testKey, RedirectURIs: []string{base + "/auth/callback"}})
	return map[string]string{
		"ZSCALER_MCP_AUTH_MODE": "authorization-server", "OIDCPROXY_CONFIG_URL": idp.DiscoveryURL(), "OIDCPROXY_BASE_URL": base, "OIDCPROXY_CLIENT_ID": "mcp",
		"OIDCPROXY_CLIENT_SECRET": testKey, "ZSCALER_MCP_MASTER_KEYS": strings.Repeat("ab", 32), "ZSCALER_MCP_TRANSPORT": "streamable-http",
	}
}

// started runs the command until the test ends, and returns its log once it listens.
func started(t *testing.T, env map[string]string) (log *buffer, address string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	log, ended := &buffer{}, make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"--demo", "--port", "0", "--log-format", "json"}, of(env), streams{in: strings.NewReader(""), out: &buffer{}, err: log})
	}()
	t.Cleanup(func() {
		stop()
		if status := <-ended; status != 0 {
			t.Errorf("status %d: %s", status, log)
		}
	})
	return log, eventually(t, log, `"msg":"listening","url":"`, `"`)
}

// eventually waits for a text in the log, and returns what is between it and the next one.
func eventually(t *testing.T, log *buffer, text, until string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if _, rest, found := strings.Cut(log.String(), text); found {
			between, _, _ := strings.Cut(rest, until)
			return between
		}
	}
	t.Fatalf("no %q in: %s", text, log)
	return ""
}

// The doctor finds nothing wrong with a server that runs, by itself once after the start and when it is asked; then it names what the proxy does.
func TestDoctor(t *testing.T) {
	f := newFront(t)
	env := authorizationServer(t, f.URL)
	log, address := started(t, env)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	f.to = &url.URL{Scheme: u.Scheme, Host: u.Host}
	close(f.known)
	if line := eventually(t, log, `"msg":"doctor: `, "\n"); !strings.Contains(line, "answer as they should") {
		t.Errorf("after the start: %s", line)
	}
	status, out, stderr := zscalerMCP(t, env, "--doctor", "--demo")
	if status != 0 || !strings.Contains(out, "metadata.ok") || !strings.Contains(out, "provider.secret_ok") || strings.Contains(out, "warning") || strings.Contains(out, "error ") {
		t.Errorf("status %d: %s %s", status, out, stderr)
	}
	f.doubles.Store(true)
	status, out, stderr = zscalerMCP(t, env, "--doctor", "--demo", "--format", "json")
	var report struct {
		Resource string
		Findings []struct{ Code, Severity, Advice string }
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != 1 || report.Resource != f.URL+"/mcp" || report.Findings[0].Code != "cors.doubled" || report.Findings[0].Severity != "error" || report.Findings[0].Advice == "" {
		t.Errorf("status %d, %v: %s %s", status, err, out, stderr)
	}
	if strings.Contains(out+stderr+log.String(), testKey) || strings.Contains(out+stderr+log.String(), "eyJ") {
		t.Error("a secret is printed")
	}
	delete(env, "ZSCALER_MCP_MASTER_KEYS")
	f.doubles.Store(false)
	delete(env, "ZSCALER_MCP_TRANSPORT") // which goes without saying here
	if status, out, stderr = zscalerMCP(t, env, "--doctor", "--demo"); status != 0 || !strings.Contains(out, "keys.unknown") {
		t.Errorf("without keys: status %d: %s %s", status, out, stderr)
	}
}

// The visit after the start can be switched off, never keeps a server from starting or ending, and is for the one mode.
func TestDoctorAfterTheStart(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + ln.Addr().String()
	_ = ln.Close()
	started(t, authorizationServer(t, nobody)) // and ends in order, though the doctor waits
	off := authorizationServer(t, nobody)
	off["ZSCALER_MCP_SELF_CHECK"] = "false"
	log, _ := started(t, off)
	if strings.Contains(log.String(), "doctor") {
		t.Errorf("%s", log)
	}
	off["ZSCALER_MCP_SELF_CHECK"] = "perhaps"
	if status, _, stderr := zscalerMCP(t, off, "--check", "--demo"); status != 1 || !strings.Contains(stderr, "ZSCALER_MCP_SELF_CHECK") {
		t.Errorf("status %d: %s", status, stderr)
	}
	for want, env := range map[string]map[string]string{
		"ZSCALER_MCP_AUTH_MODE=authorization-server": {"ZSCALER_MCP_AUTH_API_KEY": testKey, "ZSCALER_MCP_TRANSPORT": "streamable-http"},
		"--transport streamable-http":                {"ZSCALER_MCP_AUTH_API_KEY": testKey, "ZSCALER_MCP_TRANSPORT": "stdio"},
		"OIDCPROXY_CONFIG_URL":                       {"ZSCALER_MCP_AUTH_MODE": "authorization-server", "ZSCALER_MCP_TRANSPORT": "streamable-http"},
	} {
		if status, out, stderr := zscalerMCP(t, env, "--doctor", "--demo"); status != 1 || out != "" || !strings.Contains(stderr, want) {
			t.Errorf("want %s: status %d: %s %s", want, status, out, stderr)
		}
	}
	if status, _, stderr := zscalerMCP(t, nil, "--doctor", "--format", "xml"); status != 1 || !strings.Contains(stderr, "--format") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

// What prints and exits does one thing.
func TestOneThingAtATime(t *testing.T) {
	for _, flags := range [][]string{{"--check", "--doctor"}, {"--check", "--list-tools"}, {"--doctor", "--list-tools"}} {
		if status, out, stderr := zscalerMCP(t, nil, append(flags, "--demo")...); status != 1 || out != "" || !strings.Contains(stderr, "use one of them") {
			t.Errorf("%v: %d %s%s", flags, status, out, stderr)
		}
	}
	if status, _, stderr := zscalerMCP(t, nil, "--check", "--demo"); status != 0 {
		t.Errorf("one of them: %d %s", status, stderr)
	}
}
