package zscalermcp

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"time"

	"github.com/org/zscalermcp/internal/flood"
)

// serverLog takes what [net/http.Server] logs. Handshakes that fail cost a stranger nothing, who chooses a part of their text too: a flood of them is counted, not
// told, and each is cut.
type serverLog struct {
	logger *slog.Logger
	gauge  *flood.Gauge
}

func newServerLog(logger *slog.Logger) *log.Logger {
	const perSecond, atOnce = 1, 20
	return log.New(&serverLog{logger: logger, gauge: flood.NewGauge(perSecond, atOnce)}, "", 0)
}

// Write implements [io.Writer] for a [log.Logger], which writes one message at a time.
func (l *serverLog) Write(line []byte) (int, error) {
	const longest = 512
	text := bytes.TrimSuffix(line, []byte("\n"))
	var more []any
	if bytes.HasPrefix(text, []byte("http: TLS handshake error")) {
		suppressed, ok := l.gauge.Pass(time.Now())
		if !ok {
			return len(line), nil
		}
		if suppressed > 0 {
			more = append(more, "suppressed", suppressed)
		}
		text = text[:min(len(text), longest)]
	}
	l.logger.WarnContext(context.Background(), string(text), more...)
	return len(line), nil
}
