package address

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// CheckOrigins demands web origins (RFC 6454 section 6.1) in the spelling that browsers send, since nothing else would ever match. "*" stands for all.
func CheckOrigins(origins []string) error {
	for _, origin := range origins {
		if err := checkOrigin(origin); err != nil && origin != "*" {
			return err
		}
	}
	return nil
}

func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme == "" || u.Hostname() == "" || strings.ContainsAny(u.Host, "*%") || strings.ContainsFunc(u.Host, func(c rune) bool { return c > unicode.MaxASCII }) {
		return fmt.Errorf("%q is no web origin: write one as https://app.example.com, letters beyond ASCII as xn--…, or * for all", Shown(origin))
	}
	host := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String()
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.Port() != "" {
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || port == 0 {
			return fmt.Errorf("%q has no possible port", Shown(origin))
		}
		if !(u.Scheme == "https" && port == 443 || u.Scheme == "http" && port == 80) {
			host += ":" + strconv.FormatUint(port, 10)
		}
	}
	if want := u.Scheme + "://" + host; origin != want {
		return fmt.Errorf("browsers do not send the origin %q: write %s", Shown(origin), want)
	}
	return nil
}
