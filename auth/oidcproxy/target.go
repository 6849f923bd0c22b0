package oidcproxy

import (
	"slices"
	"strings"
)

// isTarget reports whether every resource that a request names (RFC 8707 section 2) is ours. Clients differ in how they write it: with a slash at the end or
// without, with the case and the port as the user typed them, with a query behind it (R48). None means ours.
func (p *Provider) isTarget(resources []string) bool {
	return !slices.ContainsFunc(resources, func(resource string) bool { return folded(resource) != folded(p.resource) })
}

// folded is a resource without what clients write differently. It is for comparison only.
func folded(resource string) string {
	resource, _, _ = strings.Cut(resource, "?")
	scheme, rest, _ := strings.Cut(resource, "://")
	authority, path, hasPath := strings.Cut(rest, "/")
	scheme, authority = strings.ToLower(scheme), strings.ToLower(authority)
	for _, implied := range []struct{ scheme, port string }{{"https", ":443"}, {"http", ":80"}} {
		if scheme == implied.scheme {
			authority = strings.TrimSuffix(authority, implied.port)
		}
	}
	if hasPath && path != "" {
		path = "/" + strings.TrimSuffix(path, "/")
	}
	return scheme + "://" + authority + path
}
