package zscalermcp_test

import (
	"context"
	"errors"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/tool"
)

type nothing struct{}

// waits is a toolset whose one tool says when it runs and waits to be released, or for its context.
func waits(started chan<- struct{}, release <-chan struct{}) tool.Set {
	return tool.Set{Name: "acme_wait", Doc: "A tool that waits.", Tools: []tool.Tool{
		tool.Func(tool.Read, "acme_wait", "Wait until the test says so, for a test of shutdown.", func(ctx context.Context, _ nothing) (any, error) {
			started <- struct{}{}
			select {
			case <-release:
				return map[string]bool{"done": true}, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}),
	}}
}

// running is a server in Run, with a client in it.
type running struct {
	stop    context.CancelFunc
	done    chan error
	session *mcp.ClientSession
}

func startRun(t *testing.T, version string, opts ...zscalermcp.Option) running {
	t.Helper()
	var logs logBuffer
	srv, err := zscalermcp.New(append(opts, withKey(t), logs.option(), zscalermcp.WithListen("127.0.0.1:0"))...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := running{stop: stop, done: make(chan error, 1)}
	go func() { r.done <- srv.Run(ctx) }()
	line := regexp.MustCompile(`"msg":"listening","url":"([^"]+)"`)
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if found := line.FindStringSubmatch(logs.String()); found != nil {
			r.session = connect(t, found[1], testKey, version, nil)
			return r
		}
		if time.Now().After(deadline) {
			t.Fatalf("not listening: %s", logs.String())
		}
	}
}

// A stop during a call: within the grace the call finishes, beyond it the caller is told. No goroutine is left.
func TestStopDuringACall(t *testing.T) {
	before := runtime.NumGoroutine()
	for era, version := range eras {
		for name, finishes := range map[string]bool{"finishes": true, "told": false} {
			t.Run(era+" "+name, func(t *testing.T) {
				_, opts := tenantOptions(t)
				started, release := make(chan struct{}, 1), make(chan struct{})
				r := startRun(t, version, append(opts, zscalermcp.WithTools(waits(started, release)), zscalermcp.WithLimits(zscalermcp.Limits{Grace: 300 * time.Millisecond}))...)
				answer := make(chan error, 1)
				go func() {
					result, err := r.session.CallTool(context.Background(), &mcp.CallToolParams{Name: "acme_wait"})
					if err == nil && result.IsError {
						err = errors.New(result.Content[0].(*mcp.TextContent).Text)
					}
					answer <- err
				}()
				<-started
				r.stop()
				if finishes {
					close(release)
				}
				if err := <-answer; (err == nil) != finishes {
					t.Errorf("the call: %v", err)
				} else if err != nil && !strings.Contains(err.Error(), "shut") && !strings.Contains(err.Error(), "cancel") {
					t.Errorf("the caller is not told why: %v", err)
				}
				if err := <-r.done; finishes && err != nil {
					t.Errorf("Run: %v", err)
				}
				_ = r.session.Close()
			})
		}
	}
	settle(t, before)
}

// settle waits until no more goroutines are there than before.
func settle(t *testing.T, before int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if runtime.NumGoroutine() <= before {
			return
		}
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

// A tool that ignores its context is waited for once: the grace, and the three seconds in which callers are told.
func TestRunEndsBesideAToolThatDoesNot(t *testing.T) {
	_, opts := tenantOptions(t)
	started, release := make(chan struct{}, 1), make(chan struct{})
	defer close(release)
	ignores := tool.Set{Name: "acme_wait", Doc: "A tool that waits.", Tools: []tool.Tool{
		tool.Func(tool.Read, "acme_wait", "Wait until the test says so, for a test of shutdown.", func(context.Context, nothing) (any, error) {
			started <- struct{}{}
			<-release
			return map[string]bool{"done": true}, nil
		}),
	}}
	r := startRun(t, "", append(opts, zscalermcp.WithTools(ignores), zscalermcp.WithLimits(zscalermcp.Limits{DrainDelay: time.Millisecond, Grace: 10 * time.Millisecond}))...)
	go func() { _, _ = r.session.CallTool(context.Background(), &mcp.CallToolParams{Name: "acme_wait"}) }()
	<-started
	r.stop()
	if err := <-r.done; err == nil || strings.Count(err.Error(), "calls are left") != 1 {
		t.Errorf("Run: %v", err)
	}
}
