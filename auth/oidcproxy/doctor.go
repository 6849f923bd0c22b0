package oidcproxy

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Bounds of a visit of the doctor.
const (
	doctorTime    = 30 * time.Second // all of it
	doctorRequest = 5 * time.Second  // one request
	doctorBody    = 64 << 10         // of an answer, in bytes
	doctorAtOnce  = 4                // requests
)

// Doctor asks the provider's own public addresses as a client does (name, proxy, TLS and all), and the identity provider as our application, and says what a
// proxy, path, slash, header, CORS rule, clock or registration got wrong, and what to change. It changes nothing: no client is registered and no code is
// redeemed, but it makes one request with a bad token and one with an unknown client, which the log of the server has, and it asks the identity provider to
// sign nobody in (prompt=none) and for tokens for a code that is made up.
//
// It makes a few requests at once through Config.HTTPClient, each within 5 seconds, and all within 30 and ctx; redirects are not followed. The server that
// answers at the public address may be this process, a replica, or, from a command line, another process with the same configuration.
func (p *Provider) Doctor(ctx context.Context) Report {
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	defer context.AfterFunc(p.life, cancel)() // Close ends it
	d := &doctor{p: p, slots: make(chan struct{}, doctorAtOnce), local: map[string]http.Handler{}}
	for _, route := range p.routes() {
		d.local[route.Pattern] = route.Handler
	}
	findings := d.all(ctx, d.public, d.provider)
	findings = slices.Concat(findings, d.clocks(), d.state())
	return Report{Resource: p.resource, Issuer: p.issuer, Findings: arranged(findings)}
}

// A doctor is one visit.
type doctor struct {
	p     *Provider
	slots chan struct{}           // a place for each request at once
	local map[string]http.Handler // by path: what answers here

	mu                  sync.Mutex
	here, identity      time.Duration // how far the clock of the answers is ahead of ours
	seesHere, seesThere bool          // whether there were such answers
}

// A check looks at one thing.
type check func(ctx context.Context) []Finding

// all makes checks at once, and returns what they find in their order.
func (d *doctor) all(ctx context.Context, checks ...check) []Finding {
	found := make([][]Finding, len(checks))
	var running sync.WaitGroup
	for i, c := range checks {
		running.Go(func() { found[i] = d.safely(ctx, c) })
	}
	running.Wait()
	return slices.Concat(found...)
}

// safely makes a finding of a panic, in the HTTP client or the secret source of the host for example.
func (d *doctor) safely(ctx context.Context, c check) (findings []Finding) {
	defer func() {
		if v := recover(); v != nil {
			d.p.logger.ErrorContext(ctx, "panic in the doctor", "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			findings = []Finding{{
				Code: "check.failed", Severity: SeverityWarning, Text: "A check ended in an internal error; the log has where.",
				Advice: "Tell the makers of this module, or of the HTTP client that it was given.",
			}}
		}
	}()
	return c(ctx)
}

// public looks at everything that clients ask of this server. What cannot be reached is looked at once.
func (d *doctor) public(ctx context.Context) []Finding {
	first := d.ask(ctx, d.toEndpoint(d.p.resource, ""))
	if first.err != nil {
		return []Finding{d.unreached(first)}
	}
	checks := []check{
		func(ctx context.Context) []Finding { return d.endpoint(ctx, first) }, d.badToken, d.slash(first), d.certificate(first), d.plain, d.tokenEndpoint, d.page,
	}
	findings := d.all(ctx, append(checks, d.documents()...)...)
	for _, f := range d.all(ctx, d.preflights()...) {
		if wrong := slices.ContainsFunc(findings, func(g Finding) bool { return g.URL == f.URL && g.Severity == SeverityError }); !wrong {
			findings = append(findings, f) // else it would be the same fault in other words
		}
	}
	return findings
}

// state tells what of this provider does not outlive a restart.
func (d *doctor) state() []Finding {
	var findings []Finding
	if d.p.cfg.Keys == nil {
		findings = append(findings, Finding{
			Code: "state.random_keys", Severity: SeverityNote, Text: "The master keys are random: a restart signs everybody out and ends all client registrations.",
			Advice: "Give ZSCALER_MCP_MASTER_KEYS (in code Config.Keys).",
		})
	}
	if d.p.ownStore {
		findings = append(findings, Finding{
			Code: "state.memory", Severity: SeverityNote, Text: "Grants are in memory: a restart signs everybody out, and there can be no second replica.",
			Advice: "Give one that lasts and is shared: ZSCALER_MCP_STORE_URL, in code Config.Store.",
		})
	}
	return findings
}
