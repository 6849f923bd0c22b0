package tool

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var validSeeds = []string{
	``, ` `, `{}`, `[]`, ` [ ] `, `{"a":1}`, `{"a" : [ 1 , {"b":null} ] , "c":"\u00e4\n\\\""}`, `[true,false,null]`,
	`0`, `-0`, `-0.5e+10`, `1E5`, `12`, `"x"`, `{}{}`, `[1 2]`, `[1,]`, `[,]`, `{,}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `{1:1}`, `[}`, `{]`, `[1}`,
	`01`, `-`, `+1`, `1.`, `.5`, `1e`, `1e+`, `--1`, `0x1`, `tru`, `truex`, `nul`, `nan`, `"`, `"\`, `"\x"`, `"\u12g4"`, `"\u123`, "\"\n\"", "\"\x00\"", "\"\x7f\xff\"", "\ufeff{}", `[`, `{`, `{"a`, `{"a":`, `[1`,
}

// TestValid compares with encoding/json, which judges every answer once more when it is sent.
func TestValid(t *testing.T) {
	seeds := append([]string{
		strings.Repeat("[", maxValidNesting) + strings.Repeat("]", maxValidNesting),
		strings.Repeat("[", maxValidNesting+1) + strings.Repeat("]", maxValidNesting+1),
		strings.Repeat(`{"a":`, maxValidNesting+1),
	}, validSeeds...)
	for _, raw := range seeds {
		if want := json.Valid([]byte(raw)); valid([]byte(raw)) != want {
			t.Errorf("%.60q: %v, want %v", raw, !want, want)
		}
	}
}

func FuzzValid(f *testing.F) {
	for _, raw := range validSeeds {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if want := json.Valid(raw); valid(raw) != want {
			t.Fatalf("%q: %v, want %v", raw, !want, want)
		}
	})
}

// FuzzParts compares with encoding/json how objects and arrays are taken apart.
func FuzzParts(f *testing.F) {
	for _, raw := range validSeeds {
		f.Add([]byte(raw))
	}
	f.Add([]byte(`{"" : "}]\"," , "\u0061\\":{"b":[1,"]"]},"n":-1.5e3 ,"t":true}`))
	f.Add([]byte("[ [[]] ,{\"a\":\"[\"},\t\"\\\\\" ,null\n]"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = bytes.TrimSpace(raw)
		if !utf8.Valid(raw) {
			return // scan has refused it, and encoding/json would change it
		}
		var members map[string]json.RawMessage
		var items []json.RawMessage
		switch {
		case json.Unmarshal(raw, &members) == nil && members != nil:
			if diff := cmp.Diff(members, membersOf(parts(raw))); diff != "" {
				t.Errorf("%q: %s", raw, diff)
			}
		case json.Unmarshal(raw, &items) == nil && items != nil:
			var values []json.RawMessage
			for _, p := range parts(raw) {
				values = append(values, p.value)
			}
			if diff := cmp.Diff(string(joinArray(items)), string(joinArray(values))); diff != "" {
				t.Errorf("%q: %s", raw, diff)
			}
		}
	})
}
