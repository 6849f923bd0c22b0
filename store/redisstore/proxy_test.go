package redisstore_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// What a proxy does with the commands of the client.
type fault int

const (
	none    fault = iota
	severed       // the server executes the next one, and in place of its answer the connection ends
	stalled       // they are kept back themselves
)

// A proxy stands between a client and a server. It knows the commands that pass, and can be made to fail.
type proxy struct {
	testing.TB
	ln     net.Listener
	server string

	mu       sync.Mutex
	fault    fault
	commands []string
	conns    map[net.Conn]bool
	running  sync.WaitGroup
}

func startProxy(t testing.TB, server string) *proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{TB: t, ln: ln, server: server, conns: map[net.Conn]bool{}}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		_ = ln.Close()
		p.cut()
		p.running.Wait()
	})
	return p
}

func (p *proxy) url() string { return "redis://" + p.ln.Addr().String() }

func (p *proxy) accept() {
	for {
		client, err := p.ln.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		p.running.Go(func() { p.forward(client, server) })
		p.running.Go(func() { p.back(server, client) })
	}
}

// forward passes commands on, one by one.
func (p *proxy) forward(client, server net.Conn) {
	defer p.end(client, server)
	in := bufio.NewReader(client)
	for {
		frame, words, err := readCommand(in)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.commands = append(p.commands, strings.ToLower(words[0]))
		stays := p.fault == stalled
		p.mu.Unlock()
		if stays {
			continue
		}
		if _, err := io.WriteString(server, frame); err != nil {
			return
		}
	}
}

// back passes answers on.
func (p *proxy) back(server, client net.Conn) {
	defer p.end(client, server)
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if n > 0 && p.is(severed) {
			p.set(none)
			return
		}
		if n > 0 {
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) is(f fault) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault == f
}

func (p *proxy) end(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Close()
		delete(p.conns, conn)
	}
}

// cut ends all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
	}
}

// set makes the proxy fail from now on, or work again.
func (p *proxy) set(f fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
}

// passed returns the commands since it was called last.
func (p *proxy) passed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	passed := p.commands
	p.commands = nil
	return passed
}

// readCommand reads an array of strings.
func readCommand(in *bufio.Reader) (frame string, words []string, err error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return "", nil, err
	}
	frame = line
	count, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(line, "*")))
	if err != nil {
		return "", nil, fmt.Errorf("no array: %w", err)
	}
	for range count {
		if line, err = in.ReadString('\n'); err != nil {
			return "", nil, err
		}
		size, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(line, "$")))
		if err != nil {
			return "", nil, fmt.Errorf("no string: %w", err)
		}
		word := make([]byte, size+2)
		if _, err := io.ReadFull(in, word); err != nil {
			return "", nil, err
		}
		frame += line + string(word)
		words = append(words, string(word[:size]))
	}
	return frame, words, nil
}
