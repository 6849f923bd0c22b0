// Package zscalermcp serves the Zscaler OneAPI to AI agents over the Model Context Protocol (MCP).
//
// A service imports it, gives it OneAPI credentials and a way to authenticate callers, and mounts the
// MCP endpoint on the [net/http.ServeMux] it already has:
//
//	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "ci", Key: key}}})
//	srv, err := zscalermcp.New(zscalermcp.WithAuth(keys), zscalermcp.WithCredentials(credentials))
//	err = srv.Mount(mux)
//
// # Two layers
//
// Who may call this server, and how this server calls Zscaler, are two layers that never mix. The first
// is an [auth.Authenticator], given by [WithAuth] or chosen by the environment. The second is a set of
// OneAPI credentials, given by [WithCredentials] or the environment. No credential of a caller is ever sent
// to Zscaler, except where it is one of Zscaler's ([auth.Zscaler]), and none of the server's ever reaches a caller.
//
// # Read-only by default
//
// Tools that change the tenant are offered only where [WithWriteTools], or both of its environment variables, name
// them, and tools that delete also ask a human, or demand a single-use token, before each deletion.
//
// # Life
//
// [New] checks the whole configuration and returns every mistake at once; it starts no goroutine and
// makes no request. [Server.Handler] and [Server.Mount] give the endpoint to an HTTP server of the
// host's; [Server.Run] brings its own; [Server.ServeStdio] speaks over a pipe. [Server.Drain] ends long
// streams and turns readiness off; [Server.Close] waits for calls in flight and releases everything.
//
// # Configuration
//
// Options win over the environment, and the environment over defaults. The names of the environment
// variables are those of Zscaler's own MCP server; docs/guides/configuration.md lists them. [WithEnv] replaces
// the look-up or switches it off.
package zscalermcp
