package zscaler_test

import (
	"encoding/json"
	"testing"

	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// TestAgainstSimulatedTenant reads, changes, and survives a revoked token and a private-key sign-in
// against a tenant that this package did not write.
func TestAgainstSimulatedTenant(t *testing.T) {
	tenant := zscalertest.NewTenant(zscalertest.Options{})
	defer tenant.Close()
	tenant.AddPublicKey(&testKey().PublicKey)
	for name, credentials := range map[string]zscaler.Credentials{
		"secret": {ClientSecret: zscaler.Secret(tenant.ClientSecret)},
		"key":    {PrivateKey: zscaler.Secret(pkcs1(testKey()))},
	} {
		credentials.ClientID, credentials.VanityDomain = tenant.ClientID, tenant.VanityDomain
		credentials.CustomerID = tenant.CustomerID
		c, err := zscaler.New(zscaler.Config{
			Credentials: credentials, Limits: map[zscaler.Service]zscaler.Limit{},
			Endpoints: zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		created, err := do(t, c, &zscaler.Request{Method: "POST", Path: labels, Body: json.RawMessage(`{"name":"` + name + `"}`)})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var label struct{ ID json.Number }
		if err := json.Unmarshal(created.Body, &label); err != nil {
			t.Fatal(err)
		}
		tenant.Revoke()
		if _, err := do(t, c, &zscaler.Request{Method: "DELETE", Path: labels + "/" + label.ID.String()}); err != nil {
			t.Errorf("%s: after revocation: %v", name, err)
		}
		resp, err := do(t, c, get(segments))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if rows, page, err := zscaler.Rows(zscaler.ZPA, resp.Body, ""); err != nil || len(rows) == 0 || page.Total < len(rows) {
			t.Errorf("%s: %d rows, %+v, %v", name, len(rows), page, err)
		}
	}
}
