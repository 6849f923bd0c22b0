package tlsfiles

import (
	"cmp"
	"crypto/tls"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Files are a certificate with its key, and maybe the CAs of clients, as they were last read. All methods are safe for concurrent use.
type Files struct {
	cfg      Config
	log      *slog.Logger
	reading  sync.Mutex // held while files are read, so that what is newer stays
	current  atomic.Pointer[material]
	reminded atomic.Int64 // when the log was last told of what ends, in Unix nanoseconds
}

// New reads the files of cfg. The error names every mistake, each an [auth.ConfigError], and holds nothing of a key or password. What is worth a
// warning is in [Info]; the log is told of it at the first handshake and by Reload.
func New(cfg Config) (*Files, error) {
	m, err := load(cfg, time.Now())
	if err != nil {
		return nil, err
	}
	f := &Files{cfg: cfg, log: cmp.Or(cfg.Logger, slog.Default())}
	f.current.Store(m)
	return f, nil
}

// Reload reads the files again, changed or not, for connections that begin from now on. After an error, which is like that of New, everything
// stays as it was; so it does while a pair is half replaced, and the next call finds the other half. Open connections go on.
func (f *Files) Reload() error {
	f.reading.Lock()
	defer f.reading.Unlock()
	m, err := load(f.cfg, time.Now())
	if err != nil {
		return err
	}
	f.current.Store(m)
	f.log.Info("the TLS certificate was read again", "file", f.cfg.CertFile, "serial", m.cert.Leaf.SerialNumber.String(), "not_after", m.cert.Leaf.NotAfter)
	for _, remark := range m.remarks {
		f.log.Warn(remark)
	}
	f.remind(m)
	return nil
}

// Paths are the files that are read, each once, as they stand in the configuration.
func (f *Files) Paths() []string {
	var paths []string
	for _, path := range []string{f.cfg.CertFile, f.cfg.KeyFile, f.cfg.ClientCAFile} {
		if path != "" && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// TLS returns a configuration for an [net/http.Server], a new one each time: TLS 1.2 or 1.3, the cipher suites of Go, HTTP/2 and HTTP/1.1. What it
// serves is always current. A server without HTTP/2 takes "h2" out of NextProtos first. Where certificates of clients are asked for, sessions are not resumed: a resumed one would
// count by the CAs of the day when it began.
func (f *Files) TLS() *tls.Config {
	base := &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			m := f.current.Load()
			f.remind(m)
			return m.cert, nil
		},
	}
	if f.cfg.ClientCAFile == "" {
		return base
	}
	base.ClientAuth = tls.RequireAndVerifyClientCert
	base.ClientCAs = f.current.Load().clientCAs // only for who looks at it: what counts is below
	base.SessionTicketsDisabled = true
	base.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		m := f.current.Load()
		f.remind(m)
		return f.forClient(base, m), nil
	}
	return base
}

// forClient is base with what m has, all of one reading.
func (f *Files) forClient(base *tls.Config, m *material) *tls.Config {
	cfg := base.Clone()
	cfg.GetConfigForClient, cfg.ClientCAs = nil, m.clientCAs
	cfg.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return m.cert, nil }
	return cfg
}

// remind tells the log once in a while of what ends soon. It runs with handshakes, so that nothing has to wait in the background.
func (f *Files) remind(m *material) {
	now := time.Now()
	last := f.reminded.Load()
	if last != 0 && now.Sub(time.Unix(0, last)) < warnEvery {
		return
	}
	texts := m.endings(now)
	if len(texts) == 0 || !f.reminded.CompareAndSwap(last, now.UnixNano()) {
		return
	}
	for _, text := range texts {
		f.log.Warn(text)
	}
}
