//go:build unix

package auth_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// R134: a pipe would keep the server waiting and a device would not end: neither is opened, named or linked to.
func TestKeyFileIsNoPipeOrDevice(t *testing.T) {
	pipe, link := filepath.Join(t.TempDir(), "pipe"), filepath.Join(t.TempDir(), "link")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		noFIFO(t, err)
	}
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, link, "/dev/zero", os.DevNull} {
		refused := make(chan error, 1)
		go func() {
			_, err := auth.NewAPIKeys(auth.APIKeysConfig{Path: path})
			refused <- err
		}()
		select {
		case err := <-refused:
			if err == nil || !strings.Contains(err.Error(), path+" is not a regular file") {
				t.Errorf("%s: %v", path, err)
			}
		case <-time.After(10 * time.Second): // it never comes
			t.Fatalf("%s: it waits", path)
		}
	}
}

// D89: a file that a pipe has replaced, or that everybody may now write, leaves the keys in force.
func TestKeyFileBecomesAPipe(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newKeysFile(t, fileOf(entry("a", fileKey)))
		a := f.open()
		f.replace(fileOf(entry("b", otherKey)))
		if err := os.Chmod(f.path, 0o666); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		expectKeys(t, "for everybody to write", a, map[string]int{fileKey: http.StatusOK, otherKey: http.StatusUnauthorized})
		if err := os.Chmod(f.path, 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		expectKeys(t, "private again", a, map[string]int{otherKey: http.StatusOK})
		expectKeys(t, "private again", a, map[string]int{fileKey: http.StatusUnauthorized})
		if err := os.Remove(f.path); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(f.path, 0o600); err != nil {
			noFIFO(t, err)
		}
		time.Sleep(time.Second)
		expectKeys(t, "a pipe", a, map[string]int{otherKey: http.StatusOK})
		if err := a.Reload(); err == nil {
			t.Error("a pipe is read")
		}
	})
}

// noFIFO skips a test on a file system that has no pipes, and nowhere else.
func noFIFO(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EPERM) { // mkfifo(3)
		t.Skip(err)
	}
	t.Fatal(err)
}
