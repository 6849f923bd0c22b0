// Package zscalertest provides a simulated Zscaler OneAPI tenant for tests and demonstrations, in the
// manner of [net/http/httptest].
//
// A [Tenant] listens on the loopback interface. It has a token endpoint, which checks client secrets
// and private-key assertions, and a gateway, which keeps the state of each service, pages and filters
// the way that service does, refuses what it would refuse, and answers in its shapes: strings for
// totals in ZPA, bare arrays and staged changes in ZIA, record envelopes in ZIdentity, snake case in
// ZDX, GraphQL in ZMS, failures with status 200 in ZCC. A new tenant holds the data of a fictional company.
//
//	tenant := zscalertest.NewTenant(zscalertest.Options{})
//	defer tenant.Close()
//	client := newClient(tenant.TokenURL(), tenant.GatewayURL(), tenant.ClientID, tenant.ClientSecret)
//
// [Tenant.Fail] makes it misbehave: rate limits in each service's header form, edit locks, lost
// sessions, server errors, slow, cut and foreign answers. [Tenant.Requests] tells what it was asked.
//
// Where the behaviour of the real service was never recorded, the simulation is the stricter of the
// plausible ones, so that a client that satisfies it sends nothing doubtful: ids have the JSON type
// of the service, GraphQL variables have to be declared, and references have to exist.
//
// All methods may be used concurrently.
package zscalertest
