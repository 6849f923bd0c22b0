package oidcproxy

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// An oauthError is an answer to a client's program (RFC 6749 section 5.2). Its description is fixed text of ours: nothing of the request, of the
// store or of the identity provider is in it.
type oauthError struct {
	status      int
	code        string
	description string
	retryAfter  time.Duration
	client      string // its id, for the log only
	cause       error  // for the log only
}

func (e *oauthError) Error() string { return e.code + ": " + e.description }

// because returns e with another description.
func (e *oauthError) because(description string) *oauthError {
	told := *e
	told.description = description
	return &told
}

// from returns e with a cause for the log.
func (e *oauthError) from(cause error) *oauthError {
	told := *e
	told.cause = cause
	return &told
}

// of returns e with the client that it is told to, for the log.
func (e *oauthError) of(c *client) *oauthError {
	told := *e
	told.client = c.id
	return &told
}

// The errors of RFC 6749 section 5.2, RFC 7591 section 3.2.2 and RFC 8707 section 2, and what HTTP itself refuses.
var (
	errInvalidRequest   = &oauthError{status: http.StatusBadRequest, code: "invalid_request", description: "The request is malformed."}
	errInvalidClient    = &oauthError{status: http.StatusUnauthorized, code: "invalid_client", description: "The client is not known here, or failed to authenticate; register again."}
	errInvalidGrant     = &oauthError{status: http.StatusBadRequest, code: "invalid_grant", description: "The code or refresh token is invalid, has expired, was used or revoked, or does not go with this client, redirect_uri or code_verifier."}
	errUnauthorized     = &oauthError{status: http.StatusBadRequest, code: "unauthorized_client", description: "The client did not register for this grant type."}
	errUnsupportedGrant = &oauthError{status: http.StatusBadRequest, code: "unsupported_grant_type", description: "Use authorization_code or refresh_token."}
	errInvalidScope     = &oauthError{status: http.StatusBadRequest, code: "invalid_scope", description: "None of the scopes can be granted here; ask for those of the metadata."}
	errInvalidTarget    = &oauthError{status: http.StatusBadRequest, code: "invalid_target", description: "The resource is not the one that this server protects."}
	errInvalidMetadata  = &oauthError{status: http.StatusBadRequest, code: "invalid_client_metadata", description: "The client metadata is not accepted."}
	errInvalidRedirect  = &oauthError{status: http.StatusBadRequest, code: "invalid_redirect_uri", description: "A redirect URI is not accepted."}
	errInitialToken     = &oauthError{status: http.StatusUnauthorized, code: "invalid_token", description: "Registration needs the initial access token of this server, as Authorization: Bearer TOKEN."}
	errTemporary        = &oauthError{status: http.StatusServiceUnavailable, code: "temporarily_unavailable", description: "The request cannot be served at the moment; try again.", retryAfter: 2 * time.Second}
	errTooMany          = &oauthError{status: http.StatusTooManyRequests, code: "temporarily_unavailable", description: "Too many requests; wait before the next one.", retryAfter: time.Second}
	errTooLarge         = &oauthError{status: http.StatusRequestEntityTooLarge, code: "invalid_request", description: "The body is too large."}
	errContentType      = &oauthError{status: http.StatusUnsupportedMediaType, code: "invalid_request", description: "The Content-Type is not the one that this endpoint takes."}
	errURITooLong       = &oauthError{status: http.StatusRequestURITooLong, code: "invalid_request", description: "The request is too long."}
	errInternal         = &oauthError{status: http.StatusInternalServerError, code: "server_error", description: "The server has an internal error; try again, or ask its operator."}
)

// write answers with the error as JSON.
func (e *oauthError) write(w http.ResponseWriter) {
	e.setRetryAfter(w)
	writeJSON(w, e.status, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{e.code, e.description})
}

// setRetryAfter says when to try again, in whole seconds.
func (e *oauthError) setRetryAfter(w http.ResponseWriter) {
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((e.retryAfter+time.Second-1)/time.Second)))
	}
}

// writeJSON answers with a value that always marshals.
func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"server_error"}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
}
