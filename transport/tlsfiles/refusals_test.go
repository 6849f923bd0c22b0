package tlsfiles_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport/tlsfiles"
)

// A bad file is one that is refused, with the field that is named and part of what is said of it.
type badFiles struct {
	cfg   tlsfiles.Config
	field string
	says  string
}

func checkRefusals(t *testing.T, bad map[string]badFiles) {
	t.Helper()
	for name, test := range bad {
		t.Run(name, func(t *testing.T) {
			f, err := tlsfiles.New(test.cfg)
			if f != nil || err == nil {
				t.Fatal("accepted")
			}
			if problem, ok := fieldsOf(err)[test.field]; !ok || !strings.Contains(problem, test.says) {
				t.Errorf("%v; want %s: %s", err, test.field, test.says)
			}
			if !strings.HasPrefix(err.Error(), "tlsfiles: Config.") {
				t.Errorf("the error begins otherwise: %v", err)
			}
		})
	}
}

// Each file of a certificate that is refused stands beside the nearest one that is not.
func TestCertificatesThatAreRefused(t *testing.T) {
	p, ca := newPlace(t), issue(t, nil, isCA)
	good := issue(t, ca)
	cfg := p.writePair(good)
	with := func(name, text string) tlsfiles.Config {
		c := cfg
		c.CertFile = p.write(name, text)
		return c
	}
	issued := func(name string, change ...func(*x509.Certificate)) tlsfiles.Config {
		return with(name, issueFor(t, good.key, ca, change...).certPEM())
	}
	usage := func(usages ...x509.ExtKeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.ExtKeyUsage = usages }
	}
	begins := func(at time.Duration) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.NotBefore = time.Now().Add(at) }
	}
	crlf := strings.ReplaceAll(good.certPEM(), "\n", "\r\n")
	cut := good.certPEM()[:len(good.certPEM())/2]
	for name, cfg := range map[string]tlsfiles.Config{
		"as it should be": cfg, "CRLF, after text and a mark": with("crlf", "\xef\xbb\xbfsubject=/CN=x\r\n\r\n"+crlf),
		"a mark before it": with("mark", "\xef\xbb\xbf"+good.certPEM()), "a chain": with("chain", good.certPEM()+"issuer\n"+ca.certPEM()),
		"both in one file": {CertFile: p.write("both", good.keyPEM(t)+good.certPEM()), KeyFile: p.write("both", good.keyPEM(t)+good.certPEM())},
		"ends in a minute": issued("soon", endsIn(time.Minute)), "begun a minute ago": issued("new", begins(-time.Minute)),
		"for servers and clients": issued("both uses", usage(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth)), "for any use": issued("any", usage(x509.ExtKeyUsageAny)),
		"of its largest size": with("large", strings.Repeat("\n", 1<<20-len(good.certPEM()))+good.certPEM()),
	} {
		if _, err := tlsfiles.New(cfg); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	checkRefusals(t, map[string]badFiles{
		"absent":             {tlsfiles.Config{CertFile: filepath.Join(p.dir, "none"), KeyFile: cfg.KeyFile}, "CertFile", "no such file"},
		"a directory":        {tlsfiles.Config{CertFile: p.dir, KeyFile: cfg.KeyFile}, "CertFile", "not a regular file"},
		"a device":           {tlsfiles.Config{CertFile: os.DevNull, KeyFile: cfg.KeyFile}, "CertFile", "not a regular file"},
		"too large":          {with("huge", strings.Repeat("\n", 1<<20-len(good.certPEM())+1)+good.certPEM()), "CertFile", "larger than"},
		"empty":              {with("empty", " \n"), "CertFile", "is empty"},
		"text":               {with("text", "hello"), "CertFile", "no PEM block"},
		"UTF-16":             {with("utf16", "\xff\xfe-\x00-\x00"), "CertFile", "UTF-16"},
		"DER":                {with("der", string(good.cert.Raw)), "CertFile", "certificate in DER"},
		"binary":             {with("p12", "\x30\x82\x01\x00\x02\x01\x03"), "CertFile", "PKCS#12"},
		"cut off":            {with("cut", cut), "CertFile", "cut off"},
		"indented":           {with("indented", " "+strings.ReplaceAll(good.certPEM(), "\n", "\n ")), "CertFile", "indented"},
		"a chain cut off":    {with("cut chain", good.certPEM()+ca.certPEM()[:200]), "CertFile", "only 1 that are whole"},
		"a chain with chaff": {with("chaff", good.certPEM()+block("CERTIFICATE", []byte("chaff"))), "CertFile", "number 2, that cannot be read"},
		"a key":              {with("key", good.keyPEM(t)), "CertFile", "exchanged"},
		"a request":          {with("csr", block("CERTIFICATE REQUEST", []byte("x"))), "CertFile", "request"},
		"something else":     {with("crl", block("X509 CRL", []byte("x"))), "CertFile", "no CERTIFICATE block"},
		"expired":            {issued("expired", endsIn(-time.Second)), "CertFile", "expired"},
		"of tomorrow":        {issued("tomorrow", begins(time.Minute)), "CertFile", "does not count before"},
		"for clients":        {issued("client", usage(x509.ExtKeyUsageClientAuth)), "CertFile", "serverAuth"},
		"of another key":     {with("other", issue(t, ca).certPEM()), "KeyFile", "not that of the certificate"},
		"not the first":      {with("order", ca.certPEM()+good.certPEM()), "KeyFile", "certificate number 2"},
	})
}

// Each file of a key that is refused stands beside the nearest one that is not.
func TestKeysThatAreRefused(t *testing.T) {
	p := newPlace(t)
	good := issue(t, nil)
	cfg := p.writePair(good)
	with := func(name, text string) tlsfiles.Config {
		c := cfg
		c.KeyFile = p.write(name, text)
		return c
	}
	key := good.keyPEM(t)
	sec1, err := x509.MarshalECPrivateKey(good.key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(good.key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(good.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]tlsfiles.Config{
		"CRLF after text": with("crlf", "key\r\n"+strings.ReplaceAll(key, "\n", "\r\n")), "behind its certificate": with("all", good.certPEM()+key),
		"SEC 1 behind its parameters": with("sec1", block("EC PARAMETERS", []byte("\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"))+block("EC PRIVATE KEY", sec1)),
		"SEC 1, said to be PKCS#8":    with("odd", block("PRIVATE KEY", sec1)),
	} {
		if _, err := tlsfiles.New(cfg); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	checkRefusals(t, map[string]badFiles{
		"absent":        {tlsfiles.Config{CertFile: cfg.CertFile, KeyFile: filepath.Join(p.dir, "none")}, "KeyFile", "no such file"},
		"a certificate": {with("cert", good.certPEM()), "KeyFile", "exchanged"},
		"a public key":  {with("public", block("PUBLIC KEY", public)), "KeyFile", "no PRIVATE KEY block"},
		"two keys":      {with("two", key+key), "KeyFile", "has 2 private keys"},
		"DER":           {with("der", string(der)), "KeyFile", "key in DER"},
		"of OpenSSH":    {with("ssh", block("OPENSSH PRIVATE KEY", []byte("x"))), "KeyFile", "ssh-keygen"},
		"damaged":       {with("damaged", block("PRIVATE KEY", der[:len(der)-9])), "KeyFile", "cannot be read"},
	})
}

// Keys of every kind serve, in every form; those that clients refuse do not.
func TestKindsOfKeys(t *testing.T) {
	p := newPlace(t)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	large, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []*identity{issueFor(t, large, nil), issueFor(t, edwards, nil), issueFor(t, p384, nil)} {
		if got := servedSerial(t, mustNew(t, p.writePair(i))); got != i.cert.SerialNumber.String() {
			t.Errorf("%T: served is certificate %s", i.key, got)
		}
	}
	cfg := p.writePair(issueFor(t, large, nil))
	cfg.KeyFile = p.write("pkcs1", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(large)))
	mustNew(t, cfg)
	cfg = p.writePair(issueFor(t, small, nil))
	checkRefusals(t, map[string]badFiles{"RSA": {cfg, "CertFile", "RSA key of 1024 bits"}})
	checkRefusals(t, map[string]badFiles{"P-224": {p.writePair(issueFor(t, p224, nil)), "CertFile", "curve P-224"}})
}

// What is given by half is noted at the field that is set, and all mistakes are in one error.
func TestHalfAConfiguration(t *testing.T) {
	p, ca := newPlace(t), issue(t, nil, isCA)
	cfg := p.writePair(issue(t, ca))
	cas := p.write("ca.crt", ca.certPEM())
	checkRefusals(t, map[string]badFiles{
		"nothing":                    {tlsfiles.Config{}, "CertFile", "is empty"},
		"a certificate without key":  {tlsfiles.Config{CertFile: cfg.CertFile}, "CertFile", "without the file of its private key"},
		"a key without certificate":  {tlsfiles.Config{KeyFile: cfg.KeyFile}, "KeyFile", "without the file of its certificate"},
		"client CAs only":            {tlsfiles.Config{ClientCAFile: cas}, "ClientCAFile", "takes a certificate and a key"},
		"a password only":            {tlsfiles.Config{KeyPassword: "x"}, "KeyPassword", "without the files"},
		"absent, the other is fine":  {tlsfiles.Config{CertFile: p.dir, KeyFile: cfg.KeyFile}, "CertFile", "not a regular"},
		"absent, the other is wrong": {tlsfiles.Config{CertFile: p.dir, KeyFile: p.dir, ClientCAFile: p.dir}, "CertFile", "not a regular"},
	})
	_, err := tlsfiles.New(tlsfiles.Config{CertFile: p.dir, KeyFile: p.dir, ClientCAFile: p.dir})
	if got := fieldsOf(err); len(got) != 3 {
		t.Errorf("three mistakes are reported as %v", got)
	}
}

// The files of client CAs that are refused, and those that are not.
func TestClientCAsThatAreRefused(t *testing.T) {
	p, ca := newPlace(t), issue(t, nil, isCA)
	cfg := p.writePair(issue(t, ca))
	with := func(name string, all ...*identity) tlsfiles.Config {
		c, text := cfg, ""
		for _, i := range all {
			text += i.certPEM()
		}
		c.ClientCAFile = p.write(name, text)
		return c
	}
	old := issue(t, nil, isCA, endsIn(-time.Minute))
	noSigning := func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }
	mustNew(t, with("one", ca))
	mustNew(t, with("any usage", issue(t, nil, isCA, func(c *x509.Certificate) { c.KeyUsage = 0 })))
	if got := mustNew(t, with("old and new", old, ca)).Info(); len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "has expired") {
		t.Errorf("one of two CAs has expired: %q", got.Warnings)
	}
	empty := cfg
	empty.ClientCAFile = p.write("key only", issue(t, nil).keyPEM(t))
	open := with("open", ca)
	if err := os.Chmod(open.ClientCAFile, 0o666); err != nil {
		t.Fatal(err)
	}
	checkRefusals(t, map[string]badFiles{
		"no certificate":        {empty, "ClientCAFile", "no certificate"},
		"a client's":            {with("leaf", ca, issue(t, ca, forClients)), "ClientCAFile", "number 2"},
		"a client's of any use": {with("any use", issue(t, ca, func(c *x509.Certificate) { c.KeyUsage, c.BasicConstraintsValid = 0, true })), "ClientCAFile", "not of a CA"},
		"may not sign":          {with("no signing", issue(t, nil, isCA, noSigning)), "ClientCAFile", "not of a CA"},
		"expired":               {with("expired", old), "ClientCAFile", "no CA that counts now"},
		"of tomorrow":           {with("tomorrow", issue(t, nil, isCA, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) })), "ClientCAFile", "does not count before"},
		"writable by everyone":  {open, "ClientCAFile", "chmod o-w"},
	})
	if err := os.Chmod(open.ClientCAFile, 0o644); err != nil {
		t.Fatal(err)
	}
	mustNew(t, open)
}

// Nothing of a password is in a printed configuration.
func TestConfigDoesNotPrintItsPassword(t *testing.T) {
	if got := printed(tlsfiles.Config{KeyPassword: auth.Secret(password)}); strings.Contains(got, password) {
		t.Errorf("the password is printed: %s", got)
	}
}
