package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// The clock that counts is that of the store: when it is wrong, the doctor says so, and says where.
func TestDoctorAndTheClockOfTheStore(t *testing.T) {
	mini := miniredis.RunT(t)
	mini.SetTime(time.Now().Add(-2 * time.Hour))
	f := newFront(t)
	env := authorizationServer(t, f.URL)
	env["ZSCALER_MCP_STORE_URL"] = "redis://" + mini.Addr()
	log, address := started(t, env)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	f.to = &url.URL{Scheme: u.Scheme, Host: u.Host}
	close(f.known)
	line := eventually(t, log, `"msg":"doctor: `, "\n")
	status, out, stderr := zscalerMCP(t, env, "--doctor", "--demo")
	if strings.Contains(out, "clock.ok") || status == 0 {
		t.Errorf("the store's clock is two hours slow, and --doctor says (status %d):\n%s %s", status, out, stderr)
	}
	if strings.Contains(line, "clock of this machine is") {
		t.Errorf("the server blames its own machine: %s", line)
	}
}
