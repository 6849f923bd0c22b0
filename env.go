package zscalermcp

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/zscaler"
)

// A Lookup finds an environment variable, as [os.LookupEnv] does.
type Lookup func(name string) (value string, ok bool)

func processEnv(name string) (string, bool) { return os.LookupEnv(name) }

// maxSecretFile bounds files named by NAME_FILE variables; keys and tokens are far smaller.
const maxSecretFile = 64 << 10

// env reads variables and collects what is wrong with them.
type env struct {
	lookup Lookup
	errs   []error
}

// text returns the trimmed value of a variable; an empty variable counts as unset.
func (e *env) text(name string) string {
	value, _ := e.lookup(name)
	return strings.TrimSpace(value)
}

// secret returns the value of name, or the content of the file that name_FILE names.
func (e *env) secret(name string) string {
	value, path := e.text(name), e.text(name+"_FILE")
	if path == "" {
		return value
	}
	if value != "" {
		e.errs = append(e.errs, fmt.Errorf("%s and %s_FILE are both set: use one", name, name))
		return ""
	}
	data, err := readSecret(path)
	if err == nil && strings.TrimSpace(string(data)) == "" {
		err = errors.New("the file is empty")
	}
	if err != nil {
		e.errs = append(e.errs, fmt.Errorf("%s_FILE: %w", name, err))
	}
	return strings.TrimSpace(string(data))
}

// readSecret reads a small regular file: a device would not end, and a pipe might not begin.
func readSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > maxSecretFile:
		return nil, fmt.Errorf("%s is larger than %d bytes", path, maxSecretFile)
	}
	return os.ReadFile(path)
}

// list returns the comma-separated words of a variable. One that is set but holds no word is a mistake:
// it would offer everything where somebody meant to narrow.
func (e *env) list(name string) []string {
	var words []string
	text := e.text(name)
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	if text != "" && len(words) == 0 {
		e.errs = append(e.errs, fmt.Errorf("%s=%q names nothing: unset it, or name something", name, text))
	}
	return words
}

// words is list for words that spaces may separate too, such as scopes.
func (e *env) words(name string) []string {
	return strings.Fields(strings.Join(e.list(name), " "))
}

// flag returns the truth value of a variable, or nil when it is not set.
func (e *env) flag(name string) *bool {
	var on bool
	switch value := strings.ToLower(e.text(name)); value {
	case "":
		return nil
	case "1", "true", "yes", "on":
		on = true
	case "0", "false", "no", "off":
	default:
		e.errs = append(e.errs, fmt.Errorf("%s=%q is neither true nor false", name, value))
	}
	return &on
}

// fromEnv fills what no option has set.
func (c *config) fromEnv() error {
	e := &env{lookup: c.lookup}
	c.tenantFromEnv(e)
	c.keysFromEnv(e)
	c.storeFromEnv(e)
	c.pageFromEnv(e)
	if c.publicURL == "" {
		c.publicURL = e.text("ZSCALER_MCP_PUBLIC_URL")
	}
	c.networkFromEnv(e)
	judged := &env{lookup: c.lookup}
	c.proxiesFromEnv(judged) // with WithAuth too: source addresses and rates go by them
	c.authFromEnv(judged)
	c.authErr = errors.Join(judged.errs...)
	if c.authErr != nil && strings.EqualFold(e.text("ZSCALER_MCP_TRANSPORT"), "stdio") { // where nobody authenticates
		c.warnings = append(c.warnings, "over HTTP the server would not start, stdio needs no authentication: "+strings.ReplaceAll(c.authErr.Error(), "\n", "; "))
		judged.errs = nil
	}
	e.errs = append(judged.errs, e.errs...)
	c.unsupported(e)
	c.toolsFromEnv(e)
	c.answersFromEnv(e)
	if c.listen == "" {
		c.listen = listenFromEnv(e)
	}
	return errors.Join(e.errs...)
}

// keysFromEnv reads the master keys.
func (c *config) keysFromEnv(e *env) {
	keys := e.secret("ZSCALER_MCP_MASTER_KEYS")
	if c.masterKeys != nil || keys == "" {
		return
	}
	parsed, err := store.ParseKeys(keys)
	if err != nil {
		e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_MASTER_KEYS: %w", err))
	}
	c.masterKeys = parsed
}

// tenantFromEnv reads the OneAPI credentials and endpoints.
func (c *config) tenantFromEnv(e *env) {
	if c.credentials == nil {
		c.credentials = &zscaler.Credentials{
			VanityDomain:    e.text("ZSCALER_VANITY_DOMAIN"),
			ClientID:        e.text("ZSCALER_CLIENT_ID"),
			ClientSecret:    zscaler.Secret(e.secret("ZSCALER_CLIENT_SECRET")),
			PrivateKey:      zscaler.Secret(e.secret("ZSCALER_PRIVATE_KEY")),
			Cloud:           e.text("ZSCALER_CLOUD"),
			CustomerID:      e.text("ZSCALER_CUSTOMER_ID"),
			ZCellCustomerID: e.text("ZCELL_CUSTOMER_ID"),
			MicrotenantID:   e.text("ZPA_MICROTENANT_ID"),
			PartnerID:       e.text("ZSCALER_PARTNER_ID"),
		}
	}
	if c.endpoints == nil {
		c.endpoints = &zscaler.Endpoints{
			TokenURL:   e.text("ZSCALER_ONEAPI_TOKEN_URL"),
			GatewayURL: e.text("ZSCALER_ONEAPI_GATEWAY_URL"),
		}
	}
	c.agent = e.text("ZSCALER_MCP_USER_AGENT_COMMENT")
}

// BasicAuthorization returns the Authorization value (RFC 7617) of the OneAPI credentials that the environment gives, for
// clients of a server in zscaler mode. It holds the secret. The error names what is missing.
func BasicAuthorization(lookup Lookup) (string, error) {
	e := &env{lookup: lookup}
	id, secret := require(e, "ZSCALER_CLIENT_ID", "the id of the OneAPI client"), e.secret("ZSCALER_CLIENT_SECRET")
	if secret == "" && len(e.errs) == 0 {
		require(e, "ZSCALER_CLIENT_SECRET", "its secret, or ZSCALER_CLIENT_SECRET_FILE; a private key cannot be sent in a header")
	}
	if strings.Contains(id, ":") {
		e.errs = append(e.errs, errors.New("ZSCALER_CLIENT_ID has a colon, which a Basic header cannot carry (RFC 7617 section 2)"))
	}
	if err := errors.Join(e.errs...); err != nil {
		return "", err
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret)), nil
}

// toolsFromEnv reads which tools are offered. Writing needs both of its variables.
func (c *config) toolsFromEnv(e *env) {
	for name, words := range map[string]*[]string{
		"ZSCALER_MCP_SERVICES":          &c.selection.Services,
		"ZSCALER_MCP_DISABLED_SERVICES": &c.selection.WithoutServices,
		"ZSCALER_MCP_TOOLSETS":          &c.selection.Toolsets,
		"ZSCALER_MCP_DISABLED_TOOLSETS": &c.selection.WithoutToolsets,
		"ZSCALER_MCP_TOOLS":             &c.selection.Tools,
		"ZSCALER_MCP_DISABLED_TOOLS":    &c.selection.WithoutTools,
	} {
		if *words == nil {
			*words = e.list(name)
		}
	}
	if off := e.flag("ZSCALER_MCP_DISABLE_ENTITLEMENT_FILTER"); off != nil && *off {
		c.noEntitlementFilter = true
	}
	enabled, patterns := e.flag("ZSCALER_MCP_WRITE_ENABLED"), e.list("ZSCALER_MCP_WRITE_TOOLS")
	if c.writeEnabled == nil {
		c.writeEnabled, c.selection.WriteTools = enabled, patterns
	}
	if len(c.selection.WriteTools) > 0 && (c.writeEnabled == nil || !*c.writeEnabled) {
		c.warnings = append(c.warnings, "ZSCALER_MCP_WRITE_TOOLS has no effect without ZSCALER_MCP_WRITE_ENABLED=true: the server is read-only")
	}
	if c.writeEnabled != nil && *c.writeEnabled && len(c.selection.WriteTools) == 0 {
		e.errs = append(e.errs, errors.New("ZSCALER_MCP_WRITE_ENABLED=true also needs ZSCALER_MCP_WRITE_TOOLS: name the tools, for example zia_create_*"))
	}
}

// listenFromEnv returns the address for Run.
func listenFromEnv(e *env) string {
	host, err := address.ListenHost(cmp.Or(e.text("ZSCALER_MCP_HOST"), "127.0.0.1"))
	if err != nil {
		e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_HOST: %w", err))
		host = "127.0.0.1"
	}
	port := cmp.Or(e.text("ZSCALER_MCP_PORT"), "8000")
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > 65535 {
		e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_PORT=%q is not a port: use 0 to 65535", port))
		port = "0"
	}
	return net.JoinHostPort(host, port)
}

// unsupported warns of variables without effect.
func (c *config) unsupported(e *env) {
	for _, name := range ignored {
		if e.text(name) != "" {
			c.warnings = append(c.warnings, name+" is not supported by this version and has no effect")
		}
	}
}
