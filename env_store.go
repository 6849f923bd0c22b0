package zscalermcp

import (
	"errors"

	"github.com/org/zscalermcp/auth"
)

// StoreURL returns the address of the store that replicas share, with its password, from ZSCALER_MCP_STORE_URL or the file that ZSCALER_MCP_STORE_URL_FILE
// names; "" if there is none. It is for the program that makes the store of it and gives it to [WithStore]: this package holds no client of such a server.
func StoreURL(lookup Lookup) (auth.Secret, error) {
	e := &env{lookup: lookup}
	address := e.secret("ZSCALER_MCP_STORE_URL")
	return auth.Secret(address), errors.Join(e.errs...)
}

// storeFromEnv warns of the variable where nobody has made a store of it.
func (c *config) storeFromEnv(e *env) {
	if c.store == nil && (e.text("ZSCALER_MCP_STORE_URL") != "" || e.text("ZSCALER_MCP_STORE_URL_FILE") != "") {
		c.warnings = append(c.warnings, "ZSCALER_MCP_STORE_URL is for the program zscaler-mcp and has no effect here: give the store with WithStore (package store/redisstore)")
	}
}
