package main

import (
	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// demoOptions point the server at the simulated tenant, whatever the environment says.
func demoOptions(tenant *zscalertest.Tenant) []zscalermcp.Option {
	return []zscalermcp.Option{
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
			ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
		}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
	}
}
