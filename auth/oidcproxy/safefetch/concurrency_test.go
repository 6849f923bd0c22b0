package safefetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/internal/bubble"
)

func contextFor(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}

// held is a world whose server answers when gate is closed.
func held(t *testing.T) (*world, chan struct{}) {
	gate := make(chan struct{})
	w := raw(t, func(conn net.Conn) {
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			_, _ = conn.Read(make([]byte, 1))
		}()
		select {
		case <-gate:
			_, _ = io.WriteString(conn, ok+good)
			_ = conn.Close()
		case <-gone:
		}
	})
	for i := range 70 {
		w.answers[fmt.Sprintf("c%d.%s", i, host)] = [][]netip.Addr{{public}}
	}
	return w, gate
}

func of(i int) string { return fmt.Sprintf("https://c%d.%s/id.json", i, host) }

// R39: beyond so many at once, in all and from one host, nobody waits; places are free again afterwards.
func TestConcurrency(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		w, open := held(t)
		f := w.fetcher()
		var all sync.WaitGroup
		start := func(url string) {
			all.Go(func() {
				if _, err := f.Get(t.Context(), url); err != nil {
					t.Errorf("%s: %v", url, err)
				}
			})
			synctest.Wait()
		}
		busy := func(url string) {
			t.Helper()
			began := time.Now()
			_, err := f.Get(t.Context(), url)
			demand(t, url, err, safefetch.ErrBusy)
			if time.Since(began) != 0 {
				t.Error("it waited")
			}
		}
		start(of(0))
		start(of(0))
		busy(of(0))
		for i := 2; i < 64; i++ {
			start(of(i))
		}
		dialled := len(w.dialled)
		busy(of(64))
		if dialled != 64 || len(w.dialled) != 64 {
			t.Errorf("dialled %d, then %d", dialled, len(w.dialled))
		}
		close(open)
		all.Wait()
		start(of(0))
		start(of(64))
		all.Wait()
		w.servers.Wait()
	})
}

// R39: many at once, some of which fail in each way, leave every place free.
func TestPlacesComeBack(t *testing.T) {
	w := raw(t, func(conn net.Conn) { _, _ = io.WriteString(conn, ok+good); _ = conn.Close() })
	w.answers["c1."+host] = [][]netip.Addr{{netip.MustParseAddr("10.0.0.1")}}
	f := w.fetcher(func(c *safefetch.Config) { c.Concurrent, c.ConcurrentPerHost = 3, 1 })
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			_, err := f.Get(t.Context(), []string{document, of(1), of(2), "https://localhost/id"}[i%4])
			if err == nil && i%4 != 0 {
				t.Error("got what is not there")
			}
		})
	}
	all.Wait()
	if _, err := f.Get(t.Context(), document); err != nil {
		t.Error(err)
	}
	w.servers.Wait()
}

// Close ends what is under way at once, waits for it, and lets nothing begin. That nothing is left over the bubble sees to.
func TestClose(t *testing.T) {
	for name, change := range map[string]func(*safefetch.Config){
		"reading":   func(*safefetch.Config) {},
		"resolving": func(c *safefetch.Config) { c.Resolver = waiting{} },
		"dialling": func(c *safefetch.Config) {
			c.Dial = func(ctx context.Context, _ string, _ netip.AddrPort) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		},
		"handshake": func(c *safefetch.Config) {
			c.Dial = func(context.Context, string, netip.AddrPort) (net.Conn, error) {
				near, far := net.Pipe()
				go func() { _, _ = io.Copy(io.Discard, far) }()
				return near, nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				w, _ := held(t)
				f := w.fetcher(change)
				began, ended := time.Now(), make(chan error, 1)
				go func() {
					_, err := f.Get(t.Context(), document)
					ended <- err
				}()
				time.Sleep(time.Second)
				f.Close()
				demand(t, name, <-ended, safefetch.ErrUnavailable)
				if time.Since(began) != time.Second {
					t.Errorf("after %s", time.Since(began))
				}
				dialled := len(w.dialled)
				_, err := f.Get(t.Context(), document)
				demand(t, "after Close", err, safefetch.ErrUnavailable)
				if len(w.dialled) != dialled {
					t.Error("dialled after Close")
				}
				f.Close() // a second one does nothing
				w.servers.Wait()
			})
		})
	}
}

// Close returns after what it ends, even if that takes a while.
func TestCloseWaits(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var left atomic.Bool
		w.reach = func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			time.Sleep(time.Second)
			left.Store(true)
			return nil, ctx.Err()
		}
		f := w.fetcher()
		go func() { _, _ = f.Get(t.Context(), document) }()
		synctest.Wait()
		if f.Close(); !left.Load() {
			t.Error("Close did not wait")
		}
	})
}

type waiting struct{}

func (waiting) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// R34: resolving and dialling are within the same time, and an address that is silent leaves some to the next one.
func TestDeadlineOfAddresses(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		w := raw(t, func(conn net.Conn) { _, _ = io.WriteString(conn, ok+good); _ = conn.Close() })
		silent := func(ctx context.Context, _ string, to netip.AddrPort) (net.Conn, error) {
			if to.Addr() != public {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return w.reach(ctx)
		}
		w.answers[host] = [][]netip.Addr{{netip.MustParseAddr("8.8.8.8"), public}}
		began := time.Now()
		if _, err := w.fetcher(func(c *safefetch.Config) { c.Dial = silent }).Get(t.Context(), document); err != nil || time.Since(began) != 2500*time.Millisecond {
			t.Errorf("%s, %v", time.Since(began), err)
		}
		began = time.Now()
		_, err := w.fetcher(func(c *safefetch.Config) { c.Resolver = waiting{} }).Get(t.Context(), document)
		if demand(t, "lookup", err, safefetch.ErrUnavailable); time.Since(began) != 5*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s, %v", time.Since(began), err)
		}
		w.servers.Wait()
	})
}
