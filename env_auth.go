package zscalermcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/address"
)

// The modes in which callers over HTTP authenticate, as ZSCALER_MCP_AUTH_MODE names them.
const (
	modeNone    = "none"
	modeAPIKey  = "api-key"
	modeJWT     = "jwt"
	modeZscaler = "zscaler"
	modeOIDC    = "oidc"
	modeServer  = "authorization-server"
)

// modeNames are the accepted spellings.
var modeNames = map[string]string{
	modeNone: modeNone, modeAPIKey: modeAPIKey, modeJWT: modeJWT, modeZscaler: modeZscaler,
	modeOIDC: modeOIDC, "oidcproxy": modeOIDC, "oauth-proxy": modeOIDC,
	modeServer: modeServer,
}

// modeVariables are the variables that not every mode reads.
var modeVariables = map[string][]string{
	modeAPIKey: {"ZSCALER_MCP_AUTH_API_KEY", "ZSCALER_MCP_AUTH_API_KEY_FILE", "ZSCALER_MCP_AUTH_API_KEYS_FILE"},
	modeJWT: {"ZSCALER_MCP_AUTH_JWKS_URI", "ZSCALER_MCP_AUTH_ISSUER", "ZSCALER_MCP_AUTH_AUDIENCE", "ZSCALER_MCP_AUTH_ALGORITHMS",
		"ZSCALER_MCP_AUTH_REQUIRED_SCOPES", "ZSCALER_MCP_AUTH_SCOPE_CLAIMS", "ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY"},
	modeOIDC: {"OIDCPROXY_CONFIG_URL", "OIDCPROXY_ISSUER", "OIDCPROXY_BASE_URL", "OIDCPROXY_AUDIENCE", "OIDCPROXY_CLIENT_ID", "OIDCPROXY_CLIENT_SECRET",
		"OIDCPROXY_CLIENT_SECRET_FILE", "OIDCPROXY_REQUIRED_SCOPES", "OIDCPROXY_INTROSPECTION_URL",
		"ZSCALER_MCP_AUTH_SCOPE_CLAIMS", "ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY"},
	modeServer: {"OIDCPROXY_CONFIG_URL", "OIDCPROXY_ISSUER", "OIDCPROXY_BASE_URL", "OIDCPROXY_AUDIENCE", "OIDCPROXY_CLIENT_ID", "OIDCPROXY_CLIENT_SECRET",
		"OIDCPROXY_CLIENT_SECRET_FILE", "OIDCPROXY_REQUIRED_SCOPES", "OIDCPROXY_REDIRECT_URIS", "OIDCPROXY_ENABLE_CIMD", "OIDCPROXY_CIMD_HOSTS",
		"ZSCALER_MCP_SELF_CHECK"},
}

// authFromEnv builds the authenticator that the environment describes, unless an option has decided already:
// then no variable of authentication is read.
func (c *config) authFromEnv(e *env) {
	if c.auth != nil || c.withoutAuth {
		return
	}
	mode := c.modeFromEnv(e)
	c.warnUnused(e, mode)
	c.callersFromEnv(e, mode)
	platform := c.platformFromEnv(e, mode)
	var a auth.Authenticator
	var err error
	switch mode {
	case "":
		return
	case modeNone:
		c.withoutAuth = len(e.errs) == 0
		return
	case modeAPIKey:
		a, err = c.apiKeysFromEnv(e)
	case modeJWT:
		a, err = c.jwtFromEnv(e)
	case modeZscaler:
		a, err = c.zscalerFromEnv(e)
	case modeOIDC:
		a, err = c.oidcFromEnv(e)
	case modeServer:
		a, err = c.authorizationServerFromEnv(e)
	}
	if err == nil && len(e.errs) == 0 {
		c.authCache = shownCache(a)
	}
	if err == nil && len(e.errs) == 0 && platform {
		a, err = auth.TrustPlatform(a, c.trustedProxies())
		c.selfCheck = nil // it would find that callers without a credential are let in, as is wanted here
	}
	if err != nil {
		e.errs = append(e.errs, err)
	}
	if len(e.errs) > 0 {
		return
	}
	c.auth, c.mode = a, mode
	c.warnOfOneAddress(e, mode)
}

// warnOfOneAddress tells those whose callers all seem to come from the proxy in front, and would be throttled together.
func (c *config) warnOfOneAddress(e *env, mode string) {
	asked := mode == modeZscaler || mode == modeServer || mode == modeOIDC && e.text("OIDCPROXY_INTROSPECTION_URL") != ""
	u, err := c.endpointURL()
	if asked && err == nil && u.Host != "" && len(c.trustedProxies().Prefixes) == 0 && !address.IsLoopback(u) {
		c.warnings = append(c.warnings, "callers behind a proxy seem to share its address, by which checks of credentials are throttled: name the proxy in ZSCALER_MCP_TRUSTED_PROXIES")
	}
}

// modeFromEnv returns the mode that the environment asks for, or "".
func (c *config) modeFromEnv(e *env) string {
	named, enabled := strings.ToLower(e.text("ZSCALER_MCP_AUTH_MODE")), e.flag("ZSCALER_MCP_AUTH_ENABLED")
	mode, known := modeNames[named]
	switch {
	case named != "" && !known:
		e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_AUTH_MODE=%q is not known: use api-key, jwt, zscaler, oidc, authorization-server or none", named))
	case enabled == nil:
	case !*enabled && mode != "" && mode != modeNone:
		e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_AUTH_ENABLED=false contradicts ZSCALER_MCP_AUTH_MODE=%s: remove one", named))
	case !*enabled:
		return modeNone
	case mode == modeNone:
		e.errs = append(e.errs, errors.New("ZSCALER_MCP_AUTH_ENABLED=true contradicts ZSCALER_MCP_AUTH_MODE=none: remove one"))
	}
	if named != "" {
		return mode
	}
	if mode = c.detectMode(e); mode == "" && enabled != nil {
		e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_AUTH_ENABLED is true, but nothing says how callers authenticate: set %s", authChoices))
	}
	return mode
}

// detectMode tells the mode by the variables that are set. The OneAPI credentials tell nothing: they are the server's.
func (c *config) detectMode(e *env) string {
	keys := slices.ContainsFunc(modeVariables[modeAPIKey], func(name string) bool { return e.text(name) != "" })
	switch {
	case e.text("ZSCALER_MCP_AUTH_JWKS_URI") != "":
		return modeJWT // warnUnused tells of a key beside it
	case keys:
		return modeAPIKey
	}
	return ""
}

// warnUnused tells of variables that the mode does not read.
func (c *config) warnUnused(e *env, mode string) {
	told := slices.Clone(modeVariables[mode])
	for _, other := range []string{modeAPIKey, modeJWT, modeOIDC, modeServer} {
		for _, name := range modeVariables[other] {
			if e.text(name) == "" || slices.Contains(told, name) {
				continue
			}
			told = append(told, name)
			if mode == "" && other == modeJWT { // half a configuration, or detectMode would have seen it
				e.errs = append(e.errs, fmt.Errorf("%s is set, but ZSCALER_MCP_AUTH_JWKS_URI is not: set it, or unset this", name))
				continue
			}
			c.warnings = append(c.warnings, fmt.Sprintf("%s has no effect: it is for ZSCALER_MCP_AUTH_MODE=%s, and the mode is %s", name, strings.Join(modesOf(name), " or "), cmp.Or(mode, modeNone)))
		}
	}
}

// modesOf are the modes that read a variable.
func modesOf(name string) []string {
	return slices.DeleteFunc([]string{modeAPIKey, modeJWT, modeOIDC, modeServer}, func(mode string) bool { return !slices.Contains(modeVariables[mode], name) })
}

// proxiesFromEnv reads which peers may say for whom they speak.
func (c *config) proxiesFromEnv(e *env) {
	list, header := e.list("ZSCALER_MCP_TRUSTED_PROXIES"), e.text("ZSCALER_MCP_TRUSTED_PROXY_HEADER")
	switch {
	case c.proxies != nil:
		return
	case len(list) == 0 && header != "":
		e.errs = append(e.errs, errors.New("ZSCALER_MCP_TRUSTED_PROXY_HEADER needs ZSCALER_MCP_TRUSTED_PROXIES: name the proxies that set the header"))
	case len(list) > 0:
		proxies, err := auth.ParseProxies(list, header)
		if err != nil {
			e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_TRUSTED_PROXIES: %w", err))
		}
		c.proxies = &proxies
	}
}

// callersFromEnv reads whether tools act with the caller's own OneAPI credentials, which only one mode has.
func (c *config) callersFromEnv(e *env, mode string) {
	on := e.flag("ZSCALER_MCP_CALLER_CREDENTIALS")
	if on == nil || !*on {
		return
	}
	if mode != modeZscaler {
		e.errs = append(e.errs, errors.New("ZSCALER_MCP_CALLER_CREDENTIALS=true needs ZSCALER_MCP_AUTH_MODE=zscaler: only there callers bring OneAPI credentials"))
	}
	c.callerCredentials = true
}

// headersFromEnv reads which headers carry the credential.
func headersFromEnv(e *env) []string { return e.list("ZSCALER_MCP_AUTH_HEADERS") }

func (c *config) apiKeysFromEnv(e *env) (auth.Authenticator, error) {
	cfg := auth.APIKeysConfig{Path: e.text("ZSCALER_MCP_AUTH_API_KEYS_FILE"), Headers: headersFromEnv(e), Logger: c.logger}
	before := len(e.errs)
	if key := e.secret("ZSCALER_MCP_AUTH_API_KEY"); key != "" {
		cfg.Keys = []auth.APIKey{{Name: "default", Key: auth.Secret(key)}}
	}
	if len(cfg.Keys) == 0 && cfg.Path == "" {
		if len(e.errs) > before { // the file with the key was bad
			return nil, nil
		}
		return nil, errors.New("set ZSCALER_MCP_AUTH_API_KEY, ZSCALER_MCP_AUTH_API_KEY_FILE or ZSCALER_MCP_AUTH_API_KEYS_FILE")
	}
	var sources []string
	if len(cfg.Keys) > 0 {
		sources = append(sources, "one key")
	}
	if cfg.Path != "" {
		sources = append(sources, "file of keys "+cfg.Path)
	}
	c.authDetail = strings.Join(sources, " and ")
	a, err := auth.NewAPIKeys(cfg)
	if err == nil && len(cfg.Keys) > 0 {
		c.rekey = func() error { return c.replaceKey(a) }
	}
	return a, e.inWords(err, keyVariables)
}

// keyVariables are the variables behind the fields of the configuration.
var keyVariables = map[string]string{
	"APIKeysConfig.Headers": "ZSCALER_MCP_AUTH_HEADERS", "APIKeysConfig.Keys": "ZSCALER_MCP_AUTH_API_KEY", "APIKeysConfig.Path": "ZSCALER_MCP_AUTH_API_KEYS_FILE",
}

// replaceKey reads the one key again.
func (c *config) replaceKey(a *auth.APIKeys) error {
	e := &env{lookup: c.lookup}
	key := e.secret("ZSCALER_MCP_AUTH_API_KEY")
	if key == "" && len(e.errs) == 0 {
		e.errs = append(e.errs, errors.New("ZSCALER_MCP_AUTH_API_KEY is not set any more"))
	}
	if len(e.errs) == 0 {
		e.errs = append(e.errs, e.inWords(a.ReplaceKeys(auth.APIKey{Name: "default", Key: auth.Secret(key)}), keyVariables))
	}
	if err := errors.Join(e.errs...); err != nil {
		return fmt.Errorf("the API key stays as it was: %w", err)
	}
	return nil
}

// keyPaths are the files of keys that the Authenticator does not look at itself.
func (c *config) keyPaths() (paths []string) {
	if path := (&env{lookup: c.lookup}).text("ZSCALER_MCP_AUTH_API_KEY_FILE"); path != "" && c.rekey != nil {
		paths = append(paths, path)
	}
	return paths
}

func (c *config) jwtFromEnv(e *env) (auth.Authenticator, error) {
	refuseVariable(e, modeJWT, "ZSCALER_MCP_AUTH_HEADERS")
	jwks := require(e, "ZSCALER_MCP_AUTH_JWKS_URI", "the address of the identity provider's JSON Web Key Set")
	issuer := require(e, "ZSCALER_MCP_AUTH_ISSUER", "the exact iss of its tokens")
	require(e, "ZSCALER_MCP_AUTH_AUDIENCE", "the aud of tokens that are meant for this server")
	if strings.Contains(issuer, ",") {
		e.errs = append(e.errs, errors.New("ZSCALER_MCP_AUTH_ISSUER has a comma: name one issuer; several are configured in code, with auth.NewJWT"))
	}
	iss := auth.JWTIssuer{
		Issuer: issuer, JWKSURL: jwks, Audiences: e.list("ZSCALER_MCP_AUTH_AUDIENCE"), RequiredScopes: e.words("ZSCALER_MCP_AUTH_REQUIRED_SCOPES"),
		ScopeClaims: scopeClaims(e, issuer), AccessTokens: accessTokensOnly(e, issuer),
	}
	c.authDetail = fmt.Sprintf("issuer %s, audience %s, keys at %s, required scopes %q", issuer, strings.Join(iss.Audiences, " or "), address.Shown(jwks), iss.RequiredScopes)
	a, err := auth.NewJWT(auth.JWTConfig{Algorithms: e.list("ZSCALER_MCP_AUTH_ALGORITHMS"), Issuers: []auth.JWTIssuer{iss}})
	return a, e.inWords(err, map[string]string{
		"JWTConfig.Algorithms": "ZSCALER_MCP_AUTH_ALGORITHMS", "JWTConfig.Issuers[0].Issuer": "ZSCALER_MCP_AUTH_ISSUER",
		"JWTConfig.Issuers[0].JWKSURL": "ZSCALER_MCP_AUTH_JWKS_URI", "JWTConfig.Issuers[0].Audiences": "ZSCALER_MCP_AUTH_AUDIENCE",
		"JWTConfig.Issuers[0].RequiredScopes": "ZSCALER_MCP_AUTH_REQUIRED_SCOPES",
	})
}

// scopeClaims reads which claims are scopes; nil is for the usual ones. Entra ID gives application permissions as roles.
func scopeClaims(e *env, issuer string) []string {
	claims := e.list("ZSCALER_MCP_AUTH_SCOPE_CLAIMS")
	if claims == nil && isEntraID(issuer) {
		return []string{"scp", "roles"}
	}
	return claims
}

// accessTokensOnly reads whether tokens must say that they are access tokens. Those of Entra ID must unless the variable says otherwise: what is
// an audience there, the id of an application, is the audience of its ID tokens too.
func accessTokensOnly(e *env, issuer string) bool {
	if only := e.flag("ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY"); only != nil {
		return *only
	}
	return isEntraID(issuer)
}

// entraHosts are those of Entra ID's issuers, with everything below them: those of all clouds, of versions 1 and 2, and of directories for customers.
var entraHosts = []string{
	"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.chinacloudapi.cn",
	"sts.windows.net", "sts.microsoftonline.us", "sts.chinacloudapi.cn", "ciamlogin.com", "b2clogin.com",
}

func isEntraID(issuer string) bool {
	u, err := url.Parse(issuer)
	return err == nil && slices.ContainsFunc(entraHosts, func(host string) bool {
		return strings.HasSuffix("."+strings.ToLower(u.Hostname()), "."+host)
	})
}

func (c *config) zscalerFromEnv(e *env) (auth.Authenticator, error) {
	if c.credentials.VanityDomain == "" && c.endpoints.TokenURL == "" {
		return nil, errors.New("set ZSCALER_VANITY_DOMAIN: callers' credentials are checked at that tenant's token endpoint")
	}
	c.authDetail = "pairs are checked at OneAPI for " + c.credentials.VanityDomain
	a, err := auth.NewZscaler(auth.ZscalerConfig{
		Verify: func(ctx context.Context, clientID string, secret auth.Secret) (auth.ZscalerGrant, error) {
			return verifyCaller(ctx, c.client, clientID, secret) // New sets it before the first request
		},
		Headers: headersFromEnv(e), Proxies: c.trustedProxies(),
	})
	return a, e.inWords(err, map[string]string{"ZscalerConfig.Headers": "ZSCALER_MCP_AUTH_HEADERS"})
}

// platformFromEnv reads whether a platform that authenticates every caller itself may send requests without a
// credential.
func (c *config) platformFromEnv(e *env, mode string) bool {
	on := e.flag("ZSCALER_MCP_TRUST_PLATFORM_AUTH")
	switch {
	case on == nil || !*on:
		return false
	case mode != modeAPIKey && mode != modeZscaler:
		e.errs = append(e.errs, errors.New("ZSCALER_MCP_TRUST_PLATFORM_AUTH=true is for the modes api-key and zscaler: unset it"))
	case len(c.trustedProxies().Prefixes) == 0:
		e.errs = append(e.errs, errors.New("ZSCALER_MCP_TRUST_PLATFORM_AUTH=true needs ZSCALER_MCP_TRUSTED_PROXIES: the addresses from which the platform connects"))
	}
	c.warnings = append(c.warnings, "ZSCALER_MCP_TRUST_PLATFORM_AUTH is on: whoever connects from ZSCALER_MCP_TRUSTED_PROXIES is admitted without a "+
		"credential; the platform there must authenticate every caller")
	return true
}

// inWords says the mistakes of a configuration in the words of the environment. One about a variable that is not set is left out: what asks for
// it has told already.
func (e *env) inWords(err error, variables map[string]string) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, one := range several.Unwrap() {
			all = append(all, e.inWords(one, variables))
		}
		return errors.Join(all...)
	}
	var mistake *auth.ConfigError
	if !errors.As(err, &mistake) {
		return err
	}
	name, ok := variables[mistake.Field]
	switch {
	case !ok:
		return err
	case name == "": // said in the words of variables already
		return nil
	case e.text(name) == "" && e.text(name+"_FILE") == "":
		return nil
	}
	return fmt.Errorf("%s: %s", name, mistake.Problem)
}

// require returns the value of a variable without which the mode is half configured.
func require(e *env, name, meaning string) string {
	value := e.text(name)
	if value == "" {
		e.errs = append(e.errs, fmt.Errorf("%s is not set: give %s", name, meaning))
	}
	return value
}

// refuseVariable refuses a variable that restricts elsewhere and would be without effect in this mode.
func refuseVariable(e *env, mode, name string) {
	if e.text(name) != "" {
		e.errs = append(e.errs, fmt.Errorf("%s has no effect in mode %s: unset it", name, mode))
	}
}
