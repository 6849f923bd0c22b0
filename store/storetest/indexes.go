package storetest

import "github.com/org/zscalermcp/store"

var indexChecks = []check{
	{"list is sorted and apart per index", func(f *fixture) {
		f.mustCreate("k3", "v", long, "a")
		f.mustCreate("k1", "v", long, "a", "b")
		f.mustCreate("k2", "v", long, "a")
		f.mustCreate("k4", "v", long)
		f.wantList("a", "k1", "k2", "k3")
		f.wantList("b", "k1")
		f.wantList("none")
	}},
	{"index named twice counts once", func(f *fixture) {
		f.mustCreate("k", "v", long, "a", "a")
		f.wantList("a", "k")
		f.wantDeleteIndex("a", 1)
	}},
	{"index and key may share a name", func(f *fixture) {
		f.mustCreate("same", "v", long, "same")
		f.wantValue("same", "v")
		f.wantList("same", "same")
	}},
	{"deleted and taken keys leave every index", func(f *fixture) {
		f.mustCreate("k1", "v", long, "a", "b")
		f.mustCreate("k2", "v", long, "a", "b")
		f.mustCreate("k3", "v", long, "a", "b")
		if err := f.Delete(f.Context(), "k1"); err != nil {
			f.Fatal(err)
		}
		if _, err := f.Take(f.Context(), "k2"); err != nil {
			f.Fatal(err)
		}
		f.wantList("a", "k3")
		f.wantList("b", "k3")
		f.wantDeleteIndex("a", 1)
	}},
	{"delete index", func(f *fixture) {
		f.mustCreate("k1", "v", long, "a", "b")
		f.mustCreate("k2", "v", long, "a")
		f.mustCreate("k3", "v", long, "b")
		f.wantDeleteIndex("none", 0)
		f.wantDeleteIndex("a", 2)
		f.wantDeleteIndex("a", 0)
		f.wantAbsent("k1")
		f.wantAbsent("k2")
		f.wantValue("k3", "v")
		f.wantList("a")
		f.wantList("b", "k3")
	}},
	{"key made again has only its new indexes", func(f *fixture) {
		f.mustCreate("k", "v", short, "old")
		f.advance(short)
		f.mustCreate("k", "v", long, "new")
		f.wantList("old")
		f.wantList("new", "k")
		f.wantDeleteIndex("old", 0)
		f.wantValue("k", "v")
		f.wantErr("Create", f.Create(f.Context(), "k", nil, long), store.ErrExists)
	}},
}
