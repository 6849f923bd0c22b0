package safefetch

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
)

// A Document is a good answer.
type Document struct {
	Body   []byte      // JSON by its media type; nobody has parsed it
	Header http.Header // of the answer, those only: Content-Type, and Cache-Control, Age, Date, Expires for who caches it
}

// Get fetches a document from a URL that [Fetcher.CheckURL] accepts. It returns when the time of the configuration is over, when ctx ends, or when the
// Fetcher is closed, whichever is first. The error is one of [ErrRefused], [ErrBusy], [ErrUnavailable] and [ErrDocument].
func (f *Fetcher) Get(ctx context.Context, raw string) (*Document, error) {
	u, err := f.CheckURL(raw)
	if err != nil {
		return nil, err
	}
	if err := f.gate.enter(u.Hostname()); err != nil {
		return nil, about(raw, err)
	}
	defer f.gate.leave(u.Hostname())
	ctx, end := f.bound(ctx)
	defer end()
	doc, err := f.safely(ctx, u)
	if err != nil {
		return nil, about(raw, err)
	}
	return doc, nil
}

// bound gives ctx the end that the fetch has in any case.
func (f *Fetcher) bound(ctx context.Context) (context.Context, func()) {
	tooSlow := fmt.Errorf("it was not there within %s: %w", f.cfg.Timeout, context.DeadlineExceeded)
	ctx, cancelTimer := context.WithTimeoutCause(ctx, f.cfg.Timeout, tooSlow)
	ctx, cancel := context.WithCancelCause(ctx)
	forget := context.AfterFunc(f.life, func() { cancel(errClosed) })
	return ctx, func() {
		forget()
		cancel(nil)
		cancelTimer()
	}
}

// safely makes an error of a panic in the resolver or the dialer of the host.
func (f *Fetcher) safely(ctx context.Context, u *url.URL) (doc *Document, err error) {
	defer func() {
		if v := recover(); v != nil {
			doc, err = nil, fmt.Errorf("%w: panic: %T\n%s", ErrUnavailable, v, debug.Stack())
		}
	}()
	return f.fetch(ctx, u)
}

// fetch has a connection of its own, which ends with ctx and with it.
func (f *Fetcher) fetch(ctx context.Context, u *url.URL) (*Document, error) {
	conn, err := f.connect(ctx, u)
	if err != nil {
		return nil, err
	}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		_ = conn.Close()
	})
	defer func() {
		if _ = conn.Close(); !stop() {
			<-closed
		}
	}()
	secured, err := f.secure(ctx, conn, u.Hostname())
	if err != nil {
		return nil, err
	}
	return f.exchange(ctx, secured, u)
}

// secure has the server prove that it is host, whatever address was dialled.
func (f *Fetcher) secure(ctx context.Context, conn net.Conn, host string) (*tls.Conn, error) {
	secured := tls.Client(conn, &tls.Config{
		ServerName: host,
		RootCAs:    f.cfg.RootCAs,
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1"},
	})
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, unavailable(ctx, "secure the connection", err)
	}
	return secured, nil
}
