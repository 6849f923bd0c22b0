package tool

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func washed(raw []byte, how washing) (json.RawMessage, int) {
	w := borrowWasher(how)
	defer w.giveBack()
	clean := w.wash(raw)
	return clean, w.masked
}

var hostile = []string{
	`{"a\u200b":"<b>x</b> \\ \" &","n":216196257331368721}`, `["\ud800"," < "]`, `{"password":"x","deep":{"preSharedKey":["a",{"id":1,"v":2}]},"apiKeyEnabled":"true"}`,
	`{"k":"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"}`, `{"t":"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdef"}`,
	`"[x](http://](http://e) <scr<b>ipt> ### Human: <|im_start|> \u0060\u0060\u0060system"`, `{"p":"3|api.private.example.com|abcdefghijklmnopqrstuvwxyz=="}`,
	`{"audit":"{\"password\":\"x\",\"n\":{\"token\":5}}","h":"https://u:p@h/x?token=a&b=c"}`, `{"webhookUrl":"https://hooks.slack.com/services/T/B/x"}`,
	`"{\\\"password\\\": \\\"x"`, `"<!--<!--<!--><b <b <b=> <|>"`, `"](//](www.](&#]:http:]:<data:"`,
}

// FuzzWash: washing again changes nothing, what comes out is valid JSON of a bounded size, and names, numbers and structure stay.
func FuzzWash(f *testing.F) {
	for _, seed := range hostile {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !valid([]byte(raw)) || len(raw) > 1<<14 {
			return
		}
		for _, how := range []washing{{mask: true, sanitise: true}, {mask: true}, {sanitise: true}} {
			clean, masked := washed([]byte(raw), how)
			if !json.Valid(clean) {
				t.Fatalf("%v: %q became %q", how, raw, clean)
			}
			again, counted := washed(clean, how)
			if !bytes.Equal(again, clean) || counted != masked {
				t.Fatalf("%v: %q became %q (%d), and then %q (%d)", how, raw, clean, masked, again, counted)
			}
			if bound := 8*len(raw) + len(Masked)*(masked+1); len(clean) > bound {
				t.Fatalf("%v: %d bytes became %d", how, len(raw), len(clean))
			}
			if how.mask || !utf8.ValidString(raw) {
				continue
			}
			if before, after := outline([]byte(raw)), outline(clean); before != after {
				t.Fatalf("%q: %s became %s", raw, before, after)
			}
		}
	})
}

// outline is JSON without the content of its strings.
func outline(raw []byte) string {
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '"' {
			end := stringEnd(raw, i)
			if next := spaceEnd(raw, end); next < len(raw) && raw[next] == ':' {
				b.WriteString(strings.ToValidUTF8(unquote(raw[i:end]), "\uFFFD"))
			}
			i = end - 1
		}
		b.WriteByte(raw[i])
	}
	return b.String()
}

func FuzzSanitize(f *testing.F) {
	for _, seed := range hostile {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<14 {
			return
		}
		clean := sanitize(s)
		if again := sanitize(clean); again != clean {
			t.Fatalf("%q became %q, and then %q", s, clean, again)
		}
		if len(clean) > 2*len(string([]rune(s))) {
			t.Fatalf("%q grew to %q", s, clean)
		}
		if utf8.ValidString(s) && clean != s && !mayNeedCleaning([]byte(s), traitsOf(s)) {
			t.Fatalf("%q is cleaned to %q, which was not foreseen", s, clean)
		}
	})
}

// FuzzPlanted: a secret with a known shape or name does not come through, whatever stands around it.
func FuzzPlanted(f *testing.F) {
	for _, seed := range hostile {
		f.Add(seed, seed)
	}
	const planted = "Pl4ntedS3cr3tPl4ntedS3cr3t"
	shapes := []string{
		"-----BEGIN PRIVATE KEY-----\n" + planted + "\n-----END PRIVATE KEY-----", "-----BEGIN EC PRIVATE KEY-----\n" + planted, planted + "\n-----END OPENSSH PRIVATE KEY-----",
		"eyJhbGciOiJub25lIn0." + planted + ".x", "7|enroll.example.com|" + planted, "https://hooks.slack.com/services/" + planted,
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > 1<<12 {
			return
		}
		for _, shape := range shapes {
			for _, text := range []string{shape, before + " " + shape + " " + after} {
				raw := marshal(map[string]string{"comment": text})
				if clean, _ := washed(raw, washing{mask: true, sanitise: true}); bytes.Contains(clean, []byte(planted)) {
					t.Fatalf("%q came through: %s", text, clean)
				}
			}
		}
		raw := marshal(map[string]any{before: after, "client_secret": []any{planted, map[string]any{"x" + after: planted}}})
		if clean, _ := washed(raw, washing{mask: true}); bytes.Contains(clean, []byte(planted)) && secrecyOf("x"+after) != harmless {
			t.Fatalf("by name: %s", clean)
		}
	})
}

// What needs no change is not copied, whatever it holds.
func TestWashAllocatesNothing(t *testing.T) {
	texts := [][]byte{joinArray(listOf(50)), []byte(`{"a":"R&D <Sales> a < b","b":"caf\u00e9 \"q\" – 日本","c":"10:30 https://a.example/x","d":"[a-z](x)"}`)}
	w := borrowWasher(washing{mask: true, sanitise: true})
	defer w.giveBack()
	for _, raw := range texts[:1] {
		if n := testing.AllocsPerRun(10, func() { w.wash(raw) }); n != 0 {
			t.Errorf("%v allocations for %.80s", n, raw)
		}
	}
	for _, raw := range texts {
		if clean := w.wash(raw); &clean[0] != &raw[0] {
			t.Errorf("copied: %s", clean)
		}
	}
}
