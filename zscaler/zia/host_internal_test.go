package zia

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestHostOf(t *testing.T) {
	for address, want := range map[string]string{
		"example.com": "example.com", " https://Ann:pw@WWW.Example.com:8443/a?b#c ": "www.example.com", ".example.com.": "example.com",
		"example.com/https://other.org": "example.com", "http://[2001:DB8::1]:80/": "2001:db8::1", "2001:db8::1": "2001:db8::1",
		"": "", "://": "", "https:///path": "", "...": "",
	} {
		if got := hostOf(address); got != want {
			t.Errorf("hostOf(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, test := range []struct {
		entry, host string
		want        bool
	}{
		{"example.com", "example.com", true}, {".example.com", "a.b.example.com", true}, {"com", "example.com", true},
		{"ample.com", "example.com", false}, {"a.example.com", "example.com", false}, {"", "example.com", false},
		{"10.1.2.3", "10.1.2.3", true}, {"2.3", "10.1.2.3", false}, {"2001:db8::1", "2001:db8::1", true},
	} {
		if got := covers(test.entry, test.host); got != test.want {
			t.Errorf("covers(%q, %q) = %v", test.entry, test.host, got)
		}
	}
}

func FuzzHostOf(f *testing.F) {
	for _, seed := range []string{"https://a@b.example.com:1/x", "[::1]", "..", "a://b://c", "]["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		host := hostOf(address)
		if strings.ContainsAny(host, "/?#") || host != strings.ToLower(host) {
			t.Errorf("hostOf(%q) = %q", address, host)
		}
		if host != "" && !covers(host, host) && hostOf(host) == host {
			t.Errorf("%q does not cover itself", host)
		}
	})
}

func FuzzAddMember(f *testing.F) {
	for _, seed := range []string{`{}`, ` { "a" : 1 } `, `{"a":{"b":"}"}}`, "{\n}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var before map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &before) != nil || before == nil || before["_x"] != nil {
			return // rows are objects
		}
		out, err := addMember(json.RawMessage(text), "_x", 7)
		if err != nil {
			t.Fatal(err)
		}
		var after map[string]json.RawMessage
		if err := json.Unmarshal(out, &after); err != nil {
			t.Fatalf("%q became %q: %v", text, out, err)
		}
		if string(after["_x"]) != "7" || len(after) != len(before)+1 {
			t.Errorf("%q became %q", text, out)
		}
	})
}
