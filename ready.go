package zscalermcp

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/address"
)

// A reload is what came of reading files again.
type reload struct {
	at  time.Time
	err error
}

// Readiness is what readiness probes from this machine and of authenticated callers are told. Nobody is asked for it.
type readiness struct {
	Status      string     `json:"status"` // "ok" or "draining"
	Version     string     `json:"version"`
	Uptime      int64      `json:"uptime_seconds"`
	Sessions    int        `json:"sessions"` // open ones of clients older than protocol 2026-07-28
	Streams     int        `json:"streams"`
	Calls       int        `json:"calls"`
	Certificate *time.Time `json:"certificate_expires,omitempty"`
	Reloaded    *time.Time `json:"reloaded,omitempty"`
	ReloadError bool       `json:"reload_failed,omitempty"` // what failed is in the log
}

// ready answers readiness probes: 200, or 503 while draining. More is told to who is on this machine or authenticates.
func (s *Server) ready() http.Handler {
	plain := s.endpoint.Ready()
	details := http.HandlerFunc(s.details)
	known := s.endpoint.Known(details)
	return s.endpoint.Bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			plain.ServeHTTP(w, r)
		case s.isLocal(r):
			details.ServeHTTP(w, r)
		case s.cfg.auth != nil && auth.BearsCredential(r.Header):
			known.ServeHTTP(w, r)
		default:
			plain.ServeHTTP(w, r)
		}
	}))
}

func (s *Server) details(w http.ResponseWriter, _ *http.Request) {
	load := s.endpoint.Load()
	told := readiness{
		Status: "ok", Version: Version(), Uptime: int64(time.Since(s.began) / time.Second),
		Sessions: load.Sessions, Streams: load.Streams, Calls: load.Calls,
	}
	status := http.StatusOK
	if load.Draining {
		told.Status, status = "draining", http.StatusServiceUnavailable
	}
	if s.files != nil {
		expires := s.files.Info().NotAfter
		told.Certificate = &expires
	}
	if last := s.reloaded.Load(); last != nil {
		told.Reloaded, told.ReloadError = &last.at, last.err != nil
	}
	body, err := json.Marshal(told)
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a prober that is gone needs no answer
}

// isLocal reports whether a request was made on this machine. What a proxy hands on was made elsewhere, and some proxies do not say so: where there is one, or
// must be, nothing is local.
func (s *Server) isLocal(r *http.Request) bool {
	proxied := s.public.Scheme == "https" && r.TLS == nil && !address.IsLoopback(s.public)
	if proxied || len(s.cfg.trustedProxies().Prefixes) > 0 || r.ProtoMajor == 1 && r.ProtoMinor == 0 {
		return false
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via", "Cf-Connecting-Ip", "True-Client-Ip"} {
		if len(r.Header[name]) > 0 {
			return false
		}
	}
	return address.IsLoopback(&url.URL{Host: r.Host}) && auth.ClientAddr(r, auth.Proxies{}).IsLoopback()
}
