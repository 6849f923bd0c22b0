package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/store"
)

// Times to live. Whole seconds: no backend is coarser.
const (
	short = 1 * time.Second
	long  = time.Hour
)

// A fixture is a test with its store, and with the calls that most checks make.
type fixture struct {
	*testing.T
	store.Store
	advance func(time.Duration)
}

func (f *fixture) mustCreate(key, value string, ttl time.Duration, indexes ...string) {
	f.Helper()
	if err := f.Create(f.Context(), key, []byte(value), ttl, indexes...); err != nil {
		f.Fatalf("Create(%q) = %v", key, err)
	}
}

func (f *fixture) mustSwap(key, old, value string, ttl time.Duration) {
	f.Helper()
	if err := f.Swap(f.Context(), key, []byte(old), []byte(value), ttl); err != nil {
		f.Fatalf("Swap(%q, %q) = %v", key, old, err)
	}
}

func (f *fixture) wantErr(what string, err, want error) {
	f.Helper()
	if !errors.Is(err, want) {
		f.Errorf("%s: error %v, want %v", what, err, want)
	}
}

// wantValue checks that key is there with this value.
func (f *fixture) wantValue(key, want string) {
	f.Helper()
	got, err := f.Get(f.Context(), key)
	if err != nil || string(got) != want {
		f.Errorf("Get(%q) = %q, %v; want %q", key, got, err, want)
	}
}

// wantAbsent checks that no method finds key.
func (f *fixture) wantAbsent(key string) {
	f.Helper()
	_, err := f.Get(f.Context(), key)
	f.wantErr("Get of absent key "+key, err, store.ErrNotFound)
	_, err = f.Take(f.Context(), key)
	f.wantErr("Take of absent key "+key, err, store.ErrNotFound)
	err = f.Swap(f.Context(), key, []byte("v"), []byte("w"), long)
	f.wantErr("Swap of absent key "+key, err, store.ErrNotFound)
	if err := f.Delete(f.Context(), key); err != nil {
		f.Errorf("Delete of absent key %s: %v", key, err)
	}
}

func (f *fixture) wantList(index string, want ...string) {
	f.Helper()
	got, err := f.List(f.Context(), index)
	if err != nil {
		f.Fatalf("List(%q) = %v", index, err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		f.Errorf("List(%q) (-want +got):\n%s", index, diff)
	}
}

func (f *fixture) wantDeleteIndex(index string, want int) {
	f.Helper()
	if n, err := f.DeleteIndex(f.Context(), index); err != nil || n != want {
		f.Errorf("DeleteIndex(%q) = %d, %v; want %d", index, n, err, want)
	}
}
