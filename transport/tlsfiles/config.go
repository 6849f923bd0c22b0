package tlsfiles

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/org/zscalermcp/auth"
)

// A Config is the argument of [New]. Files are PEM (RFC 7468), of at most 1 MiB.
type Config struct {
	CertFile string // the certificate, and behind it those of the CAs between it and the root that clients know
	// KeyFile has the private key: RSA of at least 2048 bits, ECDSA on P-256, P-384 or P-521, or Ed25519, as PKCS#8, PKCS#1 or SEC 1.
	// It may be CertFile.
	KeyFile string
	// KeyPassword opens an encrypted key: PKCS#8 with PBES2 (RFC 8018: AES-CBC or 3DES, by PBKDF2 or scrypt), or the older form with
	// a Proc-Type (RFC 1423). A key that is not encrypted is read all the same, with a warning.
	KeyPassword auth.Secret
	// ClientCAFile has the CAs whose certificates clients must show (mutual TLS). "" asks for none.
	ClientCAFile string
	Logger       *slog.Logger // told of what was read again, and once a day of what ends soon; nil means slog.Default()
}

// A mistake is an [auth.ConfigError] in the words of this package.
type mistake struct{ *auth.ConfigError }

// Error returns the field and the problem.
func (m mistake) Error() string { return fmt.Sprintf("tlsfiles: %s %s", m.Field, m.Problem) }

// Unwrap returns the error that programs look for.
func (m mistake) Unwrap() error { return m.ConfigError }

// mistakes collects those of one configuration. A mistake is noted at a field that is set, since it is that one which a person will look at.
type mistakes []error

func (m *mistakes) add(field, problem string, args ...any) {
	*m = append(*m, mistake{&auth.ConfigError{Field: "Config." + field, Problem: fmt.Sprintf(problem, args...)}})
}

// check notes the problem err of a field, if there is one.
func (m *mistakes) check(field string, err error) {
	if err != nil {
		m.add(field, "%s", err)
	}
}

func (m mistakes) err() error { return errors.Join(m...) }

// halves notes what is given without what belongs to it.
func (m *mistakes) halves(cfg Config) {
	switch {
	case cfg.CertFile != "" && cfg.KeyFile == "":
		m.add("CertFile", "is given without the file of its private key: give both")
	case cfg.CertFile == "" && cfg.KeyFile != "":
		m.add("KeyFile", "is given without the file of its certificate: give both")
	case cfg.CertFile != "":
		return
	case cfg.ClientCAFile != "":
		m.add("ClientCAFile", "asks clients for certificates, which takes a certificate and a key of the server: give their files too")
	case cfg.KeyPassword != "":
		m.add("KeyPassword", "is given without the files of a certificate and a key: give them too")
	default:
		m.add("CertFile", "is empty: give the files of a certificate and its private key")
	}
}
