package storetest

import (
	"context"
	"strings"
	"time"

	"github.com/org/zscalermcp/store"
)

var inputChecks = []check{
	{"names of 512 bytes", func(f *fixture) {
		name := strings.Repeat("n", 512)
		f.mustCreate(name, "v", long, name)
		f.wantValue(name, "v")
		f.wantList(name, name)
		f.mustSwap(name, "v", "w", long)
		f.wantValue(name, "w")
	}},
	{"names too long or empty", func(f *fixture) {
		ctx, v := f.Context(), []byte("v")
		for _, bad := range []string{"", strings.Repeat("n", 513)} {
			f.wantErr("Create with a bad key", f.Create(ctx, bad, v, long), store.ErrInvalid)
			f.wantErr("Create with a bad index", f.Create(ctx, "k", v, long, "a", bad), store.ErrInvalid)
			f.wantErr("Swap of a bad key", f.Swap(ctx, bad, v, v, long), store.ErrInvalid)
		}
		f.wantAbsent("k")
		f.wantList("a")
	}},
	{"time to live not positive", func(f *fixture) {
		f.mustCreate("k", "v", long)
		for _, ttl := range []time.Duration{0, -1, -time.Hour} {
			f.wantErr("Create", f.Create(f.Context(), "new", nil, ttl), store.ErrInvalid)
			f.wantErr("Swap", f.Swap(f.Context(), "k", []byte("v"), []byte("w"), ttl), store.ErrInvalid)
		}
		f.wantAbsent("new")
		f.wantValue("k", "v")
	}},
	{"names with odd characters", func(f *fixture) {
		odd := []string{"a:b", "{a}", "a b", "*", "é\x00", "a\nb"}
		for _, name := range odd {
			f.mustCreate(name, name, long, name)
		}
		for _, name := range odd {
			f.wantValue(name, name)
			f.wantList(name, name)
		}
	}},
	{"ended context changes nothing", func(f *fixture) {
		f.mustCreate("k", "v", long, "a")
		ctx, cancel := context.WithCancel(f.Context())
		cancel()
		f.wantErr("Create", f.Create(ctx, "new", nil, long), context.Canceled)
		_, err := f.Get(ctx, "k")
		f.wantErr("Get", err, context.Canceled)
		_, err = f.Take(ctx, "k")
		f.wantErr("Take", err, context.Canceled)
		f.wantErr("Swap", f.Swap(ctx, "k", []byte("v"), []byte("w"), long), context.Canceled)
		f.wantErr("Delete", f.Delete(ctx, "k"), context.Canceled)
		_, err = f.List(ctx, "a")
		f.wantErr("List", err, context.Canceled)
		_, err = f.DeleteIndex(ctx, "a")
		f.wantErr("DeleteIndex", err, context.Canceled)
		f.wantValue("k", "v")
		f.wantList("a", "k")
		f.wantAbsent("new")
	}},
}
