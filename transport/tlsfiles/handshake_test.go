package tlsfiles_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"slices"
	"testing"
	"time"
)

// TLS 1.2 and 1.3 are spoken, the newer one by choice; 1.0 and 1.1 are not.
func TestVersions(t *testing.T) {
	p := newPlace(t)
	address := serve(t, mustNew(t, p.writePair(issue(t, nil))))
	for version, accepted := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		got, err := visit(t, address, http1, only(version)).get(t)
		if (err == nil) != accepted || accepted && got.version != version {
			t.Errorf("%s: %v, %v", tls.VersionName(version), tls.VersionName(got.version), err)
		}
	}
	if got := visit(t, address).mustGet(t); got.version != tls.VersionTLS13 || got.protocol != "HTTP/2.0" {
		t.Errorf("by choice %s is spoken over %s", got.protocol, tls.VersionName(got.version))
	}
	if got := visit(t, address, http1).mustGet(t); got.protocol != "HTTP/1.1" {
		t.Errorf("asked for HTTP/1.1: %s", got.protocol)
	}
}

// A client that looks at certificates is content with the chain that the file has, and only with it.
func TestChain(t *testing.T) {
	p, root := newPlace(t), issue(t, nil, isCA, named("root"))
	middle := issue(t, root, isCA, named("middle"))
	i := issue(t, middle)
	cfg := p.writePair(i)
	trusts := func(c *tls.Config) { c.InsecureSkipVerify, c.RootCAs, c.ServerName = false, pool(root), "localhost" }
	if _, err := visit(t, serve(t, mustNew(t, cfg)), trusts).get(t); err == nil {
		t.Error("without the CA between them the client trusts the certificate")
	}
	cfg.CertFile = p.write("chain", i.certPEM()+middle.certPEM())
	if _, err := visit(t, serve(t, mustNew(t, cfg)), trusts).get(t); err != nil {
		t.Error(err)
	}
}

// Clients must show a certificate for clients that a CA of the file has issued, and that counts now.
func TestClientCertificates(t *testing.T) {
	p, ca, foreign := newPlace(t), issue(t, nil, isCA, named("ca")), issue(t, nil, isCA, named("ca"))
	cfg := p.writePair(issue(t, nil))
	cfg.ClientCAFile = p.write("ca.crt", ca.certPEM())
	f := mustNew(t, cfg)
	address := serve(t, f)
	if !f.Info().ClientCertificates {
		t.Error("Info does not tell of client certificates")
	}
	serverOnly := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }
	early := func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }
	stolen := issue(t, ca, forClients)
	stolen.key = issue(t, nil).key
	for name, test := range map[string]struct {
		shows    *identity
		accepted bool
	}{
		"none": {nil, false}, "its own": {issue(t, ca, forClients, named("alice")), true}, "of any use": {issue(t, ca, named("alice")), true},
		"of another CA with the same name": {issue(t, foreign, forClients), false}, "its own word": {issue(t, nil, forClients), false},
		"expired": {issue(t, ca, forClients, endsIn(-time.Second)), false}, "of tomorrow": {issue(t, ca, forClients, early), false},
		"for servers": {issue(t, ca, serverOnly), false}, "without its key": {stolen, false},
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			change := []func(*tls.Config){only(version)}
			if test.shows != nil {
				change = append(change, shows(test.shows))
			}
			got, err := visit(t, address, change...).get(t)
			if (err == nil) != test.accepted || test.accepted && got.client != "alice" {
				t.Errorf("%s, %s: %+v, %v", name, tls.VersionName(version), got, err)
			}
		}
	}
	cfg.ClientCAFile = ""
	if got := visit(t, serve(t, mustNew(t, cfg)), shows(stolen)).mustGet(t); got.client != "nobody" {
		t.Errorf("where no certificate is asked for, the client is %q", got.client)
	}
}

// Sessions are resumed where no certificates are asked for, and never where they are.
func TestResumption(t *testing.T) {
	p, ca := newPlace(t), issue(t, nil, isCA)
	cfg := p.writePair(issue(t, nil))
	for _, asked := range []bool{false, true} {
		if asked {
			cfg.ClientCAFile = p.write("ca.crt", ca.certPEM())
		}
		address := serve(t, mustNew(t, cfg))
		alice := shows(issue(t, ca, forClients))
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			cache := tls.NewLRUClientSessionCache(8)
			var resumed bool
			for range 3 {
				resumed = visit(t, address, alice, http1, only(version), func(c *tls.Config) { c.ClientSessionCache = cache }).mustGet(t).resumed
			}
			if resumed == asked {
				t.Errorf("%s, certificates asked for: %v, resumed: %v", tls.VersionName(version), asked, resumed)
			}
		}
	}
}

// What the certificate is for, in the words of the operator.
func TestInfoAndCovers(t *testing.T) {
	p := newPlace(t)
	i := issue(t, nil, func(c *x509.Certificate) {
		c.DNSNames = []string{"mcp.example.com", "*.apps.example.com"}
		c.IPAddresses = []net.IP{net.ParseIP("192.0.2.1"), net.ParseIP("2001:db8::1")}
	})
	f := mustNew(t, p.writePair(i))
	info := f.Info()
	if len(info.Names) != 4 || info.Names[3] != "2001:db8::1" || !info.NotAfter.Equal(i.cert.NotAfter) || info.ClientCertificates || len(info.Warnings) > 0 {
		t.Errorf("%+v", info)
	}
	for host, covered := range map[string]bool{
		"mcp.example.com": true, "MCP.Example.COM": true, "mcp.example.com.": true, "a.apps.example.com": true, "192.0.2.1": true, "2001:db8::1": true, "[2001:db8::1]": true,
		"example.com": false, "a.b.apps.example.com": false, "apps.example.com": false, "192.0.2.2": false, "": false, "mcp.example.com.evil.example": false,
	} {
		if err := f.Covers(host); (err == nil) != covered {
			t.Errorf("%q: %v", host, err)
		}
	}
	nameless := mustNew(t, p.writePair(issue(t, nil, func(c *x509.Certificate) { c.DNSNames, c.IPAddresses, c.Subject.CommonName = nil, nil, "localhost" })))
	if err := nameless.Covers("localhost"); err == nil {
		t.Error("a common name counts as a name")
	}
	cfg := p.writePair(i)
	cfg.KeyFile = cfg.CertFile
	p.write("tls.crt", i.certPEM()+i.keyPEM(t))
	if got := mustNew(t, cfg).Paths(); len(got) != 1 || got[0] != cfg.CertFile {
		t.Errorf("paths %q", got)
	}
}

// A configuration that a host changes before it serves is kept so, where certificates are asked for too.
func TestHostsOwnProtocols(t *testing.T) {
	p, ca := newPlace(t), issue(t, nil, isCA)
	cfg := p.writePair(issue(t, nil))
	cfg.ClientCAFile = p.write("ca.crt", ca.certPEM())
	own := mustNew(t, cfg).TLS()
	if !slices.Equal(own.NextProtos, []string{"h2", "http/1.1"}) {
		t.Errorf("protocols %q", own.NextProtos)
	}
	own.NextProtos = []string{"http/1.1"}
	got, err := own.GetConfigForClient(&tls.ClientHelloInfo{})
	if err != nil || len(got.NextProtos) != 1 || got.ClientAuth != tls.RequireAndVerifyClientCert || got.MinVersion != tls.VersionTLS12 {
		t.Errorf("%+v, %v", got, err)
	}
}
