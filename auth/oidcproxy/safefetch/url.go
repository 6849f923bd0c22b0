package safefetch

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	longestURL  = 512 // bytes (R31)
	defaultPort = 443
)

// CheckURL judges a URL by its text and the configuration; it resolves and connects to nothing. What it accepts is the only spelling of that URL: https, the
// host in lower case, port 443 left out, a path other than "/" without dot segments, no user, query or fragment, at most 512 bytes (R31). The error is an
// [ErrRefused].
func (f *Fetcher) CheckURL(raw string) (*url.URL, error) {
	u, err := f.read(raw)
	if err != nil {
		return nil, about(raw, refused("%w", err))
	}
	return u, nil
}

// read cuts the parts from the raw text, since net/url forgives and changes too much, and demands that net/url reads the same.
func (f *Fetcher) read(raw string) (*url.URL, error) {
	if len(raw) > longestURL {
		return nil, errors.New("it is longer than 512 bytes")
	}
	rest, ok := strings.CutPrefix(raw, "https://")
	if !ok {
		return nil, errors.New("it does not begin with https://, in lower case")
	}
	authority, path := rest, ""
	if slash := strings.IndexByte(rest, '/'); slash >= 0 {
		authority, path = rest[:slash], rest[slash:]
	}
	if err := f.checkAuthority(authority); err != nil {
		return nil, err
	}
	if err := checkPath(path); err != nil {
		return nil, err
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host != authority || u.User != nil || u.RequestURI() != path || u.String() != raw {
		return nil, errors.New("it can be read in two ways")
	}
	return u, nil
}

// checkAuthority judges host and port. A user part is refused with them: no host has an @.
func (f *Fetcher) checkAuthority(authority string) error {
	host, port, hasPort := authority, "", false
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		host, port, hasPort = authority[:colon], authority[colon+1:], true
	}
	literal, err := checkHost(host)
	if err != nil {
		return err
	}
	if err := f.checkPort(port, hasPort); err != nil {
		return err
	}
	return f.checkPolicy(strings.Trim(host, "[]"), literal)
}

// checkPort demands an accepted port (R36), and none where it is the one of https.
func (f *Fetcher) checkPort(text string, given bool) error {
	port := uint64(defaultPort)
	if given {
		var err error
		if port, err = strconv.ParseUint(text, 10, 16); err != nil || port == defaultPort || strconv.FormatUint(port, 10) != text {
			return errors.New("its port is none, or goes without saying")
		}
	}
	if !slices.Contains(f.cfg.Ports, uint16(port)) {
		return errors.New("its port is not accepted")
	}
	return nil
}

// checkPath demands a path (RFC 3986 section 3.3) that every reader takes for the same one.
func checkPath(path string) error {
	if path == "" || path == "/" {
		return errors.New("it has no path")
	}
	for i := range len(path) {
		switch c := path[i]; {
		case c == '?' || c == '#':
			return errors.New("it has a query or a fragment")
		case c == '%':
			if i+2 >= len(path) || !isHex(path[i+1]) || !isHex(path[i+2]) {
				return errors.New("its path has a percent sign that encodes nothing")
			}
			if isHidden(path[i+1 : i+3]) {
				return errors.New("its path encodes a slash, a backslash or a control character")
			}
		case !isPathByte(c):
			return errors.New("its path has a character that must be percent-encoded")
		}
	}
	for segment := range strings.SplitSeq(path, "/") {
		if isDotSegment(segment) {
			return errors.New("its path has dot segments")
		}
	}
	return nil
}

// isPathByte tells what a path may have beside percent-encoding: pchar and the slash.
func isPathByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || strings.IndexByte("/-._~!$&'()*+,;=:@", c) >= 0
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

// isHidden tells encodings that readers decode at different times.
func isHidden(hex string) bool {
	c, _ := strconv.ParseUint(hex, 16, 8)
	return c < ' ' || c == '/' || c == '\\' || c == 0x7f
}

// isDotSegment tells "." and "..", in each of their encodings (the URL standard's single-dot and double-dot segments).
func isDotSegment(segment string) bool {
	if len(segment) > len("%2e%2e") {
		return false
	}
	segment = strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
	return segment == "." || segment == ".."
}
