package main

import (
	"context"
	"slices"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// scopesOf turns groups of the identity provider into scopes: who is in none of them is refused.
func scopesOf(_ context.Context, user oidcproxy.Claims) ([]string, error) {
	if slices.Contains(user.List("groups"), "network-admins") {
		return []string{"zscaler:read"}, nil
	}
	return nil, nil
}

func credentials(tenant *zscalertest.Tenant) zscaler.Credentials {
	return zscaler.Credentials{
		VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID, ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
	}
}
