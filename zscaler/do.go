package zscaler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Do implements [Doer]. It waits for the service's request rate, obtains a token, serialises changes
// that the service cannot take at once, and repeats what is safe to repeat: any call that was refused
// for its rate, its edit lock or its token, and after failures of unknown outcome only GET and
// requests marked Safe. PUT and DELETE are not repeated then: a second DELETE would report a success as
// not found. Errors are [*APIError], [*NetworkError], [*LimitError] or [*ConfigError]; anything else is
// a mistake in req.
func (c *Client) Do(ctx context.Context, req *Request) (*Response, error) {
	call, err := c.prepare(req)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if lock := c.lockOf(call); lock != nil {
		select {
		case lock <- struct{}{}:
			defer func() { <-lock }()
		case <-ctx.Done():
			return nil, call.notSent(c.gateway.Host, fmt.Errorf("waiting for another change of this tenant: %w", ctx.Err()))
		}
	}
	return c.attempts(ctx, call)
}

// lockOf returns the lock that the call must hold, nil for none.
func (c *Client) lockOf(call *call) chan struct{} {
	if !call.write || call.policy.lock == nil {
		return nil
	}
	return c.locks[call.policy.lock(call.req.Path)]
}

// attempts sends the call until it succeeds or must not be repeated.
func (c *Client) attempts(ctx context.Context, call *call) (*Response, error) {
	logins := 0
	for n := 1; ; n++ {
		token, err := c.ready(ctx, call)
		if err != nil {
			return nil, err
		}
		resp, err := c.attempt(ctx, call, token, n)
		if err == nil {
			return resp, nil
		}
		wait, again := retry(call, err, n)
		if refused := unauthorized(err); refused != nil {
			wait, again = relogin(call, refused, logins)
			if again || logins == 0 { // a new token that is refused too is no worse than the next
				c.tokens.invalidate(token)
			}
			logins++
		}
		if !again || n >= c.maxAttempts || wait > c.maxWait || !fits(ctx, wait) {
			return nil, err
		}
		if stopped := sleep(ctx, wait); stopped != nil {
			return nil, fmt.Errorf("%w (stopped while waiting to call again: %w)", err, stopped)
		}
	}
}

// ready waits until the call may be sent and returns the token to send it with.
func (c *Client) ready(ctx context.Context, call *call) (string, error) {
	err := c.limits.wait(ctx, call)
	var token string
	if err == nil {
		token, err = c.tokens.get(ctx)
	}
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = call.notSent(c.gateway.Host, err)
	}
	return token, err
}

// notSent is the error of a call that ended before it was sent.
func (c *call) notSent(host string, err error) *NetworkError {
	return &NetworkError{
		Service: c.service(), Method: c.req.Method, Path: c.req.Path, Write: c.write, Host: host, Err: err,
	}
}

// attempt sends the call once and judges the answer.
func (c *Client) attempt(ctx context.Context, call *call, token string, n int) (*Response, error) {
	r, err := c.httpRequest(ctx, call, token)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	resp, err := c.http.Do(r)
	if err != nil {
		c.record(ctx, call, n, start, nil)
		return nil, call.transportError(c.gateway.Host, err, n)
	}
	defer resp.Body.Close()
	body, size := readBody(resp.Body, c.maxBody)
	c.record(ctx, call, n, start, resp)
	answer, failure := call.judge(resp, body, size)
	if failure != nil {
		failure.scrub(token, redacted)
		failure.scrub(c.credentials.CustomerID, "{"+CustomerID+"}")
		failure.scrub(c.credentials.ZCellCustomerID, "{"+ZCellCustomerID+"}")
		failure.Service, failure.Method, failure.Path = call.service(), call.req.Method, call.req.Path
		failure.Write, failure.Attempts = call.write, n
		failure.RequestID = clean(resp.Header.Get("X-Oneapi-Request-Id"))
		return nil, failure
	}
	if size != nil && !errors.Is(size, errTooLarge) {
		return nil, call.transportError(c.gateway.Host, size, n)
	}
	return answer, nil
}

// record logs an attempt, and tells the observer of ctx: the path as declared, without query, body and credentials.
func (c *Client) record(ctx context.Context, call *call, n int, start time.Time, resp *http.Response) {
	attrs := []slog.Attr{
		slog.String("service", string(call.service())), slog.String("method", call.req.Method),
		slog.String("path", call.req.Path), slog.Int("attempt", n),
		slog.Duration("duration", time.Since(start)),
	}
	if resp != nil {
		attrs = append(attrs, slog.Int("status", resp.StatusCode),
			slog.String("request_id", clean(resp.Header.Get("X-Oneapi-Request-Id"))))
	}
	c.log.LogAttrs(ctx, slog.LevelDebug, "oneapi call", attrs...)
	if observe, ok := ctx.Value(observerKey{}).(func(Exchange)); ok {
		x := Exchange{Service: call.service(), Method: call.req.Method, Attempt: n, Duration: time.Since(start)}
		if resp != nil {
			x.Status, x.RequestID = resp.StatusCode, clean(resp.Header.Get("X-Oneapi-Request-Id"))
		}
		observe(x)
	}
}
