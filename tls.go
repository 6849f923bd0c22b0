package zscalermcp

import (
	"crypto/tls"
	"errors"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/transport/tlsfiles"
)

// TLS is what [Server.Run] serves https with: the files of a certificate, or a configuration of the host's own, such as that of an ACME client.
type TLS struct {
	CertFile     string      // certificate chain in PEM, that of the server first
	KeyFile      string      // its private key in PEM
	KeyPassword  auth.Secret // of a key that is encrypted
	ClientCAFile string      // authorities in PEM: clients must then show a certificate of one of them (mutual TLS, RFC 8446 section 4.3.2); see [auth.NewClientCertificate]
	Config       *tls.Config // instead of files; TLS 1.2 is the lowest version in any case
}

// files reads the files, if there are some.
func (c *config) files() (*tlsfiles.Files, error) {
	if c.tls == nil || c.tls.Config != nil || c.stdio() {
		return nil, nil
	}
	e := &env{lookup: c.lookup}
	files, err := tlsfiles.New(tlsfiles.Config{
		CertFile: c.tls.CertFile, KeyFile: c.tls.KeyFile, KeyPassword: c.tls.KeyPassword, ClientCAFile: c.tls.ClientCAFile, Logger: c.logger,
	})
	return files, e.inWords(err, map[string]string{
		"Config.CertFile": "ZSCALER_MCP_TLS_CERTFILE", "Config.KeyFile": "ZSCALER_MCP_TLS_KEYFILE",
		"Config.KeyPassword": "ZSCALER_MCP_TLS_KEYFILE_PASSWORD", "Config.ClientCAFile": "ZSCALER_MCP_TLS_CA_CERTS",
	})
}

// check refuses two sources of one certificate.
func (t *TLS) check() error {
	files := t.CertFile != "" || t.KeyFile != "" || t.KeyPassword != "" || t.ClientCAFile != ""
	switch {
	case t.Config != nil && files:
		return errors.New("WithTLS: give files or a Config, not both")
	case t.Config == nil && !files:
		return errors.New("WithTLS: give a CertFile and a KeyFile, or a Config")
	}
	return nil
}

// tlsConfig is what Run serves with; nil is plain HTTP.
func (s *Server) tlsConfig() *tls.Config {
	switch {
	case s.files != nil:
		return s.files.TLS()
	case s.cfg.tls != nil && s.cfg.tls.Config != nil:
		own := s.cfg.tls.Config.Clone()
		own.MinVersion = max(own.MinVersion, tls.VersionTLS12)
		return own
	}
	return nil
}
