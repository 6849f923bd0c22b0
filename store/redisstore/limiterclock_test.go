package redisstore_test

import (
	"testing"
	"time"
)

// R154, D90: a server whose clock is set back makes nobody wait longer than an empty bucket does.
func TestLimiterWhenTheClockIsSetBack(t *testing.T) {
	mini, s := newStopped(t)
	take := func() time.Duration {
		t.Helper()
		wait, err := s.Limiter().Take(t.Context(), "k", 1, 3)
		if err != nil {
			t.Fatal(err)
		}
		return wait
	}
	for range 3 {
		take()
	}
	mini.now = mini.now.Add(-time.Hour)
	mini.SetTime(mini.now)
	if wait := take(); wait > time.Second {
		t.Errorf("after the clock was set back by an hour, one must wait %s", wait)
	}
	mini.advance(2 * time.Second)
	if wait := take(); wait != 0 {
		t.Errorf("two seconds later one must wait %s", wait)
	}
}

// R154: a limit that was raised counts at once, whatever a bucket owes by the old one.
func TestLimiterWhoseRateIsRaised(t *testing.T) {
	_, s := newStopped(t)
	for range 3 {
		if _, err := s.Limiter().Take(t.Context(), "k", 0.001, 3); err != nil {
			t.Fatal(err)
		}
	}
	if wait, err := s.Limiter().Take(t.Context(), "k", 10, 3); err != nil || wait > 100*time.Millisecond {
		t.Errorf("%s, %v", wait, err)
	}
}
