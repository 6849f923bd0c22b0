package main

import (
	"context"
	"fmt"
	"io"

	"github.com/org/zscalermcp/auth/authtest"
)

const secret = "secret-of-the-one-application"

// newProvider starts the identity provider, with the one application that is registered there, and a user who signs in without being asked.
func newProvider(origin string) *authtest.Provider {
	idp := authtest.NewProvider(authtest.Options{})
	idp.AddClient(authtest.Client{ID: "mcp", Secret: secret, RedirectURIs: []string{origin + "/auth/callback"}})
	idp.SignIn(authtest.User{Subject: "alice", Claims: map[string]any{"groups": []string{"network-admins"}}})
	return idp
}

// provide serves the identity provider alone, for the binary, until ctx ends.
func provide(ctx context.Context, out io.Writer, origin string) error {
	idp := newProvider(origin)
	defer idp.Close()
	_, err := fmt.Fprintf(out, `In another terminal:
  export ZSCALER_MCP_AUTH_MODE=authorization-server OIDCPROXY_CONFIG_URL=%[1]s
  export OIDCPROXY_CLIENT_ID=mcp OIDCPROXY_CLIENT_SECRET=%[2]s OIDCPROXY_BASE_URL=%[3]s OIDCPROXY_REQUIRED_SCOPES=zscaler:read
  go run ./cmd/zscaler-mcp --demo --transport streamable-http
Then add this to an MCP client, which opens a browser:
  %[3]s/mcp
`, idp.DiscoveryURL(), secret, origin)
	<-ctx.Done()
	return err
}
