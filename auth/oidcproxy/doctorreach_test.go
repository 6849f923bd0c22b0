package oidcproxy_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// roundTrip is an http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// An address that cannot be asked says why, once, and what the identity provider is asked does not depend on it.
func TestDoctorOfAnAddressThatDoesNotAnswer(t *testing.T) {
	for want, fails := range map[string]error{
		"dns.missing":     &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}},
		"dns.failed":      &net.OpError{Op: "dial", Err: &net.DNSError{Err: "server misbehaving", IsTemporary: true}},
		"connect.refused": &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		"connect.timeout": &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded},
		"connect.broken":  io.EOF,
		"connect.failed":  errors.New("a-foreign-body"),
	} {
		s := newSite(t, "/mcp", func(c *oidcproxy.Config) {
			through := c.HTTPClient.Transport
			c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.URL.Scheme == "https" {
					return nil, fails
				}
				return through.RoundTrip(r)
			})}
		})
		report := s.p.Doctor(t.Context())
		wantCodes(t, report, oidcproxy.SeverityWarning, want)
		if want == "connect.timeout" && report.Worst() != oidcproxy.SeverityWarning {
			t.Errorf("a machine that cannot reach its own address is no error of the server:\n%s", report)
		}
		if !strings.Contains(report.String(), "provider.secret_ok") {
			t.Errorf("%s: the identity provider was not asked:\n%s", want, report)
		}
	}
}

// What is wrong with TLS is said in plain words.
func TestDoctorOfTLS(t *testing.T) {
	expired := newSite(t, "/mcp", func(c *oidcproxy.Config) {
		transport := c.HTTPClient.Transport.(*http.Transport).Clone()
		transport.TLSClientConfig.Time = func() time.Time { return time.Now().AddDate(100, 0, 0) }
		c.HTTPClient = &http.Client{Transport: transport}
	})
	wantCodes(t, expired.p.Doctor(t.Context()), oidcproxy.SeverityWarning, "tls.expired")
	stranger := newSite(t, "/mcp", func(c *oidcproxy.Config) { c.HTTPClient = nil })
	wantCodes(t, stranger.p.Doctor(t.Context()), oidcproxy.SeverityWarning, "tls.authority")
	other := newSite(t, "/mcp", func(c *oidcproxy.Config) { c.ResourceURL = strings.Replace(c.ResourceURL, "127.0.0.1", "localhost", 1) })
	if got := codes(other.p.Doctor(t.Context()), oidcproxy.SeverityWarning); !slices.Contains(got, "tls.name") {
		t.Errorf("another name: %v", got)
	}
	var plain *site
	port := newSite(t, "/mcp", nil)
	plain = newSite(t, "/mcp", func(c *oidcproxy.Config) {
		c.ResourceURL = strings.Replace(port.back.URL, "http:", "https:", 1) + "/mcp"
	})
	if got := codes(plain.p.Doctor(t.Context()), oidcproxy.SeverityWarning); !slices.Contains(got, "tls.plain") {
		t.Errorf("no TLS: %v", got)
	}
	var soon *site
	soon = newSite(t, "/mcp", func(c *oidcproxy.Config) {
		c.Clock = func() time.Time { return soon.front.Certificate().NotAfter.Add(-72 * time.Hour) }
	})
	if got := codes(soon.p.Doctor(t.Context()), oidcproxy.SeverityNote); !slices.Contains(got, "tls.ends_soon") {
		t.Errorf("it ends soon: %v", got)
	}
}

// A server that is open on plain http too is worth a note, one that redirects to https is not.
func TestDoctorOfPlainHTTP(t *testing.T) {
	for want, redirects := range map[string]bool{"scheme.plain": false, "": true} {
		var s *site
		s = newSite(t, "/mcp", func(c *oidcproxy.Config) {
			transport := c.HTTPClient.Transport.(*http.Transport).Clone()
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				switch address {
				case "example.com:443":
					address = strings.TrimPrefix(s.front.URL, "https://")
				case "example.com:80":
					address = strings.TrimPrefix(s.back.URL, "http://")
					if redirects {
						return nil, syscall.ECONNREFUSED
					}
				}
				return new(net.Dialer).DialContext(ctx, network, address)
			}
			c.HTTPClient, c.ResourceURL = &http.Client{Transport: transport}, "https://example.com/mcp"
		})
		s.idp.AddClient(authtest.Client{ID: "proxy", Secret: upSecret, RedirectURIs: []string{"https://example.com/auth/callback"}})
		wantCodes(t, s.p.Doctor(t.Context()), oidcproxy.SeverityNote, strings.Fields(want)...)
	}
}

// The doctor ends with its context and with the provider, and says what it has not done.
func TestDoctorHasAnEnd(t *testing.T) {
	s := newSite(t, "/mcp", nil)
	ended, end := context.WithCancel(t.Context())
	end()
	wantCodes(t, s.p.Doctor(ended), oidcproxy.SeverityWarning, "check.unfinished")
	if err := s.p.Close(); err != nil {
		t.Fatal(err)
	}
	wantCodes(t, s.p.Doctor(t.Context()), oidcproxy.SeverityWarning, "check.unfinished")
	if n := s.asked.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A front that sends without end, or a client of the host's that panics, costs a finding and no more.
func TestDoctorIsBounded(t *testing.T) {
	s := newSite(t, "/mcp", nil)
	s.behind(s.instead(at("/jwks"), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(strings.Repeat("a-foreign-body ", 1000))); err != nil {
				return
			}
		}
	}))
	wantCodes(t, s.p.Doctor(t.Context()), oidcproxy.SeverityWarning, "metadata.not_json")
	panics := newSite(t, "/mcp", func(c *oidcproxy.Config) {
		through := c.HTTPClient.Transport
		c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == authtest.JWKSPath {
				panic("secret-of-the-client")
			}
			return through.RoundTrip(r)
		})}
	})
	wantCodes(t, panics.p.Doctor(t.Context()), oidcproxy.SeverityWarning, "check.failed")
	if strings.Contains(panics.logged(), "secret-of") {
		t.Error("the panic's value is logged")
	}
}
