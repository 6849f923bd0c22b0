package zscalermcp_test

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp"
)

// postSized sends a message of a size and returns the status.
func postSized(t *testing.T, url string, size int) int {
	t.Helper()
	const before, after = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"filler":"`, `"}}`
	body := before + strings.Repeat("x", size-len(before)-len(after)) + after
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+testKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// A limit holds as the option, else the variable, else the default says, and can be off.
func TestLimitsByOptionAndVariable(t *testing.T) {
	const mib = 1 << 20
	for name, test := range map[string]struct {
		limits  zscalermcp.Limits
		env     string
		accepts int // bytes
	}{
		"default":                {accepts: 4 * mib},
		"option":                 {limits: zscalermcp.Limits{BodyBytes: 1000}, accepts: 1000},
		"variable":               {env: "calls=10, body=2KiB", accepts: 2048},
		"bytes":                  {env: "body = 2000", accepts: 2000},
		"option before variable": {limits: zscalermcp.Limits{BodyBytes: 1000}, env: "body=2KiB", accepts: 1000},
		"beside another":         {limits: zscalermcp.Limits{Calls: 5}, env: "BODY=2kib", accepts: 2048},
	} {
		t.Run(name, func(t *testing.T) {
			_, opts := tenantOptions(t)
			srv := newServer(t, append(opts, withKey(t), environ{"ZSCALER_MCP_LIMITS": test.env}.option(), zscalermcp.WithLimits(test.limits))...)
			url := serve(t, srv) + "/mcp"
			if got := postSized(t, url, test.accepts+1); got != http.StatusRequestEntityTooLarge {
				t.Errorf("a byte too many: %d", got)
			}
			if got := postSized(t, url, test.accepts); got == http.StatusRequestEntityTooLarge {
				t.Errorf("%d bytes: %d", test.accepts, got)
			}
			if off := srv.Posture().LimitsOff; len(off) > 0 {
				t.Errorf("limits off: %q", off)
			}
		})
	}
	for name, option := range map[string]zscalermcp.Option{
		"variable": environ{"ZSCALER_MCP_LIMITS": "body=off,heartbeat=Off"}.option(),
		"option":   zscalermcp.WithLimits(zscalermcp.Limits{BodyBytes: zscalermcp.Off, Heartbeat: zscalermcp.Off}),
	} {
		_, opts := tenantOptions(t)
		srv := newServer(t, append(opts, withKey(t), option)...)
		if got := postSized(t, serve(t, srv)+"/mcp", 5*mib); got == http.StatusRequestEntityTooLarge {
			t.Errorf("off by %s: %d", name, got)
		}
		if off := strings.Join(srv.Posture().LimitsOff, " "); off != "body heartbeat" || !strings.Contains(strings.Join(srv.Posture().Warnings, "\n"), `"heartbeat"`) {
			t.Errorf("off by %s: %q", name, off)
		}
	}
}

// Every limit has a name, and can be set and switched off by it.
func TestEveryLimitHasAName(t *testing.T) {
	values := map[string]string{
		"header": "32KiB", "body": "1MiB", "depth": "32", "answer": "40KiB", "sessions": "10", "sessions-per-principal": "5", "session-idle": "5m", "calls": "10",
		"calls-per-principal": "5", "call-time": "30s", "address-rate": "20/100", "principal-rate": "0.5/1", "connections": "100", "header-time": "2s", "body-time": "10s",
		"write-time": "10s", "connection-idle": "1m", "heartbeat": "30s", "drain-delay": "100ms", "grace": "1s",
	}
	for name, value := range values {
		for _, value := range []string{value, "off"} {
			srv, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_LIMITS", name+"="+value).option(), withKey(t))
			if err != nil {
				t.Errorf("%s=%s: %v", name, value, err)
				continue
			}
			if off := srv.Posture().LimitsOff; (value == "off") != (len(off) == 1 && off[0] == name) {
				t.Errorf("%s=%s: off are %q", name, value, off)
			}
		}
	}
}

func TestBadLimits(t *testing.T) {
	for entry, want := range map[string]string{
		"calls": "name=value", "calls=": "name=value", "cals=5": "there are address-rate", "calls=5,calls=6": "twice", "calls=0": "from 1", "calls=-1": "from 1",
		"calls=many": "or off", "body=3GiB": "2147483647", "body=1TiB": "unit TiB is not known",
		"body=8MB": "unit MB is not known: bytes are counted in KiB, MiB and GiB", "body=8 mb": "unit mb is not known", "body=1.5M": "unit M is not known", "body=MB": "from 1", "body=8MiBs": "from 1", "body=8.5MiB": "from 1", "call-time=0s": "above zero", "call-time=-1s": "above zero", "call-time=30": "30s", "call-time=9000h": "above zero",
		"address-rate=5": "20/100", "address-rate=0/5": "20/100", "address-rate=5/0": "20/100", "address-rate=NaN/5": "20/100", "address-rate=-1/5": "20/100", "depth=501": "500",
	} {
		_, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_LIMITS", entry).option(), withKey(t))
		if err == nil || !strings.Contains(err.Error(), "ZSCALER_MCP_LIMITS") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", entry, err)
		}
	}
	for name, limits := range map[string]zscalermcp.Limits{
		"calls": {Calls: -2}, "call-time": {CallTime: -2}, "body": {BodyBytes: -5}, "depth": {JSONDepth: 501},
		"address-rate": {AddressRate: zscalermcp.Rate{PerSecond: math.NaN(), Burst: 1}}, "principal-rate": {PrincipalRate: zscalermcp.Rate{Burst: 1}},
	} {
		if _, err := zscalermcp.New(tenantEnv.option(), withKey(t), zscalermcp.WithLimits(limits)); err == nil || !strings.Contains(err.Error(), "WithLimits: the") || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The longest time there is is a limit too, and does not run over where limits are added.
func TestLongestTimes(t *testing.T) {
	_, opts := tenantOptions(t)
	for _, longest := range []time.Duration{math.MaxInt64, math.MaxInt64/2 + 1} {
		limits := zscalermcp.Limits{CallTime: longest, WriteTime: longest, Grace: longest}
		if _, err := zscalermcp.New(append(opts, withKey(t), zscalermcp.WithLimits(limits))...); err != nil {
			t.Errorf("%d: %v", longest, err)
		}
	}
}
