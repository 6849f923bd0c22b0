package zscalermcp_test

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
)

// With authorities of clients nobody gets in without a certificate of theirs, and an Authenticator can go by it.
func TestMutualTLS(t *testing.T) {
	server, client, stranger := newCertificate(t, "mcp.example.com"), newCertificate(t, "agent.example.com"), newCertificate(t, "agent.example.com")
	byCertificate, err := auth.NewClientCertificate(auth.ClientCertificateConfig{Rules: []auth.ClientCertificateRule{{DNS: "agent.example.com"}}})
	if err != nil {
		t.Fatal(err)
	}
	var logs logBuffer
	srv := newServer(t, tenantEnv.option(), zscalermcp.WithAuth(byCertificate), logs.option(), zscalermcp.WithListen("127.0.0.1:0"), zscalermcp.WithLimits(quick),
		zscalermcp.WithTLS(zscalermcp.TLS{CertFile: server.certFile, KeyFile: server.keyFile, ClientCAFile: client.certFile}))
	if got := srv.Posture().TLS; !strings.Contains(got, "client certificates") {
		t.Errorf("the posture says %q", got)
	}
	base, end := runs(t, &logs, srv)
	for name, test := range map[string]struct {
		certs []tls.Certificate
		want  int
	}{
		"of the authority": {[]tls.Certificate{client.pair}, http.StatusMethodNotAllowed}, // a GET that wants no stream, of a caller who is known
		"of another":       {[]tls.Certificate{stranger.pair}, 0},
		"none":             {nil, 0},
	} {
		if status, body := asks(t, over(&tls.Config{RootCAs: server.pool, Certificates: test.certs}), base+"/mcp", "Accept", "application/json"); status != test.want {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}
