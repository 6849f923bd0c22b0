package auth_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

const (
	fileKey  = "filekey-0123456789abcdefghijklm"
	otherKey = "otherkey-0123456789abcdefghijkl"
)

func digestOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// entry is a key of a file, with more members such as `"scopes":["a"]`.
func entry(name, key string, more ...string) string {
	members := append([]string{`"name":"` + name + `"`, `"sha256":"` + digestOf(key) + `"`}, more...)
	return "{" + strings.Join(members, ",") + "}"
}

// fileOf is the text of a file.
func fileOf(entries ...string) string { return `{"keys":[` + strings.Join(entries, ",") + `]}` }

// A keysFile is a file of keys whose every version has a modification time of its own.
type keysFile struct {
	t       testing.TB
	path    string
	log     logBuffer
	version int
}

func newKeysFile(t testing.TB, text string) *keysFile {
	t.Helper()
	f := &keysFile{t: t, path: filepath.Join(t.TempDir(), "keys.json")}
	f.write(f.path, text)
	return f
}

// write makes the file at path, or writes over what is there.
func (f *keysFile) write(path, text string) {
	f.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
	f.version++
	modified := time.Date(2026, 1, 1, 0, 0, f.version, 0, time.UTC)
	if err := os.Chtimes(path, modified, modified); err != nil {
		f.t.Fatal(err)
	}
}

// replace puts another file in its place.
func (f *keysFile) replace(text string) {
	f.t.Helper()
	f.write(f.path+".new", text)
	if err := os.Rename(f.path+".new", f.path); err != nil {
		f.t.Fatal(err)
	}
}

// open reads the file, beside fixed keys.
func (f *keysFile) open(fixed ...auth.APIKey) *auth.APIKeys {
	f.t.Helper()
	a, err := auth.NewAPIKeys(auth.APIKeysConfig{Path: f.path, Keys: fixed, Logger: debugLog(&f.log)})
	if err != nil {
		f.t.Fatal(err)
	}
	return a
}

// logged counts the lines of the log with this text.
func (f *keysFile) logged(text string) int { return strings.Count(f.log.String(), text) }

// R134: what a file says of a key, beside keys of the configuration.
func TestKeyFile(t *testing.T) {
	f := newKeysFile(t, fileOf(
		entry("ci", fileKey, `"scopes":["read","write"]`, `"expires":"2099-01-01T00:00:00Z"`),
		strings.Replace(entry("Ünïcode name", otherKey, `"scopes":null`), digestOf(otherKey), strings.ToUpper(digestOf(otherKey)), 1)))
	a := f.open(auth.APIKey{Name: "fixed", Key: goodKey, Scopes: []string{"admin"}})
	for key, want := range map[string]*auth.Principal{
		fileKey:  {Issuer: "api-key", Subject: "ci", ClientID: "ci", Method: "api-key", Scopes: []string{"read", "write"}, Expires: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)},
		otherKey: {Issuer: "api-key", Subject: "Ünïcode name", ClientID: "Ünïcode name", Method: "api-key"},
		goodKey:  {Issuer: "api-key", Subject: "fixed", ClientID: "fixed", Method: "api-key", Scopes: []string{"admin"}},
	} {
		got, err := a.Authenticate(bearer(key))
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(auth.Principal{}), cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	for _, wrong := range []string{digestOf(fileKey), strings.ToUpper(digestOf(otherKey)), fileKey + "x", "ci-0123456789abcdef"} {
		if got := statusOf(t, a, wrong); got != http.StatusUnauthorized {
			t.Errorf("%s: status %d", wrong, got)
		}
	}
}

// R133, R134, R149: each mistake has its place, and no key, digest or other text of the file is shown.
func TestKeyFileNamesEveryMistake(t *testing.T) {
	one := entry("a", fileKey)
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"key itself":          {fileOf(one, `{"name":"SECRET","key":"`+otherKey+`"}`), []string{"key 2: only the members name, sha256", "sha256sum"}},
		"key beside digest":   {fileOf(entry("a", fileKey, `"key":"`+fileKey+`"`)), []string{"key 1: only the members"}},
		"key as digest":       {fileOf(`{"name":"a","sha256":"` + otherKey + `"}`), []string{"key 1: a name and a sha256"}},
		"key as list":         {fileOf(`{"name":"a","sha256":["` + otherKey + `"]}`), []string{"key 1: sha256 must be a string"}},
		"key as expiry":       {fileOf(entry("a", fileKey, `"expires":"`+otherKey+`"`)), []string{"key 1: expires must be a time", "2027-01-01T00:00:00Z"}},
		"key for an entry":    {fileOf(`"` + otherKey + `"`), []string{"key 1: not a JSON object"}},
		"null for an entry":   {fileOf(one, `null`), []string{"key 2: not a JSON object"}},
		"unknown member":      {fileOf(one, one, entry("b", otherKey, `"SECRET":1`)), []string{"key 3: only the members"}},
		"short digest":        {fileOf(`{"name":"a","sha256":"` + digestOf(fileKey)[:62] + `"}`), []string{"key 1: a name and a sha256 of 64"}},
		"long digest":         {fileOf(`{"name":"a","sha256":"` + digestOf(fileKey) + `00"}`), []string{"key 1: a name and a sha256 of 64"}},
		"odd digest":          {fileOf(`{"name":"a","sha256":"` + digestOf(fileKey)[:63] + `"}`), []string{"key 1: a name and a sha256 of 64"}},
		"no hexadecimal":      {fileOf(`{"name":"a","sha256":"` + digestOf(fileKey)[:63] + `g"}`), []string{"key 1: a name and a sha256 of 64"}},
		"prefix":              {fileOf(`{"name":"a","sha256":"0x` + digestOf(fileKey)[:62] + `"}`), []string{"key 1: a name and a sha256 of 64"}},
		"digest of zeros":     {fileOf(`{"name":"a","sha256":"` + strings.Repeat("0", 64) + `"}`), []string{`key 1 of the file ("a"): the key is empty`}},
		"digest of nothing":   {fileOf(entry("a", "")), []string{"the SHA-256 is that of nothing"}},
		"no digest":           {fileOf(`{"name":"SECRET"}`), []string{"key 1: a name and a sha256"}},
		"no name":             {fileOf(`{"sha256":"` + digestOf(fileKey) + `"}`), []string{"key 1: a name and a sha256"}},
		"empty name":          {fileOf(one, entry("", otherKey)), []string{"key 2: a name and a sha256"}},
		"name of a line":      {fileOf(entry(`a\nb`, fileKey)), []string{"the name must be"}},
		"bidi name":           {fileOf(entry(`a\u202eb`, fileKey)), []string{"the name must be"}},
		"long name":           {fileOf(entry(strings.Repeat("n", 129), fileKey)), []string{"the name must be"}},
		"two names alike":     {fileOf(one, entry("a", otherKey)), []string{`key 2 of the file ("a"): the name is that of`}},
		"two keys alike":      {fileOf(one, entry("b", fileKey)), []string{`key 2 of the file ("b"): the key is that of`}},
		"bad scope":           {fileOf(entry("a", fileKey, `"scopes":["read","SECRET scope"]`)), []string{"scope 2 is not a scope-token"}},
		"scopes as text":      {fileOf(entry("a", fileKey, `"scopes":"SECRET"`)), []string{"key 1: scopes must be a list of strings"}},
		"date without a time": {fileOf(entry("a", fileKey, `"expires":"2027-01-01"`)), []string{"key 1: expires must be a time", "2027-01-01T00:00:00Z"}},
		"no date at all":      {fileOf(entry("a", fileKey, `"expires":"0001-01-01T00:00:00Z"`)), []string{"key 1: expires is the first moment"}},
		"nor in a zone":       {fileOf(entry("a", fileKey, `"expires":"0001-01-01T02:00:00+02:00"`)), []string{"key 1: expires is the first moment"}},
		"all at once":         {fileOf(`{}`, entry("a", otherKey, `"x":1`), `{"name":"a","sha256":"zz"}`, `[]`), []string{"key 1:", "key 2:", "key 3:", "key 4:"}},
		"member twice":        {fileOf(entry("a", fileKey, `"name":"SECRET"`)), []string{"key 1: a JSON object with a member twice"}},
		"escaped twice":       {fileOf(entry("a", fileKey, `"sh\u0061256":"`+digestOf(otherKey)+`"`)), []string{"key 1: a JSON object with a member twice"}},
		"keys twice":          {`{"keys":[` + one + `],"keys":[` + entry("b", otherKey) + `]}`, []string{"a member twice"}},
		"keys and KEYS":       {`{"keys":[` + one + `],"KEYS":[` + entry("b", otherKey) + `]}`, []string{`a list named "keys" and nothing else`}},
		"member beside keys":  {`{"keys":[` + one + `],"comment":"SECRET"}`, []string{`a list named "keys" and nothing else`}},
		"another member":      {`{"SECRET":[` + one + `]}`, []string{`a list named "keys" and nothing else`}},
		"keys is an object":   {`{"keys":` + one + `}`, []string{`a list named "keys" and nothing else`}},
		"keys is text":        {`{"keys":"` + otherKey + `"}`, []string{`a list named "keys" and nothing else`}},
		"list":                {`[` + one + `]`, []string{"not a JSON object"}},
		"no JSON":             {"ci: " + otherKey, []string{"not a JSON object"}},
		"empty":               {"", []string{"not a JSON object"}},
		"trailing garbage":    {fileOf(one) + ` SECRET`, []string{"not a JSON object"}},
		"two objects":         {fileOf(one) + fileOf(one), []string{"not a JSON object"}},
		"comment":             {"// SECRET\n" + fileOf(one), []string{"not a JSON object"}},
		"no key":              {fileOf(), []string{"has no key"}},
		"too large":           {fileOf(one) + strings.Repeat(" ", 1<<20), []string{"not a regular file of at most 1048576 bytes"}},
	} {
		f := newKeysFile(t, test.text)
		a, err := auth.NewAPIKeys(auth.APIKeysConfig{Path: f.path})
		if err == nil || a != nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		saysAll(t, name, err.Error(), append(test.want, f.path)...)
		text := strings.ReplaceAll(err.Error(), f.path, "")
		holdsNone(t, name, text, fileKey, otherKey, digestOf(fileKey)[:16], digestOf(otherKey)[:16], "SECRET", "\n\n", "\u202e")
	}
	newKeysFile(t, " \n"+fileOf(one, entry("b", otherKey), entry(strings.Repeat("n", 128), goodKey))+"\n").open()
	newKeysFile(t, fileOf(one)+strings.Repeat(" ", 1<<20-len(fileOf(one)))).open()
	newKeysFile(t, fileOf()).open(auth.APIKey{Name: "fixed", Key: goodKey})
}

// R134: names and keys are unique over the file and the configuration; the configuration's own mistakes count too.
func TestKeyFileAndFixedKeys(t *testing.T) {
	f := newKeysFile(t, fileOf(entry("a", fileKey), entry("b", otherKey)))
	for want, fixed := range map[string]auth.APIKey{
		"the name is that of API key 1": {Name: "a", Key: goodKey},
		"the key is that of API key 1":  {Name: "c", Key: otherKey},
		"the name must be":              {Key: goodKey},
		"the key has 5 bytes":           {Name: "c", Key: "short"},
	} {
		_, err := auth.NewAPIKeys(auth.APIKeysConfig{Path: f.path, Keys: []auth.APIKey{fixed}})
		if err == nil {
			t.Errorf("%s: accepted", want)
			continue
		}
		saysAll(t, "the error", err.Error(), want)
		holdsNone(t, "the error", err.Error(), fileKey, otherKey, goodKey, digestOf(otherKey))
	}
	f.open(auth.APIKey{Name: "c", Key: goodKey})
}

// R134: what is no file, or a file that everybody can change, is refused.
func TestKeyFileIsAPrivateFile(t *testing.T) {
	f := newKeysFile(t, fileOf(entry("a", fileKey)))
	for name, path := range map[string]string{"missing": f.path + "x", "directory": filepath.Dir(f.path)} {
		if _, err := auth.NewAPIKeys(auth.APIKeysConfig{Path: path, Keys: []auth.APIKey{{Name: "fixed", Key: goodKey}}}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	for mode, ok := range map[os.FileMode]bool{0o400: true, 0o600: true, 0o660: true, 0o664: true, 0o666: false, 0o602: false, 0o777: false} {
		if err := os.Chmod(f.path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := auth.NewAPIKeys(auth.APIKeysConfig{Path: f.path}); (err == nil) != ok || !ok && !strings.Contains(err.Error(), "chmod o-w") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

// D85: a key of the file that has ended gets the answer of a wrong one; only the record tells them apart.
func TestKeyFileExpiry(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		end := time.Now().Add(time.Minute).UTC().Format(time.RFC3339)
		a := newKeysFile(t, fileOf(entry("a", fileKey, `"expires":"`+end+`"`))).open()
		time.Sleep(time.Minute - 1)
		if got := statusOf(t, a, fileKey); got != http.StatusOK {
			t.Fatalf("just before the end: status %d", got)
		}
		time.Sleep(time.Nanosecond)
		expired, wrong := &recorder{}, &recorder{}
		first, _ := expired.serve(a, bearing(fileKey))
		second, _ := wrong.serve(a, bearing(otherKey))
		for _, w := range []http.Header{first.Header(), second.Header()} {
			w.Del("X-Request-Id")
		}
		if diff := cmp.Diff(second.Header(), first.Header()); first.Code != 401 || second.Code != 401 || diff != "" || first.Body.String() != second.Body.String() {
			t.Errorf("expired: %d %s; wrong: %d %s; headers %s", first.Code, first.Body, second.Code, second.Body, diff)
		}
		if a, b := expired.last(t).Reason, wrong.last(t).Reason; a != auth.ReasonExpired || b != auth.ReasonInvalid {
			t.Errorf("reasons %q and %q", a, b)
		}
		holdsNone(t, "the log", expired.log.String()+wrong.log.String(), fileKey, otherKey, digestOf(fileKey))
	})
}

// The example of the documentation is one that is accepted.
func TestKeyFileExample(t *testing.T) {
	example := map[string]any{"keys": []map[string]any{{"name": "ci", "sha256": digestOf(fileKey), "scopes": []string{"read"}, "expires": "2027-01-01T00:00:00Z"}}}
	text, err := json.MarshalIndent(example, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	newKeysFile(t, string(text)).open()
}

// R133, R134: members that differ in case are unknown, or doubles: two readers could differ in which of them counts.
func TestKeyFileMembersByCase(t *testing.T) {
	for name, text := range map[string]string{
		"other case":      fileOf(`{"Name":"a","SHA256":"` + digestOf(fileKey) + `"}`),
		"digest twice":    fileOf(entry("a", fileKey, `"Sha256":"`+digestOf(otherKey)+`"`)),
		"expiry removed":  fileOf(entry("a", fileKey, `"expires":"2020-01-01T00:00:00Z"`, `"EXPIRES":"2099-01-01T00:00:00Z"`)),
		"long s for an s": fileOf(entry("a", fileKey, `"ſha256":"`+digestOf(otherKey)+`"`)),
	} {
		f := newKeysFile(t, text)
		if _, err := auth.NewAPIKeys(auth.APIKeysConfig{Path: f.path}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// R134: the place of a mistake is that in the file, whatever keys the configuration has besides.
func TestKeyFilePlaces(t *testing.T) {
	f := newKeysFile(t, fileOf(entry("a", fileKey), entry("b", otherKey, `"scopes":["two words"]`)))
	_, err := auth.NewAPIKeys(auth.APIKeysConfig{Path: f.path, Keys: []auth.APIKey{{Name: "x", Key: goodKey}, {Name: "y", Key: "fixed-0123456789abcdef"}}})
	if err == nil {
		t.Fatal("accepted")
	}
	saysAll(t, "the error", err.Error(), `key 2 of the file ("b"): scope 1`)
}
