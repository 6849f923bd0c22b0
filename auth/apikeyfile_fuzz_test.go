package auth

import (
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// fileMistake is every text that parseKeyFile says of a file: nothing in it is the file's.
var fileMistake = regexp.MustCompile(`^(key \d+: )?(not a JSON object|a JSON object with a member twice|JSON with text that is not UTF-8|not an object with a list named "keys" and nothing else|` +
	`only the members name, sha256, scopes and expires are known\. .* sha256sum|(name|sha256) must be a string|scopes must be a list of strings, such as \["zscaler:read"\]|` +
	`expires must be a time with its zone in RFC 3339 form, such as "2027-01-01T00:00:00Z"|expires is the first moment of the year 1: .*|` +
	`a name and a sha256 of 64 hexadecimal digits are needed: .* sha256sum)(, such as \{"keys": .*\})?$`)

// R133, R134, R160: no file panics; what is accepted has names and whole digests, as a lenient reader sees them too; and
// what is said of a file is fixed text.
func FuzzKeyFile(f *testing.F) {
	digest := strings.Repeat("0a", 32)
	for _, seed := range []string{
		``, `{}`, `null`, `{"keys":null}`, `{"keys":[]}`, `{"keys":[null]}`, `{"keys":[{"name":"a","sha256":"` + digest + `"}]}`,
		`{"keys":[{"name":"a","sha256":"` + strings.ToUpper(digest) + `","scopes":["x"],"expires":"2027-01-01T00:00:00Z"}]}`,
		`{"keys":[{"name":"a","sha256":"` + digest + `","sh\u0061256":""}]}`, `{"keys":[{"name":"a","key":"0123456789abcdef"}]} x`,
		`{"keys":[{"name":"a","key":"0123456789abcdef"}]}`, "{\"\xff\":1}", `{"keys":[{"name":1}]}`, `{"keys":[{"sha256":[]}]}`, `{"keys":[{"scopes":""}]}`, `{"keys":[{"expires":""}]}`,
		`{"keys":[{"name":"a","sha256":"` + digest + `","expires":"0001-01-01T00:00:00Z"}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, err := parseKeyFile(data)
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if !fileMistake.MatchString(strings.TrimSuffix(line, "\n")) {
					t.Fatalf("%q: %q", data, line)
				}
			}
			return
		}
		var lenient struct{ Keys []map[string]any }
		if json.Unmarshal(data, &lenient) != nil || len(lenient.Keys) != len(keys) {
			t.Fatalf("%q gives %d keys, want %d", data, len(keys), len(lenient.Keys))
		}
		for i, key := range keys {
			text, _ := lenient.Keys[i]["sha256"].(string)
			if key.Name == "" || key.Key != "" || text != "" && !strings.EqualFold(hex.EncodeToString(key.SHA256[:]), text) {
				t.Fatalf("%q: key %d is %+v", data, i+1, key)
			}
		}
	})
}
