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

// reloadLists replaces the lists whose entries are all good.
func (s *Server) reloadLists() error {
	e := &env{lookup: s.cfg.lookup}
	read := s.cfg.listsFromEnv(e)
	if len(e.errs) > 0 {
		return fmt.Errorf("the lists of hosts, source addresses and origins stay as they were: %w", errors.Join(e.errs...))
	}
	return s.adopt(read)
}

// reloadChanged follows a change of a file.
func (s *Server) reloadChanged() {
	if err := s.Reload(); err != nil {
		s.cfg.logger.Error("a file has changed, but is not read: what was there before stays in force", "error", strings.ReplaceAll(err.Error(), "\n", "; "))
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
