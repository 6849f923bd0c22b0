package safefetch_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

func TestEveryMistakeIsReported(t *testing.T) {
	_, err := safefetch.New(safefetch.Config{
		MaxBytes: -1, Timeout: time.Hour, Ports: []uint16{0}, Concurrent: -1,
		AllowHosts:    []string{"Example.com", "https://example.com", "*", "example", "example.com.", "*.*.com", "127.1", "fe80::1%eth0"},
		DenyHosts:     []string{"", "*.", "a.example.com:443", "[::1]", "*.10"},
		AllowNetworks: []netip.Prefix{{}, netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0"), netip.MustParsePrefix("::ffff:10.0.0.0/104")},
	})
	if err == nil {
		t.Fatal("accepted")
	}
	count := map[string]int{}
	for line := range strings.Lines(err.Error()) {
		field, _, _ := strings.Cut(strings.TrimPrefix(line, "safefetch: Config."), " ")
		count[field]++
	}
	for field, want := range map[string]int{"MaxBytes": 1, "Timeout": 1, "Ports": 1, "Concurrent": 1, "AllowHosts": 8, "DenyHosts": 5, "AllowNetworks": 4} {
		if count[field] != want {
			t.Errorf("%s: %d mistakes, want %d in\n%v", field, count[field], want, err)
		}
	}
}

func TestSingleMistakes(t *testing.T) {
	for name, row := range map[string]struct{ bad, good safefetch.Config }{
		"bytes":    {safefetch.Config{MaxBytes: 1<<20 + 1}, safefetch.Config{MaxBytes: 1 << 20}},
		"time":     {safefetch.Config{Timeout: -1}, safefetch.Config{Timeout: time.Minute}},
		"ports":    {safefetch.Config{Ports: []uint16{}}, safefetch.Config{Ports: []uint16{1, 65535}}},
		"per host": {safefetch.Config{ConcurrentPerHost: -1}, safefetch.Config{ConcurrentPerHost: 1}},
		"hosts":    {safefetch.Config{AllowHosts: []string{"*.Example.com"}}, safefetch.Config{AllowHosts: []string{"*.example.com", "*.corp", "192.0.2.1", "2001:db8::1"}}},
		"networks": {safefetch.Config{AllowNetworks: make([]netip.Prefix, 1)}, safefetch.Config{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("10.0.0.7/8")}}},
	} {
		if _, err := safefetch.New(row.bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if f, err := safefetch.New(row.good); err != nil {
			t.Errorf("%s: %v", name, err)
		} else {
			f.Close()
		}
	}
}

// What is changed after New changes nothing.
func TestConfigurationIsCopied(t *testing.T) {
	allow, ports := []string{host}, []uint16{443}
	f, err := safefetch.New(safefetch.Config{AllowHosts: allow, Ports: ports})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	allow[0], ports[0] = "other.example.com", 8443
	if _, err := f.CheckURL(document); err != nil {
		t.Error(err)
	}
}
