package zscalermcp

import (
	"errors"
	"fmt"
	"strings"

	"github.com/org/zscalermcp/auth"
)

// networkFromEnv reads who may reach the endpoint and how, for what no option has set.
func (c *config) networkFromEnv(e *env) {
	c.warnOfReplaced(e)
	c.lists = c.listsFromEnv(e)
	c.limitsFromEnv(e)
	if on := e.flag("ZSCALER_MCP_ALLOW_HTTP"); on != nil && *on {
		c.allowHTTP = true
	}
	if c.tls == nil {
		c.tlsFromEnv(e)
	}
	for _, name := range []string{"ZSCALER_MCP_HOST", "ZSCALER_MCP_PORT", "ZSCALER_MCP_TLS_CERTFILE"} {
		if c.stdio() && e.text(name) != "" {
			c.warnings = append(c.warnings, name+" has no effect on stdio: to serve HTTP say so (ZSCALER_MCP_TRANSPORT=streamable-http, --transport)")
		}
	}
	c.sseOnly = !c.sse && c.transport() == transportSSE
	if off := e.flag("ZSCALER_MCP_DISABLE_HOST_VALIDATION"); off != nil && *off {
		if len(c.lists.hosts) > 0 {
			e.errs = append(e.errs, errors.New("ZSCALER_MCP_DISABLE_HOST_VALIDATION=true contradicts ZSCALER_MCP_ALLOWED_HOSTS: remove one"))
			return
		}
		c.anyHost = true
	}
}

// warnOfReplaced tells of variables that restrict, and that an option stands in for.
func (c *config) warnOfReplaced(e *env) {
	for _, one := range []struct {
		variable, option string
		given            bool
	}{
		{"ZSCALER_MCP_ALLOWED_HOSTS", "WithAllowedHosts", c.given.hosts != nil},
		{"ZSCALER_MCP_ALLOWED_SOURCE_IPS", "WithSourceIPs", c.given.sources != nil},
		{"ZSCALER_MCP_ALLOWED_ORIGINS", "WithAllowedOrigins", c.given.origins != nil},
		{"ZSCALER_MCP_TLS_CA_CERTS", "WithTLS", c.tls != nil},
	} {
		if one.given && e.text(one.variable)+e.text(one.variable+"_FILE") != "" {
			c.warnings = append(c.warnings, one.variable+" has no effect beside "+one.option)
		}
	}
}

// tlsFromEnv reads where the certificate is. What is in the files is judged when they are read.
func (c *config) tlsFromEnv(e *env) {
	files := TLS{
		fromEnv:  true,
		CertFile: e.text("ZSCALER_MCP_TLS_CERTFILE"), KeyFile: e.text("ZSCALER_MCP_TLS_KEYFILE"),
		KeyPassword:  auth.Secret(e.secret("ZSCALER_MCP_TLS_KEYFILE_PASSWORD")),
		ClientCAFile: e.text("ZSCALER_MCP_TLS_CA_CERTS"),
	}
	if files.CertFile+files.KeyFile+files.ClientCAFile+string(files.KeyPassword) != "" {
		c.tls = &files
	}
}

// Lists of the network side can be read again while the server runs.
type lists struct {
	hosts, sources, origins []string // nil: not given
}

// listsFromEnv reads the lists that no option has set.
func (c *config) listsFromEnv(e *env) lists {
	read := c.given
	for name, list := range map[string]*[]string{
		"ZSCALER_MCP_ALLOWED_HOSTS":      &read.hosts,
		"ZSCALER_MCP_ALLOWED_SOURCE_IPS": &read.sources,
		"ZSCALER_MCP_ALLOWED_ORIGINS":    &read.origins,
	} {
		if *list == nil {
			*list = e.entries(name)
		}
	}
	return read
}

// entries is list for a variable with a twin that names a file, of one entry a line; # begins a comment. The file can be replaced while the server runs.
func (e *env) entries(name string) []string {
	value, path := e.text(name), e.text(name+"_FILE")
	if path == "" {
		return e.list(name)
	}
	if value != "" {
		e.errs = append(e.errs, fmt.Errorf("%s and %s_FILE are both set: use one", name, name))
		return nil
	}
	data, err := readSecret(path)
	if err != nil {
		e.errs = append(e.errs, fmt.Errorf("%s_FILE: %w", name, err))
		return nil
	}
	var entries []string
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "#")
		for entry := range strings.SplitSeq(line, ",") {
			if entry = strings.TrimSpace(entry); entry != "" {
				entries = append(entries, entry)
			}
		}
	}
	if len(entries) == 0 {
		e.errs = append(e.errs, fmt.Errorf("%s_FILE: %s names nothing: unset the variable, or name something", name, path))
	}
	return entries
}

// listPaths are the files of the lists.
func (c *config) listPaths() (paths []string) {
	e := &env{lookup: c.lookup}
	for _, list := range []struct {
		name  string
		given []string
	}{
		{"ZSCALER_MCP_ALLOWED_HOSTS_FILE", c.given.hosts}, {"ZSCALER_MCP_ALLOWED_SOURCE_IPS_FILE", c.given.sources}, {"ZSCALER_MCP_ALLOWED_ORIGINS_FILE", c.given.origins},
	} {
		if path := e.text(list.name); path != "" && list.given == nil {
			paths = append(paths, path)
		}
	}
	return paths
}
