package zscaler

import (
	"net/netip"
	"net/url"
	"strings"
)

// hosts are the two places that a client talks to.
type hosts struct {
	token   string
	gateway *url.URL
}

// resolveHosts applies the host rules of OneAPI to the configuration, or its replacements.
func resolveHosts(cfg Config) (h hosts, errs []error) {
	c := cfg.Credentials
	if !cfg.needsHosts() {
		return replacedHosts(cfg.Endpoints)
	}
	cloud, err := oneAPICloud(c.Cloud)
	if err != nil {
		errs = append(errs, err)
	}
	if cfg.Endpoints.TokenURL == "" {
		if err := checkVanityDomain(c.VanityDomain); err != nil {
			errs = append(errs, err)
		}
		cfg.Endpoints.TokenURL = "https://" + strings.ToLower(c.VanityDomain) + "." + loginDomain(cloud) + "/oauth2/v1/token"
	}
	if cfg.Endpoints.GatewayURL == "" {
		cfg.Endpoints.GatewayURL = "https://" + gatewayHost(cloud)
	}
	if len(errs) > 0 {
		return hosts{}, errs
	}
	return replacedHosts(cfg.Endpoints)
}

// needsHosts reports whether a host follows from the credentials.
func (cfg Config) needsHosts() bool {
	return cfg.Endpoints.TokenURL == "" || cfg.Endpoints.GatewayURL == ""
}

func replacedHosts(e Endpoints) (h hosts, errs []error) {
	token, err := endpointURL("Endpoints.TokenURL", "ZSCALER_ONEAPI_TOKEN_URL", e.TokenURL)
	if err != nil {
		errs = append(errs, err)
	}
	gateway, err := endpointURL("Endpoints.GatewayURL", "ZSCALER_ONEAPI_GATEWAY_URL", e.GatewayURL)
	if err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return hosts{}, errs
	}
	return hosts{token: token.String(), gateway: gateway}, nil
}

// endpointURL parses a replacement and refuses what would send credentials in the clear.
func endpointURL(field, env, raw string) (*url.URL, error) {
	mistake := func(problem string) (*url.URL, error) {
		return nil, &ConfigError{Field: field, Env: env, Problem: problem}
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return mistake("must be an absolute URL such as https://host/path")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return mistake("must not have a user, query or fragment")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
	default:
		return mistake("must be https; http is accepted for a loopback address or localhost only")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

// isLoopback judges an IP literal or the name localhost; no name is resolved.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// oneAPICloud returns the cloud in lower case, "" for production. A ZIA cloud name is refused, since
// it would only fail later as an unknown host.
func oneAPICloud(name string) (string, error) {
	cloud := strings.ToLower(strings.TrimSpace(name))
	mistake := func(problem string) (string, error) {
		return "", &ConfigError{Field: "Credentials.Cloud", Env: "ZSCALER_CLOUD", Problem: problem}
	}
	switch {
	case cloud == "", cloud == "production":
		return "", nil
	case strings.HasPrefix(cloud, "zscaler"), strings.HasPrefix(cloud, "zscloud"), strings.HasPrefix(cloud, "zspreview"):
		return mistake("names a ZIA cloud, not a OneAPI cloud: leave it empty for production, or use beta, alpha, gov or govus")
	case !isLabel(cloud):
		return mistake("must be one word: empty for production, or beta, alpha, gov or govus")
	}
	return cloud, nil
}

func checkVanityDomain(name string) error {
	problem := ""
	switch {
	case name == "":
		problem = "is not set: give the first label of the tenant's login host, acme of acme.zslogin.net"
	case !isLabel(name):
		problem = "must be one DNS label of letters, digits and hyphens: acme, not https://acme.zslogin.net"
	default:
		return nil
	}
	return &ConfigError{Field: "Credentials.VanityDomain", Env: "ZSCALER_VANITY_DOMAIN", Problem: problem}
}

func loginDomain(cloud string) string {
	switch cloud {
	case "gov":
		return "zidentitygov.net"
	case "govus":
		return "zidentitygov.us"
	}
	return "zslogin" + cloud + ".net"
}

func gatewayHost(cloud string) string {
	switch cloud {
	case "":
		return "api.zsapi.net"
	case "gov":
		return "api.zscalergov.net"
	case "govus":
		return "api.zscalergov.us"
	}
	return "api." + cloud + ".zsapi.net"
}
