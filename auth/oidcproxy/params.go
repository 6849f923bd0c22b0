package oidcproxy

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of requests (R45, R153).
const (
	maxQuery     = 16 << 10
	maxForm      = 64 << 10
	maxJSON      = 64 << 10
	maxPairs     = 64
	bodyDeadline = 10 * time.Second
)

var errMalformedParams = errors.New("the parameters are malformed")

// params are the parameters of a request, as often as they were sent.
type params map[string][]string

// parsePairs decodes application/x-www-form-urlencoded text once (R44). Unlike net/url it accepts nothing that it must guess at: no semicolons,
// no broken percent-encodings, no text that is not UTF-8.
func parsePairs(text string) (params, error) {
	pairs := params{}
	if text == "" {
		return pairs, nil
	}
	count := 0
	for pair := range strings.SplitSeq(text, "&") {
		if count++; count > maxPairs {
			return nil, errMalformedParams
		}
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := decode(name)
		if err != nil {
			return nil, err
		}
		if value, err = decode(value); err != nil {
			return nil, err
		}
		pairs[name] = append(pairs[name], value)
	}
	return pairs, nil
}

func decode(text string) (string, error) {
	decoded, err := url.QueryUnescape(text)
	if err != nil || strings.Contains(text, ";") || !utf8.ValidString(decoded) {
		return "", errMalformedParams
	}
	return decoded, nil
}

// plain reports whether there are no control characters, but in the parameter named opaque, which is not for us to read.
func (p params) plain(opaque string) bool {
	isControl := func(c rune) bool { return c < ' ' || c == 0x7f }
	for name, values := range p {
		if strings.ContainsFunc(name, isControl) {
			return false
		}
		if name != opaque && slices.ContainsFunc(values, func(value string) bool { return strings.ContainsFunc(value, isControl) }) {
			return false
		}
	}
	return true
}

// get is the value of a parameter, "" if it is absent; an empty one counts as absent (RFC 6749 section 3.1).
func (p params) get(name string) string {
	if values := p[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// all are the values of a parameter that may be repeated, without empty ones.
func (p params) all(name string) []string {
	var values []string
	for _, value := range p[name] {
		if value != "" {
			values = append(values, value)
		}
	}
	return values
}

// repeated returns a parameter that was sent more than once, "" if there is none. resource may be (RFC 8707 section 2).
func (p params) repeated() string {
	for name, values := range p {
		if len(values) > 1 && name != "resource" {
			return name
		}
	}
	return ""
}

// formOf reads the body of a POST. Parameters in the query beside it are refused, since two readers could differ in which count.
func formOf(w http.ResponseWriter, r *http.Request) (params, *oauthError) {
	if !hasMediaType(r, "application/x-www-form-urlencoded") {
		return nil, errContentType.because("the body must be application/x-www-form-urlencoded")
	}
	if r.URL.RawQuery != "" {
		return nil, errInvalidRequest.because("the parameters belong into the body, not into the query")
	}
	body, refusal := bodyOf(w, r, maxForm)
	if refusal != nil {
		return nil, refusal
	}
	form, err := parsePairs(string(body))
	if err != nil || !form.plain("state") {
		return nil, errInvalidRequest.because("the body is not valid application/x-www-form-urlencoded text")
	}
	return form, nil
}

func hasMediaType(r *http.Request, want string) bool {
	values := r.Header["Content-Type"]
	if len(values) != 1 {
		return false
	}
	media, _, err := mime.ParseMediaType(values[0])
	return err == nil && media == want
}

// bodyOf reads a body up to its limit and within its time, whatever server it came to.
func bodyOf(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, *oauthError) {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return nil, errContentType.because("the body must not be compressed")
	}
	if r.Body == nil {
		return nil, nil
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyDeadline)) // where the server can
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	_ = control.SetReadDeadline(time.Time{})
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case err != nil:
		return nil, errInvalidRequest.because("the body could not be read")
	}
	return body, nil
}
