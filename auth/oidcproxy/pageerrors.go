package oidcproxy

import (
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/org/zscalermcp/auth"
)

// A pageError is an answer to a user: what went wrong, and what to do. Its texts are fixed.
type pageError struct {
	status int
	reason string // of the event
	code   string // for programs
	title  string
	text   string
	advice string
	cause  error // for the log only
}

// from returns e with a cause for the log.
func (e *pageError) from(cause error) *pageError {
	told := *e
	told.cause = cause
	return &told
}

// because returns e with a reason behind its text.
func (e *pageError) because(reason string) *pageError {
	told := *e
	told.text += " " + reason
	return &told
}

const (
	startAgain = "Go back to the app and start the connection again."
	reconnect  = "Remove this server in the app, or clear its stored sign-in, and add it again."
)

// The pages. docs/guides/oidc-proxy.md explains each.
var (
	pageNoClient      = &pageError{status: http.StatusBadRequest, reason: "no_client", code: "invalid_request", title: "This link is incomplete", text: "The app did not say who it is (client_id).", advice: startAgain}
	pageUnknownClient = &pageError{status: http.StatusBadRequest, reason: "unknown_client", code: "invalid_client", title: "This app is not known here", text: "Its registration has ended, or was made at another server.", advice: reconnect}
	pageDocument      = &pageError{status: http.StatusBadRequest, reason: "client_document", code: "invalid_client", title: "This app cannot be identified", text: "The address that is its client_id has no description of the app that this server accepts.", advice: "Tell the maker of the app; the operator of this server can see why in its log."}
	pageAddress       = &pageError{status: http.StatusBadRequest, reason: "client_address", code: "invalid_client", title: "This app is not allowed here", text: "The address that is its client_id is not one that this server reads, or the operator has not allowed apps from there.", advice: "Ask the operator of this server: the log says which it is. The maker of the app has to mend the address."}
	pageNoDocument    = &pageError{status: http.StatusServiceUnavailable, reason: "client_document_unavailable", code: "temporarily_unavailable", title: "This app cannot be identified at the moment", text: "The address that is its client_id, and says who the app is, cannot be reached from here.", advice: "Wait a minute, and start the connection again from the app."}
	pageChanged       = &pageError{status: http.StatusGone, reason: "client_changed", code: "invalid_request", title: "This app has changed", text: "What the app says of itself is not what the question was about.", advice: startAgain}
	pageRedirect      = &pageError{status: http.StatusBadRequest, reason: "redirect_uri", code: "invalid_redirect_uri", title: "This app wants to go somewhere else", text: "The address that the app wants you to be sent to is not one that it registered. You are not sent there.", advice: reconnect}
	pageRepeated      = &pageError{status: http.StatusBadRequest, reason: "repeated", code: "invalid_request", title: "This link is ambiguous", text: "It names two apps, or two addresses to send you to.", advice: startAgain}
	pageMalformed     = &pageError{status: http.StatusBadRequest, reason: "malformed", code: "invalid_request", title: "This link is damaged", text: "The request could not be read.", advice: startAgain}
	pageTooLong       = &pageError{status: http.StatusBadRequest, reason: "too_long", code: "invalid_request", title: "This link is too long", text: "The request is longer than this server accepts.", advice: startAgain}
	pageForeign       = &pageError{status: http.StatusForbidden, reason: "foreign_form", code: "access_denied", title: "This answer came from another site", text: "Only the page of this server can allow a connection.", advice: startAgain}
	pageOtherBrowser  = &pageError{status: http.StatusForbidden, reason: "other_browser", code: "access_denied", title: "This page belongs to another browser", text: "The question was asked in another browser, or so long ago that this one has forgotten it; or cookies are blocked.", advice: "Allow cookies for this site, and start the connection again from the app."}
	pageFormExpired   = &pageError{status: http.StatusGone, reason: "form_expired", code: "invalid_request", title: "This page has expired", text: "The question was asked too long ago.", advice: startAgain}
	pageFormUsed      = &pageError{status: http.StatusGone, reason: "form_used", code: "invalid_request", title: "This page was answered already", text: "Each question can be answered once.", advice: startAgain}
	pageUnbound       = &pageError{status: http.StatusBadRequest, reason: "unbound", code: "invalid_request", title: "This sign-in cannot be finished", text: "It was begun in another browser, was finished already, or took too long; or cookies are blocked.", advice: "Allow cookies for this site, and start the connection again from the app, in this browser."}
	pageMethod        = &pageError{status: http.StatusMethodNotAllowed, reason: "method", code: "invalid_request", title: "This cannot be opened in this way", text: "The request method is not one that this page takes.", advice: startAgain}
	pageThrottled     = &pageError{status: http.StatusTooManyRequests, reason: "rate", code: "temporarily_unavailable", title: "Too many requests", text: "Many requests have come from your network in a short time.", advice: "Wait a minute, and try again."}
	pageBusy          = &pageError{status: http.StatusServiceUnavailable, reason: "busy", code: "temporarily_unavailable", title: "The server is busy", text: "Too many sign-ins are under way.", advice: "Wait a few minutes, and start the connection again from the app."}
	pageUnavailable   = &pageError{status: http.StatusServiceUnavailable, reason: "store", code: "temporarily_unavailable", title: "The server is not available", text: "Sign-ins cannot be stored at the moment.", advice: "Wait a minute, and start the connection again from the app."}
	pageUpstreamDown  = &pageError{status: http.StatusServiceUnavailable, reason: "identity_provider", code: "temporarily_unavailable", title: "The sign-in page is not available", text: "Your identity provider cannot be reached at the moment.", advice: "Wait a minute, and start the connection again from the app."}
	pageInternal      = &pageError{status: http.StatusInternalServerError, reason: "internal", code: "server_error", title: "Something went wrong here", text: "The server has an internal error.", advice: "Try again, and tell the operator of the server if it stays so."}
)

// showError writes the page, or JSON for programs that open the address themselves (R57).
func (p *Provider) showError(w http.ResponseWriter, r *http.Request, e *pageError) {
	if e != pageThrottled { // which has an event of its own
		p.record(r, event{name: EventPageRefused, reason: e.reason, operation: r.URL.Path, status: e.status, cause: e.cause})
	}
	if !wantsHTML(r) {
		writeJSON(w, e.status, map[string]string{"error": e.code, "error_description": e.title + ". " + e.text + " " + e.advice})
		return
	}
	page := ErrorPage{Status: e.status, Title: e.title, Text: e.text, Advice: e.advice, RequestID: auth.RequestID(r.Context())}
	if failed := p.show(w, e.status, "error", page); failed != nil { // a replaced template; those of ours always work
		p.logger.ErrorContext(r.Context(), "the error page cannot be shown", "cause", oneLine(failed.cause))
		http.Error(w, e.title+". "+e.text+" "+e.advice, e.status)
	}
}

// wantsHTML reports whether a browser asks: programs ask for JSON, or for anything.
func wantsHTML(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html") || r.Header.Get("Sec-Fetch-Mode") == "navigate"
}

// recovered answers for a handler that panics, without a word of why; the log has the stack.
func (p *Provider) recovered(w http.ResponseWriter, r *http.Request, answer func(http.ResponseWriter)) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler { //nolint:errorlint // it is compared by net/http in the same way
		panic(v)
	}
	p.logger.ErrorContext(r.Context(), "panic in an OAuth endpoint", "path", r.URL.Path, "stack", string(debug.Stack()))
	answer(w)
}
