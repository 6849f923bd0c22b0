package zscaler_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/zscaler"
)

// TestAdvice: every failure tells what to do next, and a write of unknown outcome is never called undone.
func TestAdvice(t *testing.T) {
	for _, test := range []struct {
		err       interface{ Advice() string }
		want      string
		temporary bool
	}{
		{&zscaler.APIError{Status: 429, RetryAfter: 1500 * time.Millisecond}, "wait 2 seconds", true},
		{&zscaler.APIError{Status: 429, RetryAfter: time.Second}, "wait 1 second,", true},
		{&zscaler.APIError{Status: 429}, "wait a minute", true},
		{&zscaler.APIError{Status: 401}, "may use this service", false},
		{&zscaler.APIError{Status: 403}, "role", false},
		{&zscaler.APIError{Status: 404}, "list the objects", false},
		{&zscaler.APIError{Status: 400}, "Correct the arguments", false},
		{&zscaler.APIError{Status: 409}, "read the object", false},
		{&zscaler.APIError{Service: zscaler.ZIA, Status: 409, Code: "EDIT_LOCK_NOT_AVAILABLE"}, "nothing was changed", true},
		{&zscaler.APIError{Status: 503}, "try again in a minute", true},
		{&zscaler.APIError{Status: 503, Write: true}, "may have been made", true},
		{&zscaler.APIError{Status: 302}, "gateway and cloud settings", false},
		{&zscaler.APIError{Service: zscaler.TokenService, Status: 401}, "ZSCALER_CLIENT_SECRET", false},
		{&zscaler.APIError{Service: zscaler.TokenService, Status: 404}, "ZSCALER_VANITY_DOMAIN", false},
		{&zscaler.APIError{Service: zscaler.TokenService, Status: 500}, "token endpoint failed", true},
		{&zscaler.APIError{Service: zscaler.TokenService, Status: 302}, "no usable token", false},
		{&zscaler.NetworkError{Err: errors.New("x")}, "Nothing was changed", true},
		{&zscaler.NetworkError{Err: errors.New("x"), Write: true}, "Nothing was changed", true},
		{&zscaler.NetworkError{Err: errors.New("x"), Write: true, Sent: true}, "may have been made", true},
		{&zscaler.LimitError{RetryAfter: 36 * time.Second}, "36 seconds", true},
	} {
		err := test.err.(interface {
			error
			Temporary() bool
		})
		if !strings.Contains(test.err.Advice(), test.want) || !strings.HasSuffix(err.Error(), test.err.Advice()) {
			t.Errorf("%v", err)
		}
		if err.Temporary() != test.temporary {
			t.Errorf("temporary %v: %v", err.Temporary(), err)
		}
	}
}

func TestDoerInContext(t *testing.T) {
	if _, err := zscaler.DoerFromContext(t.Context()); err == nil || !strings.Contains(err.Error(), "ContextWithDoer") {
		t.Error(err)
	}
	c := newClient(t, &fake{})
	got, err := zscaler.DoerFromContext(zscaler.ContextWithDoer(context.Background(), c))
	if err != nil || got != c {
		t.Error(got, err)
	}
}
