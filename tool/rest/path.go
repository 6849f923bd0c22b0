package rest

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/org/zscalermcp/zscaler"
)

// Path replaces the wildcards of pattern, such as /zia/api/v1/ruleLabels/{label_id}, by values, each
// escaped as one path segment. A value that could name another resource is an error that names the
// wildcard: "", ".", "..", or one with a slash, backslash, question mark, number sign, percent sign,
// semicolon, space at an end, or character that does not print. The tenant's placeholders, such as {customer_id}, stay: the client fills them.
func Path(pattern string, values map[string]string) (string, error) {
	return expandPath(pattern, func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	})
}

func expandPath(pattern string, lookup func(name string) (string, bool)) (string, error) {
	var b strings.Builder
	for segment := range strings.SplitSeq(strings.TrimPrefix(pattern, "/"), "/") {
		b.WriteByte('/')
		name, wild := wildcard(segment)
		if !wild || tenantPlaceholder(name) {
			b.WriteString(segment)
			continue
		}
		value, ok := lookup(name)
		if !ok {
			return "", argumentError{name, errors.New("is needed")}
		}
		if err := checkSegment(value); err != nil {
			return "", argumentError{name, err}
		}
		b.WriteString(url.PathEscape(value))
	}
	return b.String(), nil
}

// wildcard returns the name of a {name} segment.
func wildcard(segment string) (name string, ok bool) {
	if !strings.HasPrefix(segment, "{") || !strings.HasSuffix(segment, "}") || len(segment) < 3 {
		return "", false
	}
	return segment[1 : len(segment)-1], true
}

// wildcards returns the names of the wildcards of pattern that arguments fill, in order.
func wildcards(pattern string) []string {
	var names []string
	for segment := range strings.SplitSeq(pattern, "/") {
		if name, ok := wildcard(segment); ok && !tenantPlaceholder(name) {
			names = append(names, name)
		}
	}
	return names
}

// tenantPlaceholder reports whether the client fills the wildcard from the tenant's settings.
func tenantPlaceholder(name string) bool {
	return name == zscaler.CustomerID || name == zscaler.ZCellCustomerID
}

// checkSegment refuses values that a server on the way could read as more or less than one segment, or as
// another than a person reads. Escaping alone is not enough: proxies and servlet containers decode before
// they route, cut off path parameters (from a semicolon on) and trim spaces.
func checkSegment(value string) error {
	switch value {
	case "":
		return errors.New("must not be empty")
	case ".", "..":
		return fmt.Errorf("%q is not an id", value)
	}
	if strings.TrimSpace(value) != value {
		return fmt.Errorf("%q is not an id: it has a space at an end", value)
	}
	for _, r := range value {
		if r == utf8.RuneError { // what JSON makes of broken bytes
			return errors.New("is not valid UTF-8")
		}
		if strings.ContainsRune(`/\?#%;`, r) || !unicode.IsPrint(r) {
			return fmt.Errorf("%q is not an id: it contains %q", value, r)
		}
	}
	return nil
}
