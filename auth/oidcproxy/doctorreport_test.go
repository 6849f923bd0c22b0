package oidcproxy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// Keys and a store that do not last are notes. Random keys are compared with those of the public address only where this process is meant to be behind it.
func TestDoctorOfWhatDoesNotLast(t *testing.T) {
	var cfg oidcproxy.Config
	s := newSite(t, "/mcp", func(c *oidcproxy.Config) { c.Keys, c.Store = nil, nil; cfg = *c })
	wantCodes(t, s.p.Doctor(t.Context()), oidcproxy.SeverityNote, "state.memory", "state.random_keys")
	other := func(change func(*oidcproxy.Config)) *oidcproxy.Provider {
		c := cfg
		change(&c)
		p, err := oidcproxy.New(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		return p
	}
	elsewhere := other(func(*oidcproxy.Config) {})
	wantCodes(t, elsewhere.Doctor(t.Context()), oidcproxy.SeverityNote, "keys.unknown", "state.memory", "state.random_keys")
	elsewhere.Routes()
	wantCodes(t, elsewhere.Doctor(t.Context()), oidcproxy.SeverityWarning, "keys.differ")
	keyed := other(func(c *oidcproxy.Config) { c.Keys, _ = store.NewKeyring(store.GenerateKey()) })
	wantCodes(t, keyed.Doctor(t.Context()), oidcproxy.SeverityWarning, "keys.differ")
}

// R149: a report is text, JSON and a log value; what the doctor has sent and seen is in none of them, and neither in the log nor in the events.
func TestR149DoctorTellsNoSecret(t *testing.T) {
	s := newSite(t, "/mcp", nil)
	var sent []string
	s.behind(s.pass(func(r *http.Request) {
		if _, credential, found := strings.Cut(r.Header.Get("Authorization"), " "); found {
			s.mu.Lock()
			sent = append(sent, credential)
			s.mu.Unlock()
		}
	}, func(r *http.Response) { r.Header.Add("Access-Control-Allow-Origin", "*") }))
	report := s.p.Doctor(t.Context())
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	report.Log(t.Context(), logger)
	lines := strings.Count(log.String(), "\n")
	logger.Info("all", "report", report)
	asJSON, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	outputs := map[string]string{"text": report.String(), "JSON": string(asJSON), "log": log.String(), "server's log": s.logged(), "format": fmt.Sprintf("%v %+v %#v", report, report, report)}
	for name, output := range outputs {
		for _, secret := range append(sent, upSecret, "code_challenge", "state=", "nonce=") {
			if strings.Contains(output, secret) {
				t.Errorf("%s has %q", name, secret)
			}
		}
		if !strings.Contains(output, "cors.doubled") && name != "server's log" {
			t.Errorf("%s lacks the finding: %s", name, output)
		}
	}
	var again oidcproxy.Report
	if err := json.Unmarshal(asJSON, &again); err != nil || cmp.Diff(report, again) != "" || report.Worst() != oidcproxy.SeverityError {
		t.Errorf("%v %s", err, cmp.Diff(report, again))
	}
	if len(sent) != 2 || lines != report.Count(oidcproxy.SeverityError) || !strings.Contains(report.String(), ": 1 error\n") {
		t.Errorf("%d credentials sent, %d lines: %s", len(sent), lines, report)
	}
}

// In the background the doctor comes once, waits for a proxy that is not up yet, and says that all is well.
func TestDoctorInBackground(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var up atomic.Bool
		var asked atomic.Int64
		var rg *rig
		rg = newRig(t, func(c *oidcproxy.Config) {
			through := c.HTTPClient.Transport
			c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				switch {
				case r.URL.Host != "mcp.example.com":
					return through.RoundTrip(r)
				case !up.Load() || r.URL.Scheme == "http":
					asked.Add(1)
					return nil, syscall.ECONNREFUSED
				}
				w := httptest.NewRecorder()
				r.RequestURI = r.URL.RequestURI()
				rg.handler.ServeHTTP(w, r)
				return w.Result(), nil
			})}
		})
		rg.p.DoctorInBackground()
		rg.p.DoctorInBackground()
		sleep(time.Second)
		if asked.Load() != 1 || strings.Contains(rg.logged(), "doctor: ") {
			t.Errorf("%d requests: %s", asked.Load(), rg.logged())
		}
		up.Store(true)
		sleep(10 * time.Second)
		if !strings.Contains(rg.logged(), "level=INFO msg=\"doctor: the public addresses") || strings.Contains(rg.logged(), "connect.refused") {
			t.Errorf("%s", rg.logged())
		}
		before := rg.logged()
		rg.p.DoctorInBackground()
		sleep(hour)
		if after := rg.logged(); after != before {
			t.Errorf("once more: %s", strings.TrimPrefix(after, before))
		}
		if err := rg.p.Close(); err != nil {
			t.Error(err)
		}
	})
}

// What stays wrong is logged after the last try; Close ends the wait, and after it nobody comes.
func TestDoctorInBackgroundEnds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		asked := 0
		refusing := func(c *oidcproxy.Config) {
			through := c.HTTPClient.Transport
			c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.URL.Host == "mcp.example.com" {
					asked++
					return nil, syscall.ECONNREFUSED
				}
				return through.RoundTrip(r)
			})}
		}
		rg := newRig(t, refusing)
		rg.p.DoctorInBackground()
		sleep(time.Minute)
		if !strings.Contains(rg.logged(), "level=ERROR") || !strings.Contains(rg.logged(), "code=connect.refused") || asked != 3 {
			t.Errorf("%d requests: %s", asked, rg.logged())
		}
		for _, late := range []bool{false, true} {
			rg, asked = newRig(t, refusing), 0
			if !late {
				rg.p.DoctorInBackground()
				sleep(2 * time.Second)
			}
			began := time.Now()
			if err := rg.p.Close(); err != nil || time.Since(began) != 0 {
				t.Errorf("Close: %v after %s", err, time.Since(began))
			}
			rg.p.DoctorInBackground()
			sleep(hour)
			if strings.Contains(rg.logged(), "doctor: ") || late && asked != 0 {
				t.Errorf("after Close: %d requests, %s", asked, rg.logged())
			}
		}
	})
}
