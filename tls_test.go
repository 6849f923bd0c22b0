package zscalermcp_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp"
)

// A certificate is one in files, signed by itself.
type certificate struct {
	certFile, keyFile string
	pool              *x509.CertPool
	pair              tls.Certificate
}

// newCertificate makes one for names and 127.0.0.1.
func newCertificate(t *testing.T, names ...string) certificate {
	t.Helper()
	return certificateUntil(t, time.Now().Add(30*24*time.Hour), names...)
}

func certificateUntil(t *testing.T, end time.Time, names ...string) certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: end, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := certificate{certFile: filepath.Join(dir, "tls.crt"), keyFile: filepath.Join(dir, "tls.key"), pool: x509.NewCertPool()}
	certPEM, keyPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	for path, text := range map[string][]byte{c.certFile: certPEM, c.keyFile: keyPEM} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if c.pair, err = tls.X509KeyPair(certPEM, keyPEM); err != nil {
		t.Fatal(err)
	}
	c.pool.AppendCertsFromPEM(certPEM)
	return c
}

// runs starts Run and returns its URL, without the path, and a function that ends it and returns what it said.
func runs(t *testing.T, logs *logBuffer, srv *zscalermcp.Server) (base string, end func() error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Run(ctx) }()
	line := regexp.MustCompile(`"msg":"listening","url":"(https?://[^/"]+)`)
	end = func() error { stop(); return <-done }
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if found := line.FindStringSubmatch(logs.String()); found != nil {
			return found[1], end
		}
		if time.Now().After(deadline) {
			t.Fatalf("not listening: %v %s", end(), logs.String())
		}
	}
}

// quick are limits with which Run ends at once.
var quick = zscalermcp.Limits{DrainDelay: time.Millisecond, Grace: 2 * time.Second}

// asks sends a request and returns status and body.
func asks(t *testing.T, client *http.Client, url string, headers ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func over(config *tls.Config) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true, DisableKeepAlives: true}}
}

// Run serves https with the files, or with a configuration of the host's own, and never below TLS 1.2.
func TestRunServesTLS(t *testing.T) {
	cert := newCertificate(t, "mcp.example.com")
	for name, option := range map[string]zscalermcp.Option{
		"files":  zscalermcp.WithTLS(zscalermcp.TLS{CertFile: cert.certFile, KeyFile: cert.keyFile}),
		"config": zscalermcp.WithTLS(zscalermcp.TLS{Config: &tls.Config{Certificates: []tls.Certificate{cert.pair}, MinVersion: tls.VersionTLS10}}),
		"config for each client": zscalermcp.WithTLS(zscalermcp.TLS{Config: &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return &tls.Config{Certificates: []tls.Certificate{cert.pair}, MinVersion: tls.VersionTLS10}, nil
		}}}),
	} {
		t.Run(name, func(t *testing.T) {
			var logs logBuffer
			base, end := runs(t, &logs, newServer(t, option, tenantEnv.option(), withKey(t), logs.option(), zscalermcp.WithListen("127.0.0.1:0"), zscalermcp.WithLimits(quick)))
			if status, body := asks(t, over(&tls.Config{RootCAs: cert.pool}), base+"/health"); status != http.StatusOK || !strings.HasPrefix(base, "https://") {
				t.Errorf("%s: %d %s", base, status, body)
			}
			if status, body := asks(t, over(&tls.Config{RootCAs: cert.pool, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}), base+"/health"); status != 0 || !containsAny(body, []string{"protocol version", "no supported versions"}) { // FIPS 140-3 mode does not even offer it
				t.Errorf("TLS 1.1: %d %s", status, body)
			}
			if err := end(); err != nil {
				t.Error(err)
			}
		})
	}
}

// The files are judged by New, in the words of the variables, all at once.
func TestBadCertificatesStopTheStart(t *testing.T) {
	good, other := newCertificate(t, "mcp.example.com"), newCertificate(t, "other.example.com")
	expired := certificateUntil(t, time.Now().Add(-time.Minute), "mcp.example.com")
	for name, test := range map[string]struct {
		cert, key, cas, password string
		want                     string
	}{
		"good":         {cert: good.certFile, key: good.keyFile},
		"good, mutual": {cert: good.certFile, key: good.keyFile, cas: other.certFile},
		"no key":       {cert: good.certFile, want: "ZSCALER_MCP_TLS_CERTFILE: is given without the file of its private key"},
		"no cert":      {key: good.keyFile, want: "ZSCALER_MCP_TLS_KEYFILE: is given without the file of its certificate"},
		"only CAs":     {cas: other.certFile, want: "ZSCALER_MCP_TLS_CA_CERTS"},
		"mismatched":   {cert: good.certFile, key: other.keyFile, want: "ZSCALER_MCP_TLS_KEYFILE"},
		"expired":      {cert: expired.certFile, key: expired.keyFile, want: "expired"},
		"missing":      {cert: good.certFile + ".old", key: good.keyFile, want: "tls.crt.old"},
		"no CAs":       {cert: good.certFile, key: good.keyFile, cas: good.keyFile, want: "ZSCALER_MCP_TLS_CA_CERTS"},
	} {
		_, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_TLS_CERTFILE", test.cert, "ZSCALER_MCP_TLS_KEYFILE", test.key, "ZSCALER_MCP_TLS_CA_CERTS", test.cas).option(), withKey(t))
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "tlsfiles") {
			t.Errorf("%s: not in the words of the environment: %v", name, err)
		}
	}
	for name, config := range map[string]zscalermcp.TLS{
		"missing": {CertFile: "x", KeyFile: "y"}, "half": {CertFile: good.certFile}, "mismatched": {CertFile: good.certFile, KeyFile: other.keyFile}, "expired": {CertFile: expired.certFile, KeyFile: expired.keyFile},
		"no CAs": {CertFile: good.certFile, KeyFile: good.keyFile, ClientCAFile: good.keyFile}, "CAs missing": {CertFile: good.certFile, KeyFile: good.keyFile, ClientCAFile: "z"},
	} {
		for _, env := range []environ{tenantEnv, {}} {
			if _, err := zscalermcp.New(env.option(), withKey(t), zscalermcp.WithTLS(config)); err == nil || !strings.Contains(err.Error(), "WithTLS: ") {
				t.Errorf("WithTLS, %s: %v", name, err)
			}
		}
	}
	for name, config := range map[string]zscalermcp.TLS{"nothing": {}, "no certificate": {Config: &tls.Config{MinVersion: tls.VersionTLS13}}, "both": {CertFile: good.certFile, KeyFile: good.keyFile, Config: &tls.Config{Certificates: []tls.Certificate{good.pair}, MinVersion: tls.VersionTLS12}}} {
		if _, err := zscalermcp.New(tenantEnv.option(), withKey(t), zscalermcp.WithTLS(config)); err == nil || !strings.Contains(err.Error(), "WithTLS") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_TLS_CERTFILE", "nowhere", "ZSCALER_MCP_TRANSPORT", "stdio").option()); err != nil {
		t.Errorf("on stdio: %v", err)
	}
}

// A certificate that is replaced is used for new connections, and a bad one is not.
func TestReloadOfTheCertificate(t *testing.T) {
	first, second := newCertificate(t, "mcp.example.com"), newCertificate(t, "mcp.example.com")
	var logs logBuffer
	srv := newServer(t, tenantEnv.option(), withKey(t), logs.option(), zscalermcp.WithListen("127.0.0.1:0"), zscalermcp.WithLimits(quick),
		zscalermcp.WithTLS(zscalermcp.TLS{CertFile: first.certFile, KeyFile: first.keyFile}))
	base, end := runs(t, &logs, srv)
	replace := func(from, to string) {
		t.Helper()
		text, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	replace(second.certFile, first.certFile)
	if err := srv.Reload(); err == nil {
		t.Error("half of a pair is accepted")
	}
	if status, body := asks(t, over(&tls.Config{RootCAs: first.pool}), base+"/health"); status != http.StatusOK {
		t.Errorf("half replaced: %s", body)
	}
	replace(second.keyFile, first.keyFile)
	if err := srv.Reload(); err != nil {
		t.Error(err)
	}
	if status, body := asks(t, over(&tls.Config{RootCAs: second.pool}), base+"/health"); status != http.StatusOK {
		t.Errorf("replaced: %s", body)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

// What clients will not accept is warned of at the start.
func TestWarningsOfCertificates(t *testing.T) {
	long, short := newCertificate(t, "mcp.example.com"), certificateUntil(t, time.Now().Add(13*24*time.Hour), "mcp.example.com")
	for name, test := range map[string]struct {
		cert certificate
		url  string
		want string
	}{
		"good":          {long, "https://mcp.example.com/mcp", ""},
		"another host":  {long, "https://svc.example.com/mcp", "the certificate in " + long.certFile + " is for mcp.example.com, 127.0.0.1, and not for svc.example.com, the host of the public URL: clients"},
		"ends soon":     {short, "https://mcp.example.com/mcp", "renew it"},
		"no public URL": {long, "", ""},
	} {
		srv := newServer(t, tenantEnv.with("ZSCALER_MCP_TLS_CERTFILE", test.cert.certFile, "ZSCALER_MCP_TLS_KEYFILE", test.cert.keyFile, "ZSCALER_MCP_PUBLIC_URL", test.url).option(), withKey(t))
		got := strings.Join(srv.Posture().Warnings, "\n")
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) || strings.Contains(got, "tlsfiles:") || strings.Count(got, "will refuse it") > 1 {
			t.Errorf("%s: %q", name, got)
		}
	}
}
