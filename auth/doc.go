// Package auth decides who may call the server.
//
// An [Authenticator] turns a request into a [Principal] or an [*Error]. [Middleware] puts one in
// front of an [http.Handler]: it sees that a request presents exactly one credential, answers
// refusals as RFC 6750 and RFC 9110 want them, and hands on a request that has the principal in
// its context and the credential nowhere. What runs behind it cannot leak what it never sees.
//
// [NewAPIKeys] authenticates by keys. A service that already knows its caller, from a client
// certificate or a gateway, says so in an [AuthenticatorFunc]. Further abilities are further
// interfaces: [Challenger] for challenges of its own, [Router] for endpoints of its own.
//
// # Public and private text
//
// What a caller is told is fixed text ([Error].Description): it names no key, issuer or cause, and
// repeats nothing of the request. The cause ([Error].Err) goes to the log. Neither holds a credential;
// [Secret] keeps configured ones from being printed.
//
// # Identity
//
// [Principal.Key] identifies a caller to everything that is bound to one: sessions, confirmations,
// caches, audit records. It covers issuer and subject, so that two modes cannot name one caller by
// accident.
package auth
