package oidcproxy

import (
	"errors"
	"strings"
)

// A redirectPattern is one of Config.RedirectURIs.
type redirectPattern struct {
	uri      redirectURI
	suffix   string // of the host, with its dot, where it began with "*."
	anyPort  bool
	anyPath  bool
	segments []string
}

// standIn takes the place of a star, so that the rest is read as a redirect URI.
const standIn = "star"

func parseRedirectPattern(text string) (redirectPattern, error) {
	var p redirectPattern
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return p.of(text)
	}
	authority, path, _ := strings.Cut(rest, "/")
	if host, found := strings.CutSuffix(authority, ":*"); found {
		authority, p.anyPort = host, true
	}
	if suffix, found := strings.CutPrefix(authority, "*."); found {
		authority, p.suffix = standIn+"."+suffix, "."+suffix
		if strings.Count(suffix, ".") == 0 {
			return p, errors.New("needs a domain of two labels or more behind the star")
		}
	}
	if strings.Contains(authority, "*") {
		return p, errors.New("may have * only as the whole first label of the host, the whole port, or a whole segment of the path")
	}
	plain := scheme + "://" + authority
	if strings.Contains(rest, "/") {
		plain += "/" + path
	}
	p.suffix, _, _ = strings.Cut(p.suffix, ":")
	return p.of(plain)
}

// of completes a pattern by its parts that are read as those of a redirect URI.
func (p redirectPattern) of(text string) (redirectPattern, error) {
	uri, err := parseRedirectURI(text)
	if err != nil {
		return p, err
	}
	if strings.Contains(uri.query, "*") {
		return p, errors.New("may have no * in the query")
	}
	p.uri, p.segments = uri, strings.Split(rootPath(uri.path), "/")
	p.anyPath = uri.kind == loopbackURI && uri.path == "" && uri.query == "" // whoever may listen on this machine may at any path
	for _, segment := range p.segments {
		if segment != "*" && strings.Contains(segment, "*") {
			return p, errors.New("may have * only as a whole segment of the path")
		}
	}
	return p, nil
}

// matches reports whether a redirect URI is one that the pattern means. A star in the path is one segment, never empty; the query must be that
// of the pattern. On loopback, where apps take any port, that is open as in the comparison with what was registered, and so is the path of a pattern
// without one.
func (p redirectPattern) matches(u redirectURI) bool {
	if p.uri.scheme != u.scheme || !p.anyPath && p.uri.query != u.query || !p.anyPort && p.uri.port != u.port && u.kind != loopbackURI {
		return false
	}
	host := strings.ToLower(u.host)
	if p.suffix == "" && !strings.EqualFold(p.uri.host, host) || p.suffix != "" && !strings.HasSuffix(host, strings.ToLower(p.suffix)) {
		return false
	}
	if p.anyPath {
		return true
	}
	segments := strings.Split(rootPath(u.path), "/")
	if len(segments) != len(p.segments) {
		return false
	}
	for i, segment := range segments {
		if p.segments[i] == "*" && segment == "" || p.segments[i] != "*" && p.segments[i] != segment {
			return false
		}
	}
	return true
}
