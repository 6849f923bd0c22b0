// Package isolated has the principals of callers whom the operating system isolates. They are told by identity, so that
// nobody who comes over HTTP can be taken for one of them, whatever an Authenticator calls its callers.
package isolated

import "github.com/org/zscalermcp/auth"

// Principals. They are shared: treat them as read-only.
var (
	Stdio = &auth.Principal{Issuer: "stdio", Subject: "stdio", Method: "stdio"} // whoever holds the pipe
	Local = &auth.Principal{Issuer: "local", Subject: "local", Method: "none"}  // who calls from inside the program
)

// Is reports whether p is one of them.
func Is(p *auth.Principal) bool { return p == Stdio || p == Local }
