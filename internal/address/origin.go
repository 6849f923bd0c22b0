package address

import (
	"fmt"
	"net/url"
	"strings"
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
	if err != nil || u.Scheme == "" || u.Host == "" || u.Hostname() == "" {
		return fmt.Errorf("%q is no web origin: write one as https://app.example.com, or * for all", Shown(origin))
	}
	host := strings.ToLower(u.Hostname())
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	switch port := u.Port(); {
	case port == "", u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
	default:
		host += ":" + port
	}
	if want := u.Scheme + "://" + host; origin != want {
		return fmt.Errorf("browsers do not send the origin %q: write %s", Shown(origin), want)
	}
	return nil
}
