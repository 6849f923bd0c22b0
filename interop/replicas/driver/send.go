package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// An unexpected is an answer that is not the one to a request that succeeds.
type unexpected struct {
	what         string
	status       int
	code, advice string // of a machine's answer; of a page
	body         string
}

func (e *unexpected) Error() string {
	return fmt.Sprintf("%s: %d %s %s: %.300s", e.what, e.status, e.code, e.advice, e.body)
}

// errLost is no answer at all.
var errLost = errors.New("no answer")

// newFlow begins with nothing, at replicas in turn from one on.
func (w *world) newFlow(from int) *flow {
	return &flow{w: w, at: w.inTurn(from), cookies: map[string]string{}}
}

// inTurn is each replica after the other.
func (w *world) inTurn(next int) func() int {
	return func() int {
		next++
		return (next - 1) % len(w.replicas)
	}
}

// others are the replicas but one, in turn. Who goes on with a disturbed step asks these, so that the next disturbance of the one is that of its step.
func (w *world) others(but int) func() int {
	next := w.inTurn(but + 1)
	return func() int {
		for {
			if i := next(); i != but {
				return i
			}
		}
	}
}

// only is one replica.
func only(i int) func() int { return func() int { return i } }

// An answer is a response that has been read.
type answer struct {
	*http.Response
	body string
}

// send sends a request to the next replica.
func (f *flow) send(ctx context.Context, method, path string, form url.Values, accept string) (answer, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, issuer+path, body)
	if err != nil {
		return answer{}, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept", accept)
	return f.sendTo(req)
}

func (f *flow) sendTo(req *http.Request) (answer, error) {
	resp, err := f.w.replicas[f.at()].do(req)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", errLost, err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", errLost, err)
	}
	return answer{resp, string(content)}, nil
}

const page, program = "text/html", "application/json"

var advice = regexp.MustCompile(`(?s)<h1>.*(start the connection again|Wait a minute)`)

// want judges a status. A refusal must say what it is: by a page that tells the user what to do, or by a code.
func want(what string, a answer, status int) error {
	if a.StatusCode == status {
		return nil
	}
	e := &unexpected{what: what, status: a.StatusCode, body: a.body}
	var members struct {
		Error string `json:"error"`
	}
	if json.Unmarshal([]byte(a.body), &members) == nil {
		e.code = members.Error
	} else if found := advice.FindStringSubmatch(a.body); found != nil {
		e.advice = found[1]
	}
	return e
}

// browse is a request of the browser.
func (f *flow) browse(ctx context.Context, method, path string, form url.Values) (answer, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, issuer+path, body)
	if err != nil {
		return answer{}, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", issuer)
	}
	req.Header.Set("Accept", page)
	for name, value := range f.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	a, err := f.sendTo(req)
	if err != nil {
		return a, err
	}
	for _, cookie := range a.Cookies() {
		if f.cookies[cookie.Name] = cookie.Value; cookie.MaxAge < 0 {
			delete(f.cookies, cookie.Name)
		}
	}
	return a, nil
}

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="request" value="([^"]*)">`)
	linkField   = regexp.MustCompile(`<a class="button main" href="([^"]*)">`)
)

func found(in *regexp.Regexp, a answer, into *string) error {
	words := in.FindStringSubmatch(a.body)
	if words == nil {
		return &unexpected{what: "a page without " + in.String(), status: a.StatusCode, body: a.body}
	}
	*into = html.UnescapeString(words[1])
	return nil
}
