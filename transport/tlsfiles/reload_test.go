package tlsfiles_test

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport/tlsfiles"
)

func serialOf(i *identity) string { return i.cert.SerialNumber.String() }

// An open connection goes on when the certificate is replaced, and new ones get the new certificate.
func TestReloadKeepsConnections(t *testing.T) {
	p, ca := newPlace(t), issue(t, nil, isCA)
	old, renewed := issue(t, nil), issue(t, nil)
	for name, asked := range map[string]bool{"plain": false, "mutual": true} {
		cfg := p.writePair(old)
		if asked {
			cfg.ClientCAFile = p.write("ca.crt", ca.certPEM())
		}
		f := mustNew(t, cfg)
		address, alice := serve(t, f), shows(issue(t, ca, forClients))
		one, two := visit(t, address, alice, http1), visit(t, address, alice)
		for _, v := range []*visitor{one, two} {
			if got := v.mustGet(t); got.serial != serialOf(old) {
				t.Errorf("%s: served is %s, want %s", name, got.serial, serialOf(old))
			}
		}
		p.writePair(renewed)
		mustReload(t, f)
		for protocol, v := range map[string]*visitor{"HTTP/1.1": one, "HTTP/2.0": two} {
			if got := v.mustGet(t); got.fresh || got.serial != serialOf(old) || got.protocol != protocol {
				t.Errorf("%s: the open connection: %+v", name, got)
			}
		}
		if got := visit(t, address, alice).mustGet(t); !got.fresh || got.serial != serialOf(renewed) || !f.Info().NotAfter.Equal(renewed.cert.NotAfter) {
			t.Errorf("%s: a new connection: %+v", name, got)
		}
	}
}

// While a pair is half replaced, or a file is bad in another way, everything stays as it was.
func TestReloadTakesAllOrNothing(t *testing.T) {
	p, ca := newPlace(t), issue(t, nil, isCA)
	old, renewed := issue(t, nil), issue(t, nil)
	cfg := p.writePair(old)
	cfg.ClientCAFile = p.write("ca.crt", ca.certPEM())
	f := mustNew(t, cfg)
	address, alice := serve(t, f), shows(issue(t, ca, forClients, named("alice")))
	stays := func(what string) {
		t.Helper()
		if err := f.Reload(); err == nil {
			t.Errorf("%s: Reload has nothing to say", what)
		}
		if got := visit(t, address, alice).mustGet(t); got.serial != serialOf(old) || got.client != "alice" {
			t.Errorf("%s: %+v", what, got)
		}
	}
	p.write("tls.crt", renewed.certPEM())
	stays("the certificate is new, the key old")
	p.write("tls.key", renewed.keyPEM(t)[:80])
	stays("the key is being written")
	p.write("tls.key", renewed.keyPEM(t))
	p.write("ca.crt", "")
	stays("the pair is new, and the CAs are empty")
	if err := os.Remove(cfg.ClientCAFile); err != nil {
		t.Fatal(err)
	}
	stays("the CAs are gone")
	p.write("ca.crt", ca.certPEM())
	mustReload(t, f)
	if got := visit(t, address, alice).mustGet(t); got.serial != serialOf(renewed) {
		t.Errorf("all are new: %+v", got)
	}
}

// A CA that is taken out of the file admits nobody any more, not by an old session either; one that is put in does.
func TestReloadOfClientCAs(t *testing.T) {
	p, left, joined := newPlace(t), issue(t, nil, isCA), issue(t, nil, isCA)
	cfg := p.writePair(issue(t, nil))
	cfg.ClientCAFile = p.write("ca.crt", left.certPEM())
	f := mustNew(t, cfg)
	address := serve(t, f)
	caches := map[uint16]tls.ClientSessionCache{tls.VersionTLS12: tls.NewLRUClientSessionCache(8), tls.VersionTLS13: tls.NewLRUClientSessionCache(8)}
	visits := func(i *identity, version uint16) error {
		_, err := visit(t, address, shows(i), http1, only(version), func(c *tls.Config) { c.ClientSessionCache = caches[version] }).get(t)
		return err
	}
	alice, bob := issue(t, left, forClients), issue(t, joined, forClients)
	for version := range caches {
		if err := visits(alice, version); err != nil {
			t.Error(err)
		}
		if visits(bob, version) == nil {
			t.Error("a client of an unknown CA is let in")
		}
	}
	p.write("ca.crt", joined.certPEM())
	mustReload(t, f)
	for version := range caches {
		if visits(alice, version) == nil {
			t.Error("a client of the CA that was taken out is let in")
		}
		if err := visits(bob, version); err != nil {
			t.Error(err)
		}
	}
}

// Files behind a directory that a symbolic link names are found where the link points now, as Kubernetes has them.
func TestReloadBehindSymlinks(t *testing.T) {
	p := newPlace(t)
	link := func(i *identity, dir string) {
		t.Helper()
		if err := os.Mkdir(filepath.Join(p.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
		p.write(dir+"/tls.crt", i.certPEM())
		p.write(dir+"/tls.key", i.keyPEM(t))
		if err := os.Symlink(dir, filepath.Join(p.dir, "..data_tmp")); err != nil {
			if runtime.GOOS == "windows" {
				t.Skip("links need a privilege there")
			}
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(p.dir, "..data_tmp"), filepath.Join(p.dir, "..data")); err != nil {
			t.Fatal(err)
		}
	}
	old, renewed := issue(t, nil), issue(t, nil)
	link(old, "..1")
	for _, name := range []string{"tls.crt", "tls.key"} {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(p.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	f := mustNew(t, tlsfiles.Config{CertFile: filepath.Join(p.dir, "tls.crt"), KeyFile: filepath.Join(p.dir, "tls.key")})
	link(renewed, "..2")
	mustReload(t, f)
	if got := servedSerial(t, f); got != serialOf(renewed) {
		t.Errorf("served is %s, want %s", got, serialOf(renewed))
	}
}

// Reloads and handshakes at the same time get one pair or the other, never half of each.
func TestReloadsAndHandshakesAtOnce(t *testing.T) {
	p := newPlace(t)
	both := []*identity{issue(t, nil), issue(t, nil)}
	f := mustNew(t, p.writePair(both[0]))
	var all sync.WaitGroup
	all.Go(func() {
		for n := range 20 {
			p.writePair(both[n%2])
			_ = f.Reload()
		}
	})
	for range 3 {
		all.Go(func() {
			for range 20 {
				_ = f.Reload() // may see half of a pair, which it then leaves alone
				if got := servedSerial(t, f); got != serialOf(both[0]) && got != serialOf(both[1]) {
					t.Errorf("served is %s", got)
				}
				_, _ = f.Info(), f.Covers("localhost")
			}
		})
	}
	all.Wait()
}

// From 14 days before the end of a certificate on, the log is told once a day at most, also after the end; connections go on.
func TestWarningsOfTheEnd(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const day = 24 * time.Hour
		p, ca := newPlace(t), issue(t, nil, isCA, endsIn(17*day))
		cfg := p.writePair(issue(t, nil, endsIn(16*day)))
		cfg.ClientCAFile = p.write("ca.crt", ca.certPEM())
		f := mustNew(t, cfg)
		handshake := func() {
			cfg, _ := f.TLS().GetConfigForClient(nil)
			_, _ = cfg.GetCertificate(nil)
		}
		logged := func() int { return strings.Count(p.log.String(), "the certificate of the server in") }
		for _, step := range []struct {
			wait time.Duration
			want int // in all
		}{{0, 0}, {2*day - time.Second, 0}, {2 * time.Second, 1}, {time.Second, 1}, {day - 2*time.Second, 1}, {2 * time.Second, 2}, {20 * day, 3}, {time.Hour, 3}} {
			time.Sleep(step.wait)
			handshake()
			handshake()
			if got := logged(); got != step.want {
				t.Fatalf("after %s more: %d warnings, want %d\n%s", step.wait, got, step.want, &p.log)
			}
		}
		if info := f.Info(); len(info.Warnings) != 2 || !strings.Contains(info.Warnings[0], "has expired") || !strings.Contains(info.Warnings[1], "CA of clients") {
			t.Errorf("%q", info.Warnings)
		}
		if err := f.Reload(); err == nil {
			t.Error("Reload takes a certificate that has expired")
		}
	})
}
