package auth_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

func sortedNames(members map[string]any) []string { return slices.Sorted(maps.Keys(members)) }

// flood sends total requests with this key in ten seconds, from several callers at once.
func flood(h http.Handler, key string, total int) {
	const steps, callers = 100, 4
	for range steps {
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				w, r := sink{http.Header{}}, bearing(key)
				for range total / steps / callers {
					h.ServeHTTP(w, r)
				}
			})
		}
		all.Wait()
		time.Sleep(100 * time.Millisecond)
	}
}

// R151: a flood of refusals, or of admissions, cannot fill a disk; none of them goes uncounted, and neither hides the other.
func TestAuditFlood(t *testing.T) {
	for name, test := range map[string]struct {
		key, other       string
		burst, inASecond int
	}{
		"refusals":   {otherKey, goodKey, 100, 5},
		"admissions": {goodKey, otherKey, 5000, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const total = 100_000
				var c recorder
				h := c.guard(newKeys(t, auth.APIKey{Key: goodKey}), func(http.ResponseWriter, *http.Request) {})
				flood(h, test.key, total)
				written, counted := len(c.all()), 0
				if most := test.burst + 10*test.inASecond; written > most || written < test.burst {
					t.Errorf("%d events for %d requests in 10 seconds, want %d to %d", written, total, test.burst, most)
				}
				h.ServeHTTP(httptest.NewRecorder(), bearing(test.other))
				if e := c.last(t); len(c.all()) != written+1 || e.Suppressed != 0 {
					t.Errorf("the other kind in the flood: %+v", e)
				}
				time.Sleep(time.Second)
				h.ServeHTTP(httptest.NewRecorder(), bearing(test.key))
				for _, e := range c.all() {
					counted += 1 + e.Suppressed
				}
				if counted != total+2 {
					t.Errorf("%d requests are accounted for, want %d", counted, total+2)
				}
				if lines := strings.Count(c.log.String(), "\n"); lines != len(c.all()) {
					t.Errorf("%d lines of log for %d events", lines, len(c.all()))
				}
				if got := c.last(t).Suppressed; got == 0 || !strings.Contains(c.log.String(), `"suppressed":`) {
					t.Errorf("the last event says %d", got)
				}
			})
		})
	}
}

// R151: at one instant the burst is written and no more, and the next event says how many were not.
func TestAuditBurst(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var c recorder
		h := c.guard(newKeys(t, auth.APIKey{Key: goodKey}), func(http.ResponseWriter, *http.Request) {})
		for range 10_000 {
			h.ServeHTTP(sink{http.Header{}}, bearing(otherKey))
		}
		if got := len(c.all()); got != 100 {
			t.Errorf("%d events", got)
		}
		time.Sleep(200 * time.Millisecond) // one of five in a second
		for range 10 {
			h.ServeHTTP(sink{http.Header{}}, bearing(otherKey))
		}
		if e := c.last(t); len(c.all()) != 101 || e.Suppressed != 9_900 {
			t.Errorf("%d events, the last one %+v", len(c.all()), e)
		}
		time.Sleep(time.Minute)
		h.ServeHTTP(sink{http.Header{}}, bearing(otherKey))
		h.ServeHTTP(sink{http.Header{}}, bearing(otherKey))
		if all := c.all(); len(all) != 103 || all[101].Suppressed != 9 || all[102].Suppressed != 0 {
			t.Errorf("%d events, the last ones %+v", len(all), all[101:])
		}
	})
}

// Refused callers are answered alike in a flood, written or not.
func TestAnswersInAFlood(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var c recorder
		h := c.guard(newKeys(t, auth.APIKey{Key: goodKey}), func(http.ResponseWriter, *http.Request) {})
		for range 1000 {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, bearing(otherKey))
			if w.Code != http.StatusUnauthorized || w.Header().Get("X-Request-Id") == "" || w.Header().Get("Www-Authenticate") == "" {
				t.Fatalf("%d %v", w.Code, w.Header())
			}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, bearing(goodKey))
		if w.Code != http.StatusOK {
			t.Errorf("a good key in the flood: %d", w.Code)
		}
	})
}

// A log that wants no admissions gets none, and the sink has them all the same.
func TestAuditWithoutDebugLog(t *testing.T) {
	var logs logBuffer
	var c recorder
	a := newKeys(t, auth.APIKey{Key: goodKey})
	quiet := slog.New(slog.NewJSONHandler(&logs, nil))
	for _, audit := range []func(context.Context, auth.Event){c.audit, nil} {
		h := auth.Middleware(a, auth.MiddlewareConfig{Logger: quiet, Audit: audit})(http.HandlerFunc(whoAmI))
		for _, r := range []*http.Request{bearing(goodKey), sentFrom("203.0.113.9:1"), bearing(otherKey)} {
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	var reasons []string
	for _, e := range c.all() {
		reasons = append(reasons, e.Reason)
	}
	if want := []string{"admitted", auth.ReasonNoCredential, auth.ReasonInvalid}; !slices.Equal(reasons, want) {
		t.Errorf("the sink has %v, want %v", reasons, want)
	}
	if got := strings.Count(logs.String(), "\n"); got != 2 || strings.Contains(logs.String(), "admitted") {
		t.Errorf("%d lines: %s", got, logs.String())
	}
}
