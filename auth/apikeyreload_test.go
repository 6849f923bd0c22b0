package auth_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// expectKeys checks which keys are accepted now.
func expectKeys(t *testing.T, when string, a *auth.APIKeys, want map[string]int) {
	t.Helper()
	for key, status := range want {
		if got := statusOf(t, a, key); got != status {
			t.Errorf("%s: %s gets %d, want %d", when, key, got, status)
		}
	}
}

// R134, D89: however the file is changed, the next look, a second after the last one, sees it.
func TestKeyFileIsReadAgain(t *testing.T) {
	for name, change := range map[string]func(f *keysFile, text string){
		"in place": func(f *keysFile, text string) { f.write(f.path, text) },
		"rename":   func(f *keysFile, text string) { f.replace(text) },
		"removed first": func(f *keysFile, text string) {
			if err := os.Remove(f.path); err != nil {
				f.t.Fatal(err)
			}
			f.write(f.path, text)
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				f := newKeysFile(t, fileOf(entry("a", fileKey)))
				a := f.open(auth.APIKey{Name: "fixed", Key: goodKey})
				expectKeys(t, "before", a, map[string]int{fileKey: 200, otherKey: 401, goodKey: 200})
				change(f, fileOf(entry("b", otherKey)))
				time.Sleep(time.Second - 1)
				expectKeys(t, "before the next look", a, map[string]int{fileKey: 200, otherKey: 401, goodKey: 200})
				time.Sleep(time.Nanosecond)
				statusOf(t, a, "wakes-0123456789abcdef")
				expectKeys(t, "after the change", a, map[string]int{fileKey: 401, otherKey: 200, goodKey: 200})
				change(f, fileOf(entry("a", fileKey), entry("b", otherKey)))
				time.Sleep(time.Second)
				expectKeys(t, "while both are valid", a, map[string]int{otherKey: 200, fileKey: 200})
				change(f, fileOf())
				time.Sleep(time.Second)
				expectKeys(t, "when all are revoked", a, map[string]int{otherKey: 401, fileKey: 401, goodKey: 200})
				holdsNone(t, "the log", f.log.String(), fileKey, otherKey, digestOf(fileKey), digestOf(otherKey))
			})
		})
	}
}

// R134: whoever reads a key that has expired into a server is told, at the start and on each reading.
func TestKeyFileWarnsOfExpiredKeys(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		end := time.Now().Add(time.Minute).UTC().Format(time.RFC3339)
		f := newKeysFile(t, fileOf(entry("a", fileKey, `"expires":"`+end+`"`)))
		a := f.open()
		warning := `"level":"WARN","msg":"an API key has expired"`
		if f.logged(warning) != 0 {
			t.Errorf("a key that is valid is warned of: %s", f.log.String())
		}
		time.Sleep(time.Minute)
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
		if f.logged(warning) != 1 || f.logged(`"name":"a"`) != 1 {
			t.Errorf("the log says %q", f.log.String())
		}
		holdsNone(t, "the log", f.log.String(), fileKey, digestOf(fileKey))
	})
}

// D89: the first request with a new key is accepted, and the first with a removed one refused, once the second is over.
func TestKeyFileCountsForTheRequestThatLooks(t *testing.T) {
	for key, want := range map[string]int{fileKey: 401, otherKey: 200} {
		bubble.Test(t, func(t *testing.T) {
			f := newKeysFile(t, fileOf(entry("a", fileKey)))
			a := f.open()
			f.replace(fileOf(entry("b", otherKey)))
			time.Sleep(time.Second)
			expectKeys(t, "first request", a, map[string]int{key: want})
		})
	}
}

// D89: a mounted Kubernetes secret changes by a link to another directory; size and time of the files may be alike.
func TestKeyFileBehindASwappedLink(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newKeysFile(t, fileOf(entry("a", fileKey)))
		dir := filepath.Dir(f.path)
		version := func(name, text string) {
			if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
				t.Fatal(err)
			}
			f.version = 100
			f.write(filepath.Join(dir, name, "keys.json"), text)
		}
		point := func(name string) {
			if err := os.Symlink(name, filepath.Join(dir, "..tmp")); err != nil {
				noSymlink(t, err)
			}
			if err := os.Rename(filepath.Join(dir, "..tmp"), filepath.Join(dir, "..data")); err != nil {
				t.Fatal(err)
			}
		}
		version("..1", fileOf(entry("a", fileKey)))
		version("..2", fileOf(entry("a", otherKey)))
		point("..1")
		if err := os.Remove(f.path); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join("..data", "keys.json"), f.path); err != nil {
			noSymlink(t, err)
		}
		a := f.open()
		expectKeys(t, "before", a, map[string]int{fileKey: 200, otherKey: 401})
		point("..2")
		time.Sleep(time.Second)
		expectKeys(t, "after the swap", a, map[string]int{otherKey: 200, fileKey: 401})
	})
}

// D89: a file that is broken or gone leaves the keys in force, and is told of once, as is its mend.
func TestKeyFileBreaks(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newKeysFile(t, fileOf(entry("a", fileKey)))
		a := f.open()
		const failed, mended = "were not read again", "API keys read again"
		seconds := func(when string, failures, mends int) {
			t.Helper()
			for range 5 {
				time.Sleep(time.Second)
				for range 20 {
					expectKeys(t, when, a, map[string]int{fileKey: 200, otherKey: 401})
				}
			}
			if f.logged(failed) != failures || f.logged(mended) != mends {
				t.Fatalf("%s: %d failures and %d mends are logged, want %d and %d: %s", when, f.logged(failed), f.logged(mended), failures, mends, f.log.String())
			}
		}
		seconds("unchanged", 0, 0)
		f.replace(fileOf(entry("b", otherKey), `{"name":"c","key":"`+goodKey+`"}`))
		seconds("one bad entry", 1, 0)
		f.write(f.path, "")
		seconds("empty", 2, 0)
		if err := os.Remove(f.path); err != nil {
			t.Fatal(err)
		}
		seconds("gone", 3, 0)
		if err := os.Mkdir(f.path, 0o700); err != nil {
			t.Fatal(err)
		}
		seconds("a directory", 4, 0)
		if err := os.Remove(f.path); err != nil {
			t.Fatal(err)
		}
		f.write(f.path, fileOf(entry("a", fileKey, `"scopes":["mended"]`)))
		seconds("mended", 4, 1)
		f.write(f.path, "")
		seconds("broken again", 5, 1)
		f.write(f.path, fileOf(entry("a", fileKey)))
		seconds("mended again", 5, 2)
		f.write(f.path, "")
		seconds("broken in the same way", 6, 2)
		saysAll(t, "the log", f.log.String(), f.path, "not a JSON object", "key 2: only the members")
		holdsNone(t, "the log", f.log.String(), goodKey, fileKey, otherKey, digestOf(otherKey))
	})
}

// D89: Reload reads at once, changed or not. Its error is told to who asked, and the keys stay.
func TestKeyFileReload(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newKeysFile(t, fileOf(entry("a", fileKey)))
		a := f.open()
		var reloader auth.Reloader = a
		f.replace(fileOf(entry("b", otherKey)))
		expectKeys(t, "before", a, map[string]int{fileKey: 200, otherKey: 401})
		if err := reloader.Reload(); err != nil {
			t.Fatal(err)
		}
		expectKeys(t, "reloaded", a, map[string]int{fileKey: 401, otherKey: 200})
		for name, text := range map[string]string{"broken": "{", "key twice": fileOf(entry("b", otherKey), entry("c", otherKey)), "key itself": fileOf(`{"name":"a","key":"` + goodKey + `"}`)} {
			f.replace(text)
			err := reloader.Reload()
			if err == nil {
				t.Errorf("%s: accepted", name)
				continue
			}
			saysAll(t, name, err.Error(), f.path)
			holdsNone(t, name, err.Error(), goodKey, otherKey, digestOf(otherKey))
			time.Sleep(2 * time.Second)
			expectKeys(t, name, a, map[string]int{fileKey: 401, otherKey: 200})
		}
		f.replace(fileOf(entry("a", fileKey)))
		if err := reloader.Reload(); err != nil {
			t.Fatal(err)
		}
		expectKeys(t, "mended", a, map[string]int{fileKey: 200, otherKey: 401})
	})
	if err := newKeys(t, auth.APIKey{Key: goodKey}).Reload(); err != nil {
		t.Errorf("without a file: %v", err)
	}
}

// D89: a key that is in every version is never refused, however often the file is read again.
func TestRequestsDuringReloads(t *testing.T) {
	f := newKeysFile(t, fileOf(entry("a", fileKey)))
	a := f.open(auth.APIKey{Name: "fixed", Key: goodKey})
	done := make(chan struct{})
	var all sync.WaitGroup
	for _, key := range []string{fileKey, goodKey, fileKey, goodKey} {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := statusOf(t, a, key); got != http.StatusOK {
					t.Errorf("status %d", got)
					return
				}
			}
		})
	}
	for i := range 200 {
		text := fileOf(entry("b", otherKey), entry("a", fileKey))
		if i%2 == 0 {
			text = fileOf(entry("a", fileKey))
		}
		if i%3 == 0 {
			f.write(f.path, text)
		} else {
			f.replace(text)
		}
		if err := a.Reload(); err != nil {
			t.Error(err)
		}
	}
	close(done)
	all.Wait()
	expectKeys(t, "at the end", a, map[string]int{fileKey: 200, otherKey: 200})
}

// A file that many requests look at is read by one of them, and the others do not wait for a broken reading.
func TestOneRequestLooks(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newKeysFile(t, fileOf(entry("a", fileKey)))
		a := f.open()
		for version := range 5 {
			f.replace(fileOf(entry("a", fileKey), entry("b", otherKey+string(rune('a'+version)))))
			time.Sleep(time.Second)
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() { expectKeys(t, "all at once", a, map[string]int{fileKey: 200}) })
			}
			all.Wait()
			if got := f.logged("API keys read again"); got != version+1 {
				t.Errorf("read %d times, want %d", got, version+1)
			}
		}
	})
}

// D89: each failure to read the file is told of, and its end, though Reload has mended it or the very file comes back.
func TestKeyFileTellsOfEachFailure(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newKeysFile(t, fileOf(entry("a", fileKey)))
		a := f.open()
		look := func(when string, failures, mends int) {
			t.Helper()
			time.Sleep(time.Second)
			statusOf(t, a, fileKey)
			if got := [2]int{f.logged("were not read again"), f.logged("API keys read again")}; got != [2]int{failures, mends} {
				t.Errorf("%s: %v failures and mends are logged, want %d and %d", when, got, failures, mends)
			}
		}
		if err := os.Rename(f.path, f.path+".away"); err != nil {
			t.Fatal(err)
		}
		look("away", 1, 0)
		if err := os.Rename(f.path+".away", f.path); err != nil {
			t.Fatal(err)
		}
		look("back", 1, 1)
		f.write(f.path, "{")
		look("broken", 2, 1)
		f.write(f.path, fileOf(entry("a", fileKey)))
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
		f.write(f.path, "{")
		time.Sleep(time.Second)
		statusOf(t, a, fileKey)
		if got := f.logged("were not read again"); got != 3 {
			t.Errorf("broken again in the same way, after Reload: %d failures are logged, want 3", got)
		}
	})
}

// R134: null is no list: it does not revoke every key.
func TestKeyFileOfNull(t *testing.T) {
	f := newKeysFile(t, fileOf(entry("a", fileKey)))
	a := f.open()
	f.replace(`{"keys":null}`)
	if err := a.Reload(); err == nil {
		t.Error("accepted")
	}
	expectKeys(t, "after null", a, map[string]int{fileKey: http.StatusOK})
}

// noSymlink skips a test on Windows, where links need a privilege, and nowhere else.
func noSymlink(t *testing.T, err error) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip(err)
	}
	t.Fatal(err)
}
