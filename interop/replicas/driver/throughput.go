package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"time"
)

// options of the throughput, and where the program is.
type options struct {
	program string
	lasts   time.Duration
	grants  int
	clients int // for each replica
	share   int
}

// throughput measures refreshes with one, two and three replicas of one core each, where the identity provider is asked and where it gave no refresh token,
// and then what Redis does without replicas. It prints a table. Redis writes to its disk every second, as the documentation recommends at the least.
func throughput(ctx context.Context, o options) error {
	fmt.Println("identity provider  replicas  refreshes/s  replicas' CPU  Redis' CPU  driver's CPU  CPU of a refresh: replica, Redis")
	for _, online := range []bool{false, true} {
		for n := 1; n <= 3; n++ {
			set := setting{program: o.program, replicas: n, grace: time.Second, direct: true, online: online, one: true}
			err := inWorld(ctx, set, func(ctx context.Context, w *world) error { return w.refreshing(ctx, o) })
			if err != nil {
				return err
			}
		}
	}
	return inWorld(ctx, setting{program: o.program, replicas: 1, direct: true}, func(ctx context.Context, w *world) error { return w.redisAlone(ctx, o) })
}

// refreshing prints a row of the table.
func (w *world) refreshing(ctx context.Context, o options) error {
	if err := w.redis.admin.ConfigSet(ctx, "appendfsync", "everysec").Err(); err != nil {
		return err
	}
	users := make([]*flow, o.grants)
	for from := 0; from < len(users); from += o.clients {
		err := inParallel(min(o.clients, len(users)-from), func(i int) (err error) {
			users[from+i], err = w.prepared(ctx, i, allSteps)
			return err
		})
		if err != nil {
			return err
		}
	}
	sharing, end := context.WithCancel(ctx)
	defer end()
	for _, r := range w.replicas {
		if o.share > 0 {
			defer r.limit(sharing, o.share)()
		}
	}
	var count atomic.Int64
	before, err := w.used()
	if err != nil {
		return err
	}
	start := time.Now()
	clients := min(o.clients*len(w.replicas), len(users))
	err = inParallel(clients, func(i int) error {
		for at := i; time.Since(start) < o.lasts; at += clients {
			if at >= len(users) {
				at = i
			}
			if err := users[at].renew(ctx); err != nil {
				return err
			}
			count.Add(1)
		}
		return nil
	})
	if err != nil {
		return err
	}
	after, err := w.used()
	if err != nil {
		return err
	}
	asked := "is asked"
	if w.set.online {
		asked = "is not asked"
	}
	spent := after.since(before)
	each := float64(count.Load())
	spent.print(fmt.Sprintf("%-17s  %8d", asked, len(w.replicas)), each, time.Since(start))
	return nil
}

// limit lets a process use a share of one core in percent, in periods of a tenth of a second, as a container with such a limit may. The returned function
// waits until that has ended with ctx.
func (r *replica) limit(ctx context.Context, percent int) func() {
	const loop = `while kill -CONT "$0" 2>/dev/null; do sleep "$1"; kill -STOP "$0"; sleep "$2"; done`
	seconds := func(percent int) string { return strconv.FormatFloat(float64(percent)/1000, 'f', 3, 64) }
	cmd := exec.CommandContext(ctx, "sh", "-c", loop, strconv.Itoa(r.cmd.Process.Pid), seconds(percent), seconds(100-percent))
	if err := cmd.Start(); err != nil {
		return func() {}
	}
	return func() {
		_ = cmd.Cancel() // it runs until it is killed
		_ = cmd.Wait()
		_ = sendSignal(r.cmd.Process, "CONT") // the process may have ended
	}
}

// A usage is the time of processors that has been used, in seconds.
type usage struct{ replicas, redis, driver float64 }

func (w *world) used() (u usage, err error) {
	for _, r := range w.replicas {
		one, err := usedCPU(r.cmd.Process.Pid)
		if err != nil {
			return u, err
		}
		u.replicas += one
	}
	var err2 error
	u.redis, err = usedCPU(w.redis.cmd.Process.Pid)
	u.driver, err2 = usedCPU(os.Getpid())
	return u, errors.Join(err, err2)
}

func (u usage) since(before usage) usage {
	return usage{u.replicas - before.replicas, u.redis - before.redis, u.driver - before.driver}
}

// print prints a row of the table: shares are of one core.
func (u usage) print(what string, count float64, lasted time.Duration) {
	s := lasted.Seconds()
	fmt.Printf("%s  %11.0f  %12.0f%%  %9.0f%%  %11.0f%%  %.0f µs, %.0f µs\n", what, count/s, 100*u.replicas/s, 100*u.redis/s, 100*u.driver/s, 1e6*u.replicas/count, 1e6*u.redis/count)
}
