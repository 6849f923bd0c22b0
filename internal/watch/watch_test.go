package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/internal/watch"
)

const every = time.Second

// A watched counts the changes that it is told of.
type watched struct {
	told atomic.Int32
	stop func() // ends Run and waits for it
}

// watching runs a watch in the bubble. Paths are looked at when it returns.
func watching(t *testing.T, paths func() []string, changed func()) *watched {
	t.Helper()
	w := &watched{}
	files := watch.New(paths)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		files.Run(ctx, every, func() {
			w.told.Add(1)
			changed()
		})
	}()
	w.stop = func() {
		cancel()
		<-done
	}
	synctest.Wait()
	return w
}

// wait lets so many looks pass.
func wait(looks int) {
	time.Sleep(time.Duration(looks) * every)
	synctest.Wait()
}

func fixed(paths ...string) func() []string { return func() []string { return paths } }

func nothing() {}

// moment is when files were modified, for tests that change nothing else.
var moment = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	touch(t, path, moment)
}

func touch(t *testing.T, path string, when time.Time) {
	t.Helper()
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Each kind of change is told once, and nothing is told of a file that rests or is only read.
func TestChanges(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *testing.T, path string)
		want   int32
	}{
		"none": {func(*testing.T, string) {}, 0},
		"read": {func(t *testing.T, path string) {
			_, err := os.ReadFile(path)
			must(t, err)
		}, 0},
		"other rights":    {func(t *testing.T, path string) { must(t, os.Chmod(path, 0o640)) }, 0},
		"size":            {func(t *testing.T, path string) { write(t, path, "longer") }, 1},
		"time":            {func(t *testing.T, path string) { touch(t, path, moment.Add(time.Microsecond)) }, 1},
		"an earlier time": {func(t *testing.T, path string) { touch(t, path, moment.Add(-time.Hour)) }, 1},
		"replaced by one of the same size and time": {func(t *testing.T, path string) {
			write(t, path+".new", "text")
			must(t, os.Rename(path+".new", path))
		}, 1},
		"gone": {func(t *testing.T, path string) { must(t, os.Remove(path)) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			write(t, path, "text")
			bubble.Test(t, func(t *testing.T) {
				w := watching(t, fixed(path), nothing)
				defer w.stop()
				wait(3)
				test.change(t, path)
				wait(5)
				if w.told.Load() != test.want {
					t.Errorf("told %d times, want %d", w.told.Load(), test.want)
				}
			})
		})
	}
}

// A file that comes, or comes back, is told, also if it is the same as before.
func TestComingAndGoing(t *testing.T) {
	dir := t.TempDir()
	path, aside := filepath.Join(dir, "file"), filepath.Join(dir, "aside")
	bubble.Test(t, func(t *testing.T) {
		w := watching(t, fixed(path), nothing)
		defer w.stop()
		steps := []func(){
			func() { write(t, path, "text") },
			func() { must(t, os.Rename(path, aside)) },
			func() { must(t, os.Rename(aside, path)) },
		}
		for i, step := range steps {
			step()
			wait(3)
			if int(w.told.Load()) != i+1 {
				t.Fatalf("step %d: told %d times", i+1, w.told.Load())
			}
		}
	})
}

// Kubernetes replaces a mounted secret by switching the link ..data, over which the file is reached, to another folder.
func TestSwitchedFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	dir := t.TempDir()
	for _, version := range []string{"..1", "..2"} {
		must(t, os.Mkdir(filepath.Join(dir, version), 0o700))
		write(t, filepath.Join(dir, version, "tls.key"), "text") // size and time are the same
	}
	data, path := filepath.Join(dir, "..data"), filepath.Join(dir, "tls.key")
	must(t, os.Symlink("..1", data))
	must(t, os.Symlink(filepath.Join("..data", "tls.key"), path))
	bubble.Test(t, func(t *testing.T) {
		w := watching(t, fixed(path), nothing)
		defer w.stop()
		must(t, os.Symlink("..2", data+"_tmp"))
		must(t, os.Rename(data+"_tmp", data))
		wait(3)
		if w.told.Load() != 1 {
			t.Errorf("told %d times", w.told.Load())
		}
	})
}

// A change between New and Run, when the file is read for the first time, is told.
func TestNoChangeIsLostBeforeRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "text")
	bubble.Test(t, func(t *testing.T) {
		files := watch.New(fixed(path))
		write(t, path, "another")
		ctx, cancel := context.WithTimeout(t.Context(), 5*every)
		defer cancel()
		told := 0
		files.Run(ctx, every, func() { told++ })
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}

// A file that is being written is told of when it rests, and with it the others; one that never rests keeps nothing back for ever.
func TestFilesThatAreBeingWritten(t *testing.T) {
	dir := t.TempDir()
	certificate, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	bubble.Test(t, func(t *testing.T) {
		var read atomic.Value
		seen := func() string { return read.Load().(string) }
		w := watching(t, fixed(certificate, key), func() {
			data, _ := os.ReadFile(key)
			read.Store(string(data))
		})
		defer w.stop()
		time.Sleep(every / 2) // between two looks
		write(t, certificate, "certificate")
		for n := range 5 {
			write(t, key, strings.Repeat("x", n+1))
			wait(1)
			if w.told.Load() != 0 {
				t.Fatalf("told after part %d of the file", n+1)
			}
		}
		wait(1)
		if w.told.Load() != 1 || seen() != "xxxxx" {
			t.Errorf("at rest: told %d times, %q is read", w.told.Load(), seen())
		}
		for n := range 19 {
			write(t, key, strings.Repeat("y", n+1))
			wait(1)
		}
		if w.told.Load() != 2 {
			t.Errorf("never at rest: told %d times in 19 looks", w.told.Load()-1)
		}
		wait(2)
		if w.told.Load() != 3 || len(seen()) != 19 {
			t.Errorf("at rest again: told %d times, %q is read", w.told.Load()-1, seen())
		}
	})
}

// What changes while the change before is told is not lost, even if that takes long.
func TestChangesMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	bubble.Test(t, func(t *testing.T) {
		again := true
		w := watching(t, fixed(path), func() {
			if again {
				again = false
				write(t, path, "while it is told")
				time.Sleep(10 * every)
			}
		})
		defer w.stop()
		write(t, path, "text")
		wait(20)
		if w.told.Load() != 2 {
			t.Errorf("told %d times", w.told.Load())
		}
	})
}

// The list of files may change: what is new in it is told, what has left it is not looked at.
func TestAnotherList(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	write(t, one, "text")
	write(t, two, "text")
	bubble.Test(t, func(t *testing.T) {
		var list atomic.Pointer[[]string]
		list.Store(&[]string{one})
		w := watching(t, func() []string { return *list.Load() }, nothing)
		defer w.stop()
		list.Store(&[]string{one, two})
		wait(3)
		if w.told.Load() != 1 {
			t.Errorf("a file more: told %d times", w.told.Load())
		}
		list.Store(&[]string{two})
		wait(3)
		write(t, one, "changed")
		wait(3)
		if w.told.Load() != 1 {
			t.Errorf("a file less: told %d times", w.told.Load())
		}
		write(t, two, "changed")
		wait(3)
		if w.told.Load() != 2 {
			t.Errorf("the other one: told %d times", w.told.Load())
		}
	})
}

// Run ends with its context, whatever the interval is, and tells nothing more.
func TestEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, every := range []time.Duration{-1, 0, time.Hour} {
		bubble.Test(t, func(t *testing.T) {
			files := watch.New(fixed(path))
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			began := time.Now()
			files.Run(ctx, every, func() { t.Error("told") })
			if took := time.Since(began); took != time.Minute {
				t.Errorf("every %v: ended after %v", every, took)
			}
		})
	}
}
