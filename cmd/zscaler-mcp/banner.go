package main

import (
	"context"
	"io"
	"log/slog"

	"github.com/org/zscalermcp"
)

// bannerHandler is a log for people: what says that the server serves is followed by the posture as a banner, in place of a group that nobody can read. The
// banner stands between two lines of the log, since the writer takes each Write as a whole.
type bannerHandler struct {
	slog.Handler
	out io.Writer // the one of the Handler
}

// Handle writes the record, and the banner of a posture in it.
func (h bannerHandler) Handle(ctx context.Context, r slog.Record) error {
	banner := ""
	rest := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if posture, ok := a.Value.Any().(zscalermcp.Posture); ok {
			banner = posture.Banner()
		} else {
			rest.AddAttrs(a)
		}
		return true
	})
	err := h.Handler.Handle(ctx, rest)
	if err == nil && banner != "" {
		_, err = io.WriteString(h.out, banner)
	}
	return err
}

// WithAttrs keeps the banner.
func (h bannerHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return bannerHandler{h.Handler.WithAttrs(attrs), h.out}
}

// WithGroup keeps the banner.
func (h bannerHandler) WithGroup(name string) slog.Handler {
	return bannerHandler{h.Handler.WithGroup(name), h.out}
}
