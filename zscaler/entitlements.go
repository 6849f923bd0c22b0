package zscaler

import (
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

// entitlements returns the services that the service-info claim of an access token names, by the names that toolsets have.
// It is nil if the token does not tell, or names no service that is known here. The token is not verified: OneAPI
// publishes no keys, and this only hides what would be refused.
func entitlements(token string) map[string]bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil
	}
	type products []struct {
		Code string `json:"prd"`
	}
	var claims struct {
		Info  *products `json:"service-info"`
		Camel products  `json:"serviceInfo"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return nil
	}
	list := claims.Camel
	if claims.Info != nil {
		list = *claims.Info
	}
	var services map[string]bool
	for _, product := range list {
		if service, ok := productServices[strings.ToUpper(strings.TrimSpace(product.Code))]; ok {
			if services == nil {
				services = map[string]bool{}
			}
			services[string(service)] = true
		}
	}
	return services
}
