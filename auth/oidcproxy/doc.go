// Package oidcproxy is an OAuth 2.1 authorization server with dynamic client registration in front of any OpenID provider.
//
// MCP clients register themselves and expect an authorization server that lets them. Identity providers do not: they want each application registered
// beforehand. A [Provider] stands between them: clients register with it (RFC 7591), it asks the user, sends the user to the identity provider as the one
// application that is registered there, and then gives the client tokens of its own (RFC 9068), which are good at one MCP endpoint and nowhere else. The
// tokens of the identity provider never leave it.
//
//	p, err := oidcproxy.New(ctx, oidcproxy.Config{
//		Upstream:    oidcproxy.Upstream{Issuer: "https://idp.example.com/", ClientID: id, ClientSecret: secret},
//		ResourceURL: "https://svc.example.com/mcp",
//		Keys:        ring,
//	})
//	…
//	srv, err := zscalermcp.New(zscalermcp.WithAuth(p))
//
// # The flow
//
// A client registers, and its client id is the registration itself, sealed: nothing is stored. At the authorization endpoint the user sees who asks for what;
// the request waits, sealed, in the form of that page. Only the answer begins to be stored: a sign-in, bound to the browser by a cookie. The identity
// provider sends the user back to the callback, with a code that is redeemed and an ID token that is checked in full. Rules of the operator's decide
// whether the user is admitted ([Config.Authorize], Tenants, Domains) and with which scopes ([Config.GrantScopes]). The client gets a code, and for it an access
// token and a refresh token.
//
// # Grants
//
// What a user has allowed a client is one record in the [store.Store]: a grant. Access tokens are good while it stands, so that ending it ends them. Each
// refresh asks the identity provider whether the user still is who they were, and rotates the refresh token. A retired one answers with its successor for a
// while, since clients run as several processes; after that it is taken for stolen, and ends the grant.
//
// # Keys
//
// Everything is sealed and signed with keys that a [store.Keyring] derives. To rotate, put a new master key in front and keep the old one until what it has
// sealed has ended: nobody is signed out.
package oidcproxy
