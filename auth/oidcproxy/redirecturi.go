package oidcproxy

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// maxRedirectURI is the longest redirect URI, in bytes (R17).
const maxRedirectURI = 512

// A redirectURI is a redirect URI in parts. They are cut from the raw string, since net/url forgives and changes too much (R20a): what is
// compared, shown and sent to a browser is the string that the client registered.
type redirectURI struct {
	raw    string
	scheme string
	host   string // with brackets, as written
	port   string // without colon, "" for none
	path   string // "" for none
	query  string // with its question mark, "" for none
	kind   uriKind
}

type uriKind int

const (
	webURI      uriKind = iota // https to another machine
	loopbackURI                // http or https to this one
	privateURI                 // a scheme that belongs to an app (RFC 8252 section 7.1)
)

// parseRedirectURI accepts what browsers and we cannot read in two ways, and no scheme that runs something (R19, R20). The errors are for the client's
// developer, and repeat nothing of the URI.
func parseRedirectURI(raw string) (redirectURI, error) {
	u := redirectURI{raw: raw}
	if err := checkCharacters(raw); err != nil {
		return u, err
	}
	scheme, rest, ok := strings.Cut(raw, ":")
	if !ok || !isScheme(scheme) {
		return u, errors.New("must be an absolute URI with a scheme in lower case")
	}
	u.scheme = scheme
	if before, query, has := strings.Cut(rest, "?"); has {
		rest, u.query = before, "?"+query
	}
	authority, hasAuthority := strings.CutPrefix(rest, "//")
	switch {
	case hasAuthority:
		if slash := strings.IndexByte(authority, '/'); slash >= 0 {
			authority, u.path = authority[:slash], authority[slash:]
		}
	case scheme == "http" || scheme == "https" || !strings.HasPrefix(rest, "/"):
		return u, errors.New("must have // or a path behind its scheme")
	default:
		authority, u.path = "", rest
	}
	if err := u.readAuthority(authority); err != nil {
		return u, err
	}
	if err := checkPath(u.path); err != nil {
		return u, err
	}
	if err := checkQuery(u.query); err != nil {
		return u, err
	}
	return u, u.classify()
}

// checkCharacters refuses everything that is not plain ASCII, what browsers drop or turn into something else, and fragments.
func checkCharacters(raw string) error {
	switch {
	case raw == "" || len(raw) > maxRedirectURI:
		return errors.New("must have 1 to 512 bytes")
	case strings.Contains(raw, "#"):
		return errors.New("must have no fragment")
	}
	for i := range len(raw) {
		c := raw[i]
		switch {
		case c <= ' ' || c > '~' || strings.IndexByte("\\\"'`<>{}|^", c) >= 0:
			return errors.New("has a character that must be percent-encoded")
		case c != '%':
		case i+2 >= len(raw) || !isHex(raw[i+1]) || !isHex(raw[i+2]):
			return errors.New("has a percent sign that encodes nothing")
		case isHiddenEncoding(raw[i+1 : i+3]):
			return errors.New("encodes a slash, a backslash or a control character")
		}
	}
	return nil
}

// isHiddenEncoding tells percent-encodings that readers decode at different times: of / and \, of control characters, of text that is not ASCII.
func isHiddenEncoding(hex string) bool {
	c, _ := strconv.ParseUint(hex, 16, 8)
	return c < ' ' || c == '/' || c == '\\' || c >= 0x7f
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isScheme accepts schemes (RFC 3986 section 3.1) in lower case.
func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		if ('a' > c || c > 'z') && (i == 0 || ('0' > c || c > '9') && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return s != ""
}

// readAuthority takes host and port.
func (u *redirectURI) readAuthority(authority string) error {
	if strings.ContainsAny(authority, "@%") {
		return errors.New("must have no user, and no percent-encoding in its host")
	}
	host, port, hasPort := authority, "", false
	if end := strings.IndexByte(authority, ']'); strings.HasPrefix(authority, "[") && end > 0 {
		host, port = authority[:end+1], authority[end+1:]
		port, hasPort = strings.CutPrefix(port, ":")
		if !hasPort && port != "" {
			return errors.New("has something behind the address of its host")
		}
	} else {
		host, port, hasPort = strings.Cut(authority, ":")
	}
	if hasPort && !isPort(port) {
		return errors.New("must have a port of 1 to 65535 without leading zeros, or none")
	}
	u.host, u.port = host, port
	return checkHost(host)
}

func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0 && strconv.FormatUint(n, 10) == port
}

// checkHost accepts names and canonical addresses. What browsers would read as an address in another spelling is refused.
func checkHost(host string) error {
	if strings.HasPrefix(host, "[") {
		addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil || addr.Zone() != "" || addr.Is4In6() || "["+addr.String()+"]" != host {
			return errors.New("must have a plain IPv6 address, in its shortest form and without zone")
		}
		return nil
	}
	if host == "" {
		return nil // classify judges
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || strings.ContainsFunc(label, func(c rune) bool { return !isHostCharacter(c) }) {
			return errors.New("must have a host name of letters, digits and hyphens, without a dot at its end")
		}
	}
	last := labels[len(labels)-1]
	number := strings.Trim(last, "0123456789") == "" || strings.HasPrefix(strings.ToLower(last), "0x")
	if addr, err := netip.ParseAddr(host); number && (err != nil || addr.String() != host) {
		return errors.New("must have an IPv4 address of four decimal numbers")
	}
	return nil
}

func isHostCharacter(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// checkPath refuses segments that browsers resolve: . and .., encoded or not.
func checkPath(path string) error {
	for segment := range strings.SplitSeq(path, "/") {
		plain := strings.NewReplacer("%2e", ".", "%2E", ".").Replace(segment)
		if plain == "." || plain == ".." {
			return errors.New("must have no . or .. in its path")
		}
	}
	return nil
}

// answerParameters are those that we add (R53).
var answerParameters = []string{"code", "state", "iss", "error", "error_description", "error_uri"}

// checkQuery refuses a query that has already what an answer adds.
func checkQuery(query string) error {
	if query == "" {
		return nil
	}
	pairs, err := parsePairs(query[1:])
	if err != nil {
		return errors.New("has a malformed query")
	}
	for _, name := range answerParameters {
		if _, has := pairs[name]; has {
			return errors.New("must not have " + name + " in its query, which is part of the answer")
		}
	}
	return nil
}

// classify judges scheme and host together (R19).
func (u *redirectURI) classify() error {
	loopback := isLoopbackHost(u.host)
	switch {
	case u.scheme != "http" && u.scheme != "https":
		u.kind = privateURI
		if isDeniedScheme(u.scheme) {
			return errors.New("has a scheme that is not accepted")
		}
		if u.host == "" && strings.Trim(u.path, "/") == "" {
			return errors.New("must have a path behind its scheme")
		}
	case u.host == "":
		return errors.New("must have a host")
	case loopback:
		u.kind = loopbackURI
	case u.scheme == "http":
		return errors.New("must be https, or http to localhost, 127.0.0.1 or [::1]")
	}
	return nil
}

// isLoopbackHost reports whether host is spelled as this machine.
func isLoopbackHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// deniedSchemes run scripts, open files or start programs.
var deniedSchemes = map[string]bool{
	"javascript": true, "livescript": true, "mocha": true, "jscript": true, "vbscript": true, "vbs": true, "data": true, "file": true, "blob": true,
	"about": true, "view-source": true, "filesystem": true, "content": true, "intent": true, "android-app": true, "resource": true, "jar": true,
	"mhtml": true, "mk": true, "res": true, "hcp": true, "ws": true, "wss": true, "ftp": true, "ftps": true, "sftp": true, "smb": true, "nfs": true,
	"ssh": true, "telnet": true, "ldap": true, "ldaps": true, "mailto": true, "tel": true, "sms": true, "callto": true, "itms-services": true,
	"shell": true, "cmd": true, "powershell": true, "search": true, "search-ms": true, "wtai": true, "x-apple.systempreferences": true,
	"applescript": true, "x-man-page": true, "jnlp": true, "jnlps": true, "feed": true, "wyciwyg": true, "vnc": true, "rdp": true, "afp": true, "market": true,
	"wscript": true, "vbe": true, "gopher": true, "tftp": true, "rlogin": true, "ldapi": true, "disk": true, "help": true, "x-terminal": true,
	"googlechrome": true, "opera": true, "edge": true, "brave": true, "vivaldi": true, "firefox": true, "steam": true, "magnet": true, "cid": true, "mid": true,
}

// deniedPrefixes are those of browsers, and of what Windows and Apple's systems open by themselves.
var deniedPrefixes = []string{"chrome", "ms-", "moz-", "microsoft", "itms", "x-apple", "x-web-search"}

func isDeniedScheme(scheme string) bool {
	return deniedSchemes[scheme] || slices.ContainsFunc(deniedPrefixes, func(prefix string) bool { return strings.HasPrefix(scheme, prefix) })
}

// matches reports whether used is what the client registered: the same string, or on loopback the same but for the port, which an app takes as it
// finds one free (R42, RFC 8252 section 7.3).
func (u redirectURI) matches(used redirectURI) bool {
	if u.raw == used.raw {
		return true
	}
	return u.kind == loopbackURI && used.kind == loopbackURI && u.scheme == used.scheme && u.host == used.host && u.query == used.query &&
		rootPath(u.path) == rootPath(used.path)
}

func rootPath(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// with returns the URI with further query parameters, which are encoded already.
func (u redirectURI) with(query string) string {
	if u.query == "" {
		return u.raw + "?" + query
	}
	if u.query == "?" {
		return u.raw + query
	}
	return u.raw + "&" + query
}
