package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkColdStart is the time from the start of the binary to its first answer to an authenticated
// request, and on Linux the memory that it holds a second after it has listed its tools.
func BenchmarkColdStart(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "zscaler-mcp")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	var last *demo
	for b.Loop() {
		if last != nil {
			b.StopTimer()
			last.end(b)
			b.StartTimer()
		}
		last = startDemo(b, binary)
		last.call(b, "server/discover")
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/start")
	last.call(b, "tools/list")
	time.Sleep(time.Second)
	if rss, ok := residentKiB(last.cmd.Process.Pid); ok {
		b.ReportMetric(rss/1024, "RSS-MiB")
	}
	last.end(b)
}

// demo is the binary with its simulated tenant, listening.
type demo struct {
	cmd *exec.Cmd
	url string
	log <-chan struct{} // closed at the end of its log
}

// startDemo starts the binary on a free port and waits until it says which.
func startDemo(b *testing.B, binary string) *demo {
	cmd := exec.Command(binary, "--demo", "--transport", "streamable-http", "--port", "0")
	cmd.Dir, cmd.Env = filepath.Dir(binary), []string{"ZSCALER_MCP_AUTH_API_KEY=" + testKey}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill() })
	url, seen := "", ""
	lines := bufio.NewScanner(stderr)
	for url == "" && lines.Scan() {
		seen += lines.Text() + "\n"
		if _, after, ok := strings.Cut(lines.Text(), "url="); ok {
			url, _, _ = strings.Cut(after, " ")
		}
	}
	if url == "" {
		b.Fatalf("the binary has not said where it listens: %s", seen)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, stderr)
	}()
	return &demo{cmd, url, ended}
}

// call sends one message of the stateless protocol and reads the whole answer.
func (d *demo) call(b *testing.B, method string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	body := `{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}, "Authorization": {"Bearer " + testKey},
		"Mcp-Protocol-Version": {"2026-07-28"}, "Mcp-Method": {method},
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"result"`)) {
		b.Fatalf("%s: %d, %v: %s", method, resp.StatusCode, err, answer)
	}
}

// end stops the binary as an operator does, and expects it to leave in order.
func (d *demo) end(b *testing.B) {
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	<-d.log
	if err := d.cmd.Wait(); err != nil {
		b.Errorf("end: %v", err)
	}
}

// residentKiB returns the resident memory of a process, where the system tells it.
func residentKiB(pid int) (float64, bool) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, false
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmRSS:" {
			kib, err := strconv.ParseFloat(fields[1], 64)
			return kib, err == nil
		}
	}
	return 0, false
}
