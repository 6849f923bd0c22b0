package zscalermcp_test

import (
	"errors"
	"testing"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// Only an authorization server has a doctor, that of the host too, and only while it is open.
func TestDoctorNeedsAnAuthorizationServer(t *testing.T) {
	_, opts := tenantOptions(t)
	keys, err := zscalermcp.New(append(opts, withKey(t))...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Doctor(t.Context()); !errors.Is(err, zscalermcp.ErrNoDoctor) {
		t.Errorf("API keys: %v", err)
	}
	idp := authtest.NewProvider(authtest.Options{BaseURL: "https://idp.example.com"})
	p, err := oidcproxy.New(t.Context(), oidcproxy.Config{
		Upstream: oidcproxy.Upstream{Issuer: idp.Issuer(), ClientID: "mcp", ClientSecret: auth.Secret("a-secret-of-the-application")}, ResourceURL: "https://mcp.example.com/mcp", HTTPClient: idp.Client(),
	})
	if err != nil {
		t.Fatal(err)
	}
	srv, err := zscalermcp.New(append(opts, zscalermcp.WithAuth(p))...)
	if err != nil {
		t.Fatal(err)
	}
	report, err := srv.Doctor(t.Context())
	if err != nil || report.Resource != p.Resource() || report.Worst() != oidcproxy.SeverityError {
		t.Errorf("%v: %s", err, report)
	}
	if err := errors.Join(srv.Close(t.Context()), keys.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	if _, err := srv.Doctor(t.Context()); !errors.Is(err, zscalermcp.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
