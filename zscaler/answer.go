package zscaler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"unicode/utf8"
)

var errTooLarge = errors.New("the answer is too large")

// readBody reads at most limit bytes; errTooLarge says that there were more.
func readBody(body io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(body, limit))
	if err != nil || int64(len(b)) < limit {
		return b, err
	}
	if n, _ := io.ReadFull(body, make([]byte, 1)); n > 0 {
		return b, errTooLarge
	}
	return b, nil
}

// judge turns an answer into a Response or says why it is none. readErr is the error of reading body.
func (c *call) judge(resp *http.Response, body []byte, readErr error) (*Response, *APIError) {
	status := resp.StatusCode
	bad := func(message string) (*Response, *APIError) {
		return nil, &APIError{Status: status, Message: message, kind: KindBadAnswer}
	}
	switch {
	case status >= 300 && status < 400:
		return bad("the answer is a redirect, which is never followed: it would carry the token elsewhere")
	case status < 200 || status >= 300:
		return nil, decodeError(c.service(), status, resp.Header, body)
	case errors.Is(readErr, errTooLarge):
		return nil, &APIError{Status: status, kind: KindInvalid, Message: fmt.Sprintf("the answer is larger than %d bytes: ask for fewer rows", len(body))}
	case readErr != nil:
		return nil, nil
	}
	data, ok := answerJSON(resp.Header, body)
	if !ok {
		if looksLikeMarkup(body) {
			return bad("the answer is a web page instead of JSON")
		}
		return bad("the answer is not JSON, or was cut off")
	}
	if c.policy.failure != nil {
		if failure := c.policy.failure(data); failure != nil {
			failure.Status = status
			return nil, failure
		}
	}
	return &Response{Status: status, Header: resp.Header, Body: data, RequestID: clean(resp.Header.Get("X-Oneapi-Request-Id"))}, nil
}

// answerJSON returns a successful body as JSON. Validations that answer one bare word, and downloads
// that are declared as text, become a JSON string.
func answerJSON(header http.Header, body []byte) (json.RawMessage, bool) {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return nil, true
	case json.Valid(body):
		return body, true
	case !utf8.Valid(body), looksLikeMarkup(body), bytes.IndexByte([]byte("{["), body[0]) >= 0:
		return nil, false
	case !isWord(body) && !isText(header.Get("Content-Type")):
		return nil, false
	}
	quoted, err := json.Marshal(string(body))
	return quoted, err == nil
}

// isWord recognises answers such as SUCCESS.
func isWord(body []byte) bool {
	return len(body) <= 64 && all(string(body), func(b byte) bool { return b >= 'A' && b <= 'Z' || b == '_' })
}

func isText(contentType string) bool {
	switch media, _, _ := mime.ParseMediaType(contentType); media {
	case "text/plain", "text/csv", "application/csv", "application/octet-stream":
		return true
	}
	return false
}

// transportError describes a failure below HTTP, without the URL, whose query may hold secrets.
func (c *call) transportError(host string, err error, n int) *NetworkError {
	err = withoutURL(err)
	e := c.notSent(host, err)
	e.Sent, e.Attempts = !dialFailed(err), n
	return e
}

// withoutURL strips every [url.Error] around a cause: a round tripper may add one of its own.
func withoutURL(err error) error {
	for {
		wrapped := (*url.Error)(nil)
		if !errors.As(err, &wrapped) || wrapped.Err == nil {
			return err
		}
		err = wrapped.Err
	}
}

// dialFailed reports whether no connection was made, so that the service saw nothing.
func dialFailed(err error) bool {
	op := (*net.OpError)(nil)
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") || errors.As(err, new(*net.DNSError))
}
