package redisstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/redisstore"
)

// R143: whatever many callers do to the same keys at once, one of them gets each value, and indexes and entries stay in step.
func TestStressConcurrent(t *testing.T) {
	url := realURL(t)
	s := open(t, url, func(c *redisstore.Config) { c.Prefix = "{stress}:" })
	other := open(t, url, func(c *redisstore.Config) { c.Prefix = "{stress}:" })
	client := raw(t, url)
	ctx := context.Background()
	defer func() {
		for k := client.Scan(ctx, 0, "{stress}:*", 1000).Iterator(); k.Next(ctx); {
			client.Del(ctx, k.Val())
		}
	}()
	stores := []*redisstore.Store{s, other}
	keys := []string{"a b", "{x}", "a\nb", "i:a", "k:a", "l:a", "{stress}:k:a", "\x00", "\xff\xfe", "*", "?[a]"}
	indexes := []string{"a", "{y}", "k:a", "i:", "\x00\x00", "{stress}:k:a b", "x\ny"}
	var created, gone atomic.Int64
	var all sync.WaitGroup
	for w := range 16 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for range 800 {
				st := stores[r.IntN(2)]
				key := keys[r.IntN(len(keys))]
				var err error
				switch r.IntN(8) {
				case 0, 1, 2:
					v := bytes.Repeat([]byte{0, 'v', '\n'}, r.IntN(50))
					ttl := time.Hour
					n := r.IntN(len(indexes))
					err = st.Create(ctx, key, v, ttl, indexes[:n]...)
					if err == nil {
						created.Add(1)
					}
				case 3:
					_, err = st.Take(ctx, key)
					if err == nil {
						gone.Add(1)
					}
				case 4:
					_, err = st.Exchange(ctx, key, []byte(fmt.Sprint(w)), time.Duration(1+r.IntN(3))*time.Hour)
				case 5:
					var v []byte
					if v, err = st.Get(ctx, key); err == nil {
						err = st.Swap(ctx, key, v, []byte(fmt.Sprint("s", w)), time.Duration(1+r.IntN(3))*time.Hour)
					}
				case 6:
					var n int
					n, err = st.DeleteIndex(ctx, indexes[r.IntN(len(indexes))])
					gone.Add(int64(n))
				case 7:
					_, err = st.List(ctx, indexes[r.IntN(len(indexes))])
				}
				if err != nil && !errors.Is(err, store.ErrExists) && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrConflict) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	live := int64(0)
	for _, key := range keys {
		if _, err := s.Get(ctx, key); err == nil {
			live++
		}
	}
	if created.Load()-gone.Load() != live {
		t.Errorf("created %d, gone %d, live %d", created.Load(), gone.Load(), live)
	}
	for _, index := range indexes {
		members, err := s.List(ctx, index)
		if err != nil {
			t.Error(err)
		}
		for _, key := range members {
			if _, err := s.Get(ctx, key); err != nil {
				t.Errorf("%q in %q: %v", key, index, err)
			}
			kttl := client.PTTL(ctx, "{stress}:k:"+key).Val()
			ittl := client.PTTL(ctx, "{stress}:i:"+index).Val()
			if ittl < kttl-5*time.Millisecond {
				t.Errorf("index %q ends before %q: %s %s", index, key, ittl, kttl)
			}
		}
		if _, err := s.DeleteIndex(ctx, index); err != nil {
			t.Error(err)
		}
	}
	for _, key := range keys {
		_ = s.Delete(ctx, key)
	}
	if left := client.Keys(ctx, "{stress}:[ki]:*").Val(); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// An index of another type makes nothing half: what was refused is not there.
func TestStressForeignIndex(t *testing.T) {
	onServers(t, func(t *testing.T, url string) {
		s := open(t, url, func(c *redisstore.Config) { c.Prefix = "{atk2}:" })
		client := raw(t, url)
		ctx := t.Context()
		if err := client.Set(ctx, "{atk2}:i:a", "x", time.Minute).Err(); err != nil {
			t.Fatal(err)
		}
		err := s.Create(ctx, "k", []byte("v"), time.Minute, "a")
		if err == nil {
			t.Fatal("created")
		}
		if _, got := s.Get(ctx, "k"); !errors.Is(got, store.ErrNotFound) {
			t.Errorf("Create failed (%v), and the entry is there: %v", err, got)
		}
		client.Del(ctx, "{atk2}:k:k", "{atk2}:i:a")
	})
}

// One record that somebody has damaged does not keep the others of an index.
func TestStressDamagedMember(t *testing.T) {
	onServers(t, func(t *testing.T, url string) {
		s := open(t, url, func(c *redisstore.Config) { c.Prefix = "{atk3}:" })
		client := raw(t, url)
		ctx := t.Context()
		for i := range 4 {
			if err := s.Create(ctx, fmt.Sprint("k", i), []byte("v"), time.Duration(1+i)*time.Minute, "a"); err != nil {
				t.Fatal(err)
			}
		}
		client.Set(ctx, "{atk3}:k:k1", "x", time.Minute)
		n, err := s.DeleteIndex(ctx, "a")
		left, _ := s.List(ctx, "a")
		t.Logf("DeleteIndex = %d, %v; left %q", n, err, left)
		if err == nil && n == 3 {
			return
		}
		n2, err2 := s.DeleteIndex(ctx, "a")
		left2, _ := s.List(ctx, "a")
		t.Errorf("again = %d, %v; left %q", n2, err2, left2)
		client.Del(ctx, "{atk3}:k:k1", "{atk3}:i:a", "{atk3}:k:k2", "{atk3}:k:k3")
	})
}

// Values of 1 MiB, of none, with every byte.
func TestStressValues(t *testing.T) {
	onServers(t, func(t *testing.T, url string) {
		s := open(t, url)
		ctx := t.Context()
		big := make([]byte, 1<<20)
		for i := range big {
			big[i] = byte(i * 7)
		}
		for i, v := range [][]byte{nil, {}, {0}, {0, 0}, []byte("\x00\x05abc"), big} {
			k := fmt.Sprint("v", i)
			if err := s.Create(ctx, k, v, time.Minute, "a", "a", "b"); err != nil {
				t.Fatal(err)
			}
			got, err := s.Get(ctx, k)
			if err != nil || !bytes.Equal(got, v) {
				t.Errorf("%d: %d bytes, %v", i, len(got), err)
			}
			if err := s.Swap(ctx, k, v, v, time.Minute); err != nil {
				t.Error(err)
			}
			if got, err = s.Exchange(ctx, k, nil, time.Minute); err != nil || !bytes.Equal(got, v) {
				t.Errorf("%d: %d bytes, %v", i, len(got), err)
			}
			if got, err = s.Take(ctx, k); err != nil || len(got) != 0 {
				t.Errorf("%d: %d bytes, %v", i, len(got), err)
			}
		}
	})
}

// A full server refuses what needs memory, makes nothing half, and still deletes.
func TestStressOOM(t *testing.T) {
	url := realURL(t)
	client := raw(t, url)
	ctx := t.Context()
	s := open(t, url, func(c *redisstore.Config) { c.Prefix = "{atk4}:" })
	for i := range 6 {
		if err := s.Create(ctx, fmt.Sprint("k", i), []byte("v"), time.Minute, "a", "b"); err != nil {
			t.Fatal(err)
		}
	}
	client.ConfigSet(ctx, "maxmemory", "1")
	defer client.ConfigSet(ctx, "maxmemory", "0")
	if err := s.Create(ctx, "new", nil, time.Minute, "a"); err == nil || errors.Is(err, store.ErrExists) {
		t.Errorf("Create %v", err)
	}
	if err := s.Swap(ctx, "k0", []byte("v"), []byte("w"), time.Minute); err == nil || errors.Is(err, store.ErrConflict) {
		t.Errorf("Swap %v", err)
	}
	if _, err := s.Exchange(ctx, "k0", []byte("w"), time.Minute); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("Exchange %v", err)
	}
	if _, err := s.Limiter().Take(ctx, "l", 1, 1); err == nil {
		t.Error("Limiter")
	}
	if v, err := s.Get(ctx, "k0"); err != nil || string(v) != "v" {
		t.Errorf("Get %q %v", v, err)
	}
	if v, err := s.Take(ctx, "k1"); err != nil || string(v) != "v" {
		t.Errorf("Take %q %v", v, err)
	}
	if err := s.Delete(ctx, "k2"); err != nil {
		t.Errorf("Delete %v", err)
	}
	if l, err := s.List(ctx, "a"); err != nil || len(l) != 4 {
		t.Errorf("List %q %v", l, err)
	}
	if n, err := s.DeleteIndex(ctx, "a"); err != nil || n != 4 {
		t.Errorf("DeleteIndex %d %v", n, err)
	}
}

// SCRIPT FLUSH among many callers.
func TestStressFlush(t *testing.T) {
	url := realURL(t)
	client := raw(t, url)
	ctx := t.Context()
	s := open(t, url)
	var all sync.WaitGroup
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				client.ScriptFlush(ctx)
			}
		}
	}()
	for w := range 8 {
		all.Go(func() {
			for i := range 200 {
				k := fmt.Sprint(w, "-", i)
				if err := s.Create(ctx, k, []byte("v"), time.Minute, "a"); err != nil {
					t.Error(err)
				}
				if v, err := s.Take(ctx, k); err != nil || string(v) != "v" {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	close(stop)
}
