package zscalermcp

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"

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

	fromEnv bool
}

// files reads the files, if there are some.
func (c *config) files() (*tlsfiles.Files, error) {
	if c.tls == nil || c.tls.Config != nil || c.stdio() {
		return nil, nil
	}
	files, err := tlsfiles.New(tlsfiles.Config{
		CertFile: c.tls.CertFile, KeyFile: c.tls.KeyFile, KeyPassword: c.tls.KeyPassword, ClientCAFile: c.tls.ClientCAFile, Logger: c.logger,
	})
	if err != nil && c.tls.fromEnv {
		e := &env{lookup: c.lookup}
		err = cmp.Or(e.inWords(err, map[string]string{
			"Config.CertFile": "ZSCALER_MCP_TLS_CERTFILE", "Config.KeyFile": "ZSCALER_MCP_TLS_KEYFILE",
			"Config.KeyPassword": "ZSCALER_MCP_TLS_KEYFILE_PASSWORD", "Config.ClientCAFile": "ZSCALER_MCP_TLS_CA_CERTS",
		}), err) // never none
	} else if err != nil {
		err = fmt.Errorf("WithTLS: %w", err)
	}
	return files, err
}

// check refuses two sources of one certificate.
func (t *TLS) check() error {
	files := t.CertFile != "" || t.KeyFile != "" || t.KeyPassword != "" || t.ClientCAFile != ""
	switch {
	case t.Config != nil && files:
		return errors.New("WithTLS: give files or a Config, not both")
	case t.Config == nil && !files:
		return errors.New("WithTLS: give a CertFile and a KeyFile, or a Config")
	case t.Config != nil && len(t.Config.Certificates) == 0 && t.Config.GetCertificate == nil && t.Config.GetConfigForClient == nil:
		return errors.New("WithTLS: the Config has no certificate: set its Certificates, GetCertificate or GetConfigForClient, or give files")
	}
	return nil
}

// tlsConfig is what Run serves with; nil is plain HTTP.
func (s *Server) tlsConfig() *tls.Config {
	switch {
	case s.files != nil:
		return s.files.TLS()
	case s.cfg.tls != nil && s.cfg.tls.Config != nil:
		return notBelow12(s.cfg.tls.Config)
	}
	return nil
}

// notBelow12 is a copy of a configuration that speaks TLS 1.2 at least, with what it chooses for a client too.
func notBelow12(own *tls.Config) *tls.Config {
	own = own.Clone()
	own.MinVersion = max(own.MinVersion, tls.VersionTLS12)
	if choose := own.GetConfigForClient; choose != nil {
		own.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			chosen, err := choose(hello)
			if err != nil || chosen == nil || chosen.MinVersion >= tls.VersionTLS12 { // nil stands for own
				return chosen, err
			}
			chosen = chosen.Clone()
			chosen.MinVersion = tls.VersionTLS12
			return chosen, nil
		}
	}
	return own
}
