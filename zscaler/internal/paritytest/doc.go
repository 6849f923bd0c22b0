// Package paritytest tests the toolsets of a service against the vendor's own MCP server, and gives
// their further tests a client, a server with every tool bound and a tenant behind it.
//
// A service keeps in testdata/parity.json what the vendor's server offers: one [Tool] an entry, with its
// arguments and with calls and the requests that they make. Its test file declares a [Suite] and runs it:
//
//	var suite = &paritytest.Suite{Sets: zid.Sets(), Tools: 5}
//
//	func TestParity(t *testing.T) { suite.Test(t) }
//
// Where a tool differs on purpose, the suite says so; all else has to be equal. Tests of behaviour open
// a [World], over the simulated tenant or over canned answers, and call tools in it as an MCP client
// does. Deletes are bound too: the client's human confirms each of them, and [World.Asked] tells what
// the human was shown. A delete of the table has to read its object before, by the path of the DELETE.
package paritytest
