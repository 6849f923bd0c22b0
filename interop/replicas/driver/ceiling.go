package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/org/zscalermcp/store/redisstore"
)

// recordSize is that of a grant, with the room for a lease and two retired tokens, in bytes.
const recordSize = 2 << 10

// redisAlone prints what Redis does when one process asks it what refreshes ask, and does nothing else.
func (w *world) redisAlone(ctx context.Context, o options) error {
	if err := w.redis.admin.ConfigSet(ctx, "appendfsync", "everysec").Err(); err != nil {
		return err
	}
	shared, err := redisstore.New(ctx, redisstore.Config{URL: redisstore.Secret("redis://" + w.redis.addr)})
	if err != nil {
		return err
	}
	defer func() { _ = shared.Close() }()
	var count atomic.Int64
	before, err := w.used()
	if err != nil {
		return err
	}
	start := time.Now()
	err = inParallel(o.clients, func(int) error {
		key, value := rand.Text(), make([]byte, recordSize)
		if err := shared.Create(ctx, key, value, time.Hour, "user/"+key, "client/"+key); err != nil {
			return err
		}
		for time.Since(start) < o.lasts {
			if _, err := shared.Get(ctx, key); err != nil {
				return err
			}
			for range 2 {
				next := bytes.Clone(value)
				next[0]++
				if err := shared.Swap(ctx, key, value, next, time.Hour); err != nil {
					return err
				}
				value = next
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
	after.since(before).print(fmt.Sprintf("%-17s  %8s", "Redis alone", "none"), float64(count.Load()), time.Since(start))
	return nil
}

// usedCPU is the time of processors that a process has used, in seconds (utime and stime of proc(5)).
func usedCPU(pid int) (float64, error) {
	const ticks = 100 // in a second, everywhere
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // behind the name
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	user, err := strconv.ParseFloat(fields[11], 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks, err
}
