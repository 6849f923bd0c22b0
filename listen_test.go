package zscalermcp_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

// Who listens where other machines can call needs TLS, or says that something else encrypts; who listens everywhere says under which names.
func TestWhereRunMayListen(t *testing.T) {
	const plain, names = "in the clear", "every interface"
	cert := newCertificate(t, "mcp.example.com")
	tls := []string{"ZSCALER_MCP_TLS_CERTFILE", cert.certFile, "ZSCALER_MCP_TLS_KEYFILE", cert.keyFile}
	allow := []string{"ZSCALER_MCP_ALLOW_HTTP", "true"}
	for name, test := range map[string]struct {
		host  string
		env   []string
		wants []string // in the error, none: it may listen
	}{
		"loopback":                   {host: "127.0.0.1"},
		"loopback by name":           {host: "localhost"},
		"loopback, another one":      {host: "127.1.2.3"},
		"loopback, IPv6":             {host: "::1"},
		"loopback, IPv6 in brackets": {host: "[::1]"},
		"loopback, mapped":           {host: "::ffff:127.0.0.1"},
		"one interface":              {host: "192.0.2.7", wants: []string{plain}},
		"one interface, IPv6":        {host: "2001:db8::7", wants: []string{plain}},
		"one interface, TLS":         {host: "192.0.2.7", env: tls},
		"one interface, HTTP":        {host: "192.0.2.7", env: allow},
		"HTTP said to be refused":    {host: "192.0.2.7", env: []string{"ZSCALER_MCP_ALLOW_HTTP", "false"}, wants: []string{plain}},
		"every interface":            {host: "0.0.0.0", wants: []string{plain, names}},
		"every interface, IPv6":      {host: "::", wants: []string{plain, names}},
		"every interface, mapped":    {host: "::ffff:0.0.0.0", wants: []string{plain, names}},
		"every interface, TLS":       {host: "0.0.0.0", env: tls, wants: []string{names}},
		"and hosts":                  {host: "0.0.0.0", env: append(tls, "ZSCALER_MCP_ALLOWED_HOSTS", "mcp.example.com")},
		"and a public URL":           {host: "0.0.0.0", env: append(tls, "ZSCALER_MCP_PUBLIC_URL", "https://mcp.example.com/mcp")},
		"and the check switched off": {host: "0.0.0.0", env: append(tls, "ZSCALER_MCP_DISABLE_HOST_VALIDATION", "true")},
		"the check switched on":      {host: "0.0.0.0", env: append(tls, "ZSCALER_MCP_DISABLE_HOST_VALIDATION", "false"), wants: []string{names}},
		"hosts and HTTP":             {host: "0.0.0.0", env: append(allow, "ZSCALER_MCP_ALLOWED_HOSTS", "mcp.example.com")},
	} {
		t.Run(name, func(t *testing.T) {
			env := tenantEnv.with("ZSCALER_MCP_HOST", test.host, "ZSCALER_MCP_PORT", "0", "ZSCALER_MCP_TRANSPORT", "streamable-http", "ZSCALER_MCP_AUTH_API_KEY", testKey).with(test.env...)
			err := newServer(t, env.option()).CheckRun(t.Context())
			if (err == nil) != (len(test.wants) == 0) {
				t.Fatalf("%v", err)
			}
			for _, want := range test.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), plain) != strings.Contains(strings.Join(test.wants, ""), plain) {
				t.Errorf("too much in: %v", err)
			}
		})
	}
}

// The options say the same as the variables.
func TestOptionsOfTheNetworkSide(t *testing.T) {
	cert := newCertificate(t, "mcp.example.com")
	files := zscalermcp.WithTLS(zscalermcp.TLS{CertFile: cert.certFile, KeyFile: cert.keyFile})
	everywhere := zscalermcp.WithListen(":0")
	for name, test := range map[string]struct {
		options []zscalermcp.Option
		want    string
	}{
		"nothing":  {[]zscalermcp.Option{everywhere}, "in the clear"},
		"TLS":      {[]zscalermcp.Option{everywhere, files}, "every interface"},
		"hosts":    {[]zscalermcp.Option{everywhere, files, zscalermcp.WithAllowedHosts("mcp.example.com")}, ""},
		"any host": {[]zscalermcp.Option{everywhere, files, zscalermcp.InsecureAllowAnyHost()}, ""},
		"HTTP":     {[]zscalermcp.Option{everywhere, zscalermcp.InsecureAllowHTTP(), zscalermcp.WithAllowedHosts("mcp.example.com")}, ""},
	} {
		srv := newServer(t, append(test.options, tenantEnv.option(), withKey(t))...)
		if err := srv.CheckRun(t.Context()); (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A link-local address needs its zone to be bound, and clients leave it out.
func TestListenOnALinkLocalAddress(t *testing.T) {
	for host, want := range map[string]string{"fe80::1%lo": "", "::1%lo": ""} {
		srv := newServer(t, tenantEnv.option(), withKey(t), zscalermcp.WithListen("["+host+"]:0"), zscalermcp.InsecureAllowHTTP())
		if err := srv.CheckRun(t.Context()); (err == nil) != (want == "") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// A host with a port in it, or a number that is none, is refused before anything is looked up; addresses in every spelling go on.
func TestHostToListenOn(t *testing.T) {
	for host, want := range map[string]string{
		"": "127.0.0.1:8000", "localhost": "localhost:8000", "0.0.0.0": "0.0.0.0:8000", "::1": "[::1]:8000", "[::1]": "[::1]:8000", "fe80::1%eth0": "[fe80::1%eth0]:8000", "[fe80::1%eth0]": "[fe80::1%eth0]:8000",
	} {
		if got := newServer(t, tenantEnv.with("ZSCALER_MCP_HOST", host).option(), withKey(t)).Posture().Listen; got != want {
			t.Errorf("%q: %s", host, got)
		}
	}
	for host, want := range map[string]string{"0.0.0.0:8443": "goes into ZSCALER_MCP_PORT", "[::1]:8000": "goes into ZSCALER_MCP_PORT", "0": "0.0.0.0 for every interface", "127.1": "0.0.0.0 for every interface"} {
		env := tenantEnv.with("ZSCALER_MCP_HOST", host)
		if _, err := zscalermcp.New(env.option(), withKey(t)); err == nil || !strings.Contains(err.Error(), `ZSCALER_MCP_HOST: "`+host+`" `) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", host, err)
		}
		if _, err := zscalermcp.New(env.option(), withKey(t), zscalermcp.WithListen("127.0.0.1:0")); err != nil { // then the variable is not read
			t.Errorf("%q beside the option: %v", host, err)
		}
	}
}
