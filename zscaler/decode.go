package zscaler

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxMessage = 500 // bytes of a service's message that are kept
	maxParams  = 20
)

// decodeError reads an error answer of any service. The body may be an object of one of many shapes,
// text, HTML, or nothing; no shape makes it fail.
func decodeError(s Service, status int, header http.Header, body []byte) *APIError {
	e := &APIError{Service: s, Status: status, RequestID: clean(header.Get("X-Oneapi-Request-Id"))}
	body = bytes.TrimSpace(body)
	if object, err := members(body); err == nil {
		e.object = true
		e.Code = firstText(object, "code", "id", "errorCode", "title", "msgId", "error")
		e.Message = firstText(object, "message", "reason", "errorDetails", "errorMessage", "errorMsg", "detail", "error_description")
		e.Params = flatten(object["params"], nil, 0)
	} else {
		e.page = looksLikeMarkup(body)
		e.Message = plainText(body)
	}
	e.RetryAfter = retryAfter(status, header, body)
	return e
}

// firstText returns the first non-empty string among the named members. The member id counts as a
// code only when it is a string: ZCC sends a number that means nothing.
func firstText(object map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		raw := object[name]
		if name == "id" && !bytes.HasPrefix(raw, []byte(`"`)) {
			continue
		}
		if s := clean(text(raw)); s != "" {
			return s
		}
	}
	return ""
}

// flatten collects the strings and numbers of ZPA's params, which nest.
func flatten(raw json.RawMessage, into []string, depth int) []string {
	if items, err := array(raw); err == nil && depth < 4 {
		for _, item := range items {
			into = flatten(item, into, depth+1)
		}
		return into
	}
	if s := clean(text(raw)); s != "" && len(into) < maxParams {
		into = append(into, s)
	}
	return into
}

// plainText returns a text answer for use as a message, but never markup.
func plainText(body []byte) string {
	if looksLikeMarkup(body) {
		return "the answer is a web page"
	}
	if !utf8.Valid(body) {
		return "the answer is not text"
	}
	return clean(string(body[:min(len(body), 4*maxMessage)]))
}

func looksLikeMarkup(body []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) }

// credentialPattern finds credentials that an upstream message may quote: named ones and any JWT.
var credentialPattern = regexp.MustCompile(`(?i)(bearer\s+|api_token=|client_secret=|client_assertion=)[^\s&"',;]+|eyJ[\w-]+\.[\w-]+\.[\w-]*`)

// clean makes upstream text fit for an error: one line, no control or invisible characters, no
// credentials, at most maxMessage bytes.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return ' '
		case unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	s = credentialPattern.ReplaceAllString(s, "${1}"+redacted)
	return strings.TrimSpace(cut(s))
}

// ellipsis marks text that was cut.
const ellipsis = "…"

// cut shortens s to maxMessage bytes at a rune boundary.
func cut(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	n := maxMessage - len(ellipsis)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + ellipsis
}

// minScrub is the shortest secret worth looking for: a shorter one would match ordinary words.
const minScrub = 8

// scrub puts word in the place of secret in everything that the service said.
func (e *APIError) scrub(secret, word string) {
	if len(secret) < minScrub {
		return
	}
	e.Code = hide(e.Code, secret, word)
	e.Message = hide(e.Message, secret, word)
	for i := range e.Params {
		e.Params[i] = hide(e.Params[i], secret, word)
	}
}

// hide puts word in the place of secret, and of the part of it that a cut left at the end of text.
func hide(text, secret, word string) string {
	text = strings.ReplaceAll(text, secret, word)
	stem, wasCut := strings.CutSuffix(text, ellipsis)
	for n := min(len(secret), len(stem)); wasCut && n >= minScrub; n-- {
		if strings.HasSuffix(stem, secret[:n]) {
			text = stem[:len(stem)-n] + word + ellipsis
			break
		}
	}
	return cut(text)
}
