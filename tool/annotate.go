package tool

import (
	"fmt"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// String returns read, create, update or delete.
func (e Effect) String() string {
	if e < Read || e > Delete {
		return fmt.Sprintf("effect(%d)", uint8(e))
	}
	return [...]string{"", "read", "create", "update", "delete"}[e]
}

// MarshalText returns what String returns.
func (e Effect) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText sets e from what MarshalText returns.
func (e *Effect) UnmarshalText(text []byte) error {
	for effect := Read; effect <= Delete; effect++ {
		if string(text) == effect.String() {
			*e = effect
			return nil
		}
	}
	return fmt.Errorf("tool: no effect is called %q", clip(string(text)))
}

// annotations derives the hints of the MCP specification from the effect. An update is destructive
// in its sense (it is not only additive) and idempotent, as is a delete; the world is open where
// answers hold text of outsiders.
func annotations(spec Spec) *mcp.ToolAnnotations {
	destructive := spec.Effect == Update || spec.Effect == Delete
	open := spec.Untrusted
	return &mcp.ToolAnnotations{
		Title:           title(spec.Name),
		ReadOnlyHint:    spec.Effect == Read,
		IdempotentHint:  spec.Effect != Create,
		DestructiveHint: &destructive,
		OpenWorldHint:   &open,
	}
}

// title makes "ZIA list rule labels" of zia_list_rule_labels.
func title(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words {
		if upper, ok := initialisms[word]; ok {
			words[i] = upper
		} else if i == 0 && word != "" {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, " ")
}

var initialisms = map[string]string{
	"zia": "ZIA", "zpa": "ZPA", "zdx": "ZDX", "zcc": "ZCC", "ztw": "ZTW", "zid": "ZIdentity", "zins": "Z-Insights",
	"zms": "ZMS", "zeasm": "EASM", "zcell": "Zscaler Cellular", "id": "ID", "ids": "IDs", "ip": "IP", "url": "URL",
	"dlp": "DLP", "ssl": "SSL", "vpn": "VPN", "gre": "GRE", "idp": "IdP", "saml": "SAML", "scim": "SCIM", "sim": "SIM",
	"sims": "SIMs", "lss": "LSS", "pra": "PRA", "ba": "BA", "atp": "ATP", "iot": "IoT",
}
