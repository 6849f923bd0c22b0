// Package paritytest tests the toolsets of a service against the vendor's own MCP server, and gives
// their further tests a client, a server with every tool bound and a tenant behind it.
//
// testdata/tools.json holds what the vendor's server offers: one [Tool] an entry, with its arguments and the
// requests that it makes. The test file of a service declares a [Suite] and runs it:
//
//	var suite = &paritytest.Suite{Service: "zid", Sets: zid.Sets(), Differences: usersDifferences}
//
//	func TestParity(t *testing.T) { suite.Test(t) }
//
// Each tool is called with generated arguments, against a gateway that records; the requests have to be those
// of the table. Where a tool differs on purpose, a [Difference] says so, and docs/differences.md is made of
// these; all else has to be equal. What holds for every tool is no difference: booleans in a query are in lower
// case, null counts as absent, ids that could name another resource are refused, a PUT of an update sends the
// whole object that was read before, with what was given laid over it, an update of nothing is refused, and a
// delete reads its object before the human is asked. A [Hint] tells the generator what words of the table
// demand of arguments.
//
// Tests of behaviour open a [World], over the simulated tenant or over canned answers, and call tools in it as
// an MCP client does. Deletes are bound too: the client's human confirms each of them, and [World.Asked] tells
// what the human was shown.
package paritytest
