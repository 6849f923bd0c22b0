package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// A logbook keeps what processes write to standard error.
type logbook struct {
	mu  sync.Mutex
	all bytes.Buffer
}

// Write implements io.Writer.
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
	const lines = 12
	all := strings.SplitAfter(l.text(), "\n")
	return strings.Join(all[max(0, len(all)-1-lines):], "")
}

// A replica is a process, which may be ended and started again. Its address is another one then.
type replica struct {
	program   string
	args, env []string
	log       logbook

	cmd    *exec.Cmd
	stdin  io.Closer
	ended  chan struct{}
	mu     sync.Mutex
	client *http.Client // leads to the process that runs now, or has run last
}

const startTime = 30 * time.Second

// start starts the process and waits until it listens.
func (r *replica) start(ctx context.Context) error {
	from := len(r.log.text())
	r.cmd = exec.CommandContext(ctx, r.program, r.args...)
	r.cmd.Env, r.cmd.Stderr = append(os.Environ(), r.env...), &r.log
	stdin, err := r.cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := r.cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	r.stdin, r.ended = stdin, ended
	go func(cmd *exec.Cmd) {
		_ = cmd.Wait() // most are killed
		close(ended)
	}(r.cmd)
	return until(ctx, startTime, "a replica does not listen", func() (bool, error) {
		select {
		case <-ended:
			return false, errors.New("a replica has ended")
		default:
		}
		address := listening(r.log.text()[from:])
		if address != "" {
			r.lead(address)
		}
		return address != "", nil
	})
}

// listening finds the address in a log.
func listening(log string) string {
	for line := range strings.Lines(log) {
		var entry struct{ Msg, URL string }
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "listening" {
			return strings.TrimPrefix(entry.URL, "http://")
		}
	}
	return ""
}

// lead makes requests go to an address, whatever their host.
func (r *replica) lead(address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.client = &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", address)
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       75 * time.Second, // longer than a refresh may take: who gets no answer by then is stuck
	}
}

func (r *replica) do(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	client := r.client
	r.mu.Unlock()
	return client.Do(req)
}

// kill ends the process at once, as kill -9 does.
func (r *replica) kill() {
	if r.ended == nil {
		return
	}
	_ = r.cmd.Process.Kill() // it may have ended
	<-r.ended
	_ = r.stdin.Close()
}

// sendSignal sends a signal that only kill knows on every system.
func sendSignal(p *os.Process, name string) error {
	if out, err := exec.Command("kill", "-"+name, fmt.Sprint(p.Pid)).CombinedOutput(); err != nil {
		return fmt.Errorf("kill -%s: %w: %s", name, err, out)
	}
	return nil
}

// until waits for something.
func until(ctx context.Context, lasts time.Duration, failure string, is func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, lasts)
	defer cancel()
	for {
		ok, err := is()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New(failure)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
