package zscalermcp

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// Posture is what is on and off: one value for a log line or a human. It holds no secret.
type Posture struct {
	Tenant        string   // vanity domain, and the cloud unless it is production
	Transport     string   // stdio, streamable-http or sse: that is served, or that the environment asks for; "" where a host serves
	Path          string   // of the MCP endpoint, or of the stream where sse is alone
	SSE           string   // path of the stream of protocol 2024-11-05, "" for none
	Listen        string   // address of Run
	TLS           string   // of Run: "off", "certificate until …", "client certificates demanded" with it, or "configuration of the host"
	Hosts         []string // that requests may name; "*" where the check is off, empty where only loopback is checked
	Sources       []string // addresses that callers may come from; empty for every one
	Origins       []string // web origins whose pages may call the endpoint
	Page          bool     // people who open the address in a browser get a page
	LimitsOff     []string // names of the limits that are switched off
	Auth          string   // of HTTP callers: the environment's mode, "authenticator" for that of WithAuth, "none (opted out)" or "not configured: HTTP is refused"
	Toolsets      []string // that are offered, in part or whole
	AuthDetail    string   // what the environment's mode accepts, such as issuer and audience
	AuthCache     string   // for how long a credential that was accepted is not asked about again
	Sanitising    string   // what becomes of markup and the like in answers
	Secrets       string   // what becomes of the tenant's secrets in answers
	Audit         string   // where events of authentication and calls go
	Policy        bool     // a policy narrows what each caller may use
	AsCaller      bool     // tools act with the caller's own OneAPI credentials
	Tools         int      // how many tools are offered
	WriteTools    int      // how many of them change the tenant
	WritePatterns []string // what WithWriteTools or ZSCALER_MCP_WRITE_TOOLS names
	SharedState   bool     // a Store was given: replicas can share state
	Store         string   // what that Store says of itself (fmt.Stringer), such as its address
	StableKeys    bool     // master keys were given: sealed state outlives a restart
	Warnings      []string // what an operator should know
}

// Posture returns what is on and off.
func (s *Server) Posture() Posture {
	p := Posture{
		Tenant: s.cfg.credentials.VanityDomain, Path: s.public.Path, Auth: cmp.Or(s.cfg.mode, "authenticator"), WritePatterns: s.cfg.selection.WriteTools,
		AuthDetail: s.cfg.authDetail, AuthCache: cmp.Or(s.cfg.authCache, shownCache(s.cfg.auth)), Policy: s.cfg.policy != nil, AsCaller: s.cfg.callerCredentials,
		SharedState: s.cfg.store != nil, StableKeys: len(s.cfg.masterKeys) > 0, Warnings: slices.Clone(s.cfg.warnings),
	}
	if named, ok := s.cfg.store.(fmt.Stringer); ok {
		p.Store = named.String()
	}
	if cloud := s.cfg.credentials.Cloud; cloud != "" {
		p.Tenant += " (" + cloud + ")"
	}
	switch {
	case s.cfg.withoutAuth:
		p.Auth = "none (opted out)"
		p.warn("authentication over HTTP is off: everyone who can reach the endpoint may use every tool")
	case s.cfg.auth == nil:
		p.Auth = "not configured: HTTP is refused"
	}
	p.network(s)
	p.count(s.tools.Tools(), s.cfg.credentials.CustomerID != "")
	if p.SharedState && !p.StableKeys {
		p.warn("a shared store needs master keys beside it: without them a second replica refuses what the first has sealed (WithMasterKeys, ZSCALER_MCP_MASTER_KEYS)")
	}
	if scoped, ok := s.cfg.auth.(interface{ OptionalScopes() []string }); ok && len(scoped.OptionalScopes()) > 0 && s.cfg.policy == nil {
		p.warn("tokens have scopes, and nothing reads them: every caller may use every offered tool; give a policy (WithPolicy, auth.NewScopePolicy)")
	}
	if unreached := s.unreached.Load(); unreached != nil && *unreached != "" {
		p.warn(*unreached)
	}
	p.Sanitising = "markup, links, invisible characters and false speakers are defused in every answer"
	if isTrue(s.cfg.unsanitised) {
		p.Sanitising = "off"
	}
	if p.Secrets = "masked in every answer"; len(s.cfg.revealSecrets) > 0 {
		p.Secrets = "masked, but shown by the tools that match " + strings.Join(s.cfg.revealSecrets, ", ")
	}
	if p.Audit = "log"; s.cfg.audit != nil {
		p.Audit = "log and the sink of WithAudit"
	}
	for _, list := range []*[]string{&p.Hosts, &p.Sources, &p.Origins, &p.LimitsOff, &p.Toolsets, &p.WritePatterns, &p.Warnings} {
		*list = append([]string{}, *list...) // programs read the posture as JSON, where nothing is []
	}
	return p
}

func (p *Posture) warn(text string) { p.Warnings = append(p.Warnings, text) }

// count sums up the tools, and says which of them cannot work.
func (p *Posture) count(tools []tool.Info, hasCustomerID bool) {
	needsID, ofServices := false, false
	for _, info := range tools {
		p.Tools++
		ofServices = ofServices || info.Service != tool.AgentService
		if info.Effect != tool.Read {
			p.WriteTools++
		}
		if !slices.Contains(p.Toolsets, info.Toolset) {
			p.Toolsets = append(p.Toolsets, info.Toolset)
		}
		needsID = needsID || info.Service == string(zscaler.ZPA) || info.Service == string(zscaler.ZMS)
	}
	if !ofServices {
		p.warn("no tool of a service is offered: the selection leaves none")
	}
	if needsID && !hasCustomerID {
		p.warn("ZPA and ZMS tools are offered but will fail: they need the customer id (ZSCALER_CUSTOMER_ID)")
	}
}

// LogValue groups the members for a structured log.
func (p Posture) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("transport", p.Transport), slog.String("tenant", p.Tenant), slog.String("path", p.Path), slog.String("sse", p.SSE), slog.String("listen", p.Listen), slog.String("tls", p.TLS),
		slog.Any("hosts", p.Hosts), slog.Any("sources", p.Sources), slog.Any("origins", p.Origins), slog.Bool("page", p.Page), slog.Any("limits_off", p.LimitsOff),
		slog.String("auth", p.Auth), slog.String("auth_detail", p.AuthDetail), slog.String("auth_cache", p.AuthCache), slog.String("sanitising", p.Sanitising), slog.String("secrets", p.Secrets), slog.String("audit", p.Audit),
		slog.Bool("policy", p.Policy), slog.Bool("as_caller", p.AsCaller), slog.Any("toolsets", p.Toolsets), slog.Int("tools", p.Tools), slog.Int("write_tools", p.WriteTools),
		slog.Any("write_patterns", p.WritePatterns), slog.Bool("shared_state", p.SharedState), slog.String("store", p.Store),
		slog.Bool("stable_keys", p.StableKeys), slog.Any("warnings", p.Warnings),
	)
}

// Format prints no more than the type: a server holds secrets.
func (s *Server) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "zscalermcp.Server") }

// LogValue is the posture: a server holds secrets.
func (s *Server) LogValue() slog.Value { return s.Posture().LogValue() }
