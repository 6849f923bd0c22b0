package auth

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/org/zscalermcp/internal/strictjson"
)

// looksLikeJWS reports whether token has the shape of a compact JWS (RFC 7515 section 3.1): three parts, of which
// the first is a JSON object with an alg. It judges nothing else.
func looksLikeJWS(token string) bool {
	_, err := jwsHeader(token)
	return !errors.Is(err, ErrNotMine)
}

var strictBase64URL = base64.RawURLEncoding.Strict()

// jwsHeader returns the header of a compact JWS, [ErrNotMine] for what has not its shape, and another error for a header that
// two readers could read in two ways (R127).
func jwsHeader(token string) (jwtClaims, error) {
	first, rest, _ := strings.Cut(token, ".")
	if strings.Count(rest, ".") != 1 || strings.ContainsAny(first, "\r\n") {
		return nil, ErrNotMine
	}
	data, err := strictBase64URL.DecodeString(first)
	if err != nil {
		return nil, ErrNotMine
	}
	header, err := strictjson.Object(data)
	switch {
	case errors.Is(err, strictjson.ErrDuplicate):
		return nil, err
	case err != nil:
		return nil, ErrNotMine
	}
	if _, ok := header["alg"]; !ok {
		return nil, ErrNotMine
	}
	return header, nil
}
