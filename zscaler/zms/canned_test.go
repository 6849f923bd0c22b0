package zms_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// A canned gateway records requests and answers them as it is told.
type canned struct {
	t      *testing.T
	answer func(request) (status int, body string)

	mu   sync.Mutex
	seen []request
}

// paths answers by method and path, and with status 404 what has no answer.
func paths(t *testing.T, answers map[string]string) *canned {
	return &canned{t: t, answer: func(r request) (int, string) {
		if body, ok := answers[r.Method+" "+r.Path]; ok {
			return http.StatusOK, body
		}
		return http.StatusNotFound, `{"code":"RESOURCE_NOT_FOUND","message":"Resource not found"}`
	}}
}

func (c *canned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	got := request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.Query()}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Error(err)
	}
	if len(body) > 0 {
		decode(c.t, body, &got.Body)
	}
	c.mu.Lock()
	c.seen = append(c.seen, got)
	c.mu.Unlock()
	status, answer := c.answer(got)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, answer)
}

// last returns the latest request.
func (c *canned) last() request {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) == 0 {
		c.t.Fatal("no request has arrived")
	}
	return c.seen[len(c.seen)-1]
}

// lines returns the requests in brief, such as "GET /users?limit=1".
func (c *canned) lines() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for _, r := range c.seen {
		line := r.Method + " " + r.Path
		if len(r.Query) > 0 {
			line += "?" + r.Query.Encode()
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// object decodes JSON with exact numbers, for comparison with a request's body.
func object(t *testing.T, text string) any {
	t.Helper()
	var v any
	decode(t, []byte(text), &v)
	return v
}
