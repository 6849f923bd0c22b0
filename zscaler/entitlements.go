package zscaler

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// productServices says which service a product code of a token's entitlements stands for.
var productServices = map[string]Service{
	"ZIA": ZIA, "ZPA": ZPA, "ZDX": ZDX, "ZCC": ZCC, "ZTW": ZTW, "CLOUD_CONNECTOR": ZTW,
	"ZIDENTITY": ZID, "ZID": ZID, "IDENTITY": ZID, "ZIAM": ZID, "ZEASM": ZEASM, "EASM": ZEASM,
	"ZINS": ZINS, "INSIGHTS": ZINS, "ZINSIGHTS": ZINS, "ZMS": ZMS, "ZCELL": ZCell, "ZCELLULAR": ZCell, "CELLULAR": ZCell,
}

// isService reports whether a product can stand for the service; toolsets of a host's own have services of their own.
func isService(name string) bool {
	for _, service := range productServices {
		if string(service) == name {
			return true
		}
	}
	return false
}

// Entitlements are the services that an access token says its tenant has. The zero value tells nothing, and covers every service.
type Entitlements struct {
	services map[string]bool
	// Unknown are the product codes that stand for no service known here, as the token has them.
	Unknown []string
}

// Tell reports whether the token has named a service that is known here.
func (e Entitlements) Tell() bool { return e.services != nil }

// Covers reports whether the token names the service, such as "zia". Entitlements that do not tell cover every service, and what is no
// service of Zscaler's is always covered: the tenant decides in any case.
func (e Entitlements) Covers(service string) bool {
	return e.services == nil || e.services[service] || !isService(service)
}

// Entitlements asks for an access token, if there is none, and returns what its service-info claim names. The token is not verified:
// OneAPI publishes no keys, and this only hides what would be refused.
func (c *Client) Entitlements(ctx context.Context) (Entitlements, error) {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return Entitlements{}, err
	}
	return entitlements(token), nil
}

// entitlements reads the service-info claim of an access token.
func entitlements(token string) (found Entitlements) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return found
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return found
	}
	type products []struct {
		Code string `json:"prd"`
	}
	var claims struct {
		Info  *products `json:"service-info"`
		Camel products  `json:"serviceInfo"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return found
	}
	list := claims.Camel
	if claims.Info != nil {
		list = *claims.Info
	}
	for _, product := range list {
		service, ok := productServices[strings.ToUpper(strings.TrimSpace(product.Code))]
		if !ok {
			found.Unknown = append(found.Unknown, product.Code)
			continue
		}
		if found.services == nil {
			found.services = map[string]bool{}
		}
		found.services[string(service)] = true
	}
	return found
}
