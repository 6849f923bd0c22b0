package zscalermcp

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/address"
)

// network says how the endpoint is reached, and by whom.
func (p *Posture) network(s *Server) {
	c := s.cfg
	p.Transport, p.Listen, p.TLS, p.SSE = c.transport(), c.listen, s.shownTLS(), s.sse.stream
	if p.Transport == transportSSE && !c.sseOnly { // an option has it beside the other
		p.Transport = transportHTTP
	}
	p.Page, p.LimitsOff = !c.page.off, c.limitsOff
	current := s.lists.Load()
	p.Hosts, p.Sources, p.Origins = current.hosts, current.sources, current.origins
	if len(p.Hosts) == 0 {
		p.Hosts = c.shownHosts(s.public)
	}
	if c.anyHost {
		p.warn("the Host header is not checked: web pages could reach the server under names of their own (DNS rebinding), unless a gateway in front checks it")
	}
	if len(current.hosts) > 0 && s.public.Host != "" && !s.defences.hosts.Permits(s.public.Host) {
		p.warn("the list of allowed hosts leaves out that of the public URL: clients that use it get 421, unless a proxy names another host")
	}
	switch encrypted := s.tlsConfig() != nil; {
	case c.allowHTTP && encrypted:
		p.warn("plain HTTP is allowed beside a certificate, which has no effect: leave it out (InsecureAllowHTTP, ZSCALER_MCP_ALLOW_HTTP)")
	case c.allowHTTP:
		p.warn("plain HTTP is allowed on other addresses than loopback: whoever is on the way can read the callers' credentials, unless something else encrypts it")
	}
	if len(p.LimitsOff) > 0 {
		p.warn(fmt.Sprintf("limits are off: %q", p.LimitsOff))
	}
	switch elsewhere := s.public.Scheme == "http" && !address.IsLoopback(s.public); {
	case elsewhere && s.tlsConfig() != nil:
		p.warn("the public URL is http, and the server speaks https: make the URL https")
	case elsewhere:
		p.warn("the public URL is http: credentials go over the network in the clear; put TLS in front of the server and make it https")
	}
	p.certificate(s)
}

// certificate warns of one that clients will not accept, now or soon.
func (p *Posture) certificate(s *Server) {
	if s.files == nil {
		return
	}
	if s.public.Host != "" && s.public.Scheme == "https" {
		if host := s.public.Hostname(); s.files.Covers(host) != nil {
			names := cmp.Or(strings.Join(s.files.Info().Names, ", "), "no name (clients read the subject alternative names only)")
			p.warn(fmt.Sprintf("the certificate in %s is for %s, and not for %s, the host of the public URL: clients that connect to this server directly will refuse it",
				s.cfg.tls.CertFile, names, host))
		}
	}
	for _, warning := range s.files.Info().Warnings {
		p.warn("TLS: " + warning)
	}
}

func (s *Server) shownTLS() string {
	switch {
	case s.cfg.tls != nil && s.cfg.tls.Config != nil:
		return "configuration of the host"
	case s.files == nil:
		return "off"
	}
	info := s.files.Info()
	shown := "certificate until " + info.NotAfter.UTC().Format(time.RFC3339)
	if info.ClientCertificates {
		shown += ", client certificates demanded"
	}
	return shown
}

// shownCache says for how long an accepted credential counts without a question.
func shownCache(a auth.Authenticator) string {
	switch a := a.(type) {
	case nil:
		return ""
	case *auth.APIKeys:
		return "none: keys are compared at each request, and their file is looked at every second"
	case *auth.JWT:
		return "tokens count until they expire; key sets are kept for 5 minutes to 1 hour"
	case *auth.ProtectedResource:
		return shownCache(a.Verifier())
	case interface{ MaxAge() time.Duration }:
		if a.MaxAge() == 0 {
			return "none: asked about at each request"
		}
		return fmt.Sprintf("what was accepted counts for at most %s", a.MaxAge())
	}
	return "as the Authenticator chooses"
}
