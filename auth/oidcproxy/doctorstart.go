package oidcproxy

import (
	"slices"
	"time"
)

// doctorPauses are waited before the doctor is asked again: a proxy in front is often started after the server.
var doctorPauses = []time.Duration{5 * time.Second, 30 * time.Second}

// DoctorInBackground asks [Provider.Doctor] once, in the background, and logs what is a warning or worse, or that nothing is. Call it when the server
// listens; further calls do nothing. A public address that does not answer yet is asked again after 5 and 30 seconds. [Provider.Close] ends it.
func (p *Provider) DoctorInBackground() {
	if p.visited.Swap(true) || !p.begin() {
		return
	}
	go func() {
		defer p.running.Done()
		report := p.Doctor(p.life)
		for _, wait := range doctorPauses {
			if !report.early() || !pause(p.life, wait) {
				break
			}
			report = p.Doctor(p.life)
		}
		if p.life.Err() == nil {
			report.Log(p.life, p.logger)
		}
	}()
}

// early reports whether the public address seems not to be up yet.
func (r Report) early() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return slices.Contains([]string{"dns.failed", "connect.refused", "connect.timeout", "connect.broken", "connect.failed", "proxy.no_server"}, f.Code)
	})
}
