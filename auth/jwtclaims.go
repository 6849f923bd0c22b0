package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/internal/lexical"
	"github.com/org/zscalermcp/internal/strictjson"
)

// jwtClaims are the members of a token's payload as they came. They are decoded once.
type jwtClaims map[string]json.RawMessage

var _ jwt.Claims = (*jwtClaims)(nil)

var errClaimType = errors.New("a claim has the wrong type")

// UnmarshalJSON implements [json.Unmarshaler]; a payload with one member twice is refused (R127).
func (c *jwtClaims) UnmarshalJSON(data []byte) error {
	members, err := strictjson.Valid(bytes.Clone(data))
	*c = members
	return err
}

// maxNumericDate is the end of the year 9999: later dates do not survive being formatted.
const maxNumericDate = 253402300799

// date is a NumericDate (RFC 7519 section 2), nil if the claim is missing.
func (c jwtClaims) date(name string) (*jwt.NumericDate, error) {
	raw, ok := c[name]
	if !ok {
		return nil, nil
	}
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || !(math.Abs(seconds) <= maxNumericDate) {
		return nil, errClaimType
	}
	return jwt.NewNumericDate(time.UnixMilli(int64(seconds * 1000))), nil
}

// text is a claim that is a string, "" if it is missing.
func (c jwtClaims) text(name string) (string, error) {
	raw, ok := c[name]
	if !ok {
		return "", nil
	}
	if raw[0] != '"' {
		return "", errClaimType
	}
	return strictjson.Text(raw)
}

// member is the claim of this name, nil if it is missing. A dot in name leads into an object.
func (c jwtClaims) member(name string) json.RawMessage {
	for {
		if raw, ok := c[name]; ok {
			return raw
		}
		first, rest, found := strings.Cut(name, ".")
		inner, err := strictjson.Object(c[first])
		if !found || err != nil {
			return nil
		}
		c, name = inner, rest
	}
}

// scopes are a claim that is a string of scopes, which a space parts and nothing else (RFC 6749 section 3.3), or an array of them.
func (c jwtClaims) scopes(name string) []string {
	raw := c.member(name)
	if len(raw) == 0 {
		return nil
	}
	var many []string
	if raw[0] == '"' {
		one, _ := strictjson.Text(raw) // valid JSON
		many = strings.Split(one, " ")
	} else if json.Unmarshal(raw, &many) != nil {
		return nil
	}
	return slices.DeleteFunc(many, func(scope string) bool { return !lexical.IsScope(scope) })
}

// values are a claim as what it is compared with: a string is one value, spaces or not, an array is its elements, numbers and booleans are their text.
func (c jwtClaims) values(name string) []string {
	raw := c.member(name)
	if len(raw) == 0 || raw[0] != '[' {
		return appendValue(nil, raw)
	}
	var elements []json.RawMessage
	_ = json.Unmarshal(raw, &elements) // valid JSON
	var values []string
	for _, element := range elements {
		values = appendValue(values, element)
	}
	return values
}

func appendValue(values []string, raw json.RawMessage) []string {
	switch {
	case len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || raw[0] == 'n': // an object, an array, null
		return values
	case raw[0] == '"':
		text, _ := strictjson.Text(raw) // valid JSON
		return append(values, text)
	}
	return append(values, string(raw))
}

// firstOf is the first of the claims that is there as a string.
func (c jwtClaims) firstOf(names ...string) string {
	for _, name := range names {
		if value, err := c.text(name); err == nil && value != "" {
			return value
		}
	}
	return ""
}

// GetExpirationTime implements [jwt.Claims].
func (c jwtClaims) GetExpirationTime() (*jwt.NumericDate, error) { return c.date("exp") }

// GetIssuedAt implements [jwt.Claims].
func (c jwtClaims) GetIssuedAt() (*jwt.NumericDate, error) { return c.date("iat") }

// GetNotBefore implements [jwt.Claims].
func (c jwtClaims) GetNotBefore() (*jwt.NumericDate, error) { return c.date("nbf") }

// GetIssuer implements [jwt.Claims].
func (c jwtClaims) GetIssuer() (string, error) { return c.text("iss") }

// GetSubject implements [jwt.Claims].
func (c jwtClaims) GetSubject() (string, error) { return c.text("sub") }

// GetAudience implements [jwt.Claims].
func (c jwtClaims) GetAudience() (jwt.ClaimStrings, error) { return c.audience("aud") }

// audience is a claim that is a string or an array of strings; the string is one value, spaces or not.
func (c jwtClaims) audience(name string) ([]string, error) {
	raw, ok := c[name]
	if !ok {
		return nil, nil
	}
	if raw[0] == '"' {
		one, err := strictjson.Text(raw)
		return []string{one}, err
	}
	var many []string
	if raw[0] != '[' || json.Unmarshal(raw, &many) != nil || slices.Contains(many, "") {
		return nil, errClaimType
	}
	return many, nil
}

// size is what the claims hold in memory, about.
func (c jwtClaims) size() int64 {
	const member = 96 // name, slice, and their place in the map
	total := int64(0)
	for name, value := range c {
		total += member + int64(len(name)+len(value))
	}
	return total
}
