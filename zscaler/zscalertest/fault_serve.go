package zscalertest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

const htmlPage = "<!DOCTYPE html>\n<html><head><title>Service notice</title></head><body><h1>We are sorry</h1></body></html>\n"

// faulty answers with the fault planned for r, or with next when there is none.
func (t *Tenant) faulty(w http.ResponseWriter, r *http.Request, next func(http.ResponseWriter)) {
	f, planned := t.faults.take(r)
	if !planned {
		next(w)
		return
	}
	switch f.Kind {
	case DropConnection:
		panic(http.ErrAbortHandler)
	case Truncated:
		truncate(w, next)
	case Slow:
		if t.wait(r, f.Delay) {
			next(w)
		}
	case EditLock:
		if t.wait(r, max(f.Delay, t.opts.EditLockDelay)) {
			writeReply(w, reply{status: http.StatusConflict, body: object{"code": "EDIT_LOCK_NOT_AVAILABLE"}})
		}
	case RateLimited:
		writeReply(w, rateLimited(w.Header(), r.URL.Path, f.RetryAfter))
	default:
		writeReply(w, f.answer(r.URL.Path))
	}
}

// wait reports whether the delay passed before the request or the tenant ended.
func (t *Tenant) wait(r *http.Request, delay time.Duration) bool {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-t.closed:
	}
	return false
}

// truncate announces the whole answer, sends half of it and breaks the connection.
func truncate(w http.ResponseWriter, next func(http.ResponseWriter)) {
	rec := httptest.NewRecorder()
	next(rec)
	for name, values := range rec.Result().Header {
		w.Header()[name] = values
	}
	body := rec.Body.Bytes()
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(rec.Code)
	bytes.NewReader(body[:len(body)/2]).WriteTo(w)
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (f Fault) answer(path string) reply {
	status := f.Status
	switch f.Kind {
	case Unauthorized:
		return unauthorized()
	case EmptyError:
		return reply{status: or(status, http.StatusInternalServerError)}
	case HTML:
		return reply{status: or(status, http.StatusOK), text: htmlPage}
	case GraphQLError:
		return graphQLFailure("Something went wrong", nil, "INTERNAL_ERROR")
	default:
		return serverError(path, or(status, http.StatusServiceUnavailable))
	}
}

func or(status, fallback int) int {
	if status == 0 {
		return fallback
	}
	return status
}

func serverError(path string, status int) reply {
	text := "The service is temporarily unavailable"
	switch serviceOf(path) {
	case "zpa":
		return reply{status: status, body: object{"id": "internal.server.error", "reason": text}}
	case "oauth2":
		return reply{status: status, body: object{"error": "temporarily_unavailable", "error_description": text}}
	default:
		return reply{status: status, body: object{"code": "UNEXPECTED_ERROR", "message": text}}
	}
}

// rateLimited builds a 429 in the form of the service behind path.
func rateLimited(h http.Header, path string, after time.Duration) reply {
	seconds := int(after / time.Second)
	answer := reply{status: http.StatusTooManyRequests}
	switch serviceOf(path) {
	case "zpa":
		h.Set("Retry-After", fmt.Sprintf("%ds", seconds))
		answer.body = object{"exception": "TooManyRequests", "id": "invalid.toomanyrequests", "reason": "Too many requests"}
	case "zcc":
		h.Set("X-Rate-Limit-Retry-After-Seconds", strconv.Itoa(seconds))
	case "zdx":
		h.Del("X-Ratelimit-Reset")
		answer.body = object{"code": "TOO_MANY_REQUESTS", "message": "Rate limit exceeded"}
	case "zia", "ztw":
		h.Set("Retry-After", strconv.Itoa(seconds))
		answer.body = object{"message": "Rate Limit (2/SECOND) exceeded", "Retry-After": fmt.Sprintf("%d seconds", seconds)}
	default:
		h.Set("X-Ratelimit-Remaining", "0")
		h.Set("X-Ratelimit-Reset", strconv.Itoa(seconds))
	}
	return answer
}
