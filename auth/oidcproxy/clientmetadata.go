package oidcproxy

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/strictjson"
)

// Bounds of registrations (R17, R24).
const (
	maxRedirectURIs = 10
	maxClientName   = 100 // characters
	maxTextMember   = 512
	maxJSONDepth    = 8
)

// clientMetadata is what a client says of itself when it registers (RFC 7591 section 2), as far as it is used or echoed.
type clientMetadata struct {
	RedirectURIs    []string
	Name            string
	AuthMethod      string // "" when absent
	GrantTypes      []string
	ResponseTypes   []string
	ApplicationType string
	Scope           string
	Keys            []byte         // jwks, nil when absent
	KeysURL         string         // jwks_uri
	Echo            map[string]any // members that are returned as they came, where they are harmless
}

// parseClientMetadata decodes strictly (R26): exact names, no member twice, no more depth than is of use; unknown members are ignored.
func parseClientMetadata(data []byte) (clientMetadata, *oauthError) {
	var m clientMetadata
	if depth(data) > maxJSONDepth {
		return m, errInvalidMetadata.because("The JSON is nested too deep.")
	}
	members, err := strictjson.Object(data)
	if err != nil {
		return m, errInvalidMetadata.because("The body must be one JSON object, in UTF-8, with no member twice.")
	}
	d := memberDecoder{members: members}
	m.RedirectURIs = d.list("redirect_uris")
	m.Name = cleanName(d.text("client_name"))
	m.AuthMethod, m.ApplicationType, m.Scope = d.text("token_endpoint_auth_method"), d.text("application_type"), d.text("scope")
	m.GrantTypes, m.ResponseTypes = d.list("grant_types"), d.list("response_types")
	m.Echo = d.echo()
	m.Keys, m.KeysURL = d.object("jwks"), d.text("jwks_uri")
	if d.wrong != "" {
		return m, errInvalidMetadata.because("The member " + d.wrong + " has the wrong type, or is too long.")
	}
	return m, nil
}

// depth is how deep arrays and objects are nested.
func depth(data []byte) int {
	deepest, now, text := 0, 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			text = !text
		case text && c == '\\':
			i++
		case text:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// A memberDecoder reads members and remembers the first wrong one, by a name of ours. A null counts as absent.
type memberDecoder struct {
	members map[string]json.RawMessage
	wrong   string
}

func (d *memberDecoder) decode(name string, into any) bool {
	raw, ok := d.members[name]
	if !ok || string(raw) == "null" {
		return false
	}
	if json.Unmarshal(raw, into) != nil {
		d.wrong = name
		return false
	}
	return true
}

func (d *memberDecoder) text(name string) string {
	var text string
	if d.decode(name, &text); len(text) > maxTextMember {
		d.wrong = name
	}
	return text
}

func (d *memberDecoder) list(name string) []string {
	var list []string
	if d.decode(name, &list) && len(list) > maxPairs {
		d.wrong = name
	}
	return list
}

func (d *memberDecoder) object(name string) []byte {
	var members map[string]json.RawMessage
	if !d.decode(name, &members) {
		return nil
	}
	return d.members[name]
}

// echo are the members that mean nothing here (R24): they are returned, never shown or fetched. Addresses must be https.
func (d *memberDecoder) echo() map[string]any {
	echo := map[string]any{}
	for _, name := range []string{"client_uri", "logo_uri", "tos_uri", "policy_uri"} {
		if text := d.text(name); isPlainHTTPS(text) {
			echo[name] = text
		}
	}
	for _, name := range []string{"software_id", "software_version"} {
		if text := cleanName(d.text(name)); text != "" {
			echo[name] = text
		}
	}
	if contacts := d.list("contacts"); len(contacts) > 0 {
		cleaned := []string{}
		for _, contact := range contacts[:min(len(contacts), maxRedirectURIs)] {
			cleaned = append(cleaned, cleanName(contact))
		}
		echo["contacts"] = cleaned
	}
	return echo
}

func isPlainHTTPS(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && checkCharacters(text) == nil
}

// blanks print and show nothing (or the mark of something unreadable).
const blanks = "\u115F\u1160\u2800\u3164\uFFA0\uFFFD"

// cleanName makes text of strangers fit to be shown: without control characters, and those that turn or hide text; spaces collapse.
func cleanName(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case !unicode.IsPrint(c) || unicode.In(c, unicode.Cf, unicode.Variation_Selector) || strings.ContainsRune(blanks, c):
			return -1
		}
		return c
	}, name)
	runes := []rune(strings.Join(strings.Fields(name), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), maxClientName)]))
}

// checkRedirectURIs judges all of them; one that is bad spoils the registration (R18).
func (p *Provider) checkRedirectURIs(m clientMetadata) *oauthError {
	if len(m.RedirectURIs) == 0 || len(m.RedirectURIs) > maxRedirectURIs {
		return errInvalidRedirect.because("redirect_uris must have 1 to 10 entries.")
	}
	for _, raw := range m.RedirectURIs {
		uri, err := parseRedirectURI(raw)
		switch {
		case err != nil:
			return errInvalidRedirect.because("redirect_uris: each " + err.Error() + ".")
		case m.ApplicationType == "web" && uri.kind != webURI:
			return errInvalidRedirect.because("redirect_uris of application_type web must be https to another machine.")
		case !p.allowsRedirect(uri):
			return errInvalidRedirect.because("redirect_uris: one is not among those that the operator of this server allows.").
				from(fmt.Errorf("Config.RedirectURIs does not allow %s", lexical.Plain(address.Shown(raw))))
		}
	}
	return nil
}

// allowsRedirect reports whether the operator allows a redirect URI.
func (p *Provider) allowsRedirect(uri redirectURI) bool {
	return p.patterns == nil || slices.ContainsFunc(p.patterns, func(pattern redirectPattern) bool { return pattern.matches(uri) })
}
