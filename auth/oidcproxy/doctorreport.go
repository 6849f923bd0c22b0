package oidcproxy

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// A Severity says how bad a [Finding] is.
type Severity string

// Severities, from the best to the worst.
const (
	SeverityOK      Severity = "ok"      // it was looked at, and is as it should be
	SeverityNote    Severity = "note"    // good to know
	SeverityWarning Severity = "warning" // it works and has a price, or it could not be looked at
	SeverityError   Severity = "error"   // some clients, or all, cannot connect
)

var severities = []Severity{SeverityOK, SeverityNote, SeverityWarning, SeverityError}

// AtLeast reports whether s is as bad as other, or worse.
func (s Severity) AtLeast(other Severity) bool {
	return slices.Index(severities, s) >= slices.Index(severities, other)
}

// level is that of a log line.
func (s Severity) level() slog.Level {
	switch s {
	case SeverityError:
		return slog.LevelError
	case SeverityWarning:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// A Finding is one thing that [Provider.Doctor] has seen. Its texts are fixed but for numbers and addresses of the configuration: they repeat nothing that
// others have answered.
type Finding struct {
	Code     string   `json:"code"` // stable, such as cors.doubled
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`             // what is wrong, and whom it hurts
	Advice   string   `json:"advice,omitempty"` // what to do
	URL      string   `json:"url,omitempty"`    // that was asked, without its query
	Also     []string `json:"also,omitempty"`   // further URLs that answer in the same way
}

// LogValue groups the members.
func (f Finding) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("code", f.Code), slog.String("severity", string(f.Severity)), slog.String("text", f.Text)}
	if f.Advice != "" {
		attrs = append(attrs, slog.String("advice", f.Advice))
	}
	if f.URL != "" {
		attrs = append(attrs, slog.String("url", f.URL))
	}
	if len(f.Also) > 0 {
		attrs = append(attrs, slog.Int("more_urls", len(f.Also)))
	}
	return slog.GroupValue(attrs...)
}

// A Report is what [Provider.Doctor] has found, the worst first. It holds no secret.
type Report struct {
	Resource string    `json:"resource"`
	Issuer   string    `json:"issuer"`
	Findings []Finding `json:"findings"`
}

// Worst is the severity of the worst finding.
func (r Report) Worst() Severity {
	worst := SeverityOK
	for _, f := range r.Findings {
		if f.Severity.AtLeast(worst) {
			worst = f.Severity
		}
	}
	return worst
}

// Count is how many findings have this severity.
func (r Report) Count(s Severity) int {
	count := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			count++
		}
	}
	return count
}

// String is the report for people.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, authorization server %s: %s\n", r.Resource, r.Issuer, r.summary())
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\n%-8s %s\n", f.Severity, f.Code)
		if f.URL != "" {
			fmt.Fprintf(&b, "         %s\n", strings.Join(append([]string{f.URL}, f.Also...), "\n         "))
		}
		fmt.Fprintf(&b, "         %s\n", f.Text)
		if f.Advice != "" {
			fmt.Fprintf(&b, "         To do: %s\n", f.Advice)
		}
	}
	return b.String()
}

// summary counts what is not as it should be.
func (r Report) summary() string {
	var parts []string
	for _, s := range []Severity{SeverityError, SeverityWarning, SeverityNote} {
		switch count := r.Count(s); count {
		case 0:
		case 1:
			parts = append(parts, "1 "+string(s))
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", count, s))
		}
	}
	if len(parts) == 0 {
		return "all is well"
	}
	return strings.Join(parts, ", ")
}

// LogValue groups the report: the numbers, and each finding that is not ok by its code.
func (r Report) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("resource", r.Resource), slog.String("issuer", r.Issuer), slog.String("worst", string(r.Worst()))}
	for _, f := range r.Findings {
		if f.Severity != SeverityOK {
			attrs = append(attrs, slog.Any(f.Code, f))
		}
	}
	return slog.GroupValue(attrs...)
}

// Log writes a line for each finding that is a warning or worse, or one that says that there is none.
func (r Report) Log(ctx context.Context, logger *slog.Logger) {
	for _, f := range r.Findings {
		if f.Severity.AtLeast(SeverityWarning) {
			logger.Log(ctx, f.Severity.level(), "doctor: "+f.Text, "code", f.Code, "url", f.URL, "more_urls", len(f.Also), "advice", f.Advice)
		}
	}
	if !r.Worst().AtLeast(SeverityWarning) {
		logger.InfoContext(ctx, "doctor: the public addresses and the identity provider answer as they should", "resource", r.Resource, "notes", r.Count(SeverityNote))
	}
}

// arranged puts what is said of several URLs into one finding, and the worst first.
func arranged(findings []Finding) []Finding {
	var all []Finding
	for _, f := range findings {
		same := slices.IndexFunc(all, func(g Finding) bool {
			return g.Code == f.Code && g.Severity == f.Severity && g.Text == f.Text
		})
		switch {
		case same < 0:
			all = append(all, f)
		case all[same].URL != f.URL && !slices.Contains(all[same].Also, f.URL):
			all[same].Also = append(all[same].Also, f.URL)
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return slices.Index(severities, b.Severity) - slices.Index(severities, a.Severity)
	})
	return all
}
