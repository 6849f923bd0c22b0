package main

import (
	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// demoOptions point the server at the simulated tenant, whatever the environment says. An API client that it names is one of that
// tenant, so that callers can sign in with it.
func demoOptions(tenant *zscalertest.Tenant, lookup zscalermcp.Lookup) []zscalermcp.Option {
	id, _ := lookup("ZSCALER_CLIENT_ID")
	if secret, _ := lookup("ZSCALER_CLIENT_SECRET"); id != "" && id != tenant.ClientID && secret != "" {
		tenant.AddClient(id, secret)
	}
	return []zscalermcp.Option{
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
			ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
			ZCellCustomerID: tenant.ZCellCustomerID,
		}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
	}
}
