package transport

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Serve serves hs on ln, with TLS where hs has a TLSConfig, until ctx ends, then shuts down in the order that loses no answer: end the
// long-lived streams of e, let requests finish for at most grace, close what is left of e, close the
// connections. A peer that does not take what is written loses its connection, see [BoundWrites] and [BoundAnswers]. The handler of hs must lead to e. It returns nil after an orderly shutdown. It closes
// ln, e and hs in any case.
func Serve(ctx context.Context, hs *http.Server, ln net.Listener, e *Endpoint, grace time.Duration) error {
	hs.RegisterOnShutdown(e.Drain)
	served := make(chan error, 1)
	bounded := BoundWrites(ln, e.cfg.WriteTimeout)
	if hs.Handler != nil {
		hs.Handler = BoundAnswers(hs.Handler, e.cfg.WriteTimeout)
	}
	go func() {
		if hs.TLSConfig != nil {
			served <- hs.ServeTLS(bounded, "", "") // the configuration has the certificate
			return
		}
		served <- hs.Serve(bounded)
	}()
	var failed error
	select {
	case failed = <-served:
		served <- failed
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	timedOut := hs.Shutdown(stop)
	closed := e.Close(stop)
	if timedOut != nil {
		_ = hs.Close() // its error is that of the listener, closed before
	}
	<-served
	if errors.Is(failed, http.ErrServerClosed) {
		failed = nil
	}
	return errors.Join(failed, closed)
}
