package address

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
)

// Plain reads an absolute URL that is written in the only way in which such a URL should be: others compare it as text, and find paths from it (R2).
func Plain(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("is no URL")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return nil, errors.New("must have no query or fragment")
	case u.Host != strings.ToLower(u.Host) || u.Scheme+":" != raw[:len(u.Scheme)+1] || !isPlainPort(u):
		return nil, errors.New("must have scheme and host in lower case, and no empty or default port")
	case u.String() != raw || u.EscapedPath() != u.Path || strings.ContainsAny(u.Path, "{}") || strings.Contains(u.Path, "//") || strings.Contains(u.Path+"/", "/./") || strings.Contains(u.Path+"/", "/../"):
		return nil, errors.New("must have a plain path: no spaces, escapes, braces, dot segments or empty segments")
	}
	return u, nil
}

// isPlainPort reports whether u names no port, or one that its scheme does not imply.
func isPlainPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port != 0 && u.Port() == strconv.FormatUint(port, 10) && (u.Scheme != "https" || port != 443) && (u.Scheme != "http" || port != 80)
}
