package zscalermcp

import "slices"

// readAlways are the variables that are read whatever the mode of authentication. A secret has a twin that ends in _FILE.
var readAlways = []string{
	"ZSCALER_VANITY_DOMAIN", "ZSCALER_CLIENT_ID", "ZSCALER_CLIENT_SECRET", "ZSCALER_CLIENT_SECRET_FILE", "ZSCALER_PRIVATE_KEY",
	"ZSCALER_PRIVATE_KEY_FILE", "ZSCALER_CLOUD", "ZSCALER_CUSTOMER_ID", "ZCELL_CUSTOMER_ID", "ZPA_MICROTENANT_ID", "ZSCALER_PARTNER_ID",
	"ZSCALER_ONEAPI_TOKEN_URL", "ZSCALER_ONEAPI_GATEWAY_URL", "ZSCALER_MCP_USER_AGENT_COMMENT",
	"ZSCALER_MCP_TRANSPORT", "ZSCALER_MCP_HOST", "ZSCALER_MCP_PORT", "ZSCALER_MCP_PUBLIC_URL", "ZSCALER_MCP_ALLOWED_ORIGINS", "ZSCALER_MCP_MASTER_KEYS", "ZSCALER_MCP_MASTER_KEYS_FILE",
	"ZSCALER_MCP_STORE_URL", "ZSCALER_MCP_STORE_URL_FILE",
	"ZSCALER_MCP_PAGE", "ZSCALER_MCP_CONTACT",
	"ZSCALER_MCP_SERVICES", "ZSCALER_MCP_TOOLSETS", "ZSCALER_MCP_DISABLED_TOOLSETS", "ZSCALER_MCP_DISABLED_TOOLS",
	"ZSCALER_MCP_WRITE_ENABLED", "ZSCALER_MCP_WRITE_TOOLS",
	"ZSCALER_MCP_AUTH_MODE", "ZSCALER_MCP_AUTH_ENABLED", "ZSCALER_MCP_AUTH_HEADERS", "ZSCALER_MCP_CALLER_CREDENTIALS",
	"ZSCALER_MCP_TRUSTED_PROXIES", "ZSCALER_MCP_TRUSTED_PROXY_HEADER", "ZSCALER_MCP_TRUST_PLATFORM_AUTH",
}

// Variables of Zscaler's own server that this version does not have. Those that restrict must not be
// ignored: whoever sets one relies on it.
var (
	restricting = []string{
		"ZSCALER_MCP_ALLOWED_SOURCE_IPS", "ZSCALER_MCP_ALLOWED_HOSTS", "ZSCALER_MCP_TLS_CERTFILE", "ZSCALER_MCP_TLS_KEYFILE",
		"ZSCALER_MCP_TLS_CA_CERTS", "ZSCALER_MCP_DISABLED_SERVICES", "ZSCALER_MCP_TOOLS",
	}
	ignored = []string{
		"ZSCALER_MCP_SKIP_CONFIRMATIONS", "ZSCALER_MCP_CONFIRMATION_TTL", "ZSCALER_MCP_LOG_TOOL_CALLS", "ZSCALER_MCP_ALLOW_HTTP",
		"ZSCALER_MCP_DISABLE_HOST_VALIDATION", "ZSCALER_MCP_DISABLE_ENTITLEMENT_FILTER", "ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION",
		"ZSCALER_MCP_REQUEST_STATE_KEYS", "ZSCALER_MCP_TLS_KEYFILE_PASSWORD",
	}
)

// Variables returns the names of the environment variables that [New] knows, sorted: those that it reads, and those of Zscaler's own
// server that it refuses or warns of. Another name that begins with ZSCALER_MCP_ or OIDCPROXY_ is probably misspelt.
func Variables() []string {
	names := slices.Concat(readAlways, modeVariables[modeAPIKey], modeVariables[modeJWT], modeVariables[modeOIDC], modeVariables[modeServer], restricting, ignored)
	slices.Sort(names)
	return slices.Compact(names)
}
