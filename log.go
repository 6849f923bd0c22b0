package zscalermcp

import (
	"context"
	"log/slog"
)

// quietHandler passes on warnings and errors only. The SDK logs several lines for each request below that.
type quietHandler struct{ slog.Handler }

// Enabled reports whether level is a warning or worse that the log takes.
func (h quietHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the handler quiet.
func (h quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quietHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the handler quiet.
func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.Handler.WithGroup(name)}
}
