package tool

import (
	"bytes"
	"strings"
)

// A hook is an address that lets everyone post who knows it.
type hook struct {
	host string // or what it ends in, after a dot
	path string // that begins it; what follows is the secret
}

// hooks are the webhooks of services that Zscaler products post to. Never modified.
var hooks = []hook{
	{"hooks.slack.com", "/"}, {"discord.com", "/api/webhooks/"}, {"discordapp.com", "/api/webhooks/"}, {"webhook.office.com", "/"},
	{"outlook.office.com", "/webhook/"}, {"outlook.office365.com", "/webhook/"}, {"hooks.zapier.com", "/"}, {"hook.eu1.make.com", "/"},
	{"api.telegram.org", "/bot"}, {"events.pagerduty.com", "/integration/"}, {"alert.victorops.com", "/integrations/"},
}

// queryNames are parameters that sign an address, beside those whose names are secret. Never modified.
var queryNames = []string{"sig", "signature", "sas", "key", "code"}

// mayHoldURLSecret reports whether maskURLs could change text.
func mayHoldURLSecret(text []byte) bool {
	if bytes.IndexByte(text, '=') >= 0 || bytes.IndexByte(text, '@') >= 0 {
		return true
	}
	for _, h := range hooks {
		if bytes.Contains(text, []byte(h.host)) {
			return true
		}
	}
	return false
}

// maskURLs masks in every URL of text the password of its authority, the path of a webhook, and the parameters whose names are secret.
func maskURLs(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, "://")
		if i < 0 {
			break
		}
		start := i + len("://")
		end := start + urlEnd(text[start:])
		b.WriteString(text[:start])
		b.WriteString(maskAddress(text[start:end]))
		text = text[end:]
	}
	if b.Len() == 0 {
		return text
	}
	return b.String() + text
}

func urlEnd(text string) int {
	if end := strings.IndexAny(text, " \t\r\n\"'<>`\\|"); end >= 0 {
		return end
	}
	return len(text)
}

// maskAddress masks a URL from its authority on.
func maskAddress(address string) string {
	cut := strings.IndexAny(address, "/?#")
	if cut < 0 {
		cut = len(address)
	}
	authority, rest := address[:cut], address[cut:]
	host := authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		host = authority[at+1:]
		if user, password, ok := strings.Cut(authority[:at], ":"); ok && password != "" {
			authority = user + ":" + Masked + "@" + host
		}
	}
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	for _, h := range hooks {
		if (host == h.host || strings.HasSuffix(host, "."+h.host)) && strings.HasPrefix(rest, h.path) && len(rest) > len(h.path) {
			return authority + h.path + Masked
		}
	}
	return authority + maskParameters(rest)
}

// maskParameters masks the values of secret parameters in the path, query and fragment of a URL.
func maskParameters(rest string) string {
	cut := strings.IndexAny(rest, "?#")
	if cut < 0 || strings.IndexByte(rest, '=') < 0 {
		return rest
	}
	var b strings.Builder
	b.WriteString(rest[:cut])
	for rest = rest[cut:]; rest != ""; {
		end := strings.IndexAny(rest[1:], "?#&;") + 1
		if end == 0 {
			end = len(rest)
		}
		name, value, _ := strings.Cut(rest[1:end], "=")
		if value != "" && secretParameter(name) {
			b.WriteString(rest[:1] + name + "=" + Masked)
		} else {
			b.WriteString(rest[:end])
		}
		rest = rest[end:]
	}
	return b.String()
}

func secretParameter(name string) bool {
	for _, known := range queryNames {
		if strings.EqualFold(name, known) {
			return true
		}
	}
	return secrecyOf(name) == secret
}

// maskBehindHost masks the address of a webhook but for its host, and whatever is no address.
func maskBehindHost(text string) string {
	scheme, address, ok := strings.Cut(text, "://")
	host, rest, _ := strings.Cut(address, "/")
	if !ok || strings.ContainsAny(host, "@?# ") {
		return Masked
	}
	if rest == "" {
		return text
	}
	return scheme + "://" + host + "/" + Masked
}
