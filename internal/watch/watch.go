// Package watch tells when files have changed, by looking at them again and again. It needs no support of the operating system, and
// sees what notifications miss: a symbolic link that leads elsewhere (as Kubernetes replaces secrets), network file systems, bind mounts.
package watch

import (
	"context"
	"os"
	"time"
)

const (
	// defaultEvery is the time between two looks where none is given.
	defaultEvery = time.Second
	// patience is for how many looks in a row files may go on changing before that is told all the same.
	patience = 10
)

// Files are files that may change. One Files is for one [Files.Run].
type Files struct {
	paths func() []string
	seen  map[string]os.FileInfo // nil for what is not there, or may not be looked at
}

// New looks at the files of paths for the first time. Call it before their content is read, so that no change is lost between that
// and Run. Paths is asked before each look; a path that it did not name before counts as changed, one that it no longer names does not.
func New(paths func() []string) *Files {
	f := &Files{paths: paths}
	f.seen = f.look()
	return f
}

// Run looks at the files until ctx is done, and calls changed after one of them has come, gone, or got another target, size or
// modification time. Files that are being written are given time: changed is called at the first look that finds all of them as the one
// before did, so that a certificate and its key are read together, or at the tenth at the latest. It is called in Run's goroutine, and
// what changes meanwhile is told by another call. Every is the time between the end of a look and the next; what is not positive is a second.
func (f *Files) Run(ctx context.Context, every time.Duration, changed func()) {
	if every <= 0 {
		every = defaultEvery
	}
	moving := 0 // looks since the change that is yet to be told
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
		now := f.look()
		rests := f.rests(now)
		f.seen = now
		if rests && moving == 0 {
			continue
		}
		if moving++; rests || moving >= patience {
			moving = 0
			changed()
		}
	}
}

// look returns what is there now.
func (f *Files) look() map[string]os.FileInfo {
	now := map[string]os.FileInfo{}
	for _, path := range f.paths() {
		info, err := os.Stat(path)
		if err != nil {
			info = nil
		}
		os.SameFile(info, info) // Windows asks which file it is at the first comparison, which must not come after it was replaced
		now[path] = info
	}
	return now
}

// rests reports whether a look found the files as the one before did.
func (f *Files) rests(now map[string]os.FileInfo) bool {
	for path, info := range now {
		if before, known := f.seen[path]; !known || !same(before, info) {
			return false
		}
	}
	return true
}

// same reports whether two looks found the same file, or none.
func same(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	another := !os.SameFile(a, b) && os.SameFile(a, a) && os.SameFile(b, b) // a file that Windows cannot tell from others is not even itself
	return !another && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}
