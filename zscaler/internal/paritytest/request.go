package paritytest

import (
	"net/url"
	"regexp"
	"strings"
)

// A Request is what arrives at the gateway. {customer_id} and {zcell_customer_id} stand for the ids of
// the tenant, in the path and in texts of the body.
type Request struct {
	Method string     `json:"method"`
	Path   string     `json:"path"`  // escaped
	Query  url.Values `json:"query"` // nil when there is none
	Body   any        `json:"body"`  // decoded JSON with exact numbers; nil when there is none
}

// String is the request in brief, such as "GET /users?limit=1".
func (r Request) String() string {
	if len(r.Query) == 0 {
		return r.Method + " " + r.Path
	}
	return r.Method + " " + r.Path + "?" + r.Query.Encode()
}

var (
	space       = regexp.MustCompile(`[\s,]+`)
	punctuation = regexp.MustCompile(` ?([(){}:]) ?`)
)

// normal folds what does not matter: the escapes of a path that mean the same, white space and commas of a
// GraphQL document, no query and an empty one.
func (r Request) normal() Request {
	segments := strings.Split(r.Path, "/")
	for i, segment := range segments {
		if plain, err := url.PathUnescape(segment); err == nil && !placeholder.MatchString(plain) {
			segments[i] = url.PathEscape(plain)
		}
	}
	r.Path = strings.Join(segments, "/")
	if len(r.Query) == 0 {
		r.Query = nil
	}
	if body, ok := r.Body.(map[string]any); ok && strings.HasSuffix(r.Path, "/graphql") {
		document, _ := body["query"].(string)
		body["query"] = punctuation.ReplaceAllString(space.ReplaceAllString(document, " "), "$1")
	}
	return r
}

// lines returns requests in brief, one a line.
func lines(requests []Request) string {
	var all []string
	for _, r := range requests {
		all = append(all, r.String())
	}
	return strings.Join(all, "\n")
}
