package oidcproxy

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/org/zscalermcp/internal/strictjson"
)

var (
	errBadFilter    = errInvalidRequest.because("The parameters are user_issuer and user_subject (both, or none), client, limit (1 to 1000) and cursor (the next of a page), each once.")
	errNoParameters = errInvalidRequest.because("There are no parameters here: leave the query out.")
)

// parseGrantFilter reads the query of a list. A parameter that is misspelt is refused: without it the list would be of more than was asked for.
func parseGrantFilter(query string) (GrantFilter, *oauthError) {
	var f GrantFilter
	given, err := parsePairs(query)
	if err != nil || !given.plain("") || given.repeated() != "" {
		return f, errBadFilter
	}
	for name, values := range given {
		value := values[0]
		if value == "" {
			return f, errBadFilter
		}
		switch name {
		case "user_issuer":
			f.Issuer = value
		case "user_subject":
			f.Subject = value
		case "client":
			f.Client = value
		case "cursor":
			f.Cursor = value
		case "limit":
			if f.Limit, err = strconv.Atoi(value); err != nil || f.Limit < 1 {
				return f, errBadFilter
			}
		default:
			return f, errBadFilter
		}
	}
	return f, nil
}

// readSelection reads the body of a request that ends grants. It is read strictly, with no member beside those that count: what was meant to narrow it
// must not be overlooked.
func readSelection(w http.ResponseWriter, r *http.Request) (selection, *oauthError) {
	if r.URL.RawQuery != "" {
		return selection{}, errNoParameters
	}
	if !hasMediaType(r, "application/json") {
		return selection{}, errContentType.because("The body must be application/json.")
	}
	body, e := bodyOf(w, r, maxAdminBody)
	if e != nil {
		return selection{}, e
	}
	s, ok := parseSelection(body)
	if !ok {
		return selection{}, errNoSelection
	}
	return s, nil
}

// parseSelection reads one way to select grants: a user, a client, or all.
func parseSelection(body []byte) (s selection, ok bool) {
	members, err := strictjson.Object(body)
	if err != nil || len(members) != 1 {
		return s, false
	}
	for name, raw := range members {
		switch name {
		case "user":
			return parseUser(raw)
		case "client":
			s.client, ok = filledText(raw)
			return s, ok
		case "all":
			return s, string(raw) == "true"
		}
	}
	return s, false
}

func parseUser(raw json.RawMessage) (s selection, ok bool) {
	members, err := strictjson.Object(raw)
	if err != nil || len(members) != 2 {
		return s, false
	}
	var both bool
	s.issuer, ok = filledText(members["issuer"])
	s.subject, both = filledText(members["subject"])
	return s, ok && both
}

// filledText is a JSON string that is not empty.
func filledText(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	text, err := strictjson.Text(raw)
	return text, err == nil && text != ""
}
