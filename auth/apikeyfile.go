package auth

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/org/zscalermcp/internal/strictjson"
)

const (
	maxKeyFile   = 1 << 20     // bytes
	keyFileEvery = time.Second // between two looks at the file
	keysPrefix   = "auth: API keys: "
)

// A keyFile is a file of keys and what was last seen of it.
type keyFile struct {
	path  string
	fixed []APIKey // that are not in the file
	log   *slog.Logger

	looked atomic.Pointer[time.Time] // when the last look was
	mu     sync.Mutex                // held while the file is read
	seen   os.FileInfo
	broken string // the last failure that was logged
}

// Reload implements [Reloader]: it reads the file now, changed or not. After an error the keys stay as they were.
func (a *APIKeys) Reload() error {
	if a.file == nil {
		return nil
	}
	a.file.mu.Lock()
	defer a.file.mu.Unlock()
	return a.read()
}

// replaceFixed replaces the keys that are not in the file, if the file can be read beside them.
func (a *APIKeys) replaceFixed(keys []APIKey) error {
	a.file.mu.Lock()
	defer a.file.mu.Unlock()
	before := a.file.fixed
	a.file.fixed = slices.Clone(keys)
	err := a.read()
	if err != nil {
		a.file.fixed = before
	}
	return err
}

// readAtStart is the first reading: a file without keys is then a mistake, if there are no others.
func (a *APIKeys) readAtStart() error {
	if err := a.Reload(); err != nil {
		return err
	}
	now := time.Now()
	a.file.looked.Store(&now)
	if len(*a.keys.Load()) == 0 {
		return fmt.Errorf(keysPrefix+"%s has no key", a.file.path)
	}
	return nil
}

// refresh looks at the file at most once a second, and reads it if it has changed. Other requests go on meanwhile.
func (a *APIKeys) refresh(now time.Time) {
	last := a.file.looked.Load()
	if last != nil && now.Sub(*last) < keyFileEvery {
		return
	}
	looks := now // so that only this one is allocated
	if !a.file.looked.CompareAndSwap(last, &looks) || !a.file.mu.TryLock() {
		return
	}
	defer a.file.mu.Unlock()
	info, err := os.Stat(a.file.path)
	if err == nil && a.file.seen != nil && os.SameFile(info, a.file.seen) && info.ModTime().Equal(a.file.seen.ModTime()) && info.Size() == a.file.seen.Size() {
		return
	}
	if err == nil {
		err = a.read()
	} else {
		a.file.seen = nil // so that the very file is read when it comes back
	}
	a.file.report(err)
}

// report logs a failure once, and its end.
func (f *keyFile) report(err error) {
	switch {
	case err == nil:
		f.broken = ""
		f.log.Info("API keys read again", "path", f.path)
	case err.Error() != f.broken:
		f.broken = err.Error()
		f.log.Error("the API keys were not read again, those read before stay in force", "path", f.path, "error", err)
	}
}

// read replaces the keys by those of the file. The caller holds file.mu.
func (a *APIKeys) read() error {
	file, info, err := openRegular(a.file.path)
	if err != nil {
		return fmt.Errorf(keysPrefix+"%w", err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err != nil {
		return fmt.Errorf(keysPrefix+"%w", err)
	}
	a.file.seen = info
	keys, err := parseKeyFile(data)
	if err != nil {
		return fmt.Errorf(keysPrefix+"%s: %w", a.file.path, err)
	}
	held, err := hold(append(append([]APIKey(nil), a.file.fixed...), keys...), len(a.file.fixed))
	if err != nil {
		return fmt.Errorf(keysPrefix+"%s: %w", a.file.path, err)
	}
	a.use(held)
	a.file.broken = ""
	a.file.warnOfExpired(held)
	return nil
}

// warnOfExpired tells of keys that cannot be used any more: who wrote one into the file may think otherwise.
func (f *keyFile) warnOfExpired(held []heldKey) {
	for _, key := range held {
		if p := key.principal; !p.Expires.IsZero() && !time.Now().Before(p.Expires) {
			f.log.Warn("an API key has expired", "path", f.path, "name", p.Subject, "expires", p.Expires)
		}
	}
}

// openRegular opens a regular file that only its owner and group can change: a device would not end, a pipe not begin, and a file that
// everybody writes lets everybody in.
func openRegular(path string) (*os.File, os.FileInfo, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		return nil, nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err = file.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular() || info.Size() > maxKeyFile:
		err = fmt.Errorf("%s is not a regular file of at most %d bytes", path, maxKeyFile)
	case info.Mode().Perm()&0o002 != 0 && os.PathSeparator == '/':
		err = fmt.Errorf("%s can be written by everybody: chmod o-w it", path)
	default:
		return file, info, nil
	}
	return nil, nil, errors.Join(err, file.Close())
}

// parseKeyFile reads the entries. The error names their mistakes and holds nothing else of them.
func parseKeyFile(data []byte) ([]APIKey, error) {
	members, err := strictjson.Object(data)
	if err != nil {
		return nil, fmt.Errorf("%w, such as {\"keys\": [{\"name\": …, \"sha256\": …}]}", err)
	}
	var entries []json.RawMessage
	if len(members) != 1 || !bytes.HasPrefix(members["keys"], []byte("[")) || json.Unmarshal(members["keys"], &entries) != nil {
		return nil, errors.New(`not an object with a list named "keys" and nothing else`)
	}
	keys := make([]APIKey, 0, len(entries))
	var mistakes []error
	for i, raw := range entries {
		key, err := parseKeyEntry(raw)
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("key %d: %w", i+1, err))
		}
		keys = append(keys, key)
	}
	return keys, errors.Join(mistakes...)
}

func parseKeyEntry(raw json.RawMessage) (APIKey, error) {
	members, err := strictjson.Object(raw)
	if err != nil {
		return APIKey{}, err
	}
	if !onlyMembers(members, "name", "sha256", "scopes", "expires") {
		return APIKey{}, errors.New(`only the members name, sha256, scopes and expires are known. The file holds no key itself, but its SHA-256: printf %s "$KEY" | sha256sum`)
	}
	var key APIKey
	var digest string
	for _, member := range []struct {
		name, form string
		value      any
	}{
		{"name", "a string", &key.Name},
		{"sha256", "a string", &digest},
		{"scopes", `a list of strings, such as ["zscaler:read"]`, &key.Scopes},
		{"expires", `a time with its zone in RFC 3339 form, such as "2027-01-01T00:00:00Z"`, &key.Expires},
	} { // an error of encoding/json may quote a key that stands in the wrong place
		if value, ok := members[member.name]; ok && json.Unmarshal(value, member.value) != nil {
			return APIKey{}, fmt.Errorf("%s must be %s", member.name, member.form)
		}
	}
	if bytes.HasPrefix(members["expires"], []byte(`"`)) && key.Expires.IsZero() { // which would mean never
		return APIKey{}, errors.New("expires is the first moment of the year 1: leave it out for a key without an end")
	}
	sum, err := hex.DecodeString(digest)
	if err != nil || len(sum) != sha256.Size || key.Name == "" {
		return APIKey{}, errors.New(`a name and a sha256 of 64 hexadecimal digits are needed: printf %s "$KEY" | sha256sum`)
	}
	key.SHA256 = [sha256.Size]byte(sum)
	return key, nil
}

// onlyMembers reports whether an object has no others. encoding/json would take other spellings of them too.
func onlyMembers(members map[string]json.RawMessage, names ...string) bool {
	for name := range members {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}
