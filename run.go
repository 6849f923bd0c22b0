package zscalermcp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/org/zscalermcp/transport"
)

// Time limits of Run's HTTP server. There is no write timeout: answers are streams.
const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	lookupTimeout     = 5 * time.Second
)

// Run serves [Server.Handler] on the address of [WithListen] until ctx is done, then drains, lets calls
// in flight finish within [Limits].Grace, and closes the server. It logs "listening" with the URL. Only
// loopback addresses are served. It returns nil after an orderly end. In mode authorization-server of the environment it then asks the
// public addresses once, in the background, and logs what [Server.Doctor] has found.
func (s *Server) Run(ctx context.Context) (err error) {
	defer func() {
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
	ln, err := listenLoopback(ctx, s.cfg.listen)
	if err != nil {
		return err
	}
	address := url.URL{Scheme: "http", Host: ln.Addr().String(), Path: s.public.Path}
	posture := s.Posture()
	posture.Transport = "streamable-http"
	s.cfg.logger.InfoContext(ctx, "listening", "url", address.String(), "posture", posture)
	if s.cfg.selfCheck != nil {
		s.cfg.selfCheck() // goes on in the background, and ends with Close
	}
	hs := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(s.cfg.logger.Handler(), slog.LevelWarn),
	}
	return transport.Serve(ctx, hs, ln, s.endpoint, s.cfg.limits.Grace)
}

// CheckRun reports what would keep [Server.Run] from serving: callers who could not authenticate, an identity provider that is not
// the one that is configured, or an address that is not loopback. It looks the address up and opens no port. An identity
// provider that does not answer is among the warnings of [Server.Posture] from then on.
func (s *Server) CheckRun(ctx context.Context) error {
	_, authErr := s.Handler()
	_, listenErr := loopback(ctx, s.cfg.listen)
	warning, discoverErr := s.discover(ctx)
	s.unreached.Store(&warning)
	return errors.Join(authErr, discoverErr, listenErr)
}

// checkListen checks the form of a host:port address.
func checkListen(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("listen address: %w; write it as host:port, for example 127.0.0.1:8000", err)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > 65535 {
		return fmt.Errorf("listen address %q: the port must be 0 to 65535", address)
	}
	return nil
}

// loopback returns address with its host resolved, if that is loopback: it is judged by what it
// resolves to, not by its spelling.
func loopback(ctx context.Context, address string) (string, error) {
	if err := checkListen(address); err != nil {
		return "", fmt.Errorf("zscalermcp: %w", err)
	}
	host, port, _ := net.SplitHostPort(address)
	if host == "" {
		return "", errNotLoopback(address, "no host means every interface")
	}
	lookup, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	addrs, err := net.DefaultResolver.LookupNetIP(lookup, "ip", host)
	if err != nil {
		return "", fmt.Errorf("zscalermcp: listen address: %w", err)
	}
	for _, addr := range addrs {
		if !addr.Unmap().IsLoopback() {
			return "", errNotLoopback(address, "it resolves to "+addr.String())
		}
	}
	return net.JoinHostPort(addrs[0].String(), port), nil
}

// listenLoopback binds the address that loopback has judged, so that a second look-up cannot differ.
func listenLoopback(ctx context.Context, address string) (net.Listener, error) {
	resolved, err := loopback(ctx, address)
	if err != nil {
		return nil, err
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", resolved)
	if err != nil {
		return nil, fmt.Errorf("zscalermcp: %w; another process may use the port: choose another one, or 0 for any", err)
	}
	return ln, nil
}

func errNotLoopback(address, why string) error {
	return fmt.Errorf("zscalermcp: listen address %q is not loopback (%s); Run serves loopback only: use 127.0.0.1, "+
		"and put a TLS server in front, or mount the Handler on one of your own", address, why)
}
