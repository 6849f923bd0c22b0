package address

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// CheckOrigins demands web origins (RFC 6454 section 6.1) in the spelling that browsers send, since nothing else would ever match. "*" stands for all.
// The error names every one that is none.
func CheckOrigins(origins []string) error {
	var mistakes []error
	for _, origin := range origins {
		if err := checkOrigin(origin); err != nil && origin != "*" {
			mistakes = append(mistakes, err)
		}
	}
	return errors.Join(mistakes...)
}

func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme == "" || u.Hostname() == "" || strings.ContainsAny(u.Host, "*%") || strings.ContainsFunc(u.Host, func(c rune) bool { return c > unicode.MaxASCII }) {
		return fmt.Errorf("%q is no web origin: write one as https://app.example.com, letters beyond ASCII as xn--…, or * for all", Shown(origin))
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && (err != nil || port == 0) {
		return fmt.Errorf("%q has no possible port", Shown(origin))
	}
	if want := Origin(u); origin != want {
		return fmt.Errorf("browsers do not send the origin %q: write %s", Shown(origin), want)
	}
	return nil
}

// Origin is the web origin of a URL as browsers write it (RFC 6454 section 6.1).
func Origin(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String()
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if implied := u.Scheme == "https" && port == 443 || u.Scheme == "http" && port == 80; err == nil && !implied {
		host += ":" + strconv.FormatUint(port, 10)
	}
	return strings.ToLower(u.Scheme) + "://" + host
}
