package zscaler_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/zscaler"
)

const (
	labels   = "/zia/api/v1/ruleLabels"
	segments = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/segmentGroup"
)

// gaps returns the time between the calls that the tenant saw.
func gaps(f *fake) []time.Duration {
	var out []time.Duration
	all := f.sent()
	for i := 1; i < len(all); i++ {
		out = append(out, all[i].at.Sub(all[i-1].at))
	}
	return out
}

// TestRateLimited takes the wait from where each service puts it, for a write, whose body must come
// whole again.
func TestRateLimited(t *testing.T) {
	reset := []string{"X-Ratelimit-Reset", "15", "X-Ratelimit-Remaining", "4999"}
	for name, test := range map[string]struct {
		path   string
		answer func() *http.Response
		want   time.Duration
	}{
		"ZIA":        {labels, is(429, `{"message":"Rate Limit (2/SECOND) exceeded","Retry-After":"1 seconds"}`, append(reset, "Retry-After", "3")...), 3 * time.Second},
		"ZIA body":   {labels, is(429, `{"message":"Rate Limit exceeded","Retry-After":"7 seconds"}`, reset...), 7 * time.Second},
		"ZIA zero":   {labels, is(429, `{"Retry-After":"0 seconds"}`), time.Second},
		"ZPA":        {segments, is(429, `{"id":"invalid.toomanyrequests","reason":"x"}`, append(reset, "Retry-After", "4s")...), 4 * time.Second},
		"ZCC header": {"/zcc/papi/public/v1/x", is(429, ``, append(reset, "X-Rate-Limit-Retry-After-Seconds", "9")...), 9 * time.Second},
		"ZCC reset":  {"/zcc/papi/public/v1/x", is(429, ``, reset...), 15 * time.Second},
		"ZDX":        {"/zdx/v1/analysis", is(429, ``), 2 * time.Second},
	} {
		bubble.Test(t, func(t *testing.T) {
			f := &fake{answer: replies(test.answer, is(200, `{}`))}
			req := &zscaler.Request{Method: "POST", Path: test.path, Body: json.RawMessage(`{"name":"a"}`)}
			if _, err := do(t, newClient(t, f), req); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff([]time.Duration{test.want}, gaps(f)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			if body := f.sent()[1].body; body != `{"name":"a"}` {
				t.Errorf("%s: second body %q", name, body)
			}
		})
	}
}

// TestLongWaitIsAnError: the caller is told at once instead of being kept.
func TestLongWaitIsAnError(t *testing.T) {
	for after, waits := range map[string]bool{"20": true, "21": false, "86400": false} {
		bubble.Test(t, func(t *testing.T) {
			start := time.Now()
			f := &fake{answer: replies(is(429, ``, "Retry-After", after), is(200, `[]`))}
			_, err := do(t, newClient(t, f), get(labels))
			if waits {
				if err != nil || time.Since(start) != 20*time.Second {
					t.Error(err, time.Since(start))
				}
				return
			}
			e := (*zscaler.APIError)(nil)
			if !errors.As(err, &e) || e.Kind() != zscaler.KindRateLimit || !e.Temporary() || time.Since(start) != 0 {
				t.Fatal(err, time.Since(start))
			}
			if !strings.Contains(err.Error(), "wait "+after+" seconds") {
				t.Error(err)
			}
		})
	}
}

// TestRetryTable says for every failure how often reads and writes are sent before one succeeds.
func TestRetryTable(t *testing.T) {
	lock := is(409, `{"code":"EDIT_LOCK_NOT_AVAILABLE"}`)
	for name, test := range map[string]struct {
		path                         string
		failure                      func() *http.Response
		reads, writes, safe, deletes int
	}{
		"edit lock":        {labels, lock, 2, 2, 2, 2},
		"ZTW edit lock":    {"/ztw/api/v1/location", lock, 2, 2, 2, 2},
		"foreign lock":     {segments, lock, 1, 1, 1, 1},
		"barrier":          {labels, is(412, `{"message":"Failed during enter Org barrier"}`), 2, 2, 2, 2},
		"duplicate":        {labels, is(409, `{"code":"DUPLICATE_ITEM","message":"enter org barrier"}`), 1, 1, 1, 1},
		"ZPA concurrent":   {segments, is(400, `{"id":"api.concurrent.access.error"}`), 2, 2, 2, 2},
		"ZPA bad request":  {segments, is(400, `{"id":"bad.request"}`), 1, 1, 1, 1},
		"403":              {labels, is(403, `{"code":"LIMIT_EXCEEDED"}`), 1, 1, 1, 1},
		"404":              {labels, is(404, `not found`), 1, 1, 1, 1},
		"408":              {labels, is(408, ``), 2, 1, 2, 1},
		"500":              {labels, is(500, ``), 2, 1, 2, 1},
		"502":              {labels, is(502, `<html>`), 2, 1, 2, 1},
		"503":              {labels, is(503, ``), 2, 1, 2, 1},
		"504":              {segments, is(504, ``), 2, 1, 2, 1},
		"501":              {labels, is(501, ``), 1, 1, 1, 1},
		"gateway 401":      {segments, is(401, `{"detail":"unauthorized","type":"","title":"","status":""}`), 2, 2, 2, 2},
		"unknown service":  {"/bi/api/v1/reports", is(429, ``), 2, 2, 2, 2},
		"GraphQL 200 fail": {"/zms/graphql", is(200, `{"errors":[{"message":"x"}],"data":null}`), 1, 1, 1, 1},
	} {
		for kind, want := range map[*zscaler.Request]int{
			{Method: "GET", Path: test.path}:                                           test.reads,
			{Method: "POST", Path: test.path, Body: json.RawMessage(`{}`)}:             test.writes,
			{Method: "PUT", Path: test.path, Body: json.RawMessage(`{}`)}:              test.deletes,
			{Method: "DELETE", Path: test.path}:                                        test.deletes,
			{Method: "POST", Path: test.path, Body: json.RawMessage(`{}`), Safe: true}: test.safe,
		} {
			bubble.Test(t, func(t *testing.T) {
				f := &fake{answer: replies(test.failure, is(200, `{}`))}
				_, err := do(t, newClient(t, f), kind)
				if got := len(f.sent()); got != want || (err == nil) != (want == 2) {
					t.Errorf("%s: %s (safe %v) sent %d times, want %d: %v", name, kind.Method, kind.Safe, got, want, err)
				}
			})
		}
	}
}

// TestUnauthorized: one new token, and no more than one.
func TestUnauthorized(t *testing.T) {
	f := &fake{answer: replies(is(401, `{"detail":"unauthorized"}`))}
	c := newClient(t, f)
	_, err := do(t, c, get(segments))
	e := (*zscaler.APIError)(nil)
	if !errors.As(err, &e) || e.Kind() != zscaler.KindCredentials || e.Attempts != 2 {
		t.Error(err)
	}
	all := f.sent()
	if len(all) != 2 || len(f.tokenRequests()) != 2 || all[0].header.Get("Authorization") == all[1].header.Get("Authorization") {
		t.Errorf("%d calls, %d tokens", len(all), len(f.tokenRequests()))
	}
	// The refused new token is kept: a service that refuses everybody costs one token a call.
	if _, err := do(t, c, get(segments)); err == nil || len(f.tokenRequests()) != 3 {
		t.Error(err, len(f.tokenRequests()))
	}
}

// TestSingleAttemptStillForgetsTheToken: where no attempt is left, the next call signs in anew.
func TestSingleAttemptStillForgetsTheToken(t *testing.T) {
	f := &fake{answer: replies(is(401, ``), is(200, `[]`))}
	c := newClient(t, f, func(cfg *zscaler.Config) { cfg.MaxAttempts = 1 })
	if _, err := do(t, c, get(segments)); err == nil {
		t.Error("a second attempt")
	}
	if _, err := do(t, c, get(segments)); err != nil || len(f.tokenRequests()) != 2 {
		t.Error(err, len(f.tokenRequests()))
	}
}

// TestLostSession: ZIA forgets its session while the token is good.
func TestLostSession(t *testing.T) {
	lost := is(401, `{"code":"SESSION_NOT_VALID","message":"x"}`)
	bubble.Test(t, func(t *testing.T) {
		f := &fake{answer: replies(lost, lost, lost, is(200, `[]`))}
		if _, err := do(t, newClient(t, f), get(labels)); err != nil {
			t.Error(err)
		}
		want := []time.Duration{2 * time.Second, 2 * time.Second, 2 * time.Second}
		if diff := cmp.Diff(want, gaps(f)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestLateRefusalKeepsNewToken: two calls carry the old token; the second refusal must not drop the
// token that the first one fetched.
func TestLateRefusalKeepsNewToken(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{}
		f.answer = func(n int, r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.Header.Get("Authorization"), "-1") {
				time.Sleep(time.Duration(n) * time.Second)
				return reply(401, ``), nil
			}
			return reply(200, `[]`), nil
		}
		c := newClient(t, f)
		done := make(chan error, 2)
		for range 2 {
			go func() { _, err := c.Do(t.Context(), get(segments)); done <- err }()
		}
		if err := errors.Join(<-done, <-done); err != nil {
			t.Error(err)
		}
		if n := len(f.tokenRequests()); n != 2 {
			t.Errorf("%d token requests", n)
		}
	})
}

func TestTransportFailures(t *testing.T) {
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	for name, test := range map[string]struct {
		err   error
		write bool
		want  int
	}{
		"read, dial":   {dial, false, 2},
		"read, reset":  {reset, false, 2},
		"write, dial":  {dial, true, 2},
		"write, reset": {reset, true, 1},
	} {
		bubble.Test(t, func(t *testing.T) {
			f := &fake{answer: func(n int, _ *http.Request) (*http.Response, error) {
				if n == 1 {
					return nil, test.err
				}
				return reply(200, `{}`), nil
			}}
			req := get(labels)
			if test.write {
				req = &zscaler.Request{Method: "DELETE", Path: labels + "/7"}
			}
			_, err := do(t, newClient(t, f), req)
			if len(f.sent()) != test.want || (err == nil) != (test.want == 2) {
				t.Errorf("%s: sent %d times: %v", name, len(f.sent()), err)
			}
			if e := (*zscaler.NetworkError)(nil); err != nil && (!errors.As(err, &e) || !e.Sent || !strings.Contains(err.Error(), "may have been made")) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{answer: replies(is(503, ``))}
		_, err := do(t, newClient(t, f), get(labels))
		e := (*zscaler.APIError)(nil)
		if !errors.As(err, &e) || e.Attempts != 4 || len(f.sent()) != 4 {
			t.Error(err, len(f.sent()))
		}
		for i, gap := range gaps(f) {
			full := time.Second << i
			if gap > full || gap < full*3/4 {
				t.Errorf("wait %d is %v", i, gap)
			}
		}
	})
}

// TestCancelEndsTheWait and the total deadline end a call without another attempt.
func TestCancelEndsTheWait(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{answer: replies(is(429, ``, "Retry-After", "10"))}
		c := newClient(t, f)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		_, err := c.Do(ctx, get(labels))
		if !errors.Is(err, context.Canceled) || time.Since(start) != 3*time.Second || len(f.sent()) != 1 {
			t.Error(err, time.Since(start))
		}
		// A wait that the deadline would cut short is not begun.
		ctx, cancel = context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start = time.Now()
		_, err = c.Do(ctx, get(labels))
		if e := (*zscaler.APIError)(nil); !errors.As(err, &e) || time.Since(start) != 0 {
			t.Error(err, time.Since(start))
		}
	})
}

func TestTotalTimeout(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{answer: func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}}
		start := time.Now()
		_, err := do(t, newClient(t, f), get(labels))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 2*time.Minute {
			t.Error(err, time.Since(start))
		}
	})
}
