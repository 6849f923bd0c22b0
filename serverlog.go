package zscalermcp

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"slices"
	"time"

	"github.com/org/zscalermcp/internal/flood"
)

// serverLog takes what [net/http.Server] logs. Handshakes that fail and frames that are wrong cost a stranger nothing, who chooses a part of their text too: a
// flood of them is counted, not told, and each is cut.
type serverLog struct {
	logger *slog.Logger
	gauge  *flood.Gauge
}

func newServerLog(logger *slog.Logger) *log.Logger {
	const perSecond, atOnce = 1, 20
	return log.New(&serverLog{logger: logger, gauge: flood.NewGauge(perSecond, atOnce)}, "", 0)
}

// byStrangers is how the lines begin that strangers can cause, of TLS and of HTTP/2.
var byStrangers = []string{
	"http: TLS handshake error", "http2: server: error reading preface", "http2: server connection error", "http2: server closing client connection",
	"http2: received GOAWAY", "timeout waiting for SETTINGS frames",
}

func isByStrangers(text []byte) bool {
	return slices.ContainsFunc(byStrangers, func(begin string) bool { return bytes.HasPrefix(text, []byte(begin)) })
}

// Write implements [io.Writer] for a [log.Logger], which writes one message at a time.
func (l *serverLog) Write(line []byte) (int, error) {
	const longest = 512
	text := bytes.TrimSuffix(line, []byte("\n"))
	var more []any
	if isByStrangers(text) {
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
