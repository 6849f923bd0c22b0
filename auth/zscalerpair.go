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

// isPair reports whether the credential is of the form of a client id and secret.
func (c credential) isPair() bool { return c.from == fromPair || strings.EqualFold(c.scheme, "Basic") }

// pairOf returns the client id and secret of a credential that isPair.
func pairOf(c credential) (id, secret string, err error) {
	switch {
	case c.from != fromPair:
		if id, secret, err = parseBasic(c.token); err != nil {
			return "", "", invalidCredential(err)
		}
	case c.id == "" || c.secret == "":
		return "", "", errHalfPair
	default:
		id, secret = c.id, c.secret
	}
	if !isPlain(id) || !isPlain(secret) {
		return "", "", invalidCredential(errors.New("the client id or secret is empty or has control characters"))
	}
	return id, secret, nil
}

var strictBase64 = base64.StdEncoding.Strict()

// parseBasic reads user-pass (RFC 7617 section 2): the first colon ends the id, and the secret may have more of them.
func parseBasic(token string) (id, secret string, err error) {
	data, err := strictBase64.DecodeString(token)
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
