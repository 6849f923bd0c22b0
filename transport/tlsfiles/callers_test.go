package tlsfiles_test

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// D74: from the handshake to the caller: a certificate of the CA that a rule knows is let in under its name, one that no rule knows gets 401, and a
// header changes nothing.
func TestCallersByCertificate(t *testing.T) {
	p, ca := newPlace(t), issue(t, nil, isCA)
	cfg := p.writePair(issue(t, nil))
	cfg.ClientCAFile = p.write("ca.crt", ca.certPEM())
	certificates, err := auth.NewClientCertificate(auth.ClientCertificateConfig{Rules: []auth.ClientCertificateRule{{DNS: "*.clients.example.com"}}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(auth.Middleware(certificates, auth.MiddlewareConfig{})(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _ := auth.PrincipalFromContext(r.Context())
		cert, _ := auth.ClientCertificate(r)
		_, _ = fmt.Fprint(w, who.Subject, " ", cert.SerialNumber)
	})))
	server.TLS = mustNew(t, cfg).TLS()
	server.StartTLS()
	defer server.Close()
	called := func(name string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{name}, []net.IP{} }
	}
	alice := issue(t, ca, forClients, called("a.clients.example.com"))
	v := visit(t, server.Listener.Addr().String(), shows(alice))
	if got := v.mustGet(t); got.client != "a.clients.example.com "+serialOf(alice) {
		t.Errorf("%+v", got)
	}
	r, err := http.NewRequest(http.MethodGet, v.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-Client-Cert", "DNS=a.clients.example.com")
	resp, err := visit(t, server.Listener.Addr().String(), shows(issue(t, ca, forClients, called("clients.example.com")))).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a certificate that no rule knows: status %d", resp.StatusCode)
	}
}
