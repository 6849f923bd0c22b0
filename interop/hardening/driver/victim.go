package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A logbook keeps what a process writes.
type logbook struct {
	mu  sync.Mutex
	all bytes.Buffer
}

// Write implements [io.Writer].
func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *logbook) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// end is the last lines.
func (l *logbook) end() string {
	all := strings.SplitAfter(l.text(), "\n")
	return strings.Join(all[max(0, len(all)-9):], "")
}

// A victim is a process of the program victim.
type victim struct {
	url, gauges, key string
	callers          int
	log, accepted    logbook // the second has a line for each call that has begun
	cmd              *exec.Cmd
	ended            chan struct{} // closed when the process is gone, and outcome is set
	outcome          error
	told             atomic.Bool // to end
}

const startTime = 30 * time.Second

// startVictim starts the process and waits until it listens. What was started is returned with an error, too.
func startVictim(ctx context.Context, o options, s scenario) (*victim, error) {
	program := o.victim
	if program == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		program = filepath.Join(filepath.Dir(self), "victim")
	}
	v := &victim{key: randomKey(), callers: max(1, s.callers), ended: make(chan struct{})}
	v.cmd = exec.CommandContext(ctx, program, "-callers", strconv.Itoa(v.callers))
	v.cmd.Env, v.cmd.Stderr, v.cmd.Stdout = append(os.Environ(), keyVariable+"="+v.key, "ZSCALER_MCP_LIMITS="+limitsOf(o, s)), &v.log, &v.accepted
	if err := v.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		v.outcome = v.cmd.Wait()
		close(v.ended)
	}()
	return v, until(ctx, startTime, func() (bool, error) {
		if v.gone() {
			return false, fmt.Errorf("the victim does not start: %s", v.log.end())
		}
		v.url, v.gauges = v.logged("listening"), v.logged("gauges")
		return v.url != "", nil
	})
}

// limitsOf joins what the scenario and the flags say.
func limitsOf(o options, s scenario) string {
	limits := []string{s.limits, o.limits}
	if !strings.Contains(s.limits, "session-idle") {
		limits = append(limits, "session-idle="+o.idle.String())
	}
	return strings.Join(slices.DeleteFunc(limits, func(l string) bool { return l == "" }), ",")
}

// logged is the URL of a line of the log.
func (v *victim) logged(what string) string {
	for line := range strings.Lines(v.log.text()) {
		var entry struct{ Msg, URL string }
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == what {
			return entry.URL
		}
	}
	return ""
}

func (v *victim) gone() bool {
	select {
	case <-v.ended:
		return true
	default:
		return false
	}
}

// kill ends the process at once, as kill -9 does.
func (v *victim) kill() {
	_ = v.cmd.Process.Kill() // it may have ended
	<-v.ended
}

// terminate sends SIGTERM.
func (v *victim) terminate() error {
	v.told.Store(true)
	return v.cmd.Process.Signal(syscall.SIGTERM)
}

// check judges what must not be in the log: a crash, or a key.
func (v *victim) check() error {
	log := v.log.text()
	switch {
	case strings.Contains(log, "fatal error:") || strings.Contains(log, "\npanic:"):
		return errors.New("the victim has crashed")
	case strings.Contains(log, v.key):
		return errors.New("the log has an API key")
	}
	return nil
}
