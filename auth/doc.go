// Package auth decides who may call the server, and what.
//
// An [Authenticator] turns a request into a [Principal] or an [*Error]. [Middleware] puts one in
// front of an [http.Handler]: it sees that a request presents exactly one credential, answers
// refusals as RFC 6750 and RFC 9110 want them, and hands on a request that has the principal in
// its context and the credential nowhere. What runs behind it cannot leak what it never sees.
//
// # Modes
//
//   - [NewAPIKeys]: keys that callers hold, from code or a file.
//   - [NewJWT]: access tokens of identity providers, verified here (RFC 7519, RFC 9068). [EntraID], [Okta] and others
//     know how their provider writes them.
//   - [NewIntrospection]: tokens that the identity provider is asked about (RFC 7662).
//   - [NewProtectedResource]: tells clients where to sign in (RFC 9728), and lets one of the two above judge what they bring.
//   - [NewZscaler]: client id and secret of an API client at OneAPI.
//   - [NewClientCertificate]: certificates that callers show in the TLS handshake.
//   - [AuthenticatorFunc]: a service that already knows its caller, from a gateway for example.
//
// [AnyOf] combines modes, and [TrustPlatform] admits what a platform in front has authenticated. Further abilities are
// further interfaces: [Challenger], [Router], [HeaderReader], [Reloader], [ResourceNamer], and [io.Closer]. Package authtest checks
// an implementation of yours.
//
// # What a caller may do
//
// A [Policy] says which tools a principal may use; [NewScopePolicy] makes one of rules about scopes, groups, roles and claims. It narrows
// what the operator offers, and never widens it.
//
// # Public and private text
//
// What a caller is told is fixed text ([Error].Description): it names no key, issuer or cause, and
// repeats nothing of the request. The cause ([Error].Err) goes to the log. Neither holds a credential;
// [Secret] keeps configured ones from being printed. Every decision is an [Event].
//
// # Identity
//
// [Principal.Key] identifies a caller to everything that is bound to one: sessions, confirmations,
// caches, audit records. It covers issuer and subject, so that two modes cannot name one caller by
// accident.
//
// # Addresses
//
// [ClientAddr] is where a request came from. Forwarding headers count only from [Proxies] that are trusted.
package auth
