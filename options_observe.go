package zscalermcp

import (
	"errors"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// WithToolCallLog adds to the record of each tool call, in the log of [WithLogger], the arguments with secrets masked, the rows and bytes of the answer, and the
// request ids of Zscaler's gateway. Arguments may name people and places: keep such a log as you would the data.
func WithToolCallLog() Option {
	return func(c *config) error {
		c.logCalls = true
		return nil
	}
}

// WithTracerProvider has every MCP request told as a span, by OpenTelemetry's semantic conventions for MCP. A span of the caller's, which a
// client names in _meta.traceparent, is its parent, unless the host has begun one for the HTTP request. Requests to Zscaler carry the
// traceparent, and never the caller's tracestate. Spans hold no arguments, answers or callers. The caller's traceparent says whether it is sampled: a sampler
// that is not to obey callers must decide for remote parents itself.
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(c *config) error {
		if isNil(p) {
			return errors.New("WithTracerProvider: the provider is nil")
		}
		c.traces = p
		return nil
	}
}

// WithMeterProvider has every MCP request measured as mcp.server.operation.duration, in seconds, by OpenTelemetry's semantic conventions for MCP.
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(c *config) error {
		if isNil(p) {
			return errors.New("WithMeterProvider: the provider is nil")
		}
		c.metrics = p
		return nil
	}
}
