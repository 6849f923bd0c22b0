package rest

import (
	"errors"
	"fmt"
)

// An argumentError is a value that cannot be sent; it names the argument.
type argumentError struct {
	name string
	err  error
}

func (e argumentError) Error() string { return fmt.Sprintf("argument %q: %v", e.name, e.err) }

// A stepError is a failure of one request of several; it says what that means for the whole.
type stepError struct {
	meaning string
	err     error
}

// Step returns err with what it means for a tool of several requests, such as "nothing was changed". It
// is for [tool.Func] tools; the text that err shows to callers stays behind the meaning. err must not be nil.
func Step(meaning string, err error) error { return stepError{meaning, err} }

func (e stepError) Error() string { return e.meaning + ": " + e.err.Error() }
func (e stepError) Unwrap() error { return e.err }

// PublicError puts the meaning before the text that the inner error shows to callers.
func (e stepError) PublicError() string { return e.meaning + ": " + publicText(e.err) }

// publicText returns what a caller may read of err.
func publicText(err error) string {
	var public interface{ PublicError() string }
	if errors.As(err, &public) {
		return public.PublicError()
	}
	return err.Error()
}
