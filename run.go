package zscalermcp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/org/zscalermcp/transport"
)

const (
	lookupTimeout = 5 * time.Second
	watchInterval = 10 * time.Second
)

// Run serves [Server.Handler] on the address of [WithListen] until ctx is done. Then it is not ready for [Limits].DrainDelay, so that load balancers send
// elsewhere, refuses what is new, lets calls in flight finish within [Limits].Grace, and closes the server. It logs "listening" with the URL. Other addresses
// than loopback need [WithTLS] or [InsecureAllowHTTP]. Files of certificates, keys and lists are read again when they change, see [Server.Reload]. It returns nil
// after an orderly end. In mode authorization-server of the environment it also asks the public addresses once, in the background, and logs what
// [Server.Doctor] has found.
func (s *Server) Run(ctx context.Context) (err error) {
	served := false
	defer func() {
		if served { // the endpoint is closed, and what did not end in its time is not waited for once more
			s.closed.Store(true)
			err = errors.Join(err, s.closeAll())
			return
		}
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.limits.Grace)
		defer cancel()
		err = errors.Join(err, s.Close(closing))
	}()
	handler, err := s.Handler()
	if err != nil {
		return err
	}
	if _, err := s.discover(ctx); err != nil {
		return err
	}
	at, err := s.bind(ctx)
	if err != nil {
		return err
	}
	if s.defences.hosts == nil && !s.cfg.anyHost && at.reach == fromNetwork {
		if err := s.endpoint.Hosts().SetDefaults(at.names()...); err != nil {
			return fmt.Errorf("zscalermcp: listen address %q: %w", at.addr, err)
		}
	}
	ln, err := at.listen(ctx)
	if err != nil {
		return err
	}
	hs := s.httpServer(handler)
	s.announce(ctx, hs, ln.Addr().String())
	go s.entitlements() // Close waits for it
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()
	background.Go(func() { s.drainAtEnd(ctx, serving); stop() })
	background.Go(func() { s.watched.Run(serving, watchInterval, s.reloadChanged) })
	served = true
	return transport.Serve(serving, hs, transport.BoundConnections(ln, s.cfg.limits.Connections, s.cfg.logger), s.endpoint, s.cfg.limits.Grace)
}

// drainAtEnd waits for the end of ctx, and then until load balancers have seen that the server is not ready. It returns early when serving ends by itself.
func (s *Server) drainAtEnd(ctx, serving context.Context) {
	select {
	case <-serving.Done():
		return
	case <-ctx.Done():
	}
	s.cfg.logger.Info("ending: not ready any more", "accepting_for", s.cfg.limits.DrainDelay.String(), "then_waiting_for_calls_for", s.cfg.limits.Grace.String())
	s.Drain()
	select {
	case <-serving.Done():
	case <-time.After(s.cfg.limits.DrainDelay):
	}
}

// httpServer has time limits for all that strangers send. There is no write timeout: answers are streams.
func (s *Server) httpServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, TLSConfig: s.tlsConfig(), ReadHeaderTimeout: s.cfg.limits.HeaderTime, IdleTimeout: s.cfg.limits.ConnectionIdle, MaxHeaderBytes: s.cfg.limits.HeaderBytes,
		ErrorLog: newServerLog(s.cfg.logger), DisableGeneralOptionsHandler: true, // which would wait for a body for ever
	}
}

// announce says where the server is, and what is on and off.
func (s *Server) announce(ctx context.Context, hs *http.Server, addr string) {
	address := url.URL{Scheme: "http", Host: addr, Path: s.public.Path}
	if hs.TLSConfig != nil {
		address.Scheme = "https"
	}
	posture := s.Posture()
	if posture.Transport = transportHTTP; s.cfg.sseOnly {
		posture.Transport = transportSSE
	}
	more := []any{"url", address.String()}
	if s.public.Host != "" {
		more = append(more, "public_url", s.public.String())
	}
	s.cfg.logger.InfoContext(ctx, "listening", append(more, "posture", posture)...)
	if s.cfg.selfCheck != nil {
		s.cfg.selfCheck() // goes on in the background, and ends with Close
	}
}

// CheckRun reports what would keep [Server.Run] from serving: callers who could not authenticate, an identity provider that is not
// the one that is configured, or an address that may not be served. It looks the address up and opens no port. An identity
// provider that does not answer is among the warnings of [Server.Posture] from then on.
func (s *Server) CheckRun(ctx context.Context) error {
	_, authErr := s.Handler()
	_, listenErr := s.bind(ctx)
	warning, discoverErr := s.discover(ctx)
	s.unreached.Store(&warning)
	return errors.Join(authErr, discoverErr, listenErr)
}

// bind is where Run listens, if it may.
func (s *Server) bind(ctx context.Context) (bind, error) {
	at, err := lookUp(ctx, s.cfg.listen)
	if err == nil {
		err = s.judge(at)
	}
	return at, err
}
