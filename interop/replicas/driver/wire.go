package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A wire is the way of one replica to Redis. It reads the commands on it, so that it can count them, make them slow, and hold one of them.
type wire struct {
	ln  net.Listener
	to  string
	all sync.WaitGroup

	mu      sync.Mutex
	open    map[net.Conn]struct{}
	counts  map[string]int
	latency time.Duration
	trap    *trap
	closed  bool
}

// A trap holds the nth command from now on, or its answer, and then everything on the wire, as if Redis had stopped there.
type trap struct {
	nth    int
	answer bool
	seen   int
	caught chan struct{} // closed when the command is there
	opened chan struct{} // closed by release
	goOn   bool          // what was held goes on then, and is lost otherwise; set before opened is closed
}

func newWire(to string) (*wire, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wire{ln: ln, to: to, open: map[net.Conn]struct{}{}, counts: map[string]int{}}
	w.all.Go(func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			w.all.Go(func() { w.carry(near) })
		}
	})
	return w, nil
}

func (w *wire) addr() string { return w.ln.Addr().String() }

// carry is one connection.
func (w *wire) carry(near net.Conn) {
	defer w.drop(near)
	far, err := net.Dial("tcp", w.to)
	if err != nil || !w.keep(near, far) {
		return // which the replica sees as a server that is gone
	}
	defer w.drop(far)
	var withheld atomic.Pointer[trap]
	var answers sync.WaitGroup
	defer answers.Wait()
	defer func() { _ = far.Close() }()
	answers.Go(func() {
		defer func() { _ = near.Close() }()
		buffer := make([]byte, 64<<10)
		for {
			n, err := far.Read(buffer)
			if err != nil {
				return
			}
			if t := withheld.Load(); t != nil {
				t.catch()
				if <-t.opened; !t.goOn {
					return
				}
			}
			if _, err := near.Write(buffer[:n]); err != nil {
				return
			}
		}
	})
	in := bufio.NewReader(near)
	for {
		name, command, err := readCommand(in)
		if err != nil {
			return
		}
		t, fate := w.pass(name)
		switch fate {
		case caught, held:
			if fate == caught {
				t.catch()
			}
			if <-t.opened; !t.goOn {
				return
			}
		case answerCaught:
			withheld.Store(t)
		}
		w.wait()
		if _, err := far.Write(command); err != nil {
			return
		}
	}
}

// What becomes of a command.
type fate int

const (
	goesOn fate = iota
	caught
	answerCaught
	held // since another is caught
)

// pass judges a command.
func (w *wire) pass(name string) (*trap, fate) {
	counted := name != "hello" && name != "select"
	w.mu.Lock()
	defer w.mu.Unlock()
	if counted {
		w.counts[name]++
	}
	t := w.trap
	switch {
	case t == nil:
		return nil, goesOn
	case t.seen >= t.nth:
		return t, held
	case counted:
		t.seen++
	}
	switch {
	case t.seen < t.nth:
		return t, goesOn
	case t.answer:
		return t, answerCaught
	}
	return t, caught
}

// wait makes a command late.
func (w *wire) wait() {
	w.mu.Lock()
	latency := w.latency
	w.mu.Unlock()
	time.Sleep(latency)
}

func (t *trap) catch() {
	select {
	case <-t.caught:
	default:
		close(t.caught)
	}
}

// set sets a trap.
func (w *wire) set(nth int, answer bool) *trap {
	t := &trap{nth: nth, answer: answer, caught: make(chan struct{}), opened: make(chan struct{})}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trap = t
	return t
}

// release opens the trap, if there is one. What it has held goes on, or is lost.
func (w *wire) release(goOn bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.trap != nil {
		w.trap.goOn = goOn
		close(w.trap.opened)
		w.trap = nil
	}
}

// slow makes each command wait.
func (w *wire) slow(latency time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.latency = latency
}

// counted returns the commands since the last time, by name.
func (w *wire) counted() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	counts := maps.Clone(w.counts)
	clear(w.counts)
	return counts
}

func (w *wire) keep(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range conns {
		w.open[conn] = struct{}{}
	}
	return !w.closed
}

func (w *wire) drop(conn net.Conn) {
	_ = conn.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, conn)
}

func (w *wire) close() {
	w.release(false)
	_ = w.ln.Close()
	w.mu.Lock()
	w.closed = true
	for conn := range w.open {
		_ = conn.Close()
	}
	w.mu.Unlock()
	w.all.Wait()
}

// readCommand reads an array of bulk strings (the Redis protocol), and returns its first word in lower case, and all of it as it came.
func readCommand(in *bufio.Reader) (name string, command []byte, err error) {
	var all bytes.Buffer
	words, err := readLength(in, '*', &all)
	if err != nil {
		return "", nil, err
	}
	for i := range words {
		size, err := readLength(in, '$', &all)
		if err != nil {
			return "", nil, err
		}
		if _, err := io.CopyN(&all, in, int64(size)+2); err != nil {
			return "", nil, err
		}
		if i == 0 {
			name = strings.ToLower(string(all.Bytes()[all.Len()-size-2 : all.Len()-2]))
		}
	}
	return name, all.Bytes(), nil
}

func readLength(in *bufio.Reader, kind byte, all *bytes.Buffer) (int, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return 0, err
	}
	all.WriteString(line)
	n, err := strconv.Atoi(strings.TrimSpace(line[1:]))
	if err != nil || line[0] != kind || n < 0 {
		return 0, errors.New("this is no command of the Redis protocol")
	}
	return n, nil
}
