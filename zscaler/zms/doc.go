// Package zms declares the tools of Zscaler Microsegmentation: agents and their groups, nonces,
// resources, resource groups, policy rules, app zones, the application catalogue and tags. The
// service has one GraphQL endpoint; every tool here is one query of it and changes nothing.
package zms
