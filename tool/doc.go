// Package tool turns declarations into MCP tools.
//
// A [Tool] is immutable data: a name, an [Effect], a struct type whose fields are the arguments, and
// a [Handler]. Tools are grouped into a [Set]; [Compile] checks a whole catalogue of sets and returns
// every mistake in one error; [Catalogue.Select] picks the tools to offer; [Bind] registers them with
// an [mcp.Server].
//
// Everything around the work itself is done here, once: arguments are checked strictly against the
// same table that the advertised schema is written from, and numbers never pass through a float;
// deletes ask a human, or demand a single-use token where nobody can be asked; panics, deadlines
// and missing results end as tool errors; secrets in answers are masked, see [Masked]; answers are sanitised,
// encoded and cut; every call leaves one record in the log.
//
// No output schema is advertised. Records pass as the API sent them, so that a schema could promise
// nothing about them, and clients that validate structured content would refuse answers the moment
// the API grows.
//
// [mcp.Server]: https://pkg.go.dev/github.com/modelcontextprotocol/go-sdk/mcp#Server
package tool
