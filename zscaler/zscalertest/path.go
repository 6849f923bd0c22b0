package zscalertest

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

type bodyKey struct{}

// normalised returns r with dot segments resolved and empty ones dropped, as the real gateway does
// before it looks for a route: a client that puts "../locations/9" unescaped into a path does reach
// another resource. An escaped slash stays part of its segment.
func normalised(r *http.Request, body []byte) *http.Request {
	var plain, escaped []string
	for _, raw := range strings.Split(r.URL.EscapedPath(), "/") {
		segment, err := url.PathUnescape(raw)
		switch {
		case err != nil || segment == "" || segment == ".":
		case segment == "..":
			plain, escaped = plain[:max(len(plain)-1, 0)], escaped[:max(len(escaped)-1, 0)]
		default:
			plain, escaped = append(plain, segment), append(escaped, url.PathEscape(segment))
		}
	}
	r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
	target := *r.URL
	target.Path, target.RawPath = "/"+strings.Join(plain, "/"), "/"+strings.Join(escaped, "/")
	r.URL = &target
	return r
}
