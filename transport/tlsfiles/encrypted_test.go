package tlsfiles_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport/tlsfiles"
)

func printed(v any) string { return fmt.Sprintf("%v %+v %#v", v, v, v) }

// fixture reads a file of testdata.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fixtureKey is the key of testdata.
func fixtureKey(t testing.TB) crypto.Signer {
	t.Helper()
	plain, _ := pem.Decode(fixture(t, "plain.pem"))
	key, err := x509.ParsePKCS8PrivateKey(plain.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(crypto.Signer)
}

// encryptedKeys are the fixtures that are opened by the password.
var encryptedKeys = []string{
	"pkcs8-aes256-pbkdf2-sha256.pem", "pkcs8-aes128-pbkdf2-sha1.pem", "pkcs8-aes256-scrypt.pem", "pkcs8-aes192-scrypt.pem", "pkcs8-3des-pbkdf2.pem",
	"legacy-aes128.pem", "legacy-des3.pem",
}

// Keys that OpenSSL has encrypted serve with their password, and are refused with another and without.
func TestEncryptedKeys(t *testing.T) {
	p := newPlace(t)
	i := issueFor(t, fixtureKey(t), nil)
	cfg := p.writePair(i)
	for _, name := range encryptedKeys {
		t.Run(name, func(t *testing.T) {
			cfg := cfg
			cfg.KeyFile, cfg.KeyPassword = filepath.Join("testdata", name), password
			f := mustNew(t, cfg)
			if got := servedSerial(t, f); got != i.cert.SerialNumber.String() || len(f.Info().Warnings) > 0 {
				t.Errorf("served is certificate %s, with warnings %q", got, f.Info().Warnings)
			}
			bad := map[string]badFiles{}
			for _, wrong := range []auth.Secret{"x", password + "r", "orrect-horse-battery", password + "\n"} {
				cfg.KeyPassword = wrong
				bad[fmt.Sprintf("wrong %d", len(wrong))] = badFiles{cfg, "KeyPassword", "password is wrong"}
			}
			cfg.KeyPassword = ""
			bad["none"] = badFiles{cfg, "KeyFile", "no password is given"}
			checkRefusals(t, bad)
			cfg.KeyPassword = "wrong-0123456789"
			if _, err := tlsfiles.New(cfg); strings.Contains(printed(err), "wrong-0123456789") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
	plain := map[string]auth.Secret{"plain.pem": password, "sec1-with-parameters.pem": ""}
	for name, secret := range plain {
		cfg.KeyFile, cfg.KeyPassword = filepath.Join("testdata", name), secret
		if got := mustNew(t, cfg).Info().Warnings; len(got) != len(secret)/len(password) {
			t.Errorf("%s: warnings %q", name, got)
		}
	}
}

// A key that is encrypted in an unknown way, or would take very long to open, is refused at once.
func TestEncryptionThatIsRefused(t *testing.T) {
	p := newPlace(t)
	cfg := p.writePair(issueFor(t, fixtureKey(t), nil))
	cfg.KeyPassword = password
	file := func(name string) tlsfiles.Config {
		c := cfg
		c.KeyFile = filepath.Join("testdata", name)
		return c
	}
	// changed is a fixture with some of its bytes replaced by as many others.
	changed := func(name, from, to string) tlsfiles.Config {
		b, _ := pem.Decode(fixture(t, name))
		if bytes.Count(b.Bytes, []byte(from)) != 1 || len(from) != len(to) {
			t.Fatalf("%s does not have %x once", name, from)
		}
		c := cfg
		c.KeyFile = p.write(fmt.Sprintf("%x", to), block(b.Type, bytes.Replace(b.Bytes, []byte(from), []byte(to), 1)))
		return c
	}
	const cost, scrypt = "\x02\x02\x40\x00\x02\x01\x08\x02\x01\x01", "pkcs8-aes256-scrypt.pem" // N=16384, r=8, p=1
	mustNew(t, changed(scrypt, cost, cost))
	const aes256, aes256GCM, unknown = "\x60\x86\x48\x01\x65\x03\x04\x01\x2a", "\x60\x86\x48\x01\x65\x03\x04\x01\x2e", "known here"
	// rewritten is a fixture after a change of its parts.
	rewritten := func(name string, change func(*encryptedKey)) tlsfiles.Config {
		b, _ := pem.Decode(fixture(t, name))
		var parts encryptedKey
		if _, err := asn1.Unmarshal(b.Bytes, &parts); err != nil {
			t.Fatal(err)
		}
		change(&parts)
		der, err := asn1.Marshal(parts)
		if err != nil {
			t.Fatal(err)
		}
		c := cfg
		c.KeyFile = p.write(fmt.Sprintf("rewritten %d", len(der)), block(b.Type, der))
		return c
	}
	mustNew(t, rewritten(scrypt, func(*encryptedKey) {}))
	legacy := cfg
	legacy.KeyFile = p.write("dek", strings.Replace(string(fixture(t, "legacy-aes128.pem")), "AES-128-CBC", "AES-128-XYZ", 1))
	withLength := changed("pkcs8-aes256-pbkdf2-sha256.pem", "\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x09\x05\x00", "\x02\x01\x20\x30\x09\x06\x07\x2a\x86\x48\x86\xf7\x0d\x02")
	checkRefusals(t, map[string]badFiles{
		"another hash":          {file("pkcs8-sha512-unsupported.pem"), "KeyFile", unknown},
		"PBES1":                 {file("pkcs8-pbes1-unsupported.pem"), "KeyFile", unknown},
		"20 million iterations": {file("pkcs8-iterations.pem"), "KeyFile", "far more work"},
		"scrypt: blocks":        {changed(scrypt, cost, "\x02\x02\x40\x00\x02\x01\x7f\x02\x01\x02"), "KeyFile", "far more work"},
		"scrypt: lanes":         {changed(scrypt, cost, "\x02\x02\x40\x00\x02\x01\x08\x02\x01\x7f"), "KeyFile", "far more work"},
		"scrypt: no blocks":     {changed(scrypt, cost, "\x02\x02\x40\x00\x02\x01\x00\x02\x01\x01"), "KeyFile", unknown},
		"scrypt: odd cost":      {changed(scrypt, cost, "\x02\x02\x40\x01\x02\x01\x08\x02\x01\x01"), "KeyFile", unknown},
		"a mode of other keys":  {changed(scrypt, aes256, aes256GCM), "KeyFile", unknown},
		"short start of chain":  {changed(scrypt, aes256+"\x04\x10", aes256+"\x04\x0f"), "KeyFile", unknown},
		"half a block":          {rewritten(scrypt, func(k *encryptedKey) { k.Data = k.Data[:len(k.Data)-1] }), "KeyFile", "is damaged"},
		"nothing":               {rewritten(scrypt, func(k *encryptedKey) { k.Data = nil }), "KeyFile", "is damaged"},
		"scrypt: cost":          {rewritten(scrypt, func(k *encryptedKey) { k.Algorithm.Params.Derivation.Params.Cost = 1 << 30 }), "KeyFile", "far more work"},
		"scrypt: a length":      {rewritten(scrypt, func(k *encryptedKey) { k.Algorithm.Params.Derivation.Params.Length = 32 }), "KeyFile", unknown},
		"PBKDF2: a length":      {withLength, "KeyFile", unknown},
		"legacy: cipher":        {legacy, "KeyFile", unknown},
	})
}

// An encryptedKey is EncryptedPrivateKeyInfo (RFC 5958 section 3) with scrypt.
type encryptedKey struct {
	Algorithm struct {
		ID     asn1.ObjectIdentifier
		Params struct {
			Derivation struct {
				ID     asn1.ObjectIdentifier
				Params struct {
					Salt             []byte
					Cost, Block, Par int
					Length           int `asn1:"optional"`
				}
			}
			Encryption asn1.RawValue
		}
	}
	Data []byte
}

// A wrong password that happens to leave something that looks like padding is a wrong password all the same.
func TestWrongPasswordThatLooksRight(t *testing.T) {
	p := newPlace(t)
	cfg := p.writePair(issueFor(t, fixtureKey(t), nil))
	cfg.KeyFile = filepath.Join("testdata", "legacy-des3.pem")
	b, _ := pem.Decode(fixture(t, "legacy-des3.pem"))
	for n := range 100_000 {
		wrong := fmt.Sprint("wrong ", n)
		//lint:ignore SA1019 The form is what is tested.
		if _, err := x509.DecryptPEMBlock(b, []byte(wrong)); err == nil {
			cfg.KeyPassword = auth.Secret(wrong)
			checkRefusals(t, map[string]badFiles{wrong: {cfg, "KeyPassword", "password is wrong"}})
			return
		}
	}
	t.Fatal("there is none")
}

// The reader of keys and certificates survives whatever is in a file, as it is or in a PEM block, and shows nothing of the password.
func FuzzFiles(f *testing.F) {
	kinds := []string{"", "ENCRYPTED PRIVATE KEY", "PRIVATE KEY", "CERTIFICATE"}
	for _, name := range append([]string{"plain.pem", "sec1-with-parameters.pem"}, encryptedKeys...) {
		text := fixture(f, name)
		first, _ := pem.Decode(text)
		f.Add(text, uint8(0))
		f.Add(first.Bytes, uint8(1))
		f.Add(first.Bytes, uint8(2))
	}
	i := issue(f, nil)
	f.Add([]byte(i.certPEM()+i.keyPEM(f)), uint8(0))
	f.Add(i.cert.Raw, uint8(3))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, kind uint8) {
		text := string(data)
		if kind %= uint8(len(kinds)); kind > 0 {
			text = block(kinds[kind], data)
		}
		path := (&place{TB: t, dir: dir}).write("fuzzed", text)
		files, err := tlsfiles.New(tlsfiles.Config{CertFile: path, KeyFile: path, ClientCAFile: path, KeyPassword: password})
		if (files == nil) == (err == nil) || strings.Contains(printed(err), password) {
			t.Errorf("%v, %v", files, err)
		}
	})
}
