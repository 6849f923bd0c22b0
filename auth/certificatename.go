package auth

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// The matchers return the names of a certificate that match a pattern, each once, in one spelling.

// commonNameMatcher compares the common name. A subject with two of them has none, since readers disagree on which one counts.
func commonNameMatcher(pattern string) (func(*x509.Certificate) []string, error) {
	if !isPlainName(pattern) || strings.Contains(pattern, "*") {
		return nil, errors.New("must be at most 256 bytes of printable text, without space around it and without *, which stands for nothing here")
	}
	return func(cert *x509.Certificate) []string {
		if cert.Subject.CommonName != pattern || countCommonNames(cert) != 1 {
			return nil
		}
		return []string{pattern}
	}, nil
}

func countCommonNames(cert *x509.Certificate) int {
	n := 0
	for _, attribute := range cert.Subject.Names {
		if attribute.Type.String() == oidCommonName {
			n++
		}
	}
	return n
}

func subjectMatcher(pattern string) (func(*x509.Certificate) []string, error) {
	if err := checkDN(pattern); err != nil {
		return nil, err
	}
	return func(cert *x509.Certificate) []string {
		if nameText(cert.RawSubject) != pattern {
			return nil
		}
		return []string{pattern}
	}, nil
}

// dnsMatcher compares DNS names. What a wildcard stands for is one label: a name with a wildcard of its own is nobody's.
func dnsMatcher(pattern string) (func(*x509.Certificate) []string, error) {
	suffix, wild := strings.CutPrefix(pattern, "*.")
	want := hostName(suffix)
	if want == "" {
		return nil, fmt.Errorf("is %q, which is no DNS name, nor one behind \"*.\"", pattern)
	}
	return func(cert *x509.Certificate) []string {
		return distinct(cert.DNSNames, func(name string) string {
			name = hostName(name)
			_, parent, _ := strings.Cut(name, ".")
			if wild && parent == want || !wild && name == want {
				return name
			}
			return ""
		})
	}, nil
}

// hostName is a DNS name in lower case and without its last dot, "" if it is none.
func hostName(name string) string {
	const longest, longestLabel = 253, 63
	name = strings.TrimSuffix(name, ".")
	if len(name) > longest {
		return ""
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > longestLabel || strings.ContainsFunc(label, func(c rune) bool {
			return c > 'z' || c != '-' && c != '_' && !isAlphanumeric(byte(c))
		}) {
			return ""
		}
	}
	return strings.ToLower(name) // after the look at it: letters of other scripts have ours as their small ones
}

// uriMatcher compares URIs. An SVID of SPIFFE has no other URI than its id.
func uriMatcher(pattern string) (func(*x509.Certificate) []string, error) {
	prefix, wild := strings.CutSuffix(pattern, "*")
	u, err := url.Parse(prefix)
	if err != nil || u.Scheme == "" || u.String() != prefix || strings.Contains(prefix, "*") || wild && (u.Host == "" || !strings.HasSuffix(prefix, "/") || strings.ContainsAny(prefix, "?#")) {
		return nil, fmt.Errorf("is %q, which is no URI, nor one with a path that ends in /*", pattern)
	}
	return func(cert *x509.Certificate) []string {
		if u.Scheme == "spiffe" && len(cert.URIs) != 1 {
			return nil
		}
		return distinct(uris(cert), func(name string) string {
			rest, below := strings.CutPrefix(name, prefix)
			if wild && below && areSegments(rest) || !wild && name == prefix {
				return name
			}
			return ""
		})
	}, nil
}

// areSegments reports whether s is a path of segments that all readers read alike.
func areSegments(s string) bool {
	for segment := range strings.SplitSeq(s, "/") {
		if segment == "" || segment == "." || segment == ".." || strings.ContainsFunc(segment, func(c rune) bool {
			return c > '~' || !isAlphanumeric(byte(c)) && !strings.ContainsRune("-._~", c)
		}) {
			return false
		}
	}
	return true
}

// emailMatcher compares addresses whose local part is a dot-atom (RFC 5322 section 3.2.3): what stands in quotes may look like a domain.
func emailMatcher(pattern string) (func(*x509.Certificate) []string, error) {
	domain, wild := strings.CutPrefix(pattern, "*@")
	want := mailbox(pattern)
	if wild {
		want = hostName(domain)
	}
	if want == "" || strings.LastIndex(pattern, "*") > 0 {
		return nil, fmt.Errorf("is %q, which is no email address, nor a domain behind \"*@\"", pattern)
	}
	return func(cert *x509.Certificate) []string {
		return distinct(cert.EmailAddresses, func(name string) string {
			name = mailbox(name)
			_, domain, _ := strings.Cut(name, "@")
			if wild && domain == want || !wild && name == want {
				return name
			}
			return ""
		})
	}, nil
}

// mailbox is an address with its domain in lower case, "" if it is none.
func mailbox(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	domain = hostName(domain)
	if local == "" || domain == "" || strings.ContainsFunc(local, func(c rune) bool {
		return c > '~' || !isAlphanumeric(byte(c)) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", c)
	}) {
		return ""
	}
	return local + "@" + domain
}

// distinct returns what spell makes of the names, each once and without "".
func distinct(names []string, spell func(string) string) []string {
	var found []string
	for _, name := range names {
		if name = spell(name); name != "" && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}
