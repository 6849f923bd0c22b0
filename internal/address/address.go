// Package address reads the public URL of the endpoint, and writes URLs so that logs and errors may have them.
package address

import (
	"net/url"
	"strings"
)

// Shown is a URL without what may be a secret in it: the user, the query, the fragment. A text that is no URL is not repeated.
func Shown(raw string) string {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return ""
	case err != nil || u.Opaque != "":
		return "(no URL)"
	}
	user := ""
	if u.User != nil {
		user, u.User = "…@", nil
	}
	if u.RawQuery != "" {
		u.RawQuery, u.ForceQuery = "", true
	}
	u.Fragment, u.RawFragment = "", ""
	return strings.Replace(u.String(), "//", "//"+user, 1)
}
