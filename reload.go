package zscalermcp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/org/zscalermcp/auth"
)

// Reload reads again what can change while the server runs: the Authenticator's files, where it is an [auth.Reloader]; the API key, the lists of hosts, source
// addresses and origins of the environment and their files; the certificate, its key, and the authorities of clients. Requests go on meanwhile. What cannot be
// read, or is wrong, stays as it was, and the error says so of each; the others are replaced.
func (s *Server) Reload() error {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	if s.closed.Load() {
		return ErrClosed
	}
	var errs []error
	if r, ok := s.cfg.auth.(auth.Reloader); ok {
		errs = append(errs, r.Reload())
	}
	if s.cfg.rekey != nil {
		errs = append(errs, s.cfg.rekey())
	}
	if s.files != nil {
		errs = append(errs, s.files.Reload())
	}
	err := errors.Join(append(errs, s.reloadLists())...)
	s.reloaded.Store(&reload{at: time.Now(), err: err})
	return err
}

// reloadLists replaces the lists of the environment, each for itself.
func (s *Server) reloadLists() error {
	given, current := s.cfg.given, *s.lists.Load()
	err := errors.Join(
		s.reloadList("ZSCALER_MCP_ALLOWED_HOSTS", given.hosts, &current.hosts, true, func(hosts ...string) error { return s.defences.hosts.Set(hosts...) }),
		s.reloadList("ZSCALER_MCP_ALLOWED_SOURCE_IPS", given.sources, &current.sources, true, func(sources ...string) error { return s.defences.sources.Set(sources...) }),
		s.reloadList("ZSCALER_MCP_ALLOWED_ORIGINS", given.origins, &current.origins, false, s.setOrigins),
	)
	s.lists.Store(&current)
	return err
}

// setOrigins replaces the origins by what New would have taken too.
func (s *Server) setOrigins(origins ...string) error {
	if s.cfg.openToPages(origins) {
		return errOpenToPages
	}
	return s.endpoint.Origins().Set(origins...)
}

// reloadList replaces a list unless an option has given it. One that restricts can neither begin nor end while the server runs: its end would admit everyone, and
// who has a typing error in its name would not notice.
func (s *Server) reloadList(variable string, given []string, current *[]string, restricts bool, set func(...string) error) error {
	if given != nil {
		return nil
	}
	e := &env{lookup: s.cfg.lookup}
	next := e.entries(variable)
	err := errors.Join(e.errs...)
	switch {
	case err != nil:
	case restricts && (len(*current) == 0) != (len(next) == 0):
		return fmt.Errorf("%s: such a list begins or ends only at the next start", variable)
	case restricts && len(next) == 0:
		return nil
	default:
		err = set(next...)
	}
	if err != nil {
		return fmt.Errorf("%s stays as it was: %w", variable, err)
	}
	*current = next
	return nil
}

// reloadChanged follows a change of a file.
func (s *Server) reloadChanged() {
	if err := s.Reload(); err != nil {
		s.cfg.logger.Error("files have changed; what is wrong stays as it was, and the rest was read again", "error", strings.ReplaceAll(err.Error(), "\n", "; "))
		return
	}
	s.cfg.logger.InfoContext(context.Background(), "files have changed, and were read again")
}

// paths are the files that are read again when they change. The Authenticator looks at its own.
func (c *config) paths() []string {
	paths := append(c.listPaths(), c.keyPaths()...)
	if c.tls != nil {
		for _, path := range []string{c.tls.CertFile, c.tls.KeyFile, c.tls.ClientCAFile} {
			if path != "" {
				paths = append(paths, path)
			}
		}
	}
	return paths
}
