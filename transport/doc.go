// Package transport carries MCP requests to one prebuilt [mcp.Server]: over HTTP in both protocol
// eras on one endpoint, over standard input and output, and
// for clients of protocol 2024-11-05 over HTTP+SSE, see [Endpoint.SSE].
//
// The way of an HTTP request through an [Endpoint]:
//
//	time limit of the body → drain gate → source address → host → origin → rate of the address →
//	auth.Middleware → rate of the principal → media types → read and check the body →
//	limits of calls, streams and sessions → bridge to the SDK's session binding → era router → SDK →
//	receiving middleware → tool
//
// What is checked before authentication is also there for handlers of a service's own, each alone: [SourceCheck], [HostCheck],
// [OriginCheck] and [AddressRate] have a method Wrap. Their lists can be replaced while they serve. [Endpoint.Defended] puts the
// checks of an endpoint in front of what is served beside it. Who does not pass gets 403 for the address and the origin, 421 for the
// host and 429 for the rate; a page of an allowed origin gets answers to its preflight requests without a credential.
//
// Requests of protocol 2026-07-28 and newer are stateless; older clients get sessions, whose number
// and idle time are limited. A session belongs to the principal that opened it. JSON-RPC batches, which
// only protocol 2025-03-26 has, are refused with 400 and error -32600.
//
// Refusals are JSON-RPC errors. A caller with too many requests, calls, streams or sessions gets 429, and
// everyone gets 503 when there are too many in all, both with Retry-After.
//
// What older and lenient clients send is accepted where it can mean one thing only: Content-Type application/json-rpc, and an Accept header
// that names one half. A client that accepts no event streams gets its answer as JSON, without progress, and cannot be asked
// anything during a call. GET opens a stream, and is refused with 405 when the client accepts none.
//
// An event stream that is quiet for [Config].Heartbeat gets a comment, so that proxies do not cut it; with it the header of an answer that takes
// long goes out, with status 200. From then on a refusal is an event. A peer that does not take what is written loses its connection.
//
// Every handler runs under a deadline, with the principal of its own request in the context, and
// behind a guard that turns a panic into a JSON-RPC error.
//
// What the package leaves to its caller: TLS, which hosts and source addresses are allowed (without a list of hosts, only DNS
// rebinding over loopback is refused), and the timeouts of the [net/http.Server].
package transport
