package auth

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/org/zscalermcp/internal/lexical"
)

// A ClientCertificateConfig is the argument of [NewClientCertificate].
type ClientCertificateConfig struct {
	Rules []ClientCertificateRule // the first one that matches says who the caller is
}

// ClientCertificates is an [Authenticator] for callers who show a certificate in the TLS handshake (mutual TLS). Only a certificate counts that
// this process has verified ([crypto/tls.ConnectionState].VerifiedChains): no header says anything of one, and behind a proxy that ends TLS there is none.
//
// It is asked about requests that bear no credential in a header. One that does is not its own, since certificates often only guard
// the way in: in [AnyOf] such a request is judged by the mode of that credential, and alone it is refused.
type ClientCertificates struct{ rules []certificateRule }

var (
	_ mode       = (*ClientCertificates)(nil)
	_ Challenger = (*ClientCertificates)(nil)
)

const certificateMethod = "client-certificate"

// NewClientCertificate returns an authenticator for cfg. The error names every mistake in cfg.
//
// The Issuer of a principal holds the SHA-256 of the public key of the CA that has issued the certificate, and by what kind of name it was known: a renewed
// certificate is the same caller, one of the same name from another CA is not. With ClientCertificateRule.Authority it holds that instead.
func NewClientCertificate(cfg ClientCertificateConfig) (*ClientCertificates, error) {
	m := configMistakes{config: "ClientCertificateConfig"}
	if len(cfg.Rules) == 0 {
		m.add("Rules", "is empty: say which certificates are let in, and as whom")
	}
	a := &ClientCertificates{}
	for i, rule := range cfg.Rules {
		of := configMistakes{config: fmt.Sprintf("ClientCertificateConfig.Rules[%d]", i)}
		a.rules = append(a.rules, rule.parse(&of))
		m.errs = append(m.errs, of.errs...)
	}
	if err := m.err(); err != nil {
		return nil, err
	}
	return a, nil
}

// ClientCertificate returns the certificate that the caller has shown in the TLS handshake and this process has verified, for an [AuthenticatorFunc] of a host's
// own. It reports false where there is none, and where one was shown that nobody has verified.
func ClientCertificate(r *http.Request) (*x509.Certificate, bool) {
	chains := verifiedChains(r)
	if len(chains) == 0 {
		return nil, false
	}
	return chains[0][0], true
}

// verifiedChains are those of the connection: all begin with the certificate of the client.
func verifiedChains(r *http.Request) [][]*x509.Certificate {
	if r.TLS == nil || slices.ContainsFunc(r.TLS.VerifiedChains, func(chain []*x509.Certificate) bool { return len(chain) == 0 || chain[0] == nil }) {
		return nil
	}
	return r.TLS.VerifiedChains
}

// Authenticate implements [Authenticator].
func (a *ClientCertificates) Authenticate(r *http.Request) (*Principal, error) {
	return judgeHeaders(a, fromAny, r)
}

func (a *ClientCertificates) judge(r *http.Request, c credential, now time.Time) (*Principal, error) {
	chains := verifiedChains(r)
	switch {
	case len(chains) == 0:
		return nil, ErrNotMine
	case c.presented():
		return nil, fmt.Errorf("%w: there is a client certificate, and beside it a credential in a header, which counts", ErrNotMine)
	}
	cert := chains[0][0]
	if !now.Before(cert.NotAfter) {
		return nil, refusedCertificate(fmt.Errorf("the client certificate %w", errExpired))
	}
	for i := range a.rules {
		if p := a.rules[i].match(cert, chains); p != nil {
			return p, nil
		}
	}
	return nil, refusedCertificate(fmt.Errorf("no rule matches the client certificate of %q (DNS %q, URI %q, email %q), issued by %s",
		lexical.Plain(nameText(cert.RawSubject)), plainAll(cert.DNSNames), plainAll(uris(cert)), plainAll(cert.EmailAddresses), issuerText(chains[0])))
}

// refusedCertificate is the refusal of a certificate that the handshake has let pass: whoever has it may still sign in by another mode.
func refusedCertificate(cause error) *Error {
	return &Error{Status: http.StatusUnauthorized, Code: "invalid_token",
		Description: "The client certificate has expired, or is not one that is admitted here; ask the operator of the server.", Err: cause}
}

// Challenges implements [Challenger]. There is no scheme for certificates (RFC 9110 section 11.1 has one in every 401): its name says what to do.
func (a *ClientCertificates) Challenges(*http.Request, *Error) []string {
	return []string{Challenge("Client-Certificate", "realm", defaultRealm)}
}

func (a *ClientCertificates) mode() string { return certificateMethod }

// takes tells that every certificate is judged.
func (a *ClientCertificates) takes() form { return anyCertificate }

// readsNoHeader tells those who combine authenticators that no header is needed for this one.
func (a *ClientCertificates) readsNoHeader() {}

func (a *ClientCertificates) usage() string {
	return "Connect with a client certificate, and send no other credential."
}

// issuingKey names the key that has signed the certificate: it is the same in every chain, whatever CAs the client sends along.
func issuingKey(chain []*x509.Certificate) string { return keyName(chain[min(1, len(chain)-1)]) }

// keyName is the SHA-256 of a public key (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7) as text.
func keyName(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return keyPrefix + hex.EncodeToString(sum[:])
}

const keyPrefix = "sha256:"

// issuerText is what a rule can say of the issuers of a certificate, for the log.
func issuerText(chain []*x509.Certificate) string {
	return fmt.Sprintf("%s, trusted by %q", issuingKey(chain), lexical.Plain(nameText(chain[len(chain)-1].RawSubject)))
}

func plainAll(texts []string) []string {
	const most = 8
	var plain []string
	for _, text := range texts[:min(most, len(texts))] {
		plain = append(plain, lexical.Plain(text))
	}
	return plain
}

func uris(cert *x509.Certificate) []string {
	var all []string
	for _, u := range cert.URIs {
		all = append(all, u.String())
	}
	return all
}
