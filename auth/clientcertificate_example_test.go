package auth_test

import (
	"fmt"
	"net/http"

	"github.com/org/zscalermcp/auth"
)

// Workloads have certificates with SPIFFE IDs, machines such with DNS names, and who has neither can send an API key.
func ExampleNewClientCertificate() {
	certificates, err := auth.NewClientCertificate(auth.ClientCertificateConfig{Rules: []auth.ClientCertificateRule{
		{URI: "spiffe://example.com/ns/netops/*", Authority: "example.com", Scopes: []string{"read", "write"}},
		{DNS: "*.clients.example.com", Issuer: "CN=Machines,O=Example", Scopes: []string{"read"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "ci", Key: "a-key-for-the-example-0123456789"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	both, err := auth.AnyOf(keys, certificates)
	fmt.Printf("%T %v\n", certificates, err)
	_ = auth.Middleware(both, auth.MiddlewareConfig{})(http.NotFoundHandler())
	// Output: *auth.ClientCertificates <nil>
}

// A service that knows its callers by the serial numbers of their certificates.
func ExampleClientCertificate() {
	known := map[string]string{"4711": "alice"}
	mine := auth.AuthenticatorFunc(func(r *http.Request) (*auth.Principal, error) {
		cert, ok := auth.ClientCertificate(r)
		if !ok {
			return nil, auth.ErrNotMine
		}
		name, ok := known[cert.SerialNumber.String()]
		if !ok {
			return nil, &auth.Error{Status: http.StatusForbidden, Description: "The certificate is not known here."}
		}
		return &auth.Principal{Issuer: "staff", Subject: name, Expires: cert.NotAfter, Method: "serial-number"}, nil
	})
	r, _ := http.NewRequest(http.MethodPost, "https://mcp.example.com/mcp", nil)
	fmt.Println(mine.Authenticate(r))
	// Output: <nil> auth: no credential of this kind in the request
}
