package auth

import (
	"net/http"
	"strings"
)

// withoutHopByHop returns r, or a copy without the credential headers that a Connection header
// names: such a header was meant for the previous hop only (RFC 9110 section 7.6.1), and a proxy that
// obeys would have removed it, so whoever answers for it may not be who sent it (R131).
func withoutHopByHop(r *http.Request) *http.Request {
	var named []string
	for _, line := range r.Header["Connection"] {
		if line == "keep-alive" || line == "close" { // nearly every one
			continue
		}
		for option := range strings.SplitSeq(line, ",") {
			option = strings.TrimSpace(option)
			for _, header := range credentialHeaders {
				if strings.EqualFold(option, header) {
					named = append(named, header)
				}
			}
		}
	}
	if named == nil {
		return r
	}
	clean := r.WithContext(r.Context())
	clean.Header = r.Header.Clone()
	for _, header := range named {
		delete(clean.Header, header)
	}
	return clean
}

// withoutCredentials returns a deep copy of h without every header that may hold a credential, in
// any spelling that some gateway may take for it.
func withoutCredentials(h http.Header) http.Header {
	clean, copies := make(http.Header, len(h)), make([]string, 0, len(h)) // most have one line
	for name, values := range h {
		if bearsCredential(name) {
			continue
		}
		start := len(copies)
		copies = append(copies, values...)
		clean[name] = copies[start:len(copies):len(copies)]
	}
	return clean
}

// BearsCredential reports whether h has a header that may hold a credential, were it empty or in a spelling that only some gateway would
// take for it. Cookies are none.
func BearsCredential(h http.Header) bool {
	for name := range h {
		if bearsCredential(name) {
			return true
		}
	}
	return false
}

func bearsCredential(name string) bool {
	if name == "" {
		return false
	}
	switch name[0] {
	case 'A', 'a':
		return looksLike(name, authorizationHeader)
	case 'P', 'p':
		return looksLike(name, "Proxy-Authorization")
	case 'X', 'x':
		return looksLike(name, apiKeyHeader) || len(name) > len("X-Zscaler-") && looksLike(name[:len("X-Zscaler-")], "X-Zscaler-")
	}
	return false
}

// looksLike compares without regard to case, and with _ for -; a trailing _ is ignored.
func looksLike(name, canonical string) bool {
	for len(name) > len(canonical) && name[len(name)-1] == '_' {
		name = name[:len(name)-1]
	}
	if len(name) != len(canonical) {
		return false
	}
	for i := range len(name) {
		if fold(name[i]) != fold(canonical[i]) {
			return false
		}
	}
	return true
}

func fold(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c + 'a' - 'A'
	case c == '_':
		return '-'
	}
	return c
}
