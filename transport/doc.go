// Package transport carries MCP requests to one prebuilt [mcp.Server]: over HTTP in both protocol
// eras on one endpoint, and over standard input and output.
//
// The way of an HTTP request through an [Endpoint]:
//
//	drain gate → auth.Middleware → normalise → read and check the body → bridge to the SDK's
//	session binding → era router → SDK → receiving middleware → tool
//
// Requests of protocol 2026-07-28 and newer are stateless; older clients get sessions, whose number
// and idle time are limited. A session belongs to the principal that opened it.
//
// Every handler runs under a deadline, with the principal of its own request in the context, and
// behind a guard that turns a panic into a JSON-RPC error.
//
// What the package leaves to its caller: TLS, the Host and Origin headers beyond the check against DNS
// rebinding on loopback, rate limits, and the timeouts of the [net/http.Server].
package transport
