package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
)

func mustCreate(t *testing.T, m *Memory, key string, size int, ttl time.Duration, indexes ...string) {
	t.Helper()
	if err := m.Create(t.Context(), key, make([]byte, size), ttl, indexes...); err != nil {
		t.Fatalf("Create(%q) = %v", key, err)
	}
}

// R147: full means refused; no live entry makes room.
func TestMemoryRefusesWhenFull(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		m := NewMemory(MemoryConfig{MaxEntries: 3})
		for i := range 3 {
			mustCreate(t, m, fmt.Sprint("k", i), 1, time.Duration(i+1)*time.Minute)
		}
		if err := m.Create(t.Context(), "one more", nil, time.Hour); !errors.Is(err, ErrFull) {
			t.Fatalf("Create in a full store = %v, want ErrFull", err)
		}
		for i := range 3 {
			if _, err := m.Get(t.Context(), fmt.Sprint("k", i)); err != nil {
				t.Errorf("entry %d made room: %v", i, err)
			}
		}
		if err := m.Create(t.Context(), "k0", nil, time.Hour); !errors.Is(err, ErrExists) {
			t.Errorf("Create of a taken key in a full store = %v, want ErrExists", err)
		}
		time.Sleep(time.Minute)
		mustCreate(t, m, "one more", 1, time.Hour)
	})
}

func TestMemoryRoomFromTakeAndDelete(t *testing.T) {
	m := NewMemory(MemoryConfig{MaxEntries: 1})
	mustCreate(t, m, "a", 1, time.Hour)
	if _, err := m.Take(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	mustCreate(t, m, "b", 1, time.Hour)
	if err := m.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	mustCreate(t, m, "c", 1, time.Hour)
}

func TestMemoryBoundsBytes(t *testing.T) {
	const limit = 10_000
	m := NewMemory(MemoryConfig{MaxBytes: limit})
	if err := m.Create(t.Context(), "huge", make([]byte, limit), time.Hour); !errors.Is(err, ErrFull) {
		t.Fatalf("Create of %d bytes = %v, want ErrFull", limit, err)
	}
	mustCreate(t, m, "k", limit/2, time.Hour)
	old := make([]byte, limit/2)
	if err := m.Swap(t.Context(), "k", old, make([]byte, limit), time.Hour); !errors.Is(err, ErrFull) {
		t.Errorf("Swap for %d bytes = %v, want ErrFull", limit, err)
	}
	if err := m.Swap(t.Context(), "k", old, []byte("little"), time.Hour); err != nil {
		t.Errorf("Swap after a refused one = %v", err)
	}
	mustCreate(t, m, "k2", limit/2, time.Hour) // the room that the swap left
	if err := m.Create(t.Context(), "k3", make([]byte, limit/2), time.Hour); !errors.Is(err, ErrFull) {
		t.Errorf("Create beyond the limit = %v, want ErrFull", err)
	}
}

func TestMemoryCountsIndexBytes(t *testing.T) {
	m := NewMemory(MemoryConfig{MaxBytes: 5_000})
	indexes := make([]string, 20)
	for i := range indexes {
		indexes[i] = strings.Repeat(string(rune('a'+i)), 500)
	}
	if err := m.Create(t.Context(), "k", nil, time.Hour, indexes...); !errors.Is(err, ErrFull) {
		t.Errorf("Create with 10 kB of index names = %v, want ErrFull", err)
	}
	mustCreate(t, m, "k", 0, time.Hour, indexes[0])
}

// Expired entries leave nothing behind, though no goroutine sweeps: any later calls do it.
func TestMemoryPurges(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		m := NewMemory(MemoryConfig{})
		const n = 1000
		for i := range n {
			mustCreate(t, m, fmt.Sprint("k", i), 10, time.Duration(i+1)*time.Millisecond, "all", fmt.Sprint("own", i))
		}
		time.Sleep(time.Second)
		for range n/purgeStep + 1 {
			if _, err := m.Get(t.Context(), "absent"); !errors.Is(err, ErrNotFound) {
				t.Fatal(err)
			}
		}
		if len(m.entries) != 0 || len(m.indexes) != 0 || len(m.queue) != 0 || m.bytes != 0 {
			t.Errorf("left: %d entries, %d indexes, %d in queue, %d bytes", len(m.entries), len(m.indexes), len(m.queue), m.bytes)
		}
	})
}

func TestMemoryClosed(t *testing.T) {
	m := NewMemory(MemoryConfig{})
	mustCreate(t, m, "k", 1, time.Hour)
	for range 2 {
		if err := m.Close(); err != nil {
			t.Fatalf("Close = %v", err)
		}
	}
	if err := m.Create(t.Context(), "k", nil, time.Hour); !errors.Is(err, ErrClosed) {
		t.Errorf("Create after Close = %v, want ErrClosed", err)
	}
	if _, err := m.Get(t.Context(), "k"); !errors.Is(err, ErrClosed) {
		t.Errorf("Get after Close = %v, want ErrClosed", err)
	}
}

func BenchmarkMemoryCreateTake(b *testing.B) {
	m, ctx, value := NewMemory(MemoryConfig{}), context.Background(), make([]byte, 64)
	b.ReportAllocs()
	for b.Loop() {
		if err := m.Create(ctx, "key", value, time.Minute); err != nil {
			b.Fatal(err)
		}
		if _, err := m.Take(ctx, "key"); err != nil {
			b.Fatal(err)
		}
	}
}
