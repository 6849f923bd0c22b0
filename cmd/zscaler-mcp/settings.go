package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/pflag"

	"github.com/org/zscalermcp"
)

// A setting is a flag that stands for an environment variable.
type setting struct {
	flag, variable, usage string
	isBool                bool
}

var table = []setting{
	{flag: "transport", variable: "ZSCALER_MCP_TRANSPORT", usage: "stdio, streamable-http, or sse for clients of protocol 2024-11-05 (default stdio)"},
	{flag: "host", variable: "ZSCALER_MCP_HOST", usage: "address to listen on (default 127.0.0.1)"},
	{flag: "port", variable: "ZSCALER_MCP_PORT", usage: "port to listen on, 0 for any (default 8000)"},
	{flag: "public-url", variable: "ZSCALER_MCP_PUBLIC_URL", usage: "URL under which clients reach the endpoint; its path is served (default path /mcp)"},
	{flag: "allowed-hosts", variable: "ZSCALER_MCP_ALLOWED_HOSTS", usage: "names under which the server may be addressed, comma-separated, such as mcp.example.com, host:* or *.example.com (default that of the public URL, else the address)"},
	{flag: "allowed-source-ips", variable: "ZSCALER_MCP_ALLOWED_SOURCE_IPS", usage: "addresses and prefixes from which callers may come, comma-separated (default all)"},
	{flag: "allowed-origins", variable: "ZSCALER_MCP_ALLOWED_ORIGINS", usage: "web origins whose pages may call the endpoint, comma-separated (default none)"},
	{flag: "tls-certfile", variable: "ZSCALER_MCP_TLS_CERTFILE", usage: "certificate chain, PEM; needed with --tls-keyfile on all but loopback"},
	{flag: "tls-keyfile", variable: "ZSCALER_MCP_TLS_KEYFILE", usage: "its private key, PEM"},
	{flag: "tls-ca-certs", variable: "ZSCALER_MCP_TLS_CA_CERTS", usage: "authorities, PEM, one of which must have issued the certificate that each client then has to show"},
	{flag: "allow-http", variable: "ZSCALER_MCP_ALLOW_HTTP", usage: "serve without TLS on other addresses than loopback too: for a proxy in front that ends TLS", isBool: true},
	{flag: "limits", variable: "ZSCALER_MCP_LIMITS", usage: "limits by name, comma-separated name=value"},
	{flag: "auth-mode", variable: "ZSCALER_MCP_AUTH_MODE", usage: "how HTTP callers authenticate: api-key, jwt, zscaler, oidc, authorization-server or none"},
	{flag: "services", variable: "ZSCALER_MCP_SERVICES", usage: "services to offer, comma-separated: zia, zpa, zdx, zcc, ztw, zid, zins, zms, zcell, zeasm (default all)"},
	{flag: "disabled-services", variable: "ZSCALER_MCP_DISABLED_SERVICES", usage: "services to leave out"},
	{flag: "toolsets", variable: "ZSCALER_MCP_TOOLSETS", usage: "toolsets to offer, comma-separated; all, or default: list the commonest tools, and the others on demand (default all)"},
	{flag: "disabled-toolsets", variable: "ZSCALER_MCP_DISABLED_TOOLSETS", usage: "toolsets to leave out"},
	{flag: "tools", variable: "ZSCALER_MCP_TOOLS", usage: "tools to keep of what is selected, patterns with * (default all)"},
	{flag: "disabled-tools", variable: "ZSCALER_MCP_DISABLED_TOOLS", usage: "tools to leave out, patterns with *"},
	{flag: "enable-write-tools", variable: "ZSCALER_MCP_WRITE_ENABLED", usage: "offer tools that change the tenant; --write-tools names them", isBool: true},
	{flag: "write-tools", variable: "ZSCALER_MCP_WRITE_TOOLS", usage: "tools that may change the tenant, patterns with *; needs --enable-write-tools too (default none)"},
	{flag: "no-entitlement-filter", variable: "ZSCALER_MCP_DISABLE_ENTITLEMENT_FILTER", usage: "offer tools of services too that the tenant does not have", isBool: true},
	{flag: "log-tool-calls", variable: "ZSCALER_MCP_LOG_TOOL_CALLS", usage: "log arguments (secrets masked), size and request ids of each tool call", isBool: true},
	{flag: "reveal-secrets", variable: "ZSCALER_MCP_REVEAL_SECRETS", usage: "tools that answer the tenant's secrets unmasked, patterns with * (default none)"},
	{flag: "disable-output-sanitization", variable: "ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION", usage: "leave markup and invisible characters in answers", isBool: true},
	{flag: "report-tokens", variable: "ZSCALER_MCP_REPORT_TOKENS", usage: "add the size of each answer to it, in bytes and tokens", isBool: true},
	{flag: "demo", variable: "ZSCALER_MCP_DEMO", usage: "serve a simulated tenant instead of a real one", isBool: true},
	{flag: "debug", variable: "ZSCALER_MCP_DEBUG", usage: "log more", isBool: true},
	{flag: "log-format", variable: "ZSCALER_MCP_LOG_FORMAT", usage: "text or json, to stderr (default text)"},
}

// settings are the values of the table's flags.
type settings map[string]*string

// declareSettings adds the table's flags.
func declareSettings(flags *pflag.FlagSet) settings {
	values := settings{}
	for _, s := range table {
		value := new(string)
		values[s.flag] = value
		flags.StringVar(value, s.flag, "", s.usage+"; "+s.variable)
		if s.isBool {
			flags.Lookup(s.flag).NoOptDefVal = "true"
		}
	}
	return values
}

// resolve returns the variables as flags, environment and .env file give them, in this order. Where none names a transport it is the one given.
func (values settings) resolve(flags *pflag.FlagSet, env environment, dotenv, transport string) (*variables, error) {
	given := map[string]string{}
	for _, s := range table {
		if !flags.Changed(s.flag) {
			continue
		}
		if *values[s.flag] == "" { // it would let the environment through, which a flag is to replace
			return nil, fmt.Errorf("--%s is empty: give it a value, or leave it out", s.flag)
		}
		given[s.variable] = *values[s.flag]
	}
	return readVariables(dotenvPath(env.lookup, dotenv), func(file map[string]string) environment {
		lookup := func(name string) (string, bool) {
			for _, source := range []zscalermcp.Lookup{from(given), env.lookup, from(file)} {
				if value, ok := source(name); ok && value != "" { // an empty variable counts as unset
					return value, true
				}
			}
			if name == "ZSCALER_MCP_TRANSPORT" { // the server judges authentication by it
				return transport, true
			}
			return "", false
		}
		return environment{lookup, slices.AppendSeq(slices.Clone(env.names), maps.Keys(file))}
	})
}

func from(values map[string]string) zscalermcp.Lookup {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}
