package storetest

import "time"

var expiryChecks = []check{
	{"entries expire", func(f *fixture) {
		f.mustCreate("k", "v", 2*short, "a")
		f.mustCreate("longer", "v", long, "a")
		f.advance(short)
		f.wantValue("k", "v")
		f.wantList("a", "k", "longer")
		f.advance(short)
		f.wantAbsent("k")
		f.wantList("a", "longer")
		f.wantValue("longer", "v")
	}},
	{"expired key can be created", func(f *fixture) {
		f.mustCreate("k", "v", short)
		f.advance(short)
		f.mustCreate("k", "w", 2*short)
		f.advance(short)
		f.wantValue("k", "w")
		f.advance(short)
		f.wantAbsent("k")
	}},
	{"delete index counts live keys only", func(f *fixture) {
		f.mustCreate("k", "v", short, "a")
		f.mustCreate("longer", "v", long, "a")
		f.advance(short)
		f.wantDeleteIndex("a", 1)
		f.wantAbsent("longer")
	}},
	{"swap gives a longer time to live", func(f *fixture) {
		f.mustCreate("k", "1", short, "a")
		f.mustSwap("k", "1", "2", 3*short)
		f.advance(2 * short)
		f.wantValue("k", "2")
		f.wantList("a", "k")
		f.advance(short)
		f.wantAbsent("k")
		f.wantList("a")
	}},
	{"swap gives a shorter time to live", func(f *fixture) {
		f.mustCreate("k", "1", long, "a")
		f.mustSwap("k", "1", "2", short)
		f.advance(short)
		f.wantAbsent("k")
		f.wantList("a")
	}},
	{"get and list do not prolong", func(f *fixture) {
		f.mustCreate("k", "v", 2*short, "a")
		f.advance(short)
		f.wantValue("k", "v")
		f.wantList("a", "k")
		f.advance(short)
		f.wantAbsent("k")
	}},
	{"index outlives its shortest key", func(f *fixture) {
		f.mustCreate("longer", "v", long, "a")
		f.mustCreate("k", "v", short, "a")
		f.advance(2 * short)
		f.wantList("a", "longer")
	}},
	{"long times to live", func(f *fixture) {
		f.mustCreate("k", "v", 400*24*time.Hour)
		f.advance(short)
		f.wantValue("k", "v")
	}},
}
