package zscaler_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/zscaler"
)

func mustToken(t *testing.T, c *zscaler.Client, want string) {
	t.Helper()
	token, err := c.Token(t.Context())
	if err != nil || token.Reveal() != testToken+want {
		t.Fatalf("token %q, error %v, want token %s", token.Reveal(), err, want)
	}
}

func TestSecretForm(t *testing.T) {
	f := &fake{}
	mustToken(t, newClient(t, f), "1")
	r := f.tokenRequests()[0]
	form, err := url.ParseQuery(r.body)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"client-1"}, "client_secret": {testSecret},
		"audience": {"https://api.zscaler.com"},
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Error(diff)
	}
	if r.header.Get("Accept") != "application/json" || r.header.Get("Authorization") != "" || r.header.Get("User-Agent") != "zscalermcp" {
		t.Error(r.header)
	}
}

// TestTokenLifetime looks just before and just after the early refresh of min(60 s, a tenth).
func TestTokenLifetime(t *testing.T) {
	for name, test := range map[string]struct {
		expires string
		refresh time.Duration
	}{
		"a day":          {`,"expires_in":86399`, 86339 * time.Second},
		"numeric string": {`,"expires_in":"7200"`, 7140 * time.Second},
		"one minute":     {`,"expires_in":60`, 54 * time.Second},
		"absent":         {``, 3540 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				f := &fake{token: func(n int, _ *http.Request) (*http.Response, error) {
					return reply(200, `{"access_token":"`+testToken+string(rune('0'+n))+`","token_type":"Bearer"`+test.expires+`}`), nil
				}}
				c := newClient(t, f)
				mustToken(t, c, "1")
				time.Sleep(test.refresh - time.Second)
				mustToken(t, c, "1")
				time.Sleep(2 * time.Second)
				mustToken(t, c, "2")
			})
		})
	}
}

func TestTokenSingleFlight(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{token: func(n int, r *http.Request) (*http.Response, error) {
			time.Sleep(5 * time.Second)
			return goodToken(n, r)
		}}
		c := newClient(t, f)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { mustToken(t, c, "1") })
		}
		// A caller who gives up leaves at once, and the flight goes on for the others.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, err := c.Token(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Error(err, time.Since(start))
		}
		wg.Wait()
		if n := len(f.tokenRequests()); n != 1 {
			t.Errorf("%d token requests", n)
		}
	})
}

// TestTokenFlightOutlivesItsFirstCaller: the one who started the flight gives up, the next call finds
// its result.
func TestTokenFlightOutlivesItsFirstCaller(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{token: func(n int, r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(5 * time.Second):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			return goodToken(n, r)
		}}
		c := newClient(t, f)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Token(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		time.Sleep(10 * time.Second)
		mustToken(t, c, "1")
		if n := len(f.tokenRequests()); n != 1 {
			t.Errorf("%d token requests", n)
		}
	})
}

func TestCloseEndsTheFlight(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		ended := false
		f := &fake{token: func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			ended = true
			return nil, r.Context().Err()
		}}
		c := newClient(t, f)
		go func() {
			if _, err := c.Token(t.Context()); err == nil {
				t.Error("a token after Close")
			}
		}()
		synctest.Wait()
		if err := c.Close(); err != nil || !ended {
			t.Error(err, ended)
		}
		if _, err := c.Token(t.Context()); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Error(err)
		}
	})
}

// TestWrongCredentials: never repeated, remembered for a moment, tried again after it.
func TestWrongCredentials(t *testing.T) {
	for _, status := range []int{400, 401, 403} {
		bubble.Test(t, func(t *testing.T) {
			f := &fake{token: replies(is(status, `{"error":"invalid_client","error_description":"no such client `+testSecret+`"}`))}
			c := newClient(t, f)
			for range 5 {
				_, err := c.Token(t.Context())
				e := (*zscaler.APIError)(nil)
				if !errors.As(err, &e) || e.Status != status || e.Code != "invalid_client" || e.Temporary() {
					t.Fatalf("%#v", err)
				}
				if !strings.Contains(err.Error(), "ZSCALER_CLIENT_ID") || strings.Contains(err.Error(), testSecret) {
					t.Error(err)
				}
			}
			if n := len(f.tokenRequests()); n != 1 {
				t.Errorf("status %d: %d token requests", status, n)
			}
			time.Sleep(4 * time.Second)
			f.token = nil
			if _, err := c.Token(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTokenEndpointFailuresAreRepeated(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{token: func(n int, r *http.Request) (*http.Response, error) {
			switch n {
			case 1:
				return reply(429, ``, "Retry-After", "5"), nil
			case 2:
				return reply(503, `<html>`), nil
			case 3:
				return nil, errors.New("connection reset")
			}
			return goodToken(n, r)
		}}
		mustToken(t, newClient(t, f), "4")
		r := f.tokenRequests()
		if d := r[1].at.Sub(r[0].at); d != 5*time.Second {
			t.Errorf("waited %v after 429", d)
		}
	})
}

// TestTokenRequestThatHangsIsRepeated: an endpoint that answers again is asked again soon, while it may still be silent to what it was asked before.
func TestTokenRequestThatHangsIsRepeated(t *testing.T) {
	for _, test := range []struct {
		silent time.Duration
		want   string
	}{{14 * time.Second, "1"}, {time.Hour, "2"}} {
		bubble.Test(t, func(t *testing.T) {
			f := &fake{token: func(n int, r *http.Request) (*http.Response, error) {
				if n > 1 {
					return goodToken(n, r)
				}
				select {
				case <-time.After(test.silent):
				case <-r.Context().Done():
					return nil, r.Context().Err()
				}
				return goodToken(n, r)
			}}
			start := time.Now()
			mustToken(t, newClient(t, f), test.want)
			if d := time.Since(start); d > 17*time.Second {
				t.Errorf("a token after %v", d)
			}
		})
	}
}

func TestTokenEndpointNonsense(t *testing.T) {
	for name, answer := range map[string]func() *http.Response{
		"HTML":     is(200, "<html>captive portal</html>"),
		"no token": is(200, `{"token_type":"Bearer"}`),
		"torn":     is(200, `{"access_token":"x`),
		"injected": is(200, `{"access_token":"x\r\nX-Evil: 1"}`),
		"redirect": is(302, ``, "Location", "https://evil.example/"),
	} {
		f := &fake{token: replies(answer)}
		_, err := newClient(t, f).Token(t.Context())
		e := (*zscaler.APIError)(nil)
		if !errors.As(err, &e) || e.Kind() != zscaler.KindBadAnswer || len(f.tokenRequests()) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEarlyRefreshFailure: while the old token holds, a token endpoint that is down harms nobody.
func TestEarlyRefreshFailure(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{token: replies(
			is(200, `{"access_token":"`+testToken+`1","expires_in":600}`), is(403, `{}`))}
		c := newClient(t, f)
		mustToken(t, c, "1")
		time.Sleep(570 * time.Second)
		mustToken(t, c, "1")
		mustToken(t, c, "1")
		if n := len(f.tokenRequests()); n != 2 {
			t.Errorf("%d token requests", n)
		}
		time.Sleep(40 * time.Second)
		if _, err := c.Token(t.Context()); err == nil {
			t.Error("an expired token is handed out")
		}
	})
}

func TestTokenOfDeadEndpointEnds(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fake{token: func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}}
		start := time.Now()
		_, err := newClient(t, f).Token(t.Context())
		e := (*zscaler.NetworkError)(nil)
		if !errors.As(err, &e) || e.Service != zscaler.TokenService || time.Since(start) > time.Minute {
			t.Error(err, time.Since(start))
		}
	})
}
