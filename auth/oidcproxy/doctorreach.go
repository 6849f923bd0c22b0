package oidcproxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// A hindrance is why there is no answer, in plain words.
type hindrance struct {
	code     string
	severity Severity
	text     string
	advice   string
}

const hairpin = "Many networks do not let a machine reach its own public address (hairpin NAT): then look from elsewhere, with zscaler-mcp --doctor and the same variables."

// hindranceOf sorts errors of the network.
func hindranceOf(err error) hindrance {
	var name *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, errVisitOver):
		return hindrance{"check.unfinished", SeverityWarning, "the time for all checks was over before this one.", "Ask again."}
	case errors.As(err, &name) && name.IsNotFound:
		return hindrance{"dns.missing", SeverityError,
			"its name does not resolve here.",
			"Add a DNS record for the name, or correct the public URL. Where only the world outside knows the name, look from there.",
		}
	case errors.As(err, &name):
		return hindrance{"dns.failed", SeverityWarning,
			"its name could not be looked up: the resolver does not answer.",
			"Look at the DNS settings of this machine, and ask again.",
		}
	case errors.Is(err, syscall.ECONNREFUSED):
		return hindrance{"connect.refused", SeverityError,
			"nothing listens there: the connection is refused.",
			"Start the server (the doctor looks at one that runs) and the proxy in front of it, and let it listen on the port of the public URL. " + hairpin,
		}
	case errors.As(err, &timeout) && timeout.Timeout():
		return hindrance{"connect.timeout", SeverityWarning,
			"there is no answer within " + doctorRequest.String() + ".",
			"See whether the proxy runs and a firewall lets you through. " + hairpin,
		}
	}
	return tlsHindrance(err)
}

// tlsHindrance sorts what goes wrong once there is a connection.
func tlsHindrance(err error) hindrance {
	var invalid x509.CertificateInvalidError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return hindrance{"tls.expired", SeverityError,
			"its certificate has expired or is not valid yet.",
			"Renew it, and let the proxy load it (nginx -s reload); see that its automatic renewal runs and the clocks are right.",
		}
	case errors.As(err, &name):
		return hindrance{"tls.name", SeverityError,
			"its certificate is for another name.",
			"Give the proxy a certificate for the host of the public URL; see which server block answers for the name (nginx: server_name, Caddy: the site address).",
		}
	case errors.As(err, &authority):
		return hindrance{
			"tls.authority", SeverityError, "its certificate is from an authority that is not trusted here.",
			"Clients need a certificate that they trust, with the whole chain (nginx: ssl_certificate with fullchain.pem). If the authority is your own, give it to this machine too (SSL_CERT_FILE).",
		}
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return hindrance{"tls.plain", SeverityError,
			"the public URL is https, and what listens there speaks no TLS.",
			"Let the proxy end TLS on that port (nginx: listen 443 ssl; Caddy: no http:// in the site address).",
		}
	case errors.As(err, &alert), errors.As(err, &invalid), errors.As(err, new(*tls.CertificateVerificationError)):
		return hindrance{"tls.failed", SeverityError,
			"the TLS handshake fails.",
			"Look at the certificate and the TLS versions of the proxy; version 1.2 or 1.3 is needed.",
		}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return hindrance{"connect.broken", SeverityError,
			"the connection is closed without an answer.",
			"Look into the log of the proxy: a firewall, or another protocol on that port, does that.",
		}
	}
	return hindrance{"connect.failed", SeverityWarning,
		"no connection could be made from here.",
		"See whether this machine needs a proxy to get out (HTTPS_PROXY), and whether that one lets it reach the address. " + hairpin,
	}
}

// unreached is the finding about an address of ours that does not answer.
func (d *doctor) unreached(r reply) Finding {
	h := hindranceOf(r.err)
	return r.finding(h.code, h.severity, "The address cannot be asked from here: "+h.text, h.advice)
}

// errVisitOver marks requests that were not made because the time was over.
var errVisitOver = errors.New("oidcproxy: the time of the doctor is over")

const endsSoon = 14 * 24 * time.Hour

// certificate warns before a certificate ends.
func (d *doctor) certificate(r reply) check {
	return func(context.Context) []Finding {
		left := r.ends.Sub(d.p.now())
		if r.ends.IsZero() || left > endsSoon {
			return nil
		}
		return []Finding{r.finding("tls.ends_soon", SeverityNote, fmt.Sprintf("The certificate ends in %d hours.", int(left.Hours())), "See that its renewal runs.")}
	}
}

// plain looks whether the documents are served in the clear too.
func (d *doctor) plain(ctx context.Context) []Finding {
	rest, secure := strings.CutPrefix(d.p.origin, "https://")
	if host, err := url.Parse(d.p.origin); !secure || err != nil || host.Port() != "" {
		return nil
	}
	q := question{method: http.MethodGet, url: "http://" + rest + wellKnownOAuth + d.p.path}
	if r := d.ask(ctx, q); r.err == nil && r.status == http.StatusOK && r.isJSON() {
		return []Finding{r.finding("scheme.plain", SeverityNote,
			"The server answers on plain http too: who types http:// sends a token in the clear.",
			"Redirect http to https (nginx: return 308 https://$host$request_uri; Caddy does so by itself).")}
	}
	return nil
}
