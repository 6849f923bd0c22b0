package safefetch

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/lexical"
)

// The kinds of failure, for [errors.Is].
var (
	ErrRefused     = errors.New("the address is refused")               // its URL, its host or what that resolves to; nothing was connected
	ErrBusy        = errors.New("too many documents are being fetched") // in all, or from this host; try again
	ErrUnavailable = errors.New("the document is unavailable")          // network, TLS, time, a status of 5xx or 429, a closed Fetcher; try again later
	ErrDocument    = errors.New("the answer is no document")            // its status, its type or its size
)

var errClosed = errors.New("the fetcher is closed")

// about says which URL an error is about.
func about(raw string, err error) error {
	return fmt.Errorf("safefetch: %s: %w", lexical.Plain(address.Shown(raw)), err)
}

// refused, noDocument and unavailable make errors of their kinds.
func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrRefused, fmt.Errorf(format, args...))
}

func noDocument(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrDocument, fmt.Errorf(format, args...))
}

// unavailable has the reason why ctx ended, if it did: what failed then, failed for that.
func unavailable(ctx context.Context, doing string, err error) error {
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, doing, cleaned{err})
}

// cleaned is an error with a text fit for a log: certificates and name servers put what strangers wrote into theirs.
type cleaned struct{ error }

func (c cleaned) Error() string { return lexical.Plain(c.error.Error()) }
func (c cleaned) Unwrap() error { return c.error }
