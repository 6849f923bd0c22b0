package zscalermcp_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

// Settings that keep everybody out, or that mean nothing, are warned of; their nearest neighbours are not.
func TestWarningsOfTheNetworkSide(t *testing.T) {
	cert := newCertificate(t, "mcp.example.com")
	tls := []string{"ZSCALER_MCP_TLS_CERTFILE", cert.certFile, "ZSCALER_MCP_TLS_KEYFILE", cert.keyFile}
	public := []string{"ZSCALER_MCP_PUBLIC_URL", "https://mcp.example.com/mcp"}
	for name, test := range map[string]struct {
		env  []string
		want string
	}{
		"hosts without the public one":    {append(public, "ZSCALER_MCP_ALLOWED_HOSTS", "inner.example.com"), "leaves out that of the public URL"},
		"hosts with another port":         {append(public, "ZSCALER_MCP_ALLOWED_HOSTS", "mcp.example.com:8443"), "leaves out that of the public URL"},
		"hosts with the public one":       {append(public, "ZSCALER_MCP_ALLOWED_HOSTS", "inner.example.com, *.example.com"), ""},
		"HTTP beside a certificate":       {append(tls, "ZSCALER_MCP_ALLOW_HTTP", "true"), "no effect"},
		"HTTP":                            {[]string{"ZSCALER_MCP_ALLOW_HTTP", "true"}, "can read the callers' credentials"},
		"a certificate":                   {tls, ""},
		"http beside a certificate":       {append(tls, "ZSCALER_MCP_PUBLIC_URL", "http://mcp.example.com/mcp"), "make the URL https"},
		"http":                            {[]string{"ZSCALER_MCP_PUBLIC_URL", "http://mcp.example.com/mcp"}, "put TLS in front"},
		"any host":                        {[]string{"ZSCALER_MCP_DISABLE_HOST_VALIDATION", "true"}, "DNS rebinding"},
		"limits off":                      {[]string{"ZSCALER_MCP_LIMITS", "calls=off"}, `limits are off: ["calls"]`},
		"a public URL and the port of it": {public, ""},
	} {
		srv, err := zscalermcp.New(tenantEnv.with(test.env...).option(), withKey(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "a certificate" { // options win, and a variable that restricts is not passed over in silence
			beside := tenantEnv.with("ZSCALER_MCP_TLS_CA_CERTS", cert.certFile, "ZSCALER_MCP_ALLOWED_HOSTS", "a.example.com", "ZSCALER_MCP_ALLOWED_SOURCE_IPS_FILE", "list")
			srv := newServer(t, beside.option(), withKey(t), zscalermcp.WithTLS(zscalermcp.TLS{CertFile: cert.certFile, KeyFile: cert.keyFile}), zscalermcp.WithAllowedHosts("b.example.com"), zscalermcp.WithSourceIPs("10.0.0.0/8"))
			for _, want := range []string{"TLS_CA_CERTS has no effect beside WithTLS", "ALLOWED_HOSTS has no effect beside WithAllowedHosts", "ALLOWED_SOURCE_IPS has no effect beside WithSourceIPs"} {
				if got := strings.Join(srv.Posture().Warnings, "\n"); !strings.Contains(got, want) {
					t.Errorf("%q is not in %s", want, got)
				}
			}
		}
		if got := strings.Join(srv.Posture().Warnings, "\n"); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
