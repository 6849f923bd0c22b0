package auth

import (
	"crypto/x509"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/org/zscalermcp/internal/lexical"
)

// A ClientCertificateRule says which certificates are of a caller. Exactly one of the first five fields is set. Everything is compared whole, and with case, but for
// the domains of DNS names and email addresses.
type ClientCertificateRule struct {
	CommonName string // of the subject, which has only one
	SubjectDN  string // the whole subject, as openssl x509 -noout -subject -nameopt RFC2253,utf8,-esc_msb prints it
	// DNS is a DNS name of the subject alternative names. "*." in front stands for one label: "*.clients.example.com" matches
	// a.clients.example.com, and neither clients.example.com nor a.b.clients.example.com.
	DNS string
	// URI is one of the URIs, such as a SPIFFE ID. "/*" at the end stands for one or more segments of a path, of letters, digits and "-._~":
	// "spiffe://example.com/ns/prod/*" matches spiffe://example.com/ns/prod/sa/x.
	URI   string
	Email string // one of the email addresses. "*" in front stands for any mailbox: "*@example.com", without subdomains

	// Issuer narrows the rule to a CA: its name in the form of SubjectDN, if it is one of those that the server trusts (the end of the chain); or
	// "sha256:" and 64 hexadecimal digits, the SHA-256 of the public key of any CA in the chain:
	// openssl x509 -in ca.crt -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum. "" means every CA.
	Issuer string

	// Name is the Subject of the principal; "" means the name that matched. With a wildcard, all that match are then one caller, who share their sessions.
	Name string
	// Authority is for CAs whose keys change often, as those of SPIFFE do: it replaces the key of the CA in the Issuer of the principal. All CAs
	// that the rule admits then count as one, so give Issuer too where the server trusts others.
	Authority string
	Scopes    []string // that the principal gets
}

// A certificateRule is a rule that was checked.
type certificateRule struct {
	ClientCertificateRule
	kind    string                                             // of name, such as "dns"; part of the principal's Issuer
	matches func(cert *x509.Certificate) (names []string)      // those that match, each once
	issuer  func(chain []*x509.Certificate) (isAmongThem bool) // nil admits every CA
}

// parse checks the rule.
func (r ClientCertificateRule) parse(m *configMistakes) certificateRule {
	r.Scopes = slices.Clone(r.Scopes)
	parsed := certificateRule{ClientCertificateRule: r}
	set := 0
	for _, kind := range certificateKinds {
		value := kind.value(&r)
		if value == "" {
			continue
		}
		set++
		matches, err := kind.matcher(value)
		m.check(kind.field, err)
		parsed.kind, parsed.matches = kind.name, matches
	}
	if set != 1 {
		m.errs = append(m.errs, &ConfigError{Field: m.config, Problem: "must have exactly one of CommonName, SubjectDN, DNS, URI and Email"})
	}
	if r.Issuer != "" {
		issuer, err := issuerMatcher(r.Issuer)
		m.check("Issuer", err)
		parsed.issuer = issuer
	}
	if r.Name != "" && !isPlainName(r.Name) {
		m.add("Name", "must be at most 256 bytes of printable text")
	}
	if r.Authority != "" && (!isPlainName(r.Authority) || strings.HasPrefix(r.Authority, keyPrefix)) {
		m.add("Authority", "must be at most 256 bytes of printable text, and not begin with %s", keyPrefix)
	}
	if i := slices.IndexFunc(r.Scopes, func(s string) bool { return !lexical.IsScope(s) }); i >= 0 {
		m.add("Scopes", "has %q, which is not a scope-token (RFC 6749 section 3.3)", r.Scopes[i])
	}
	return parsed
}

// certificateKinds are the kinds of names by which a rule can know a certificate.
var certificateKinds = []struct {
	field, name string
	value       func(*ClientCertificateRule) string
	matcher     func(pattern string) (func(*x509.Certificate) []string, error)
}{
	{"CommonName", "cn", func(r *ClientCertificateRule) string { return r.CommonName }, commonNameMatcher},
	{"SubjectDN", "dn", func(r *ClientCertificateRule) string { return r.SubjectDN }, subjectMatcher},
	{"DNS", "dns", func(r *ClientCertificateRule) string { return r.DNS }, dnsMatcher},
	{"URI", "uri", func(r *ClientCertificateRule) string { return r.URI }, uriMatcher},
	{"Email", "email", func(r *ClientCertificateRule) string { return r.Email }, emailMatcher},
}

// match returns the caller, nil if the rule does not say who it is: a certificate that bears two of the names that a wildcard stands for is nobody's.
func (r *certificateRule) match(cert *x509.Certificate, chains [][]*x509.Certificate) *Principal {
	names := r.matches(cert)
	if len(names) == 0 || len(names) > 1 && r.Name == "" || r.issuer != nil && !slices.ContainsFunc(chains, r.issuer) {
		return nil
	}
	p := &Principal{Subject: r.Name, Scopes: r.Scopes, Expires: cert.NotAfter, Method: certificateMethod}
	if p.Subject == "" {
		p.Subject = names[0]
	}
	authority := r.Authority
	if authority == "" {
		authority = issuingKey(chains[0])
	}
	p.Issuer = certificateMethod + ":" + r.kind + ":" + authority
	return p
}

// issuerMatcher finds a CA in a chain. A name counts for the end of the chain only, since CAs below it choose the names of those that they issue.
func issuerMatcher(issuer string) (func([]*x509.Certificate) bool, error) {
	if digits, ok := strings.CutPrefix(issuer, keyPrefix); ok {
		sum, err := hex.DecodeString(digits)
		if err != nil || len(sum) != 32 {
			return nil, errors.New("must have 64 hexadecimal digits behind sha256:, those of the public key of the CA")
		}
		want := keyPrefix + strings.ToLower(digits)
		return func(chain []*x509.Certificate) bool {
			return slices.ContainsFunc(chain[1:], func(ca *x509.Certificate) bool { return keyName(ca) == want })
		}, nil
	}
	if err := checkDN(issuer); err != nil {
		return nil, err
	}
	return func(chain []*x509.Certificate) bool {
		return len(chain) > 1 && nameText(chain[len(chain)-1].RawSubject) == issuer
	}, nil
}

// isPlainName reports whether s can be the name of a caller: text that every log shows as it is.
func isPlainName(s string) bool {
	const longest = 256
	return s != "" && len(s) <= longest && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })
}
