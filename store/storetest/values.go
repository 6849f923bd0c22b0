package storetest

import (
	"github.com/org/zscalermcp/store"
)

var valueChecks = []check{
	{"create and get", func(f *fixture) {
		f.mustCreate("k", "v", long)
		f.mustCreate("other", "w", long)
		f.wantValue("k", "v")
		f.wantValue("k", "v")
		f.wantValue("other", "w")
	}},
	{"absent key", func(f *fixture) {
		f.wantAbsent("k")
	}},
	{"create of a taken key changes nothing", func(f *fixture) {
		f.mustCreate("k", "v", short, "a")
		f.wantErr("second Create", f.Create(f.Context(), "k", []byte("w"), long, "b"), store.ErrExists)
		f.wantValue("k", "v")
		f.wantList("a", "k")
		f.wantList("b")
		f.advance(short)
		f.wantAbsent("k")
	}},
	{"take reads once", func(f *fixture) {
		f.mustCreate("k", "v", long, "a")
		got, err := f.Take(f.Context(), "k")
		if err != nil || string(got) != "v" {
			f.Fatalf("Take = %q, %v", got, err)
		}
		f.wantAbsent("k")
		f.wantList("a")
	}},
	{"create after take and after delete", func(f *fixture) {
		f.mustCreate("k", "v", long)
		if _, err := f.Take(f.Context(), "k"); err != nil {
			f.Fatal(err)
		}
		f.mustCreate("k", "w", long)
		f.wantValue("k", "w")
		if err := f.Delete(f.Context(), "k"); err != nil {
			f.Fatal(err)
		}
		f.wantAbsent("k")
		f.mustCreate("k", "x", long)
		f.wantValue("k", "x")
	}},
	{"delete leaves other keys", func(f *fixture) {
		f.mustCreate("k", "v", long)
		f.mustCreate("k2", "v2", long)
		if err := f.Delete(f.Context(), "k"); err != nil {
			f.Fatal(err)
		}
		f.wantValue("k2", "v2")
	}},
	{"empty and binary values", func(f *fixture) {
		f.mustCreate("empty", "", long)
		f.wantValue("empty", "")
		f.mustCreate("binary", "\x00\xff\r\n\"\\é", long)
		f.wantValue("binary", "\x00\xff\r\n\"\\é")
		f.mustSwap("empty", "", "full", long)
		f.wantValue("empty", "full")
	}},
	{"values are copied", func(f *fixture) {
		given := []byte("created")
		if err := f.Create(f.Context(), "k", given, long); err != nil {
			f.Fatal(err)
		}
		clear(given)
		f.wantValue("k", "created")
		given = []byte("swapped")
		if err := f.Swap(f.Context(), "k", []byte("created"), given, long); err != nil {
			f.Fatal(err)
		}
		clear(given)
		got, err := f.Get(f.Context(), "k")
		if err != nil {
			f.Fatal(err)
		}
		clear(got)
		f.wantValue("k", "swapped")
	}},
}

var swapChecks = []check{
	{"swap replaces the value", func(f *fixture) {
		f.mustCreate("k", "1", long)
		f.mustSwap("k", "1", "2", long)
		f.wantValue("k", "2")
		f.mustSwap("k", "2", "2", long)
		f.wantValue("k", "2")
	}},
	{"swap of another value changes nothing", func(f *fixture) {
		f.mustCreate("k", "1", short)
		for _, old := range []string{"", "2", "11", "1 "} {
			f.wantErr("Swap from "+old, f.Swap(f.Context(), "k", []byte(old), []byte("3"), long), store.ErrConflict)
		}
		f.wantValue("k", "1")
		f.advance(short)
		f.wantAbsent("k")
	}},
	{"swap keeps the indexes", func(f *fixture) {
		f.mustCreate("k", "1", long, "a", "b")
		f.mustSwap("k", "1", "2", long)
		f.wantList("a", "k")
		f.wantDeleteIndex("b", 1)
		f.wantAbsent("k")
		f.wantList("a")
	}},
}
