// Package zscaler calls the services of one Zscaler tenant through OneAPI.
//
// A [Client] turns a [Request] into calls of the gateway: it gets and renews the access token of an API
// client (a secret or a private key), keeps to the request rates that Zscaler documents, serialises
// changes that a tenant cannot take at once, repeats what is safe to repeat, and turns every failure
// into an error that says what to do next. What differs between services stands in one table; [Rows]
// and [Service.Next] read lists by it.
//
// The client never follows a redirect or a link in an answer: either could carry the token to another
// host. No error, log record or printed value holds a token or a secret.
//
// The package is the lowest layer of the module and imports no other part of it. Tools see it as a
// [Doer], which tests and callers with credentials of their own can replace.
package zscaler
