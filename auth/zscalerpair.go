package auth

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"
)

var errHalfPair = &Error{Status: http.StatusBadRequest, Code: "invalid_request",
	Description: "The headers X-Zscaler-Client-ID and X-Zscaler-Client-Secret go together; send both, neither empty."}

// pairOf returns the client id and secret of a credential, [ErrNotMine] if it is of another kind.
func pairOf(cred credential) (id, secret string, err error) {
	switch {
	case cred.pair:
		if cred.id == "" || cred.secret == "" {
			return "", "", errHalfPair
		}
		id, secret = cred.id, cred.secret
	case strings.EqualFold(cred.scheme, "Basic"):
		if id, secret, err = parseBasic(cred.token); err != nil {
			return "", "", invalidCredential(err)
		}
	default:
		return "", "", ErrNotMine
	}
	if !isPlain(id) || !isPlain(secret) {
		return "", "", invalidCredential(errors.New("the client id or secret is empty or has control characters"))
	}
	return id, secret, nil
}

// parseBasic reads user-pass (RFC 7617 section 2): the first colon ends the id, and the secret may have more of them.
func parseBasic(token string) (id, secret string, err error) {
	data, err := base64.StdEncoding.Strict().DecodeString(token)
	if err != nil {
		return "", "", errors.New("the Basic credential is not base64")
	}
	id, secret, found := strings.Cut(string(data), ":")
	if !found {
		return "", "", errors.New("the Basic credential has no colon")
	}
	return id, secret, nil
}

// isPlain reports whether s is text without control characters (RFC 7617 section 2), and not empty.
func isPlain(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f })
}
