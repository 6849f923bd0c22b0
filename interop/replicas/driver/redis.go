package main

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"
)

// A redisServer is redis-server, which writes each change to its disk before it answers.
type redisServer struct {
	addr  string
	dir   string
	log   logbook
	cmd   *exec.Cmd
	ended chan struct{}
	admin *redis.Client
}

// newRedis starts one on a free port.
func newRedis(ctx context.Context, dir string) (*redisServer, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &redisServer{addr: ln.Addr().String(), dir: filepath.Join(dir, "redis")}
	if err := errors.Join(ln.Close(), os.Mkdir(r.dir, 0o700)); err != nil {
		return nil, err
	}
	r.admin = redis.NewClient(&redis.Options{Addr: r.addr, MaxRetries: -1, DialTimeout: time.Second, ReadTimeout: 5 * time.Second})
	return r, r.start(ctx)
}

// start starts the process, and waits until it has read what is on its disk.
func (r *redisServer) start(ctx context.Context) error {
	_, port, err := net.SplitHostPort(r.addr)
	if err != nil {
		return err
	}
	r.cmd = exec.CommandContext(ctx, "redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", r.dir, "--save", "", "--appendonly", "yes", "--appendfsync", "always")
	r.cmd.Stdout, r.cmd.Stderr = &r.log, &r.log
	if err := r.cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	r.ended = ended
	go func(cmd *exec.Cmd) {
		_ = cmd.Wait() // most are killed
		close(ended)
	}(r.cmd)
	return until(ctx, startTime, "redis-server does not answer", func() (bool, error) {
		select {
		case <-ended:
			return false, errors.New("redis-server has ended")
		default:
			return r.admin.Ping(ctx).Err() == nil, nil
		}
	})
}

// kill ends it at once; end lets it finish.
func (r *redisServer) kill() {
	_ = r.cmd.Process.Kill() // it may have ended
	<-r.ended
}

func (r *redisServer) end() error {
	if err := sendSignal(r.cmd.Process, "TERM"); err != nil {
		return err
	}
	<-r.ended
	return nil
}

// stop and goOn keep it from running for a while.
func (r *redisServer) stop() error { return sendSignal(r.cmd.Process, "STOP") }
func (r *redisServer) goOn() error { return sendSignal(r.cmd.Process, "CONT") }

// forget removes what is on its disk, while it does not run.
func (r *redisServer) forget() error {
	return errors.Join(os.RemoveAll(r.dir), os.Mkdir(r.dir, 0o700))
}

func (r *redisServer) close() {
	_ = r.admin.Close()
	if r.ended != nil {
		r.kill()
	}
}
